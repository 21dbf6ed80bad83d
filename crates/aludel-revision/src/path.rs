//! The way from a database's state to a target: ordered moves, each with the version rows it changes.
//!
//! The version table holds one row for each revision that is applied and has nothing applied above
//! it, as Alembic's does. A move up deletes the rows it stands on and inserts its own; a move down
//! deletes its own row and inserts those of the revisions it uncovers.

use std::collections::BTreeSet;

use crate::fault::TargetError;
use crate::graph::Node;
use crate::history::History;
use crate::id::RevisionId;
use crate::order::newest_first;
use crate::resolve::{Goal, Target};
use crate::rows::{RowChange, Rows};

/// Up or down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// A revision is applied.
    Upgrade,
    /// A revision is taken back.
    Downgrade,
}

impl Direction {
    /// Returns `upgrade` or `downgrade`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Upgrade => "upgrade",
            Self::Downgrade => "downgrade",
        }
    }

    /// Returns the other way.
    #[must_use]
    pub fn other(self) -> Self {
        match self {
            Self::Upgrade => Self::Downgrade,
            Self::Downgrade => Self::Upgrade,
        }
    }
}

/// One revision, one way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Move {
    /// The way.
    pub(crate) direction: Direction,
    /// The revision.
    pub(crate) revision: RevisionId,
    /// What it does to the version table.
    pub(crate) rows: RowChange,
}

impl History {
    /// The moves that apply the target and everything it needs; none when it is applied.
    pub(crate) fn upgrade_moves(
        &self,
        current: &[RevisionId],
        target: &Target,
    ) -> Result<Vec<Move>, TargetError> {
        let heads = self.current_heads(current)?;
        let goal = self.goal_nodes(target)?;
        if target.steps.is_some_and(|steps| steps < 0) {
            return Err(TargetError::WrongWay {
                target: target.text.clone(),
                direction: Direction::Upgrade,
            });
        }
        let applied = self.graph.with_ancestors(heads.iter().copied());
        let mut waiting = self.graph.with_ancestors(goal.iter().copied());
        for (slot, applied) in waiting.iter_mut().zip(&applied) {
            *slot &= !applied;
        }
        let order = newest_first(&self.graph, waiting, goal);
        let mut rows = Rows::new(&self.graph, heads, applied);
        let moves = order
            .into_iter()
            .rev()
            .map(|node| self.to_move(Direction::Upgrade, node, rows.apply(node)));
        Ok(self.respelled(current, moves.collect(), |one: &mut Move| &mut one.rows))
    }

    /// The moves that take back everything above the target; none when nothing is.
    ///
    /// Branches that do not descend from the target stay as they are, unless they depend on what goes.
    pub(crate) fn downgrade_moves(
        &self,
        current: &[RevisionId],
        target: &Target,
    ) -> Result<Vec<Move>, TargetError> {
        let heads = self.current_heads(current)?;
        let goal = self.goal_nodes(target)?;
        if target.steps.is_some_and(|steps| steps > 0) {
            return Err(TargetError::WrongWay {
                target: target.text.clone(),
                direction: Direction::Downgrade,
            });
        }
        if goal.len() > 1 && target.undone.is_none() {
            return Err(TargetError::MultipleHeads {
                target: target.text.clone(),
                branch: target.branch.map(|node| self.id(node).to_string()),
                heads: self.ids(goal),
            });
        }
        let goal = goal.first().copied();
        let applied = self.graph.with_ancestors(heads.iter().copied());
        if let Some(node) = goal.filter(|node| !applied[*node]) {
            return Err(TargetError::NotApplied {
                target: self.id(node).clone(),
            });
        }
        let mut dropped = self.graph.with_descendants(self.roots(goal, target)?);
        for (slot, applied) in dropped.iter_mut().zip(&applied) {
            *slot &= applied;
        }
        if let Some(node) = goal.filter(|node| !heads.contains(node))
            && !dropped.contains(&true)
        {
            let contains = |head: &Node| self.graph.with_ancestors([*head])[node];
            return Err(TargetError::NothingAbove {
                target: self.id(node).clone(),
                covered_by: self.ids(heads.into_iter().filter(contains)),
            });
        }
        let order = newest_first(&self.graph, dropped, heads.iter().copied().collect());
        let mut rows = Rows::new(&self.graph, heads, applied);
        let moves = order
            .into_iter()
            .map(|node| self.to_move(Direction::Downgrade, node, rows.take_back(node)));
        Ok(self.respelled(current, moves.collect(), |one: &mut Move| &mut one.rows))
    }

