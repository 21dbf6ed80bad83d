//! User mappings. Passwords are never read from the rows, so they are never shown and never changed.

use crate::comparison::{Alteration, Clause, Comparison, Follow, Nature};
use crate::grants::GrantTarget;
use crate::identifier::quote;
use crate::kind::{Kind, ObjectKind};
use crate::kinds::foreign::{options_change, options_sql, without_secrets};
use crate::object_id::ObjectId;
use crate::online::{Online, Scene, Task};
use crate::row::{DecodeError, Fields};

/// A user mapping.
#[derive(Clone, Debug)]
pub struct UserMapping {
    /// The server.
    pub server: String,
    /// The role; `None` is PUBLIC.
    pub role: Option<String>,
    /// Its options without the secret ones.
    pub options: Vec<String>,
}

impl UserMapping {
    fn target_sql(&self) -> String {
        let role = self.role.as_deref().map_or_else(|| "PUBLIC".into(), quote);
        format!("FOR {role} SERVER {}", quote(&self.server))
    }
}

impl Kind for UserMapping {
    fn query(_: u32) -> String {
        without_secrets(include_str!("query.sql"))
    }

    fn listed_in() -> Option<&'static str> {
        // The mappings themselves are for superusers to read, and each belongs to a server.
        Some("pg_foreign_server")
    }

    fn decode(fields: &Fields<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            server: fields.text()?,
            role: fields.optional(),
            options: fields.list()?,
        })
    }

    fn depends_on(&self, _: &ObjectId) -> Vec<ObjectId> {
        vec![ObjectId::new(ObjectKind::ForeignServer, "", &self.server)]
    }

    fn untracked(&self) -> Option<&str> {
        None
    }

    fn compare(&self, desired: &Self) -> Comparison {
        let Self {
            server: _,
            role: _,
            options,
        } = self;
        Comparison::of(if *options == desired.options {
            Vec::new()
        } else {
            vec!["options"]
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

    fn create(&self, _: &ObjectId, _: &[String]) -> Vec<String> {
        let target = self.target_sql();
        vec![format!(
            "CREATE USER MAPPING {target}{}",
            options_sql(&self.options)
        )]
    }

    fn alter(&self, desired: &Self, _: &ObjectId) -> Alteration {
        options_change(&self.options, &desired.options)
            .map(|options| format!("ALTER USER MAPPING {} {options}", self.target_sql()))
            .into_iter()
            .collect::<Vec<_>>()
            .into()
    }

    fn drop(&self, _: &ObjectId) -> Vec<String> {
        vec![format!("DROP USER MAPPING {}", self.target_sql())]
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
