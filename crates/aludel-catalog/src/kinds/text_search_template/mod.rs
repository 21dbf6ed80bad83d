//! Text search templates.

use crate::comparison::{Alteration, Clause, Comparison, Follow, Nature};
use crate::grants::GrantTarget;
use crate::kind::Kind;
use crate::object_id::ObjectId;
use crate::online::{Online, Scene, Task};
use crate::row::{DecodeError, Fields};

/// A text search template.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextSearchTemplate {
    /// Its functions as `NAME = function` items.
    pub functions: Vec<String>,
}

impl Kind for TextSearchTemplate {
    fn query(_: u32) -> String {
        include_str!("query.sql").to_owned()
    }

    fn listed_in() -> Option<&'static str> {
        Some("pg_ts_template WHERE oid >= 16384")
    }

    fn decode(fields: &Fields<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            functions: fields.list()?,
        })
    }

    fn depends_on(&self, _: &ObjectId) -> Vec<ObjectId> {
        Vec::new()
    }

    fn untracked(&self) -> Option<&str> {
        None
    }

    fn compare(&self, desired: &Self) -> Comparison {
        if self == desired {
            Comparison::Same
        } else {
            Comparison::Recreate("a text search template cannot be changed")
        }
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
        vec![format!(
            "CREATE TEXT SEARCH TEMPLATE {} ({})",
            id.qualified(),
            self.functions.join(", ")
        )]
    }

    fn alter(&self, _: &Self, _: &ObjectId) -> Alteration {
        Alteration::default()
    }

    fn drop(&self, id: &ObjectId) -> Vec<String> {
        vec![format!("DROP TEXT SEARCH TEMPLATE {}", id.qualified())]
    }

    fn disturbs(&self, _: &Self) -> bool {
        false
    }

    fn target(&self, id: &ObjectId) -> Option<String> {
        Some(format!("TEXT SEARCH TEMPLATE {}", id.qualified()))
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
