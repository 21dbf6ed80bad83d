//! Moving revisions on top of others: which parents change so that one branch follows another.
//!
//! Nothing is written here. [`History::rebase`] says which headers change, and
//! [`edit::set_parents`](crate::edit::set_parents) changes them without touching another byte.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::graph::Node;
use crate::history::History;
use crate::id::{self, RevisionId};

/// A revision that gets other parents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reparent {
    /// The revision.
    pub revision: RevisionId,
    /// Its file.
    pub path: PathBuf,
    /// Its parents today.
    pub from: Vec<RevisionId>,
    /// Its parents then.
    pub to: Vec<RevisionId>,
}

/// Why revisions cannot be moved.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RebaseError {
    /// More than one head could be the one to follow.
    #[error("{revision} could follow more than one head: {}", id::list(choices))]
    Unclear {
        /// The revision that is to move.
        revision: RevisionId,
        /// The heads.
        choices: Vec<RevisionId>,
    },
    /// The head that is to be followed needs a revision that is to move.
    #[error("{onto} cannot be followed by {revision}, which it needs itself")]
    Needed {
        /// The head.
        onto: RevisionId,
        /// The revision that is to move.
        revision: RevisionId,
    },
}

impl History {
    /// Returns the parents that change when `mine` are put on top of `onto`, or of the one head of the
    /// others that descends from where each of them branched off. What stands there already stays.
    ///
    /// A base moves too, unless it has a label: then it begins a branch that is meant to stand alone.
    pub fn rebase(
        &self,
        mine: &BTreeSet<RevisionId>,
        onto: Option<&RevisionId>,
    ) -> Result<Vec<Reparent>, RebaseError> {
        let mut moving = vec![false; self.len()];
        for node in mine.iter().filter_map(|id| self.node(id)) {
            moving[node] = true;
        }
        let others: Vec<Node> = (0..self.len())
            .filter(|node| !moving[*node] && self.is_head_among(*node, &moving))
            .collect();
        let onto = onto.and_then(|id| self.node(id));
        // For each moved node, the heads of the others that it will descend from.
        let mut carried: Vec<BTreeSet<Node>> = vec![BTreeSet::new(); self.len()];
        let mut changes = Vec::new();
        for &node in self.graph.order().iter().filter(|node| moving[**node]) {
            let parents = self.graph.parents(node);
            let (own, foreign): (Vec<Node>, Vec<Node>) =
                parents.iter().partition(|parent| moving[**parent]);
            let mut goals: BTreeSet<Node> = BTreeSet::new();
            for start in &foreign {
                goals.insert(self.goal_of(node, Some(*start), onto, &others)?);
            }
            let is_base = parents.is_empty() && self.revisions()[node].header.labels.is_empty();
            if is_base && (onto.is_some() || !others.is_empty()) {
                goals.insert(self.goal_of(node, None, onto, &others)?);
            }
            let below: BTreeSet<Node> = own.iter().flat_map(|own| carried[*own].clone()).collect();
            let mut to = own;
            to.extend(goals.difference(&below));
            carried[node] = below.union(&goals).copied().collect();
            if to != parents {
                changes.push(self.reparent(node, &to));
            }
        }
        self.check_needs(&changes, &moving)?;
        Ok(changes)
    }

    /// Returns what of the history is neither below nor above `onto`, of the branches that share an
    /// ancestor with it or have no label: what is to move when nothing else is known.
    pub fn beside(&self, onto: &RevisionId) -> BTreeSet<RevisionId> {
        let Some(node) = self.node(onto) else {
            return BTreeSet::new();
        };
        let below = self.graph.with_parents([node]);
        let above = self.graph.with_children([node]);
        let is_base = |node: &Node| self.graph.parents(*node).is_empty();
        let bases: Vec<Node> = (0..self.len())
            .filter(is_base)
            .filter(|base| below[*base] || self.revisions()[*base].header.labels.is_empty())
            .collect();
        let related = self.graph.with_children(bases);
        let nodes = (0..self.len()).filter(|node| related[*node] && !below[*node] && !above[*node]);
        self.ids(nodes).into_iter().collect()
    }

    fn is_head_among(&self, node: Node, moving: &[bool]) -> bool {
        self.graph.children(node).iter().all(|child| moving[*child])
    }

