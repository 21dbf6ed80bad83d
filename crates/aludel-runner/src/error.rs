//! Why a run stopped or did not begin, with names as data; the program turns them into words for a person.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use aludel_postgres::StatementError;
use aludel_revision::{Direction, FileError, RevisionId, TargetError};
use aludel_sql::{Hazard, Origin};

use crate::downgrade_loss::DowngradeLoss;
use crate::event::OtherSession;

/// Why a run stopped or did not begin.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The version table and the log could not be read.
    #[error("the state of the database could not be read")]
    Reading(#[source] StatementError),
    /// The version table or the log could not be written.
    #[error("the state of the database could not be written")]
    Writing(#[source] StatementError),
    /// The role may not read the version table.
    #[error("role {role} may not read {version_table}")]
    MayNotRead {
        /// The version table.
        version_table: String,
        /// The role.
        role: String,
        /// The statement that mends it.
        grant: String,
    },
    /// The role may not create or change what the run needs.
    #[error("role {role} may not {what}")]
    MayNotWrite {
        /// What it may not do, as in `create tables in schema public`.
        what: String,
        /// The role.
        role: String,
        /// The statement that mends it.
        grant: String,
    },
    /// The database takes no writes.
    #[error(
        "database {database} is read-only: {}",
        if *.standby { "the server is a standby" } else { "its transactions are read-only (default_transaction_read_only)" }
    )]
    ReadOnly {
        /// Its name.
        database: String,
        /// The server is a standby; otherwise a setting forbids writing.
        standby: bool,
    },
    /// The schema that the revisions are to be run in is not there.
    #[error("schema {schema} does not exist")]
    NoSchema {
        /// Its name, as SQL.
        schema: String,
    },
    /// The version table names revisions that no file has.
    #[error("{version_table} names {}, which no migration file has", list(.revisions))]
    UnknownRows {
        /// The version table.
        version_table: String,
        /// The rows.
        revisions: Vec<String>,
    },
    /// A row of the version table is an ancestor of another one.
    #[error("{version_table} has rows that are not heads: {row} is contained in {covered_by}")]
    RowsNotHeads {
        /// The version table.
        version_table: String,
        /// The row that should not be there.
        row: RevisionId,
        /// The row that contains it.
        covered_by: RevisionId,
    },
    /// The target means nothing or too much, or no way leads there.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// A migration file could not be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// Statements lose data and their revisions do not allow it. They were not run.
    #[error("{} would lose data and the revision does not allow it", refused_count(.refusals))]
    NotAllowed {
        /// The statements, in order.
        refusals: Vec<Refusal>,
        /// Where the database stands, when this could be judged only on the way; `None` means that nothing was run.
        standing: Option<Box<Standing>>,
    },
    /// A revision cannot be taken back. Nothing was run.
    #[error("revision {revision} has no downgrade")]
    Irreversible {
        /// The revision.
        revision: RevisionId,
        /// Its file.
        path: PathBuf,
        /// What its header says about it.
        reason: Option<String>,
    },
    /// A downgrade would lose data and nobody agreed to that. Nothing was run.
    #[error("this downgrade would lose data")]
    WouldLose(Vec<DowngradeLoss>),
    /// A downgrade would lose data and the person asked said no. Nothing was run.
    #[error("nothing was run: the downgrade was declined")]
    Declined(Vec<DowngradeLoss>),
    /// Another run held the lock for too long. Nothing was run.
    #[error("another run holds the lock of this database{}", .holder.as_ref().map_or_else(String::new, |holder| format!(": {holder}")))]
    LockBusy {
        /// Who holds it, when the server tells.
        holder: Option<Box<OtherSession>>,
        /// How long this run waited.
        waited: Duration,
    },
    /// Somebody else changed the version table meanwhile, without our lock.
    #[error("{version_table} was changed by somebody else while this ran")]
    HeadsMoved {
        /// The version table.
        version_table: String,
        /// What the run had found there.
        expected: Vec<String>,
        /// Where the database stands.
        standing: Box<Standing>,
    },
    /// An unfinished attempt ran a segment that now reads differently. Nothing was run.
    #[error("segment {segment} of revision {revision} was run already and has been edited since")]
    SegmentChanged {
        /// The revision.
        revision: RevisionId,
        /// Its file.
        path: PathBuf,
        /// Which segment, counted from 1.
        segment: usize,
    },
    /// Nobody can tell whether a statement took effect when the connection was lost.
    #[error("nobody can tell whether this statement took effect in an earlier attempt")]
    OutcomeUnknown {
        /// The revision.
        revision: RevisionId,
        /// The statement.
        statement: String,
        /// Where it stands.
        origin: Origin,
    },
    /// The server refused a statement.
    #[error("{} of revision {} failed", .0.direction.as_str(), .0.revision)]
    Statement(Box<StatementFailure>),
    /// Somebody asked to stop.
    #[error("stopped on request; {standing}")]
    Cancelled {
        /// The revision that was rolled back, if one was in progress.
        interrupted: Option<RevisionId>,
        /// Where the database stands.
        standing: Box<Standing>,
    },
    /// Somebody asked to stop while the run waited for its lock. Nothing was run.
    #[error("stopped on request while waiting for the lock; nothing was run")]
    CancelledWaiting,
}

