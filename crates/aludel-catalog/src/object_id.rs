//! The identity that every later stage uses to speak of an object.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::Arc;

use rustc_hash::FxHasher;

use crate::identifier::{qualified, quote};
use crate::kind::{Naming, ObjectKind};

/// What an object is called. Sorting by it is sorting by kind rank, then name. Ids stand in every map and every list of
/// dependencies, so a copy shares the name and costs nothing.
#[derive(Clone)]
pub struct ObjectId(Arc<Shared>);

/// The name with its hash, which is asked for more often than the name.
struct Shared {
    hash: u64,
    name: ObjectName,
}

/// An object's kind and every part of its name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ObjectName {
    /// The kind, whose order is creation order.
    pub kind: ObjectKind,
    /// The schema, empty for what stands in none.
    pub schema: String,
    /// The relation the object is a part of, empty when it is a part of none.
    pub relation: String,
    /// The object's own name.
    pub name: String,
    /// Input argument types of a routine, aggregate or operator, as PostgreSQL writes them; the access method of an
    /// operator class or family; empty for every other kind.
    pub arguments: String,
}

impl Deref for ObjectId {
    type Target = ObjectName;

    fn deref(&self) -> &ObjectName {
        &self.0.name
    }
}

impl From<ObjectName> for ObjectId {
    fn from(name: ObjectName) -> Self {
        let mut hasher = FxHasher::default();
        name.hash(&mut hasher);
        let hash = hasher.finish();
        Self(Arc::new(Shared { hash, name }))
    }
}

impl fmt::Debug for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.name.fmt(f)
    }
}

impl PartialEq for ObjectId {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0) || self.0.hash == other.0.hash && self.0.name == other.0.name
    }
}

impl Eq for ObjectId {}

impl Hash for ObjectId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.0.hash);
    }
}

impl Ord for ObjectId {
    fn cmp(&self, other: &Self) -> Ordering {
        if Arc::ptr_eq(&self.0, &other.0) {
            return Ordering::Equal;
        }
        self.0.name.cmp(&other.0.name)
    }
}

impl PartialOrd for ObjectId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl ObjectId {
    /// Returns the id of an object that stands on its own in a schema.
    pub fn new(kind: ObjectKind, schema: &str, name: &str) -> Self {
        Self::part(kind, schema, "", name)
    }

    /// Returns the id of a part of a relation.
    pub fn part(kind: ObjectKind, schema: &str, relation: &str, name: &str) -> Self {
        Self::from(ObjectName {
            kind,
            schema: schema.to_owned(),
            relation: relation.to_owned(),
            name: name.to_owned(),
            arguments: String::new(),
        })
    }

    /// Returns the id with another name of its own.
    #[must_use]
    pub fn with_name(&self, name: &str) -> Self {
        Self::from(ObjectName {
            name: name.to_owned(),
            ..self.0.name.clone()
        })
    }

    /// Returns the id of the object of that name in another schema.
    #[must_use]
    pub fn in_schema(&self, schema: &str) -> Self {
        self.in_relation(schema, &self.relation)
    }

    /// Returns the id of the part of that name in another relation.
    #[must_use]
    pub fn in_relation(&self, schema: &str, relation: &str) -> Self {
        Self::from(ObjectName {
            schema: schema.to_owned(),
            relation: relation.to_owned(),
            ..self.0.name.clone()
        })
    }

    /// Returns the id of an object of another kind with the same name.
    #[must_use]
    pub fn with_kind(&self, kind: ObjectKind) -> Self {
        Self::from(ObjectName {
            kind,
            ..self.0.name.clone()
        })
    }

    /// Returns `schema.name` as SQL.
    pub fn qualified(&self) -> String {
        match self.kind.naming() {
            Naming::Symbol => format!("{}.{}", quote(&self.schema), self.name),
            Naming::AsItIs => self.name.clone(),
            _ => qualified(&self.schema, &self.name),
        }
    }

    /// Returns the relation this object is a part of, as SQL.
    pub fn relation(&self) -> String {
        qualified(&self.schema, &self.relation)
    }

    /// Returns the object's own name as SQL.
    pub fn quoted(&self) -> String {
        quote(&self.name).into_owned()
    }

    /// Returns the ids that the relation of this part may have, one for each kind of relation; none for what is no
    /// part.
    pub fn relations(&self) -> impl Iterator<Item = Self> + '_ {
        ObjectKind::ALL
            .iter()
            .filter(|kind| self.is_part() && kind.is_relation())
            .map(|&kind| Self::new(kind, &self.schema, &self.relation))
    }

    /// Returns whether the object is a part of a relation (a column, a constraint, a policy, …).
    pub fn is_part(&self) -> bool {
        !self.relation.is_empty()
    }

    /// Returns the whole name without the kind: `public.users.email`, `public.total(integer)`.
    pub fn path(&self) -> String {
        if self.is_part() {
            return format!("{}.{}", self.relation(), self.quoted());
        }
        // Default privileges may be for no role and no schema in particular.
        let name = match (self.schema.as_str(), self.name.as_str()) {
            ("", "") => String::new(),
            (schema, "") => quote(schema).into_owned(),
            _ => self.qualified(),
        };
        match self.kind.naming() {
            Naming::Plain | Naming::AsItIs => name,
            Naming::WithArguments | Naming::Symbol => format!("{name}({})", self.arguments),
            Naming::WithMethod => format!("{name} USING {}", quote(&self.arguments)),
        }
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.kind.name(), self.path())
    }
}
