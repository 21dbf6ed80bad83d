//! A private PostgreSQL server of ours: initialise its data, start it, wait for it, stop it.
//!
//! Both the scratch engine and the local database are such clusters; they differ in settings and
//! in how long they live.

pub(crate) mod child;

use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::account::Account;
use crate::error::{ConnectError, ConnectFailure};
use crate::programs::Programs;
use crate::session::{ConnectOptions, Session};
use crate::url::DatabaseUrl;

use child::Lifetime;

/// The locale of every cluster of ours: byte order, so that nothing sorts differently elsewhere,
/// with UTF-8's letters where the system has them.
pub(crate) const LOCALE: &str = if cfg!(target_os = "linux") {
    "C.UTF-8"
} else {
    "C"
};

/// The longest path of a unix socket, with room for the name that PostgreSQL adds.
const LONGEST_SOCKET_DIRECTORY: usize = 103 - "/.s.PGSQL.65535".len();

/// How long a start may take; recovery after a crash of the local database may need it.
const START_LIMIT: Duration = Duration::from_mins(1);

/// Why a cluster of ours does not run.
#[derive(Debug, thiserror::Error)]
pub enum ClusterError {
    /// A file operation failed; the error names the path.
    #[error("cannot prepare the server's directory: {0}")]
    Directory(#[from] std::io::Error),
    /// `initdb` failed.
    #[error("`{program}` failed: {said}")]
    Initialise {
        /// The program's path.
        program: PathBuf,
        /// What it printed.
        said: String,
    },
    /// The server program cannot be started at all.
    #[error("cannot run `{program}`: {reason}")]
    Launch {
        /// The program's path.
        program: PathBuf,
        /// The system's words.
        reason: String,
    },
    /// The server ended while starting.
    #[error("the server ended while starting: {log}")]
    Ended {
        /// The last lines of its log.
        log: String,
    },
    /// The server runs and does not answer.
    #[error("the server did not answer within {seconds} seconds: {log}")]
    Silent {
        /// How long was waited.
        seconds: u64,
        /// The last lines of its log, or the last refusal.
        log: String,
    },
    /// The account that runs the server cannot reach a directory.
    #[error("the account `{account}`, which runs the server, cannot pass through {directory}")]
    Unreachable {
        /// The account.
        account: String,
        /// The first closed directory on the way.
        directory: PathBuf,
    },
}

/// Everything a start needs.
pub(crate) struct Launch<'a> {
    pub(crate) programs: &'a Programs,
    pub(crate) account: Option<&'a Account>,
    pub(crate) data_dir: &'a Path,
    pub(crate) socket_dir: &'a Path,
    pub(crate) port: u16,
    pub(crate) settings: &'a [(&'a str, String)],
    pub(crate) lifetime: Lifetime,
    /// Where the server's own messages go.
    pub(crate) log: &'a Path,
}

/// True when a socket in this directory would have a path that the system refuses.
pub(crate) fn too_long_for_socket(directory: &Path) -> bool {
    directory.as_os_str().len() > LONGEST_SOCKET_DIRECTORY
}

/// Makes a directory that only the server's account may enter.
pub(crate) fn private_directory(
    directory: &Path,
    account: Option<&Account>,
) -> Result<(), std::io::Error> {
    use std::os::unix::fs::DirBuilderExt as _;
    std::fs::DirBuilder::new()
        .mode(0o700)
        .create(directory)
        .map_err(|error| {
            std::io::Error::new(
                error.kind(),
                format!("cannot create {}: {error}", directory.display()),
            )
        })?;
    give_to(directory, account)
}

/// Hands a file or directory to the server's account.
pub(crate) fn give_to(path: &Path, account: Option<&Account>) -> Result<(), std::io::Error> {
    match account {
        Some(account) => std::os::unix::fs::lchown(path, Some(account.uid), Some(account.gid)),
        None => Ok(()),
    }
}

