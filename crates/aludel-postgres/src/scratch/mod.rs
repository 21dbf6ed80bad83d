//! Scratch: databases that exist for one question and cost nothing to have.
//!
//! An *engine* is whatever gives the URL of a server where databases may be made:
//!
//! - `url`: a server the user names;
//! - `native`: PostgreSQL programs of this machine, run as a private cluster;
//! - `embedded`: PostgreSQL inside a side program, which comes in a later release.
//!
//! Choosing is separate from starting ([`Scratch::plan`]), because an answer that is cached needs
//! the server's version and no server. Reading order: [`Scratch`], [`ScratchPlan`],
//! `database` (what is done on the server), `native`, `url`, `template`, `run_directory`, `survey`.
//!
//! Start scratch from the program's main thread: a native server ends with the thread that started
//! it.

mod copy;
mod database;
mod native;
mod plan;
mod run_directory;
mod statement_log;
mod survey;
mod template;
mod url;

use std::path::PathBuf;
use std::sync::Arc;

use crate::cluster::ClusterError;
use crate::error::{ConnectError, StatementError};
use crate::url::DatabaseUrl;

use database::Administration;

pub use database::{NAME_PREFIX as SCRATCH_PREFIX, ScratchDatabase};
pub use plan::ScratchPlan;
pub use statement_log::{Logged, LoggedFailure, StatementLog};
pub use survey::{EngineFinding, survey};

/// The superuser of native clusters. Not `postgres`: scripts name that role, and an object given
/// to it must be told from one that the script leaves to whoever runs it.
pub(crate) const SUPERUSER: &str = "aludel";

/// Which engine to use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum EngineChoice {
    /// The URL when one is given, else native.
    #[default]
    Auto,
    /// A private cluster of PostgreSQL's programs.
    Native,
    /// The server of the URL.
    Url,
    /// A side program that comes in a later release.
    Embedded,
}

/// How scratch is chosen and made.
#[derive(Clone, Debug, Default)]
pub struct ScratchOptions {
    /// The engine.
    pub engine: EngineChoice,
    /// The server of the `url` engine.
    pub url: Option<DatabaseUrl>,
    /// The major version wanted; another is taken when this machine does not have it.
    pub major: Option<u32>,
    /// Replaces [`default_cache_dir`](crate::default_cache_dir).
    pub cache_dir: Option<PathBuf>,
    /// The project, whose `.venv` and `node_modules` may hold server programs.
    pub project_dir: Option<PathBuf>,
    /// Whether a native server writes down every statement that reaches it ([`Scratch::statement_log`]).
    pub logs_statements: bool,
}

