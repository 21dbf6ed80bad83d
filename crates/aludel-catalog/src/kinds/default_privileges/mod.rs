//! Default privileges: what objects made later will be granted (ALTER DEFAULT PRIVILEGES).
//!
//! The id's name is the role whose new objects they are for, empty for the migrating role; its arguments are the sort
//! of objects, e.g. `TABLES`.

use crate::comparison::{Alteration, Clause, Comparison, Follow, Nature};
use crate::grants::GrantTarget;
use crate::grants::{self, Grants};
use crate::identifier::quote;
use crate::kind::Kind;
use crate::object_id::ObjectId;
use crate::online::{Online, Scene, Task};
use crate::row::{DecodeError, Fields};

/// What new objects of one sort, role and schema are granted.
#[derive(Clone, Debug)]
pub struct DefaultPrivileges {
    /// The role's real name.
    pub role: String,
    /// The privileges, relative to PostgreSQL's own default.
    pub grants: Grants,
}

impl DefaultPrivileges {
    fn statements(&self, id: &ObjectId, current: &Grants, desired: &Grants) -> Vec<String> {
        let target = GrantTarget {
            object: id.arguments.clone(),
            column: None,
        };
        let role = if id.name.is_empty() {
            String::new()
        } else {
            format!(" FOR ROLE {}", quote(&id.name))
        };
        let schema = if id.schema.is_empty() {
            String::new()
        } else {
            format!(" IN SCHEMA {}", quote(&id.schema))
        };
        grants::statements(&target, current, desired, &quote(&self.role))
            .into_iter()
            .map(|sql| format!("ALTER DEFAULT PRIVILEGES{role}{schema} {sql}"))
            .collect()
    }
}

impl Kind for DefaultPrivileges {
    fn query(_: u32) -> String {
        include_str!("query.sql").to_owned()
    }

    fn listed_in() -> Option<&'static str> {
        Some("pg_default_acl")
    }

    fn decode(fields: &Fields<'_>) -> Result<Self, DecodeError> {
        let role = fields.text()?;
        let (acl, default) = (fields.optional(), fields.optional());
        let grants = Grants::decode(acl.as_deref(), default.as_deref(), &role);
        Ok(Self { role, grants })
    }

    fn depends_on(&self, _: &ObjectId) -> Vec<ObjectId> {
        Vec::new()
    }

    fn untracked(&self) -> Option<&str> {
        None
    }

    fn compare(&self, desired: &Self) -> Comparison {
        let Self { role: _, grants } = self;
        Comparison::of(if *grants == desired.grants {
            Vec::new()
        } else {
            vec!["privileges"]
        })
    }

    fn nature(&self) -> Nature {
        Nature::Hanger
    }

    fn follow(&self, _: &ObjectId, _: &ObjectId, _: bool) -> Follow {
        Follow::Recreate
    }

    fn clause(&self, _: &ObjectId) -> Option<Clause> {
        None
    }

    fn create(&self, id: &ObjectId, _: &[String]) -> Vec<String> {
        self.statements(id, &Grants::default(), &self.grants)
    }

    fn alter(&self, desired: &Self, id: &ObjectId) -> Alteration {
        self.statements(id, &self.grants, &desired.grants).into()
    }

    fn drop(&self, id: &ObjectId) -> Vec<String> {
        self.statements(id, &self.grants, &Grants::default())
    }

    fn disturbs(&self, _: &Self) -> bool {
        false
    }

    fn target(&self, _: &ObjectId) -> Option<String> {
        None
    }

    fn hosts(&self, _: &ObjectId) -> Vec<ObjectId> {
        Vec::new()
    }

    fn grant_target(&self, _: &ObjectId) -> Option<GrantTarget> {
        None
    }

    fn online(&self, _: &ObjectId, _: Task<'_, Self>, _: &Scene<'_>) -> Option<Online> {
        None
    }
}
