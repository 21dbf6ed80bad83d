//! Views and materialised views, and their columns.

use crate::draw::Draw;
use crate::expression::{Form, Use};
use crate::kinds::{Granted, Kind, Part, TABLE_PRIVILEGES, redraw};
use crate::schema::{Key, Schema};

/// How a view is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Rows as they are.
    Plain,
    /// Rows once.
    Distinct,
    /// With another relation beside it.
    Joined(Key),
    /// Out of a subquery with a name.
    Common,
    /// The rows twice.
    Union,
}

/// A view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct View {
    /// Whether it has rows of its own.
    pub is_materialized: bool,
    /// Whether it has data, when it is materialised.
    pub has_data: bool,
    /// Where rows come from.
    pub source: Key,
    /// How it is written.
    pub shape: Shape,
    /// Which rows.
    pub filter: Option<Use>,
    /// `security_barrier`, `security_invoker`.
    pub options: (bool, bool),
    /// Local or cascaded.
    pub check: Option<bool>,
    /// A function that one more column calls.
    pub function: Option<Key>,
}

impl View {
    /// A view over one relation.
    pub fn draw(draw: &mut Draw, schema: &Schema, source: Key) -> Self {
        let others = schema.keys(|kind| matches!(kind, Kind::Table(_) | Kind::View(_)));
        let columns = schema.columns(source);
        let functions =
            schema.keys(|kind| matches!(kind, Kind::Routine(routine) if routine.is_maker()));
        let shape = match draw.below(10) {
            0 => Shape::Distinct,
            1 | 2 => draw.pick(&others).map_or(Shape::Plain, Shape::Joined),
            3 => Shape::Common,
            4 => Shape::Union,
            _ => Shape::Plain,
        };
        Self {
            is_materialized: draw.chance(25),
            has_data: draw.chance(80),
            source,
            shape,
            filter: Use::draw(draw, schema, &columns, Form::Predicate).filter(|_| draw.chance(40)),
            options: (draw.chance(12), schema.major >= 15 && draw.chance(15)),
            check: draw
                .maybe(10, |draw| draw.chance(50))
                .filter(|_| shape == Shape::Plain),
            function: draw.pick(&functions).filter(|_| draw.chance(15)),
        }
    }

    fn query(&self, schema: &Schema, key: Key) -> String {
        let mut values: Vec<String> = schema
            .own_columns(key)
            .into_iter()
            .filter_map(|column| match schema.kind(column) {
                Some(Kind::ViewColumn(own)) => Some(format!(
                    "{} AS {}",
                    own.value.sql(schema, "a"),
                    schema.name(column)
                )),
                _ => None,
            })
            .collect();
        if let Some(function) = self.function {
            values.push(format!("{}() AS computed", schema.qualified(function)));
        }
        let distinct = if self.shape == Shape::Distinct {
            "DISTINCT "
        } else {
            ""
        };
        let source = schema.qualified(self.source);
        let mut query = match self.shape {
            Shape::Common => format!(
                "WITH some AS (SELECT * FROM {source}) SELECT {} FROM some a",
                values.join(", ")
            ),
            Shape::Joined(other) => format!(
                "SELECT {} FROM {source} a CROSS JOIN (SELECT count(*) AS n FROM {}) b",
                values.join(", "),
                schema.qualified(other)
            ),
            Shape::Plain | Shape::Distinct | Shape::Union => {
                format!("SELECT {distinct}{} FROM {source} a", values.join(", "))
            }
        };
        let bare = query.clone();
        if let Some(filter) = &self.filter {
            query += &format!(" WHERE {}", filter.sql(schema, "a"));
        }
        if self.shape == Shape::Union {
            query = format!("{query} UNION ALL {bare}");
        }
        query
    }
}

impl Part for View {
    fn needs(&self) -> Vec<Key> {
        let mut needs = vec![self.source];
        if let Shape::Joined(other) = self.shape {
            needs.push(other);
        }
        needs.extend(self.filter.iter().flat_map(Use::needs));
        needs.extend(self.function);
        needs
    }

    fn let_go(&mut self, gone: Key) -> bool {
        if self.shape == Shape::Joined(gone) {
            self.shape = Shape::Plain;
        }
        if self
            .filter
            .as_mut()
            .is_some_and(|filter| !filter.let_go(gone))
        {
            self.filter = None;
        }
        if self.function == Some(gone) {
            self.function = None;
        }
        self.source != gone
    }

