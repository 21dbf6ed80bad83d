//! Sorts the actions: by phase, kind and name, and moved only when an edge demands it, so that output is stable.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};

use aludel_catalog::{ObjectId, ObjectKind};

use crate::graph::{Act, Graph, Phase};

/// No order exists.
#[derive(Debug, thiserror::Error)]
pub enum PlanError {
    /// Objects need each other in a loop that has no named repair.
    #[error("no order exists for objects that need each other: {}", describe(.0))]
    Loop(Vec<(ObjectId, &'static str)>),
}

fn describe(members: &[(ObjectId, &'static str)]) -> String {
    let lines: Vec<String> = members
        .iter()
        .map(|(id, reason)| format!("{id} ({reason})"))
        .collect();
    lines.join(" before ")
}

/// What a node is sorted by.
type Key = (Phase, Rank, ObjectId, Act);

/// Creation order, or the reverse of it for what goes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Backward(Reverse<ObjectKind>),
    Forward(ObjectKind),
}

/// Returns the nodes that are not folded, in the order in which they run.
pub(crate) fn sort(graph: &Graph) -> Result<Vec<usize>, PlanError> {
    let mut waiting_for = vec![0_usize; graph.nodes.len()];
    for edges in &graph.after {
        for &later in edges.keys() {
            waiting_for[later] += 1;
        }
    }
    let key = |node: usize| -> Key {
        let node = &graph.nodes[node];
        let rank = match node.phase {
            Phase::Ahead | Phase::Make | Phase::Later => Rank::Forward(node.id.kind),
            Phase::Clear | Phase::Drop | Phase::Finish | Phase::Last => {
                Rank::Backward(Reverse(node.id.kind))
            }
        };
        (node.phase, rank, node.id.clone(), node.act)
    };
    let mut ready: BinaryHeap<Reverse<(Key, usize)>> = (0..graph.nodes.len())
        .filter(|&node| waiting_for[node] == 0)
        .map(|node| Reverse((key(node), node)))
        .collect();
    let mut sorted = Vec::with_capacity(graph.nodes.len());
    while let Some(Reverse((_, node))) = ready.pop() {
        sorted.push(node);
        for &later in graph.after[node].keys() {
            waiting_for[later] -= 1;
            if waiting_for[later] == 0 {
                ready.push(Reverse((key(later), later)));
            }
        }
    }
    if sorted.len() == graph.nodes.len() {
        sorted.retain(|&node| !graph.nodes[node].folded);
        return Ok(sorted);
    }
    Err(PlanError::Loop(find_loop(graph, &waiting_for)))
}

/// Walks backwards from any waiting node until one comes twice.
fn find_loop(graph: &Graph, waiting_for: &[usize]) -> Vec<(ObjectId, &'static str)> {
    let before = |node: usize| {
        (0..graph.nodes.len())
            .filter(|&other| waiting_for[other] > 0)
            .find_map(|other| graph.after[other].get(&node).map(|&reason| (other, reason)))
    };
    let Some(mut at) = (0..graph.nodes.len()).find(|&node| waiting_for[node] > 0) else {
        return Vec::new();
    };
    let mut seen = BTreeSet::new();
    while seen.insert(at) {
        match before(at) {
            Some((other, _)) => at = other,
            None => break,
        }
    }
    let (start, mut members) = (at, Vec::new());
    while let Some((other, reason)) = before(at) {
        members.push((graph.nodes[other].id.clone(), reason));
        at = other;
        if at == start || members.len() > graph.nodes.len() {
            break;
        }
    }
    members.reverse();
    members
}
