//! Collations, enums, domains, composite and range types.

use crate::draw::Draw;
use crate::kinds::{Granted, Kind, Part, redraw};
use crate::name::{literal, quoted};
use crate::schema::{Key, Schema};
use crate::types::{Class, Type};

const USAGE: &[&str] = &["USAGE", "ALL"];

/// A collation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collation {
    /// Which locale.
    pub locale: bool,
}

impl Collation {
    /// Any.
    pub fn draw(draw: &mut Draw) -> Self {
        Self {
            locale: draw.chance(50),
        }
    }

    /// One that a column of a type may have.
    pub(crate) fn pick(draw: &mut Draw, schema: &Schema, type_of: Type) -> Option<Key> {
        let is_text = type_of.class(schema) == Class::Text && type_of.needs().is_none();
        let all = schema.keys(|kind| matches!(kind, Kind::Collation(_)));
        draw.pick(&all).filter(|_| is_text && draw.chance(25))
    }
}

impl Part for Collation {
    fn needs(&self) -> Vec<Key> {
        Vec::new()
    }

    fn let_go(&mut self, _: Key) -> bool {
        false
    }

    fn create(&self, schema: &Schema, key: Key) -> Vec<String> {
        let locale = if self.locale { "C" } else { "POSIX" };
        vec![format!(
            "CREATE COLLATION {} (provider = libc, locale = '{locale}')",
            schema.qualified(key)
        )]
    }

    fn target(&self, schema: &Schema, key: Key) -> String {
        format!("COLLATION {}", schema.qualified(key))
    }

    fn privileges(&self, _: &Schema, _: Key) -> Option<Granted> {
        None
    }

    fn is_owned(&self) -> bool {
        true
    }

    fn change(&mut self, _: &mut Draw, _: &Schema, _: Key) {
        self.locale = !self.locale;
    }
}

/// An enum; its first two labels always stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enum {
    /// The labels.
    pub labels: Vec<String>,
}

impl Enum {
    /// Any.
    pub fn draw(draw: &mut Draw) -> Self {
        let labels = (0..draw.between(2, 6))
            .map(|place| Self::label(draw, place))
            .collect();
        Self { labels }
    }

    fn label(draw: &mut Draw, place: usize) -> String {
        let base = draw.one(&[
            "new", "Done", "on hold", "it's", "ünder", "x.y", "a\"b", "a,b",
        ]);
        format!("{base} {place}")
    }
}

impl Part for Enum {
    fn needs(&self) -> Vec<Key> {
        Vec::new()
    }

    fn let_go(&mut self, _: Key) -> bool {
        false
    }

    fn create(&self, schema: &Schema, key: Key) -> Vec<String> {
        let labels: Vec<String> = self.labels.iter().map(|label| literal(label)).collect();
        vec![format!(
            "CREATE TYPE {} AS ENUM ({})",
            schema.qualified(key),
            labels.join(", ")
        )]
    }

    fn target(&self, schema: &Schema, key: Key) -> String {
        format!("TYPE {}", schema.qualified(key))
    }

    fn privileges(&self, schema: &Schema, key: Key) -> Option<Granted> {
        Some((self.target(schema, key), None, USAGE))
    }

    fn is_owned(&self) -> bool {
        true
    }

    fn change(&mut self, draw: &mut Draw, _: &Schema, _: Key) {
        let count = self.labels.len();
        match draw.below(5) {
            0 | 1 => {
                let place = count + draw.between(10, 90);
                let label = Self::label(draw, place);
                self.labels.insert(draw.between(0, count), label);
            }
            2 => self.labels.push(Self::label(draw, count + 100)),
            3 if count > 2 => {
                self.labels.remove(draw.between(2, count - 1));
            }
            _ => self.labels.swap(0, count - 1),
        }
    }
}

/// A domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Domain {
    /// What it is over.
    pub base: Type,
    /// Whether NULL is refused.
    pub not_null: bool,
    /// Value number, when there is a default.
    pub default: Option<usize>,
    /// Which checks, by variant and name.
    pub checks: Vec<(String, u8)>,
}

impl Domain {
    /// Any.
    pub fn draw(draw: &mut Draw, schema: &Schema) -> Self {
        let mut base = Type::draw(draw, schema);
        base.is_array = base.is_array && base.needs().is_none();
        Self {
            base,
            not_null: draw.chance(10),
            default: draw.maybe(30, |draw| draw.below(4)),
            checks: (0..draw.below(3))
                .map(|place| (format!("check {place}"), draw.variant()))
                .collect(),
        }
    }

    fn check(&self, schema: &Schema, variant: u8) -> String {
        match (self.base.class(schema), variant % 3) {
            (Class::Number, 0) => "VALUE > 0".to_owned(),
            (Class::Number, 1) => "VALUE < 100000".to_owned(),
            (Class::Text, 0) => "length(VALUE::text) < 100".to_owned(),
            (Class::Text, 1) => "VALUE::text <> ''".to_owned(),
            (_, 2) => "VALUE IS NOT NULL OR VALUE IS NULL".to_owned(),
            (_, _) => "VALUE IS NULL OR true".to_owned(),
        }
    }
}

impl Part for Domain {
    fn needs(&self) -> Vec<Key> {
        self.base.needs().into_iter().collect()
    }

    fn let_go(&mut self, _: Key) -> bool {
        false
    }

