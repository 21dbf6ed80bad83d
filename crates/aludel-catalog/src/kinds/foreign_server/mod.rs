//! Foreign servers.

use crate::comparison::{Alteration, Clause, Comparison, Follow, Nature};
use crate::grants::GrantTarget;
use crate::identifier::{literal, quote};
use crate::kind::Kind;
use crate::kinds::foreign::{options_change, options_sql, without_secrets};
use crate::object_id::ObjectId;
use crate::online::{Online, Scene, Task};
use crate::row::{DecodeError, Fields};

/// A foreign server.
#[derive(Clone, Debug)]
pub struct ForeignServer {
    /// Its wrapper.
    pub wrapper: String,
    /// TYPE.
    pub sort: Option<String>,
    /// VERSION.
    pub version: Option<String>,
    /// Its options without the secret ones.
    pub options: Vec<String>,
}

impl Kind for ForeignServer {
    fn query(_: u32) -> String {
        without_secrets(include_str!("query.sql"))
    }

    fn listed_in() -> Option<&'static str> {
        Some("pg_foreign_server")
    }

    fn decode(fields: &Fields<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            wrapper: fields.text()?,
            sort: fields.optional(),
            version: fields.optional(),
            options: fields.list()?,
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
            wrapper,
            sort,
            version,
            options,
        } = self;
        if (wrapper, sort) != (&desired.wrapper, &desired.sort) {
            return Comparison::Recreate("the wrapper and the type of a server cannot be changed");
        }
        let mut attributes = Vec::new();
        if *version != desired.version {
            attributes.push("version");
        }
        if *options != desired.options {
            attributes.push("options");
        }
        Comparison::of(attributes)
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
        let sort = self
            .sort
            .iter()
            .map(|sort| format!(" TYPE {}", literal(sort)));
        let version = self
            .version
            .iter()
            .map(|version| format!(" VERSION {}", literal(version)));
        vec![format!(
            "CREATE SERVER {}{} FOREIGN DATA WRAPPER {}{}",
            id.quoted(),
            sort.chain(version).collect::<String>(),
            quote(&self.wrapper),
            options_sql(&self.options)
        )]
    }

    fn alter(&self, desired: &Self, id: &ObjectId) -> Alteration {
        let mut sql = format!("ALTER SERVER {}", id.quoted());
        if self.version != desired.version {
            let version = desired
                .version
                .as_deref()
                .map_or_else(|| "NULL".to_owned(), literal);
            sql.push_str(&format!(" VERSION {version}"));
        }
        if let Some(options) = options_change(&self.options, &desired.options) {
            sql.push_str(&format!(" {options}"));
        }
        vec![sql].into()
    }

    fn drop(&self, id: &ObjectId) -> Vec<String> {
        vec![format!("DROP SERVER {}", id.quoted())]
    }

    fn disturbs(&self, _: &Self) -> bool {
        false
    }

    fn target(&self, id: &ObjectId) -> Option<String> {
        Some(format!("SERVER {}", id.quoted()))
    }

    fn hosts(&self, _: &ObjectId) -> Vec<ObjectId> {
        Vec::new()
    }

    fn grant_target(&self, id: &ObjectId) -> Option<GrantTarget> {
        Some(GrantTarget {
            object: format!("FOREIGN SERVER {}", id.quoted()),
            column: None,
        })
    }

    fn online(&self, _: &ObjectId, _: Task<'_, Self>, _: &Scene<'_>) -> Option<Online> {
        None
    }
}
