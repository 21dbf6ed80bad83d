//! One run under the lock: revision after revision, segment after segment.
//!
//! [`transaction`](crate::transaction) and [`alone`](crate::alone) are the two ways a segment is run; what they
//! share (bookkeeping statements, cancelling, events, where the database stands) is here.

use std::time::Instant;

use aludel_catalog::identifier::{literal, quote};
use aludel_postgres::{Session, StatementError};
use aludel_revision::{Direction, Revision, RevisionId, RowChange, RowOperation};
use aludel_sql::{Origin, Statement};
use sha2::{Digest as _, Sha256};

use crate::cancel::Cancelled;
use crate::error::{Partly, RunError, Standing, StatementFailure};
use crate::event::{Event, Events};
use crate::log::{LogEntry, LogOutcome, NewEntry, Progress, progress};
use crate::place::Place;
use crate::plan::PlannedMove;
use crate::settings::RunnerSettings;
use crate::state::{State, VersionTable};
use crate::timeouts::{Timeouts, changes_role};
use crate::watch::Watcher;

/// A run under the lock.
pub(crate) struct Run<'r, 'e> {
    pub(crate) session: &'r Session,
    pub(crate) settings: &'r RunnerSettings,
    pub(crate) table: VersionTable,
    pub(crate) place: Place,
    pub(crate) cancelled: Cancelled,
    pub(crate) events: &'r mut Events<'e>,
    pub(crate) watcher: Watcher,
    /// The statement that takes up the role of the session's beginning.
    role_reset: String,
    /// The role in force when the run began.
    role: String,
    log: Vec<LogEntry>,
    pub(crate) version_rows: Vec<String>,
    pub(crate) finished: usize,
    pub(crate) total: usize,
    pub(crate) partly: Option<Partly>,
    /// A revision ended, and what it set in the session is still there.
    pub(crate) needs_reset: bool,
}

/// One revision being run.
pub(crate) struct Work<'h> {
    pub(crate) revision: &'h Revision,
    pub(crate) direction: Direction,
    pub(crate) rows: RowChange,
    pub(crate) checksum: String,
    pub(crate) segments: usize,
    pub(crate) timeouts: Timeouts,
    /// A statement of it may have changed the role in force.
    pub(crate) role_changed: bool,
    /// How many statements there are in all segments.
    pub(crate) statements: usize,
}

/// One segment of it.
#[derive(Clone, Copy)]
pub(crate) struct Part<'h> {
    /// Counted from 1.
    pub(crate) number: usize,
    pub(crate) statements: &'h [Statement],
    /// The number of its first statement, counted from 1 through all segments.
    pub(crate) first: usize,
    /// Where the section begins, for a segment without statements.
    pub(crate) line: u32,
}

impl<'r, 'e> Run<'r, 'e> {
    pub(crate) fn new(
        session: &'r Session,
        settings: &'r RunnerSettings,
        table: VersionTable,
        state: State,
        cancelled: Cancelled,
        events: &'r mut Events<'e>,
    ) -> Result<Self, RunError> {
        let place = Place::decide(&state.facts, &table)?;
        let role = state.facts.role;
        let role_reset = if role == state.facts.session_role {
            String::new()
        } else {
            format!("; SET ROLE {}", quote(&role))
        };
        Ok(Self {
            session,
            settings,
            table,
            place,
            cancelled,
            events,
            watcher: Watcher::new(settings.watch),
            role_reset,
            role,
            log: state.log,
            version_rows: state.version_rows,
            finished: 0,
            total: 0,
            partly: None,
            needs_reset: false,
        })
    }

