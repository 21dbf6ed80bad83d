//! Extensions. What an extension brings is the extension's, not the user's.

use crate::comparison::{Clause, Comparison, Follow, Nature};
use crate::grants::GrantTarget;
use crate::identifier::{literal, quote};
use crate::kind::Kind;
use crate::object_id::ObjectId;
use crate::row::{DecodeError, Fields};

/// An installed extension.
#[derive(Clone, Debug)]
pub struct Extension {
    /// The schema its objects are in.
    pub schema: String,
    /// Its installed version.
    pub version: String,
}

impl Kind for Extension {
    fn query(_: u32) -> String {
        include_str!("query.sql").to_owned()
    }

    fn decode(fields: &Fields<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            schema: fields.text()?,
            version: fields.text()?,
        })
    }

    fn depends_on(&self, _: &ObjectId) -> Vec<ObjectId> {
        Vec::new()
    }

    fn compare(&self, desired: &Self) -> Comparison {
        let Self { schema, version } = self;
        let mut attributes = Vec::new();
        if *schema != desired.schema {
            attributes.push("schema");
        }
        if *version != desired.version {
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
        // The version is left to the server: another server may ship another one.
        vec![format!(
            "CREATE EXTENSION IF NOT EXISTS {} WITH SCHEMA {}",
            id.quoted(),
            quote(&self.schema)
        )]
    }

    fn alter(&self, desired: &Self, id: &ObjectId) -> Vec<String> {
        let mut sql = Vec::new();
        if self.version != desired.version {
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
        sql
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
}