    fn create(&self, schema: &Schema, key: Key) -> Vec<String> {
        let name = schema.qualified(key);
        let query = self.query(schema, key);
        if self.is_materialized {
            let no_data = if self.has_data { "" } else { " WITH NO DATA" };
            return vec![format!(
                "CREATE MATERIALIZED VIEW {name} AS {query}{no_data}"
            )];
        }
        let mut options = Vec::new();
        if self.options.0 {
            options.push("security_barrier = true");
        }
        if self.options.1 {
            options.push("security_invoker = true");
        }
        let options = if options.is_empty() {
            String::new()
        } else {
            format!(" WITH ({})", options.join(", "))
        };
        let check = match self.check {
            Some(true) if self.shape == Shape::Plain && self.function.is_none() => {
                " WITH LOCAL CHECK OPTION"
            }
            Some(false) if self.shape == Shape::Plain && self.function.is_none() => {
                " WITH CASCADED CHECK OPTION"
            }
            _ => "",
        };
        vec![format!("CREATE VIEW {name}{options} AS {query}{check}")]
    }

    fn target(&self, schema: &Schema, key: Key) -> String {
        let materialized = if self.is_materialized {
            "MATERIALIZED "
        } else {
            ""
        };
        format!("{materialized}VIEW {}", schema.qualified(key))
    }

    fn privileges(&self, schema: &Schema, key: Key) -> Option<Granted> {
        Some((
            format!("TABLE {}", schema.qualified(key)),
            None,
            TABLE_PRIVILEGES,
        ))
    }

    fn is_owned(&self) -> bool {
        true
    }

    fn change(&mut self, draw: &mut Draw, schema: &Schema, key: Key) {
        let columns = schema.columns(self.source);
        match draw.below(8) {
            0 => self.options.0 = !self.options.0,
            1 => self.options.1 = schema.major >= 15 && !self.options.1,
            2 => redraw(&mut self.check, || draw.maybe(60, |draw| draw.chance(50))),
            3 => self.is_materialized = !self.is_materialized,
            4 => self.has_data = !self.has_data,
            5 => {
                let earlier: Vec<Key> =
                    schema.keys(|kind| matches!(kind, Kind::Table(_) | Kind::View(_)));
                let earlier: Vec<Key> = earlier.into_iter().filter(|other| *other < key).collect();
                let shapes = [Shape::Plain, Shape::Distinct, Shape::Common, Shape::Union];
                self.shape = draw
                    .pick(&earlier)
                    .filter(|_| draw.chance(30))
                    .map_or_else(|| draw.one(&shapes), Shape::Joined);
            }
            _ => redraw(&mut self.filter, || {
                Use::draw(draw, schema, &columns, Form::Predicate).filter(|_| draw.chance(70))
            }),
        }
    }
}

/// A column of a view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ViewColumn {
    /// The view.
    pub relation: Key,
    /// What stands in it.
    pub value: Use,
    /// A default of its own, by number.
    pub default: Option<usize>,
}

impl ViewColumn {
    /// A column over one of the columns of the view's source.
    pub fn draw(draw: &mut Draw, schema: &Schema, relation: Key) -> Option<Self> {
        let Some(Kind::View(view)) = schema.kind(relation) else {
            return None;
        };
        let columns = schema.columns(view.source);
        Some(Self {
            relation,
            value: Use::draw_any(draw, schema, &columns)?,
            default: draw.maybe(6, |draw| draw.below(4)),
        })
    }
}

impl Part for ViewColumn {
    fn needs(&self) -> Vec<Key> {
        std::iter::once(self.relation)
            .chain(self.value.needs())
            .collect()
    }

    fn let_go(&mut self, gone: Key) -> bool {
        self.relation != gone && self.value.let_go(gone)
    }

    fn create(&self, schema: &Schema, key: Key) -> Vec<String> {
        let is_plain =
            matches!(schema.kind(self.relation), Some(Kind::View(view)) if !view.is_materialized);
        let default = self.default.filter(|_| is_plain);
        let set = |value| {
            let value = self.value.type_of(schema).value(schema, value);
            format!(
                "ALTER VIEW {} ALTER COLUMN {} SET DEFAULT {value}",
                schema.qualified(self.relation),
                schema.name(key)
            )
        };
        default.map(set).into_iter().collect()
    }

    fn target(&self, schema: &Schema, key: Key) -> String {
        format!(
            "COLUMN {}.{}",
            schema.qualified(self.relation),
            schema.name(key)
        )
    }

    fn privileges(&self, schema: &Schema, key: Key) -> Option<Granted> {
        Some((
            format!("TABLE {}", schema.qualified(self.relation)),
            Some(schema.name(key)),
            &["SELECT", "UPDATE"],
        ))
    }

    fn is_owned(&self) -> bool {
        false
    }

    fn change(&mut self, draw: &mut Draw, schema: &Schema, _: Key) {
        if draw.chance(30) {
            redraw(&mut self.default, || draw.maybe(70, |draw| draw.below(4)));
        } else if let Some(other) = Self::draw(draw, schema, self.relation) {
            self.value = other.value;
        }
    }
}
