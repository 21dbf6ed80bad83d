//! Sorts the actions: by phase, kind and name, and moved only when an edge demands it, so that output is stable.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use aludel_catalog::{ObjectId, ObjectKind};

use crate::graph::{Act, Graph, Phase, Why};

/// No order exists.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// Objects need each other in a loop that has no named repair: the reasons, each leading to the next.
    #[error("no order exists for objects that need each other: {}", .0.join("; "))]
    Loop(Vec<String>),
}

/// The order of a graph's nodes.
#[derive(Debug, Default)]
pub(crate) struct Sorted {
    /// The nodes that are not folded, in the order in which they run.
    pub(crate) order: Vec<usize>,
    /// The reasons that gave way, because they closed a loop.
    pub(crate) given_way: Vec<Why>,
}

/// What a node is sorted by.
type Key<'a> = (Phase, Rank, &'a ObjectId, Act);

/// Creation order, or the reverse of it for what goes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Backward(Reverse<ObjectKind>),
    Forward(ObjectKind),
}

/// Returns the rank of each node by phase, kind and name alone.
pub(crate) fn ranks(graph: &Graph) -> Vec<usize> {
    let key = |node: usize| -> Key<'_> {
        let node = &graph.nodes[node];
        let rank = match node.phase {
            Phase::Ahead | Phase::Make | Phase::Later => Rank::Forward(node.id.kind),
            Phase::Clear | Phase::Drop | Phase::Finish | Phase::Last => {
                Rank::Backward(Reverse(node.id.kind))
            }
        };
        (node.phase, rank, &node.id, node.act)
    };
    let mut nodes: Vec<usize> = (0..graph.nodes.len()).collect();
    nodes.sort_by(|&one, &other| key(one).cmp(&key(other)));
    let mut ranks = vec![0; nodes.len()];
    for (rank, node) in nodes.into_iter().enumerate() {
        ranks[node] = rank;
    }
    ranks
}

/// Sorts the graph; the error is a loop: its members with the reasons.
pub(crate) fn sort(graph: &Graph, ranks: &[usize]) -> Result<Vec<usize>, Vec<Why>> {
    let mut waiting_for = vec![0_usize; graph.nodes.len()];
    for edge in graph.after.iter().flatten() {
        waiting_for[edge.later] += 1;
    }
    let mut ready: BinaryHeap<Reverse<(usize, usize)>> = (0..graph.nodes.len())
        .filter(|&node| waiting_for[node] == 0)
        .map(|node| Reverse((ranks[node], node)))
        .collect();
    let mut order = Vec::with_capacity(graph.nodes.len());
    while let Some(Reverse((_, node))) = ready.pop() {
        order.push(node);
        for edge in &graph.after[node] {
            waiting_for[edge.later] -= 1;
            if waiting_for[edge.later] == 0 {
                ready.push(Reverse((ranks[edge.later], edge.later)));
            }
        }
    }
    if order.len() == graph.nodes.len() {
        order.retain(|&node| !graph.nodes[node].folded);
        return Ok(order);
    }
    Err(find_loop(graph, &waiting_for))
}

/// Walks backwards from the first waiting node until one comes twice; returns the reasons from there to there.
fn find_loop(graph: &Graph, waiting_for: &[usize]) -> Vec<Why> {
    let mut before: HashMap<usize, (usize, &Why)> = HashMap::new();
    for (node, edges) in graph.after.iter().enumerate() {
        for edge in edges.iter().filter(|_| waiting_for[node] > 0) {
            before.entry(edge.later).or_insert((node, &edge.why));
        }
    }
    let Some(mut at) = waiting_for.iter().position(|&count| count > 0) else {
        return Vec::new();
    };
    let (mut met, mut walked) = (HashMap::new(), Vec::new());
    loop {
        if let Some(&start) = met.get(&at) {
            let mut found: Vec<Why> = walked.split_off(start);
            found.reverse();
            return found;
        }
        met.insert(at, walked.len());
        let Some(&(earlier, why)) = before.get(&at) else {
            return Vec::new();
        };
        walked.push(why.clone());
        at = earlier;
    }
}
