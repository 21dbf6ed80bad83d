//! What is managed: the kinds that the sources speak for, narrowed by schema and by name.
//!
//! Models rarely declare everything. What no source speaks for is left alone: [`complete`] copies it from `current`
//! into `desired`, so that it is never dropped and still takes part in every dependency.

use std::collections::{BTreeMap, BTreeSet};

use aludel_catalog::{Catalog, Definition, Object, ObjectId, ObjectKind};

/// Which kinds the sources speak for. It never depends on what they happen to contain today.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SpokenFor {
    /// Every kind, every owner, comment and grant that is stated.
    Everything,
    /// These, by name: a kind's name in PostgreSQL's words, `comment`, or `grant`.
    Kinds(BTreeSet<String>),
}

/// What Aludel may change.
#[derive(Clone, Debug)]
pub struct Managed {
    /// By kind.
    pub kinds: SpokenFor,
    /// By schema; empty means every schema.
    pub schemas: Vec<String>,
    /// Never touched: `table public.spatial_ref_sys`, `* audit.*`; a kind or `*`, then a path where `*` is any text.
    pub ignore: Vec<String>,
    /// Objects that a source states although it does not speak for their kind: made and changed, never dropped.
    pub stated: BTreeSet<ObjectId>,
}

impl Default for Managed {
    fn default() -> Self {
        Self {
            kinds: SpokenFor::Everything,
            schemas: Vec::new(),
            ignore: Vec::new(),
            stated: BTreeSet::new(),
        }
    }
}

impl Managed {
    fn speaks_for(&self, name: &str) -> bool {
        match &self.kinds {
            SpokenFor::Everything => true,
            SpokenFor::Kinds(kinds) => kinds.contains(name),
        }
    }

    /// Without a definition, whether each of the kind is spoken for.
    fn covers_kind(&self, kind: ObjectKind, definition: Option<&Definition>) -> bool {
        match kind {
            // Parts and twins of other kinds are spoken for with them.
            ObjectKind::ForeignKey => self.speaks_for("constraint"),
            ObjectKind::SequenceOwner => self.speaks_for("sequence"),
            ObjectKind::Routine => match definition {
                None => self.speaks_for("function") && self.speaks_for("range type"),
                Some(Definition::Routine(own)) if own.constructs => self.speaks_for("range type"),
                Some(Definition::Routine(own)) if own.sort == 'p' => {
                    self.speaks_for("function") || self.speaks_for("procedure")
                }
                Some(_) => self.speaks_for("function"),
            },
            ObjectKind::MaterializedView => {
                self.speaks_for("materialized view") || self.speaks_for("view")
            }
            ObjectKind::DefaultPrivileges => self.speaks_for("grant"),
            other => self.speaks_for(other.name()),
        }
    }

    /// Returns whether every object of the kind may be changed, whatever it is called: nobody need look at them to tell
    /// what is left alone.
    pub fn covers_all(&self, kind: ObjectKind) -> bool {
        let is_narrow = !self.schemas.is_empty() || !self.ignore.is_empty();
        !is_narrow && self.covers_kind(kind, None)
    }

    /// Returns whether the object may be changed at all.
    pub fn covers(&self, id: &ObjectId, definition: &Definition) -> bool {
        let is_stated = self.covers_kind(id.kind, Some(definition)) || self.stated.contains(id);
        is_stated && !self.ignores(id, definition)
    }

    /// Returns whether it is left alone although its kind is spoken for.
    fn ignores(&self, id: &ObjectId, definition: &Definition) -> bool {
        // It stands with the column, whatever the sequence is called.
        if let Definition::SequenceOwner(owner) = definition {
            let column = ObjectId::part(
                ObjectKind::Column,
                &owner.schema,
                &owner.table,
                &owner.column,
            );
            if self.ignore.iter().any(|pattern| ignores(pattern, &column)) {
                return true;
            }
        }
        let schema = if id.kind == ObjectKind::Schema {
            &id.name
        } else {
            &id.schema
        };
        let is_elsewhere =
            !self.schemas.is_empty() && !schema.is_empty() && !self.schemas.contains(schema);
        is_elsewhere || self.ignore.iter().any(|pattern| ignores(pattern, id))
    }
}

/// A part is ignored with its relation.
fn ignores(pattern: &str, id: &ObjectId) -> bool {
    let relation = ObjectId::new(id.kind, &id.schema, &id.relation);
    let relation_kinds = ["table", "view", "materialized view", "*"];
    // Kinds and paths may both have spaces in them: the kind's own name tells where the path begins.
    let path_of = |kind: &str| pattern.strip_prefix(kind)?.strip_prefix(' ');
    let own = [id.kind.name(), "*"].into_iter().find_map(path_of);
    let of_relation = relation_kinds.into_iter().find_map(path_of);
    let bare = (!pattern.contains(' ')).then_some(pattern);
    own.or(bare).is_some_and(|path| matches(path, &id.path()))
        || id.is_part()
            && of_relation
                .or(bare)
                .is_some_and(|path| matches(path, &relation.path()))
}

