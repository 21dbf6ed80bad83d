//! A partition's copies of its parent's indexes and constraints that are called otherwise than PostgreSQL calls them.

use aludel_catalog::{Alteration, Object, ObjectId};

use super::{Writer, comment_sql};

impl Writer<'_> {
    /// Returns the copy that stands already under another name: of the same original, in the same partition.
    pub(super) fn standing_copy(&self, copy: &Object) -> Option<&Object> {
        let original = copy.original()?;
        let made = |id: &ObjectId| self.expanded.creates.contains(id);
        // The original may be a copy that stands under another name too.
        let standing = self
            .desired
            .get(original)
            .filter(|_| made(original))
            .and_then(|original| self.standing_copy(original));
        let is_new = made(original) && standing.is_none();
        if is_new || copy.id.relations().any(|relation| made(&relation)) {
            return None;
        }
        let original = standing.map_or(original, |standing| &standing.id);
        let within = |id: &ObjectId| {
            (&id.schema, &id.relation) == (&copy.id.schema, &copy.id.relation) && *id != copy.id
        };
        let mut dropped = self.expanded.drops.iter().filter(|id| within(id));
        dropped.find_map(|id| {
            let old = self.current.get(id)?;
            (old.original() == Some(original)).then_some(old)
        })
    }

    /// Returns what gives a new copy its name, when PostgreSQL gave it another.
    pub(super) fn takes_name(&self, copy: &Object) -> Vec<String> {
        let renamed = copy.born().filter(|born| *born != copy.id);
        let renamed = renamed.filter(|_| !self.is_made_online(copy));
        renamed.map_or_else(Vec::new, |born| {
            copy.definition.rename_sql(&born, &copy.id.name)
        })
    }

    /// Returns whether the original's online form makes the copy under its own name.
    fn is_made_online(&self, copy: &Object) -> bool {
        let mut above = copy.original();
        while let Some(original) = above {
            let form = self.expanded.online.get(original);
            if form.is_some_and(|form| form.copies.contains(&copy.id)) {
                return true;
            }
            above = self.desired.get(original).and_then(Object::original);
        }
        false
    }
}

/// Returns the statements that make one copy of the other.
pub(super) fn rename_standing(old: &Object, new: &Object) -> Vec<String> {
    let mut sql = old.definition.rename_sql(&old.id, &new.id.name);
    let Alteration {
        first,
        change,
        last,
    } = old.definition.alter(&new.definition, &new.id);
    sql.extend([first, change, last].concat());
    let target = new.definition.target(&new.id);
    sql.extend(
        target
            .filter(|_| old.comment != new.comment)
            .map(|target| comment_sql(&target, new)),
    );
    sql
}
