//! Child tables and partitions: what they share with their parents, and what they take each other's place of.

use std::collections::{BTreeSet, HashMap};

use aludel_catalog::{Catalog, Definition, ObjectId};

use super::{Act, Graph};
use crate::expand::Expanded;

const REACHES: &str = "the change of {earlier} reaches {later}";
const COPIED: &str = "{later} merges with {earlier}";
const STAYS: &str = "{later} cannot be dropped while its relation has it from {earlier}";
const OVERLAP: &str = "the bounds of {later} may overlap those of {earlier}";

pub(super) fn add(graph: &mut Graph, current: &Catalog, desired: &Catalog, expanded: &Expanded) {
    make_merged(graph, desired, expanded);
    drop_merged(graph, current, expanded);
    make_room(graph, current, desired, expanded);
}

/// A part that merges with a parent's is made first: the parent's would bring it along, and it would be there already.
/// It comes with its own relation all the same.
fn make_merged(graph: &mut Graph, desired: &Catalog, expanded: &Expanded) {
    for id in expanded.creates.iter().chain(&expanded.alters) {
        let parts = desired.get(id).into_iter();
        for other in parts.flat_map(|object| &object.merges_with) {
            let (Some(own), Some(others)) = (graph.ends(id), graph.ends(other)) else {
                continue;
            };
            graph.precede((&others, Act::Alter), (&own, Act::Alter), REACHES);
            if of_one_in(&expanded.creates, id) {
                graph.precede((&others, Act::Create), (&own, Act::Create), COPIED);
            } else if !of_one_in(&expanded.creates, other) {
                for act in [Act::Create, Act::Alter] {
                    graph.precede((&own, act), (&others, Act::Create), COPIED);
                }
            }
        }
    }
}

/// A part that merges with a parent's is dropped last: while the parent has its own, PostgreSQL refuses.
fn drop_merged(graph: &mut Graph, current: &Catalog, expanded: &Expanded) {
    for id in &expanded.drops {
        let parts = current.get(id).into_iter();
        for other in parts.flat_map(|object| &object.merges_with) {
            let Some(own) = graph.ends(id) else { continue };
            if let Some(others) = graph.ends(other) {
                if of_one_in(&expanded.drops, id) {
                    graph.precede((&own, Act::Drop), (&others, Act::Drop), COPIED);
                } else if !of_one_in(&expanded.drops, other) {
                    graph.precede((&others, Act::Drop), (&own, Act::Drop), STAYS);
                }
            }
            for relation in id.relations() {
                if let Some(relation) = graph.ends(&relation) {
                    graph.precede((&relation, Act::LetGo), (&own, Act::Drop), STAYS);
                }
            }
        }
    }
}

/// Returns whether the part's relation is among `relations`.
fn of_one_in(relations: &BTreeSet<ObjectId>, part: &ObjectId) -> bool {
    part.relations()
        .any(|relation| relations.contains(&relation))
}

/// Partitions that go make room for those of the same table that come.
fn make_room(graph: &mut Graph, current: &Catalog, desired: &Catalog, expanded: &Expanded) {
    let mut leaving: HashMap<&(String, String), Vec<&ObjectId>> = HashMap::new();
    for id in expanded.drops.iter().chain(expanded.releases.keys()) {
        if let Some(parent) = partitioned(current, id) {
            leaving.entry(parent).or_default().push(id);
        }
    }
    for id in expanded.creates.iter().chain(expanded.releases.keys()) {
        let left = partitioned(desired, id).and_then(|parent| leaving.get(parent));
        for &other in left.into_iter().flatten() {
            let (Some(own), Some(others)) = (graph.ends(id), graph.ends(other)) else {
                continue;
            };
            for goes in [Act::Drop, Act::LetGo] {
                for comes in [Act::Create, Act::Finish] {
                    graph.precede((&others, goes), (&own, comes), OVERLAP);
                }
            }
        }
    }
}

/// Returns the table that `id` is a partition of.
fn partitioned<'a>(catalog: &'a Catalog, id: &ObjectId) -> Option<&'a (String, String)> {
    match &catalog.get(id)?.definition {
        Definition::Table(table) if table.bound.is_some() => table.parents.first(),
        _ => None,
    }
}
