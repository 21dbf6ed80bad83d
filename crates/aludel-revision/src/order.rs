//! The order of the moves of one run: newest first, branch after branch, as Alembic has it.
//!
//! Several walkers go down from the heads. One goes on along its line until it stands on a revision
//! that another walker has yet to come through; then the first walker above that revision goes on. At
//! a merge the walker takes the first parent, and a new walker at the end of the row each of the others.
//! A team that comes from Alembic sees its branches run in the order it knows.

use crate::graph::{Graph, Node};

/// Orders the marked nodes, what comes after others first. `heads` are where the walkers begin; each
/// marked node must lie below one of them, with nothing but marked nodes between.
pub(crate) fn newest_first(graph: &Graph, marked: Vec<bool>, heads: Vec<Node>) -> Vec<Node> {
    Walk::new(graph, marked, heads).run()
}

struct Walk<'a> {
    graph: &'a Graph,
    /// The nodes still to be given out.
    waiting: Vec<bool>,
    /// For each node, how many waiting nodes stand directly on it.
    above: Vec<usize>,
    /// Where each walker stands.
    walkers: Vec<Node>,
    has_walker: Vec<bool>,
    /// Each node's place in an order of everything: what is below a node has a lower one.
    place: Vec<usize>,
    /// The search at which each node was last seen.
    seen: Vec<usize>,
    searches: usize,
}

impl<'a> Walk<'a> {
    fn new(graph: &'a Graph, waiting: Vec<bool>, mut walkers: Vec<Node>) -> Self {
        walkers.retain(|node| waiting[*node]);
        walkers.sort_unstable();
        walkers.dedup();
        let mut above = vec![0; graph.len()];
        for node in (0..graph.len()).filter(|node| waiting[*node]) {
            for below in graph.comes_behind(node) {
                above[below] += 1;
            }
        }
        let mut has_walker = vec![false; graph.len()];
        for node in &walkers {
            has_walker[*node] = true;
        }
        let mut place = vec![0; graph.len()];
        for (number, node) in graph.order().iter().enumerate() {
            place[*node] = number;
        }
        let seen = vec![0; graph.len()];
        Self {
            graph,
            waiting,
            above,
            walkers,
            has_walker,
            place,
            seen,
            searches: 0,
        }
    }

    fn run(mut self) -> Vec<Node> {
        let mut order = Vec::new();
        let mut at = 0;
        while !self.walkers.is_empty() {
            let node = self.walkers[at];
            if self.above[node] > 0
                && let Some(other) = self.first_above(node, at)
            {
                at = other;
                continue;
            }
            order.push(node);
            self.waiting[node] = false;
            at = self.step(at, node);
        }
        order
    }

    /// Takes a walker one step down; returns who goes on.
    fn step(&mut self, at: usize, node: Node) -> usize {
        let mut next = Vec::new();
        for below in self.graph.comes_behind(node) {
            self.above[below] -= 1;
            if self.waiting[below] && !std::mem::replace(&mut self.has_walker[below], true) {
                next.push(below);
            }
        }
        let mut next = next.into_iter();
        if let Some(first) = next.next() {
            self.walkers[at] = first;
            self.walkers.extend(next);
            return at;
        }
        self.walkers.remove(at);
        at.saturating_sub(1)
    }

    /// Finds the first other walker that the node lies below.
    fn first_above(&mut self, node: Node, own: usize) -> Option<usize> {
        self.searches += 1;
        let mut stack = Vec::new();
        for (number, walker) in self.walkers.iter().enumerate() {
            if number == own || self.place[*walker] < self.place[node] {
                continue;
            }
            stack.push(*walker);
            while let Some(other) = stack.pop() {
                if other == node {
                    return Some(number);
                }
                let is_above = self.waiting[other] && self.place[other] > self.place[node];
                if is_above
                    && std::mem::replace(&mut self.seen[other], self.searches) < self.searches
                {
                    stack.extend(self.graph.comes_behind(other));
                }
            }
        }
        None
    }
}