/// Matches a path where `*` is any text.
fn matches(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((head, tail)) => text.strip_prefix(head).is_some_and(|rest| {
            (0..=rest.len())
                .filter(|&end| rest.is_char_boundary(end))
                .any(|end| matches(tail, &rest[end..]))
        }),
    }
}

/// Completes `desired` with what `managed` leaves alone in `current`, and returns how many objects of each kind that is.
pub fn complete(
    current: &Catalog,
    desired: &mut Catalog,
    managed: &Managed,
) -> BTreeMap<ObjectKind, usize> {
    let mut left_alone = BTreeMap::new();
    let needed = needed_anew(current, desired, managed);
    let unmanaged: Vec<ObjectId> = desired
        .objects
        .values()
        .filter(|object| !managed.covers(&object.id, &object.definition))
        .filter(|object| !needed.contains(&object.id))
        .map(|object| object.id.clone())
        .collect();
    let mut removed = Vec::new();
    for id in unmanaged {
        let object = desired.objects.remove(&id);
        removed.extend(object.filter(|object| managed.ignores(&id, &object.definition)));
    }
    remove_what_they_stood_on(removed, current, desired);
    let mut ignored = Vec::new();
    for object in current.objects.values() {
        let left = !managed.covers(&object.id, &object.definition)
            || is_of_others(current, desired, &object.id);
        if !left {
            continue;
        }
        // A part goes with its relation, whoever speaks for the part.
        let stands = !object.id.is_part() || has_relation(desired, &object.id);
        if stands {
            *left_alone.entry(object.id.kind).or_insert(0) += 1;
            desired.objects.insert(object.id.clone(), object.clone());
            if managed.ignores(&object.id, &object.definition) {
                ignored.push(object);
            }
        }
    }
    keep_what_they_stand_on(ignored, current, desired);
    keep_attributes(current, desired, managed);
    left_alone
}

/// What no source speaks for in `desired` and its managed objects cannot do without, as `current` does not have it: the
/// extension of a column's type, a schema.
fn needed_anew(current: &Catalog, desired: &Catalog, managed: &Managed) -> BTreeSet<ObjectId> {
    let is_managed = |object: &&Object| managed.covers(&object.id, &object.definition);
    let mut waiting: Vec<&Object> = desired.objects.values().filter(is_managed).collect();
    let mut needed = BTreeSet::new();
    while let Some(object) = waiting.pop() {
        for id in object.depends_on.iter().filter(|id| is_auxiliary(id)) {
            let Some(other) = desired.get(id).filter(|_| current.get(id).is_none()) else {
                continue;
            };
            let left = !is_managed(&other) && !managed.ignores(id, &other.definition);
            if left && needed.insert(id.clone()) {
                waiting.push(other);
            }
        }
    }
    needed
}

/// What stands for itself and no one else: a type, a sequence, a schema; not a relation or a part of one.
fn is_auxiliary(id: &ObjectId) -> bool {
    !id.is_part() && !id.kind.is_relation()
}

/// Takes out of `desired` what only the removed objects needed and `current` does not have.
fn remove_what_they_stood_on(mut removed: Vec<Object>, current: &Catalog, desired: &mut Catalog) {
    if removed.is_empty() {
        return;
    }
    let mut users: BTreeMap<ObjectId, usize> = BTreeMap::new();
    for needed in desired
        .objects
        .values()
        .flat_map(|object| &object.depends_on)
        .filter(|id| is_auxiliary(id))
    {
        *users.entry(needed.clone()).or_default() += 1;
    }
    while let Some(object) = removed.pop() {
        for needed in object.depends_on.iter().filter(|id| is_auxiliary(id)) {
            if users.contains_key(needed) || current.get(needed).is_some() {
                continue;
            }
            if let Some(object) = desired.objects.remove(needed) {
                for id in object.depends_on.iter().filter(|id| is_auxiliary(id)) {
                    if let Some(count) = users.get_mut(id) {
                        *count -= 1;
                    }
                }
                users.retain(|_, count| *count > 0);
                removed.push(object);
            }
        }
    }
}

