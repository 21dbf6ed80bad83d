//! Columns of tables.

use crate::draw::Draw;
use crate::expression::{Form, Use};
use crate::kinds::sequence::Sequence;
use crate::kinds::types::Collation;
use crate::kinds::{Granted, Kind, Part, redraw};
use crate::schema::{Key, Schema};
use crate::types::{BOOLEAN, Class, INTEGER, TEXT, Type};

/// Where a column's values come from when none is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// Nowhere.
    None,
    /// A value, by number.
    Value(usize),
    /// A function without arguments.
    Function(Key),
    /// The next value of a sequence.
    Sequence(Key),
    /// An identity: always or by default, and its increment.
    Identity(bool, usize),
    /// Computed from another column; the flag means stored.
    Generated(Use, bool),
    /// The time or the role.
    Session,
}

/// A column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Its table.
    pub relation: Key,
    /// Its type.
    pub type_of: Type,
    /// Whether NULL is refused.
    pub not_null: bool,
    /// Default, identity, expression.
    pub source: Source,
    /// Its collation.
    pub collation: Option<Key>,
    /// How it is stored, by variant.
    pub storage: Option<u8>,
    /// Compression.
    pub compression: bool,
    /// How much is sampled.
    pub statistics: Option<usize>,
    /// Options of attributes.
    pub distinct: Option<usize>,
}

impl Column {
    /// Any column of a table.
    pub fn draw(draw: &mut Draw, schema: &Schema, relation: Key) -> Self {
        let type_of = Type::draw(draw, schema);
        let mut column = Self {
            relation,
            type_of,
            not_null: draw.chance(25),
            source: Source::None,
            collation: Collation::pick(draw, schema, type_of),
            storage: draw.maybe(6, Draw::variant),
            compression: draw.chance(4),
            statistics: draw.maybe(6, |draw| draw.between(0, 500)),
            distinct: draw.maybe(4, |draw| draw.between(1, 9)),
        };
        column.draw_source(draw, schema);
        // Rows that are there would have nothing in it.
        column.not_null &= column.source != Source::None;
        column
    }

    /// A column that rows are known by.
    pub fn draw_key(draw: &mut Draw, schema: &Schema, relation: Key) -> Self {
        let mut column = Self::draw(draw, schema, relation);
        column.type_of = if draw.chance(70) {
            Type::draw_integer(draw)
        } else {
            Type::draw_plain(draw)
        };
        column.source = Source::None;
        column.not_null = true;
        column.collation = None;
        if column.type_of.class(schema) == Class::Number && draw.chance(40) {
            column.draw_source(draw, schema);
        }
        column
    }

    fn draw_source(&mut self, draw: &mut Draw, schema: &Schema) {
        let is_integer =
            (0..3).any(|place| self.type_of == Type::of(crate::types::Base::Builtin(place)));
        let foreign = matches!(schema.kind(self.relation), Some(Kind::Table(table)) if table.server.is_some());
        let partition = matches!(schema.kind(self.relation), Some(Kind::Table(table)) if table.parents().next().is_some());
        self.source = match draw.below(20) {
            0..=5 => Source::Value(draw.below(4)),
            6 | 7 => {
                let type_of = self.type_of;
                let makers = schema
                    .keys(|kind| matches!(kind, Kind::Routine(routine) if routine.makes(type_of)));
                draw.pick(&makers).map_or(Source::None, Source::Function)
            }
            8 | 9 if is_integer => {
                Sequence::pick(draw, schema).map_or(Source::None, Source::Sequence)
            }
            10 | 11 if is_integer && !foreign && !partition => {
                Source::Identity(draw.chance(50), draw.between(1, 3))
            }
            12 | 13 if !foreign => self.draw_generated(draw, schema),
            14 if matches!(self.type_of.class(schema), Class::Time | Class::Text) => {
                Source::Session
            }
            _ => Source::None,
        };
    }

    /// Only plain types are computed: text, number, truth.
    fn draw_generated(&mut self, draw: &mut Draw, schema: &Schema) -> Source {
        let form = match self.type_of {
            own if own == Type::of(TEXT) => Form::Text,
            own if own == Type::of(INTEGER) => Form::Number,
            own if own == Type::of(BOOLEAN) => Form::Predicate,
            _ => return Source::None,
        };
        let others: Vec<Key> = schema
            .own_columns(self.relation)
            .into_iter()
            .filter(|key| !matches!(schema.kind(*key), Some(Kind::Column(column)) if matches!(column.source, Source::Generated(..))))
            .collect();
        let stored = schema.major < 18 || draw.chance(50);
        match Use::draw(draw, schema, &others, form) {
            Some(expression) => Source::Generated(expression, stored),
            None => Source::None,
        }
    }

    /// Whether rows may be given a value for it.
    pub(crate) fn is_given(&self) -> bool {
        !matches!(
            self.source,
            Source::Generated(..) | Source::Identity(true, _)
        )
    }

    fn is_computed(&self) -> bool {
        matches!(self.source, Source::Generated(..))
    }

