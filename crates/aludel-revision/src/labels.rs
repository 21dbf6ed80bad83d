//! Which branches a revision is on, by their labels.
//!
//! A label is written into one revision and holds for its line: for all that follows it, and for what it
//! follows, down to the fork or merge where the branch begins.

use crate::graph::Node;
use crate::history::History;
use crate::id::RevisionId;

impl History {
    /// Returns the labels that hold for a revision, its own and its branch's, in alphabetical order.
    pub fn branch_labels(&self, id: &RevisionId) -> &[String] {
        match self.node(id) {
            Some(node) if !self.labels.is_empty() => {
                &self.spread.get_or_init(|| self.spread_labels())[node]
            }
            _ => &[],
        }
    }

    fn spread_labels(&self) -> Vec<Vec<String>> {
        let mut spread = vec![Vec::new(); self.len()];
        let mut labels: Vec<(&String, Node)> = self
            .labels
            .iter()
            .map(|(label, node)| (label, *node))
            .collect();
        labels.sort_unstable();
        for (label, labelled) in labels {
            let mut on_branch = self.graph.with_children([labelled]);
            let mut at = Some(labelled);
            while let Some(node) = at.filter(|node| !self.is_joint(*node)) {
                on_branch[node] = true;
                at = self.graph.parents(node).first().copied();
            }
            for node in (0..self.len()).filter(|node| on_branch[*node]) {
                spread[node].push(label.clone());
            }
        }
        spread
    }

    /// Whether lines meet or part at the node.
    fn is_joint(&self, node: Node) -> bool {
        self.graph.parents(node).len() > 1 || self.graph.up(node).count() > 1
    }
}
