//! What else must make way for the changes.
//!
//! PostgreSQL refuses to drop or retype what others depend on. Whatever stands in the way is dropped before and made
//! again after, with all that hangs on it; what holds rows is never dropped for this, it lets go and takes hold again.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use aludel_catalog::{Alteration, Catalog, Comparison, Follow, Nature, ObjectId, Online};
use aludel_diff::{Action, Changes};

/// The changes, completed with everything that must make way for them.
#[derive(Debug, Default)]
pub struct Expanded {
    /// What is dropped: for good, or to be made again.
    pub drops: BTreeSet<ObjectId>,
    /// What is made, for the first time or again.
    pub creates: BTreeSet<ObjectId>,
    /// What changes in place.
    pub alters: BTreeSet<ObjectId>,
    /// What lets go before and takes hold again after: the statements.
    pub releases: BTreeMap<ObjectId, Release>,
    /// Types that are renamed, made again, and dropped once their columns have moved over.
    pub set_aside: BTreeSet<ObjectId>,
    /// Types that cannot be set aside, for they stand on something that is gone meanwhile.
    pub bound: BTreeSet<ObjectId>,
    /// Why an object is made again though nothing of it changed: the object that it made way for.
    pub because: BTreeMap<ObjectId, ObjectId>,
    /// The changes that are done in a form that holds nobody up; none in a plain plan.
    pub online: BTreeMap<ObjectId, Online>,
}

/// Statements that let go and take hold again.
#[derive(Debug, Default)]
pub struct Release {
    /// Before the dependency goes.
    pub before: Vec<String>,
    /// After it is back.
    pub after: Vec<String>,
    /// When everything else stands.
    pub last: Vec<String>,
}

/// Why the dependents of an object are looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Disturbance {
    /// It is dropped for good; what stays and does not change must stand on something else afterwards.
    Dropped,
    /// It is dropped and made again.
    MadeAgain,
    /// It changes in place in a way that its dependents do not survive.
    Retyped,
}

/// Completes `changes`.
pub fn expand(current: &Catalog, desired: &Catalog, changes: &Changes) -> Expanded {
    let mut bound = BTreeSet::new();
    loop {
        // Which types are bound shows only on the way, and changes what their columns do.
        let known = bound.len();
        let expanded = expand_with(current, desired, changes, bound);
        if expanded.bound.len() == known {
            return expanded;
        }
        bound = expanded.bound;
    }
}

fn expand_with(
    current: &Catalog,
    desired: &Catalog,
    changes: &Changes,
    bound: BTreeSet<ObjectId>,
) -> Expanded {
    let mut expanded = Expanded {
        bound,
        ..Expanded::default()
    };
    let mut queue = VecDeque::new();
    for (id, change) in &changes.by_object {
        match change.action {
            Action::Create => {
                expanded.creates.insert(id.clone());
            }
            Action::Drop => {
                expanded.drops.insert(id.clone());
                queue.push_back((id.clone(), Disturbance::Dropped));
            }
            Action::Recreate(_) => {
                make_again(&mut expanded, current, id);
                queue.push_back((id.clone(), Disturbance::MadeAgain));
            }
            Action::Alter(_) | Action::Keep => {
                expanded.alters.insert(id.clone());
                first_and_last(&mut expanded, current, desired, id);
                if disturbs(current, desired, id) {
                    queue.push_back((id.clone(), Disturbance::Retyped));
                }
            }
        }
    }
    let dependents = current.dependents();
    let hosted = hosted(current);
    while let Some((id, disturbance)) = queue.pop_front() {
        if disturbance != Disturbance::Retyped {
            for &along in hosted.get(&id).into_iter().flatten() {
                if comes_back(&mut expanded, current, desired, along, &id) {
                    queue.push_back((along.clone(), Disturbance::MadeAgain));
                }
            }
        }
        for &dependent in dependents.get(&id).into_iter().flatten() {
            if let Some(next) =
                make_way(&mut expanded, current, desired, dependent, &id, disturbance)
            {
                queue.push_back((dependent.clone(), next));
            }
        }
    }
    let remade: Vec<ObjectId> = expanded
        .drops
        .intersection(&expanded.creates)
        .cloned()
        .collect();
    for id in remade {
        expanded.alters.remove(&id);
        expanded.releases.remove(&id);
    }
    release_for_drops(&mut expanded, current, desired);
    take_hold_once(&mut expanded, current, desired);
    expanded
}

/// Returns, for every object, those that hold nothing and that its drop takes along.
fn hosted(current: &Catalog) -> BTreeMap<ObjectId, Vec<&ObjectId>> {
    let mut hosted: BTreeMap<ObjectId, Vec<&ObjectId>> = BTreeMap::new();
    for object in current.objects.values() {
        if object.definition.nature() != Nature::Hanger {
            continue;
        }
        for host in object.definition.hosts(&object.id) {
            hosted.entry(host).or_default().push(&object.id);
        }
    }
    hosted
}

/// Makes again what goes along with `host` and is wanted; returns whether that is new.
fn comes_back(
    expanded: &mut Expanded,
    current: &Catalog,
    desired: &Catalog,
    along: &ObjectId,
    host: &ObjectId,
) -> bool {
    let goes = expanded.drops.contains(host);
    let comes_back = goes && desired.get(along).is_some() && !expanded.drops.contains(along);
    if comes_back {
        make_again(expanded, current, along);
        expanded.because.insert(along.clone(), host.clone());
    }
    comes_back
}

