//! Expressions over one column, written for whatever type the column has when they are rendered.

use crate::draw::Draw;
use crate::kinds::Kind;
use crate::schema::{Key, Schema};
use crate::types::{BOOLEAN, Class, INTEGER, TEXT, Type};

/// What an expression gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// The column itself.
    Same,
    /// Some text of it.
    Text,
    /// Some number of it.
    Number,
    /// Something that is true of every value that testkit writes.
    Predicate,
}

/// An expression over one column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Use {
    /// The column.
    pub column: Key,
    /// What it gives.
    pub form: Form,
    /// Which of several.
    pub variant: u8,
    /// A function that a predicate calls.
    pub function: Option<Key>,
}

impl Use {
    /// An expression over one of these columns.
    pub fn draw(draw: &mut Draw, schema: &Schema, columns: &[Key], form: Form) -> Option<Self> {
        let predicates = schema.keys(|kind| match kind {
            Kind::Routine(routine) => routine.is_predicate(),
            kind => matches!(kind, Kind::Operator(_)),
        });
        Some(Self {
            column: draw.pick(columns)?,
            form,
            variant: draw.variant(),
            function: draw
                .pick(&predicates)
                .filter(|_| form == Form::Predicate && draw.chance(35)),
        })
    }

    /// An expression of any form.
    pub fn draw_any(draw: &mut Draw, schema: &Schema, columns: &[Key]) -> Option<Self> {
        let form = draw.one(&[
            Form::Same,
            Form::Same,
            Form::Same,
            Form::Text,
            Form::Number,
            Form::Predicate,
        ]);
        Self::draw(draw, schema, columns, form)
    }

    pub(crate) fn needs(&self) -> impl Iterator<Item = Key> {
        std::iter::once(self.column).chain(self.function)
    }

    /// Lets go of the function; a column cannot be let go of.
    pub(crate) fn let_go(&mut self, gone: Key) -> bool {
        if self.function == Some(gone) {
            self.function = None;
        }
        self.column != gone
    }

    /// The type it gives.
    pub fn type_of(&self, schema: &Schema) -> Type {
        match self.form {
            Form::Same => schema.type_of(self.column),
            Form::Text => Type::of(TEXT),
            Form::Number => Type::of(INTEGER),
            Form::Predicate => Type::of(BOOLEAN),
        }
    }

    /// The expression as SQL; `alias` is what the relation is called there.
    pub fn sql(&self, schema: &Schema, alias: &str) -> String {
        let column = if alias.is_empty() {
            schema.name(self.column)
        } else {
            format!("{alias}.{}", schema.name(self.column))
        };
        let type_of = schema.type_of(self.column);
        let class = type_of.class(schema);
        match self.form {
            Form::Same => column,
            Form::Text => text(&column, class, self.variant),
            Form::Number => number(&column, class, self.variant),
            Form::Predicate => match self.function.and_then(|key| Some((key, schema.kind(key)?))) {
                Some((key, Kind::Routine(routine))) => {
                    let argument = routine.arguments.first().map(|argument| argument.type_of);
                    let name = schema.qualified(key);
                    match argument {
                        Some(own) if own == type_of => format!("{name}({column})"),
                        Some(own) => format!("{name}(NULL::{})", own.sql(schema)),
                        None => format!("{name}()"),
                    }
                }
                Some((key, Kind::Operator(operator))) => {
                    operator.applied(schema, key, &column, type_of)
                }
                _ => predicate(&column, type_of, schema, self.variant),
            },
        }
    }
}

fn text(column: &str, class: Class, variant: u8) -> String {
    match (class, variant % 3) {
        (Class::Text, 0) => format!("upper({column}::text)"),
        (Class::Text, 1) => format!("({column}::text || '!')"),
        (Class::Text, _) => format!("COALESCE({column}::text, 'none'::text)"),
        (Class::Json, _) => format!("({column} ->> 'n')"),
        (_, 0) => format!("CASE WHEN {column} IS NULL THEN 'none' ELSE 'some' END"),
        (_, _) => format!("CASE WHEN {column} IS NULL THEN 'no value'::text END"),
    }
}

fn number(column: &str, class: Class, variant: u8) -> String {
    match (class, variant % 3) {
        (Class::Number, 0) => format!("CASE WHEN {column} > 100 THEN 1 ELSE 2 END"),
        (Class::Number, _) => format!("CASE WHEN abs({column}) < 100 THEN 1 END"),
        (Class::Text, _) => format!("length({column}::text)"),
        (Class::Array, _) => format!("COALESCE(array_length({column}, 1), 0)"),
        (_, 0) => format!("CASE WHEN {column} IS NULL THEN 0 ELSE 1 END"),
        (_, _) => format!("CASE WHEN {column} IS NULL THEN 10 ELSE 20 END"),
    }
}

fn predicate(column: &str, type_of: Type, schema: &Schema, variant: u8) -> String {
    match (type_of.class(schema), variant % 4) {
        (Class::Number, 0) => format!("{column} > 0"),
        (Class::Number, 1) => format!("{column} BETWEEN 0 AND 1000"),
        (Class::Number, 2) => format!("{column} <> ALL (ARRAY[0, -1])"),
        (Class::Text, 0) => format!("{column} <> 'bad'"),
        (Class::Text, 1) => format!(
            "{column} IN ('v000', 'v001', 'v002', 'v003', 'v004', 'v005', 'none') OR length({column}) < 60"
        ),
        (Class::Text, 2) => format!("{column} !~ '^\\s+$'"),
        (Class::Bool, 0) => format!("{column} OR NOT {column}"),
        (Class::Bool, 1) => format!("{column} IS NOT NULL OR true"),
        (Class::Time, 0) => format!("{column} >= '2000-01-01'"),
        (Class::Time, 1) => format!("{column} < 'infinity'"),
        (Class::Json, 0) => format!("jsonb_typeof({column}) = 'object'"),
        (Class::Range, 0) => format!("NOT isempty({column})"),
        (Class::Array, 0) => format!("cardinality({column}) < 40"),
        (Class::Array, 1) => format!("{column} <> '{{}}'"),
        (Class::Enum, 0) => format!("{column} >= {}", type_of.value(schema, 0)),
        (Class::Enum, 1) => format!("{column} = ANY (enum_range(NULL::{}))", type_of.sql(schema)),
        (Class::Enum, 2) => format!(
            "{column} IN ({}, {}) OR {column} IS NOT NULL",
            type_of.value(schema, 0),
            type_of.value(schema, 1)
        ),
        (Class::Ordered, 0) => format!("{column} = {column}"),
        (Class::Composite, 0) => format!("{column} IS NOT DISTINCT FROM {column}"),
        (_, _) => format!("{column} IS NOT NULL OR {column} IS NULL"),
    }
}
