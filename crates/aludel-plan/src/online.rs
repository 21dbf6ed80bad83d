//! Which of the changes have an online form, and what it is.

use std::collections::{BTreeMap, BTreeSet};

use aludel_catalog::{Catalog, Definition, Nature, Object, ObjectId, Online, Scene, Task};

use crate::expand::Expanded;

/// The online forms by object; empty for a plain plan.
pub(crate) type Forms = BTreeMap<ObjectId, Online>;

/// Asks each kind for the forms of its changes; `except` stay plain.
pub(crate) fn forms(
    current: &Catalog,
    desired: &Catalog,
    expanded: &Expanded,
    except: &BTreeSet<ObjectId>,
) -> Forms {
    let moving: BTreeSet<ObjectId> = [&expanded.drops, &expanded.creates, &expanded.set_aside]
        .into_iter()
        .flatten()
        .cloned()
        .collect();
    let scene = Scene {
        current,
        desired,
        moving: &moving,
    };
    let mut forms = Forms::new();
    let mut take = |id: &ObjectId, definition: &Definition, task: Task<'_, Definition>| {
        let form = definition.online(id, task, &scene);
        forms.extend(form.map(|form| (id.clone(), form)));
    };
    let free = |id: &&ObjectId| !except.contains(*id) && has_ground(id, &scene);
    for id in expanded.creates.iter().filter(free) {
        let Some(object) = desired.get(id) else {
            continue;
        };
        let old = current.get(id).filter(|_| expanded.drops.contains(id));
        let task = match old {
            None if expanded.set_aside.contains(id) => continue,
            None => Task::Create,
            Some(old) if makes_way(old, &scene, expanded) => Task::Remake,
            Some(old) => Task::Replace(&old.definition),
        };
        take(id, &object.definition, task);
    }
    let in_place = |id: &&ObjectId| !expanded.creates.contains(*id);
    for id in expanded.alters.iter().filter(in_place).filter(free) {
        if let (Some(old), Some(new)) = (current.get(id), desired.get(id)) {
            take(id, &new.definition, Task::Alter(&old.definition));
        }
    }
    let for_good = |id: &&ObjectId| !expanded.creates.contains(*id);
    for id in expanded.drops.iter().filter(for_good).filter(free) {
        let Some(old) = current.get(id) else {
            continue;
        };
        // What goes with something that it stands on goes in the same moment.
        let needed = old.depends_on.iter().cloned();
        let mut needed = needed.chain(old.definition.hosts(id));
        if !needed.any(|needed| moving.contains(&needed)) {
            take(id, &old.definition, Task::Drop);
        }
    }
    forms
}

/// Returns whether the old object must go before something that it stands on can change; then nothing can take its
/// place in one moment.
fn makes_way(old: &Object, scene: &Scene<'_>, expanded: &Expanded) -> bool {
    let retyped = |id: &ObjectId| {
        expanded.alters.contains(id)
            && matches!((scene.current.get(id), scene.desired.get(id)),
                (Some(before), Some(after)) if before.definition.disturbs(&after.definition))
    };
    expanded.because.contains_key(&old.id)
        || old.definition.nature() == Nature::Implicit
        || old.depends_on.iter().any(retyped)
}

/// Returns whether what the object is a part of is there all the time. What is made in this plan is used by nobody yet.
fn has_ground(id: &ObjectId, scene: &Scene<'_>) -> bool {
    !id.is_part() || id.relations().any(|relation| scene.stands(&relation))
}