/// Takes what a change in place begins and ends with into nodes of their own.
fn first_and_last(expanded: &mut Expanded, current: &Catalog, desired: &Catalog, id: &ObjectId) {
    let (Some(before), Some(after)) = (current.get(id), desired.get(id)) else {
        return;
    };
    let Alteration {
        first,
        change: _,
        last,
    } = before.definition.alter(&after.definition, id);
    if !first.is_empty() || !last.is_empty() {
        let release = expanded.releases.entry(id.clone()).or_default();
        release.before = first;
        release.last = last;
    }
}

fn disturbs(current: &Catalog, desired: &Catalog, id: &ObjectId) -> bool {
    match (current.get(id), desired.get(id)) {
        (Some(before), Some(after)) => before.definition.disturbs(&after.definition),
        _ => false,
    }
}

fn make_again(expanded: &mut Expanded, current: &Catalog, id: &ObjectId) {
    let is_type = current
        .get(id)
        .is_some_and(|object| object.definition.nature() == Nature::Type);
    if is_type && !expanded.bound.contains(id) {
        expanded.set_aside.insert(id.clone());
    } else {
        expanded.drops.insert(id.clone());
    }
    expanded.creates.insert(id.clone());
}

/// Makes `dependent` follow what happens to `dependency`; returns what that means for its own dependents.
fn make_way(
    expanded: &mut Expanded,
    current: &Catalog,
    desired: &Catalog,
    dependent: &ObjectId,
    dependency: &ObjectId,
    disturbance: Disturbance,
) -> Option<Disturbance> {
    let after = desired.get(dependent)?;
    let aside = expanded.set_aside.contains(dependent);
    if aside && expanded.drops.contains(dependency) && disturbance == Disturbance::MadeAgain {
        expanded.bound.insert(dependent.clone());
    }
    let before = current
        .get(dependent)
        .filter(|_| !aside && !expanded.drops.contains(dependent))?;
    if disturbance == Disturbance::Dropped && expanded.alters.contains(dependent) {
        return None; // its own change lets go
    }
    let retyped = disturbance == Disturbance::Retyped;
    let beside = expanded.set_aside.contains(dependency);
    match before.definition.follow(dependent, dependency, retyped) {
        Follow::Keep => None,
        Follow::Recreate => {
            let is_type = before.definition.nature() == Nature::Type;
            if is_type && expanded.drops.contains(dependency) {
                expanded.bound.insert(dependent.clone());
            }
            make_again(expanded, current, dependent);
            expanded
                .because
                .insert(dependent.clone(), dependency.clone());
            Some(Disturbance::MadeAgain)
        }
        follow => {
            let (let_go, next) = match follow {
                Follow::Rebuild { before, .. } => (before, Some(Disturbance::MadeAgain)),
                Follow::Move { before, .. } if beside => (before, Some(Disturbance::Retyped)),
                Follow::Move { before, out, .. } => {
                    ([before, out].concat(), Some(Disturbance::MadeAgain))
                }
                Follow::Release { before, .. } => (before, beside.then_some(Disturbance::Retyped)),
                Follow::Keep | Follow::Recreate => return None,
            };
            // What takes hold again is written from the desired side: a default may change at the same time.
            let take_hold = match after.definition.follow(dependent, dependency, retyped) {
                Follow::Release { after, .. } | Follow::Rebuild { after, .. } => after,
                Follow::Move { across, .. } if beside => across,
                Follow::Move { back, .. } => back,
                Follow::Keep | Follow::Recreate => Vec::new(),
            };
            let release = expanded.releases.entry(dependent.clone()).or_default();
            extend_new(&mut release.before, let_go);
            extend_new(&mut release.after, take_hold);
            next
        }
    }
}

fn extend_new(list: &mut Vec<String>, more: Vec<String>) {
    for sql in more {
        if !list.contains(&sql) {
            list.push(sql);
        }
    }
}

/// What an object's own change does is not also done when it takes hold again.
fn take_hold_once(expanded: &mut Expanded, current: &Catalog, desired: &Catalog) {
    for (id, release) in &mut expanded.releases {
        let (true, Some(before), Some(after)) = (
            expanded.alters.contains(id),
            current.get(id),
            desired.get(id),
        ) else {
            continue;
        };
        let Alteration { change, last, .. } = before.definition.alter(&after.definition, id);
        release
            .after
            .retain(|sql| !change.contains(sql) && !last.contains(sql));
    }
}

/// What changes in place and loses something it depends on lets go of it first, so that the thing can be dropped before
/// the change: a column that becomes an identity lets go of its old sequence, whose name the new one takes.
fn release_for_drops(expanded: &mut Expanded, current: &Catalog, desired: &Catalog) {
    let mut releases = Vec::new();
    for id in &expanded.alters {
        let (Some(before), Some(after)) = (current.get(id), desired.get(id)) else {
            continue;
        };
        if matches!(
            before.definition.compare(&after.definition),
            Comparison::Recreate(_)
        ) {
            continue;
        }
        for needed in before
            .depends_on
            .iter()
            .filter(|needed| expanded.drops.contains(needed))
        {
            let is_type = current
                .get(needed)
                .is_some_and(|object| object.definition.nature() == Nature::Type);
            if expanded.creates.contains(needed) || is_type {
                continue;
            }
            if let Follow::Release { before: let_go, .. } =
                before.definition.follow(id, needed, false)
                && !let_go.is_empty()
            {
                releases.push((id.clone(), let_go));
            }
        }
    }
    for (id, let_go) in releases {
        extend_new(&mut expanded.releases.entry(id).or_default().before, let_go);
    }
}