impl RunError {
    pub(crate) fn reading(error: StatementError) -> Self {
        Self::Reading(error)
    }
}

/// A statement that loses data without leave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The revision.
    pub revision: RevisionId,
    /// Where the statement names what is lost.
    pub origin: Origin,
    /// How it is lost.
    pub hazard: Hazard,
    /// What is lost.
    pub object: String,
    /// More about it, such as the types of a narrowing.
    pub detail: Option<String>,
    /// The header line that would allow everything this revision loses, to be completed with a reason.
    pub allow_line: String,
}

/// A statement that the server refused, and what that means.
#[derive(Debug)]
pub struct StatementFailure {
    /// The revision.
    pub revision: RevisionId,
    /// Which way it was run.
    pub direction: Direction,
    /// The statement; for an error at the end of a transaction it is `COMMIT`, for the runner's own rows theirs.
    pub statement: String,
    /// Where it stands; for a `COMMIT`, where its segment begins.
    pub origin: Origin,
    /// The line on which the server points, when it points.
    pub line: Option<u32>,
    /// What the server said.
    pub error: StatementError,
    /// How often the segment was tried.
    pub attempts: u32,
    /// Who was in the way, for a lock timeout.
    pub blockers: Vec<OtherSession>,
    /// The runner gave up waiting for others and cancelled the statement, after this time.
    pub gave_up: Option<Duration>,
    /// Where the database stands.
    pub standing: Standing,
}

/// Where a database stands when a run ends early.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// The rows of the version table.
    pub version_rows: Vec<String>,
    /// How many revisions this run finished.
    pub finished: usize,
    /// How many it had.
    pub total: usize,
    /// The revision of which some segments are in force.
    pub partly: Option<Partly>,
    /// The connection was lost: what was in progress may or may not be in force; the next run finds out.
    pub unknown: bool,
}

/// A revision of which some segments are in force.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Partly {
    /// The revision.
    pub revision: RevisionId,
    /// How many segments are in force.
    pub done: usize,
    /// How many there are.
    pub segments: usize,
}

impl fmt::Display for Standing {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.version_rows.is_empty() {
            write!(formatter, "the database stands at base")?;
        } else {
            write!(
                formatter,
                "the database stands at {}",
                self.version_rows.join(", ")
            )?;
        }
        write!(
            formatter,
            "; {} of {} revisions were run",
            self.finished, self.total
        )?;
        if let Some(partly) = &self.partly {
            write!(
                formatter,
                "; {} of {} segments of {} are in force and recorded",
                partly.done, partly.segments, partly.revision
            )?;
        }
        if self.unknown {
            write!(
                formatter,
                "; the connection was lost, the next run looks what became of the last statement"
            )?;
        }
        Ok(())
    }
}

fn list(names: &[String]) -> String {
    names.join(", ")
}

fn refused_count(refusals: &[Refusal]) -> String {
    match refusals.len() {
        1 => "1 statement".to_owned(),
        count => format!("{count} statements"),
    }
}