    fn create(&self, schema: &Schema, key: Key) -> Vec<String> {
        let mut sql = format!(
            "CREATE DOMAIN {} AS {}",
            schema.qualified(key),
            self.base.sql(schema)
        );
        if let Some(value) = self.default {
            sql += &format!(" DEFAULT {}", self.base.value(schema, value));
        }
        if self.not_null {
            sql += " NOT NULL";
        }
        for (name, variant) in &self.checks {
            sql += &format!(
                " CONSTRAINT {} CHECK ({})",
                quoted(name),
                self.check(schema, *variant)
            );
        }
        vec![sql]
    }

    fn target(&self, schema: &Schema, key: Key) -> String {
        format!("DOMAIN {}", schema.qualified(key))
    }

    fn privileges(&self, schema: &Schema, key: Key) -> Option<Granted> {
        Some((self.target(schema, key), None, USAGE))
    }

    fn is_owned(&self) -> bool {
        true
    }

    fn change(&mut self, draw: &mut Draw, schema: &Schema, _: Key) {
        match draw.below(5) {
            0 => self.not_null = !self.not_null,
            1 => redraw(&mut self.default, || draw.maybe(60, |draw| draw.below(4))),
            2 => self
                .checks
                .push((format!("check {}", draw.between(10, 99)), draw.variant())),
            3 if !self.checks.is_empty() => {
                self.checks.pop();
            }
            _ => {
                let base = self.base;
                redraw(&mut self.base, || base.draw_near(draw, schema));
            }
        }
    }
}

/// An attribute of a composite type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// Its type.
    pub type_of: Type,
}

/// A composite type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Composite {
    /// The attributes.
    pub attributes: Vec<Attribute>,
}

impl Composite {
    /// Any.
    pub fn draw(draw: &mut Draw, schema: &Schema) -> Self {
        let attributes = (0..draw.between(1, 4))
            .map(|place| Self::attribute(draw, schema, place))
            .collect();
        Self { attributes }
    }

    fn attribute(draw: &mut Draw, schema: &Schema, place: usize) -> Attribute {
        let base = draw.one(&["part", "Street", "zip code", "select"]);
        Attribute {
            name: format!("{base} {place}"),
            type_of: Type::draw(draw, schema),
        }
    }
}

impl Part for Composite {
    fn needs(&self) -> Vec<Key> {
        self.attributes
            .iter()
            .filter_map(|attribute| attribute.type_of.needs())
            .collect()
    }

    fn let_go(&mut self, gone: Key) -> bool {
        self.attributes
            .retain(|attribute| attribute.type_of.needs() != Some(gone));
        !self.attributes.is_empty()
    }

    fn create(&self, schema: &Schema, key: Key) -> Vec<String> {
        let attributes: Vec<String> = self
            .attributes
            .iter()
            .map(|attribute| {
                format!(
                    "{} {}",
                    quoted(&attribute.name),
                    attribute.type_of.sql(schema)
                )
            })
            .collect();
        vec![format!(
            "CREATE TYPE {} AS ({})",
            schema.qualified(key),
            attributes.join(", ")
        )]
    }

    fn target(&self, schema: &Schema, key: Key) -> String {
        format!("TYPE {}", schema.qualified(key))
    }

    fn privileges(&self, schema: &Schema, key: Key) -> Option<Granted> {
        Some((self.target(schema, key), None, USAGE))
    }

    fn is_owned(&self) -> bool {
        true
    }

    fn change(&mut self, draw: &mut Draw, schema: &Schema, _: Key) {
        let count = self.attributes.len();
        match draw.below(3) {
            0 => self
                .attributes
                .push(Self::attribute(draw, schema, draw_place(count))),
            1 if count > 1 => {
                self.attributes.remove(draw.below(count));
            }
            _ => {
                let place = draw.below(count);
                let type_of = self.attributes[place].type_of;
                redraw(&mut self.attributes[place].type_of, || {
                    type_of.draw_near(draw, schema)
                });
            }
        }
    }
}

/// A number that no first attribute has.
fn draw_place(count: usize) -> usize {
    count + 10
}

/// A range type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Range {
    /// What it ranges over.
    pub subtype: Type,
}

impl Range {
    /// Any.
    pub fn draw(draw: &mut Draw) -> Self {
        Self {
            subtype: draw.one(&[
                Type::of(crate::types::TEXT),
                Type::of(crate::types::INTEGER),
                Type::of(crate::types::Base::Builtin(12)),
            ]),
        }
    }
}

impl Part for Range {
    fn needs(&self) -> Vec<Key> {
        self.subtype.needs().into_iter().collect()
    }

    fn let_go(&mut self, _: Key) -> bool {
        false
    }

    fn create(&self, schema: &Schema, key: Key) -> Vec<String> {
        let subtype = self.subtype.sql(schema);
        vec![format!(
            "CREATE TYPE {} AS RANGE (subtype = {subtype})",
            schema.qualified(key)
        )]
    }

    fn target(&self, schema: &Schema, key: Key) -> String {
        format!("TYPE {}", schema.qualified(key))
    }

    fn privileges(&self, schema: &Schema, key: Key) -> Option<Granted> {
        Some((self.target(schema, key), None, USAGE))
    }

    fn is_owned(&self) -> bool {
        true
    }

    fn change(&mut self, draw: &mut Draw, _: &Schema, _: Key) {
        redraw(self, || Self::draw(draw));
    }
}