/// Keeps in `desired` what the ignored objects need.
fn keep_what_they_stand_on<'a>(
    mut ignored: Vec<&'a Object>,
    current: &'a Catalog,
    desired: &mut Catalog,
) {
    while let Some(object) = ignored.pop() {
        for needed in object.depends_on.iter().filter(|id| is_auxiliary(id)) {
            if desired.get(needed).is_none()
                && let Some(needed) = current.get(needed)
            {
                desired.objects.insert(needed.id.clone(), needed.clone());
                ignored.push(needed);
            }
        }
    }
}

/// A role that a running cluster has and nobody describes is another application's: it is never dropped. One that the
/// history made and the models do not is this one's own.
fn is_of_others(current: &Catalog, desired: &Catalog, id: &ObjectId) -> bool {
    id.kind == ObjectKind::Role && !current.owners_unstated && desired.get(id).is_none()
}

fn has_relation(catalog: &Catalog, part: &ObjectId) -> bool {
    part.relations()
        .any(|relation| catalog.objects.contains_key(&relation))
}

/// Takes from `current` what an object has besides its definition and the sources do not speak for.
fn keep_attributes(current: &Catalog, desired: &mut Catalog, managed: &Managed) {
    if managed.kinds == SpokenFor::Everything {
        return;
    }
    let (comments, grants) = (managed.speaks_for("comment"), managed.speaks_for("grant"));
    let row_security = managed.speaks_for("policy");
    for object in desired.objects.values_mut() {
        let Some(before) = current.objects.get(&object.id) else {
            continue;
        };
        if !comments {
            object.comment.clone_from(&before.comment);
        }
        // No model says these.
        object.labels.clone_from(&before.labels);
        object.extensions.clone_from(&before.extensions);
        if !grants {
            object.grants.clone_from(&before.grants);
        }
        match (&mut object.definition, &before.definition) {
            (Definition::Index(index), Definition::Index(before)) => {
                index.marks.replica_identity = before.marks.replica_identity;
                if index.definition == below_too(&before.definition) {
                    index.definition.clone_from(&before.definition);
                    index.core.clone_from(&before.core);
                }
            }
            (Definition::Constraint(constraint), Definition::Constraint(before)) => {
                constraint.marks.replica_identity = before.marks.replica_identity;
            }
            _ => {}
        }
        if let (Definition::Table(table), Definition::Table(before)) =
            (&mut object.definition, &before.definition)
        {
            if !row_security {
                table.row_security = before.row_security;
                table.force_row_security = before.force_row_security;
            }
            // No model says these; they are set by hand on a running database.
            table.replica_identity = before.replica_identity;
            // A model that does not say how its table is partitioned leaves that to the history.
            if table.sort == 'r' && before.sort == 'p' {
                table.sort = before.sort;
                table.partition_key.clone_from(&before.partition_key);
            }
        }
    }
}

/// The definition of a partitioned table's index as that of a table without partitions.
fn below_too(definition: &str) -> String {
    definition.replacen(" ON ONLY ", " ON ", 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_name_a_kind_and_a_path() {
        let table = ObjectId::new(ObjectKind::Table, "public", "spatial_ref_sys");
        assert!(ignores("table public.spatial_ref_sys", &table));
        assert!(ignores("* public.spatial*", &table));
        assert!(!ignores("view public.spatial_ref_sys", &table));
        let column = ObjectId::part(ObjectKind::Column, "public", "spatial_ref_sys", "srid");
        assert!(
            ignores("table public.spatial_ref_sys", &column),
            "a part is ignored with its relation"
        );
    }

    #[test]
    fn a_kind_is_covered_whole_only_where_no_name_is_left_alone() {
        let kinds = SpokenFor::Kinds(
            ["table", "constraint", "function"]
                .map(str::to_owned)
                .into(),
        );
        let by_kind = Managed {
            kinds,
            ..Managed::default()
        };
        assert!(by_kind.covers_all(ObjectKind::ForeignKey));
        assert!(
            !by_kind.covers_all(ObjectKind::Routine),
            "the functions of range types are routines too"
        );
        assert!(!by_kind.covers_all(ObjectKind::Trigger));
        let by_name = Managed {
            ignore: vec!["table public.spatial_ref_sys".to_owned()],
            ..by_kind
        };
        assert!(!by_name.covers_all(ObjectKind::ForeignKey));
    }

    #[test]
    fn a_kind_may_be_of_several_words() {
        let key = ObjectId::part(ObjectKind::ForeignKey, "public", "orders", "by user");
        assert!(ignores("foreign key public.orders.\"by user\"", &key));
        assert!(ignores("* public.orders.*", &key));
        assert!(ignores("public.orders", &key), "without a kind");
        assert!(!ignores("index public.orders.\"by user\"", &key));
    }
}
