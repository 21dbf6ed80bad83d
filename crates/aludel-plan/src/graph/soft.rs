//! Edges for what text bodies use: they order where they can and give way where they would close a loop.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use aludel_catalog::{Nature, ObjectId};

use super::{Act, Firmness, Graph, Reason, Sides};
use crate::expand::Expanded;

/// The acts that make or change.
const MAKING: [Act; 3] = [Act::Create, Act::TakeHold, Act::Alter];

pub(super) fn add(graph: &mut Graph, sides: Sides<'_>, expanded: &Expanded) {
    let parts = acted_parts(sides, expanded);
    making(graph, sides, &parts);
    calling(graph, sides, expanded, &parts);
    unmaking(graph, sides, &parts);
    unnamed(graph, sides, expanded);
}

/// Relation (schema, name) → its columns that are made, changed or dropped.
type Parts<'a> = HashMap<(&'a str, &'a str), BTreeSet<&'a ObjectId>>;

/// Who uses a relation uses its columns.
fn acted_parts<'a>(sides: Sides<'_>, expanded: &'a Expanded) -> Parts<'a> {
    let mut parts: Parts<'a> = HashMap::new();
    let holds = |id: &ObjectId| {
        [sides.desired, sides.current]
            .iter()
            .find_map(|catalog| catalog.get(id))
            .is_some_and(|object| object.definition.nature() == Nature::Container)
    };
    let acted = [&expanded.creates, &expanded.alters, &expanded.drops];
    for id in acted.into_iter().flatten() {
        if id.is_part() && holds(id) {
            let relation = (id.schema.as_str(), id.relation.as_str());
            parts.entry(relation).or_default().insert(id);
        }
    }
    parts
}

/// The object, and where it is a relation, its columns that something happens to.
fn with_parts<'a>(id: &'a ObjectId, parts: &Parts<'a>) -> Vec<&'a ObjectId> {
    let mut all = vec![id];
    if id.kind.is_relation() {
        all.extend(
            parts
                .get(&(id.schema.as_str(), id.name.as_str()))
                .into_iter()
                .flatten(),
        );
    }
    all
}

/// A routine comes after what its body uses.
fn making<'a>(graph: &mut Graph, sides: Sides<'a>, parts: &Parts<'a>) {
    for (&routine, body) in &sides.desired_bodies.by_routine {
        for named in &body.uses {
            let firmness = if body.read_at_once.contains(named) {
                Firmness::Checked
            } else {
                Firmness::Soft
            };
            for used in with_parts(named, parts) {
                let reason = "the body of {later} uses {earlier}";
                soft(graph, (used, &MAKING), routine, reason, firmness);
            }
        }
    }
}

fn soft(
    graph: &mut Graph,
    (earlier, acts): (&ObjectId, &[Act]),
    later: &ObjectId,
    reason: Reason,
    firmness: Firmness,
) {
    let (Some(first), Some(second)) = (graph.ends(earlier), graph.ends(later)) else {
        return;
    };
    for &before in acts {
        for after in MAKING {
            graph.edge((&first, before), (&second, after), reason, firmness);
        }
    }
}

/// What calls an unchanged routine, at any distance, comes after what that routine's body uses.
fn calling<'a>(graph: &mut Graph, sides: Sides<'a>, expanded: &Expanded, parts: &Parts<'a>) {
    let acted = |id: &ObjectId| expanded.creates.contains(id) || expanded.alters.contains(id);
    let mut unmet: BTreeMap<&ObjectId, Vec<&ObjectId>> = BTreeMap::new();
    for (&routine, body) in &sides.desired_bodies.by_routine {
        if acted(routine) {
            continue;
        }
        let used = body.uses.iter().flat_map(|used| with_parts(used, parts));
        let made: Vec<&ObjectId> = used.filter(|id| expanded.creates.contains(*id)).collect();
        if !made.is_empty() {
            unmet.insert(routine, made);
        }
    }
    if unmet.is_empty() {
        return;
    }
    let mut dependents = sides.desired.dependents();
    for (&routine, body) in &sides.desired_bodies.by_routine {
        for &used in &body.uses {
            dependents.entry(used).or_default().push(routine);
        }
    }
    for (routine, made) in unmet {
        let (mut seen, mut stack) = (BTreeSet::new(), vec![routine]);
        while let Some(at) = stack.pop() {
            for &caller in dependents.get(at).into_iter().flatten() {
                if !seen.insert(caller) {
                    continue;
                }
                if acted(caller) || expanded.releases.contains_key(caller) {
                    for used in &made {
                        let reason = "{later} calls a function whose body uses {earlier}";
                        let made = (*used, [Act::Create].as_slice());
                        soft(graph, made, caller, reason, Firmness::Soft);
                    }
                } else {
                    stack.push(caller);
                }
            }
        }
    }
}

/// A routine goes, or changes, before what its old body used goes.
fn unmaking<'a>(graph: &mut Graph, sides: Sides<'a>, parts: &Parts<'a>) {
    for (&routine, body) in &sides.current_bodies.by_routine {
        let Some(own) = graph.ends(routine) else {
            continue;
        };
        for used in body.uses.iter().flat_map(|used| with_parts(used, parts)) {
            let Some(other) = graph.ends(used) else {
                continue;
            };
            graph.edge(
                (&own, Act::Drop),
                (&other, Act::Drop),
                "the body of {earlier} uses {later}",
                Firmness::Soft,
            );
            if other.at(Act::Create).is_none() {
                graph.edge(
                    (&own, Act::Alter),
                    (&other, Act::Drop),
                    "the body of {earlier} no longer uses {later}",
                    Firmness::Soft,
                );
            }
        }
    }
}

/// What may use a cast or an operator class comes after it; no expression names them and PostgreSQL does not track them.
fn unnamed(graph: &mut Graph, sides: Sides<'_>, expanded: &Expanded) {
    let mut found_by: BTreeMap<&ObjectId, Vec<&ObjectId>> = BTreeMap::new();
    for id in expanded.creates.iter().filter(|id| id.kind.is_unnamed()) {
        for needed in needs(sides, id).filter(|needed| needed.kind.finds_unnamed()) {
            found_by.entry(needed).or_default().push(id);
        }
    }
    if found_by.is_empty() {
        return;
    }
    let acted = [&expanded.creates, &expanded.alters];
    let released = expanded.releases.keys();
    for user in acted.into_iter().flatten().chain(released) {
        if !user.kind.has_expressions() {
            continue;
        }
        let direct = needs(sides, user);
        let columns = needs(sides, user).filter(|needed| needed.is_part());
        let of_columns = columns.flat_map(|column| needs(sides, column));
        for used in direct
            .chain(of_columns)
            .filter_map(|needed| found_by.get(needed))
        {
            for &id in used {
                let reason = "{later} may use {earlier}, which no expression names";
                let made = (id, [Act::Create].as_slice());
                soft(graph, made, user, reason, Firmness::Checked);
            }
        }
    }
}

/// What the object needs on the desired side.
fn needs<'a>(sides: Sides<'a>, id: &ObjectId) -> impl Iterator<Item = &'a ObjectId> {
    let object = sides.desired.get(id);
    object.into_iter().flat_map(|object| &object.depends_on)
}
