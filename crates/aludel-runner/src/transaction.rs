//! A segment inside a transaction: its statements, its log row and, at the end, the version rows, all or nothing.

use std::borrow::Cow;
use std::time::{Duration, Instant};

use aludel_postgres::{Row, StatementError};

use crate::error::RunError;
use crate::event::{Event, OtherSession};
use crate::flight::Flight;
use crate::place::Place;
use crate::run::{Part, Run, Work};
use crate::state::State;
use crate::watch::{TICK, Waiting};

/// What a message to the server is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sending {
    /// Ours: `BEGIN`, settings.
    Frame,
    /// A statement of the script, counted from 0 in its segment.
    Statement(usize),
    /// The records of the segment.
    Record,
}

struct Message<'m> {
    sql: Cow<'m, str>,
    sending: Sending,
}

/// Where an attempt stopped.
struct Fault {
    sending: Option<Sending>,
    error: StatementError,
    blockers: Vec<OtherSession>,
}

/// The longest pause between two attempts.
const PAUSE_MAX: Duration = Duration::from_secs(30);

impl Run<'_, '_> {
    /// Runs a segment in a transaction and commits it with its records. A lock timeout or a deadlock rolls it back
    /// and tries again; anything else rolls it back and ends the run.
    pub(crate) async fn transaction(
        &mut self,
        work: &mut Work<'_>,
        part: Part<'_>,
    ) -> Result<(), RunError> {
        self.recorded_transaction(work, part, None).await
    }

    /// The same, with what the log should say about a statement that ran before the transaction.
    pub(crate) async fn recorded_transaction(
        &mut self,
        work: &mut Work<'_>,
        part: Part<'_>,
        ran_before: Option<(u128, Option<&str>)>,
    ) -> Result<(), RunError> {
        let mut attempt = 1;
        let mut pause = self.settings.retry_pause;
        loop {
            let entry_timeouts = work.timeouts.clone();
            let messages = self.messages(work, part, ran_before);
            let statements = if ran_before.is_some() { 0 } else { part.first };
            let outcome = self.attempt(work, part, statements, &messages).await;
            self.notices();
            let fault = match outcome {
                Ok(records) => match self.commit(work, &records).await {
                    Ok(()) => {
                        self.needs_reset = false;
                        self.committed(work, part);
                        return Ok(());
                    }
                    Err(CommitFault::Run(error)) => return Err(*error),
                    Err(CommitFault::Server(fault)) => fault,
                },
                Err(fault) => fault,
            };
            // A COMMIT that failed has ended the transaction.
            if !fault.error.connection_lost && fault.sending.is_some() {
                let _ = self.session.execute("ROLLBACK").await;
            }
            let lock_trouble = fault.error.is("55P03") || fault.error.is("40P01");
            if self.lost_a_race(&fault) && attempt < self.settings.lock_attempts {
                // The winner has committed, or nobody would know of the race: there is nothing to wait for.
                self.look_again().await?;
                attempt += 1;
                work.timeouts = entry_timeouts;
                continue;
            }
            if !lock_trouble || attempt >= self.settings.lock_attempts || self.cancelled.is_set() {
                // Before its COMMIT is sent a transaction has no effect, whatever becomes of the connection.
                let may_be_in_force = fault.sending.is_none() || ran_before.is_some();
                let mut error = self.refused(work, part, attempt, fault);
                if let RunError::Statement(failure) = &mut error {
                    failure.standing.unknown &= may_be_in_force;
                }
                return Err(error);
            }
            attempt += 1;
            work.timeouts = entry_timeouts;
            self.pause(work, attempt, pause, &fault.error.message)
                .await?;
            pause = (pause * 2).min(PAUSE_MAX);
        }
    }

