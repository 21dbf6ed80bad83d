//! The log: its table, its rows, and what they say about unfinished attempts.
//!
//! Its columns are fixed: see `docs/decisions/0001-log-columns.md`.

use aludel_catalog::identifier::literal;
use aludel_revision::Direction;

use crate::state::VersionTable;

/// The schema of the log.
pub const LOG_SCHEMA: &str = "aludel";
/// The log's name in it.
pub const LOG_TABLE: &str = "log";
/// The log's name beside the version table, for roles that may not create a schema.
pub const SIDE_LOG_TABLE: &str = "aludel_log";

/// How a segment ended, or that it began.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogOutcome {
    /// A statement outside a transaction was about to be sent.
    Started,
    /// The segment is in force.
    Done,
    /// A statement outside a transaction failed.
    Failed,
}

impl LogOutcome {
    /// Returns the word in the log.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Started => "started",
            Self::Done => "done",
            Self::Failed => "failed",
        }
    }
}

/// One row of the log, as far as a run needs it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LogEntry {
    /// Order of events.
    pub id: i64,
    /// The revision.
    pub revision: String,
    /// `upgrade`, `downgrade` or `stamp`.
    pub direction: String,
    /// The segment, counted from 1; 0 for a stamp.
    pub segment: usize,
    /// How many segments there were.
    pub segments: usize,
    /// How it ended.
    pub outcome: LogOutcome,
    /// The file's checksum at that time; empty when none was kept.
    pub checksum: String,
    /// The segment's checksum at that time; empty when none was kept.
    pub segment_checksum: String,
}

impl LogEntry {
    /// Decodes an entry of the state query; the revision stands last because it may hold anything.
    pub(crate) fn decode(value: &str) -> Option<Self> {
        let mut fields = value.splitn(8, '\t');
        Some(Self {
            id: fields.next()?.parse().ok()?,
            direction: fields.next()?.to_owned(),
            segment: fields.next()?.parse().ok()?,
            segments: fields.next()?.parse().ok()?,
            outcome: match fields.next()? {
                "started" => LogOutcome::Started,
                "done" => LogOutcome::Done,
                _ => LogOutcome::Failed,
            },
            checksum: fields.next()?.to_owned(),
            segment_checksum: fields.next()?.to_owned(),
            revision: fields.next()?.to_owned(),
        })
    }

    fn is_complete(&self) -> bool {
        self.outcome == LogOutcome::Done && self.segment == self.segments
    }
}

/// What an unfinished attempt left.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Progress {
    /// The checksums of the segments that are done, in order.
    pub(crate) done: Vec<String>,
    /// What the last row says of the segment after them, when it was begun outside a transaction and is not done.
    pub(crate) attempt: Option<LogOutcome>,
}

/// Returns the entries of one revision, oldest first; the log is sorted by revision, then id.
pub(crate) fn entries_of<'l>(log: &'l [LogEntry], revision: &str) -> &'l [LogEntry] {
    let start = log.partition_point(|entry| entry.revision.as_str() < revision);
    let end = log.partition_point(|entry| entry.revision.as_str() <= revision);
    &log[start..end]
}

/// Returns what an unfinished attempt of a revision left; nothing when there is none.
pub(crate) fn progress(log: &[LogEntry], revision: &str, direction: Direction) -> Progress {
    let mut progress = Progress::default();
    for entry in entries_of(log, revision) {
        if entry.is_complete() || entry.direction != direction.as_str() {
            progress = Progress::default();
            continue;
        }
        match entry.outcome {
            LogOutcome::Done => {
                progress.done.truncate(entry.segment.saturating_sub(1));
                progress.done.push(entry.segment_checksum.clone());
                progress.attempt = None;
            }
            LogOutcome::Started | LogOutcome::Failed => progress.attempt = Some(entry.outcome),
        }
    }
    progress
}

/// Returns the checksum of the file that was applied; `None` when the log does not say.
pub(crate) fn applied_checksum<'l>(log: &'l [LogEntry], revision: &str) -> Option<&'l str> {
    let mut complete = entries_of(log, revision)
        .iter()
        .filter(|entry| entry.is_complete());
    let last = complete.next_back()?;
    (last.direction != Direction::Downgrade.as_str() && !last.checksum.is_empty())
        .then_some(last.checksum.as_str())
}

/// A row to be added to the log.
pub(crate) struct NewEntry<'a> {
    pub(crate) version_table: &'a str,
    pub(crate) revision: &'a str,
    pub(crate) direction: &'a str,
    pub(crate) segment: usize,
    pub(crate) segments: usize,
    pub(crate) outcome: LogOutcome,
    pub(crate) checksum: &'a str,
    pub(crate) segment_checksum: &'a str,
    /// Milliseconds; `None` means since the transaction began, by the server's clock.
    pub(crate) duration_ms: Option<u128>,
    pub(crate) tool: &'a str,
    pub(crate) detail: Option<&'a str>,
}

