//! Partitions that come and go while their table is used.
//!
//! `CREATE TABLE … PARTITION OF`, `DETACH PARTITION` and the drop of a partition keep everybody from the whole table;
//! `ATTACH PARTITION` and `DETACH PARTITION … CONCURRENTLY` do not. What ATTACH would look at under its lock is looked at
//! before, by a CHECK that it takes for proof.

use std::collections::BTreeMap;

use crate::catalog::Catalog;
use crate::identifier::quote;
use crate::kind::{Definition, Kind, ObjectKind};
use crate::kinds::Standing;
use crate::kinds::table::Table;
use crate::object_id::ObjectId;
use crate::online::{Online, Scene, Stage, Task, temporary_name};

/// What a partition has from its table when PostgreSQL makes it one; the rest comes when it is attached.
const LIKE: &str = "INCLUDING ALL EXCLUDING COMMENTS EXCLUDING IDENTITY EXCLUDING STATISTICS";

/// A check that says what rows there are in a table, and goes when it has served.
struct Proof {
    name: String,
    table: String,
    condition: String,
}

impl Proof {
    /// One on `table`, for the sake of `partition`.
    fn new(partition: &ObjectId, table: &ObjectId, condition: String) -> Self {
        let name = temporary_name(&partition.name, "__aludel_bound");
        Self {
            name: quote(&name).into_owned(),
            table: table.qualified(),
            condition,
        }
    }

    fn stages(&self) -> [Stage; 2] {
        let Self {
            name,
            table,
            condition,
        } = self;
        [
            format!("ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({condition}) NOT VALID"),
            format!("ALTER TABLE {table} VALIDATE CONSTRAINT {name}"),
        ]
        .map(|sql| Stage::Transaction(vec![sql]))
    }

    fn drop(&self) -> String {
        format!("ALTER TABLE {} DROP CONSTRAINT {}", self.table, self.name)
    }
}

impl Table {
    pub(super) fn online_form(
        &self,
        id: &ObjectId,
        task: Task<'_, Self>,
        scene: &Scene<'_>,
    ) -> Option<Online> {
        match task {
            Task::Create => self.attach_new(id, scene),
            Task::Drop => self.drop_online(id, scene),
            Task::Alter(old) if (&old.bound, &old.parents) != (&self.bound, &self.parents) => {
                self.move_online(old, id, scene)
            }
            Task::Alter(_) | Task::Replace(_) | Task::Remake => None,
        }
    }

    fn is_default(&self) -> bool {
        self.bound.as_deref() == Some("DEFAULT")
    }

    /// Returns the table that it is a partition of, if that one is there all the time.
    fn standing_parent(&self, scene: &Scene<'_>) -> Option<ObjectId> {
        let (schema, name) = self.parents.first().filter(|_| self.bound.is_some())?;
        let parent = ObjectId::new(ObjectKind::Table, schema, name);
        scene.stands(&parent).then_some(parent)
    }

    /// The partition is made beside its table, empty, and attached.
    fn attach_new(&self, id: &ObjectId, scene: &Scene<'_>) -> Option<Online> {
        let parent = self.standing_parent(scene)?;
        let merges = parts(scene.desired, id).any(
            |part| matches!(part, Definition::Constraint(own) if own.standing == Standing::Merged),
        );
        // A foreign table is made LIKE another only from 18 on.
        if self.sort == 'f' || merges {
            return None;
        }
        let alone = Self {
            bound: None,
            parents: Vec::new(),
            ..self.clone()
        };
        let like = format!("LIKE {} {LIKE}", parent.qualified());
        let mut form = Online {
            change: alone.create(id, &[like]),
            parts_follow: true,
            ..Online::default()
        };
        // What a table says of itself comes when it is a partition, as in the plain form.
        let attach = self.join_sql(id, self.parents.first()?);
        form.change.insert(1, attach);
        self.spare_default(id, &parent, scene, &mut form);
        Some(form)
    }

