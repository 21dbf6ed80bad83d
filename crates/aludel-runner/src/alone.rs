//! A statement that runs outside a transaction: `started` is committed before it, `done` or `failed` after it.
//!
//! What an earlier attempt left is looked at first: see [`probe`](crate::probe).

use std::time::Instant;

use aludel_postgres::StatementError;
use aludel_sql::{Alone, Statement, runs_alone};

use crate::error::RunError;
use crate::event::Event;
use crate::log::LogOutcome;
use crate::probe::{Verdict, leaves_debris, probe};
use crate::run::{Part, Run, Work};
use crate::settings::Doubtful;
use crate::watch::{TICK, Waiting};

/// What is left to do after looking at an earlier attempt.
enum Left {
    /// Run the statement.
    Run,
    /// Nothing but to record it; the text says what was found.
    Record(String),
}

impl Run<'_, '_> {
    /// Runs a statement outside a transaction and records it; `attempt` is what the log says of an earlier try.
    pub(crate) async fn alone(
        &mut self,
        work: &mut Work<'_>,
        part: Part<'_>,
        attempt: Option<LogOutcome>,
    ) -> Result<(), RunError> {
        let statement = &part.statements[0];
        let kind = runs_alone(statement);
        let began = Instant::now();
        self.prepare(work, part).await?;
        let left = match attempt {
            Some(outcome) => self.look(work, statement, kind.as_ref(), outcome).await?,
            None => Left::Run,
        };
        let finding = match left {
            Left::Record(finding) => Some(finding),
            Left::Run => {
                self.note(work, part, LogOutcome::Started, None).await?;
                self.run_alone(work, part, kind.as_ref()).await?;
                None
            }
        };
        work.observe(statement, self.settings);
        let elapsed = began.elapsed().as_millis();
        self.recorded_transaction(work, part, Some((elapsed, finding.as_deref())))
            .await
    }

    /// Sets the session up: our records exist, search path and timeouts are set.
    async fn prepare(&mut self, work: &Work<'_>, part: Part<'_>) -> Result<(), RunError> {
        let timeouts = work.timeouts.during(&part.statements[0], self.settings);
        let mut scripts = Vec::new();
        if self.needs_reset {
            scripts.push(self.reset_sql());
        }
        if !self.place.setup.is_empty() {
            // Inside one message the statements are one transaction.
            scripts.push(self.place.setup.join(";\n"));
        }
        scripts.push(timeouts.prelude(self.settings, false));
        for script in scripts {
            let answer = self.session.execute(&script).await;
            self.accept(work, part, answer)?;
        }
        self.place.setup.clear();
        self.needs_reset = false;
        Ok(())
    }

    /// Looks what an earlier attempt left, and removes or finishes it.
    async fn look(
        &mut self,
        work: &Work<'_>,
        statement: &Statement,
        kind: Option<&Alone>,
        outcome: LogOutcome,
    ) -> Result<Left, RunError> {
        let verdict = match kind {
            Some(kind) => probe(self.session, statement, kind)
                .await
                .map_err(RunError::Reading)?,
            None => Verdict::Unknown,
        };
        match verdict {
            Verdict::NotDone => Ok(Left::Run),
            Verdict::Done(finding) => {
                (self.events)(&Event::AlreadyDone {
                    revision: work.revision.id().clone(),
                    finding: finding.clone(),
                });
                Ok(Left::Record(finding))
            }
            Verdict::Debris(removals) => {
                for removal in removals {
                    self.clean(work, statement, &removal).await?;
                }
                Ok(Left::Run)
            }
            Verdict::HalfDone(rest) => {
                self.clean(work, statement, &rest).await?;
                Ok(Left::Record(format!("finished by {rest}")))
            }
            Verdict::Unknown => self.doubt(work, statement, outcome),
        }
    }

    fn doubt(
        &self,
        work: &Work<'_>,
        statement: &Statement,
        outcome: LogOutcome,
    ) -> Result<Left, RunError> {
        // A failure that the server reported is no doubt: the author has mended the statement or its cause.
        if outcome == LogOutcome::Failed {
            return Ok(Left::Run);
        }
        match self.settings.doubtful {
            Doubtful::RunAgain => Ok(Left::Run),
            Doubtful::TakeAsDone => Ok(Left::Record("taken as done on request".to_owned())),
            Doubtful::Stop => Err(RunError::OutcomeUnknown {
                revision: work.revision.id().clone(),
                statement: statement.text.clone(),
                origin: statement.origin.clone(),
            }),
        }
    }

