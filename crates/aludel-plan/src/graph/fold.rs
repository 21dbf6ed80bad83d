//! Parts that need no statement of their own: made by their relation's CREATE, dropped by its DROP.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use aludel_catalog::{Catalog, Nature, ObjectId};

use super::{Act, Graph, Relations, Sides};
use crate::expand::Expanded;

/// Folds the drops of parts into the drop of what takes them along.
pub(super) fn drops(graph: &mut Graph, current: &Catalog, expanded: &Expanded) {
    let relations = Relations::among(&expanded.drops);
    let ties = ties(current, expanded, &relations);
    let tangled = tangled(&ties);
    let goes_first = |id: &ObjectId, relation: &ObjectId| {
        holds_up(id, relation, current, expanded, &relations)
            || is_in_a_loop(id, relation, current, expanded, &relations, &tangled)
    };
    let first = with_what_stands_on_them(current, expanded, &relations, goes_first);
    for id in &expanded.drops {
        let Some(object) = current.get(id) else {
            continue;
        };
        let host = relations
            .of(id)
            .filter(|_| !first.contains(id))
            .cloned()
            .or_else(|| {
                object
                    .definition
                    .hosts(id)
                    .into_iter()
                    .find(|host| expanded.drops.contains(host))
            });
        if let Some(host) = host {
            graph.fold(id, &host, Act::Drop);
        }
    }
}

/// Returns the parts that must go before their relation, and those that stand on such a part of the same relation: a
/// foreign key's copy for a partition stands on the foreign key.
fn with_what_stands_on_them<'a>(
    current: &Catalog,
    expanded: &'a Expanded,
    relations: &Relations<'_>,
    goes_first: impl Fn(&ObjectId, &ObjectId) -> bool,
) -> HashSet<&'a ObjectId> {
    let parts = || {
        expanded
            .drops
            .iter()
            .filter_map(|id| Some((id, relations.of(id)?)))
    };
    let mut first: HashSet<&ObjectId> = parts()
        .filter(|(id, relation)| goes_first(id, relation))
        .map(|(id, _)| id)
        .collect();
    let mut before = 0;
    while before < first.len() {
        before = first.len();
        let stands_on_one = |id: &ObjectId, relation: &ObjectId| {
            let needed = current.get(id).into_iter();
            needed
                .flat_map(|object| &object.depends_on)
                .any(|needed| first.contains(needed) && relations.of(needed) == Some(relation))
        };
        let more: Vec<&ObjectId> = parts()
            .filter(|(id, relation)| !first.contains(id) && stands_on_one(id, relation))
            .map(|(id, _)| id)
            .collect();
        first.extend(more);
    }
    first
}

/// Returns whether a part stands on something of another relation that goes early: then the part must go before it,
/// and not with its own relation, which goes late.
fn holds_up(
    part: &ObjectId,
    relation: &ObjectId,
    current: &Catalog,
    expanded: &Expanded,
    relations: &Relations<'_>,
) -> bool {
    current
        .get(part)
        .into_iter()
        .flat_map(|object| &object.depends_on)
        .any(|needed| {
            let elsewhere = needed.is_part()
                && (&needed.schema, &needed.relation) != (&relation.schema, &relation.name);
            let early = || {
                current
                    .get(needed)
                    .is_some_and(|object| object.definition.nature() == Nature::Hanger)
            };
            elsewhere
                && expanded.drops.contains(needed)
                && relations.of(needed).is_none()
                && early()
        })
}

/// A relation or what stands for itself, and what it and its parts depend on.
type Ties<'a> = BTreeMap<&'a ObjectId, BTreeSet<&'a ObjectId>>;

/// What is dropped and depends on something else that is dropped, relations through their parts too (foreign keys,
/// policies that look into views).
fn ties<'a>(current: &'a Catalog, expanded: &'a Expanded, relations: &Relations<'a>) -> Ties<'a> {
    let mut ties: Ties<'a> = BTreeMap::new();
    for id in &expanded.drops {
        let own = relations.of(id).unwrap_or(id);
        for needed in current
            .get(id)
            .into_iter()
            .flat_map(|object| &object.depends_on)
        {
            if let Some(other) = relations.of(needed).or_else(|| expanded.drops.get(needed))
                && other != own
            {
                ties.entry(own).or_default().insert(other);
            }
        }
    }
    ties
}

