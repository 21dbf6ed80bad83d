//! Each branch by itself, statement by statement: what each statement touches.
//!
//! A branch that fails on the generated rows says something about the rows, not about the other branch. So they
//! are thinned out until each branch runs by itself, and only a branch that fails without any rows is an error.

use std::collections::BTreeSet;

use aludel_catalog::{Catalog, ObjectId};
use aludel_diff::diff;
use aludel_postgres::{Scratch, Session};
use aludel_revision::Revision;
use aludel_sql::Statement;

use crate::apply::ApplyError;
use crate::error::TrialError;
use crate::merge::{Branch, Place, Question};
use crate::stairway::StairOptions;
use crate::world::{Copy, Wish, World};

/// The tables whose rows the statement of this transaction has changed.
const CHANGED_TABLES: &str = "SELECT schemaname, relname FROM pg_catalog.pg_stat_xact_user_tables \
                              WHERE n_tup_ins + n_tup_upd + n_tup_del > 0";

/// A statement and what it touches.
pub(crate) struct Touch {
    pub(crate) place: Place,
    /// The objects that differ after it.
    pub(crate) objects: BTreeSet<ObjectId>,
    /// The tables whose rows it changed, as schema and name.
    pub(crate) tables: BTreeSet<(String, String)>,
}

/// What a branch does by itself.
pub(crate) struct Trace {
    pub(crate) touches: Vec<Touch>,
    /// The catalog at its end.
    pub(crate) catalog: Catalog,
}

/// Makes the database at the parting, with as many rows as every branch can stand by itself, and traces the branches.
pub(crate) async fn world_and_traces<'a>(
    scratch: &'a Scratch,
    question: &Question<'_>,
    options: &'a StairOptions,
) -> Result<(World<'a>, Vec<Trace>), TrialError> {
    let branches = question.branches.iter();
    let later: Vec<&Revision> = branches
        .flat_map(|branch| branch.revisions.iter().copied())
        .collect();
    let mut wish = Wish::default();
    loop {
        let ways = (question.base.as_slice(), later.as_slice());
        let mut world = World::open(scratch, ways, options, &wish).await?;
        let mut traces = Vec::with_capacity(question.branches.len());
        let mut failed = None;
        for branch in &question.branches {
            match trace(&world, branch).await? {
                Ok(trace) => traces.push(trace),
                Err(error) => {
                    failed = Some((branch.head.clone(), error));
                    break;
                }
            }
        }
        let Some((head, error)) = failed else {
            world.filled.told = wish.told;
            return Ok((world, traces));
        };
        world.close().await;
        if wish.none {
            return Err(TrialError::Branch { head, error });
        }
        wish.thin_out(head.as_str(), &error);
    }
}

/// Traces one branch. Its statements run in transactions of their own here; where that does not work, an upgrade's
/// transactions say whether the branch works, and nothing is known of what the statements touch.
async fn trace(
    world: &World<'_>,
    branch: &Branch<'_>,
) -> Result<Result<Trace, Box<ApplyError>>, TrialError> {
    let copy = world.copy().await?;
    let traced = traced(&copy, world, branch).await?;
    copy.close().await;
    if let Some(trace) = traced {
        return Ok(Ok(trace));
    }
    let copy = world.copy().await?;
    for revision in &branch.revisions {
        if let Err(error) = copy.apply(&revision.body()?.upgrade, world.options).await {
            copy.close().await;
            return Ok(Err(error));
        }
    }
    let catalog = copy.catalog(world.options).await?;
    copy.close().await;
    let mut touches = Vec::new();
    for revision in &branch.revisions {
        let statements = revision.body()?.upgrade.statements();
        touches.extend(statements.map(|statement| Touch::nothing(branch, revision, statement)));
    }
    Ok(Ok(Trace { touches, catalog }))
}

async fn traced(
    copy: &Copy,
    world: &World<'_>,
    branch: &Branch<'_>,
) -> Result<Option<Trace>, TrialError> {
    let mut touches = Vec::new();
    let mut catalog = copy.catalog(world.options).await?;
    for revision in &branch.revisions {
        let path = aludel_catalog::identifier::literal(&world.options.search_path);
        let reset = format!(
            "RESET SESSION AUTHORIZATION; RESET ALL; SELECT pg_catalog.set_config('search_path', {path}, false)"
        );
        copy.session.execute(&reset).await?;
        for segment in &revision.body()?.upgrade.segments {
            for statement in &segment.statements {
                let Some(tables) = run_one(&copy.session, statement, segment.alone).await else {
                    return Ok(None);
                };
                let after = copy.catalog(world.options).await?;
                touches.push(Touch {
                    objects: diff(&catalog, &after).by_object.into_keys().collect(),
                    tables,
                    ..Touch::nothing(branch, revision, statement)
                });
                catalog = after;
            }
        }
    }
    Ok(Some(Trace { touches, catalog }))
}

impl Touch {
    fn nothing(branch: &Branch<'_>, revision: &Revision, statement: &Statement) -> Self {
        Self {
            place: Place {
                branch: branch.head.clone(),
                revision: revision.id().clone(),
                statement: statement.clone(),
            },
            objects: BTreeSet::new(),
            tables: BTreeSet::new(),
        }
    }
}

/// Runs one statement and returns the tables whose rows it changed; `None` when it cannot be run so.
async fn run_one(
    session: &Session,
    statement: &Statement,
    alone: bool,
) -> Option<BTreeSet<(String, String)>> {
    if alone {
        return session
            .execute(&statement.text)
            .await
            .ok()
            .map(|()| BTreeSet::new());
    }
    session.execute("BEGIN").await.ok()?;
    let ran = session.execute(&statement.text).await;
    let changed = session.rows(CHANGED_TABLES).await;
    let ended = session.execute("COMMIT").await;
    let (Ok(()), Ok(rows), Ok(())) = (ran, changed, ended) else {
        return None;
    };
    let tables = rows
        .iter()
        .map(|row| (row.text(0).to_owned(), row.text(1).to_owned()));
    Some(tables.collect())
}
