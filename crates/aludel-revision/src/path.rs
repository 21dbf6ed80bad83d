//! The way from a database's state to a target: ordered moves, each with the version rows it changes.
//!
//! The version table holds one row for each revision that is applied and has nothing applied above
//! it, as Alembic's does. A move up deletes the rows it stands on and inserts its own; a move down
//! deletes its own row and inserts those of the revisions it uncovers.

use std::collections::BTreeSet;

use crate::graph::{Graph, Node};
use crate::history::History;
use crate::id::{self, RevisionId};
use crate::resolve::{Goal, Target};

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
}

/// One revision, one way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Move {
    /// The way.
    pub direction: Direction,
    /// The revision.
    pub revision: RevisionId,
    /// What it does to the version table.
    pub rows: RowChange,
}

/// A change of the version table's rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowChange {
    /// The rows that go.
    pub delete: Vec<RevisionId>,
    /// The rows that come.
    pub insert: Vec<RevisionId>,
}

/// Why there is no way.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// The database stands at revisions that no file is.
    #[error("the database is at {}, which no file is", id::list(revisions))]
    UnknownCurrent {
        /// The ids that no file carries.
        revisions: Vec<RevisionId>,
    },
    /// The version table holds a row that another row already implies.
    #[error("the version table holds {row}, which {covered_by} already contains")]
    CurrentNotHeads {
        /// The row too many.
        row: RevisionId,
        /// The row above it.
        covered_by: RevisionId,
    },
    /// The target of a downgrade is not applied.
    #[error("revision {target} is not applied, so a downgrade cannot end there")]
    NotApplied {
        /// The target.
        target: RevisionId,
    },
    /// `-N` would take back another number of revisions, since others depend on them. Going up,
    /// `+N` may well bring more: the other side of a merge, or a dependency.
    #[error("\"{target}\" would take back {found} revisions, not {asked}")]
    StepsDiffer {
        /// What was typed.
        target: String,
        /// How many it says.
        asked: u64,
        /// How many it would be.
        found: u64,
    },
    /// `-N` on the way up or `+N` on the way down.
    #[error("\"{target}\" leads the other way than {}", direction.as_str())]
    WrongWay {
        /// What was typed.
        target: String,
        /// The way that was asked for.
        direction: Direction,
    },
}

impl History {
    /// Returns the moves that apply the target and everything it needs; none when it is applied.
    pub fn upgrade_path(
        &self,
        current: &[RevisionId],
        target: &Target,
    ) -> Result<Vec<Move>, PathError> {
        let heads = self.current_heads(current)?;
        let goal = self.goal_nodes(target)?;
        if target.steps.is_some_and(|steps| steps < 0) {
            return Err(PathError::WrongWay {
                target: target.text.clone(),
                direction: Direction::Upgrade,
            });
        }
        let applied = self.graph.with_ancestors(heads.iter().copied());
        let needed = self.graph.with_ancestors(goal);
        let mut rows = Rows::new(&self.graph, heads, applied);
        let mut moves = Vec::new();
        for &node in self.graph.order() {
            if needed[node] && !rows.applied[node] {
                moves.push(self.to_move(Direction::Upgrade, node, rows.apply(node)));
            }
        }
        Ok(moves)
    }

    /// Returns the moves that take back everything above the target; none when nothing is.
    ///
    /// Branches that do not descend from the target stay as they are.
    pub fn downgrade_path(
        &self,
        current: &[RevisionId],
        target: &Target,
    ) -> Result<Vec<Move>, PathError> {
        let heads = self.current_heads(current)?;
        let goal = self.goal_nodes(target)?;
        if target.steps.is_some_and(|steps| steps > 0) {
            return Err(PathError::WrongWay {
                target: target.text.clone(),
                direction: Direction::Downgrade,
            });
        }
        let applied = self.graph.with_ancestors(heads.iter().copied());
        if let Some(node) = goal.iter().find(|node| !applied[**node]) {
            return Err(PathError::NotApplied {
                target: self.id(*node).clone(),
            });
        }
        let dropped = match target.goal {
            _ if target.steps.is_some() => self.above_on_branch(&goal, &heads),
            Goal::Base => vec![true; self.len()],
            Goal::Heads(_) => self.above(&goal),
        };
        let mut rows = Rows::new(&self.graph, heads, applied);
        let mut moves = Vec::new();
        for &node in self.graph.order().iter().rev() {
            if dropped[node] && rows.applied[node] {
                moves.push(self.to_move(Direction::Downgrade, node, rows.take_back(node)));
            }
        }
        check_steps(target, moves)
    }

    /// Returns what stamping changes in the version table: nothing is run.
    ///
    /// Each target is taken as applied with everything before it and nothing above it; branches that
    /// no target speaks of keep their rows. To stamp over rows that no file is, give no `current`.
    pub fn stamp(
        &self,
        current: &[RevisionId],
        targets: &[Target],
    ) -> Result<RowChange, PathError> {
        let before = self.current_heads(current)?;
        let mut applied = self.graph.with_ancestors(before.iter().copied());
        for target in targets {
            let goal = self.goal_nodes(target)?;
            if target.goal == Goal::Base {
                applied.fill(false);
            }
            for node in goal {
                let marks = if applied[node] {
                    self.above(&[node])
                } else {
                    self.graph.with_ancestors([node])
                };
                let value = !applied[node];
                for (slot, _) in applied.iter_mut().zip(&marks).filter(|(_, mark)| **mark) {
                    *slot = value;
                }
            }
        }
        let covered = |node: Node| self.graph.up(node).any(|above| applied[above]);
        let after: BTreeSet<Node> = (0..self.len())
            .filter(|node| applied[*node] && !covered(*node))
            .collect();
        Ok(RowChange {
            delete: self.ids(before.difference(&after).copied()),
            insert: self.ids(after.difference(&before).copied()),
        })
    }

