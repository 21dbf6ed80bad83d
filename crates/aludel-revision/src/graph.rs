//! The shape of a history, as numbers: who follows whom, and one fixed order.
//!
//! A node is a revision's place in [`History::revisions`](crate::History::revisions). Two relations
//! lead down: a parent, which the revision follows, and a dependency, which must come first without
//! being its parent. A third relation orders alone: what a revision comes behind where one run has
//! both. Everything here is linear in the number of revisions and relations.

use std::sync::OnceLock;

/// A revision's number.
pub(crate) type Node = usize;

/// The relations between revisions, checked to have no cycle.
#[derive(Debug)]
pub(crate) struct Graph {
    parents: Vec<Vec<Node>>,
    dependencies: Vec<Vec<Node>>,
    children: Vec<Vec<Node>>,
    dependents: Vec<Vec<Node>>,
    after: Vec<Vec<Node>>,
    order: Vec<Node>,
    /// For each node its parents and the dependencies that no ancestor of its has; made when asked for.
    needs: OnceLock<Vec<Vec<Node>>>,
}

/// Nodes that come before themselves, each a parent or dependency of the next.
#[derive(Debug)]
pub(crate) struct Cycle(pub(crate) Vec<Node>);

impl Graph {
    /// Makes a graph; the lists are indexed by node.
    pub(crate) fn new(
        parents: Vec<Vec<Node>>,
        dependencies: Vec<Vec<Node>>,
        after: Vec<Vec<Node>>,
    ) -> Result<Self, Cycle> {
        let children = turned_round(&parents);
        let dependents = turned_round(&dependencies);
        let mut graph = Self {
            parents,
            dependencies,
            children,
            dependents,
            after,
            order: Vec::new(),
            needs: OnceLock::new(),
        };
        graph.sort()?;
        Ok(graph)
    }

    pub(crate) fn len(&self) -> usize {
        self.parents.len()
    }

    pub(crate) fn parents(&self, node: Node) -> &[Node] {
        &self.parents[node]
    }

    pub(crate) fn children(&self, node: Node) -> &[Node] {
        &self.children[node]
    }

    /// All nodes, what must come first before what follows it; the same on every run.
    pub(crate) fn order(&self) -> &[Node] {
        &self.order
    }

