//! The reasons why an action must precede another.

use std::collections::BTreeMap;

use aludel_catalog::{Catalog, Nature, ObjectId, ObjectKind};

use super::{Act, Graph};
use crate::expand::Expanded;

pub(super) fn add(graph: &mut Graph, current: &Catalog, desired: &Catalog, expanded: &Expanded) {
    own_sequence(graph, desired, expanded);
    making(graph, desired, expanded);
    joining(graph, desired, expanded);
    leaving(graph, current, expanded);
    unmaking(graph, current, desired, expanded);
    replacing(graph, current, expanded);
    names(graph, expanded);
    online(graph, desired, expanded);
}

/// What is done online is built before it is used, and completed after that. It waits for what completes the things it
/// stands on: a primary key for NOT NULL, a constraint for the rows that are filled in.
fn online(graph: &mut Graph, desired: &Catalog, expanded: &Expanded) {
    for id in expanded.online.keys() {
        let [build, create, alter, settle] =
            [Act::Build, Act::Create, Act::Alter, Act::Settle].map(|act| graph.find(id, act));
        graph.precede(build, create, "it is built first");
        graph.precede(create, settle, "it is completed when it is committed");
        graph.precede(alter, settle, "it is completed when it is committed");
        let needed = desired
            .get(id)
            .into_iter()
            .flat_map(|object| &object.depends_on);
        for needed in needed {
            let before = graph.find(needed, Act::Settle);
            for act in [create, alter, settle] {
                graph.precede(before, act, "what it stands on holds for every row by then");
            }
        }
    }
}

/// The actions on one object run in the order of [`Act`].
fn own_sequence(graph: &mut Graph, desired: &Catalog, expanded: &Expanded) {
    for id in expanded.drops.intersection(&expanded.creates) {
        let pair = (graph.find(id, Act::Drop), graph.find(id, Act::Create));
        graph.precede(pair.0, pair.1, "it is dropped before it is made again");
        if pair.0 != pair.1 {
            let build = graph.find(id, Act::Build);
            graph.precede(pair.0, build, "it is dropped before it is made again");
        }
    }
    let implicit = |id: &&ObjectId| {
        desired
            .get(id)
            .is_some_and(|object| object.definition.nature() == Nature::Implicit)
    };
    for id in expanded
        .drops
        .intersection(&expanded.creates)
        .filter(implicit)
    {
        let needed = desired
            .get(id)
            .into_iter()
            .flat_map(|object| &object.depends_on);
        for (needed, act) in needed.flat_map(|needed| [(needed, Act::Create), (needed, Act::Alter)])
        {
            let pair = (graph.find(id, Act::Drop), graph.find(needed, act));
            graph.precede(pair.0, pair.1, "the other makes it anew under its name");
        }
    }
    for id in &expanded.set_aside {
        let [aside, create, discard] =
            [Act::SetAside, Act::Create, Act::Discard].map(|act| graph.find(id, act));
        graph.precede(aside, create, "the old type gives up its name first");
        graph.precede(create, discard, "the old type goes when the new one stands");
    }
    for id in expanded.releases.keys() {
        let [let_go, take_hold, alter] =
            [Act::LetGo, Act::TakeHold, Act::Alter].map(|act| graph.find(id, act));
        graph.precede(let_go, take_hold, "it lets go before it takes hold again");
        graph.precede(let_go, alter, "it lets go before it changes");
        graph.precede(
            take_hold,
            alter,
            "it takes hold again before it changes further",
        );
        let finish = graph.find(id, Act::Finish);
        for earlier in [let_go, take_hold, alter] {
            graph.precede(earlier, finish, "it ends what it began");
        }
    }
}

/// What a relation must have when it joins its parents is made before.
fn joining(graph: &mut Graph, desired: &Catalog, expanded: &Expanded) {
    for id in expanded.creates.iter().chain(&expanded.alters) {
        let Some(object) = desired.get(id).filter(|_| id.is_part()) else {
            continue;
        };
        let part = object.definition.clause(id).is_some()
            || object.definition.nature() == Nature::Implicit;
        for relation in id.relations().filter(|_| part) {
            let finish = graph.find(&relation, Act::Finish);
            for act in [Act::Create, Act::Alter, Act::Settle] {
                graph.precede(graph.find(id, act), finish, "the parent demands it");
            }
        }
    }
}

/// What came from a parent can be dropped only when its relation has left that parent.
fn leaving(graph: &mut Graph, current: &Catalog, expanded: &Expanded) {
    let implicit = |id: &&ObjectId| {
        id.is_part()
            && current
                .get(id)
                .is_some_and(|object| object.definition.nature() == Nature::Implicit)
    };
    for id in expanded.drops.iter().filter(implicit) {
        for relation in id.relations() {
            let pair = (graph.find(&relation, Act::LetGo), graph.find(id, Act::Drop));
            graph.precede(pair.0, pair.1, "the parent does not let it go");
        }
    }
}

