//! Constraints of tables, and foreign keys.

use crate::draw::Draw;
use crate::expression::{Form, Use};
use crate::kinds::{Granted, Kind, Part, redraw};
use crate::schema::{Key, Schema};
use crate::types::Class;

/// What a constraint demands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Demand {
    /// A key, primary or not, and whether two NULLs are alike.
    Unique {
        /// The primary key.
        primary: bool,
        /// Its columns.
        columns: Vec<Key>,
        /// What is kept with it.
        include: Vec<Key>,
        /// `NULLS NOT DISTINCT`.
        nulls_alike: bool,
    },
    /// An expression is true; with the flag, of this table alone.
    Check(Use, bool),
    /// No two values overlap, or are equal.
    Exclude(Key),
    /// `NOT NULL` by a name, from 18 on.
    NotNull(Key),
}

/// A constraint other than a foreign key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Constraint {
    /// Its table.
    pub relation: Key,
    /// What it demands.
    pub demand: Demand,
    /// Deferrable, initially deferred.
    pub deferrable: Option<bool>,
    /// Not for the rows that were there before.
    pub not_valid: bool,
    /// The table is clustered by its index.
    pub clustered: bool,
}

impl Constraint {
    /// Any constraint of a table; a table has one primary key.
    pub fn draw(draw: &mut Draw, schema: &Schema, relation: Key) -> Option<Self> {
        let columns = schema.columns(relation);
        let Some(Kind::Table(table)) = schema.kind(relation) else {
            return None;
        };
        let ordered: Vec<Key> = columns
            .iter()
            .copied()
            .filter(|column| schema.type_of(*column).is_ordered(schema))
            .collect();
        let has_key = !schema
            .keys(|kind| matches!(kind, Kind::Constraint(own) if own.relation == relation && matches!(own.demand, Demand::Unique { primary: true, .. })))
            .is_empty();
        let ranges: Vec<Key> = columns
            .iter()
            .copied()
            .filter(|column| schema.type_of(*column).class(schema) == Class::Range)
            .collect();
        let demand = match draw.below(10) {
            _ if table.server.is_some() => {
                Demand::Check(Use::draw(draw, schema, &columns, Form::Predicate)?, false)
            }
            0 if schema.major >= 18 => Demand::NotNull(draw.pick(&columns)?),
            0 | 1 if !ranges.is_empty() && table.partitioned.is_none() => {
                Demand::Exclude(draw.pick(&ranges)?)
            }
            0..=4 => {
                let mut keys = draw.some(&ordered, 3);
                let count = keys.len();
                if let Some((_, key)) = table.partitioned
                    && !keys.contains(&key)
                {
                    keys.push(key);
                }
                let others: Vec<Key> = columns
                    .iter()
                    .copied()
                    .filter(|column| !keys.contains(column))
                    .collect();
                (count > 0).then_some(())?;
                // From 18 on its NOT NULL would have a name of its own; see docs/internals/oracle.md.
                let is_child =
                    schema.wide && schema.major >= 18 && table.parents().next().is_some();
                Demand::Unique {
                    primary: !has_key && draw.chance(70) && !is_child,
                    columns: keys,
                    include: if draw.chance(15) {
                        draw.some(&others, 2)
                    } else {
                        Vec::new()
                    },
                    nulls_alike: schema.major >= 15 && draw.chance(10),
                }
            }
            _ => Demand::Check(
                Use::draw(draw, schema, &columns, Form::Predicate)?,
                draw.chance(10) && table.partitioned.is_none(),
            ),
        };
        let may_wait = matches!(demand, Demand::Unique { .. } | Demand::Exclude(_));
        let is_check = matches!(demand, Demand::Check(..));
        Some(Self {
            relation,
            demand,
            deferrable: draw.maybe(15, |draw| draw.chance(50)).filter(|_| may_wait),
            not_valid: is_check && table.server.is_none() && draw.chance(8),
            clustered: may_wait && table.partitioned.is_none() && draw.chance(4),
        })
    }

    /// A constraint of one key column.
    pub fn primary(relation: Key, columns: Vec<Key>) -> Self {
        let demand = Demand::Unique {
            primary: true,
            columns,
            include: Vec::new(),
            nulls_alike: false,
        };
        Self {
            relation,
            demand,
            deferrable: None,
            not_valid: false,
            clustered: false,
        }
    }

