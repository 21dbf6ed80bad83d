//! What can go wrong while a source is loaded.

use std::fmt;
use std::io;
use std::path::PathBuf;

use aludel_sql::SplitError;
use serde::{Deserialize, Serialize};

/// A source that could not be loaded.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    /// A file or folder cannot be read; the message names it.
    #[error("{0}")]
    Read(#[from] io::Error),
    /// A folder holds nothing to load.
    #[error("no .sql file under {}", .path.display())]
    NoSqlFiles {
        /// The folder.
        path: PathBuf,
    },
    /// A folder has an index, and a file that the index does not list.
    #[error("{file} is not listed in {index}")]
    NotInIndex {
        /// The index, as it is shown.
        index: String,
        /// The file, as it is shown.
        file: String,
        /// The file, as the index would list it.
        line: String,
    },
    /// A file is not text.
    #[error("{file}:{line}: not UTF-8")]
    NotUtf8 {
        /// The file, or the command that printed the text.
        file: String,
        /// The first line with a wrong byte.
        line: u32,
    },
    /// A script cannot be cut into statements.
    #[error(transparent)]
    Split(#[from] SplitError),
    /// A directive says what cannot be.
    #[error("{origin}: {message}")]
    Annotation {
        /// Where it stands.
        origin: aludel_sql::Origin,
        /// What is wrong with it.
        message: String,
    },
    /// A program cannot be started.
    #[error("cannot start `{command}`: {source}")]
    Start {
        /// The command as configured or found.
        command: String,
        /// The system's reason.
        source: io::Error,
    },
    /// A program ended without an answer.
    #[error("`{command}` {outcome}")]
    Ended {
        /// The command.
        command: String,
        /// How it ended.
        outcome: String,
        /// The last lines that it wrote to standard error.
        output: String,
    },
    /// The project's Python is not to be found.
    #[error("no Python found for {}", .project_dir.display())]
    NoPython {
        /// The project folder.
        project_dir: PathBuf,
    },
    /// No `env.py` of Alembic is to be found.
    #[error("no Alembic env.py found for `{spec}` in {}", .project_dir.display())]
    NoEnv {
        /// The source as configured.
        spec: String,
        /// The project folder.
        project_dir: PathBuf,
    },
    /// The models answered with an error.
    #[error("{0}")]
    Models(Box<ModelsError>),
    /// A database is not loaded as SQL; its catalog is read.
    #[error("a database is a source whose catalog is read, not loaded")]
    Database,
}

impl SourceError {
    /// Returns what is known beyond the message, a line each: Python's frames, a program's output.
    pub fn details(&self) -> Vec<String> {
        match self {
            Self::Models(error) => error.details(),
            Self::Ended { output, .. } => output.lines().map(str::to_owned).collect(),
            _ => Vec::new(),
        }
    }

    /// Returns the edit or command that mends it, when one is known.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Models(error) => error.hint.clone(),
            Self::Annotation { .. } => Some(
                "`-- aludel: renamed from=old_name` stands on the line above what was renamed; \
                 `-- aludel: enum-map old=new` above CREATE TYPE … AS ENUM"
                    .to_owned(),
            ),
            Self::NotUtf8 { file, .. } => {
                Some(format!("convert the text: iconv -f latin1 -t utf-8 {file}"))
            }
            Self::NotInIndex { index, line, .. } => Some(format!(
                "add the line `\\ir {line}` to {index} where the file is to load"
            )),
            Self::NoSqlFiles { .. } => Some(
                "an empty schema would drop everything; name another folder or file".to_owned(),
            ),
            Self::NoPython { .. } | Self::Start { .. } => {
                Some("name the project's interpreter with python = \"…\" under [models]".to_owned())
            }
            Self::NoEnv { .. } => Some(
                "name the models themselves: sources = [{ sqlalchemy = \"app.models:Base\" }]"
                    .to_owned(),
            ),
            _ => None,
        }
    }
}

/// An error from inside Python, as its script reports it.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct ModelsError {
    /// `import`, `attribute`, `rls`, `compile`, `no-sqlalchemy` or `old-sqlalchemy`.
    pub kind: String,
    /// What failed.
    pub message: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// The module that was being imported.
    pub module: Option<String>,
    /// Python's exception, as its traceback ends.
    pub exception: Option<String>,
    /// The last frames of Python's traceback, outermost first.
    #[serde(default)]
    pub frames: Vec<Frame>,
    /// The command that ran Python.
    #[serde(default)]
    pub interpreter: String,
}

impl ModelsError {
    fn details(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.frames.iter().map(ToString::to_string).collect();
        lines.extend(
            self.exception
                .iter()
                .flat_map(|text| text.lines())
                .map(str::to_owned),
        );
        if !self.interpreter.is_empty() {
            lines.push(format!("run with: {}", self.interpreter));
        }
        lines
    }
}

impl fmt::Display for ModelsError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.message)
    }
}

/// One frame of a Python traceback.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub struct Frame {
    /// The file, relative to the project where it lies in it.
    pub file: String,
    /// The line, counted from 1; 0 when Python does not know.
    pub line: u32,
    /// The function, or `<module>`.
    pub function: String,
    /// The source line.
    pub code: String,
}

impl fmt::Display for Frame {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{}:{}, in {}: {}",
            self.file, self.line, self.function, self.code
        )
    }
}
