//! Alembic's side of a walk: one step after the other, and what reached the server meanwhile.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use aludel_catalog::Catalog;
use aludel_catalog::identifier::{literal, qualified};
use aludel_postgres::{Logged, Scratch, ScratchDatabase, StatementLog};
use aludel_revision::RevisionId;
use aludel_revision::id::LENGTH_NEW;
use aludel_source::{Frame, Interpreter};

use crate::error::AdoptError;
use crate::graph::AlembicRevision;
use crate::project::AlembicProject;
use crate::recorder::{Answer, Direction, Ended, Memo, PythonError, Recorder, VersionTable};
use crate::recording::Recording;
use crate::scratch::{connect, hidden, look, volatile_functions};
use crate::walk::WalkOptions;

/// Alembic's side: a server that writes down what it is told, and the process that tells it.
pub(crate) struct AlembicSide<'a> {
    pub(crate) project: &'a AlembicProject,
    pub(crate) interpreter: &'a Interpreter,
    pub(crate) options: &'a WalkOptions,
    pub(crate) scratch: &'a Scratch,
    pub(crate) log: StatementLog,
    pub(crate) recorder: Recorder,
    pub(crate) database: ScratchDatabase,
    /// What the project finds while it is loaded: an application may make its tables, or run its migrations, on its own.
    pub(crate) loading: ScratchDatabase,
    /// What the project was loaded with.
    pub(crate) loaded: Answer,
    /// What loading it committed there; nothing when that was Alembic's own doing.
    pub(crate) made_by_loading: Recording,
    /// Whether something was asked to make the tables that the first revision finds.
    pub(crate) has_baseline: bool,
    pub(crate) version: VersionTable,
    /// What the one run of Alembic's knows that the upgrades are parts of.
    pub(crate) memo: Memo,
    /// Where engines would have connected.
    pub(crate) engines: BTreeSet<String>,
    /// The roles that were made because a revision names them.
    pub(crate) roles: BTreeSet<String>,
    /// The functions that may change something when they are called, of any revision.
    pub(crate) volatile: BTreeSet<String>,
}

/// One step as it went.
pub(crate) struct Step {
    pub(crate) recording: Recording,
    pub(crate) answer: Answer,
    pub(crate) logged: Vec<Logged>,
    pub(crate) elapsed: Duration,
}

/// A run of several revisions in one go.
pub(crate) struct OneGo {
    /// What each did, as far as it was committed.
    pub(crate) did: BTreeMap<String, Vec<String>>,
    /// Why it did not come to its end, and in which revision.
    pub(crate) error: Option<(Option<String>, PythonError)>,
}

impl Step {
    /// Whether it may have failed for what the process did before: each of Alembic's commands has a process of its own, and
    /// here models may be declared twice and the application's connections are ended between steps.
    fn may_be_of_the_process(&self) -> bool {
        let Some(error) = &self.answer.error else {
            return false;
        };
        let of_the_server = self.recording.swallowed.last();
        let is_refused = of_the_server.is_some_and(|(_, failure)| failure.sqlstate != LOCK_TIMEOUT);
        !is_refused && !error.is_meant()
    }
}

/// The code of a statement that waited too long for a lock, or did not want to wait.
const LOCK_TIMEOUT: &str = "55P03";

/// Why a step has no recording.
pub(crate) enum StepFault {
    /// It failed; with what had worked until then.
    Failed(Box<Step>),
    /// It was ended, at this statement and there in Python.
    TooLong(Option<String>, Vec<Frame>),
}

