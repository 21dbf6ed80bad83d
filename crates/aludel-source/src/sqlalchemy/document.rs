//! The answer of the Python script.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use super::environment::{AlembicEnvironment, Named};
use super::url::KeptUrl;
use crate::error::ModelsError;
use crate::source::{EnumMap, Rename, SetAside};

/// The whole answer.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(crate) struct Document {
    /// The form of the answer.
    pub(crate) format: u32,
    /// Why there is no answer.
    pub(crate) error: Option<ModelsError>,
    /// The interpreter that answered.
    pub(crate) python: Python,
    /// The statements in an order in which they can run.
    pub(crate) statements: Vec<Written>,
    /// The tables of the metadata.
    pub(crate) tables: Vec<TablePlace>,
    /// The renames that the models state.
    pub(crate) renames: Vec<Rename>,
    /// What becomes of enum values that go.
    pub(crate) enum_maps: Vec<EnumMap>,
    /// What SQLAlchemy cannot write.
    pub(crate) set_aside: Vec<SetAside>,
    /// What a person should know.
    pub(crate) warnings: Vec<WrittenWarning>,
    /// The file of the module that was named, if one was.
    pub(crate) module_files: Vec<String>,
    /// Where Python looked for modules.
    pub(crate) search_path: Vec<String>,
    /// What env.py says beyond its metadata, when there is one.
    pub(crate) environment: Option<AlembicEnvironment>,
    /// What the functions of env.py leave out.
    pub(crate) left_out: Vec<Named>,
    /// Columns whose types the functions of env.py call equal.
    pub(crate) types_kept: Vec<Named>,
    /// Columns whose defaults the functions of env.py call equal.
    pub(crate) defaults_kept: Vec<Named>,
    /// The URL that env.py would connect to, when it was asked for; never written anywhere.
    #[serde(skip_serializing)]
    pub(crate) url: Option<String>,
    /// The same without its password.
    pub(crate) kept_url: Option<KeptUrl>,
    /// What the answer was made of.
    pub(crate) inputs: Inputs,
}

/// The interpreter.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(crate) struct Python {
    /// `sys.executable`.
    pub(crate) executable: String,
    /// Its version.
    pub(crate) version: String,
    /// SQLAlchemy's version.
    pub(crate) sqlalchemy: Option<String>,
}

/// A statement and where the models say it.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(crate) struct Written {
    /// The SQL; DDL of an event listener may hold several statements.
    pub(crate) sql: String,
    /// The kind of object, for those that metadata does not state by itself.
    pub(crate) kind: Option<String>,
    /// The schema of what it makes, where that is told.
    pub(crate) schema: Option<String>,
    /// The name of what it makes, where that is told.
    pub(crate) name: Option<String>,
    /// The file of the model.
    pub(crate) file: Option<String>,
    /// The line of its class.
    pub(crate) line: Option<u32>,
}

/// A warning and its place.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(crate) struct WrittenWarning {
    /// What was found.
    pub(crate) message: String,
    /// The edit that mends it.
    pub(crate) hint: Option<String>,
    /// The file it is about.
    pub(crate) file: Option<String>,
    /// The line in it.
    pub(crate) line: Option<u32>,
}

/// A table of the metadata.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(crate) struct TablePlace {
    /// The schema that the models name.
    pub(crate) schema: Option<String>,
    /// The table's name.
    pub(crate) name: String,
    /// The names that the models give to its constraints.
    pub(crate) constraints: BTreeSet<String>,
    /// The file that defines it.
    pub(crate) file: Option<String>,
    /// The line in it.
    pub(crate) line: Option<u32>,
}

/// What an answer depends on.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub(crate) struct Inputs {
    /// The project's files that were read.
    pub(crate) files: Vec<String>,
    /// The files of installed packages that were imported.
    pub(crate) packages: Vec<String>,
    /// The project's folders that were listed.
    pub(crate) folders: Vec<String>,
    /// The environment variables that were asked for by name.
    pub(crate) environment: Vec<String>,
    /// Whether all of them were looked through.
    pub(crate) iterates_environment: bool,
}
