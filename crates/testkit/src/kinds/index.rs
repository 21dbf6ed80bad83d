//! Indexes and extended statistics.

use crate::draw::Draw;
use crate::expression::{Form, Use};
use crate::kinds::{Granted, Kind, Part, redraw};
use crate::schema::{Key, Schema};
use crate::types::Class;

const METHODS: [&str; 5] = ["btree", "hash", "gist", "gin", "brin"];

/// An index of a table or a materialised view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Index {
    /// Its relation.
    pub relation: Key,
    /// How it is built, by place.
    pub method: usize,
    /// Whether values stand in it once.
    pub unique: bool,
    /// What it holds, each with an order by variant.
    pub elements: Vec<(Use, u8)>,
    /// What is kept with it.
    pub include: Vec<Key>,
    /// Which rows.
    pub filter: Option<Use>,
    /// Fill factor.
    pub fill: Option<usize>,
    /// Statistics target of its first expression.
    pub statistics: Option<usize>,
    /// The table is clustered by it.
    pub clustered: bool,
    /// Rows are identified by it.
    pub identity: bool,
}

impl Index {
    /// Any index of a relation.
    pub fn draw(draw: &mut Draw, schema: &Schema, relation: Key) -> Option<Self> {
        let columns = schema.columns(relation);
        let of_class = |classes: &[Class]| -> Vec<Key> {
            columns
                .iter()
                .copied()
                .filter(|column| classes.contains(&schema.type_of(*column).class(schema)))
                .collect()
        };
        let ordered: Vec<Key> = columns
            .iter()
            .copied()
            .filter(|column| schema.type_of(*column).is_ordered(schema))
            .collect();
        let (method, fitting) = match draw.below(12) {
            0 => (1, of_class(&[Class::Number, Class::Text])),
            1 => (2, of_class(&[Class::Range])),
            2 => (3, of_class(&[Class::Json, Class::Array])),
            3 => (4, of_class(&[Class::Number, Class::Time])),
            _ => (0, ordered),
        };
        let most = if method == 0 { 3 } else { 1 };
        let mut elements = Vec::new();
        for column in draw.some(&fitting, most) {
            let form = if method == 0 && draw.chance(25) {
                draw.one(&[Form::Text, Form::Number, Form::Predicate])
            } else {
                Form::Same
            };
            elements.push((Use::draw(draw, schema, &[column], form)?, draw.variant()));
        }
        (!elements.is_empty()).then_some(())?;
        let partitioned = matches!(schema.kind(relation), Some(Kind::Table(table)) if table.partitioned.is_some());
        let plain = !elements
            .iter()
            .any(|(element, _)| element.form != Form::Same);
        Some(Self {
            relation,
            method,
            unique: method == 0 && !partitioned && plain && draw.chance(20),
            elements,
            include: if method == 0 && draw.chance(12) {
                draw.some(&columns, 2)
            } else {
                Vec::new()
            },
            filter: Use::draw(draw, schema, &columns, Form::Predicate).filter(|_| draw.chance(18)),
            fill: draw
                .maybe(10, |draw| draw.between(50, 99))
                .filter(|_| method < 2 && !partitioned),
            statistics: draw
                .maybe(10, |draw| draw.between(1, 900))
                .filter(|_| !plain),
            clustered: method == 0 && !partitioned && draw.chance(3),
            identity: false,
        })
    }

    fn order(variant: u8) -> &'static str {
        match variant {
            0 => " DESC",
            1 => " DESC NULLS LAST",
            2 => " NULLS FIRST",
            _ => "",
        }
    }

    fn element_texts(&self, schema: &Schema) -> Vec<String> {
        self.elements
            .iter()
            .map(|(element, variant)| {
                let order = if self.method == 0 {
                    Self::order(*variant)
                } else {
                    ""
                };
                let sql = element.sql(schema, "");
                if element.form == Form::Same {
                    let is_text = schema.type_of(element.column).class(schema) == Class::Text;
                    let pattern = if self.method == 0 && is_text && *variant == 5 {
                        " text_pattern_ops"
                    } else {
                        ""
                    };
                    format!("{sql}{pattern}{order}")
                } else {
                    format!("({sql}){order}")
                }
            })
            .collect()
    }

    fn has_filter(&self) -> bool {
        self.filter.is_some()
    }
}

impl Part for Index {
    fn needs(&self) -> Vec<Key> {
        let mut needs = vec![self.relation];
        needs.extend(
            self.elements
                .iter()
                .flat_map(|(element, _)| element.needs()),
        );
        needs.extend(&self.include);
        needs.extend(self.filter.iter().flat_map(Use::needs));
        needs
    }

    fn let_go(&mut self, gone: Key) -> bool {
        self.include.retain(|column| *column != gone);
        self.elements
            .retain_mut(|(element, _)| element.let_go(gone));
        if self
            .filter
            .as_mut()
            .is_some_and(|filter| !filter.let_go(gone))
        {
            self.filter = None;
        }
        self.relation != gone && !self.elements.is_empty()
    }