    /// The lowest revisions that are to go: the children of the target or the bases, and of several only
    /// those that lead to the target's branch.
    fn roots(&self, goal: Option<Node>, target: &Target) -> Result<Vec<Node>, TargetError> {
        if let Some(merge) = target.undone {
            return Ok(vec![merge]);
        }
        let roots: Vec<Node> = match goal {
            Some(node) => self.graph.children(node).to_vec(),
            None => self.graph.bases().collect(),
        };
        let branches = [target.branch, target.start];
        if roots.len() < 2 || branches == [None, None] {
            return Ok(roots);
        }
        for branch in branches.into_iter().flatten() {
            let on_branch = self.graph.with_parents([branch]);
            let kept: Vec<Node> = roots
                .iter()
                .copied()
                .filter(|node| on_branch[*node])
                .collect();
            if !kept.is_empty() {
                return Ok(kept);
            }
        }
        Err(TargetError::BranchUnclear {
            target: target.text.clone(),
            choices: self.ids(roots),
        })
    }

    /// Returns the revisions that are not applied on a database at `current`, in order.
    pub fn pending(&self, current: &[RevisionId]) -> Result<Vec<RevisionId>, TargetError> {
        let applied = self.graph.with_ancestors(self.current_heads(current)?);
        let order = self.graph.order().iter().copied();
        Ok(self.ids(order.filter(|node| !applied[*node])))
    }

    /// Returns the revisions that are applied on a database at `current`, in the order in which they run on an empty one.
    pub fn applied(&self, current: &[RevisionId]) -> Result<Vec<RevisionId>, TargetError> {
        let heads = self.current_heads(current)?;
        let applied = self.graph.with_ancestors(heads.iter().copied());
        let mut order = newest_first(&self.graph, applied, heads.into_iter().collect());
        order.reverse();
        Ok(self.ids(order))
    }

    /// Returns the last applied revision of every line on a database at `current`: the version rows, and
    /// what is applied only because another line depends on it.
    pub fn applied_heads(&self, current: &[RevisionId]) -> Result<Vec<RevisionId>, TargetError> {
        let applied = self.graph.with_ancestors(self.current_heads(current)?);
        let is_last = |node: &Node| {
            let mut above = self.graph.children(*node).iter();
            applied[*node] && !above.any(|child| applied[*child])
        };
        let order = self.graph.order().iter().copied();
        Ok(self.ids(order.filter(is_last)))
    }

    fn to_move(
        &self,
        direction: Direction,
        node: Node,
        (delete, insert): (Vec<Node>, Vec<Node>),
    ) -> Move {
        let rows = RowChange {
            delete: self.ids(delete),
            insert: self.ids(insert),
        };
        Move {
            direction,
            revision: self.id(node).clone(),
            rows,
        }
    }

    pub(crate) fn goal_nodes(&self, target: &Target) -> Result<Vec<Node>, TargetError> {
        match &target.goal {
            Goal::Base => Ok(Vec::new()),
            Goal::Heads(heads) => self.known(heads),
        }
    }

    pub(crate) fn known(&self, ids: &[RevisionId]) -> Result<Vec<Node>, TargetError> {
        let unknown: Vec<RevisionId> = ids
            .iter()
            .filter(|id| self.node(id).is_none())
            .cloned()
            .collect();
        if let Some(error) = unknown.iter().find_map(|id| self.inside(id)) {
            return Err(error);
        }
        if !unknown.is_empty() {
            return Err(TargetError::UnknownCurrent { revisions: unknown });
        }
        Ok(ids.iter().filter_map(|id| self.node(id)).collect())
    }

    /// Checks the version table's rows: known, and none of them below another.
    pub(crate) fn current_heads(
        &self,
        current: &[RevisionId],
    ) -> Result<BTreeSet<Node>, TargetError> {
        let heads: BTreeSet<Node> = self.known(current)?.into_iter().collect();
        if heads.len() < 2 {
            return Ok(heads);
        }
        let below = self
            .graph
            .with_ancestors(heads.iter().flat_map(|node| self.graph.down(*node)));
        let Some(row) = heads.iter().copied().find(|node| below[*node]) else {
            return Ok(heads);
        };
        let contains = |node: &Node| *node != row && self.graph.with_ancestors([*node])[row];
        let covered_by = heads.iter().copied().find(contains).unwrap_or(row);
        Err(TargetError::CurrentNotHeads {
            row: self.id(row).clone(),
            covered_by: self.id(covered_by).clone(),
        })
    }
}

#[cfg(test)]
mod tests;
