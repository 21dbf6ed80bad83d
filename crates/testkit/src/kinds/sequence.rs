//! Sequences, and the columns that they belong to.

use crate::draw::Draw;
use crate::kinds::{Granted, Kind, Part, redraw};
use crate::schema::{Key, Schema};
use crate::types::Type;

/// A sequence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sequence {
    /// Its data type.
    pub type_of: Type,
    /// The step.
    pub increment: i32,
    /// The first value.
    pub start: usize,
    /// The greatest value.
    pub most: Option<usize>,
    /// How many are kept ready.
    pub cache: usize,
    /// Whether it begins again.
    pub cycles: bool,
}

impl Sequence {
    /// Any.
    pub fn draw(draw: &mut Draw) -> Self {
        Self {
            type_of: Type::draw_integer(draw),
            increment: draw.one(&[1, 1, 2, 10]),
            start: draw.one(&[1, 1, 5, 100]),
            most: draw.maybe(20, |draw| draw.between(1000, 2000)),
            cache: draw.one(&[1, 1, 20]),
            cycles: draw.chance(15),
        }
    }

    /// A sequence that a column can have as its default.
    pub(crate) fn pick(draw: &mut Draw, schema: &Schema) -> Option<Key> {
        draw.pick(&schema.keys(|kind| matches!(kind, Kind::Sequence(_))))
    }
}

impl Part for Sequence {
    fn needs(&self) -> Vec<Key> {
        Vec::new()
    }

    fn let_go(&mut self, _: Key) -> bool {
        false
    }

    fn create(&self, schema: &Schema, key: Key) -> Vec<String> {
        let most = self
            .most
            .map(|most| format!(" MAXVALUE {most}"))
            .unwrap_or_default();
        let cycle = if self.cycles { " CYCLE" } else { "" };
        vec![format!(
            "CREATE SEQUENCE {} AS {} INCREMENT {} START {}{most} CACHE {}{cycle}",
            schema.qualified(key),
            self.type_of.sql(schema),
            self.increment,
            self.start,
            self.cache
        )]
    }

    fn target(&self, schema: &Schema, key: Key) -> String {
        format!("SEQUENCE {}", schema.qualified(key))
    }

    fn privileges(&self, schema: &Schema, key: Key) -> Option<Granted> {
        Some((
            self.target(schema, key),
            None,
            &["USAGE", "SELECT", "UPDATE", "ALL"],
        ))
    }

    fn is_owned(&self) -> bool {
        true
    }

    fn change(&mut self, draw: &mut Draw, _: &Schema, _: Key) {
        redraw(self, || Self::draw(draw));
    }
}

/// `OWNED BY`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SequenceOwner {
    /// The sequence.
    pub sequence: Key,
    /// The column.
    pub column: Key,
}

impl SequenceOwner {
    /// A sequence that belongs to no column yet, and a column.
    pub fn draw(draw: &mut Draw, schema: &Schema) -> Option<Self> {
        let free = schema.keys(|kind| matches!(kind, Kind::Sequence(_)));
        let owned = |sequence: Key| {
            let links = schema.keys(
                |kind| matches!(kind, Kind::SequenceOwner(link) if link.sequence == sequence),
            );
            !links.is_empty()
        };
        let free: Vec<Key> = free.into_iter().filter(|key| !owned(*key)).collect();
        let columns = schema.keys(|kind| matches!(kind, Kind::Column(_)));
        Some(Self {
            sequence: draw.pick(&free)?,
            column: draw.pick(&columns)?,
        })
    }
}

impl Part for SequenceOwner {
    fn needs(&self) -> Vec<Key> {
        vec![self.sequence, self.column]
    }

    fn let_go(&mut self, _: Key) -> bool {
        false
    }

    fn create(&self, schema: &Schema, _: Key) -> Vec<String> {
        let Some(Kind::Column(column)) = schema.kind(self.column) else {
            return Vec::new();
        };
        vec![format!(
            "ALTER SEQUENCE {} OWNED BY {}.{}",
            schema.qualified(self.sequence),
            schema.qualified(column.relation),
            schema.name(self.column)
        )]
    }

    fn target(&self, _: &Schema, _: Key) -> String {
        String::new()
    }

    fn privileges(&self, _: &Schema, _: Key) -> Option<Granted> {
        None
    }

    fn is_owned(&self) -> bool {
        false
    }

    fn change(&mut self, draw: &mut Draw, schema: &Schema, _: Key) {
        let columns = schema.keys(|kind| matches!(kind, Kind::Column(_)));
        if let Some(column) = draw.pick(&columns) {
            self.column = column;
        }
    }
}