    /// Returns the revisions that are not applied on a database at `current`, in order.
    pub fn pending(&self, current: &[RevisionId]) -> Result<Vec<RevisionId>, PathError> {
        let applied = self.graph.with_ancestors(self.current_heads(current)?);
        let pending = self
            .graph
            .order()
            .iter()
            .copied()
            .filter(|node| !applied[*node]);
        Ok(self.ids(pending))
    }

    /// Returns the revisions that are applied on a database at `current`, in order.
    pub fn applied(&self, current: &[RevisionId]) -> Result<Vec<RevisionId>, PathError> {
        let applied = self.graph.with_ancestors(self.current_heads(current)?);
        let found = self
            .graph
            .order()
            .iter()
            .copied()
            .filter(|node| applied[*node]);
        Ok(self.ids(found))
    }

    /// Marks what descends from the nodes' children; what only depends on the nodes may stay.
    fn above(&self, nodes: &[Node]) -> Vec<bool> {
        let children = nodes.iter().flat_map(|node| self.graph.children(*node));
        self.graph.with_descendants(children.copied())
    }

    /// Marks what descends from the nodes' children on the way to the heads; no nodes mean the base.
    ///
    /// Steps are counted along one branch, so what else stands on the same nodes is left alone.
    fn above_on_branch(&self, nodes: &[Node], heads: &BTreeSet<Node>) -> Vec<bool> {
        let branch = self.graph.with_parents(heads.iter().copied());
        let first: Vec<Node> = match nodes {
            [] => self.graph.bases().collect(),
            _ => nodes
                .iter()
                .flat_map(|node| self.graph.children(*node))
                .copied()
                .collect(),
        };
        self.graph
            .with_descendants(first.into_iter().filter(|node| branch[*node]))
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

    fn goal_nodes(&self, target: &Target) -> Result<Vec<Node>, PathError> {
        match &target.goal {
            Goal::Base => Ok(Vec::new()),
            Goal::Heads(heads) => self.known(heads),
        }
    }

    fn known(&self, ids: &[RevisionId]) -> Result<Vec<Node>, PathError> {
        let unknown: Vec<RevisionId> = ids
            .iter()
            .filter(|id| self.node(id).is_none())
            .cloned()
            .collect();
        if !unknown.is_empty() {
            return Err(PathError::UnknownCurrent { revisions: unknown });
        }
        Ok(ids.iter().filter_map(|id| self.node(id)).collect())
    }

    /// Checks the version table's rows: known, and none of them below another.
    fn current_heads(&self, current: &[RevisionId]) -> Result<BTreeSet<Node>, PathError> {
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
        Err(PathError::CurrentNotHeads {
            row: self.id(row).clone(),
            covered_by: self.id(covered_by).clone(),
        })
    }
}

/// The version table's rows while moves are planned.
struct Rows<'a> {
    graph: &'a Graph,
    heads: BTreeSet<Node>,
    applied: Vec<bool>,
    /// For each node, how many applied nodes stand directly on it.
    above: Vec<usize>,
}

impl<'a> Rows<'a> {
    fn new(graph: &'a Graph, heads: BTreeSet<Node>, applied: Vec<bool>) -> Self {
        let mut above = vec![0; graph.len()];
        for node in (0..graph.len()).filter(|node| applied[*node]) {
            for below in graph.down(node) {
                above[below] += 1;
            }
        }
        Self {
            graph,
            heads,
            applied,
            above,
        }
    }

    fn apply(&mut self, node: Node) -> (Vec<Node>, Vec<Node>) {
        let mut covered = BTreeSet::new();
        for below in self.graph.down(node) {
            self.above[below] += 1;
            if self.heads.remove(&below) {
                covered.insert(below);
            }
        }
        self.heads.insert(node);
        self.applied[node] = true;
        (covered.into_iter().collect(), vec![node])
    }

    fn take_back(&mut self, node: Node) -> (Vec<Node>, Vec<Node>) {
        self.applied[node] = false;
        self.heads.remove(&node);
        let mut uncovered = BTreeSet::new();
        for below in self.graph.down(node) {
            self.above[below] -= 1;
            if self.above[below] == 0 {
                uncovered.insert(below);
            }
        }
        self.heads.extend(&uncovered);
        (vec![node], uncovered.into_iter().collect())
    }
}

fn check_steps(target: &Target, moves: Vec<Move>) -> Result<Vec<Move>, PathError> {
    let found = u64::try_from(moves.len()).unwrap_or(u64::MAX);
    match target.steps.map(i64::unsigned_abs) {
        Some(asked) if asked != found => Err(PathError::StepsDiffer {
            target: target.text.clone(),
            asked,
            found,
        }),
        _ => Ok(moves),
    }
}

#[cfg(test)]
mod tests;
