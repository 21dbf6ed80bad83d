//! Types of columns, attributes and arguments, and values of them.

use crate::draw::Draw;
use crate::kinds::Kind;
use crate::name::literal;
use crate::schema::{Key, Schema};

/// What can be done with a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Class {
    /// Integers and numerics.
    Number,
    /// Character types.
    Text,
    /// `boolean`.
    Bool,
    /// Dates and timestamps.
    Time,
    /// What is ordered and has no operators worth using.
    Ordered,
    /// `jsonb`.
    Json,
    /// Ranges.
    Range,
    /// Enums.
    Enum,
    /// Arrays.
    Array,
    /// Composite types.
    Composite,
    /// What cannot even be compared.
    Opaque,
}

const BUILTIN: [(&str, Class); 30] = [
    ("integer", Class::Number),
    ("bigint", Class::Number),
    ("smallint", Class::Number),
    ("numeric(12,2)", Class::Number),
    ("numeric", Class::Number),
    ("double precision", Class::Number),
    ("real", Class::Number),
    ("text", Class::Text),
    ("character varying(40)", Class::Text),
    ("character varying", Class::Text),
    ("character(8)", Class::Text),
    ("boolean", Class::Bool),
    ("date", Class::Time),
    ("timestamp without time zone", Class::Time),
    ("timestamp(3) with time zone", Class::Time),
    ("timestamp with time zone", Class::Time),
    ("time without time zone", Class::Ordered),
    ("interval", Class::Ordered),
    ("uuid", Class::Ordered),
    ("bytea", Class::Ordered),
    ("inet", Class::Ordered),
    ("bit(4)", Class::Ordered),
    ("money", Class::Ordered),
    ("jsonb", Class::Json),
    ("json", Class::Opaque),
    ("point", Class::Opaque),
    ("xml", Class::Opaque),
    ("int4range", Class::Range),
    ("tstzrange", Class::Range),
    ("tsvector", Class::Ordered),
];

/// Places of `text` and `integer` in the list.
pub(crate) const TEXT: Base = Base::Builtin(7);
pub(crate) const INTEGER: Base = Base::Builtin(0);
pub(crate) const BOOLEAN: Base = Base::Builtin(11);

/// A type that is no array.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base {
    /// A place in the list of PostgreSQL's own.
    Builtin(usize),
    /// A type of the schema.
    Own(Key),
}

/// A type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Type {
    /// The type, or that of the elements.
    pub base: Base,
    /// Whether it is an array.
    pub is_array: bool,
}

impl Type {
    pub(crate) const fn of(base: Base) -> Self {
        Self {
            base,
            is_array: false,
        }
    }

    /// Any type.
    pub fn draw(draw: &mut Draw, schema: &Schema) -> Self {
        let own = schema.keys(|kind| {
            matches!(
                kind,
                Kind::Enum(_) | Kind::Domain(_) | Kind::Composite(_) | Kind::Range(_)
            )
        });
        let base = match draw.pick(&own) {
            Some(key) if draw.chance(35) => Base::Own(key),
            _ if draw.chance(45) => draw.one(&[INTEGER, TEXT, Base::Builtin(1), Base::Builtin(3)]),
            _ => Base::Builtin(draw.below(BUILTIN.len())),
        };
        Self {
            base,
            is_array: draw.chance(12),
        }
    }

    /// One of PostgreSQL's own that is ordered.
    pub fn draw_plain(draw: &mut Draw) -> Self {
        loop {
            let place = draw.below(BUILTIN.len());
            if !matches!(BUILTIN[place].1, Class::Opaque | Class::Range | Class::Json) {
                return Self::of(Base::Builtin(place));
            }
        }
    }

    /// One of those that identity and sequences have.
    pub fn draw_integer(draw: &mut Draw) -> Self {
        Self::of(Base::Builtin(draw.below(3)))
    }

    /// A type that rows may well be moved to.
    #[must_use]
    pub fn draw_near(self, draw: &mut Draw, schema: &Schema) -> Self {
        let places: &[usize] = match self.class(schema) {
            Class::Number => &[0, 1, 3, 4, 5, 7],
            Class::Text => &[7, 8, 9],
            Class::Time => &[12, 13, 14, 15],
            Class::Bool | Class::Enum => &[7, 9],
            _ => return Self::draw(draw, schema),
        };
        if draw.chance(15) {
            return Self::draw(draw, schema);
        }
        Self {
            base: Base::Builtin(draw.one(places)),
            is_array: self.is_array,
        }
    }

