//! The stairway: every revision up, down and up again, the catalog compared at each landing.

use std::time::{Duration, Instant};

use aludel_catalog::Catalog;
use aludel_postgres::build::run_groups;
use aludel_postgres::roles::prepare;
use aludel_postgres::{
    BuildError, ConnectOptions, Hidden, Scratch, ScratchDatabase, Session, introspect,
};
use aludel_revision::{Revision, RevisionId, Section};
use aludel_sql::{Needs, Statement};

use crate::apply::{ApplyError, apply};
use crate::difference::{differences, left_behind};
use crate::error::TrialError;

/// Where on the stairway something was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The first way up.
    Up,
    /// The way down.
    Down,
    /// The second way up.
    UpAgain,
}

/// What was observed of one revision.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The revision.
    pub revision: RevisionId,
    /// Its message.
    pub message: String,
    /// What was seen.
    pub verdict: Verdict,
    /// How long it took.
    pub elapsed: Duration,
}

/// What was seen of a revision on its way up, down and up.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// It goes up, down and up; the catalogs are the same on each landing.
    Reversible,
    /// It goes up; it has no way back, for the reason its header gives.
    Irreversible(Option<String>),
    /// A statement failed.
    Failed(Stage, Box<ApplyError>),
    /// The catalog is not what it was: after the way down, or after the second way up.
    Differs(Stage, Vec<String>),
    /// It was not tried, because a revision before it does not go up.
    NotReached,
}

impl Verdict {
    /// Returns whether nothing is wrong with the revision.
    pub fn is_good(&self) -> bool {
        matches!(self, Self::Reversible | Self::Irreversible(_))
    }
}

/// What the walk depends on besides the history.
#[derive(Clone, Debug)]
pub struct StairOptions {
    /// The search path of each segment.
    pub search_path: String,
    /// What is Aludel's own in a database.
    pub hidden: Hidden,
    /// What the history names and does not make.
    pub needs: Needs,
    /// What stands in the database before the history begins, a group for each revision that made it.
    pub beneath: Vec<Vec<Statement>>,
}

impl StairOptions {
    /// Makes in a fresh database what must be there before the history begins.
    pub(crate) async fn make_ready(
        &self,
        session: &Session,
        scratch: &Scratch,
    ) -> Result<(), BuildError> {
        prepare(session, &self.needs, scratch.may_create_roles()).await?;
        if self.beneath.is_empty() {
            return Ok(());
        }
        let groups: Vec<&[Statement]> = self.beneath.iter().map(Vec::as_slice).collect();
        run_groups(session, &groups, &self.search_path).await?;
        session
            .execute("RESET SESSION AUTHORIZATION; RESET ALL")
            .await
            .map_err(|error| BuildError::Introspect(error.into()))
    }
}

/// What came of a walk.
#[derive(Debug)]
pub struct Walked {
    /// One finding for each revision, in order.
    pub findings: Vec<Finding>,
    /// The catalog at the end; `None` when a revision does not go up.
    pub end: Option<Catalog>,
}

/// Takes every revision up, down and up again, in this order, on scratch.
///
/// After a way down that fails or leaves something behind, a fresh database is brought to the same revision,
/// so that one bad revision does not hide those after it.
pub async fn walk(
    scratch: &Scratch,
    revisions: &[&Revision],
    options: &StairOptions,
    on_finding: &mut dyn FnMut(&Finding),
) -> Result<Walked, TrialError> {
    let mut stair = Stair::open(scratch, options).await?;
    let mut findings = Vec::with_capacity(revisions.len());
    let mut reached = true;
    for (index, revision) in revisions.iter().enumerate() {
        let began = Instant::now();
        let verdict = if reached {
            stair.up_down_up(revision).await?
        } else {
            Verdict::NotReached
        };
        reached = reached && !matches!(verdict, Verdict::Failed(Stage::Up, _));
        let leaves_the_stair = matches!(
            verdict,
            Verdict::Failed(Stage::Down | Stage::UpAgain, _) | Verdict::Differs(..)
        );
        if leaves_the_stair {
            stair.close().await;
            stair = Stair::open(scratch, options).await?;
            reached = stair.climb(&revisions[..=index]).await?;
        }
        let finding = Finding {
            revision: revision.id().clone(),
            message: revision.header.message.clone(),
            verdict,
            elapsed: began.elapsed(),
        };
        on_finding(&finding);
        findings.push(finding);
    }
    let end = reached.then(|| stair.catalog.clone());
    stair.close().await;
    Ok(Walked { findings, end })
}

/// One scratch database on its way up the history.
struct Stair<'a> {
    session: Session,
    database: ScratchDatabase,
    options: &'a StairOptions,
    catalog: Catalog,
}

impl<'a> Stair<'a> {
    async fn open(scratch: &Scratch, options: &'a StairOptions) -> Result<Self, TrialError> {
        let database = scratch.database().await?;
        let session = Session::connect(database.url(), &ConnectOptions::default()).await?;
        options.make_ready(&session, scratch).await?;
        let catalog = introspect(&session, &options.hidden).await?;
        Ok(Self {
            session,
            database,
            options,
            catalog,
        })
    }

    async fn close(self) {
        drop(self.session);
        self.database.close().await;
    }

    /// Goes up to where the walk was; returns whether that worked.
    async fn climb(&mut self, revisions: &[&Revision]) -> Result<bool, TrialError> {
        for revision in revisions {
            if self.apply(&revision.body()?.upgrade).await.is_err() {
                return Ok(false);
            }
        }
        self.catalog = self.look().await?;
        Ok(true)
    }

    async fn up_down_up(&mut self, revision: &Revision) -> Result<Verdict, TrialError> {
        let body = revision.body()?;
        if let Err(error) = self.apply(&body.upgrade).await {
            return Ok(Verdict::Failed(Stage::Up, error));
        }
        let up = self.look().await?;
        let Some(downgrade) = &body.downgrade else {
            self.catalog = up;
            return Ok(Verdict::Irreversible(revision.header.irreversible.clone()));
        };
        if let Err(error) = self.apply(downgrade).await {
            return Ok(Verdict::Failed(Stage::Down, error));
        }
        let left = left_behind(&self.look().await?, &self.catalog, &body.upgrade).behind;
        if !left.is_empty() {
            return Ok(Verdict::Differs(Stage::Down, left));
        }
        if let Err(error) = self.apply(&body.upgrade).await {
            return Ok(Verdict::Failed(Stage::UpAgain, error));
        }
        self.catalog = self.look().await?;
        let left = differences(&self.catalog, &up);
        if left.is_empty() {
            Ok(Verdict::Reversible)
        } else {
            Ok(Verdict::Differs(Stage::UpAgain, left))
        }
    }

    async fn apply(&self, section: &Section) -> Result<(), Box<ApplyError>> {
        apply(&self.session, section, &self.options.search_path)
            .await
            .map_err(Box::new)
    }

    async fn look(&self) -> Result<Catalog, TrialError> {
        Ok(introspect(&self.session, &self.options.hidden).await?)
    }
}
