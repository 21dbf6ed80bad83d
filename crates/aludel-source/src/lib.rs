//! Where the desired schema comes from: SQL files, SQLAlchemy models, a command, a database.
//!
//! Every source answers with SQL and nothing else ([`Loaded`]); the server judges what the SQL means. Reading order:
//! [`source`] (the words), [`load`], then one module for each kind of source; [`discover`] finds a project's models
//! for `init`.

mod annotated;
mod command;
pub mod discover;
pub mod error;
pub mod python_project;
mod python_source;
mod redirect;
pub mod source;
mod sql_files;
pub mod sql_index;
pub mod sqlalchemy;

pub use discover::{Candidate, discover};
pub use error::{Frame, SourceError};
pub use python_project::Interpreter;
pub use redirect::{ConnectsTo, REDIRECT};
pub use source::{
    EnumMap, ForeignKeys, Intents, Loaded, ModelTable, Rename, SetAside, SourceContext, SourceSpec,
    SourceWarning, SpeaksFor,
};

/// Returns what a source says besides SQL as far as files tell, without running anything: of Python models what is known
/// from the last time, if nothing has changed since.
pub fn stated(spec: &SourceSpec, context: &SourceContext) -> Result<Intents, SourceError> {
    match spec {
        SourceSpec::Sql(path) => Ok(sql_files::load(path, context)?.intents),
        SourceSpec::Sqlalchemy(spec) => sqlalchemy::remembered(spec, context),
        SourceSpec::Command(_) | SourceSpec::Database(_) | SourceSpec::Empty => {
            Ok(Intents::default())
        }
    }
}

/// Loads one source.
///
/// A [`SourceSpec::Database`] is [`SourceError::Database`]: the caller reads its catalog instead.
pub async fn load(spec: &SourceSpec, context: &SourceContext) -> Result<Loaded, SourceError> {
    match spec {
        SourceSpec::Sql(path) => sql_files::load(path, context),
        SourceSpec::Sqlalchemy(spec) => sqlalchemy::load(spec, context).await,
        SourceSpec::Command(command) => command::load(command, context).await,
        SourceSpec::Database(_) => Err(SourceError::Database),
        SourceSpec::Empty => Ok(Loaded::everything(Vec::new())),
    }
}
