//! What branches of a history do to each other, seen on scratch: every order is run, and what comes of it compared.
//!
//! A database where the one branch was applied first and a database where the other was must end up the same.
//! So the branches are run in each order from where they part, on generated rows; the catalogs and rows are
//! compared, and what differs or fails is put down to the objects both sides touch and to their statements.
//!
//! Reading order: this file (question and answer), `trace` (what each statement touches), `orders` (the runs),
//! `verdict` (from runs to conflicts), `notes` (what deserves a look though the orders agree).

mod notes;
mod orders;
mod trace;
mod verdict;

use std::collections::BTreeSet;

use aludel_postgres::Scratch;
use aludel_revision::{Revision, RevisionId, Section};
use aludel_sql::Statement;

use crate::apply::ApplyError;
use crate::error::TrialError;
use crate::stairway::StairOptions;
use crate::world::Filled;

pub(crate) use verdict::relation_of;

/// A branch: its head and its own revisions, in order.
#[derive(Clone, Debug)]
pub struct Branch<'a> {
    /// The head.
    pub head: RevisionId,
    /// The revisions that lead from the parting to the head.
    pub revisions: Vec<&'a Revision>,
}

/// What is to be compared.
#[derive(Clone, Debug)]
pub struct Question<'a> {
    /// What all branches share, in order.
    pub base: Vec<&'a Revision>,
    /// The branches.
    pub branches: Vec<Branch<'a>>,
    /// SQL that runs after all of them and is to even out what differs.
    pub afterwards: Option<&'a Section>,
}

/// What was seen.
#[derive(Clone, Debug)]
pub struct Comparison {
    /// The rows that the branches were run on.
    pub filled: Filled,
    /// The orders that were run.
    pub orders: Vec<Order>,
    /// Why the branches cannot simply be merged; none when every order leads to the same.
    pub conflicts: Vec<Finding>,
    /// What deserves a look though the orders agree.
    pub notes: Vec<Finding>,
}

/// One order of the branches, and whether it could be run.
#[derive(Clone, Debug)]
pub struct Order {
    /// The heads of the branches, first to last.
    pub heads: Vec<RevisionId>,
    /// The statement that failed.
    pub failure: Option<Box<ApplyError>>,
}

/// Something the branches do to each other.
#[derive(Clone, Debug)]
pub struct Finding {
    /// What kind of thing it is.
    pub kind: FindingKind,
    /// What was seen, in words.
    pub message: String,
    /// The objects concerned, by kind and name.
    pub objects: BTreeSet<String>,
    /// The statements concerned, by branch and place.
    pub statements: Vec<Place>,
}

/// The kinds of findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FindingKind {
    /// A statement fails when the branches run in one order.
    Fails,
    /// The orders lead to different schemas.
    Schema,
    /// The orders lead to different rows.
    Rows,
    /// The one side uses by name, in a body that is kept as text, what the other takes away.
    Names,
    /// Both sides touch the same.
    Meets,
}

impl FindingKind {
    /// Returns the name in machine output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fails => "fails",
            Self::Schema => "schema",
            Self::Rows => "rows",
            Self::Names => "names",
            Self::Meets => "meets",
        }
    }
}

/// A statement of a branch.
#[derive(Clone, Debug)]
pub struct Place {
    /// The head of its branch.
    pub branch: RevisionId,
    /// Its revision.
    pub revision: RevisionId,
    /// The statement.
    pub statement: Statement,
}

/// Runs the branches in every order on scratch and compares what comes of it.
pub async fn compare(
    scratch: &Scratch,
    question: &Question<'_>,
    options: &StairOptions,
) -> Result<Comparison, TrialError> {
    let (world, traces) = trace::world_and_traces(scratch, question, options).await?;
    let runs = orders::run(&world, question).await?;
    let conflicts = verdict::conflicts(&world, question, &traces, &runs).await?;
    let notes = notes::notes(&traces, &conflicts);
    Ok(Comparison {
        filled: world.filled,
        orders: runs
            .into_iter()
            .map(|run| Order {
                heads: orders::heads(question, &run.order),
                failure: run.failure,
            })
            .collect(),
        conflicts,
        notes,
    })
}
