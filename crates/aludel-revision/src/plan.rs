//! What an upgrade, a downgrade or a stamp would do, as a value: steps, version rows, final heads.
//!
//! A plan needs no database: the revisions that the database stands at are given.

use std::collections::BTreeSet;

use crate::fault::TargetError;
use crate::graph::Node;
use crate::history::History;
use crate::id::RevisionId;
use crate::path::{Direction, Move};
use crate::resolve::{Goal, Target};
use crate::rows::RowChange;

/// What a step does with its revision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// The revision is applied.
    Upgrade,
    /// The revision is taken back.
    Downgrade,
    /// The version table alone changes.
    Stamp,
}

impl Action {
    /// Returns `upgrade`, `downgrade` or `stamp`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Upgrade => Direction::Upgrade.as_str(),
            Self::Downgrade => Direction::Downgrade.as_str(),
            Self::Stamp => "stamp",
        }
    }
}

/// One step of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What is done.
    pub action: Action,
    /// The revision it is done with.
    pub revision: RevisionId,
    /// Up: what the revision stands on, its parents and then its dependencies, without those that an
    /// ancestor has already. Down: the revision. Stamp: the rows that go.
    pub from: Vec<RevisionId>,
    /// The other side of the same.
    pub to: Vec<RevisionId>,
    /// What changes in the version table.
    pub rows: RowChange,
}

/// What a command would do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The steps in order.
    pub steps: Vec<Step>,
    /// The rows of the version table afterwards.
    pub heads: Vec<RevisionId>,
}

impl Plan {
    /// Returns all changes of the version table as one; for a stamp, whose steps touch different rows.
    pub fn rows(&self) -> RowChange {
        let mut rows = RowChange::default();
        for step in &self.steps {
            rows.delete.extend_from_slice(&step.rows.delete);
            rows.insert.extend_from_slice(&step.rows.insert);
        }
        rows
    }
}

impl History {
    /// Returns what `upgrade TARGET` would do on a database at `current`.
    pub fn plan_upgrade(&self, current: &[RevisionId], target: &str) -> Result<Plan, TargetError> {
        self.current_heads(current)?;
        let moves = self.upgrade_moves(current, &self.target(target, current)?)?;
        self.plan_of(current, moves.into_iter().map(|one| self.step(one)))
    }

    /// Returns what `downgrade TARGET` would do on a database at `current`.
    pub fn plan_downgrade(
        &self,
        current: &[RevisionId],
        target: &str,
    ) -> Result<Plan, TargetError> {
        self.current_heads(current)?;
        let moves = self.downgrade_moves(current, &self.target(target, current)?)?;
        self.plan_of(current, moves.into_iter().map(|one| self.step(one)))
    }

    /// Returns what leads to the target, whichever way that is: down where the target is the base, counts
    /// steps down from the database or is applied below what the database is at, else up.
    pub fn plan_toward(&self, current: &[RevisionId], target: &str) -> Result<Plan, TargetError> {
        let heads = self.current_heads(current)?;
        let found = self.target(target, current)?;
        let moves = if self.is_below(&heads, &found)? {
            self.downgrade_moves(current, &found)?
        } else {
            self.upgrade_moves(current, &found)?
        };
        self.plan_of(current, moves.into_iter().map(|one| self.step(one)))
    }

    /// Returns what `stamp TARGET…` would do on a database at `current`; for `--purge` that is nothing.
    pub fn plan_stamp(
        &self,
        current: &[RevisionId],
        targets: &[&str],
    ) -> Result<Plan, TargetError> {
        let found = targets.iter().map(|target| self.target(target, current));
        let found = found.collect::<Result<Vec<Target>, TargetError>>()?;
        let steps = self.stamp_steps(current, &found)?;
        let steps = steps.into_iter().map(|one| Step {
            action: Action::Stamp,
            revision: one.revision,
            from: one.rows.delete.clone(),
            to: one.rows.insert.clone(),
            rows: one.rows,
        });
        self.plan_of(current, steps)
    }

    fn is_below(&self, heads: &BTreeSet<Node>, target: &Target) -> Result<bool, TargetError> {
        if let Some(steps) = target.steps {
            return Ok(steps < 0);
        }
        if target.goal == Goal::Base {
            return Ok(true);
        }
        let applied = self.graph.with_ancestors(heads.iter().copied());
        let goal = self.goal_nodes(target)?;
        Ok(matches!(goal.as_slice(), [only] if applied[*only] && !heads.contains(only)))
    }

    fn plan_of(
        &self,
        current: &[RevisionId],
        steps: impl Iterator<Item = Step>,
    ) -> Result<Plan, TargetError> {
        let steps: Vec<Step> = steps.collect();
        let mut heads: BTreeSet<Node> = self.known(current)?.into_iter().collect();
        for step in &steps {
            for gone in self.known(&step.rows.delete)? {
                heads.remove(&gone);
            }
            heads.extend(self.known(&step.rows.insert)?);
        }
        Ok(Plan {
            steps,
            heads: self.ids(heads),
        })
    }

    fn step(&self, one: Move) -> Step {
        let needs = match self.node(&one.revision) {
            Some(node) => self.ids(self.graph.needs(node).iter().copied()),
            None => Vec::new(),
        };
        let own = vec![one.revision.clone()];
        let (action, from, to) = match one.direction {
            Direction::Upgrade => (Action::Upgrade, needs, own),
            Direction::Downgrade => (Action::Downgrade, own, needs),
        };
        Step {
            action,
            revision: one.revision,
            from,
            to,
            rows: one.rows,
        }
    }
}

#[cfg(test)]
mod tests;