    /// The head of the others that a node will follow in place of `start`.
    fn goal_of(
        &self,
        node: Node,
        start: Option<Node>,
        onto: Option<Node>,
        others: &[Node],
    ) -> Result<Node, RebaseError> {
        if let Some(onto) = onto {
            return Ok(onto);
        }
        let above = start.map(|start| self.graph.with_children([start]));
        let choices: Vec<Node> = others
            .iter()
            .copied()
            .filter(|head| above.as_ref().is_none_or(|above| above[*head]))
            .collect();
        match choices.as_slice() {
            [only] => Ok(*only),
            _ => Err(RebaseError::Unclear {
                revision: self.id(node).clone(),
                choices: self.ids(choices),
            }),
        }
    }

    fn reparent(&self, node: Node, to: &[Node]) -> Reparent {
        let revision = &self.revisions()[node];
        Reparent {
            revision: revision.id().clone(),
            path: revision.path.clone(),
            from: revision.header.parents.clone(),
            to: self.ids(to.iter().copied()),
        }
    }

    /// A head that depends on what moves on top of it would make a cycle.
    fn check_needs(&self, changes: &[Reparent], moving: &[bool]) -> Result<(), RebaseError> {
        for change in changes {
            for onto in &change.to {
                let Some(node) = self.node(onto).filter(|node| !moving[*node]) else {
                    continue;
                };
                let needed = self.graph.with_ancestors([node]);
                if let Some(mover) = (0..self.len()).find(|node| needed[*node] && moving[*node]) {
                    return Err(RebaseError::Needed {
                        onto: onto.clone(),
                        revision: self.id(mover).clone(),
                    });
                }
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{history, id, ids};

    fn rebased(lines: &str, mine: &str, onto: Option<&str>) -> Result<String, RebaseError> {
        let history = history(lines).unwrap();
        let mine = ids(mine).into_iter().collect();
        let changes = history.rebase(&mine, onto.map(id).as_ref())?;
        let told = changes.iter().map(|change| {
            let to: Vec<&str> = change.to.iter().map(RevisionId::as_str).collect();
            format!("{}: {}", change.revision, to.join(" "))
        });
        Ok(told.collect::<Vec<_>>().join(", "))
    }

    #[test]
    fn the_lowest_of_mine_follows_their_head() {
        let lines = "a1:\n b1: a1\n b2: b1\n c1: a1\n c2: c1";
        assert_eq!(rebased(lines, "c1 c2", None).unwrap(), "c1: b2");
        assert_eq!(rebased(lines, "b1 b2", None).unwrap(), "b1: c2");
        assert_eq!(rebased(lines, "c1 c2", Some("b1")).unwrap(), "c1: b1");
    }

    #[test]
    fn what_stands_on_top_stays() {
        let lines = "a1:\n b1: a1\n c1: b1";
        assert_eq!(rebased(lines, "c1", None).unwrap(), "");
        assert_eq!(rebased(lines, "", None).unwrap(), "");
    }

    #[test]
    fn my_merge_of_theirs_needs_them_no_more() {
        let lines = "a1:\n b1: a1\n b2: b1\n c1: a1\n c2: c1 b1";
        assert_eq!(rebased(lines, "c1 c2", None).unwrap(), "c1: b2, c2: c1");
    }

    #[test]
    fn two_first_revisions_make_one_line() {
        assert_eq!(rebased("a1:\n b1:", "b1", None).unwrap(), "b1: a1");
        assert_eq!(rebased("a1:\n b1: # shop", "b1", None).unwrap(), "");
    }

    #[test]
    fn two_heads_to_follow_are_told() {
        let lines = "a1:\n b1: a1\n c1: a1\n d1: a1";
        assert_eq!(
            rebased(lines, "d1", None),
            Err(RebaseError::Unclear {
                revision: id("d1"),
                choices: ids("b1 c1"),
            })
        );
        assert_eq!(rebased(lines, "d1", Some("b1")).unwrap(), "d1: b1");
    }

    #[test]
    fn what_is_needed_cannot_follow() {
        let lines = "a1:\n b1: a1 | c1\n c1: a1";
        assert_eq!(
            rebased(lines, "c1", None),
            Err(RebaseError::Needed {
                onto: id("b1"),
                revision: id("c1"),
            })
        );
    }

    #[test]
    fn a_labelled_base_is_not_beside() {
        let lines = "a1:\n b1: a1\n c1: a1\n c2: c1\n x1: # shop\n x2: x1";
        let beside = |onto: &str| {
            let found = history(lines).unwrap().beside(&id(onto));
            found.into_iter().collect::<Vec<_>>()
        };
        assert_eq!(beside("b1"), ids("c1 c2"));
        assert_eq!(beside("c2"), ids("b1"));
    }
}