    fn messages<'m>(
        &self,
        work: &mut Work<'_>,
        part: Part<'m>,
        ran_before: Option<(u128, Option<&str>)>,
    ) -> Vec<Message<'m>> {
        let frame = |sql: String| Message {
            sql: Cow::Owned(sql),
            sending: Sending::Frame,
        };
        let mut messages = Vec::with_capacity(part.statements.len() + 3);
        // BEGIN comes first, whatever else fails in its message: what follows must never run on its own.
        let mut begin = "BEGIN; ".to_owned();
        if self.needs_reset {
            begin.push_str(&self.reset_sql());
            begin.push_str("; ");
        }
        begin.push_str(&work.timeouts.prelude(self.settings, true));
        messages.push(frame(begin));
        let statements = if ran_before.is_some() {
            &[]
        } else {
            part.statements
        };
        for (index, statement) in statements.iter().enumerate() {
            let own = work.timeouts.during(statement, self.settings);
            let differs = own != work.timeouts;
            if differs {
                messages.push(frame(own.again(true)));
            }
            messages.push(Message {
                sql: Cow::Borrowed(&statement.text),
                sending: Sending::Statement(index),
            });
            if work.observe(statement, self.settings) || differs {
                messages.push(frame(work.timeouts.again(true)));
            }
        }
        let (duration_ms, detail) = match ran_before {
            Some((duration_ms, detail)) => (Some(duration_ms), detail),
            None => (None, None),
        };
        messages.push(Message {
            sql: Cow::Owned(self.record_sql(work, part, duration_ms, detail)),
            sending: Sending::Record,
        });
        messages
    }

    /// Sends everything but the `COMMIT`; returns the version rows that were changed.
    async fn attempt(
        &mut self,
        work: &Work<'_>,
        part: Part<'_>,
        first: usize,
        messages: &[Message<'_>],
    ) -> Result<Vec<Vec<Row>>, Fault> {
        let mut flight = Flight::new(self.session);
        let mut to_send = messages.iter();
        let mut last_answer = Instant::now();
        let mut records = Vec::new();
        for message in messages {
            while !flight.is_full()
                && let Some(next) = to_send.next()
            {
                match next.sending {
                    Sending::Record => flight.send_for_rows(&next.sql).await,
                    Sending::Frame | Sending::Statement(_) => flight.send(&next.sql).await,
                }
            }
            if let Sending::Statement(index) = message.sending {
                (self.events)(&Event::StatementStarted {
                    revision: work.revision.id().clone(),
                    index: first + index,
                    total: work.statements,
                    text: part.statements[index].text.clone(),
                    origin: part.statements[index].origin.clone(),
                });
            }
            let (answer, sent, blockers) = self.answer(&mut flight).await;
            match answer {
                Ok(sets) => records = sets,
                Err(error) => {
                    return Err(Fault {
                        sending: Some(message.sending),
                        error,
                        blockers,
                    });
                }
            }
            if let Sending::Statement(index) = message.sending {
                (self.events)(&Event::StatementFinished {
                    revision: work.revision.id().clone(),
                    index: first + index,
                    elapsed: sent.max(last_answer).elapsed(),
                });
            }
            last_answer = Instant::now();
        }
        Ok(records)
    }

    /// Waits for the oldest answer; a long wait passes on notices and tells who is in the way.
    async fn answer(
        &mut self,
        flight: &mut Flight<'_>,
    ) -> (
        Result<Vec<Vec<Row>>, StatementError>,
        Instant,
        Vec<OtherSession>,
    ) {
        let mut waiting = Waiting::new();
        loop {
            tokio::select! {
                biased;
                next = flight.next() => {
                    let (answer, sent) = next.unwrap_or_else(|| (Ok(Vec::new()), Instant::now()));
                    return (answer, sent, waiting.last);
                }
                () = tokio::time::sleep(TICK) => self.tick(&mut waiting).await,
            }
        }
    }

    /// Passes on notices and tells who is in the way.
    pub(crate) async fn tick(&mut self, waiting: &mut Waiting) {
        self.notices();
        let blockers = self.watcher.blockers(self.session).await;
        if waiting.note(blockers) {
            (self.events)(&Event::Blocked {
                by: waiting.last.clone(),
                waited: waiting.total,
            });
        }
    }

    /// Checks that the version rows were the ones expected, then commits.
    async fn commit(&mut self, work: &Work<'_>, records: &[Vec<Row>]) -> Result<(), CommitFault> {
        if let Err(error) = self.stop_if_cancelled(Some(work)) {
            let _ = self.session.execute("ROLLBACK").await;
            return Err(CommitFault::Run(Box::new(error)));
        }
        if records.iter().any(|changed| changed.len() != 1) {
            let _ = self.session.execute("ROLLBACK").await;
            return Err(CommitFault::Run(Box::new(self.heads_moved().await)));
        }
        self.session.execute("COMMIT").await.map_err(|error| {
            CommitFault::Server(Fault {
                sending: None,
                error,
                blockers: Vec::new(),
            })
        })
    }

    /// Returns the error for version rows that are not what they were when the lock was taken.
    pub(crate) async fn heads_moved(&mut self) -> RunError {
        let expected = self.version_rows.clone();
        match State::read(self.session, &self.table).await {
            Ok(state) => self.version_rows = state.version_rows,
            Err(error) => return RunError::reading(error),
        }
        RunError::HeadsMoved {
            version_table: self.table.qualified(),
            expected,
            standing: Box::new(self.standing()),
        }
    }

    fn lost_a_race(&self, fault: &Fault) -> bool {
        fault.sending == Some(Sending::Record) && self.place.lost_a_race(&fault.error)
    }

    async fn look_again(&mut self) -> Result<(), RunError> {
        let state = State::read(self.session, &self.table)
            .await
            .map_err(RunError::reading)?;
        if state.version_rows != self.version_rows {
            return Err(self.heads_moved().await);
        }
        self.place = Place::decide(&state.facts, &self.table)?;
        Ok(())
    }

    pub(crate) async fn pause(
        &mut self,
        work: &Work<'_>,
        attempt: u32,
        pause: Duration,
        reason: &str,
    ) -> Result<(), RunError> {
        (self.events)(&Event::Retrying {
            revision: work.revision.id().clone(),
            attempt,
            attempts: self.settings.lock_attempts,
            pause,
            reason: reason.to_owned(),
        });
        let until = Instant::now() + pause;
        while Instant::now() < until {
            self.stop_if_cancelled(Some(work))?;
            let rest = until.saturating_duration_since(Instant::now());
            tokio::time::sleep(rest.min(Duration::from_millis(100))).await;
        }
        Ok(())
    }

    fn refused(&self, work: &Work<'_>, part: Part<'_>, attempts: u32, fault: Fault) -> RunError {
        let start = part.origin(work.revision);
        let (statement, origin) = match fault.sending {
            Some(Sending::Statement(index)) => {
                let statement = &part.statements[index];
                (statement.text.as_str(), &statement.origin)
            }
            Some(Sending::Frame | Sending::Record) => (fault.error.statement.as_str(), &start),
            None => ("COMMIT", &start),
        };
        let statement = statement.to_owned();
        let mut error = self.failure(work, &statement, origin, attempts, fault.error);
        if let RunError::Statement(failure) = &mut error {
            failure.blockers = fault.blockers;
        }
        error
    }
}

/// Why a commit did not happen.
enum CommitFault {
    /// The run's own reason; the transaction is rolled back.
    Run(Box<RunError>),
    /// The server's.
    Server(Fault),
}
