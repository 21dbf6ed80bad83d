//! The reasons why an action must precede another.

use std::collections::HashMap;

use aludel_catalog::{Catalog, Definition, Nature, ObjectId, Stage};

use super::namespace::{Taken, namespaces};
use super::{Act, Ends, Graph};
use crate::expand::Expanded;

pub(super) fn add(graph: &mut Graph, current: &Catalog, desired: &Catalog, expanded: &Expanded) {
    own_sequence(graph, desired, expanded);
    making(graph, current, desired, expanded);
    typed(graph, desired, expanded);
    joining(graph, desired, expanded);
    leaving(graph, current, expanded);
    row_types(graph, current, desired, expanded);
    unmaking(graph, current, desired, expanded);
    replacing(graph, current, expanded);
    names(graph, expanded);
    online(graph, desired, expanded);
}

/// What is done online is built before it is used, and completed after that. It waits for what completes the things it
/// stands on: a primary key for NOT NULL, a constraint for the rows that are filled in.
fn online(graph: &mut Graph, desired: &Catalog, expanded: &Expanded) {
    for (id, form) in &expanded.online {
        let Some(own) = graph.ends(id) else { continue };
        graph.precede(
            (&own, Act::Build),
            (&own, Act::Create),
            "{later} is built first",
        );
        graph.precede(
            (&own, Act::Build),
            (&own, Act::LetGo),
            "{later} is prepared first",
        );
        for act in [Act::Create, Act::Alter, Act::Finish] {
            graph.precede(
                (&own, act),
                (&own, Act::Settle),
                "{later} is completed when it is committed",
            );
        }
        let object = desired.get(id).into_iter();
        for needed in object.flat_map(|object| &object.depends_on) {
            let Some(other) = graph.ends(needed) else {
                continue;
            };
            // What is added not valid looks at no row, and waits only for rows that are filled in.
            let looks = form.after.is_empty() || fills(expanded, needed);
            let makes = form
                .ahead
                .iter()
                .any(|stage| matches!(stage, Stage::Transaction(_)));
            let acts = [
                (Act::Build, makes),
                (Act::Create, looks),
                (Act::Alter, looks),
                (Act::Settle, true),
            ];
            for (act, _) in acts.into_iter().filter(|(_, waits)| *waits) {
                graph.precede(
                    (&other, Act::Settle),
                    (&own, act),
                    "{later} stands on {earlier}, which holds for every row by then",
                );
            }
        }
    }
}

fn nature(catalog: &Catalog, id: &ObjectId) -> Option<Nature> {
    catalog.get(id).map(|object| object.definition.nature())
}

/// The actions on one object run in the order of [`Act`].
fn own_sequence(graph: &mut Graph, desired: &Catalog, expanded: &Expanded) {
    for id in expanded.drops.intersection(&expanded.creates) {
        let Some(own) = graph.ends(id) else { continue };
        graph.precede(
            (&own, Act::Drop),
            (&own, Act::Create),
            "{later} is dropped before it is made again",
        );
        if own.at(Act::Drop) != own.at(Act::Create) {
            graph.precede(
                (&own, Act::Drop),
                (&own, Act::Build),
                "{later} is dropped before it is made again",
            );
        }
        let implicit = desired
            .get(id)
            .filter(|object| object.definition.nature() == Nature::Implicit);
        let needed = implicit.into_iter().flat_map(|object| &object.depends_on);
        for needed in needed {
            let Some(other) = graph.ends(needed) else {
                continue;
            };
            for act in [Act::Create, Act::Alter] {
                graph.precede(
                    (&own, Act::Drop),
                    (&other, act),
                    "{later} makes {earlier} anew under its name",
                );
            }
        }
    }
    for id in &expanded.set_aside {
        let Some(own) = graph.ends(id) else { continue };
        graph.precede(
            (&own, Act::SetAside),
            (&own, Act::Create),
            "the old {earlier} gives up its name first",
        );
        graph.precede(
            (&own, Act::Create),
            (&own, Act::Discard),
            "the old {later} goes when the new one stands",
        );
    }
    for id in expanded.releases.keys() {
        let Some(own) = graph.ends(id) else { continue };
        for (before, after, reason) in [
            (
                Act::LetGo,
                Act::TakeHold,
                "{earlier} lets go before it takes hold again",
            ),
            (
                Act::LetGo,
                Act::Alter,
                "{earlier} lets go before it changes",
            ),
            (
                Act::TakeHold,
                Act::Alter,
                "{earlier} takes hold again before it changes further",
            ),
            (Act::LetGo, Act::Finish, "{later} ends what it began"),
            (Act::TakeHold, Act::Finish, "{later} ends what it began"),
            (Act::Alter, Act::Finish, "{later} ends what it began"),
        ] {
            graph.precede((&own, before), (&own, after), reason);
        }
    }
}