    /// The columns of a key that can be referred to.
    pub(crate) fn key_columns(&self) -> Option<&[Key]> {
        match &self.demand {
            Demand::Unique { columns, .. } if self.deferrable.is_none() => Some(columns),
            _ => None,
        }
    }

    fn body(&self, schema: &Schema) -> String {
        let names = |columns: &[Key]| {
            columns
                .iter()
                .map(|column| schema.name(*column))
                .collect::<Vec<_>>()
                .join(", ")
        };
        match &self.demand {
            Demand::Unique {
                primary,
                columns,
                include,
                nulls_alike,
            } => {
                let alike = if *nulls_alike && !primary {
                    " NULLS NOT DISTINCT"
                } else {
                    ""
                };
                let kind = if *primary { "PRIMARY KEY" } else { "UNIQUE" };
                let include = if include.is_empty() {
                    String::new()
                } else {
                    format!(" INCLUDE ({})", names(include))
                };
                format!("{kind}{alike} ({}){include}", names(columns))
            }
            Demand::Check(expression, alone) => {
                let alone = if *alone { " NO INHERIT" } else { "" };
                format!("CHECK ({}){alone}", expression.sql(schema, ""))
            }
            Demand::Exclude(column) => {
                format!("EXCLUDE USING gist ({} WITH &&)", schema.name(*column))
            }
            Demand::NotNull(column) => format!("NOT NULL {}", schema.name(*column)),
        }
    }
}

impl Part for Constraint {
    fn needs(&self) -> Vec<Key> {
        let mut needs = vec![self.relation];
        match &self.demand {
            Demand::Unique {
                columns, include, ..
            } => needs.extend(columns.iter().chain(include)),
            Demand::Check(expression, _) => needs.extend(expression.needs()),
            Demand::Exclude(column) | Demand::NotNull(column) => needs.push(*column),
        }
        needs
    }

    fn let_go(&mut self, gone: Key) -> bool {
        if self.relation == gone {
            return false;
        }
        match &mut self.demand {
            Demand::Unique {
                columns, include, ..
            } => {
                include.retain(|column| *column != gone);
                columns.retain(|column| *column != gone);
                !columns.is_empty()
            }
            Demand::Check(expression, _) => expression.let_go(gone),
            Demand::Exclude(column) | Demand::NotNull(column) => *column != gone,
        }
    }

    fn create(&self, schema: &Schema, key: Key) -> Vec<String> {
        let table = schema.qualified(self.relation);
        let deferrable = match self.deferrable {
            None => "",
            Some(false) => " DEFERRABLE",
            Some(true) => " DEFERRABLE INITIALLY DEFERRED",
        };
        // Children made later are valid where their parent is not, which a plan for the parent cannot tell.
        let children = schema.keys(|kind| matches!(kind, Kind::Table(table) if table.parents().any(|parent| parent == self.relation)));
        let not_valid = if self.not_valid && children.is_empty() {
            " NOT VALID"
        } else {
            ""
        };
        let name = schema.name(key);
        let mut sql = vec![format!(
            "ALTER TABLE {table} ADD CONSTRAINT {name} {}{deferrable}{not_valid}",
            self.body(schema)
        )];
        if self.clustered {
            sql.push(format!("ALTER TABLE {table} CLUSTER ON {name}"));
        }
        sql
    }

    fn target(&self, schema: &Schema, key: Key) -> String {
        format!(
            "CONSTRAINT {} ON {}",
            schema.name(key),
            schema.qualified(self.relation)
        )
    }

    fn privileges(&self, _: &Schema, _: Key) -> Option<Granted> {
        None
    }

    fn is_owned(&self) -> bool {
        false
    }

    fn change(&mut self, draw: &mut Draw, schema: &Schema, _: Key) {
        match (&mut self.demand, draw.below(5)) {
            (Demand::Check(expression, _), 0..=2) => {
                redraw(&mut expression.variant, || draw.variant());
            }
            (Demand::Check(..), 3) => self.not_valid = !self.not_valid,
            (Demand::Unique { .. }, 0) => redraw(&mut self.deferrable, || {
                draw.maybe(70, |draw| draw.chance(50))
            }),
            (Demand::Unique { primary, .. }, 1) => *primary = false,
            (Demand::Unique { columns, .. }, 2) if columns.len() > 1 => columns.reverse(),
            (Demand::Unique { .. } | Demand::Exclude(_), 3) => self.clustered = !self.clustered,
            _ => {
                if let Some(other) = Self::draw(draw, schema, self.relation) {
                    *self = other;
                }
            }
        }
    }
}