    /// Runs the moves in order. Whatever happens, the session's settings are its own again afterwards.
    pub(crate) async fn moves(&mut self, moves: &[PlannedMove<'_>]) -> Result<(), RunError> {
        self.total = moves.len();
        self.watcher.begin(self.session).await;
        let mut result = Ok(());
        for (index, planned) in moves.iter().enumerate() {
            result = self.revision(planned, index + 1).await;
            if result.is_err() {
                self.needs_reset = true;
                break;
            }
        }
        if self.needs_reset && !self.session.is_closed() {
            let reset = self.reset_sql();
            let answer = self.session.execute(&reset).await;
            if result.is_ok() {
                answer.map_err(RunError::Reading)?;
            }
        }
        result
    }

    async fn revision(&mut self, planned: &PlannedMove<'_>, index: usize) -> Result<(), RunError> {
        let began = Instant::now();
        self.stop_if_cancelled(None)?;
        let revision = planned.revision;
        let section = planned.section;
        (self.events)(&Event::RevisionStarted {
            index,
            total: self.total,
            direction: planned.direction,
            revision: revision.id().clone(),
            message: revision.header.message.clone(),
        });
        self.judge(planned).await?;
        let mut work = Work {
            revision,
            direction: planned.direction,
            rows: planned.rows.clone(),
            checksum: revision.checksum()?,
            segments: section.segments.len().max(1),
            timeouts: Timeouts::of(self.settings),
            role_changed: false,
            statements: section.statements().count(),
        };
        let before = progress(&self.log, revision.id().as_str(), planned.direction);
        self.resume(&work, planned, &before)?;
        self.segments(&mut work, planned, &before).await?;
        self.needs_reset = true;
        self.partly = None;
        self.finished += 1;
        (self.events)(&Event::RevisionFinished {
            index,
            total: self.total,
            direction: planned.direction,
            revision: revision.id().clone(),
            elapsed: began.elapsed(),
        });
        Ok(())
    }

    /// Checks that what an unfinished attempt ran still reads the same, and tells that it is continued.
    fn resume(
        &mut self,
        work: &Work<'_>,
        planned: &PlannedMove<'_>,
        before: &Progress,
    ) -> Result<(), RunError> {
        for (position, applied) in before.done.iter().enumerate() {
            let segment = planned.section.segments.get(position);
            let now = segment.map(|segment| segment_checksum(&segment.statements));
            if now.as_ref() != Some(applied) || position + 1 >= work.segments {
                return Err(RunError::SegmentChanged {
                    revision: work.revision.id().clone(),
                    path: work.revision.path.clone(),
                    segment: position + 1,
                });
            }
        }
        if before.done.is_empty() && before.attempt.is_none() {
            return Ok(());
        }
        self.set_partly(work, before.done.len());
        (self.events)(&Event::Resumed {
            revision: work.revision.id().clone(),
            done: before.done.len(),
            segments: work.segments,
        });
        Ok(())
    }

    async fn segments(
        &mut self,
        work: &mut Work<'_>,
        planned: &PlannedMove<'_>,
        before: &Progress,
    ) -> Result<(), RunError> {
        let section = planned.section;
        let mut first = 1;
        for number in 1..=work.segments {
            let segment = section.segments.get(number - 1);
            let statements = segment.map_or(&[][..], |segment| segment.statements.as_slice());
            let part = Part {
                number,
                statements,
                first,
                line: section.line,
            };
            first += statements.len();
            if number <= before.done.len() {
                continue;
            }
            self.stop_if_cancelled(None)?;
            let attempt = before.attempt.filter(|_| number == before.done.len() + 1);
            if segment.is_some_and(|segment| segment.alone) {
                self.alone(work, part, attempt).await?;
            } else {
                self.transaction(work, part).await?;
            }
            if number < work.segments {
                self.set_partly(work, number);
            }
        }
        Ok(())
    }

    fn set_partly(&mut self, work: &Work<'_>, done: usize) {
        self.partly = (done > 0).then(|| Partly {
            revision: work.revision.id().clone(),
            done,
            segments: work.segments,
        });
    }

    /// Returns the row of the log for a segment.
    pub(crate) fn log_sql(
        &self,
        work: &Work<'_>,
        part: Part<'_>,
        outcome: LogOutcome,
        duration_ms: Option<u128>,
        detail: Option<&str>,
    ) -> String {
        let entry = NewEntry {
            version_table: &self.table.qualified(),
            revision: work.revision.id().as_str(),
            direction: work.direction.as_str(),
            segment: part.number,
            segments: work.segments,
            outcome,
            checksum: &work.checksum,
            segment_checksum: &segment_checksum(part.statements),
            duration_ms,
            tool: &self.settings.tool,
            detail,
        };
        entry.insert_sql(&self.place.log)
    }

    /// Returns the statements that record a segment as done; each change of a version row returns the row.
    pub(crate) fn record_sql(
        &self,
        work: &Work<'_>,
        part: Part<'_>,
        duration_ms: Option<u128>,
        detail: Option<&str>,
    ) -> String {
        let mut script = String::new();
        script.push_str(&self.as_ourselves(work));
        if !self.place.setup.is_empty() {
            script.push_str("SET LOCAL client_min_messages = warning;\n");
        }
        for statement in &self.place.setup {
            script.push_str(statement);
            script.push_str(";\n");
        }
        script.push_str(&self.log_sql(work, part, LogOutcome::Done, duration_ms, detail));
        if part.number == work.segments {
            for change in row_changes(&self.table, &work.rows) {
                script.push_str(";\n");
                script.push_str(&change);
                script.push_str(" RETURNING version_num");
            }
        }
        script
    }

    /// Returns the statements that take up our own role for the rest of a transaction, when a script changed it.
    pub(crate) fn as_ourselves(&self, work: &Work<'_>) -> String {
        if work.role_changed {
            let role = quote(&self.role);
            format!("SET LOCAL SESSION AUTHORIZATION DEFAULT; SET LOCAL ROLE {role};\n")
        } else {
            String::new()
        }
    }

    /// Takes note that a segment is committed, with its version rows when it was the last.
    pub(crate) fn committed(&mut self, work: &Work<'_>, part: Part<'_>) {
        self.place.setup.clear();
        if part.number == work.segments {
            let rows = &work.rows;
            self.version_rows
                .retain(|row| !rows.delete.iter().any(|deleted| deleted.as_str() == row));
            let inserted = rows.insert.iter().map(|id| id.as_str().to_owned());
            self.version_rows.extend(inserted);
            self.version_rows.sort();
        }
    }

    /// Returns the script that gives the session its own settings back.
    pub(crate) fn reset_sql(&self) -> String {
        format!(
            "RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL{}",
            self.role_reset
        )
    }

    pub(crate) fn stop_if_cancelled(&self, interrupted: Option<&Work<'_>>) -> Result<(), RunError> {
        if self.cancelled.is_set() {
            return Err(RunError::Cancelled {
                interrupted: interrupted.map(|work| work.revision.id().clone()),
                standing: Box::new(self.standing()),
            });
        }
        Ok(())
    }

    pub(crate) fn standing(&self) -> Standing {
        Standing {
            version_rows: self.version_rows.clone(),
            finished: self.finished,
            total: self.total,
            partly: self.partly.clone(),
            unknown: self.session.is_closed(),
        }
    }

    pub(crate) fn notices(&mut self) {
        for notice in self.session.take_notices() {
            (self.events)(&Event::Notice {
                severity: notice.severity,
                message: notice.message,
            });
        }
    }

    /// Turns the server's refusal into the run's error.
    pub(crate) fn failure(
        &self,
        work: &Work<'_>,
        statement: &str,
        origin: &Origin,
        attempts: u32,
        error: StatementError,
    ) -> RunError {
        if self.cancelled.is_set() && !error.connection_lost {
            return RunError::Cancelled {
                interrupted: Some(work.revision.id().clone()),
                standing: Box::new(self.standing()),
            };
        }
        let mut standing = self.standing();
        standing.unknown |= error.connection_lost;
        let line = (error.position)
            .filter(|_| error.statement == statement)
            .map(|position| line_at(statement, position, origin.line));
        RunError::Statement(Box::new(StatementFailure {
            revision: work.revision.id().clone(),
            direction: work.direction,
            statement: statement.to_owned(),
            origin: origin.clone(),
            line,
            error,
            attempts,
            blockers: Vec::new(),
            gave_up: None,
            standing,
        }))
    }
}

/// Returns the statements that change the version rows as Alembic would: one row for another is an update.
pub(crate) fn row_changes(table: &VersionTable, rows: &RowChange) -> Vec<String> {
    let name = table.qualified();
    let value = |id: &RevisionId| literal(id.as_str());
    let statement = |operation: &RowOperation| match operation {
        RowOperation::Insert(id) => {
            format!("INSERT INTO {name} (version_num) VALUES ({})", value(id))
        }
        RowOperation::Delete(id) => format!("DELETE FROM {name} WHERE version_num = {}", value(id)),
        RowOperation::Update { from, to } => format!(
            "UPDATE {name} SET version_num = {} WHERE version_num = {}",
            value(to),
            value(from)
        ),
    };
    rows.operations().iter().map(statement).collect()
}

/// Returns the SHA-256 of a segment's statements in hexadecimal, line ends read as LF.
pub(crate) fn segment_checksum(statements: &[Statement]) -> String {
    let mut hash = Sha256::new();
    for statement in statements {
        hash.update(statement.text.replace("\r\n", "\n"));
        hash.update(";");
    }
    let mut text = String::new();
    for byte in hash.finalize() {
        text.push_str(&format!("{byte:02x}"));
    }
    text
}

/// Returns the line on which a character of a statement stands; `position` counts from 1.
fn line_at(statement: &str, position: u32, first_line: u32) -> u32 {
    let before = statement.chars().take(position.saturating_sub(1) as usize);
    let lines = before.filter(|letter| *letter == '\n').count();
    first_line + u32::try_from(lines).unwrap_or(0)
}

impl Work<'_> {
    /// Takes note of a statement before it is sent; returns whether the timeouts must be set again after it.
    pub(crate) fn observe(&mut self, statement: &Statement, settings: &RunnerSettings) -> bool {
        self.role_changed |= changes_role(statement);
        self.timeouts.observe(statement, settings)
    }
}

