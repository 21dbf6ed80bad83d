//! What can stand in the way of adopting a project.

use std::path::PathBuf;

use aludel_postgres::{ConnectError, IntrospectError, ScratchError, StatementError};
use aludel_prove::ApplyError;
use aludel_revision::id::InvalidId;
use aludel_revision::{FileError, HistoryError, RevisionId};
use aludel_source::{Frame, SourceError};

use crate::recorder::PythonError;

/// Why a project was not adopted; its folder is as it was.
#[derive(Debug, thiserror::Error)]
pub enum AdoptError {
    /// There is no sign of Alembic.
    #[error("no Alembic project in {}", folder.display())]
    NoProject {
        /// Where it was looked for.
        folder: PathBuf,
        /// Folders below it that look like one.
        below: Vec<PathBuf>,
    },
    /// The settings file is not what its name says.
    #[error("{} cannot be read: {message}", settings.display())]
    Unreadable {
        /// The file.
        settings: PathBuf,
        /// What is wrong with it, and where.
        message: String,
    },
    /// The settings file has no section of that name.
    #[error("{} has no section [{section}]", settings.display())]
    NoSection {
        /// The file.
        settings: PathBuf,
        /// The section.
        section: String,
        /// Those that stand for a history.
        others: Vec<String>,
    },
    /// The settings file does not say where `env.py` is.
    #[error("[{section}] of {} has no script_location", settings.display())]
    NoScriptLocation {
        /// The file.
        settings: PathBuf,
        /// The section.
        section: String,
    },
    /// There is no `env.py`.
    #[error("{} has no env.py", script_location.display())]
    NoEnv {
        /// The folder.
        script_location: PathBuf,
        /// The file that leads there.
        settings: Option<PathBuf>,
    },
    /// The environment runs on several databases at once.
    #[error("env.py runs on {} databases at once: {}", names.len(), names.join(", "))]
    SeveralDatabases {
        /// Their names.
        names: Vec<String>,
    },
    /// The folders hold no revision.
    #[error("no Alembic revision below {}", shown(folders))]
    NoRevisions {
        /// The folders.
        folders: Vec<PathBuf>,
    },
    /// A revision is there as bytecode alone.
    #[error("{} is compiled: what a revision says is read from its source", path.display())]
    Compiled {
        /// The file.
        path: PathBuf,
    },
    /// An assignment is computed.
    #[error("{}:{line}: {name} is computed, so it cannot be read without running the file", path.display())]
    Computed {
        /// The file.
        path: PathBuf,
        /// The line.
        line: usize,
        /// The name.
        name: String,
    },
    /// A revision's id cannot be an id here.
    #[error("{}: {source}", path.display())]
    InvalidId {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: InvalidId,
    },
    /// A header could not be made of what the file says.
    #[error(transparent)]
    File(#[from] FileError),
    /// The revisions make no graph.
    #[error(transparent)]
    History(#[from] HistoryError),
    /// Alembic does not find a revision where its file is.
    #[error("Alembic does not find revision {revision}, which {} holds", path.display())]
    Unknown {
        /// The revision.
        revision: RevisionId,
        /// Its file.
        path: PathBuf,
    },
    /// Alembic finds a revision that was not read.
    #[error("Alembic finds revision {revision}, which is in no file that was read")]
    Unread {
        /// The revision.
        revision: String,
        /// Where revisions were looked for.
        folders: Vec<PathBuf>,
    },
    /// There is no Python to run.
    #[error(transparent)]
    Python(#[from] SourceError),
    /// The server cannot be started, or is not ours.
    #[error(transparent)]
    Scratch(#[from] ScratchError),
    /// Scratch is a server whose log cannot be read.
    #[error("recording reads the server's own log, which takes a scratch server of Aludel's own")]
    NoLog,
    /// A scratch database could not be reached.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// A catalog could not be read.
    #[error(transparent)]
    Introspect(#[from] IntrospectError),
    /// A statement of ours failed.
    #[error(transparent)]
    Statement(#[from] StatementError),
    /// A file cannot be read or written.
    #[error("{0}")]
    Io(#[from] std::io::Error),
    /// Python or the project could not begin.
    #[error("{0}")]
    Begin(Box<PythonError>),
    /// A revision does not go up.
    #[error("revision {revision} fails under Alembic: {error}")]
    Upgrade {
        /// The revision.
        revision: RevisionId,
        /// Its file.
        path: PathBuf,
        /// The revision before it, up to which everything works.
        before: Option<RevisionId>,
        /// Whether a baseline was there to make what it finds.
        has_baseline: bool,
        /// What Python said.
        error: Box<PythonError>,
    },
    /// A revision takes too long.
    #[error("revision {revision} did not end within {seconds} s")]
    TooLong {
        /// The revision.
        revision: RevisionId,
        /// Its file.
        path: PathBuf,
        /// The limit.
        seconds: u64,
        /// The revision before it.
        before: Option<RevisionId>,
        /// The last statement that reached the server.
        statement: Option<String>,
        /// Where Python was.
        frames: Vec<Frame>,
    },
    /// What was recorded does not run.
    #[error("what was recorded of revision {revision} does not run: {error}")]
    Replay {
        /// The revision.
        revision: RevisionId,
        /// The statement, and the server's words.
        error: Box<ApplyError>,
    },
    /// A statement cannot be recorded.
    #[error("revision {revision}: {message}")]
    Unrecordable {
        /// The revision.
        revision: RevisionId,
        /// Which and why.
        message: String,
    },
}

fn shown(folders: &[PathBuf]) -> String {
    let names: Vec<String> = folders
        .iter()
        .map(|folder| folder.display().to_string())
        .collect();
    names.join(", ")
}
