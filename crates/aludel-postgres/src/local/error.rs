//! Why the local database does not serve.

use std::path::PathBuf;

use crate::cluster::ClusterError;
use crate::error::{ConnectError, StatementError};

/// Why the local database does not serve.
#[derive(Debug, thiserror::Error)]
pub enum LocalError {
    /// The machine has no server programs.
    #[error("no PostgreSQL server programs were found for the local database")]
    NoPrograms,
    /// The data was made by a major version that this machine does not have.
    #[error(
        "{data_dir} holds data of PostgreSQL {data_major}, and this machine has \
         PostgreSQL {program_major}"
    )]
    WrongMajor {
        /// The data directory.
        data_dir: PathBuf,
        /// The major version that made it.
        data_major: u32,
        /// The major version that would run.
        program_major: u32,
    },
    /// The data directory is somebody else's.
    #[error("{data_dir} belongs to another account (uid {owner})")]
    NotOurs {
        /// The data directory.
        data_dir: PathBuf,
        /// Whose it is.
        owner: u32,
    },
    /// The data directory is not empty and holds no data of PostgreSQL.
    #[error("{data_dir} is there and holds no PostgreSQL data")]
    NotData {
        /// The directory.
        data_dir: PathBuf,
    },
    /// Something listens on the port.
    #[error("port {port} on 127.0.0.1 is in use")]
    PortTaken {
        /// The port.
        port: u16,
    },
    /// The server does not end.
    #[error("the local server (process {pid}) did not stop within {seconds} seconds")]
    DoesNotStop {
        /// Its process.
        pid: i32,
        /// How long was waited.
        seconds: u64,
    },
    /// The server ended right after it had started.
    #[error("the local server ended right after it had started")]
    EndedAgain,
    /// The server does not start.
    #[error(transparent)]
    Cluster(#[from] ClusterError),
    /// A file of `.aludel` cannot be read or written; the error names it.
    #[error("cannot prepare the local database: {0}")]
    File(#[from] std::io::Error),
    /// The server runs and refuses us.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// The server refused one of our own statements.
    #[error("local server refused a statement of Aludel's own: {0}")]
    Statement(#[from] StatementError),
}

impl LocalError {
    /// What the user can do about it, one way or one step a line.
    pub fn hints(&self) -> Vec<String> {
        match self {
            Self::NoPrograms => vec![
                "run `aludel db install` to fetch server programs into your cache".to_owned(),
                "or install PostgreSQL (Debian: `apt-get install postgresql`)".to_owned(),
                "or set DATABASE_URL to a database of your own".to_owned(),
            ],
            Self::WrongMajor {
                data_dir,
                data_major,
                program_major,
            } => {
                let data_dir = data_dir.display();
                vec![
                    format!(
                        "run `aludel db install --major {data_major}` to go on with version \
                         {data_major}"
                    ),
                    format!("or move the data to version {program_major}, after that install:"),
                    "  aludel db start && pg_dumpall --no-role-passwords -h SOCKET -U postgres \
                     > all.sql && aludel db stop   (SOCKET as `aludel db status` shows it)"
                        .to_owned(),
                    format!("  mv {data_dir} {data_dir}-{data_major}"),
                    format!(
                        "  set `major = {program_major}` in `[scratch]`, then `aludel db start` \
                         and `aludel db psql -- -f all.sql`"
                    ),
                ]
            }
            Self::NotOurs { .. } => {
                vec!["run the command as that account, or give the directory to yours".to_owned()]
            }
            Self::NotData { data_dir } => {
                vec![format!("move {} out of the way", data_dir.display())]
            }
            Self::PortTaken { .. } => vec![
                "choose another port: `aludel db start --port N`".to_owned(),
                "or `aludel db start --port 0` to serve the private socket only".to_owned(),
            ],
            Self::DoesNotStop { pid, .. } => {
                vec![format!("see what it does: `ps -f {pid}`, and its log")]
            }
            Self::Cluster(ClusterError::Unreachable { account, directory }) => vec![
                format!(
                    "run `chmod o+x {}` to let `{account}` pass",
                    directory.display()
                ),
                "or move the project to a directory that it can reach".to_owned(),
                "or set DATABASE_URL to a database of your own".to_owned(),
            ],
            Self::EndedAgain
            | Self::Cluster(_)
            | Self::File(_)
            | Self::Connect(_)
            | Self::Statement(_) => Vec::new(),
        }
    }
}
