//! The walk: every revision run by Alembic and recorded, its file run by Aludel, and the catalogs compared at each step.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use aludel_catalog::Catalog;
use aludel_postgres::{Scratch, ScratchDatabase};
use aludel_prove::{ApplyError, apply, left_behind};
use aludel_revision::{NewRevision, RevisionId, Section};

use crate::alembic_side::{AlembicSide, StepFault};
use crate::error::AdoptError;
use crate::graph::AlembicRevision;
use crate::outcome::{Downgrade, Outcome};
use crate::recording::{Recording, Transaction};
use crate::scratch::{connect, hidden, look, make_roles};
use crate::way_back::{attempted, does_not_lead_back, does_not_run, failure, left_out, neither};
use crate::write;

/// How a walk is done.
#[derive(Clone, Debug)]
pub struct WalkOptions {
    /// The `-x` arguments that `env.py` may ask for.
    pub arguments: Vec<String>,
    /// How long one revision may take.
    pub time_limit: Duration,
    /// Whether a downgrade that does not lead back is replaced by the plan that does.
    pub repairs_downgrades: bool,
    /// The search path of the files, unless `env.py` sets another.
    pub search_path: String,
}

/// Aludel's side: the files, run on a server of their own.
pub(crate) struct AludelSide<'a> {
    pub(crate) scratch: &'a Scratch,
    pub(crate) database: ScratchDatabase,
}

impl AludelSide<'_> {
    /// Runs a section in a database.
    async fn run(
        &self,
        database: &ScratchDatabase,
        section: &Section,
        search_path: &str,
    ) -> Result<Result<(), Box<ApplyError>>, AdoptError> {
        let session = connect(database).await?;
        make_roles(&session, section).await?;
        Ok(apply(&session, section, search_path)
            .await
            .map_err(Box::new))
    }
}

/// The state between two revisions.
pub(crate) struct Walk<'a> {
    pub(crate) alembic: AlembicSide<'a>,
    pub(crate) aludel: AludelSide<'a>,
    pub(crate) search_path: String,
    /// Characters that `env.py` has the version table take, where it is not as many as usual.
    pub(crate) version_length: Option<usize>,
    /// The catalog before the next revision.
    pub(crate) catalog: Catalog,
    /// What `env.py` did before the revisions so far, and after an update all that was adopted earlier.
    pub(crate) prologue: BTreeSet<String>,
}

