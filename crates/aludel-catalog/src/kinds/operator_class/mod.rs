//! Operator classes with the members they hold.

use crate::comparison::{Alteration, Clause, Comparison, Follow, Nature};
use crate::grants::GrantTarget;
use crate::identifier::quote;
use crate::kind::Kind;
use crate::kinds::family_members::{Member, using, with_members};
use crate::object_id::ObjectId;
use crate::online::{Online, Scene, Task};
use crate::row::{DecodeError, Fields};

/// An operator class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OperatorClass {
    /// Whether indexes on its type use it when nothing is said.
    pub default: bool,
    /// The type it is for.
    pub type_name: String,
    /// Its family, qualified.
    pub family: String,
    /// The type that indexes store, when not the column's own.
    pub storage: Option<String>,
    /// The members it holds.
    pub members: Vec<Member>,
}

impl Kind for OperatorClass {
    fn query(_: u32) -> String {
        with_members(include_str!("query.sql"), 2616)
    }

    fn listed_in() -> Option<&'static str> {
        Some("pg_opclass WHERE oid >= 16384")
    }

    fn decode(fields: &Fields<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            default: fields.boolean()?,
            type_name: fields.text()?,
            family: fields.text()?,
            storage: fields.optional(),
            members: Member::decode(fields)?,
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
            Comparison::Recreate("an operator class cannot be changed")
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
        let storage = self.storage.iter();
        let mut items: Vec<String> = storage.map(|name| format!("STORAGE {name}")).collect();
        items.extend(self.members.iter().map(Member::sql));
        if items.is_empty() {
            // The list may not be empty; this is what holds anyway.
            items.push(format!("STORAGE {}", self.type_name));
        }
        vec![format!(
            "CREATE OPERATOR CLASS {}{} FOR TYPE {} USING {} FAMILY {} AS\n    {}",
            id.qualified(),
            if self.default { " DEFAULT" } else { "" },
            self.type_name,
            quote(&id.arguments),
            self.family,
            items.join(",\n    ")
        )]
    }

    fn alter(&self, _: &Self, _: &ObjectId) -> Alteration {
        Alteration::default()
    }

    fn drop(&self, id: &ObjectId) -> Vec<String> {
        vec![format!("DROP OPERATOR CLASS {}", using(id))]
    }

    fn disturbs(&self, _: &Self) -> bool {
        false
    }

    fn target(&self, id: &ObjectId) -> Option<String> {
        Some(format!("OPERATOR CLASS {}", using(id)))
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
