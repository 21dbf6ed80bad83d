//! The local database: a private cluster kept in the project, used when no URL is configured.
//!
//! Its data stands in `.aludel/pgdata`, durable; it is started on demand, outlives the command
//! that started it, and is ended by `aludel db stop` only. Nothing here ever deletes data.
//!
//! Reading order: [`LocalCluster`], `files` (what stands in `.aludel`), `start`, `error`.

mod error;
mod files;
mod start;

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::cache::default_cache_dir;
use crate::process;
use crate::url::DatabaseUrl;

pub use error::LocalError;
use files::Files;

/// The role that owns everything local, and the database that is made at the first start.
pub(crate) const SUPERUSER: &str = "postgres";
pub(crate) const DATABASE: &str = "app";

/// How long an orderly stop may take; it writes what is still in memory.
const STOP_LIMIT: Duration = Duration::from_mins(1);

/// The local database of one project.
#[derive(Clone, Debug)]
pub struct LocalCluster {
    files: Files,
    project_dir: PathBuf,
    cache_dir: PathBuf,
    major: Option<u32>,
}

/// Whether a local database serves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LocalState {
    /// There is none yet.
    Absent,
    /// Its data is there and no server.
    Stopped,
    /// It serves.
    Running {
        /// The server's process.
        pid: i32,
    },
}

/// What is known of a local database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LocalStatus {
    /// Whether it serves.
    pub state: LocalState,
    /// Where its data is.
    pub data_dir: PathBuf,
    /// The major version of its data.
    pub major: Option<u32>,
    /// Where it is reached while it runs: through a socket in a private directory.
    pub url: Option<DatabaseUrl>,
    /// Where the application reaches it while it runs with a port; holds a password.
    pub tcp_url: Option<DatabaseUrl>,
    /// The port on the loopback interface that was asked for once and is used at every start.
    pub port: Option<u16>,
    /// The server's own messages.
    pub log: PathBuf,
}

impl LocalCluster {
    /// The local database of the project in this directory. Touches nothing.
    pub fn at(project_dir: &Path) -> Self {
        let project_dir =
            std::path::absolute(project_dir).unwrap_or_else(|_| project_dir.to_owned());
        Self {
            files: Files::below(&project_dir),
            project_dir,
            cache_dir: default_cache_dir(),
            major: None,
        }
    }

    /// Prefers this major version when the data is made.
    #[must_use]
    pub fn with_major(self, major: Option<u32>) -> Self {
        Self { major, ..self }
    }

    /// Looks for fetched server programs in another cache.
    #[must_use]
    pub fn with_cache_dir(self, cache_dir: &Path) -> Self {
        Self {
            cache_dir: cache_dir.to_owned(),
            ..self
        }
    }

    /// Where the data is, or would be.
    pub fn data_dir(&self) -> &Path {
        &self.files.data_dir
    }

    /// The URL of the database `app`; makes and starts what is not there yet.
    pub async fn ensure_started(&self) -> Result<DatabaseUrl, LocalError> {
        if let Some(running) = self.files.running() {
            return Ok(running.url());
        }
        let status = self.start(None).await?;
        status.url.ok_or(LocalError::EndedAgain)
    }

    /// Starts it. A port is remembered for later starts, 0 forgets it; a server that runs with
    /// another port is started anew.
    pub async fn start(&self, port: Option<u16>) -> Result<LocalStatus, LocalError> {
        let _lock = self.files.lock()?;
        let wanted = match port {
            Some(0) => None,
            Some(port) => Some(port),
            None => self.files.port(),
        };
        if let Some(running) = self.files.running() {
            if running.tcp_port() == wanted {
                return Ok(self.status().await);
            }
            self.end(running.pid)?;
        }
        start::start(self, wanted).await?;
        Ok(self.status().await)
    }

    /// Stops it in good order; one that does not run is no error.
    pub async fn stop(&self) -> Result<LocalStatus, LocalError> {
        if self.files.data_dir.exists() {
            let _lock = self.files.lock()?;
            if let Some(running) = self.files.running() {
                self.end(running.pid)?;
            }
        }
        Ok(self.status().await)
    }

    /// How it stands. Reads files only.
    #[expect(
        clippy::unused_async,
        reason = "the other verbs are async, and callers need not tell them apart"
    )]
    pub async fn status(&self) -> LocalStatus {
        let running = self.files.running();
        let state = match &running {
            Some(running) => LocalState::Running { pid: running.pid },
            None if self.files.data_dir.join("PG_VERSION").exists() => LocalState::Stopped,
            None => LocalState::Absent,
        };
        let tcp_port = running.as_ref().and_then(files::Running::tcp_port);
        LocalStatus {
            state,
            data_dir: self.files.data_dir.clone(),
            major: self.files.major(),
            url: running.as_ref().map(files::Running::url),
            tcp_url: tcp_port.and_then(|port| self.files.tcp_url(port)),
            port: self.files.port(),
            log: self.files.log.clone(),
        }
    }

    /// Fast shutdown: sessions end, data is written, then the process.
    fn end(&self, pid: i32) -> Result<(), LocalError> {
        process::signal(pid, Signal::INT);
        let begun = Instant::now();
        while self.files.is_server(pid) {
            if begun.elapsed() > STOP_LIMIT {
                return Err(LocalError::DoesNotStop {
                    pid,
                    seconds: STOP_LIMIT.as_secs(),
                });
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        Ok(())
    }
}