impl NewEntry<'_> {
    /// Returns the statement that adds the row to the log that stands at `log`.
    pub(crate) fn insert_sql(&self, log: &str) -> String {
        let duration = self.duration_ms.map_or_else(
            || {
                "(extract(epoch FROM pg_catalog.clock_timestamp() - pg_catalog.now()) * 1000)::bigint"
                    .to_owned()
            },
            |milliseconds| milliseconds.to_string(),
        );
        format!(
            "INSERT INTO {log} (version_table, revision, direction, segment, segments, outcome, checksum, \
             segment_checksum, duration_ms, tool, detail) VALUES ({}, {}, {}, {}, {}, {}, {}, {}, {duration}, {}, {})",
            literal(self.version_table),
            literal(self.revision),
            literal(self.direction),
            self.segment,
            self.segments,
            literal(self.outcome.as_str()),
            or_null(self.checksum),
            or_null(self.segment_checksum),
            literal(self.tool),
            self.detail.map_or_else(|| "NULL".to_owned(), literal),
        )
    }
}

fn or_null(text: &str) -> String {
    if text.is_empty() {
        "NULL".to_owned()
    } else {
        literal(text)
    }
}

/// Returns the statement that creates the log at `log`.
pub(crate) fn create_log_sql(log: &str) -> String {
    format!(
        "CREATE TABLE {log} (
    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    at timestamp with time zone DEFAULT pg_catalog.clock_timestamp() NOT NULL,
    version_table text NOT NULL,
    revision text NOT NULL,
    direction text NOT NULL CHECK (direction IN ('upgrade', 'downgrade', 'stamp')),
    segment integer NOT NULL,
    segments integer NOT NULL,
    outcome text NOT NULL CHECK (outcome IN ('started', 'done', 'failed')),
    checksum text,
    segment_checksum text,
    role text DEFAULT session_user NOT NULL,
    duration_ms bigint,
    tool text NOT NULL,
    detail text
)"
    )
}

/// Returns the statement that creates the version table in Alembic's shape.
pub(crate) fn create_version_table_sql(table: &VersionTable) -> String {
    format!(
        "CREATE TABLE {} (
    version_num varchar({}) NOT NULL,
    CONSTRAINT {} PRIMARY KEY (version_num)
)",
        table.qualified(),
        table.id_length,
        aludel_catalog::identifier::quote(&format!("{}_pkc", table.name)),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(
        id: i64,
        direction: &str,
        segment: usize,
        segments: usize,
        outcome: LogOutcome,
    ) -> LogEntry {
        LogEntry {
            id,
            revision: "a".to_owned(),
            direction: direction.to_owned(),
            segment,
            segments,
            outcome,
            checksum: format!("file{id}"),
            segment_checksum: format!("s{segment}"),
        }
    }

    #[test]
    fn a_complete_revision_leaves_no_progress() {
        let log = [entry(1, "upgrade", 1, 1, LogOutcome::Done)];
        assert_eq!(progress(&log, "a", Direction::Upgrade), Progress::default());
        assert_eq!(applied_checksum(&log, "a"), Some("file1"));
    }

    #[test]
    fn done_segments_after_the_last_complete_row_count() {
        let log = [
            entry(1, "upgrade", 2, 2, LogOutcome::Done),
            entry(2, "downgrade", 1, 1, LogOutcome::Done),
            entry(3, "upgrade", 1, 3, LogOutcome::Done),
            entry(4, "upgrade", 2, 3, LogOutcome::Started),
        ];
        let left = progress(&log, "a", Direction::Upgrade);
        assert_eq!(left.done, ["s1"]);
        assert_eq!(left.attempt, Some(LogOutcome::Started));
        assert_eq!(
            progress(&log, "a", Direction::Downgrade),
            Progress::default()
        );
        assert_eq!(applied_checksum(&log, "a"), None);
    }

    #[test]
    fn a_failed_statement_is_doubtful_until_done() {
        let mut log = vec![
            entry(1, "upgrade", 1, 2, LogOutcome::Started),
            entry(2, "upgrade", 1, 2, LogOutcome::Failed),
        ];
        let attempt = |log: &[LogEntry]| progress(log, "a", Direction::Upgrade).attempt;
        assert_eq!(attempt(&log), Some(LogOutcome::Failed));
        log.push(entry(3, "upgrade", 1, 2, LogOutcome::Done));
        assert_eq!(attempt(&log), None);
    }

    #[test]
    fn entries_are_read_back_with_tabs_in_the_revision() {
        let read = LogEntry::decode("7\tupgrade\t1\t2\tdone\tc\t\tod\td").unwrap();
        assert_eq!(read.revision, "od\td");
        assert_eq!(read.segment_checksum, "");
    }
}
