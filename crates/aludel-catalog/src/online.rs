//! How an object is made, changed or dropped while other sessions use its relation.
//!
//! A statement that scans, builds or rewrites under a lock that others wait for is replaced by several: what takes long
//! runs ahead of the change or after it under a weak lock, and the change itself takes a moment.

use std::collections::BTreeSet;

use crate::catalog::Catalog;
use crate::kind::{Definition, ObjectKind};
use crate::kinds::table::Table;
use crate::object::Object;
use crate::object_id::ObjectId;

/// What is to happen to an object.
#[derive(Debug)]
pub enum Task<'a, T> {
    /// It is made.
    Create,
    /// It is made in the place of this one, which its own change drops.
    Replace(&'a T),
    /// It is made again as it was, for something that it stands on is.
    Remake,
    /// It changes in place and was this.
    Alter(&'a T),
    /// It is dropped.
    Drop,
}

// Derived, these would ask the same of `T`.
impl<T> Clone for Task<'_, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Task<'_, T> {}

/// What stands around the object.
#[derive(Clone, Copy, Debug)]
pub struct Scene<'a> {
    /// The schema before the plan.
    pub current: &'a Catalog,
    /// The schema after it.
    pub desired: &'a Catalog,
    /// What the plan makes or drops.
    pub moving: &'a BTreeSet<ObjectId>,
}

/// The online form of a task.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Online {
    /// What is built ahead of the change.
    pub ahead: Vec<Stage>,
    /// The change itself, in one transaction with others.
    pub change: Vec<String>,
    /// What follows when the change is committed.
    pub after: Vec<Stage>,
    /// Whether `change` also drops what the object takes the place of.
    pub replaces: bool,
    /// Statements with which the change would begin and that `ahead` has done in another form.
    pub begun: Vec<String>,
    /// Whether its own parts are made by statements of their own, after it.
    pub parts_follow: bool,
    /// The copies on partitions that it makes under their own names.
    pub copies: Vec<ObjectId>,
    /// What a reader should know, a line each.
    pub notes: Vec<String>,
}

/// Statements that commit by themselves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// In one transaction of their own.
    Transaction(Vec<String>),
    /// Outside any transaction.
    Outside(String),
}

impl Online {
    /// Returns a change for which there is no better form, and why.
    pub fn plain(change: Vec<String>, note: impl Into<String>) -> Self {
        Self {
            change,
            notes: vec![note.into()],
            ..Self::default()
        }
    }

    /// Returns a constraint's form: added without looking at the rows that are there, then validated under a weak lock.
    pub fn validated(add: Vec<String>, validate: String) -> Self {
        Self {
            change: add,
            after: vec![Stage::Transaction(vec![validate])],
            ..Self::default()
        }
    }
}

impl Scene<'_> {
    /// Returns whether the object is there before and after the plan, and the plan does not make it again.
    pub fn stands(&self, id: &ObjectId) -> bool {
        self.current.get(id).is_some()
            && self.desired.get(id).is_some()
            && !self.moving.contains(id)
    }

    /// Returns the desired table that `part` is a part of; `None` for a part of a view.
    pub fn table(&self, part: &ObjectId) -> Option<&Table> {
        let id = ObjectId::new(ObjectKind::Table, &part.schema, &part.relation);
        match &self.desired.get(&id)?.definition {
            Definition::Table(table) => Some(table),
            _ => None,
        }
    }

    /// Returns whether `part` belongs to a partitioned table.
    pub fn is_partitioned(&self, part: &ObjectId) -> bool {
        self.table(part).is_some_and(|table| table.sort == 'p')
    }

    /// Returns whether `part` belongs to a foreign table, whose rows are elsewhere.
    pub fn is_foreign(&self, part: &ObjectId) -> bool {
        self.table(part).is_some_and(|table| table.sort == 'f')
    }

    /// Returns the copies of a partitioned table's part on the partitions that hold rows and stand all the time, as far as
    /// they come with this plan; `None` where one of them goes and comes for another reason.
    pub fn new_copies(&self, part: &ObjectId) -> Option<Vec<&Object>> {
        let (mut found, mut originals) = (Vec::new(), vec![part]);
        while let Some(original) = originals.pop() {
            let copies = self.desired.objects.values();
            for copy in copies.filter(|copy| copy.original() == Some(original)) {
                let Some(table) = self.table(&copy.id) else {
                    continue;
                };
                if table.sort == 'p' {
                    originals.push(&copy.id);
                    continue;
                }
                let stands = copy.id.relations().any(|relation| self.stands(&relation));
                let is_there = self.current.get(&copy.id).is_some();
                if is_there && self.moving.contains(&copy.id) {
                    return None;
                }
                if stands && !is_there && table.sort == 'r' {
                    found.push(copy);
                }
            }
        }
        Some(found)
    }

    /// Returns the tables below that one, level by level, which stand before and after the plan.
    pub fn children(&self, schema: &str, table: &str) -> Vec<ObjectId> {
        let mut found = vec![ObjectId::new(ObjectKind::Table, schema, table)];
        let mut next = 0;
        while let Some(parent) = found.get(next) {
            let parent = (parent.schema.clone(), parent.name.clone());
            let below = self.desired.objects.values().filter(|object| {
                matches!(&object.definition, Definition::Table(own) if own.parents.contains(&parent))
            });
            let below: Vec<ObjectId> = below
                .map(|object| object.id.clone())
                .filter(|id| self.stands(id) && !found.contains(id))
                .collect();
            found.extend(below);
            next += 1;
        }
        found.split_off(1)
    }
}

/// A name for something that another will take the place of, or that takes another's place, within 63 bytes.
pub fn temporary_name(name: &str, suffix: &str) -> String {
    let mut short = name;
    while short.len() + suffix.len() > 63 {
        let end = short.char_indices().next_back().map_or(0, |(at, _)| at);
        short = &short[..end];
    }
    format!("{short}{suffix}")
}

#[cfg(test)]
mod tests {
    use super::temporary_name;

    #[test]
    fn a_temporary_name_is_cut_between_characters() {
        assert_eq!(temporary_name("i", "__new"), "i__new");
        let long = temporary_name(&"é".repeat(31), "__new");
        assert_eq!(long, format!("{}__new", "é".repeat(29)));
        assert!(long.len() <= 63);
    }
}