/// What an object needs on the desired side is in place before the object is.
fn making(graph: &mut Graph, desired: &Catalog, expanded: &Expanded) {
    let acted = expanded
        .creates
        .iter()
        .chain(&expanded.alters)
        .chain(expanded.releases.keys());
    for id in acted {
        let Some(object) = desired.get(id) else {
            continue;
        };
        for needed in &object.depends_on {
            let (let_go, create) = (graph.find(id, Act::LetGo), graph.find(needed, Act::Create));
            graph.precede(let_go, create, "it gives up a name that the other may take");
            for after in [Act::Build, Act::Create, Act::TakeHold, Act::Alter] {
                let after = graph.find(id, after);
                for before in [Act::Create, Act::TakeHold, Act::Alter] {
                    let before = graph.find(needed, before);
                    graph.precede(before, after, "it needs the other in place");
                }
            }
        }
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
        let Some(object) = current.get(id) else {
            continue;
        };
        let replaces = expanded.online.get(id).is_some_and(|form| form.replaces);
        for needed in &object.depends_on {
            // What takes its place in one moment waits for the change.
            let waits = replaces
                && desired
                    .get(id)
                    .is_some_and(|object| object.depends_on.contains(needed));
            for leave in [Act::Drop, Act::LetGo] {
                let leave = graph.find(id, leave);
                // A column may go after its table has changed in other ways.
                let own_table = object.definition.nature() == Nature::Container
                    && (&id.schema, &id.relation) == (&needed.schema, &needed.name);
                for act in [Act::Drop, Act::SetAside, Act::TakeHold, Act::Alter] {
                    if (own_table || waits) && act == Act::Alter {
                        continue;
                    }
                    let other = graph.find(needed, act);
                    graph.precede(leave, other, "it stands on the other and goes first");
                }
            }
            changed_before_drop(graph, current, expanded, id, needed);
        }
    }
}

/// What changes in place stops needing a dropped object by changing, or by letting go before.
fn changed_before_drop(
    graph: &mut Graph,
    current: &Catalog,
    expanded: &Expanded,
    id: &ObjectId,
    needed: &ObjectId,
) {
    for act in [Act::TakeHold, Act::Alter, Act::Drop, Act::Discard] {
        let (last, discard) = (graph.find(id, act), graph.find(needed, Act::Discard));
        graph.precede(
            last,
            discard,
            "the old type goes when nothing has it any more",
        );
    }
    let for_good = expanded.drops.contains(needed) && !expanded.creates.contains(needed);
    if !for_good {
        return;
    }
    let (alter, drop) = (graph.find(id, Act::Alter), graph.find(needed, Act::Drop));
    let is_type = current
        .get(needed)
        .is_some_and(|object| object.definition.nature() == Nature::Type);
    if expanded.releases.contains_key(id) && !is_type {
        graph.precede(drop, alter, "the name it had may be taken by the change");
    } else {
        graph.precede(alter, drop, "it changes so that the other is free to go");
    }
}

/// What an object made again stood on is gone before it is made, or it would stand on it again (a foreign key on the
/// old one of two keys).
fn replacing(graph: &mut Graph, current: &Catalog, expanded: &Expanded) {
    let hangs = |id: &ObjectId| {
        current
            .get(id)
            .is_some_and(|object| object.definition.nature() == Nature::Hanger)
    };
    for id in expanded.drops.intersection(&expanded.creates) {
        for needed in current
            .get(id)
            .into_iter()
            .flat_map(|object| &object.depends_on)
        {
            if expanded.drops.contains(needed)
                && !expanded.creates.contains(needed)
                && hangs(needed)
            {
                let pair = (graph.find(needed, Act::Drop), graph.find(id, Act::Create));
                graph.precede(pair.0, pair.1, "it must not stand on the other again");
            }
        }
    }
}

/// Objects that share a namespace: the old holder of a name gives it up before the new one takes it.
fn names(graph: &mut Graph, expanded: &Expanded) {
    let mut holders: BTreeMap<(u8, &str, &str, &str), Vec<&ObjectId>> = BTreeMap::new();
    for id in &expanded.drops {
        for space in spaces(id) {
            holders.entry(space).or_default().push(id);
        }
    }
    for id in &expanded.creates {
        for space in spaces(id) {
            for old in holders
                .get(&space)
                .into_iter()
                .flatten()
                .filter(|old| **old != id)
            {
                let drop = graph.find(old, Act::Drop);
                for make in [Act::Build, Act::Create] {
                    graph.precede(drop, graph.find(id, make), "the name must be free");
                }
            }
        }
    }
}

/// The namespaces a name is taken in: relations and indexes, types, constraints of a table, routines.
fn spaces(id: &ObjectId) -> Vec<(u8, &str, &str, &str)> {
    use ObjectKind as K;
    let (schema, relation, name) = (id.schema.as_str(), id.relation.as_str(), id.name.as_str());
    match id.kind {
        K::Table | K::View | K::MaterializedView => {
            vec![(0, schema, "", name), (1, schema, "", name)]
        }
        K::CompositeType => vec![(0, schema, "", name), (1, schema, "", name)],
        K::Sequence | K::Index => vec![(0, schema, "", name)],
        K::EnumType | K::Domain | K::RangeType => vec![(1, schema, "", name)],
        K::Constraint => vec![(0, schema, "", name), (2, schema, relation, name)],
        K::ForeignKey => vec![(2, schema, relation, name)],
        K::Routine | K::Aggregate => vec![(3, schema, &id.arguments, name)],
        K::Statistics => vec![(4, schema, "", name)],
        _ => Vec::new(),
    }
}