/// Returns the relations that are left when those that tie nobody, or are tied by nobody, are taken away one after the
/// other: every loop, and what stands between two loops.
fn tangled<'a>(ties: &Ties<'a>) -> HashSet<&'a ObjectId> {
    let mut tied_by: Ties<'a> = BTreeMap::new();
    for (from, others) in ties {
        for other in others {
            tied_by.entry(other).or_default().insert(from);
        }
    }
    let mut stack: Vec<&ObjectId> = ties.keys().chain(tied_by.keys()).copied().collect();
    let mut left: HashSet<&ObjectId> = stack.iter().copied().collect();
    let is_tied = |side: &Ties<'a>, id: &ObjectId, left: &HashSet<&ObjectId>| {
        side.get(id)
            .is_some_and(|others| others.iter().any(|other| left.contains(other)))
    };
    while let Some(id) = stack.pop() {
        if left.contains(id) && !(is_tied(ties, id, &left) && is_tied(&tied_by, id, &left)) {
            left.remove(id);
            let neighbours = [ties, &tied_by]
                .into_iter()
                .filter_map(|side| side.get(id))
                .flatten();
            stack.extend(neighbours.copied());
        }
    }
    left
}

/// Returns whether the part ties its relation into a loop of dropped relations: then it must go first, by itself.
fn is_in_a_loop(
    part: &ObjectId,
    relation: &ObjectId,
    current: &Catalog,
    expanded: &Expanded,
    relations: &Relations<'_>,
    tangled: &HashSet<&ObjectId>,
) -> bool {
    tangled.contains(relation)
        && current
            .get(part)
            .into_iter()
            .flat_map(|object| &object.depends_on)
            .filter_map(|needed| relations.of(needed).or_else(|| expanded.drops.get(needed)))
            .any(|other| other != relation && tangled.contains(other))
}

/// Folds the creation of parts into their relation's CREATE, where nothing they need comes after it. A part that needs
/// another part waits for that one to be folded, so it goes on until nothing moves.
pub(super) fn creates(graph: &mut Graph, sides: Sides<'_>, expanded: &Expanded) {
    let relations = Relations::among(&expanded.creates);
    let mut waiting: Vec<(&ObjectId, &ObjectId)> = expanded
        .creates
        .iter()
        .filter_map(|id| Some((id, relations.of(id)?)))
        .filter(|(id, _)| comes_with_relation(sides.desired, id))
        .filter(|(id, relation)| {
            let form = expanded.online.get(*relation);
            let follow = form.is_some_and(|form| form.parts_follow);
            !follow || is_implicit(sides.desired, id)
        })
        .collect();
    loop {
        let before = waiting.len();
        waiting.retain(|(id, relation)| {
            let ready = is_ready(graph, sides, expanded, id, relation);
            if ready {
                graph.fold(id, relation, Act::Create);
            }
            !ready
        });
        if waiting.len() == before {
            return;
        }
    }
}

/// Returns whether all that the part needs stands when its relation is made, or can stand.
fn is_ready(
    graph: &Graph,
    sides: Sides<'_>,
    expanded: &Expanded,
    id: &ObjectId,
    relation: &ObjectId,
) -> bool {
    let with_relation =
        |needed: &ObjectId| graph.find(needed, Act::Create) == graph.find(relation, Act::Create);
    let early = |needed: &&ObjectId| {
        !expanded.creates.contains(*needed)
            || with_relation(needed)
            || needed.kind < relation.kind && !needed.is_part()
    };
    sides.desired.get(id).is_some_and(|object| {
        // What holds nothing may also come later for the sake of a text body that reads the relation.
        let hangs = object.definition.nature() == Nature::Hanger;
        object
            .depends_on
            .iter()
            .filter(|needed| !early(needed))
            .all(|needed| !leads_to(needed, relation, sides, hangs))
    })
}

/// Returns whether the part is made by its relation's CREATE.
fn comes_with_relation(desired: &Catalog, part: &ObjectId) -> bool {
    is_implicit(desired, part)
        || desired
            .get(part)
            .is_some_and(|object| object.definition.clause(part).is_some())
}

fn is_implicit(desired: &Catalog, part: &ObjectId) -> bool {
    let object = desired.get(part);
    object.is_some_and(|object| object.definition.nature() == Nature::Implicit)
}

/// Returns whether `from` needs, at any distance, the relation or a part of it; `through_bodies`: also as a text body
/// uses it.
fn leads_to(from: &ObjectId, relation: &ObjectId, sides: Sides<'_>, through_bodies: bool) -> bool {
    let (mut seen, mut stack) = (BTreeSet::new(), vec![from]);
    while let Some(at) = stack.pop() {
        let part = at.is_part() && at.schema == relation.schema && at.relation == relation.name;
        if at == relation || part {
            return true;
        }
        if seen.insert(at) {
            let object = sides.desired.get(at).into_iter();
            stack.extend(object.flat_map(|object| &object.depends_on));
            if through_bodies {
                stack.extend(sides.desired_bodies.uses(at));
            }
        }
    }
    false
}
