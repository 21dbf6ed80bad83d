//! Stamping: the version table is told where the database stands, and nothing is run.
//!
//! Each revision stamped takes the place of the rows above and below it; rows of other branches stay.

use std::collections::BTreeSet;

use crate::fault::TargetError;
use crate::graph::Node;
use crate::history::History;
use crate::id::RevisionId;
use crate::resolve::{Goal, Target};
use crate::rows::RowChange;

/// One revision's part in a stamp: its row takes the place of others, or goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct StampStep {
    pub(crate) revision: RevisionId,
    pub(crate) rows: RowChange,
}

impl History {
    /// What stamping changes in the version table, one step for each revision that comes or goes to the base.
    pub(crate) fn stamp_steps(
        &self,
        current: &[RevisionId],
        targets: &[Target],
    ) -> Result<Vec<StampStep>, TargetError> {
        let before = self.current_heads(current)?;
        let mut wanted = BTreeSet::new();
        let mut cleared = BTreeSet::new();
        for target in targets {
            let goal = self.goal_nodes(target)?;
            if target.is_relative {
                return Err(TargetError::StepsInStamp {
                    target: target.text.clone(),
                    leads_to: self.ids(goal),
                });
            }
            if target.goal == Goal::Base {
                let near = target.branch.map(|node| self.related(node));
                let is_near = |node: &Node| near.as_ref().is_none_or(|near| near[*node]);
                cleared.extend(before.iter().copied().filter(is_near));
            }
            wanted.extend(goal);
        }
        let below: Vec<Node> = wanted
            .iter()
            .flat_map(|node| self.graph.down(*node))
            .collect();
        let below = self.graph.with_ancestors(below);
        wanted.retain(|node| !below[*node]);

        let mut left = before.clone();
        let mut steps = Vec::new();
        let mut step = |revision: Node, delete: Vec<Node>, insert: &[Node]| {
            steps.push(StampStep {
                revision: self.id(revision).clone(),
                rows: RowChange {
                    delete: self.ids(delete),
                    insert: self.ids(insert.iter().copied()),
                },
            });
        };
        for &node in &wanted {
            if before.contains(&node) {
                left.remove(&node);
                continue;
            }
            let near = self.related(node);
            let replaced: Vec<Node> = left.iter().copied().filter(|other| near[*other]).collect();
            left.retain(|other| !near[*other]);
            step(node, replaced, &[node]);
        }
        for &node in cleared.intersection(&left) {
            step(node, vec![node], &[]);
        }
        Ok(self.respelled(current, steps, |step: &mut StampStep| &mut step.rows))
    }

    /// Marks what comes before or after the node, dependencies included.
    fn related(&self, node: Node) -> Vec<bool> {
        let mut near = self.graph.with_ancestors([node]);
        for (slot, after) in near.iter_mut().zip(self.graph.with_descendants([node])) {
            *slot |= after;
        }
        near
    }
}