impl Walk<'_> {
    /// Takes what a baseline did as a revision of its own.
    pub(crate) async fn baseline(
        &mut self,
        revision: AlembicRevision,
        recording: Recording,
    ) -> Result<Outcome, AdoptError> {
        let began = Instant::now();
        let after = self
            .alembic
            .look(&self.alembic.database, &self.search_path)
            .await?;
        let mut file = write::upgrade(&revision, &[], &recording, &[]);
        let differs = self.replay(&mut file, &after).await?;
        let downgrade = match self.repaired(&file, &after).await? {
            Ok(section) => {
                file.downgrade = Some(section);
                Downgrade::OfBaseline
            }
            Err(_) => Downgrade::Irreversible("a baseline has no downgrade".to_owned()),
        };
        self.catalog = after;
        Ok(Outcome {
            revision,
            file,
            recording,
            dependent: Vec::new(),
            differs,
            downgrade,
            printed: String::new(),
            asked: Vec::new(),
            refused: Vec::new(),
            elapsed: began.elapsed(),
        })
    }

    /// Takes one revision up and down.
    pub(crate) async fn revision(
        &mut self,
        revision: &AlembicRevision,
        before: Option<&RevisionId>,
    ) -> Result<Outcome, AdoptError> {
        let step = self.alembic.upgrade(revision, before).await?;
        if let Some(statement) = step.recording.unrecordable.first() {
            return Err(AdoptError::Unrecordable {
                revision: revision.id.clone(),
                message: format!("the rows of `{statement}` are not in the server's log"),
            });
        }
        if before.is_none() {
            if let Some(path) = search_path_of(&step.recording.settings) {
                self.search_path = path;
            }
            self.version_length = self.alembic.version_length(&self.search_path).await?;
        }
        let prologue = self.new_in_prologue(&step.recording.prologue);
        let after = self
            .alembic
            .look(&self.alembic.database, &self.search_path)
            .await?;
        let dependent: Vec<String> = step.recording.reads.clone();
        let mut file = write::upgrade(revision, &prologue, &step.recording, &dependent);
        let differs = self.replay(&mut file, &after).await?;
        let downgrade = self.downgrade(revision, &mut file, &after).await?;
        self.catalog = after;
        Ok(Outcome {
            revision: revision.clone(),
            file,
            recording: step.recording,
            dependent,
            differs,
            downgrade,
            printed: step.answer.printed,
            asked: step.answer.asked,
            refused: step.answer.refused,
            elapsed: step.elapsed,
        })
    }

    /// What `env.py` did before this revision and not before an earlier one.
    fn new_in_prologue(&mut self, found: &[Transaction]) -> Vec<Transaction> {
        let mut new = Vec::new();
        for transaction in found {
            let mut transaction = transaction.clone();
            let is_new = |one: &String| self.prologue.insert(one.trim().to_owned());
            transaction.statements.retain(is_new);
            if !transaction.statements.is_empty() {
                new.push(transaction);
            }
        }
        new
    }

    /// Runs the file where the files before it ran, and allows what it loses there; returns what differs from Alembic's
    /// database.
    async fn replay(
        &self,
        file: &mut NewRevision,
        expected: &Catalog,
    ) -> Result<Vec<String>, AdoptError> {
        let parsed = write::as_file(file)?;
        let upgrade = &parsed.body()?.upgrade;
        let database = &self.aludel.database;
        let statements: Vec<_> = upgrade.statements().cloned().collect();
        let session = connect(database).await?;
        let hazards = aludel_runner::hazards(&session, &self.search_path, &statements).await?;
        file.allow = write::allowed(hazards);
        if let Err(error) = self
            .aludel
            .run(database, upgrade, &self.search_path)
            .await?
        {
            return Err(AdoptError::Replay {
                revision: file.id.clone(),
                error,
            });
        }
        let found = look(database, &hidden(&self.alembic.version, &self.search_path)).await?;
        Ok(write::differences(&found, expected))
    }

    /// Runs Alembic's downgrade on a copy, and what was recorded of it on another.
    async fn downgrade(
        &mut self,
        revision: &AlembicRevision,
        file: &mut NewRevision,
        after: &Catalog,
    ) -> Result<Downgrade, AdoptError> {
        let (copy, step) = self.alembic.downgrade(&revision.id).await?;
        let (mut reason, kept) = match step {
            Err(StepFault::TooLong(..)) => {
                let seconds = self.alembic.options.time_limit.as_secs();
                (
                    format!("Alembic's downgrade did not end within {seconds} s"),
                    Vec::new(),
                )
            }
            Err(StepFault::Failed(step)) => {
                let error = step.answer.error.unwrap_or_default();
                (failure(&error.message), attempted(&step.logged))
            }
            Ok(step) => {
                let found = self.alembic.look(&copy, &self.search_path).await?;
                let parsed = write::as_file(file)?;
                let left = left_behind(&found, &self.catalog, &parsed.body()?.upgrade);
                let kept: Vec<String> = step.recording.statements().cloned().collect();
                let section = write::section(&step.recording.transactions);
                if left.behind.is_empty() {
                    match self.proves(file, &section).await? {
                        Ok(()) => {
                            copy.close().await;
                            file.downgrade = Some(section);
                            return Ok(Downgrade::LeadsBack(left.stays));
                        }
                        Err(reason) => (reason, kept),
                    }
                } else {
                    (does_not_lead_back(&left.behind), kept)
                }
            }
        };
        copy.close().await;
        if self.alembic.options.repairs_downgrades {
            match self.repaired(file, after).await? {
                Ok(repaired) => {
                    file.downgrade = Some(repaired);
                    return Ok(Downgrade::Repaired(reason));
                }
                Err(why) => reason = neither(&reason, &why),
            }
        }
        file.upgrade.push_str(&left_out(&reason, &kept));
        file.irreversible = Some(reason.clone());
        Ok(Downgrade::Irreversible(reason))
    }

    /// Runs a downgrade on a copy of Aludel's database; says why it does not lead back.
    pub(crate) async fn proves(
        &self,
        file: &NewRevision,
        section: &str,
    ) -> Result<Result<(), String>, AdoptError> {
        let mut tried = file.clone();
        tried.downgrade = Some(section.to_owned());
        let parsed = write::as_file(&tried)?;
        let Some(downgrade) = &parsed.body()?.downgrade else {
            return Ok(Ok(()));
        };
        let copy = self.aludel.scratch.clone_of(&self.aludel.database).await?;
        let ran = self.aludel.run(&copy, downgrade, &self.search_path).await?;
        let verdict = if let Err(error) = ran {
            Err(does_not_run(&error.to_string()))
        } else {
            let hidden = hidden(&self.alembic.version, &self.search_path);
            let upgrade = &parsed.body()?.upgrade;
            let left = left_behind(&look(&copy, &hidden).await?, &self.catalog, upgrade).behind;
            if left.is_empty() {
                Ok(())
            } else {
                Err(does_not_lead_back(&left))
            }
        };
        copy.close().await;
        Ok(verdict)
    }
}

fn search_path_of(settings: &[String]) -> Option<String> {
    let text = settings.iter().rev().find_map(|setting| {
        let lower = setting.to_lowercase();
        let at = lower.find("search_path")?;
        let rest = setting[at + "search_path".len()..].trim();
        let rest = rest.strip_prefix('=').or_else(|| {
            rest.get(..2)
                .filter(|word| word.eq_ignore_ascii_case("to"))
                .map(|_| &rest[2..])
        })?;
        Some(rest.trim().trim_end_matches(';').to_owned())
    })?;
    Some(text.trim_matches('\'').to_owned()).filter(|path| !path.is_empty())
}
