//! Renames: from what somebody said to the statements, never from a guess.
//!
//! A rename that was stated applies only while the current schema has the old name and not the new, and the desired one
//! the new and not the old; afterwards it means nothing. What follows from a rename (views, policies, defaults that name
//! the column) is not worked out here: the statements are run on scratch, and the catalog is read again.

use std::collections::BTreeMap;

use aludel_catalog::identifier::quote;
use aludel_catalog::{Catalog, ObjectId, ObjectKind};

use crate::step::Step;

/// What somebody said: a kind, or any, and both names in parts (`["public", "users", "name"]`), the schema optional.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intent {
    /// The kind in PostgreSQL's words.
    pub kind: Option<String>,
    /// The old name.
    pub from: Vec<String>,
    /// The new name, or its last part alone.
    pub to: Vec<String>,
}

/// A rename that applies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rename {
    /// The object before. Its relation has the name that it has when the statement runs.
    pub old: ObjectId,
    /// The object's new name.
    pub name: String,
    /// How ALTER names the object, e.g. `TABLE public.users`.
    target: String,
}

impl Intent {
    /// Reads `old:new` or `kind:old:new`; names are dotted, and quoted where SQL would quote them.
    pub fn parse(text: &str) -> Option<Self> {
        let parts = split(text, ':');
        let (kind, from, to) = match parts.as_slice() {
            [from, to] => (None, from, to),
            [kind, from, to] => (Some(kind.clone()), from, to),
            _ => return None,
        };
        Some(Self {
            kind,
            from: name_parts(from),
            to: name_parts(to),
        })
    }

    fn means(&self, id: &ObjectId, relation: &str, default_schema: &str) -> bool {
        let parts: Vec<&str> = [id.schema.as_str(), relation, id.name.as_str()]
            .into_iter()
            .filter(|part| !part.is_empty())
            .collect();
        let said: Vec<&str> = self.from.iter().map(String::as_str).collect();
        let in_default = id.schema == default_schema && parts.get(1..) == Some(said.as_slice());
        self.kind
            .as_deref()
            .is_none_or(|kind| kind == id.kind.name())
            && (parts == said || in_default)
    }
}

impl Rename {
    /// Returns the statement.
    pub fn step(&self) -> Step {
        let (old, new) = (self.old.quoted(), quote(&self.name).into_owned());
        let sql = match self.old.kind {
            ObjectKind::Column => format!(
                "ALTER TABLE {} RENAME COLUMN {old} TO {new}",
                self.old.relation()
            ),
            ObjectKind::Constraint | ObjectKind::ForeignKey => {
                format!(
                    "ALTER TABLE {} RENAME CONSTRAINT {old} TO {new}",
                    self.old.relation()
                )
            }
            _ => format!("ALTER {} RENAME TO {new}", self.target),
        };
        Step::new(self.old.clone(), sql)
    }

    fn renamed(&self) -> ObjectId {
        self.old.with_name(&self.name)
    }
}

/// Returns those of the intents that apply: whole objects first, then parts under the new names of their relations.
pub fn renames(
    current: &Catalog,
    desired: &Catalog,
    intents: &[Intent],
    default_schema: &str,
) -> Vec<Rename> {
    let mut found = Vec::new();
    let mut relations: BTreeMap<(String, String), String> = BTreeMap::new();
    for parts in [false, true] {
        for intent in intents {
            let matching = current
                .objects
                .values()
                .filter(|object| object.id.is_part() == parts);
            for object in matching {
                let id = &object.id;
                let moved = relations
                    .get(&(id.schema.clone(), id.relation.clone()))
                    .unwrap_or(&id.relation)
                    .clone();
                let means = intent.means(id, &id.relation, default_schema)
                    || intent.means(id, &moved, default_schema);
                let Some(name) = intent.to.last().filter(|_| means) else {
                    continue;
                };
                let old = id.in_relation(&id.schema, &moved);
                let new = old.with_name(name);
                let taken = current.get(&id.with_name(name)).is_some();
                if taken || desired.get(&new).is_none() || desired.get(&old).is_some() {
                    continue;
                }
                if id.kind.is_relation() {
                    relations.insert((id.schema.clone(), id.name.clone()), name.clone());
                }
                let target = object.definition.target(&old).unwrap_or_default();
                found.push(Rename {
                    old,
                    name: name.clone(),
                    target,
                });
            }
        }
    }
    found
}

/// Returns the renames that take these back, in the order in which they run; `desired` is the schema they led to.
pub fn reversed(renames: &[Rename], desired: &Catalog) -> Vec<Rename> {
    renames
        .iter()
        .rev()
        .map(|rename| {
            let id = rename.renamed();
            let target = desired
                .get(&id)
                .and_then(|object| object.definition.target(&id))
                .unwrap_or_default();
            Rename {
                old: id,
                name: rename.old.name.clone(),
                target,
            }
        })
        .collect()
}

/// Splits at a character that stands outside double quotes.
fn split(text: &str, separator: char) -> Vec<String> {
    let (mut parts, mut quoted) = (vec![String::new()], false);
    for character in text.chars() {
        if character == separator && !quoted {
            parts.push(String::new());
            continue;
        }
        quoted ^= character == '"';
        if let Some(part) = parts.last_mut() {
            part.push(character);
        }
    }
    parts
}

/// Reads a dotted name, unquoting its parts.
pub fn name_parts(text: &str) -> Vec<String> {
    split(text, '.')
        .into_iter()
        .map(|part| {
            match part
                .strip_prefix('"')
                .and_then(|part| part.strip_suffix('"'))
            {
                Some(inner) => inner.replace("\"\"", "\""),
                None => part,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_intent_has_two_names_and_perhaps_a_kind() {
        let intent = Intent::parse("column:public.users.\"Na:me\":full_name").unwrap();
        assert_eq!(intent.kind.as_deref(), Some("column"));
        assert_eq!(intent.from, ["public", "users", "Na:me"]);
        assert_eq!(intent.to, ["full_name"]);
        assert_eq!(
            Intent::parse("users.name:users.full_name").unwrap().from,
            ["users", "name"]
        );
        assert_eq!(Intent::parse("nonsense"), None);
    }

    #[test]
    fn the_default_schema_need_not_be_said() {
        let column = ObjectId::part(ObjectKind::Column, "public", "users", "name");
        let intent = Intent::parse("users.name:full_name").unwrap();
        assert!(intent.means(&column, "users", "public"));
        assert!(!intent.means(&column, "users", "app"));
    }
}