    async fn clean(
        &mut self,
        work: &Work<'_>,
        statement: &Statement,
        removal: &str,
    ) -> Result<(), RunError> {
        (self.events)(&Event::DebrisRemoved {
            revision: work.revision.id().clone(),
            statement: removal.to_owned(),
        });
        let (answer, _) = self.waited(removal, true).await;
        answer.map_err(|error| self.failure(work, removal, &statement.origin, 1, error))
    }

    /// Runs the statement; a lock timeout that leaves nothing behind is tried again.
    async fn run_alone(
        &mut self,
        work: &Work<'_>,
        part: Part<'_>,
        kind: Option<&Alone>,
    ) -> Result<(), RunError> {
        let statement = &part.statements[0];
        let mut attempt = 1;
        let mut pause = self.settings.retry_pause;
        loop {
            let sent = Instant::now();
            (self.events)(&Event::StatementStarted {
                revision: work.revision.id().clone(),
                index: part.first,
                total: work.statements,
                text: statement.text.clone(),
                origin: statement.origin.clone(),
            });
            let (answer, waiting) = self.waited(&statement.text, leaves_debris(kind)).await;
            self.notices();
            let Err(error) = answer else {
                (self.events)(&Event::StatementFinished {
                    revision: work.revision.id().clone(),
                    index: part.first,
                    elapsed: sent.elapsed(),
                });
                return Ok(());
            };
            let try_again = error.is("55P03")
                && !leaves_debris(kind)
                && attempt < self.settings.lock_attempts
                && !self.cancelled.is_set();
            if !try_again {
                return Err(self.failed_alone(work, part, attempt, error, waiting).await);
            }
            attempt += 1;
            self.pause(work, attempt, pause, &error.message).await?;
            pause *= 2;
        }
    }

    async fn failed_alone(
        &mut self,
        work: &Work<'_>,
        part: Part<'_>,
        attempts: u32,
        error: StatementError,
        waiting: Waiting,
    ) -> RunError {
        if !error.connection_lost {
            let detail = format!("{} {}", error.sqlstate, error.message);
            // The failure itself matters more than a failure to record it; without the row the next run probes.
            let _ = self
                .note(work, part, LogOutcome::Failed, Some(&detail))
                .await;
        }
        let statement = &part.statements[0];
        let gave_up = waiting.gave_up.then_some(waiting.total);
        let mut failure = self.failure(work, &statement.text, &statement.origin, attempts, error);
        if let RunError::Statement(failure) = &mut failure {
            failure.blockers = waiting.last;
            failure.gave_up = gave_up;
        }
        failure
    }

    /// Runs one statement, telling who is in the way; with a limit, it is cancelled when others are in the way for
    /// longer than that.
    async fn waited(&mut self, sql: &str, limited: bool) -> (Result<(), StatementError>, Waiting) {
        let session = self.session;
        let mut waiting = Waiting::new();
        let mut answer = std::pin::pin!(session.execute(sql));
        loop {
            tokio::select! {
                biased;
                result = &mut answer => return (result, waiting),
                () = tokio::time::sleep(TICK) => self.tick(&mut waiting).await,
            }
            if limited && !waiting.gave_up && waiting.total >= self.settings.concurrent_wait {
                // If this cannot be delivered, the statement timeout ends the wait.
                waiting.gave_up = session.cancel_handle().cancel().await.is_ok();
            }
        }
    }

    /// Adds a row about the statement to the log, in a transaction of its own.
    async fn note(
        &mut self,
        work: &Work<'_>,
        part: Part<'_>,
        outcome: LogOutcome,
        detail: Option<&str>,
    ) -> Result<(), RunError> {
        let row = self.log_sql(work, part, outcome, None, detail);
        let script = format!("BEGIN; {}{row}; COMMIT", self.as_ourselves(work));
        let answer = self.session.execute(&script).await;
        if answer.is_err() {
            let _ = self.session.execute("ROLLBACK").await;
        }
        self.accept(work, part, answer)
    }

    fn accept(
        &self,
        work: &Work<'_>,
        part: Part<'_>,
        answer: Result<(), StatementError>,
    ) -> Result<(), RunError> {
        answer.map_err(|error| {
            let sent = error.statement.clone();
            self.failure(work, &sent, &part.origin(work.revision), 1, error)
        })
    }
}