const ACTIONS: [&str; 5] = [
    "NO ACTION",
    "RESTRICT",
    "CASCADE",
    "SET NULL",
    "SET DEFAULT",
];

/// A foreign key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ForeignKey {
    /// Its table.
    pub relation: Key,
    /// Its columns.
    pub columns: Vec<Key>,
    /// The key that it refers to.
    pub target: Key,
    /// What is done on update and on delete.
    pub actions: (usize, usize),
    /// Deferrable, initially deferred.
    pub deferrable: Option<bool>,
    /// `MATCH FULL`.
    pub full: bool,
    /// Not for the rows that were there before.
    pub not_valid: bool,
}

impl ForeignKey {
    /// A foreign key to some key with columns of the same types.
    pub fn draw(draw: &mut Draw, schema: &Schema, relation: Key) -> Option<Self> {
        let Some(Kind::Table(table)) = schema.kind(relation) else {
            return None;
        };
        if table.server.is_some() || table.is_unlogged {
            return None;
        }
        let targets = schema
            .keys(|kind| matches!(kind, Kind::Constraint(own) if own.key_columns().is_some()));
        let target = draw.pick(&targets)?;
        let Some(Kind::Constraint(own)) = schema.kind(target) else {
            return None;
        };
        let mine = schema.columns(relation);
        let mut columns: Vec<Key> = Vec::new();
        for wanted in own.key_columns()? {
            let fitting: Vec<Key> = mine
                .iter()
                .copied()
                .filter(|column| {
                    schema.type_of(*column) == schema.type_of(*wanted) && !columns.contains(column)
                })
                .collect();
            columns.push(draw.pick(&fitting)?);
        }
        Some(Self {
            relation,
            columns,
            target,
            actions: (draw.below(3), draw.below(ACTIONS.len())),
            deferrable: draw.maybe(20, |draw| draw.chance(50)),
            full: draw.chance(10),
            not_valid: table.partitioned.is_none() && draw.chance(8),
        })
    }
}

impl Part for ForeignKey {
    fn needs(&self) -> Vec<Key> {
        let mut needs = vec![self.relation, self.target];
        needs.extend(&self.columns);
        needs
    }

    fn let_go(&mut self, _: Key) -> bool {
        false
    }

    fn create(&self, schema: &Schema, key: Key) -> Vec<String> {
        let Some(Kind::Constraint(target)) = schema.kind(self.target) else {
            return Vec::new();
        };
        let names = |columns: &[Key]| {
            columns
                .iter()
                .map(|column| schema.name(*column))
                .collect::<Vec<_>>()
                .join(", ")
        };
        let full = if self.full { " MATCH FULL" } else { "" };
        let deferrable = match self.deferrable {
            None => "",
            Some(false) => " DEFERRABLE",
            Some(true) => " DEFERRABLE INITIALLY DEFERRED",
        };
        let not_valid = if self.not_valid { " NOT VALID" } else { "" };
        vec![format!(
            "ALTER TABLE {} ADD CONSTRAINT {} FOREIGN KEY ({}) REFERENCES {} ({}){full} ON UPDATE {} ON DELETE {}{deferrable}{not_valid}",
            schema.qualified(self.relation),
            schema.name(key),
            names(&self.columns),
            schema.qualified(target.relation),
            names(target.key_columns().unwrap_or_default()),
            ACTIONS[self.actions.0],
            ACTIONS[self.actions.1],
        )]
    }

    fn target(&self, schema: &Schema, key: Key) -> String {
        format!(
            "CONSTRAINT {} ON {}",
            schema.name(key),
            schema.qualified(self.relation)
        )
    }

    fn privileges(&self, _: &Schema, _: Key) -> Option<Granted> {
        None
    }

    fn is_owned(&self) -> bool {
        false
    }

    fn change(&mut self, draw: &mut Draw, schema: &Schema, _: Key) {
        match draw.below(5) {
            0 => redraw(&mut self.actions, || {
                (draw.below(3), draw.below(ACTIONS.len()))
            }),
            1 => redraw(&mut self.deferrable, || {
                draw.maybe(70, |draw| draw.chance(50))
            }),
            2 => self.not_valid = !self.not_valid,
            3 => self.full = !self.full,
            _ => {
                if let Some(other) = Self::draw(draw, schema, self.relation) {
                    *self = other;
                }
            }
        }
    }
}
