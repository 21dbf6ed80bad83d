//! The kinds of objects that random schemas have; a file for those that belong together.

pub mod column;
pub mod constraint;
pub mod foreign;
pub mod index;
pub mod namespace;
pub mod operator;
pub mod publication;
pub mod routine;
pub mod rules;
pub mod sequence;
pub mod table;
pub mod text_search;
pub mod types;
pub mod view;

use crate::draw::Draw;
use crate::schema::{Key, Schema};

/// How `GRANT` names an object: its name with the keyword, a column of it, and the privileges that there are.
pub type Granted = (String, Option<String>, &'static [&'static str]);

/// What every kind of object can do.
pub trait Part: Sized {
    /// The items that it cannot be without.
    fn needs(&self) -> Vec<Key>;
    /// Does without one of them; false when it cannot.
    fn let_go(&mut self, gone: Key) -> bool;
    /// The statements that make it.
    fn create(&self, schema: &Schema, key: Key) -> Vec<String>;
    /// How `COMMENT ON` and `ALTER … OWNER` name it.
    fn target(&self, schema: &Schema, key: Key) -> String;
    /// How `GRANT` names it, when it has privileges.
    fn privileges(&self, schema: &Schema, key: Key) -> Option<Granted>;
    /// Whether it can be given to another owner.
    fn is_owned(&self) -> bool;
    /// Changes one of its attributes.
    fn change(&mut self, draw: &mut Draw, schema: &Schema, key: Key);
}

macro_rules! kinds {
    ($($variant:ident($kind:ty),)*) => {
        /// What only an item's kind has.
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub enum Kind { $(#[doc = concat!("[`", stringify!($kind), "`]")] $variant($kind),)* }

        impl Part for Kind {
            fn needs(&self) -> Vec<Key> {
                match self { $(Self::$variant(own) => own.needs(),)* }
            }
            fn let_go(&mut self, gone: Key) -> bool {
                match self { $(Self::$variant(own) => own.let_go(gone),)* }
            }
            fn create(&self, schema: &Schema, key: Key) -> Vec<String> {
                match self { $(Self::$variant(own) => own.create(schema, key),)* }
            }
            fn target(&self, schema: &Schema, key: Key) -> String {
                match self { $(Self::$variant(own) => own.target(schema, key),)* }
            }
            fn privileges(&self, schema: &Schema, key: Key) -> Option<Granted> {
                match self { $(Self::$variant(own) => own.privileges(schema, key),)* }
            }
            fn is_owned(&self) -> bool {
                match self { $(Self::$variant(own) => own.is_owned(),)* }
            }
            fn change(&mut self, draw: &mut Draw, schema: &Schema, key: Key) {
                match self { $(Self::$variant(own) => own.change(draw, schema, key),)* }
            }
        }
    };
}

kinds! {
    Namespace(namespace::Namespace),
    DefaultPrivileges(namespace::DefaultPrivileges),
    Collation(types::Collation),
    Enum(types::Enum),
    Domain(types::Domain),
    Composite(types::Composite),
    Range(types::Range),
    Sequence(sequence::Sequence),
    SequenceOwner(sequence::SequenceOwner),
    Routine(routine::Routine),
    Aggregate(routine::Aggregate),
    Operator(operator::Operator),
    Cast(operator::Cast),
    Dictionary(text_search::Dictionary),
    Configuration(text_search::Configuration),
    Wrapper(foreign::Wrapper),
    Server(foreign::Server),
    UserMapping(foreign::UserMapping),
    Table(table::Table),
    Column(column::Column),
    View(view::View),
    ViewColumn(view::ViewColumn),
    Constraint(constraint::Constraint),
    ForeignKey(constraint::ForeignKey),
    Index(index::Index),
    Statistics(index::Statistics),
    Trigger(rules::Trigger),
    Policy(rules::Policy),
    Rule(rules::Rule),
    EventTrigger(rules::EventTrigger),
    Publication(publication::Publication),
}

/// What a relation's privileges are.
pub(crate) const TABLE_PRIVILEGES: &[&str] = &[
    "SELECT",
    "INSERT",
    "UPDATE",
    "DELETE",
    "TRUNCATE",
    "REFERENCES",
    "TRIGGER",
    "ALL",
];

impl Kind {
    /// Whether it is a view, with or without rows of its own.
    pub fn is_view(&self) -> bool {
        matches!(self, Self::View(_))
    }

    /// The relation that it is a part of.
    pub fn relation(&self) -> Option<Key> {
        match self {
            Self::Column(own) => Some(own.relation),
            Self::ViewColumn(own) => Some(own.relation),
            Self::Constraint(own) => Some(own.relation),
            Self::ForeignKey(own) => Some(own.relation),
            Self::Trigger(own) => Some(own.relation),
            Self::Policy(own) => Some(own.relation),
            Self::Rule(own) => Some(own.relation),
            _ => None,
        }
    }

    /// What PostgreSQL calls it; `None` for what has no name of its own.
    pub fn word(&self) -> Option<&'static str> {
        Some(match self {
            Self::Namespace(_) => "schema",
            Self::DefaultPrivileges(_) | Self::SequenceOwner(_) | Self::UserMapping(_) => {
                return None;
            }
            Self::Operator(_) | Self::Cast(_) => return None,
            Self::Dictionary(_) => "text search dictionary",
            Self::Configuration(_) => "text search configuration",
            Self::Collation(_) => "collation",
            Self::Enum(_) => "enum",
            Self::Domain(_) => "domain",
            Self::Composite(_) => "composite type",
            Self::Range(_) => "range type",
            Self::Sequence(_) => "sequence",
            Self::Routine(_) => "function",
            Self::Aggregate(_) => "aggregate",
            Self::Wrapper(_) => "foreign-data wrapper",
            Self::Server(_) => "server",
            Self::Table(_) => "table",
            Self::Column(_) | Self::ViewColumn(_) => "column",
            Self::View(own) if own.is_materialized => "materialized view",
            Self::View(_) => "view",
            Self::Constraint(_) => "constraint",
            Self::ForeignKey(_) => "foreign key",
            Self::Index(_) => "index",
            Self::Statistics(_) => "statistics object",
            Self::Trigger(_) => "trigger",
            Self::Policy(_) => "policy",
            Self::Rule(_) => "rule",
            Self::EventTrigger(_) => "event trigger",
            Self::Publication(_) => "publication",
        })
    }

    /// Whether it is a table with rows of this database.
    pub fn is_local_table(&self) -> bool {
        matches!(self, Self::Table(table) if table.server.is_none())
    }
}

/// Replaces `value` by another than it was, if a few draws give one.
pub(crate) fn redraw<T: PartialEq>(value: &mut T, mut next: impl FnMut() -> T) {
    for _ in 0..4 {
        let other = next();
        if other != *value {
            *value = other;
            return;
        }
    }
}
