//! A whole schema as PostgreSQL described it in one snapshot.

use std::collections::BTreeMap;

use crate::kind::{Definition, ObjectKind};
use crate::object::Object;
use crate::object_id::ObjectId;

/// Every object of a database that Aludel models, what each depends on, and the names of what it does not model.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    /// `server_version_num` of the server that described it, e.g. 150018.
    pub server_version: u32,
    /// The role that read the catalog.
    pub session_user: String,
    /// Whether an owner equal to `session_user` was stated by nobody (a catalog read from scratch).
    pub owners_unstated: bool,
    /// The objects in creation order.
    pub objects: BTreeMap<ObjectId, Object>,
    /// What the database holds and Aludel does not model, never passed over in silence.
    pub unmodelled: Vec<Unmodelled>,
    /// What is compared only where that is asked for, and was not.
    pub unasked: Vec<ObjectId>,
}

/// An object of a kind that Aludel does not model.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Unmodelled {
    /// The kind in PostgreSQL's words, e.g. `event trigger`.
    pub kind: String,
    /// The object's name, as SQL.
    pub name: String,
}

impl Catalog {
    /// Returns the object of that id.
    pub fn get(&self, id: &ObjectId) -> Option<&Object> {
        self.objects.get(id)
    }

    /// Forgets the objects of a kind that nobody asked for; they are named all the same.
    pub fn set_aside(&mut self, kind: ObjectKind) {
        let ids = self.objects.keys().filter(|id| id.kind == kind).cloned();
        let unasked: Vec<ObjectId> = ids.collect();
        self.objects.retain(|id, _| id.kind != kind);
        self.unasked.extend(unasked);
    }

    /// Forgets a schema with all it holds, or one table of it with its parts: what is Aludel's own and not the user's.
    pub fn hide(&mut self, schema: &str, table: Option<&str>) {
        self.objects.retain(|id, _| match table {
            Some(table) => {
                id.schema != schema
                    || id.relation != table && !(id.name == table && id.kind.is_relation())
            }
            None => id.schema != schema && !(id.schema.is_empty() && id.name == schema),
        });
    }

    /// Returns, for every object, the objects that depend on it directly.
    pub fn dependents(&self) -> BTreeMap<&ObjectId, Vec<&ObjectId>> {
        let mut dependents: BTreeMap<&ObjectId, Vec<&ObjectId>> = BTreeMap::new();
        for object in self.objects.values() {
            for needed in &object.depends_on {
                dependents.entry(needed).or_default().push(&object.id);
            }
        }
        dependents
    }

    /// Returns whom `after`, in this catalog, must be handed to when `before` is what stands in `current`. An owner that
    /// nobody stated is the migrating role, equal to any owner.
    pub fn new_owner<'a>(
        &'a self,
        after: &'a Object,
        current: &Self,
        before: &Object,
    ) -> Option<&'a str> {
        // A sequence that belongs to a column is handed over with its table.
        let linked = |object: &Object| matches!(&object.definition, Definition::Sequence(own) if own.owned_by.is_some());
        if linked(before) && linked(after) {
            return None;
        }
        let (was, owner) = (current.stated_owner(before)?, self.stated_owner(after)?);
        (was != owner).then_some(owner)
    }

    /// Returns the owner of `object` when somebody stated it.
    pub fn stated_owner<'a>(&self, object: &'a Object) -> Option<&'a str> {
        object
            .owner
            .as_deref()
            .filter(|owner| !self.owners_unstated || *owner != self.session_user)
    }
}