impl<'a> AlembicSide<'a> {
    pub(crate) async fn open(
        project: &'a AlembicProject,
        interpreter: &'a Interpreter,
        options: &'a WalkOptions,
        scratch: &'a Scratch,
    ) -> Result<Self, AdoptError> {
        let mut log = scratch.statement_log().ok_or(AdoptError::NoLog)?;
        let database = scratch.database().await?;
        let loading = scratch.database().await?;
        let mut recorder = Recorder::start(project, interpreter, &options.arguments)?;
        log.skip();
        let loaded = recorder.begin(&loading, options.time_limit).await?;
        let logged = log.read(loading.name())?;
        scratch.disconnect(&loading).await?;
        let version = loaded.version.clone().unwrap_or_default();
        let session = connect(&loading).await?;
        let found = format!("SELECT 1 FROM {} LIMIT 1", version.shown());
        let made_by_loading = if matches!(session.scalar(&found).await, Ok(Some(_))) {
            Recording::default()
        } else {
            let volatile = volatile_functions(&loading).await?;
            Recording::whole(&logged, &version, &volatile)
        };
        drop(session);
        Ok(Self {
            project,
            interpreter,
            options,
            scratch,
            log,
            recorder,
            database,
            loading,
            loaded,
            made_by_loading,
            has_baseline: false,
            version,
            memo: Memo::default(),
            engines: BTreeSet::new(),
            roles: BTreeSet::new(),
            volatile: BTreeSet::new(),
        })
    }

    /// Runs one revision, as a part of one run that goes up; on a `database` of its own it is a run of its own.
    pub(crate) async fn step(
        &mut self,
        revision: &RevisionId,
        direction: Direction,
        database: Option<&ScratchDatabase>,
    ) -> Result<Result<Step, StepFault>, AdoptError> {
        if self.recorder.has_ended() {
            self.restart().await?;
        }
        let is_own_run = database.is_some();
        let database = database.unwrap_or(&self.database);
        let memo = if is_own_run {
            &Memo::default()
        } else {
            &self.memo
        };
        let before = volatile_functions(database).await?;
        self.log.skip();
        let began = Instant::now();
        let limit = self.options.time_limit;
        let ended = self
            .recorder
            .step(revision, direction, memo, database, limit)
            .await?;
        let elapsed = began.elapsed();
        let logged = self.log.read(database.name())?;
        self.scratch.disconnect(database).await?;
        let mut answer = match ended {
            Ended::Answered(answer) => *answer,
            Ended::TooLong(frames) => {
                let statement = logged.last().map(|one| one.text.clone());
                return Ok(Err(StepFault::TooLong(statement, frames)));
            }
        };
        if let Some(version) = &answer.version {
            self.version = version.clone();
        }
        self.engines.extend(answer.engines.iter().cloned());
        let mut volatile = volatile_functions(database).await?;
        volatile.extend(before);
        let recording = Recording::new(&logged, &self.version, &volatile);
        self.volatile.append(&mut volatile);
        if let (Some(error), Some((statement, failure))) =
            (&mut answer.error, recording.swallowed.last())
        {
            error.add_refused(statement, &failure.message);
        }
        let step = Step {
            recording,
            answer,
            logged,
            elapsed,
        };
        if step.answer.error.is_some() {
            return Ok(Err(StepFault::Failed(Box::new(step))));
        }
        if !is_own_run {
            self.memo.clone_from(&step.answer.memo);
        }
        Ok(Ok(step))
    }

    /// Runs the revisions up to these in one go, as `alembic upgrade` does.
    pub(crate) async fn upgrade_in_one_go(
        &mut self,
        targets: &[RevisionId],
        volatile: &BTreeSet<String>,
    ) -> Result<OneGo, AdoptError> {
        self.log.skip();
        let limit = self.options.time_limit;
        let ended = self.recorder.upgrade(targets, &self.database, limit).await;
        let error = match ended? {
            Ended::Answered(answer) => answer.error,
            Ended::TooLong(frames) => Some(PythonError {
                kind: "too-long".to_owned(),
                message: format!("it did not end within {} s", limit.as_secs()),
                frames,
                ..PythonError::default()
            }),
        };
        let logged = self.log.read(self.database.name())?;
        self.scratch.disconnect(&self.database).await?;
        let began = self.recorder.began();
        let mut did: BTreeMap<String, Vec<String>> = BTreeMap::new();
        let by_mark = Recording::of_many(&logged, &self.version, volatile);
        for (revision, statements) in began.iter().zip(by_mark.into_iter().skip(1)) {
            did.entry(revision.clone()).or_default().extend(statements);
        }
        Ok(OneGo {
            did,
            error: error.map(|error| (began.last().cloned(), error)),
        })
    }