    /// Shows PostgreSQL ahead that the default partition has no row that belongs into this one.
    fn spare_default(
        &self,
        id: &ObjectId,
        parent: &ObjectId,
        scene: &Scene<'_>,
        form: &mut Online,
    ) {
        let default = default_of(scene.current, parent).filter(|default| *default != id);
        let Some(default) = default.filter(|_| !self.is_default()) else {
            return;
        };
        let own = self.own_condition(parent, scene);
        if let (Some(condition), true) = (own, keeps_rows(default, scene)) {
            let proof = Proof::new(id, default, format!("NOT {condition}"));
            form.ahead.extend(proof.stages());
            form.change.push(proof.drop());
            form.notes.push(format!(
                "from the check on {} to the end of this step, rows that belong into the new partition are refused",
                default.path()
            ));
        } else {
            form.notes.push(format!(
                "nobody reads or writes {} while its rows are looked at",
                default.path()
            ));
        }
    }

    /// Returns what holds for the rows of the partition and for no other row of its table.
    fn own_condition(&self, parent: &ObjectId, scene: &Scene<'_>) -> Option<String> {
        let whole = self.condition.as_deref()?;
        let above = table(scene.desired, parent)?;
        if above.bound.is_none() {
            return Some(whole.to_owned());
        }
        // PostgreSQL writes what holds for the parent first.
        let before = above.condition.as_deref()?.strip_suffix(')')?;
        let own = whole.strip_prefix(before)?.strip_prefix(" AND ")?;
        Some(format!("({own}"))
    }

    /// A partition leaves its table without keeping anybody from it, and goes then.
    fn drop_online(&self, id: &ObjectId, scene: &Scene<'_>) -> Option<Online> {
        let detach = self.detach_concurrently(id, scene)?;
        // Others may wait for its bounds, detached, with rows that nobody would see meanwhile.
        let parent = self.parents.first()?;
        let mut siblings = scene.desired.objects.values().filter_map(|object| {
            let (old, new) = (
                table(scene.current, &object.id)?,
                table(scene.desired, &object.id)?,
            );
            new.parents.contains(parent).then_some((old, new))
        });
        if siblings.any(|(old, new)| old.bound.is_some() && old.bound != new.bound) {
            return None;
        }
        let drop = format!("DROP {}TABLE {}", self.word(), id.qualified());
        Some(Online {
            after: vec![Stage::Outside(detach), Stage::Transaction(vec![drop])],
            ..Online::default()
        })
    }

    /// PostgreSQL refuses it where there is a default partition.
    fn detach_concurrently(&self, id: &ObjectId, scene: &Scene<'_>) -> Option<String> {
        let parent = self.standing_parent(scene)?;
        let has_default = [scene.current, scene.desired]
            .iter()
            .any(|catalog| default_of(catalog, &parent).is_some());
        let detach = self.leave_sql(id, self.parents.first()?);
        (!has_default).then(|| format!("{detach} CONCURRENTLY"))
    }

    /// A table with rows joins, leaves, or changes its bounds.
    fn move_online(&self, old: &Self, id: &ObjectId, scene: &Scene<'_>) -> Option<Online> {
        let mut form = Online {
            change: old.alteration(self, id).change,
            ..Online::default()
        };
        if self.bound.is_none() {
            self.leave_online(old, id, scene, &mut form)?;
        } else {
            self.join_online(id, scene, &mut form)?;
        }
        Some(form)
    }

    fn leave_online(
        &self,
        old: &Self,
        id: &ObjectId,
        scene: &Scene<'_>,
        form: &mut Online,
    ) -> Option<()> {
        let parent = old.parents.first()?;
        // For others, a row of one that comes back must not be gone in between.
        if self.parents.contains(parent) || self.sort == 'f' {
            return None;
        }
        let detach = old.detach_concurrently(id, scene)?;
        form.begun.push(old.leave_sql(id, parent));
        // Without it PostgreSQL leaves a check of its own behind.
        let condition = old
            .condition
            .clone()
            .filter(|_| partitions_stand(id, scene))?;
        let proof = Proof::new(id, id, condition);
        form.ahead.extend(proof.stages());
        form.after.push(Stage::Transaction(vec![proof.drop()]));
        form.ahead.push(Stage::Outside(detach));
        Some(())
    }