impl Part<'_> {
    /// Returns where the segment begins.
    pub(crate) fn origin(&self, revision: &Revision) -> Origin {
        self.statements.first().map_or_else(
            || Origin {
                file: Some(revision.path.display().to_string()),
                line: self.line,
            },
            |statement| statement.origin.clone(),
        )
    }
}

#[cfg(test)]
mod tests {
    use aludel_revision::RevisionId;

    use super::*;

    #[test]
    fn one_row_for_another_is_an_update() {
        let table = VersionTable {
            schema: "public".to_owned(),
            name: "alembic_version".to_owned(),
            id_length: 32,
        };
        let ids = |texts: &[&str]| -> Vec<RevisionId> {
            texts
                .iter()
                .map(|text| RevisionId::from_database(*text))
                .collect()
        };
        let change = |delete: &[&str], insert: &[&str]| {
            let rows = RowChange {
                delete: ids(delete),
                insert: ids(insert),
            };
            row_changes(&table, &rows).join("; ")
        };
        assert_eq!(
            change(&["a"], &["b"]),
            "UPDATE public.alembic_version SET version_num = 'b' WHERE version_num = 'a'"
        );
        assert_eq!(
            change(&["a", "b"], &["m"]),
            "DELETE FROM public.alembic_version WHERE version_num = 'b'; \
             UPDATE public.alembic_version SET version_num = 'm' WHERE version_num = 'a'"
        );
        assert_eq!(change(&[], &[]), "");
    }

    #[test]
    fn the_server_points_at_a_line() {
        assert_eq!(line_at("SELECT 1\n  FROM nowhere", 17, 10), 11);
        assert_eq!(line_at("SELECT x", 8, 10), 10);
    }
}