/// Returns whether the rows that are there are filled in after the object is made.
fn fills(expanded: &Expanded, id: &ObjectId) -> bool {
    let form = expanded.online.get(id);
    form.is_some_and(|form| {
        form.after
            .iter()
            .any(|stage| matches!(stage, Stage::Outside(_)))
    })
}

fn is_within(part: &ObjectId, relation: &ObjectId) -> bool {
    relation.kind.is_relation()
        && (&part.schema, &part.relation) == (&relation.schema, &relation.name)
}

/// A typed table takes hold of its type again with columns that are like the type's.
fn typed(graph: &mut Graph, desired: &Catalog, expanded: &Expanded) {
    for id in expanded.releases.keys().chain(&expanded.alters) {
        for relation in id.relations() {
            let object = desired.get(&relation);
            let is_typed = matches!(object.map(|object| &object.definition),
                Some(Definition::Table(table)) if table.of_type.is_some());
            let (Some(own), Some(table)) = (graph.ends(id), graph.ends(&relation)) else {
                continue;
            };
            for act in [Act::TakeHold, Act::Alter].into_iter().filter(|_| is_typed) {
                graph.precede(
                    (&own, act),
                    (&table, Act::TakeHold),
                    "{later} is of its type again when {earlier} is like the type's",
                );
            }
        }
    }
}

/// What a relation must have when it joins its parents is made before.
fn joining(graph: &mut Graph, desired: &Catalog, expanded: &Expanded) {
    for id in expanded.creates.iter().chain(&expanded.alters) {
        let Some(object) = desired.get(id).filter(|_| id.is_part()) else {
            continue;
        };
        let part = object.definition.nature() == Nature::Implicit
            || object.definition.clause(id).is_some();
        let Some(own) = graph.ends(id).filter(|_| part) else {
            continue;
        };
        for relation in id.relations() {
            let Some(joined) = graph.ends(&relation) else {
                continue;
            };
            for act in [Act::Create, Act::Alter, Act::Settle] {
                graph.precede(
                    (&own, act),
                    (&joined, Act::Finish),
                    "{later} can join its parent only with {earlier} in place",
                );
            }
        }
    }
}

/// What came from a parent can be dropped only when its relation has left that parent.
fn leaving(graph: &mut Graph, current: &Catalog, expanded: &Expanded) {
    let implicit = |id: &&ObjectId| id.is_part() && nature(current, id) == Some(Nature::Implicit);
    for id in expanded.drops.iter().filter(implicit) {
        let Some(own) = graph.ends(id) else { continue };
        for relation in id.relations() {
            let Some(left) = graph.ends(&relation) else {
                continue;
            };
            graph.precede(
                (&left, Act::LetGo),
                (&own, Act::Drop),
                "{later} can go only when {earlier} has left its parent",
            );
        }
    }
}

