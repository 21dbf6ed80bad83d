//! Operators and casts.

use crate::draw::Draw;
use crate::kinds::{Granted, Kind, Part, redraw};
use crate::schema::{Key, Schema};
use crate::types::{Base, Type};

/// An operator that calls a predicate: before its one operand, or between two.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Operator {
    /// What it calls.
    pub function: Key,
    /// Whether the planner is told how many rows it lets through.
    pub estimated: bool,
}

impl Operator {
    /// An operator for some predicate.
    pub fn draw(draw: &mut Draw, schema: &Schema) -> Option<Self> {
        let predicates =
            schema.keys(|kind| matches!(kind, Kind::Routine(routine) if routine.is_predicate()));
        Some(Self {
            function: draw.pick(&predicates)?,
            estimated: draw.chance(30),
        })
    }

    /// The types of its operands.
    fn operands(&self, schema: &Schema) -> Vec<Type> {
        match schema.kind(self.function) {
            Some(Kind::Routine(routine)) => {
                let arguments = routine.arguments.iter();
                arguments.map(|argument| argument.type_of).collect()
            }
            _ => Vec::new(),
        }
    }

    /// Its symbol, which no other has.
    fn symbol(key: Key) -> String {
        let digit = |digit: u32| ["@", "#", "&", "%", "~", "!", "|", "<", ">", "="][digit as usize];
        let (mut rest, mut symbol) = (key, "~@".to_owned());
        while rest > 0 {
            symbol += digit(rest % 10);
            rest /= 10;
        }
        symbol + "@"
    }

    fn qualified(schema: &Schema, key: Key) -> String {
        let namespace = schema.items.get(&key).and_then(|item| item.schema);
        let namespace = namespace.map(|namespace| schema.name(namespace) + ".");
        namespace.unwrap_or_default() + &Self::symbol(key)
    }

    /// A use of it on a value, as SQL.
    pub(crate) fn applied(&self, schema: &Schema, key: Key, value: &str, type_of: Type) -> String {
        let operands = self.operands(schema);
        let operator = format!("OPERATOR({})", Self::qualified(schema, key));
        let operand = |own: Type| {
            if own == type_of {
                value.to_owned()
            } else {
                format!("NULL::{}", own.sql(schema))
            }
        };
        match operands.as_slice() {
            [left, right, ..] => format!("{} {operator} {}", operand(*left), operand(*right)),
            [one] => format!("{operator} {}", operand(*one)),
            [] => "true".to_owned(),
        }
    }
}

impl Part for Operator {
    fn needs(&self) -> Vec<Key> {
        vec![self.function]
    }

    fn let_go(&mut self, _: Key) -> bool {
        false
    }

    fn create(&self, schema: &Schema, key: Key) -> Vec<String> {
        let types: Vec<String> = self
            .operands(schema)
            .iter()
            .map(|own| own.sql(schema))
            .collect();
        let operands = match types.as_slice() {
            [left, right, ..] => format!("LEFTARG = {left}, RIGHTARG = {right}"),
            [one] => format!("RIGHTARG = {one}"),
            [] => return Vec::new(),
        };
        let estimated = if self.estimated {
            ", RESTRICT = pg_catalog.eqsel, JOIN = pg_catalog.eqjoinsel"
        } else {
            ""
        };
        // What is told of a join is told of two operands.
        let estimated = if types.len() < 2 { "" } else { estimated };
        vec![format!(
            "CREATE OPERATOR {} (FUNCTION = {}, {operands}{estimated})",
            Self::qualified(schema, key),
            schema.qualified(self.function)
        )]
    }

    fn target(&self, schema: &Schema, key: Key) -> String {
        let types: Vec<String> = self
            .operands(schema)
            .iter()
            .map(|own| own.sql(schema))
            .collect();
        let operands = match types.as_slice() {
            [left, right, ..] => format!("{left}, {right}"),
            [one] => format!("NONE, {one}"),
            [] => return String::new(),
        };
        format!("OPERATOR {} ({operands})", Self::qualified(schema, key))
    }

    fn privileges(&self, _: &Schema, _: Key) -> Option<Granted> {
        None
    }

    fn is_owned(&self) -> bool {
        true
    }

    fn change(&mut self, draw: &mut Draw, schema: &Schema, _: Key) {
        if draw.chance(60) {
            self.estimated = !self.estimated;
        } else if let Some(other) = Self::draw(draw, schema) {
            *self = other;
        }
    }
}

/// A cast from a type of the schema through its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cast {
    /// What is cast.
    pub source: Key,
    /// What it becomes, one of PostgreSQL's own.
    pub target: usize,
    /// Whether an assignment is enough.
    pub by_assignment: bool,
}

impl Cast {
    /// A cast of some type that has none yet.
    pub fn draw(draw: &mut Draw, schema: &Schema) -> Option<Self> {
        let has_one = |source: Key| {
            let casts = schema.keys(|kind| matches!(kind, Kind::Cast(own) if own.source == source));
            !casts.is_empty()
        };
        let sources: Vec<Key> = schema
            .keys(|kind| matches!(kind, Kind::Enum(_) | Kind::Composite(_) | Kind::Range(_)))
            .into_iter()
            .filter(|source| !has_one(*source))
            .collect();
        Some(Self {
            source: draw.pick(&sources)?,
            target: draw.one(&[0, 1, 3, 12, 23]),
            by_assignment: draw.chance(40),
        })
    }

    fn types(&self, schema: &Schema) -> String {
        let target = Type::of(Base::Builtin(self.target));
        format!(
            "({} AS {})",
            schema.qualified(self.source),
            target.sql(schema).replace("(12,2)", "")
        )
    }
}

impl Part for Cast {
    fn needs(&self) -> Vec<Key> {
        vec![self.source]
    }

    fn let_go(&mut self, _: Key) -> bool {
        false
    }

    fn create(&self, schema: &Schema, _: Key) -> Vec<String> {
        let context = if self.by_assignment {
            " AS ASSIGNMENT"
        } else {
            ""
        };
        vec![format!(
            "CREATE CAST {} WITH INOUT{context}",
            self.types(schema)
        )]
    }

    fn target(&self, schema: &Schema, _: Key) -> String {
        format!("CAST {}", self.types(schema))
    }

    fn privileges(&self, _: &Schema, _: Key) -> Option<Granted> {
        None
    }

    fn is_owned(&self) -> bool {
        false
    }

    fn change(&mut self, draw: &mut Draw, _: &Schema, _: Key) {
        if draw.chance(50) {
            self.by_assignment = !self.by_assignment;
        } else {
            redraw(&mut self.target, || draw.one(&[0, 1, 3, 12, 23]));
        }
    }
}