/// Runs `initdb` into an existing empty directory that the account owns.
pub(crate) fn initialise(
    programs: &Programs,
    account: Option<&Account>,
    data_dir: &Path,
    superuser: &str,
    more: &[&str],
) -> Result<(), ClusterError> {
    if let Some(account) = account
        && let Some(directory) = account
            .first_unreachable(data_dir)
            .or_else(|| account.first_unreachable(&programs.bin_dir))
    {
        return Err(ClusterError::Unreachable {
            account: account.name.clone(),
            directory,
        });
    }
    let mut command = programs.command("initdb");
    command
        .arg("--pgdata")
        .arg(data_dir)
        .args(["--encoding=UTF8", "--no-instructions"])
        .arg(format!("--locale={LOCALE}"))
        .arg(format!("--username={superuser}"))
        .args(more)
        .stdin(Stdio::null());
    child::prepare(&mut command, account, Lifetime::WithParent);
    let output = command.output().map_err(|error| ClusterError::Launch {
        program: programs.bin_dir.join("initdb"),
        reason: error.to_string(),
    })?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(ClusterError::Initialise {
        program: programs.bin_dir.join("initdb"),
        said: last_lines(&said),
    })
}

/// Starts the server; it is not ready yet.
pub(crate) fn launch(launch: &Launch) -> Result<Child, ClusterError> {
    let log = std::fs::File::options()
        .create(true)
        .append(true)
        .open(launch.log)?;
    let mut command = launch.programs.command("postgres");
    command
        .arg("-D")
        .arg(launch.data_dir)
        .arg("-k")
        .arg(launch.socket_dir)
        .arg("-p")
        .arg(launch.port.to_string());
    for (name, value) in launch.settings {
        command.arg("-c").arg(format!("{name}={value}"));
    }
    command
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log);
    child::prepare(&mut command, launch.account, launch.lifetime);
    command.spawn().map_err(|error| ClusterError::Launch {
        program: launch.programs.bin_dir.join("postgres"),
        reason: error.to_string(),
    })
}

/// Connects as soon as the server answers.
pub(crate) async fn wait_until_ready(
    child: &mut Child,
    url: &DatabaseUrl,
    options: &ConnectOptions,
    log: &Path,
) -> Result<Session, ClusterError> {
    let begun = Instant::now();
    let socket = Path::new(url.host()).join(format!(".s.PGSQL.{}", url.port()));
    loop {
        if let Ok(Some(_)) = child.try_wait() {
            return Err(ClusterError::Ended { log: tail(log) });
        }
        let mut refusal = None;
        if socket.exists() {
            match Session::connect(url, options).await {
                Ok(session) => return Ok(session),
                Err(error) if is_starting(&error) => refusal = Some(error),
                Err(error) => {
                    return Err(ClusterError::Ended {
                        log: error.to_string(),
                    });
                }
            }
        }
        if begun.elapsed() > START_LIMIT {
            return Err(ClusterError::Silent {
                seconds: START_LIMIT.as_secs(),
                log: refusal.map_or_else(|| tail(log), |error| error.to_string()),
            });
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// True while a server that is coming up turns connections away.
fn is_starting(error: &ConnectError) -> bool {
    match error.failure.as_ref() {
        ConnectFailure::Unreachable(_) => true,
        ConnectFailure::Server(answer) => answer.is("57P03"),
        _ => false,
    }
}

/// Ends a server at once, without a checkpoint: right only for data that nobody needs.
pub(crate) fn stop_immediately(child: &mut Child) {
    crate::process::signal(child.id().cast_signed(), Signal::QUIT);
    let begun = Instant::now();
    while let Ok(None) = child.try_wait() {
        if begun.elapsed() > Duration::from_secs(5) {
            let _ = child.kill();
            let _ = child.wait();
            return;
        }
        std::thread::sleep(Duration::from_millis(1));
    }
}

/// The end of a log file, for an error.
pub(crate) fn tail(log: &Path) -> String {
    let text = fs_err::read(log).unwrap_or_default();
    last_lines(&String::from_utf8_lossy(&text))
}

fn last_lines(text: &str) -> String {
    let lines: Vec<_> = text
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    let start = lines.len().saturating_sub(6);
    if lines.is_empty() {
        "it printed nothing".to_owned()
    } else {
        lines[start..].join("\n")
    }
}