/// What an object needs on the desired side is in place before the object is.
fn making(graph: &mut Graph, current: &Catalog, desired: &Catalog, expanded: &Expanded) {
    // An index is built on a column alike before and after its change, unless the type is another.
    let is_alike = |id: &ObjectId| {
        id.is_part()
            && matches!((current.get(id), desired.get(id)),
                (Some(before), Some(after)) if !before.definition.disturbs(&after.definition))
    };
    let acted = expanded
        .creates
        .iter()
        .chain(&expanded.alters)
        .chain(expanded.releases.keys());
    for id in acted {
        let (Some(object), Some(own)) = (desired.get(id), graph.ends(id)) else {
            continue;
        };
        for needed in &object.depends_on {
            let Some(other) = graph.ends(needed) else {
                continue;
            };
            graph.precede(
                (&own, Act::LetGo),
                (&other, Act::Create),
                "{earlier} gives up a name that {later} may take",
            );
            for after in [Act::Build, Act::Create, Act::TakeHold, Act::Alter] {
                for before in [Act::Create, Act::TakeHold, Act::Alter] {
                    let alike = after == Act::Build && before == Act::Alter && is_alike(needed);
                    // A table is there for its columns, whatever it takes hold of again.
                    let within = before == Act::TakeHold && is_within(id, needed);
                    if !alike && !within {
                        graph.precede((&other, before), (&own, after), "{later} needs {earlier}");
                    }
                }
            }
        }
    }
}

/// A routine whose body PostgreSQL reads when it is made or changed may return rows of a relation: then with the columns
/// that the relation has in the end.
fn row_types(graph: &mut Graph, current: &Catalog, desired: &Catalog, expanded: &Expanded) {
    let gone = |id: &&ObjectId| id.is_part() && !expanded.creates.contains(*id);
    let mut columns: HashMap<ObjectId, Vec<&ObjectId>> = HashMap::new();
    for id in expanded.drops.iter().filter(gone) {
        let Some(holder) = holder(current, expanded, id) else {
            continue;
        };
        for relation in id.relations() {
            columns.entry(relation).or_default().push(holder);
        }
    }
    let acted = [
        (&expanded.creates, Act::Create),
        (&expanded.alters, Act::Alter),
    ];
    let routines = acted
        .into_iter()
        .flat_map(|(ids, act)| ids.iter().map(move |id| (id, act)))
        .filter(|(id, _)| !columns.is_empty() && id.kind.has_arguments());
    for (id, act) in routines {
        let needed = desired
            .get(id)
            .into_iter()
            .flat_map(|object| &object.depends_on);
        for column in needed.filter_map(|needed| columns.get(needed)).flatten() {
            let (Some(column), Some(routine)) = (graph.ends(column), graph.ends(id)) else {
                continue;
            };
            graph.precede(
                (&column, Act::Drop),
                (&routine, act),
                "{later} may return rows that have {earlier} no more",
            );
        }
    }
}

/// Returns the part whose own drop takes this one along: itself, or that of the parent table which it came from.
fn holder<'a>(
    current: &'a Catalog,
    expanded: &'a Expanded,
    part: &'a ObjectId,
) -> Option<&'a ObjectId> {
    let mut at = part;
    loop {
        match nature(current, at)? {
            Nature::Container => return Some(at),
            Nature::Implicit => {}
            Nature::Hanger | Nature::Type => return None,
        }
        let needed = current.get(at)?.depends_on.iter();
        let mut parents =
            needed.filter(|needed| (needed.kind, &needed.name) == (at.kind, &at.name));
        at = parents.find_map(|parent| expanded.drops.get(parent))?;
    }
}

/// What an object needs on the current side goes after the object has let go of it.
fn unmaking(graph: &mut Graph, current: &Catalog, desired: &Catalog, expanded: &Expanded) {
    let acted = expanded
        .drops
        .iter()
        .chain(&expanded.alters)
        .chain(expanded.releases.keys())
        .chain(&expanded.set_aside);
    for id in acted {
        let (Some(object), Some(own)) = (current.get(id), graph.ends(id)) else {
            continue;
        };
        let replaces = expanded.online.get(id).is_some_and(|form| form.replaces);
        for needed in &object.depends_on {
            let Some(other) = graph.ends(needed) else {
                continue;
            };
            // What takes its place in one moment waits for the change.
            let waits = replaces
                && desired
                    .get(id)
                    .is_some_and(|object| object.depends_on.contains(needed));
            // A column may go after its table has changed in other ways.
            let own_table = object.definition.nature() == Nature::Container
                && (&id.schema, &id.relation) == (&needed.schema, &needed.name);
            for leave in [Act::Drop, Act::LetGo] {
                for act in [Act::Drop, Act::SetAside, Act::TakeHold, Act::Alter] {
                    if (own_table || waits) && act == Act::Alter {
                        continue;
                    }
                    graph.precede(
                        (&own, leave),
                        (&other, act),
                        "{earlier} stands on {later} and goes first",
                    );
                }
            }
            changed_before_drop(graph, current, expanded, &own, &other);
        }
    }
}