    pub(crate) fn needs(self) -> Option<Key> {
        match self.base {
            Base::Own(key) => Some(key),
            Base::Builtin(_) => None,
        }
    }

    /// The type as SQL.
    pub fn sql(self, schema: &Schema) -> String {
        let base = match self.base {
            Base::Builtin(place) => BUILTIN[place].0.to_owned(),
            Base::Own(key) => schema.qualified(key),
        };
        if self.is_array { base + "[]" } else { base }
    }

    /// What can be done with it.
    pub fn class(self, schema: &Schema) -> Class {
        if self.is_array {
            return Class::Array;
        }
        match self.base {
            Base::Builtin(place) => BUILTIN[place].1,
            Base::Own(key) => match schema.kind(key) {
                Some(Kind::Enum(_)) => Class::Enum,
                Some(Kind::Composite(_)) => Class::Composite,
                Some(Kind::Range(_)) => Class::Range,
                Some(Kind::Domain(domain)) => domain.base.class(schema),
                _ => Class::Opaque,
            },
        }
    }

    /// Whether a primary key or an index can stand on it.
    pub fn is_ordered(self, schema: &Schema) -> bool {
        self.class(schema) != Class::Opaque
    }

    /// Value number `n` as SQL; a type has the same one everywhere, so that references find what they refer to.
    pub fn value(self, schema: &Schema, n: usize) -> String {
        literal(&self.text(schema, n))
    }

    fn text(self, schema: &Schema, n: usize) -> String {
        if self.is_array {
            let element = Self::of(self.base);
            let quote =
                |text: String| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
            return format!(
                "{{{},{}}}",
                quote(element.text(schema, n)),
                quote(element.text(schema, n + 1))
            );
        }
        match self.base {
            Base::Builtin(place) => builtin_text(BUILTIN[place].0, n),
            Base::Own(key) => match schema.kind(key) {
                Some(Kind::Enum(own)) => own.labels[n % own.labels.len()].clone(),
                Some(Kind::Domain(own)) => own.base.text(schema, n),
                Some(Kind::Range(own)) => format!(
                    "[\"{}\",\"{}\")",
                    own.subtype.text(schema, 2 * n),
                    own.subtype.text(schema, 2 * n + 1)
                ),
                Some(Kind::Composite(own)) => {
                    let values: Vec<String> = own
                        .attributes
                        .iter()
                        .map(|attribute| {
                            let text = attribute.type_of.text(schema, n);
                            format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\"\""))
                        })
                        .collect();
                    format!("({})", values.join(","))
                }
                _ => String::new(),
            },
        }
    }
}

fn builtin_text(name: &str, n: usize) -> String {
    let day = n % 28 + 1;
    match name {
        "boolean" => (if n.is_multiple_of(2) { "t" } else { "f" }).to_owned(),
        "date" => format!("2024-01-{day:02}"),
        "timestamp without time zone" => format!("2024-01-{day:02} 12:30:00"),
        "timestamp(3) with time zone" | "timestamp with time zone" => {
            format!("2024-01-{day:02} 12:30:00+00")
        }
        "time without time zone" => format!("10:00:{:02}", n % 60),
        "interval" => format!("{} days", n + 1),
        "uuid" => format!("00000000-0000-4000-8000-{n:012}"),
        "bytea" => format!("\\x{n:02x}"),
        "inet" => format!("10.0.0.{n}"),
        "bit(4)" => format!("{:04b}", n % 16),
        "jsonb" | "json" => format!("{{\"n\": {n}}}"),
        "point" => format!("({n},{n})"),
        "xml" => format!("<a>{n}</a>"),
        "int4range" => format!("[{},{})", 2 * n, 2 * n + 1),
        "tstzrange" => format!(
            "[\"2024-{:02}-01 00:00:00+00\",\"2024-{:02}-02 00:00:00+00\")",
            n % 12 + 1,
            n % 12 + 1
        ),
        "text" | "character varying(40)" | "character varying" | "character(8)" | "tsvector" => {
            format!("v{n:03}")
        }
        _ => (n + 1).to_string(),
    }
}
