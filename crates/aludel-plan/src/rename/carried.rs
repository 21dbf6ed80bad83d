//! Where the renames of containers carry what stands in them.

use std::collections::BTreeMap;

use aludel_catalog::{ObjectId, ObjectKind, ObjectName};

use super::subject::Subject;

/// The renames of schemas and of whole objects found so far.
#[derive(Debug, Default)]
pub(super) struct Carried {
    schemas: BTreeMap<String, String>,
    objects: BTreeMap<ObjectId, ObjectId>,
}

impl Carried {
    /// Takes note of a rename.
    pub(super) fn add(&mut self, old: &Subject, new: &Subject) {
        if old.member.is_some() || old.id.is_part() {
            return;
        }
        if old.id.kind == ObjectKind::Schema {
            self.schemas
                .insert(old.id.name.clone(), new.id.name.clone());
        } else {
            self.objects.insert(old.id.clone(), new.id.clone());
        }
    }

    /// Returns the schema's name afterwards.
    pub(super) fn schema<'a>(&'a self, schema: &'a str) -> &'a str {
        self.schemas.get(schema).map_or(schema, String::as_str)
    }

    /// Returns the name that the schema has before, whose name afterwards is `schema`.
    pub(super) fn schema_before<'a>(&'a self, schema: &'a str) -> &'a str {
        self.schemas
            .iter()
            .find(|(_, new)| *new == schema)
            .map_or(schema, |(old, _)| old)
    }

    /// Returns what the object is called afterwards when nothing is said of itself.
    pub(super) fn id(&self, id: &ObjectId) -> ObjectId {
        if let Some(new) = self.objects.get(id) {
            return new.clone();
        }
        let relation = id.relations().find_map(|id| self.objects.get(&id));
        let (schema, relation) = match relation {
            Some(relation) => (relation.schema.as_str(), relation.name.as_str()),
            None => (self.schema(&id.schema), id.relation.as_str()),
        };
        ObjectId::from(ObjectName {
            kind: id.kind,
            schema: schema.to_owned(),
            relation: relation.to_owned(),
            name: id.name.clone(),
            arguments: self.arguments(&id.arguments),
        })
    }

    /// Returns argument types under the names that types have afterwards.
    fn arguments(&self, arguments: &str) -> String {
        if self.objects.is_empty() && self.schemas.is_empty() {
            return arguments.to_owned();
        }
        let types: Vec<String> = arguments
            .split(", ")
            .map(|one| {
                let (head, name) = one.rsplit_once(' ').map_or(("", one), |pair| pair);
                let element = name.trim_end_matches("[]");
                let renamed = self
                    .objects
                    .iter()
                    .find(|(old, _)| old.arguments.is_empty() && old.qualified() == element);
                match renamed {
                    Some((_, new)) => {
                        let space = if head.is_empty() { "" } else { " " };
                        format!("{head}{space}{}{}", new.qualified(), &name[element.len()..])
                    }
                    None => one.to_owned(),
                }
            })
            .collect();
        types.join(", ")
    }
}