    fn join_online(&self, id: &ObjectId, scene: &Scene<'_>, form: &mut Online) -> Option<()> {
        let parent = self.standing_parent(scene)?;
        if self.sort == 'f' {
            return None;
        }
        let columns_stand = scene
            .desired
            .objects
            .iter()
            .filter(|(part, _)| part.kind == ObjectKind::Column && is_part_of(part, id))
            .all(|(part, column)| {
                let before = scene.current.get(part);
                before.is_some_and(|before| !before.definition.disturbs(&column.definition))
            });
        match &self.condition {
            Some(condition) if columns_stand && partitions_stand(id, scene) => {
                let proof = Proof::new(id, id, condition.clone());
                form.ahead.extend(proof.stages());
                form.after.push(Stage::Transaction(vec![proof.drop()]));
            }
            _ => form.notes.push(format!(
                "nobody reads or writes {} while its rows are looked at",
                id.path()
            )),
        }
        let mut beside = Online::default();
        self.spare_default(id, &parent, scene, &mut beside);
        form.ahead.extend(beside.ahead);
        form.notes.extend(beside.notes);
        let drops = beside.change.into_iter();
        form.after
            .extend(drops.map(|drop| Stage::Transaction(vec![drop])));
        Some(())
    }
}

fn is_part_of(part: &ObjectId, table: &ObjectId) -> bool {
    (&part.schema, &part.relation) == (&table.schema, &table.name)
}

fn parts<'a>(catalog: &'a Catalog, table: &'a ObjectId) -> impl Iterator<Item = &'a Definition> {
    let own = catalog
        .objects
        .iter()
        .filter(|(id, _)| is_part_of(id, table));
    own.map(|(_, object)| &object.definition)
}

fn table<'a>(catalog: &'a Catalog, id: &ObjectId) -> Option<&'a Table> {
    match &catalog.get(id)?.definition {
        Definition::Table(table) => Some(table),
        _ => None,
    }
}

/// Returns whether a partition is the same before and after the plan, with all that is below it.
fn keeps_rows(id: &ObjectId, scene: &Scene<'_>) -> bool {
    let bounds = |catalog| table(catalog, id).map(|table| (&table.bound, &table.parents));
    bounds(scene.current) == bounds(scene.desired) && partitions_stand(id, scene)
}

/// Returns whether the table's own partitions are the same before and after the plan: each takes a check of its table's
/// along when it leaves.
fn partitions_stand(id: &ObjectId, scene: &Scene<'_>) -> bool {
    let own = (id.schema.clone(), id.name.clone());
    let below = |catalog: &Catalog| -> BTreeMap<ObjectId, Option<String>> {
        let tables = catalog.objects.keys();
        let is_below =
            |id: &&ObjectId| table(catalog, id).is_some_and(|table| table.parents.contains(&own));
        let bound = |id: &ObjectId| table(catalog, id).and_then(|table| table.bound.clone());
        tables
            .filter(is_below)
            .map(|id| (id.clone(), bound(id)))
            .collect()
    };
    let (before, after) = (below(scene.current), below(scene.desired));
    before == after && after.keys().all(|id| partitions_stand(id, scene))
}

/// Returns the default partition of a table.
fn default_of<'a>(catalog: &'a Catalog, parent: &ObjectId) -> Option<&'a ObjectId> {
    let parent = (parent.schema.clone(), parent.name.clone());
    let is_it = |table: &Table| table.is_default() && table.parents.contains(&parent);
    let mut tables = catalog.objects.values();
    tables
        .find(|object| matches!(&object.definition, Definition::Table(table) if is_it(table)))
        .map(|object| &object.id)
}
