//! The `native` engine: a private cluster of PostgreSQL's own programs, made for one use.

use std::path::{Path, PathBuf};
use std::process::Child;

use rustix::fs::statvfs;

use crate::account::Account;
use crate::cluster::{self, Launch, child::Lifetime};
use crate::programs::Programs;
use crate::session::Session;
use crate::url::DatabaseUrl;

use super::database::administration_options;
use super::run_directory::{self, RunDirectory};
use super::statement_log::LINE_PREFIX;
use super::{Engine, SUPERUSER, ScratchError, copy, template};

/// The port is part of the socket's name only; nothing listens on the network.
const PORT: u16 = 5432;

/// Memory that must be free in `/dev/shm` before a cluster goes there: the template is 30 MB, a
/// database of a thousand tables another 60, and several may stand at once. Containers often have
/// 64 MB in all.
const ROOM_IN_MEMORY: u64 = 1 << 30;

const MEMORY_DIRECTORY: &str = "/dev/shm";

/// What a server needs that is thrown away: no durability, no background work, no network.
const SETTINGS: &[(&str, &str)] = &[
    ("listen_addresses", ""),
    ("fsync", "off"),
    ("synchronous_commit", "off"),
    ("full_page_writes", "off"),
    ("shared_buffers", "16MB"),
    ("huge_pages", "off"),
    // In the data directory, so that it goes with it even when the server is killed.
    ("dynamic_shared_memory_type", "mmap"),
    ("max_wal_size", "128MB"),
    ("max_connections", "20"),
    // With the default of 64, DROP SCHEMA on 300 tables runs out of shared memory.
    ("max_locks_per_transaction", "1024"),
    // CREATE PUBLICATION warns below this level.
    ("wal_level", "logical"),
    ("max_logical_replication_workers", "0"),
    ("max_prepared_transactions", "5"),
    ("autovacuum", "off"),
    ("jit", "off"),
    // Deparsed timestamps depend on it.
    ("timezone", "UTC"),
    ("log_timezone", "UTC"),
    ("logging_collector", "off"),
];

/// What a server needs besides to write down every statement and who sent it, in the form that `statement_log` reads.
const LOGGING: &[(&str, &str)] = &[
    ("log_destination", "stderr"),
    ("log_statement", "all"),
    ("log_min_messages", "error"),
    ("log_min_error_statement", "error"),
    ("log_error_verbosity", "default"),
    ("log_parameter_max_length", "-1"),
    ("log_line_prefix", LINE_PREFIX),
    // The application under observation may keep connections.
    ("max_connections", "60"),
    // Nobody else is here: who waits for a lock waits for another connection of its own, and would for ever.
    ("lock_timeout", "10s"),
];

/// A running cluster; it stops and goes with its value.
#[derive(Debug)]
pub(super) struct NativeEngine {
    child: Child,
    url: DatabaseUrl,
    log: PathBuf,
    // Declared after `child`: the directory goes when the server has ended.
    _directory: RunDirectory,
    _socket_directory: Option<RunDirectory>,
}

/// Copies the template, starts the server and returns it with a first session.
pub(super) async fn start(
    programs: &Programs,
    account: Option<&Account>,
    cache_dir: &Path,
    logs_statements: bool,
) -> Result<(NativeEngine, Session), ScratchError> {
    run_directory::sweep(&bases(cache_dir));
    let template = template::ensure(cache_dir, programs, account)?;
    let base = base_directory(cache_dir)?;
    let directory = RunDirectory::create(&base, account)?;
    let data_dir = directory.path().join("data");
    copy::data_directory(&template, &data_dir, account)?;
    let socket_directory = if cluster::too_long_for_socket(directory.path()) {
        Some(RunDirectory::create(Path::new("/tmp"), account)?)
    } else {
        None
    };
    let socket_path = socket_directory
        .as_ref()
        .unwrap_or(&directory)
        .path()
        .to_owned();
    let logging = if logs_statements { LOGGING } else { &[] };
    let settings: Vec<_> = SETTINGS
        .iter()
        .chain(logging)
        .map(|(name, value)| (*name, (*value).to_owned()))
        .collect();
    let log = directory.path().join("server.log");
    let child = cluster::launch(&Launch {
        programs,
        account,
        data_dir: &data_dir,
        socket_dir: &socket_path,
        port: PORT,
        settings: &settings,
        lifetime: Lifetime::WithParent,
        log: &log,
    })?;
    let url = DatabaseUrl::for_socket(&socket_path, PORT, SUPERUSER, "postgres");
    // From here on the value stops the server, whatever happens.
    let mut engine = NativeEngine {
        child,
        url,
        log: log.clone(),
        _directory: directory,
        _socket_directory: socket_directory,
    };
    let url = engine.url.clone();
    let options = administration_options();
    let session = cluster::wait_until_ready(&mut engine.child, &url, &options, &log).await?;
    Ok((engine, session))
}

impl NativeEngine {
    /// Where the server's own messages go.
    pub(super) fn log(&self) -> &Path {
        &self.log
    }
}

impl Engine for NativeEngine {
    fn name(&self) -> &'static str {
        "native"
    }

    fn url(&self) -> &DatabaseUrl {
        &self.url
    }

    fn dies_with_us(&self) -> bool {
        true
    }
}

impl Drop for NativeEngine {
    fn drop(&mut self) {
        cluster::stop_immediately(&mut self.child);
    }
}

/// Every place where runs may have left something.
fn bases(cache_dir: &Path) -> Vec<PathBuf> {
    vec![
        PathBuf::from(MEMORY_DIRECTORY),
        cache_dir.join("tmp"),
        PathBuf::from("/tmp"),
    ]
}

/// Memory when there is room, else the cache.
fn base_directory(cache_dir: &Path) -> Result<PathBuf, ScratchError> {
    let free = statvfs(MEMORY_DIRECTORY).map_or(0, |stat| stat.f_bavail * stat.f_frsize);
    if free >= ROOM_IN_MEMORY {
        return Ok(PathBuf::from(MEMORY_DIRECTORY));
    }
    let directory = cache_dir.join("tmp");
    fs_err::create_dir_all(&directory)?;
    Ok(directory)
}