/// Why there is no scratch.
#[derive(Debug, thiserror::Error)]
pub enum ScratchError {
    /// The machine has no server programs and no URL is given.
    #[error("no PostgreSQL server programs were found")]
    NoPrograms {
        /// The wanted major version.
        major: Option<u32>,
        /// What looked like programs and why it does not serve.
        unusable: Vec<crate::programs::Unusable>,
    },
    /// The `url` engine was asked for without a URL.
    #[error("the scratch engine `url` needs a URL")]
    NoUrl,
    /// The `embedded` engine was asked for.
    #[error("the scratch engine `embedded` comes in a later release")]
    EmbeddedLater,
    /// The role of the URL may not make databases.
    #[error("role `{role}` may not create scratch databases on {server}")]
    MayNotCreate {
        /// The role.
        role: String,
        /// The URL without password.
        server: String,
    },
    /// Another session keeps a scratch database from being cloned.
    #[error("scratch database `{database}` cannot be cloned: {sessions} other sessions use it")]
    InUse {
        /// The database.
        database: String,
        /// How many sessions.
        sessions: String,
    },
    /// The private cluster does not run.
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    /// A file operation failed.
    #[error("cannot prepare scratch: {0}")]
    File(#[from] std::io::Error),
    /// The scratch server cannot be reached.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// The scratch server refused one of our own statements.
    #[error("scratch server refused a statement of Aludel's own: {0}")]
    Statement(#[from] StatementError),
}

impl ScratchError {
    /// What the user can do about it, one way a line, the easiest first.
    pub fn hints(&self) -> Vec<String> {
        let lines: &[&str] = match self {
            Self::NoPrograms { .. } => &[
                "run `aludel db install` to fetch server programs into your cache",
                "or install PostgreSQL (Debian: `apt-get install postgresql`)",
                "or name a server for scratch databases in ALUDEL_SCRATCH_URL",
            ],
            Self::NoUrl => &["set ALUDEL_SCRATCH_URL to a server where databases may be created"],
            Self::EmbeddedLater => {
                &["set `engine = \"native\"` in `[scratch]` and run `aludel db install`"]
            }
            Self::MayNotCreate { role, .. } => {
                return vec![
                    format!("run `ALTER ROLE {role} CREATEDB` there as an administrator"),
                    "or unset ALUDEL_SCRATCH_URL to use a private server (`aludel db engines`)"
                        .to_owned(),
                ];
            }
            Self::InUse { .. } => &["close every session on it first"],
            Self::Cluster(ClusterError::Unreachable { .. }) => {
                &["set a cache directory that the account can reach, for example /var/cache/aludel"]
            }
            Self::Cluster(_) | Self::File(_) | Self::Connect(_) | Self::Statement(_) => &[],
        };
        lines.iter().map(|line| (*line).to_owned()).collect()
    }
}

/// Whatever gives a URL: a server where scratch databases may be made. Dropping an engine ends
/// what it started.
trait Engine: Send + Sync + std::fmt::Debug {
    /// The name in the configuration.
    fn name(&self) -> &'static str;

    /// The server, with a database to give orders from.
    fn url(&self) -> &DatabaseUrl;

    /// True when the server and all its databases end with this program.
    fn dies_with_us(&self) -> bool;
}

/// A running scratch server. Stop it with [`Scratch::stop`]; dropping it cleans up too.
#[derive(Debug)]
pub struct Scratch {
    administration: Arc<Administration>,
    engine: Box<dyn Engine>,
    statement_log: Option<PathBuf>,
}

impl Scratch {
    /// Chooses an engine without starting anything (the `url` engine is asked for its version).
    pub async fn plan(options: &ScratchOptions) -> Result<ScratchPlan, ScratchError> {
        ScratchPlan::new(options).await
    }

    /// Chooses an engine and starts it.
    pub async fn start(options: &ScratchOptions) -> Result<Self, ScratchError> {
        Self::plan(options).await?.start().await
    }

    /// Makes an empty database.
    pub async fn database(&self) -> Result<ScratchDatabase, ScratchError> {
        self.administration.create("template0").await
    }

    /// Copies a database, which no session may be using.
    pub async fn clone_of(
        &self,
        database: &ScratchDatabase,
    ) -> Result<ScratchDatabase, ScratchError> {
        self.administration
            .wait_until_unused(database.name())
            .await?;
        self.administration.create(database.name()).await
    }

    /// Ends every session that uses a database of ours.
    pub async fn disconnect(&self, database: &ScratchDatabase) -> Result<(), ScratchError> {
        self.administration.disconnect(database.name()).await
    }

    /// What the server was told, statement by statement, from now on; `None` unless the options asked for it and the
    /// server is native.
    pub fn statement_log(&self) -> Option<StatementLog> {
        self.statement_log
            .as_ref()
            .map(|path| StatementLog::new(path))
    }

    /// `native` or `url`.
    pub fn engine_name(&self) -> &str {
        self.engine.name()
    }

    /// The server's version as `server_version_num` has it.
    pub fn server_version_num(&self) -> u32 {
        self.administration.server_version_num()
    }

    /// True when roles made here end with this scratch: on a server that others use they would
    /// stay, so Aludel makes none there.
    pub fn may_create_roles(&self) -> bool {
        self.engine.dies_with_us()
    }

    /// Removes everything that was made.
    pub async fn stop(self) -> Result<(), ScratchError> {
        if !self.engine.dies_with_us() {
            self.administration.drop_all().await?;
        }
        // Dropping the engine stops its server.
        Ok(())
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        if self.engine.dies_with_us() {
            return;
        }
        let left = self.administration.databases();
        if !left.is_empty() {
            url::drop_from_another_thread(self.engine.url().clone(), left);
        }
    }
}