    /// Parents and dependencies.
    pub(crate) fn down(&self, node: Node) -> impl Iterator<Item = Node> + '_ {
        self.dependencies[node]
            .iter()
            .chain(&self.parents[node])
            .copied()
    }

    /// Parents, then the dependencies that no ancestor of the node has already.
    ///
    /// An applied ancestor has brought such a dependency, so neither order nor rows need it again.
    pub(crate) fn needs(&self, node: Node) -> &[Node] {
        &self.needs.get_or_init(|| self.collect_needs())[node]
    }

    /// What the node comes behind in a run: all that it needs, and what is said to go first.
    pub(crate) fn comes_behind(&self, node: Node) -> impl Iterator<Item = Node> + '_ {
        self.needs(node).iter().chain(&self.after[node]).copied()
    }

    pub(crate) fn dependencies(&self, node: Node) -> &[Node] {
        &self.dependencies[node]
    }

    pub(crate) fn dependents(&self, node: Node) -> &[Node] {
        &self.dependents[node]
    }

    /// Children and dependents.
    pub(crate) fn up(&self, node: Node) -> impl Iterator<Item = Node> + '_ {
        self.children[node]
            .iter()
            .chain(&self.dependents[node])
            .copied()
    }

    /// Nodes that nothing comes after, neither as a child nor as a dependent.
    pub(crate) fn effective_heads(&self) -> impl Iterator<Item = Node> + '_ {
        self.heads()
            .filter(|node| self.dependents[*node].is_empty())
    }

    /// Nodes that no other follows.
    pub(crate) fn heads(&self) -> impl Iterator<Item = Node> + '_ {
        self.order
            .iter()
            .copied()
            .filter(|node| self.children[*node].is_empty())
    }

    /// Nodes without parents.
    pub(crate) fn bases(&self) -> impl Iterator<Item = Node> + '_ {
        self.order
            .iter()
            .copied()
            .filter(|node| self.parents[*node].is_empty())
    }

    /// Marks the nodes and all that must come before them.
    pub(crate) fn with_ancestors(&self, nodes: impl IntoIterator<Item = Node>) -> Vec<bool> {
        self.marked(nodes, |node, stack| stack.extend(self.down(node)))
    }

    /// Marks the nodes and their parents' lines, dependencies left out.
    pub(crate) fn with_parents(&self, nodes: impl IntoIterator<Item = Node>) -> Vec<bool> {
        self.marked(nodes, |node, stack| stack.extend(&self.parents[node]))
    }

    /// Marks the nodes and their children's lines, dependents left out.
    pub(crate) fn with_children(&self, nodes: impl IntoIterator<Item = Node>) -> Vec<bool> {
        self.marked(nodes, |node, stack| stack.extend(&self.children[node]))
    }

    /// Marks what is of one line with the node: its ancestors and descendants by parents alone.
    pub(crate) fn lineage(&self, node: Node) -> Vec<bool> {
        let mut marked = self.with_parents([node]);
        for (slot, below) in marked.iter_mut().zip(self.with_children([node])) {
            *slot |= below;
        }
        marked
    }

    /// Marks the nodes and all that come after them.
    pub(crate) fn with_descendants(&self, nodes: impl IntoIterator<Item = Node>) -> Vec<bool> {
        self.marked(nodes, |node, stack| stack.extend(self.up(node)))
    }

    fn marked(
        &self,
        nodes: impl IntoIterator<Item = Node>,
        more: impl Fn(Node, &mut Vec<Node>),
    ) -> Vec<bool> {
        let mut marked = vec![false; self.len()];
        let mut stack: Vec<Node> = nodes.into_iter().collect();
        while let Some(node) = stack.pop() {
            if !std::mem::replace(&mut marked[node], true) {
                more(node, &mut stack);
            }
        }
        marked
    }

    fn collect_needs(&self) -> Vec<Vec<Node>> {
        let mut needs = self.parents.clone();
        let mut kept = self.dependencies.clone();
        for (dependency, dependents) in self.dependents.iter().enumerate() {
            if dependents.len() > 1 {
                let children = dependents.iter().flat_map(|node| &self.children[*node]);
                let below = self.with_children(children.copied());
                for node in dependents.iter().filter(|node| below[**node]) {
                    kept[*node].retain(|other| *other != dependency);
                }
            }
        }
        for (node, dependencies) in kept.into_iter().enumerate() {
            for dependency in dependencies {
                if !needs[node].contains(&dependency) {
                    needs[node].push(dependency);
                }
            }
        }
        needs
    }

    /// Walks from the heads down, along one branch as far as another does not need it, so that in
    /// the order each branch stands together.
    fn sort(&mut self) -> Result<(), Cycle> {
        let before = turned_round(&self.after);
        let above = |node: Node| self.up(node).chain(before[node].iter().copied());
        let mut waiting: Vec<usize> = (0..self.len()).map(|node| above(node).count()).collect();
        let mut ready: Vec<Node> = (0..self.len()).filter(|node| waiting[*node] == 0).collect();
        let mut order = Vec::with_capacity(self.len());
        while let Some(node) = ready.pop() {
            order.push(node);
            for below in self.down(node).chain(self.after[node].iter().copied()) {
                waiting[below] -= 1;
                if waiting[below] == 0 {
                    ready.push(below);
                }
            }
        }
        if order.len() < self.len() {
            return Err(find_cycle(&waiting, above));
        }
        order.reverse();
        self.order = order;
        Ok(())
    }
}

/// Whoever still waits has a follower that waits: going up must come round.
fn find_cycle<I: Iterator<Item = Node>>(waiting: &[usize], up: impl Fn(Node) -> I) -> Cycle {
    let mut place = vec![None; waiting.len()];
    let mut walked: Vec<Node> = Vec::new();
    let mut next = (0..waiting.len()).find(|node| waiting[*node] > 0);
    while let Some(node) = next {
        if let Some(start) = place[node] {
            return Cycle(walked.split_off(start));
        }
        place[node] = Some(walked.len());
        walked.push(node);
        next = up(node).find(|above| waiting[*above] > 0);
    }
    Cycle(walked)
}

fn turned_round(relation: &[Vec<Node>]) -> Vec<Vec<Node>> {
    let mut turned = vec![Vec::new(); relation.len()];
    for (node, others) in relation.iter().enumerate() {
        for other in others {
            turned[*other].push(node);
        }
    }
    turned
}
