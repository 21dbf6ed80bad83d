//! What happens during a run, as data: the program alone decides how it looks.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use aludel_revision::{Direction, RevisionId};
use aludel_sql::Origin;

/// Another session of the server, as a person would look for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtherSession {
    /// Its process id on the server.
    pub pid: i32,
    /// Its role.
    pub user: String,
    /// The name its program gave itself.
    pub application: String,
    /// Where it comes from; empty for a socket.
    pub client: String,
    /// `active`, `idle in transaction` and so on.
    pub state: String,
    /// How long its transaction has been open, else how long it has been connected.
    pub since: Duration,
    /// What it runs or ran last, on one line, cut at 200 characters.
    pub query: String,
}

impl fmt::Display for OtherSession {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "process {} of role {}", self.pid, self.user)?;
        if !self.application.is_empty() {
            write!(formatter, " ({})", self.application)?;
        }
        if !self.client.is_empty() {
            write!(formatter, " from {}", self.client)?;
        }
        write!(formatter, ", {} for {} s", self.state, self.since.as_secs())
    }
}

/// One thing that happened. A run sends them in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// Another run holds the lock of this version table; sent when the holder changes and every 10 s.
    WaitingForLock {
        /// Who holds it, when the server tells.
        holder: Option<OtherSession>,
        /// How long this run has waited.
        waited: Duration,
    },
    /// A file is not what the log says was applied.
    ChecksumDiffers {
        /// The revision.
        revision: RevisionId,
        /// Its file.
        path: PathBuf,
        /// The checksum in the log.
        applied: String,
        /// The file's checksum today.
        found: String,
    },
    /// An earlier attempt at a revision stopped between its segments, and this run does not continue it.
    Unfinished {
        /// The revision.
        revision: RevisionId,
        /// Which way it was run.
        direction: Direction,
        /// The segments in force.
        done: usize,
    },
    /// A revision begins.
    RevisionStarted {
        /// Counted from 1.
        index: usize,
        /// How many this run has.
        total: usize,
        /// Which way.
        direction: Direction,
        /// The revision.
        revision: RevisionId,
        /// Its message.
        message: String,
    },
    /// An unfinished earlier attempt is continued.
    Resumed {
        /// The revision.
        revision: RevisionId,
        /// The segments already done.
        done: usize,
        /// All of them.
        segments: usize,
    },
    /// A statement goes to the server.
    StatementStarted {
        /// The revision.
        revision: RevisionId,
        /// Counted from 1 through all segments.
        index: usize,
        /// How many this direction of the revision has.
        total: usize,
        /// Its text.
        text: String,
        /// Where it stands.
        origin: Origin,
    },
    /// It is done.
    StatementFinished {
        /// The revision.
        revision: RevisionId,
        /// Counted from 1 through all segments.
        index: usize,
        /// From sending to the answer; statements are sent ahead, so it may include the one before.
        elapsed: Duration,
    },
    /// The server said something.
    Notice {
        /// `NOTICE`, `WARNING` and so on.
        severity: String,
        /// What.
        message: String,
    },
    /// The running statement waits for others.
    Blocked {
        /// Those who hold what it wants.
        by: Vec<OtherSession>,
        /// How long it has waited.
        waited: Duration,
    },
    /// A segment was rolled back and is tried again.
    Retrying {
        /// The revision.
        revision: RevisionId,
        /// The attempt that comes, counted from 1.
        attempt: u32,
        /// How many there are at most.
        attempts: u32,
        /// The pause before it.
        pause: Duration,
        /// The server's message.
        reason: String,
    },
    /// An earlier attempt had finished the statement although nobody heard it.
    AlreadyDone {
        /// The revision.
        revision: RevisionId,
        /// What was found.
        finding: String,
    },
    /// What an earlier attempt left half-made is removed or finished first.
    DebrisRemoved {
        /// The revision.
        revision: RevisionId,
        /// The statement that does it.
        statement: String,
    },
    /// A revision is done and recorded.
    RevisionFinished {
        /// Counted from 1.
        index: usize,
        /// How many this run has.
        total: usize,
        /// Which way.
        direction: Direction,
        /// The revision.
        revision: RevisionId,
        /// How long it took.
        elapsed: Duration,
    },
}

/// Where events go.
pub type Events<'e> = dyn FnMut(&Event) + 'e;
