//! Extensions. What an extension brings is the extension's, not the user's.

use crate::comparison::{Alteration, Clause, Comparison, Follow, Nature};
use crate::grants::GrantTarget;
use crate::identifier::{literal, quote};
use crate::kind::Kind;
use crate::object_id::ObjectId;
use crate::online::{Online, Scene, Task};
use crate::row::{DecodeError, Fields};

/// An installed extension.
#[derive(Clone, Debug)]
pub struct Extension {
    /// The schema its objects are in.
    pub schema: String,
    /// Its installed version.
    pub version: String,
    /// Whether that is the version the server installs by default.
    pub is_default: bool,
    /// The versions that the server can update it to.
    pub updates: Vec<String>,
}

impl Kind for Extension {
    fn query(_: u32) -> String {
        include_str!("query.sql").to_owned()
    }

    fn listed_in() -> Option<&'static str> {
        None
    }

    fn decode(fields: &Fields<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            schema: fields.text()?,
            version: fields.text()?,
            is_default: fields.optional().as_deref() == Some("t"),
            updates: fields.list()?,
        })
    }

    fn depends_on(&self, _: &ObjectId) -> Vec<ObjectId> {
        Vec::new()
    }

    fn untracked(&self) -> Option<&str> {
        None
    }

    fn compare(&self, desired: &Self) -> Comparison {
        let Self {
            schema,
            version,
            is_default: _,
            updates,
        } = self;
        let mut attributes = Vec::new();
        if *schema != desired.schema {
            attributes.push("schema");
        }
        // Where the server knows no way from one to the other, the version is the server's affair.
        if *version != desired.version && updates.contains(&desired.version) {
            attributes.push("version");
        }
        Comparison::of(attributes)
    }

    fn nature(&self) -> Nature {
        Nature::Container
    }

    fn follow(&self, _: &ObjectId, _: &ObjectId, _: bool) -> Follow {
        Follow::Recreate
    }

    fn clause(&self, _: &ObjectId) -> Option<Clause> {
        None
    }

    fn create(&self, id: &ObjectId, _: &[String]) -> Vec<String> {
        // A default version is left to the server: another server may ship another one.
        let version = if self.is_default {
            String::new()
        } else {
            format!(" VERSION {}", literal(&self.version))
        };
        let (name, schema) = (id.quoted(), quote(&self.schema));
        vec![format!(
            "CREATE EXTENSION IF NOT EXISTS {name} WITH SCHEMA {schema}{version}"
        )]
    }

    fn alter(&self, desired: &Self, id: &ObjectId) -> Alteration {
        let mut sql = Vec::new();
        if self.version != desired.version && self.updates.contains(&desired.version) {
            sql.push(format!(
                "ALTER EXTENSION {} UPDATE TO {}",
                id.quoted(),
                literal(&desired.version)
            ));
        }
        if self.schema != desired.schema {
            sql.push(format!(
                "ALTER EXTENSION {} SET SCHEMA {}",
                id.quoted(),
                quote(&desired.schema)
            ));
        }
        sql.into()
    }

    fn drop(&self, id: &ObjectId) -> Vec<String> {
        vec![format!("DROP EXTENSION {}", id.quoted())]
    }

    fn disturbs(&self, _: &Self) -> bool {
        false
    }

    fn target(&self, id: &ObjectId) -> Option<String> {
        Some(format!("EXTENSION {}", id.qualified()))
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
