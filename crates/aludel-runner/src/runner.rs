//! The entry points: upgrade, downgrade, stamp, and the questions that only read.

use std::time::{Duration, Instant};

use aludel_catalog::identifier::quote;
use aludel_postgres::Session;
use aludel_revision::{Direction, History, RevisionId};

use crate::cancel::{Cancelled, Canceller};
use crate::downgrade_loss::{self, DowngradeLoss, LossPolicy};
use crate::error::{RunError, Standing};
use crate::event::Events;
use crate::gate;
use crate::lock;
use crate::place::Place;
use crate::plan::{self, PlannedMove};
use crate::run::Run;
use crate::script;
use crate::settings::{MissingSchema, RunnerSettings};
use crate::state::{Facts, State, VersionTable};

/// Runs a history on a database.
pub struct Runner<'a> {
    pub(crate) session: &'a Session,
    pub(crate) history: &'a History,
    pub(crate) settings: RunnerSettings,
    pub(crate) cancelled: Cancelled,
}

/// What an upgrade may be told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct UpgradeOptions {
    /// Whether statements that lose data need leave.
    pub gate: Gate,
}

/// Whether statements that lose data need leave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Gate {
    /// They need it.
    #[default]
    Closed,
    /// They do not: nothing on a scratch database is worth keeping.
    Open,
}

/// What a run did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    /// The revisions that were run, in order.
    pub revisions: Vec<RevisionId>,
    /// The version rows before.
    pub before: Vec<String>,
    /// The version rows now.
    pub after: Vec<String>,
    /// From the first query to the last.
    pub elapsed: Duration,
}

impl<'a> Runner<'a> {
    /// Makes a runner; nothing is sent to the server.
    pub fn new(session: &'a Session, history: &'a History, settings: RunnerSettings) -> Self {
        Self {
            session,
            history,
            settings: settings.for_ids_of(history),
            cancelled: Cancelled::default(),
        }
    }

    /// Returns a handle that stops a run from outside.
    pub fn canceller(&self) -> Canceller {
        Canceller {
            flag: self.cancelled.clone(),
            handle: self.session.cancel_handle(),
        }
    }

    /// Reads where the database stands: version rows, log and rights, in one query that creates nothing.
    pub async fn state(&self) -> Result<State, RunError> {
        let table = self.version_table();
        let state = State::read(self.session, &table)
            .await
            .map_err(RunError::reading)?;
        if state.facts.version_exists && !state.facts.version_read {
            let name = table.qualified();
            let role = state.facts.role;
            let grant = format!("GRANT SELECT ON {name} TO {}", quote(&role));
            return Err(RunError::MayNotRead {
                version_table: name,
                role,
                grant,
            });
        }
        Ok(state)
    }

    /// Returns the revisions that the database stands at, checked against the files.
    pub async fn current(&self) -> Result<Vec<RevisionId>, RunError> {
        let current = plan::current(&self.state().await?);
        let table = self.version_table();
        self.history
            .applied(&current)
            .map_err(|error| plan::named(error, &table))?;
        Ok(current)
    }

    /// Applies the revisions that lead to the target. Takes the lock only when there is work.
    pub async fn upgrade(
        &self,
        target: &str,
        options: &UpgradeOptions,
        events: &mut Events<'_>,
    ) -> Result<Outcome, RunError> {
        let began = Instant::now();
        let state = self.state().await?;
        let moves = self.upgrade_moves(&state, target, *options).await?;
        plan::warn(self.history, &state, &moves, events)?;
        if moves.is_empty() {
            return Ok(Outcome::nothing(state, began));
        }
        self.check_writable(&state.facts)?;
        let locked = self.lock(events).await?;
        let result = self.upgrade_locked(&state, locked, moves, target, *options, events);
        self.unlock_after(result.await, began).await
    }