    pub(crate) fn clause(&self, schema: &Schema, key: Key) -> String {
        let mut sql = format!("{} {}", schema.name(key), self.type_of.sql(schema));
        if let Some(collation) = self.collation {
            sql += &format!(" COLLATE {}", schema.qualified(collation));
        }
        match &self.source {
            Source::None => {}
            Source::Value(value) => {
                sql += &format!(" DEFAULT {}", self.type_of.value(schema, *value));
            }
            Source::Function(function) => {
                sql += &format!(" DEFAULT {}()", schema.qualified(*function));
            }
            Source::Sequence(sequence) => {
                let name = crate::name::literal(&schema.qualified(*sequence));
                sql += &format!(" DEFAULT nextval({name})");
            }
            Source::Identity(always, increment) => {
                let when = if *always { "ALWAYS" } else { "BY DEFAULT" };
                sql += &format!(" GENERATED {when} AS IDENTITY (INCREMENT {increment})");
            }
            Source::Generated(expression, stored) => {
                let stored = if *stored { "STORED" } else { "VIRTUAL" };
                sql += &format!(
                    " GENERATED ALWAYS AS ({}) {stored}",
                    expression.sql(schema, "")
                );
            }
            Source::Session => {
                sql += match self.type_of.class(schema) {
                    Class::Time => " DEFAULT CURRENT_TIMESTAMP",
                    _ => " DEFAULT CURRENT_USER",
                }
            }
        }
        if self.not_null {
            sql += " NOT NULL";
        }
        sql
    }
}

impl Part for Column {
    fn needs(&self) -> Vec<Key> {
        let mut needs = vec![self.relation];
        needs.extend(self.type_of.needs());
        needs.extend(self.collation);
        match &self.source {
            Source::Function(key) | Source::Sequence(key) => needs.push(*key),
            Source::Generated(expression, _) => needs.extend(expression.needs()),
            Source::None | Source::Value(_) | Source::Identity(..) | Source::Session => {}
        }
        needs
    }

    fn let_go(&mut self, gone: Key) -> bool {
        if self.relation == gone {
            return false;
        }
        if self.type_of.needs() == Some(gone) {
            self.type_of = Type::of(TEXT);
            self.source = Source::None;
            self.not_null = false;
        }
        if self.collation == Some(gone) {
            self.collation = None;
        }
        let stays = match &mut self.source {
            Source::Function(key) | Source::Sequence(key) => *key != gone,
            Source::Generated(expression, _) => expression.let_go(gone),
            Source::None | Source::Value(_) | Source::Identity(..) | Source::Session => true,
        };
        if !stays {
            self.source = Source::None;
        }
        true
    }

    fn create(&self, schema: &Schema, key: Key) -> Vec<String> {
        let head = format!(
            "ALTER TABLE {} ALTER COLUMN {}",
            schema.qualified(self.relation),
            schema.name(key)
        );
        let mut sql = Vec::new();
        let foreign = matches!(schema.kind(self.relation), Some(Kind::Table(table)) if table.server.is_some());
        let virtual_column = matches!(self.source, Source::Generated(_, false));
        let is_long = matches!(
            self.type_of.class(schema),
            Class::Text | Class::Array | Class::Json | Class::Composite
        );
        if let Some(variant) = self.storage.filter(|_| is_long && !virtual_column) {
            let storage = ["PLAIN", "EXTERNAL", "MAIN", "EXTENDED"][usize::from(variant % 4)];
            sql.push(format!("{head} SET STORAGE {storage}"));
        }
        if self.compression && is_long && !foreign && !virtual_column {
            sql.push(format!("{head} SET COMPRESSION pglz"));
        }
        if let Some(statistics) = self.statistics.filter(|_| !virtual_column) {
            sql.push(format!("{head} SET STATISTICS {statistics}"));
        }
        if let Some(distinct) = self.distinct {
            sql.push(format!("{head} SET (n_distinct = {distinct})"));
        }
        sql
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
            &["SELECT", "UPDATE", "INSERT", "REFERENCES"],
        ))
    }

    fn is_owned(&self) -> bool {
        false
    }

    fn change(&mut self, draw: &mut Draw, schema: &Schema, key: Key) {
        // PostgreSQL does not change the type of a partition key; see docs/internals/oracle.md.
        let is_partition_key = matches!(schema.kind(self.relation), Some(Kind::Table(table)) if table.partitioned.is_some_and(|(_, own)| own == key));
        match draw.below(12) {
            0..=3 if !is_partition_key => {
                let type_of = self.type_of;
                redraw(&mut self.type_of, || type_of.draw_near(draw, schema));
                self.collation = self
                    .collation
                    .filter(|_| self.type_of.class(schema) == Class::Text);
                if !matches!(self.source, Source::Value(_) | Source::None) {
                    self.source = Source::None;
                }
            }
            4 => self.not_null = !self.not_null,
            5 => redraw(&mut self.storage, || draw.maybe(70, Draw::variant)),
            6 => redraw(&mut self.statistics, || {
                draw.maybe(70, |draw| draw.between(0, 500))
            }),
            7 => redraw(&mut self.distinct, || {
                draw.maybe(70, |draw| draw.between(1, 9))
            }),
            8 => {
                let type_of = self.type_of;
                redraw(&mut self.collation, || {
                    Collation::pick(draw, schema, type_of)
                });
            }
            9 => self.compression = !self.compression,
            _ if self.is_computed() && draw.chance(50) => {
                self.source = self.draw_generated(draw, schema);
            }
            _ => self.draw_source(draw, schema),
        }
    }
}
