//! One object: what every kind has, and the kind's own definition.

use std::collections::{BTreeMap, BTreeSet};

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
    /// Its security labels, by provider.
    pub labels: BTreeMap<String, String>,
    /// The extensions whose DROP takes it along (`ALTER … DEPENDS ON EXTENSION`).
    pub extensions: BTreeSet<String>,
    /// What only its kind knows.
    pub definition: Definition,
    /// What it needs, from `pg_depend` and from its kind's own rules.
    pub depends_on: Vec<ObjectId>,
    /// The parts of parent tables that it merges with, being there on its own account too.
    pub merges_with: Vec<ObjectId>,
}
