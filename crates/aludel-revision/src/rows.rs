//! The version table's rows: one for each revision that is applied and has nothing applied above it.

use std::collections::BTreeSet;

use crate::graph::{Graph, Node};
use crate::id::RevisionId;

/// A change of the version table's rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RowChange {
    /// The rows that go.
    pub delete: Vec<RevisionId>,
    /// The rows that come.
    pub insert: Vec<RevisionId>,
}

/// One statement's worth of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowOperation {
    /// A row comes.
    Insert(RevisionId),
    /// A row goes.
    Delete(RevisionId),
    /// A row changes.
    Update {
        /// What it holds.
        from: RevisionId,
        /// What it will hold.
        to: RevisionId,
    },
}

impl RowChange {
    /// Returns the fewest operations: as many updates as there are pairs, then what is left over.
    pub fn operations(&self) -> Vec<RowOperation> {
        let pairs = self.delete.len().min(self.insert.len());
        let deletes = self.delete[pairs..]
            .iter()
            .cloned()
            .map(RowOperation::Delete);
        let updates = self
            .delete
            .iter()
            .zip(&self.insert)
            .map(|(from, to)| RowOperation::Update {
                from: from.clone(),
                to: to.clone(),
            });
        let inserts = self.insert[pairs..]
            .iter()
            .cloned()
            .map(RowOperation::Insert);
        deletes.chain(updates).chain(inserts).collect()
    }
}

/// The version table's rows while moves are planned.
pub(crate) struct Rows<'a> {
    graph: &'a Graph,
    /// The rows.
    pub(crate) heads: BTreeSet<Node>,
    /// What is applied.
    pub(crate) applied: Vec<bool>,
    /// For each node, how many applied nodes stand directly on it.
    above: Vec<usize>,
}

impl<'a> Rows<'a> {
    pub(crate) fn new(graph: &'a Graph, heads: BTreeSet<Node>, applied: Vec<bool>) -> Self {
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

    /// Applies a revision; returns the rows that go and come.
    pub(crate) fn apply(&mut self, node: Node) -> (Vec<Node>, Vec<Node>) {
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

    /// Takes a revision back; returns the rows that go and come.
    pub(crate) fn take_back(&mut self, node: Node) -> (Vec<Node>, Vec<Node>) {
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
