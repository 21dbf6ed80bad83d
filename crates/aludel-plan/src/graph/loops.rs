//! Which soft edges give way: those that close a loop together with harder ones.

use super::{Edge, Firmness, Graph, Why};

/// Takes the soft edges that close a loop out of the graph and returns them. `ranks` is the order without any edge:
/// what agrees with it stays before what does not.
pub(crate) fn give_way(graph: &mut Graph, ranks: &[usize]) -> Vec<Why> {
    let component = components(graph);
    let mut soft: Vec<(Firmness, bool, usize, usize)> = Vec::new();
    for (earlier, edges) in graph.after.iter().enumerate() {
        for edge in edges {
            let ties = component[earlier] == component[edge.later];
            if ties && edge.why.firmness != Firmness::Hard {
                let against = ranks[earlier] > ranks[edge.later];
                soft.push((edge.why.firmness, against, earlier, edge.later));
            }
        }
    }
    if soft.is_empty() {
        return Vec::new();
    }
    soft.sort_unstable();
    let mut within: Vec<Vec<usize>> = graph
        .after
        .iter()
        .enumerate()
        .map(|(earlier, edges)| {
            let kept = |edge: &&Edge| {
                edge.why.firmness == Firmness::Hard && component[earlier] == component[edge.later]
            };
            edges.iter().filter(kept).map(|edge| edge.later).collect()
        })
        .collect();
    let mut given_way = Vec::new();
    for (_, _, earlier, later) in soft {
        if !leads_to(&within, later, earlier) {
            within[earlier].push(later);
            continue;
        }
        let edges = &mut graph.after[earlier];
        if let Some(at) = edges.iter().position(|edge| edge.later == later) {
            given_way.push(edges.remove(at).why);
        }
    }
    given_way
}

/// Returns whether `to` comes after `from`, at any distance.
fn leads_to(after: &[Vec<usize>], from: usize, to: usize) -> bool {
    let (mut seen, mut stack) = (std::collections::HashSet::new(), vec![from]);
    while let Some(at) = stack.pop() {
        if at == to {
            return true;
        }
        if seen.insert(at) {
            stack.extend(&after[at]);
        }
    }
    false
}

/// Numbers the nodes so that two have the same number when each leads to the other (Tarjan's algorithm, with a stack of
/// its own).
fn components(graph: &Graph) -> Vec<usize> {
    let count = graph.nodes.len();
    let (mut number, mut low, mut component) = (vec![0; count], vec![0; count], vec![0; count]);
    let (mut next, mut open) = (1, Vec::new());
    for root in 0..count {
        if number[root] > 0 {
            continue;
        }
        let mut path = vec![(root, 0)];
        while let Some(&mut (node, ref mut at)) = path.last_mut() {
            if *at == 0 {
                number[node] = next;
                low[node] = next;
                next += 1;
                open.push(node);
            }
            if let Some(edge) = graph.after[node].get(*at) {
                *at += 1;
                if number[edge.later] == 0 {
                    path.push((edge.later, 0));
                } else if component[edge.later] == 0 {
                    low[node] = low[node].min(number[edge.later]);
                }
                continue;
            }
            path.pop();
            if let Some(&(above, _)) = path.last() {
                low[above] = low[above].min(low[node]);
            }
            if low[node] == number[node] {
                while let Some(member) = open.pop() {
                    component[member] = number[node];
                    if member == node {
                        break;
                    }
                }
            }
        }
    }
    component
}