/// What changes in place stops needing a dropped object by changing, or by letting go before.
fn changed_before_drop(
    graph: &mut Graph,
    current: &Catalog,
    expanded: &Expanded,
    own: &Ends<'_>,
    other: &Ends<'_>,
) {
    for act in [Act::TakeHold, Act::Alter, Act::Drop, Act::Discard] {
        graph.precede(
            (own, act),
            (other, Act::Discard),
            "the old {later} goes when {earlier} has it no more",
        );
    }
    let for_good = other.at(Act::Drop).is_some() && other.at(Act::Create).is_none();
    if !for_good {
        return;
    }
    graph.precede(
        (own, Act::Discard),
        (other, Act::Drop),
        "the old {earlier} stands on {later} to the last",
    );
    let is_type = nature(current, other.id) == Some(Nature::Type);
    if expanded.releases.contains_key(own.id) && !is_type {
        graph.precede(
            (other, Act::Drop),
            (own, Act::Alter),
            "the change of {later} may take the name that {earlier} had",
        );
    } else if !left_with_relation(current, expanded, own.id, other.id) {
        graph.precede(
            (own, Act::Alter),
            (other, Act::Drop),
            "{earlier} changes so that {later} is free to go",
        );
    }
}

/// Returns whether `part` stood on a parent's part, and its relation leaves its parents first.
fn left_with_relation(
    current: &Catalog,
    expanded: &Expanded,
    part: &ObjectId,
    needed: &ObjectId,
) -> bool {
    nature(current, part) == Some(Nature::Implicit)
        && needed.is_part()
        && (&part.schema, &part.relation) != (&needed.schema, &needed.relation)
        && part.relations().any(|relation| {
            let release = expanded.releases.get(&relation);
            release.is_some_and(|release| !release.before.is_empty())
        })
}

/// What an object made again stood on is gone before it is made, or it would stand on it again (a foreign key on the
/// old one of two keys).
fn replacing(graph: &mut Graph, current: &Catalog, expanded: &Expanded) {
    for id in expanded.drops.intersection(&expanded.creates) {
        let (Some(object), Some(own)) = (current.get(id), graph.ends(id)) else {
            continue;
        };
        for needed in &object.depends_on {
            let Some(other) = graph.ends(needed) else {
                continue;
            };
            let for_good = other.at(Act::Drop).is_some() && other.at(Act::Create).is_none();
            if for_good && nature(current, needed) == Some(Nature::Hanger) {
                graph.precede(
                    (&other, Act::Drop),
                    (&own, Act::Create),
                    "{later} must not stand on {earlier} again",
                );
            }
        }
    }
}

/// Objects that share a namespace: the old holder of a name gives it up before the new one takes it.
fn names(graph: &mut Graph, expanded: &Expanded) {
    let mut holders: HashMap<Taken<'_>, Vec<&ObjectId>> = HashMap::new();
    for id in &expanded.drops {
        for taken in namespaces(id) {
            holders.entry(taken).or_default().push(id);
        }
    }
    for id in expanded.creates.iter().filter(|_| !holders.is_empty()) {
        for taken in namespaces(id) {
            let others = holders.get(&taken).into_iter().flatten();
            for old in others.filter(|old| **old != id) {
                let (Some(old), Some(own)) = (graph.ends(old), graph.ends(id)) else {
                    continue;
                };
                for make in [Act::Build, Act::Create] {
                    graph.precede(
                        (&old, Act::Drop),
                        (&own, make),
                        "{earlier} gives up the name that {later} takes",
                    );
                }
            }
        }
    }
}