    fn create(&self, schema: &Schema, key: Key) -> Vec<String> {
        let elements = self.element_texts(schema);
        let include: Vec<String> = self
            .include
            .iter()
            .map(|column| schema.name(*column))
            .collect();
        let name = schema.name(key);
        let relation = schema.qualified(self.relation);
        let unique = if self.unique { "UNIQUE " } else { "" };
        let mut sql = format!(
            "CREATE {unique}INDEX {name} ON {relation} USING {} ({})",
            METHODS[self.method],
            elements.join(", ")
        );
        if !include.is_empty() {
            sql += &format!(" INCLUDE ({})", include.join(", "));
        }
        if let Some(fill) = self.fill {
            sql += &format!(" WITH (fillfactor = {fill})");
        }
        if let Some(filter) = &self.filter {
            sql += &format!(" WHERE {}", filter.sql(schema, ""));
        }
        let mut all = vec![sql];
        if let (Some(target), Some(place)) = (
            self.statistics,
            self.elements
                .iter()
                .position(|(element, _)| element.form != Form::Same),
        ) {
            all.push(format!(
                "ALTER INDEX {} ALTER COLUMN {} SET STATISTICS {target}",
                schema.qualified(key),
                place + 1
            ));
        }
        if self.clustered && !self.has_filter() {
            let materialized = matches!(schema.kind(self.relation), Some(Kind::View(_)));
            let word = if materialized {
                "MATERIALIZED VIEW"
            } else {
                "TABLE"
            };
            all.push(format!("ALTER {word} {relation} CLUSTER ON {name}"));
        }
        if self.identity && self.unique && !self.has_filter() {
            all.push(format!(
                "ALTER TABLE {relation} REPLICA IDENTITY USING INDEX {name}"
            ));
        }
        all
    }

    fn target(&self, schema: &Schema, key: Key) -> String {
        format!("INDEX {}", schema.qualified(key))
    }

    fn privileges(&self, _: &Schema, _: Key) -> Option<Granted> {
        None
    }

    fn is_owned(&self) -> bool {
        false
    }

    fn change(&mut self, draw: &mut Draw, schema: &Schema, _: Key) {
        match draw.below(7) {
            0 if self.method < 2 => redraw(&mut self.fill, || {
                draw.maybe(60, |draw| draw.between(50, 99))
            }),
            1 => redraw(&mut self.statistics, || {
                draw.maybe(70, |draw| draw.between(1, 900))
            }),
            2 if self.method == 0 => self.clustered = !self.clustered,
            3 if self.unique => self.identity = !self.identity,
            4 => self.elements.reverse(),
            _ => {
                if let Some(other) = Self::draw(draw, schema, self.relation) {
                    *self = other;
                }
            }
        }
    }
}

/// Extended statistics.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statistics {
    /// Their table.
    pub relation: Key,
    /// What they are about.
    pub elements: Vec<Use>,
    /// Which kinds, by variant.
    pub kinds: u8,
    /// How much is sampled.
    pub target: Option<usize>,
}

impl Statistics {
    /// Statistics over at least two expressions.
    pub fn draw(draw: &mut Draw, schema: &Schema, relation: Key) -> Option<Self> {
        let ordered: Vec<Key> = schema
            .columns(relation)
            .into_iter()
            .filter(|column| schema.type_of(*column).is_ordered(schema))
            .collect();
        let mut elements = Vec::new();
        for column in draw.some(&ordered, 3) {
            let form = if draw.chance(25) {
                Form::Text
            } else {
                Form::Same
            };
            elements.extend(Use::draw(draw, schema, &[column], form));
        }
        (elements.len() > 1).then_some(Self {
            relation,
            elements,
            kinds: draw.variant(),
            target: draw.maybe(20, |draw| draw.between(1, 900)),
        })
    }
}

impl Part for Statistics {
    fn needs(&self) -> Vec<Key> {
        let mut needs = vec![self.relation];
        needs.extend(self.elements.iter().flat_map(Use::needs));
        needs
    }

    fn let_go(&mut self, gone: Key) -> bool {
        self.elements.retain_mut(|element| element.let_go(gone));
        self.relation != gone && self.elements.len() > 1
    }

    fn create(&self, schema: &Schema, key: Key) -> Vec<String> {
        let kinds =
            ["", "(ndistinct) ", "(dependencies, mcv) ", "(mcv) "][usize::from(self.kinds % 4)];
        let elements: Vec<String> = self
            .elements
            .iter()
            .map(|element| match element.form {
                Form::Same => element.sql(schema, ""),
                _ => format!("({})", element.sql(schema, "")),
            })
            .collect();
        let name = schema.qualified(key);
        let mut sql = vec![format!(
            "CREATE STATISTICS {name} {kinds}ON {} FROM {}",
            elements.join(", "),
            schema.qualified(self.relation)
        )];
        if let Some(target) = self.target {
            sql.push(format!("ALTER STATISTICS {name} SET STATISTICS {target}"));
        }
        sql
    }

    fn target(&self, schema: &Schema, key: Key) -> String {
        format!("STATISTICS {}", schema.qualified(key))
    }

    fn privileges(&self, _: &Schema, _: Key) -> Option<Granted> {
        None
    }

    fn is_owned(&self) -> bool {
        true
    }

    fn change(&mut self, draw: &mut Draw, _: &Schema, _: Key) {
        if draw.chance(50) {
            redraw(&mut self.target, || {
                draw.maybe(70, |draw| draw.between(1, 900))
            });
        } else {
            self.kinds += 1;
        }
    }
}