    /// Runs a downgrade on a copy, which is returned with it.
    pub(crate) async fn downgrade(
        &mut self,
        revision: &RevisionId,
    ) -> Result<(ScratchDatabase, Result<Step, StepFault>), AdoptError> {
        let copy = self.scratch.clone_of(&self.database).await?;
        let step = self
            .step(revision, Direction::Downgrade, Some(&copy))
            .await?;
        match step {
            Err(StepFault::Failed(step)) if step.may_be_of_the_process() => {
                copy.close().await;
                self.restart().await?;
                let copy = self.scratch.clone_of(&self.database).await?;
                let step = self
                    .step(revision, Direction::Downgrade, Some(&copy))
                    .await?;
                Ok((copy, step))
            }
            step => Ok((copy, step)),
        }
    }

    async fn restart(&mut self) -> Result<(), AdoptError> {
        self.recorder = Recorder::start(self.project, self.interpreter, &self.options.arguments)?;
        let limit = self.options.time_limit;
        self.recorder.begin(&self.loading, limit).await?;
        self.scratch.disconnect(&self.loading).await?;
        Ok(())
    }

    /// Runs an upgrade; a role that it names and nobody made is made, and the step run again.
    pub(crate) async fn upgrade(
        &mut self,
        revision: &AlembicRevision,
        before: Option<&RevisionId>,
    ) -> Result<Step, AdoptError> {
        let mut is_fresh = false;
        for _ in 0..8 {
            match self.step(&revision.id, Direction::Upgrade, None).await? {
                Ok(step) => return Ok(step),
                Err(StepFault::TooLong(statement, frames)) => {
                    return Err(AdoptError::TooLong {
                        revision: revision.id.clone(),
                        path: revision.path.clone(),
                        seconds: self.options.time_limit.as_secs(),
                        before: before.cloned(),
                        statement,
                        frames,
                    });
                }
                Err(StepFault::Failed(step)) => {
                    if let Some(role) = missing_role(&step.recording) {
                        self.make_role(&role).await?;
                        continue;
                    }
                    let has_left_nothing = step.recording.transactions.is_empty();
                    if !is_fresh && has_left_nothing && step.may_be_of_the_process() {
                        is_fresh = true;
                        self.restart().await?;
                        continue;
                    }
                    return Err(AdoptError::Upgrade {
                        revision: revision.id.clone(),
                        path: revision.path.clone(),
                        before: before.cloned(),
                        has_baseline: self.has_baseline,
                        error: Box::new(step.answer.error.unwrap_or_default()),
                    });
                }
            }
        }
        Err(AdoptError::Unrecordable {
            revision: revision.id.clone(),
            message: "it names more roles than there can be".to_owned(),
        })
    }

    /// Makes a role that a revision names.
    pub(crate) async fn make_role(&mut self, role: &str) -> Result<(), AdoptError> {
        let session = connect(&self.database).await?;
        let quoted = aludel_catalog::identifier::quote(role);
        session.execute(&format!("CREATE ROLE {quoted}")).await?;
        self.roles.insert(role.to_owned());
        Ok(())
    }

    /// Characters that the version table takes, unless it is as many as in one that Alembic makes by itself.
    pub(crate) async fn version_length(
        &self,
        search_path: &str,
    ) -> Result<Option<usize>, AdoptError> {
        let (schema, table) = hidden(&self.version, search_path).version_table;
        let session = connect(&self.database).await?;
        let column = format!(
            "SELECT atttypmod - 4 FROM pg_catalog.pg_attribute
             WHERE attrelid = pg_catalog.to_regclass({}) AND attname = 'version_num'
               AND atttypid = 'pg_catalog.varchar'::pg_catalog.regtype AND atttypmod > 4",
            literal(&qualified(&schema, &table)),
        );
        let length = session.scalar(&column).await?;
        let length = length.and_then(|length| length.parse().ok());
        Ok(length.filter(|length| *length != LENGTH_NEW))
    }

    /// The catalog of a database of this side.
    pub(crate) async fn look(
        &self,
        database: &ScratchDatabase,
        search_path: &str,
    ) -> Result<Catalog, AdoptError> {
        look(database, &hidden(&self.version, search_path)).await
    }
}

/// The role that a statement failed for the want of.
fn missing_role(recording: &Recording) -> Option<String> {
    let (_, failure) = recording.swallowed.last()?;
    let name = failure.message.strip_prefix("role \"")?;
    name.strip_suffix("\" does not exist").map(str::to_owned)
}