    async fn upgrade_locked<'m>(
        &'m self,
        seen: &State,
        locked: State,
        moves: Vec<PlannedMove<'m>>,
        target: &str,
        options: UpgradeOptions,
        events: &mut Events<'_>,
    ) -> Result<Outcome, RunError> {
        let moves = if locked.version_rows == seen.version_rows {
            moves
        } else {
            self.upgrade_moves(&locked, target, options).await?
        };
        self.run(locked, &moves, events).await
    }

    async fn upgrade_moves(
        &self,
        state: &State,
        target: &str,
        options: UpgradeOptions,
    ) -> Result<Vec<PlannedMove<'_>>, RunError> {
        let table = self.version_table();
        let mut moves = plan::moves(self.history, state, &table, target, Direction::Upgrade)?;
        if options.gate == Gate::Closed && !moves.is_empty() {
            let refusals = gate::judge(self.session, &self.settings, &mut moves).await?;
            if !refusals.is_empty() {
                return Err(RunError::NotAllowed {
                    refusals,
                    standing: None,
                });
            }
        }
        Ok(moves)
    }

    /// Creates the version table if it is missing; returns whether it was.
    pub async fn ensure_version(&self, events: &mut Events<'_>) -> Result<bool, RunError> {
        let state = self.state().await?;
        if state.facts.version_exists {
            return Ok(false);
        }
        self.check_writable(&state.facts)?;
        let locked = self.lock(events).await?;
        let script = format!(
            "BEGIN; {} COMMIT",
            script::create_version_table(&self.version_table())
        );
        let created = if locked.facts.version_exists {
            Ok(false)
        } else {
            self.session.execute(&script).await.map(|()| true)
        };
        let _ = lock::release(self.session, &self.version_table()).await;
        created.map_err(RunError::Writing)
    }

    /// Returns what a downgrade to the target would lose, counted on the live database.
    pub async fn downgrade_losses(&self, target: &str) -> Result<Vec<DowngradeLoss>, RunError> {
        let state = self.state().await?;
        let table = self.version_table();
        let moves = plan::moves(self.history, &state, &table, target, Direction::Downgrade)?;
        downgrade_loss::count(self.session, &self.settings, &moves).await
    }

    /// Takes revisions back until the target is the last one applied.
    pub async fn downgrade(
        &self,
        target: &str,
        policy: LossPolicy<'_>,
        events: &mut Events<'_>,
    ) -> Result<Outcome, RunError> {
        let began = Instant::now();
        let state = self.state().await?;
        let table = self.version_table();
        let moves = plan::moves(self.history, &state, &table, target, Direction::Downgrade)?;
        plan::warn(self.history, &state, &moves, events)?;
        if moves.is_empty() {
            return Ok(Outcome::nothing(state, began));
        }
        self.check_writable(&state.facts)?;
        self.consent(&moves, policy).await?;
        let locked = self.lock(events).await?;
        let result = async {
            // The losses were counted for these rows; others would have to be counted again.
            if locked.version_rows != state.version_rows {
                return Err(RunError::HeadsMoved {
                    version_table: table.qualified(),
                    expected: state.version_rows,
                    standing: Box::new(Standing {
                        version_rows: locked.version_rows,
                        total: moves.len(),
                        ..Standing::default()
                    }),
                });
            }
            self.run(locked, &moves, events).await
        };
        self.unlock_after(result.await, began).await
    }

    async fn consent(
        &self,
        moves: &[PlannedMove<'_>],
        policy: LossPolicy<'_>,
    ) -> Result<(), RunError> {
        if let LossPolicy::Allow = policy {
            return Ok(());
        }
        let losses = downgrade_loss::count(self.session, &self.settings, moves).await?;
        if !losses.iter().any(DowngradeLoss::is_real) {
            return Ok(());
        }
        match policy {
            LossPolicy::Allow => Ok(()),
            LossPolicy::Refuse => Err(RunError::WouldLose(losses)),
            LossPolicy::Ask(ask) => {
                if ask(&losses) {
                    Ok(())
                } else {
                    Err(RunError::Declined(losses))
                }
            }
        }
    }

    async fn run(
        &self,
        state: State,
        moves: &[PlannedMove<'_>],
        events: &mut Events<'_>,
    ) -> Result<Outcome, RunError> {
        let before = state.version_rows.clone();
        let table = self.version_table();
        let cancelled = self.cancelled.clone();
        let mut run = Run::new(
            self.session,
            &self.settings,
            table,
            state,
            cancelled,
            events,
        )?;
        run.moves(moves).await?;
        Ok(Outcome {
            revisions: moves
                .iter()
                .map(|planned| planned.revision.id().clone())
                .collect(),
            before,
            after: run.version_rows,
            elapsed: Duration::ZERO,
        })
    }

    /// Says early what would fail late: a read-only database, a role without rights.
    pub(crate) fn check_writable(&self, facts: &Facts) -> Result<(), RunError> {
        if facts.in_recovery || facts.read_only {
            return Err(RunError::ReadOnly {
                database: facts.database.clone(),
                standby: facts.in_recovery,
            });
        }
        let table = self.version_table();
        if !facts.home_exists && self.settings.missing_schema == MissingSchema::Refuse {
            return Err(RunError::NoSchema {
                schema: quote(&table.schema).into_owned(),
            });
        }
        Place::decide(facts, &table).map(drop)
    }

    /// Takes the lock and reads the state under it.
    pub(crate) async fn lock(&self, events: &mut Events<'_>) -> Result<State, RunError> {
        let table = self.version_table();
        let limit = self.settings.wait_for_lock;
        let mut state = lock::acquire(self.session, &table, limit, &self.cancelled, events).await?;
        let creates = self.settings.missing_schema == MissingSchema::CreateFirst;
        if creates && !state.facts.home_exists {
            let statement = format!("CREATE SCHEMA {}", quote(&table.schema));
            if let Err(error) = self.session.execute(&statement).await {
                self.unlock().await;
                return Err(RunError::Writing(error));
            }
            state.facts.home_exists = true;
            state.facts.home_create = true;
        }
        Ok(state)
    }

    pub(crate) async fn unlock(&self) {
        if !self.session.is_closed() {
            // The lock ends with the session in any case.
            let _ = lock::release(self.session, &self.version_table()).await;
        }
    }

    pub(crate) async fn unlock_after(
        &self,
        result: Result<Outcome, RunError>,
        began: Instant,
    ) -> Result<Outcome, RunError> {
        self.unlock().await;
        result.map(|outcome| Outcome {
            elapsed: began.elapsed(),
            ..outcome
        })
    }

    pub(crate) fn version_table(&self) -> VersionTable {
        VersionTable::of(&self.settings)
    }
}

impl Outcome {
    fn nothing(state: State, began: Instant) -> Self {
        Self {
            revisions: Vec::new(),
            before: state.version_rows.clone(),
            after: state.version_rows,
            elapsed: began.elapsed(),
        }
    }
}
