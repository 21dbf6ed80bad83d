//! One object: what every kind has, and the kind's own definition.

use crate::grants::Grants;
use crate::kind::Definition;
use crate::object_id::ObjectId;

/// An object as PostgreSQL described it.
#[derive(Clone, Debug)]
pub struct Object {
    /// What it is called.
    pub id: ObjectId,
    /// The role that owns it; `None` for kinds that have no owner of their own.
    pub owner: Option<String>,
    /// Its comment.
    pub comment: Option<String>,
    /// Its privileges, relative to the defaults.
    pub grants: Grants,
    /// What only its kind knows.
    pub definition: Definition,
    /// What it needs, from `pg_depend` and from its kind's own rules.
    pub depends_on: Vec<ObjectId>,
}
