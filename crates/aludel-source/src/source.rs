//! What a source is and what it answers with.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use aludel_postgres::DatabaseUrl;
use aludel_sql::{Needs, Statement};

use crate::redirect::ConnectsTo;
use crate::sqlalchemy;
use crate::sqlalchemy::environment::AlembicEnvironment;

/// Where a desired schema comes from.
#[derive(Clone, Debug)]
pub enum SourceSpec {
    /// A `.sql` file or a folder of them, relative to the project folder.
    Sql(PathBuf),
    /// `app.models:Base`, `backend/app.models:metadata`, the path of an Alembic `env.py` or `alembic.ini`, or `env`
    /// for the project's own.
    Sqlalchemy(String),
    /// A program that prints DDL, run by the shell in the project folder.
    Command(String),
    /// A database whose catalog is read by the caller.
    Database(DatabaseUrl),
    /// Nothing at all.
    Empty,
}

impl SourceSpec {
    /// Returns what a source of this sort states in full; it is told without loading anything.
    pub fn speaks_for(&self, entities: &[String]) -> SpeaksFor {
        match self {
            Self::Sqlalchemy(_) => SpeaksFor::Kinds(sqlalchemy::stated_kinds(entities)),
            Self::Sql(_) | Self::Command(_) | Self::Database(_) | Self::Empty => {
                SpeaksFor::Everything
            }
        }
    }
}

/// What loading depends on besides the source itself.
#[derive(Clone, Debug)]
pub struct SourceContext {
    /// The folder that relative paths start from; Python runs in it.
    pub project_dir: PathBuf,
    /// The command that runs the project's Python, when it is configured.
    pub python: Option<String>,
    /// Where results are kept between runs.
    pub cache_dir: PathBuf,
    /// The kinds that Python models speak for beyond tables and what belongs to them.
    pub entities: Vec<String>,
    /// Schemas that Python models name, and those that are meant (SQLAlchemy's `schema_translate_map`).
    pub schema_translate_map: BTreeMap<String, String>,
    /// What an `env.py` gets from `get_x_argument`.
    pub arguments: Vec<String>,
    /// Where the foreign keys of Python models stand.
    pub foreign_keys: ForeignKeys,
    /// Whether what earlier runs keep is passed over (it is written all the same).
    pub ignore_cache: bool,
    /// Where every connection of the application's leads; none goes where the application has it. What is read so is not kept.
    pub connects_to: Option<ConnectsTo>,
}

/// Where foreign keys stand in the SQL of Python models.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ForeignKeys {
    /// In their tables, but for those of a cycle.
    #[default]
    Inside,
    /// Each in a statement of its own, so that it can fail alone.
    Apart,
}

/// A loaded source.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The statements in the order in which they can run.
    pub statements: Vec<Statement>,
    /// The kinds of object the source states in full.
    pub speaks_for: SpeaksFor,
    /// The roles and extensions that must be there before the statements run.
    pub needs: Needs,
    /// What SQL cannot carry.
    pub intents: Intents,
    /// Domains that it makes although it does not speak for domains: schema, where one is named, and name.
    pub stated_domains: BTreeSet<(Option<String>, String)>,
    /// What the `env.py` that the models come from says beyond them.
    pub environment: Option<AlembicEnvironment>,
    /// The tables of Python models, and where each is defined.
    pub tables: Vec<ModelTable>,
    /// What the models state and their own library cannot write as SQL.
    pub set_aside: Vec<SetAside>,
    /// What a person should know although the source loaded.
    pub warnings: Vec<SourceWarning>,
}

impl Loaded {
    /// Makes the answer of a source that states every kind of object.
    pub fn everything(statements: Vec<Statement>) -> Self {
        let needs = aludel_sql::needs(&statements);
        Self {
            statements,
            speaks_for: SpeaksFor::Everything,
            needs,
            intents: Intents::default(),
            stated_domains: BTreeSet::new(),
            environment: None,
            tables: Vec::new(),
            set_aside: Vec::new(),
            warnings: Vec::new(),
        }
    }
}

/// A table of Python models.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelTable {
    /// The schema that is meant, where the models name one.
    pub schema: Option<String>,
    /// Its name.
    pub name: String,
    /// The names that the models give to its constraints; PostgreSQL names the others.
    pub constraints: BTreeSet<String>,
    /// The file that defines it, as shown to a person.
    pub file: Option<String>,
    /// The line of its class or of the call that makes it.
    pub line: Option<u32>,
}

/// An index or a foreign key that Python models state and SQLAlchemy cannot write.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct SetAside {
    /// The schema of its table, where the models name one.
    pub schema: Option<String>,
    /// Its table.
    pub table: String,
    /// The index's name.
    pub name: Option<String>,
    /// The foreign key's columns.
    pub columns: Vec<String>,
    /// The table that the foreign key refers to, its schema optional.
    pub refers_to: Option<String>,
    /// Why it cannot be written.
    pub message: String,
    /// The file of the table.
    pub file: Option<String>,
    /// The line of its class.
    pub line: Option<u32>,
}

/// The kinds of object that a source states in full: what it does not contain is wanted gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SpeaksFor {
    /// Every kind.
    Everything,
    /// These kinds, by the catalog's names, and `comment`. `policy` includes whether row security is enabled and forced.
    Kinds(BTreeSet<String>),
}

impl SpeaksFor {
    /// Returns whether the source states objects of this kind.
    pub fn includes(&self, kind: &str) -> bool {
        match self {
            Self::Everything => true,
            Self::Kinds(kinds) => kinds.contains(kind),
        }
    }

    /// Returns what two sources state together.
    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::Kinds(left), Self::Kinds(right)) => Self::Kinds(left | right),
            (Self::Everything, _) | (_, Self::Everything) => Self::Everything,
        }
    }
}

/// What the models say that SQL cannot.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Intents {
    /// Objects that had another name.
    pub renames: Vec<Rename>,
    /// What becomes of enum values that go.
    pub enum_maps: Vec<EnumMap>,
}

impl Intents {
    /// Adds what another source says.
    pub fn extend(&mut self, other: Self) {
        self.renames.extend(other.renames);
        self.enum_maps.extend(other.enum_maps);
    }
}

/// What rows that have a value of an enum which goes shall have instead.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct EnumMap {
    /// The type, its schema optional.
    #[serde(rename = "type")]
    pub type_name: String,
    /// The value that goes.
    pub from: String,
    /// The value that takes its place.
    pub to: String,
}

/// One object under its old and its new name.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Rename {
    /// The kind in PostgreSQL's words, where the models say so.
    pub kind: Option<String>,
    /// The table or type (with its schema, where it has one) that the object belongs to, under its new name.
    pub table: Option<String>,
    /// The old name, its container optional.
    pub from: String,
    /// The new name.
    pub to: String,
    /// The file that says it, as shown to a person.
    #[serde(default)]
    pub file: Option<String>,
    /// The line in that file, counted from 1.
    #[serde(default)]
    pub line: Option<u32>,
}

/// Something about a source that a person should know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceWarning {
    /// The file it is about, as shown to a person.
    pub file: Option<String>,
    /// The line in that file, counted from 1.
    pub line: u32,
    /// What was found.
    pub message: String,
    /// The edit that mends it.
    pub hint: Option<String>,
}
