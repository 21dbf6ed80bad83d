//! Shell types: a name and nothing else, so that the functions which read and write a type can be made before the type.

use crate::comparison::{Alteration, Clause, Comparison, Follow, Nature};
use crate::grants::GrantTarget;
use crate::kind::{Kind, ObjectKind};
use crate::object_id::ObjectId;
use crate::online::{Online, Scene, Task};
use crate::row::{DecodeError, Fields};

/// A shell type.
#[derive(Clone, Debug)]
pub struct ShellType {
    /// Whether nothing fills it; otherwise it is the beginning of the type of its name.
    pub alone: bool,
}

impl Kind for ShellType {
    fn query(_: u32) -> String {
        include_str!("query.sql").to_owned()
    }

    fn listed_in() -> Option<&'static str> {
        None
    }

    fn decode(fields: &Fields<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            alone: fields.boolean()?,
        })
    }

    fn depends_on(&self, id: &ObjectId) -> Vec<ObjectId> {
        vec![ObjectId::new(ObjectKind::Schema, "", &id.schema)]
    }

    fn untracked(&self) -> Option<&str> {
        None
    }

    fn compare(&self, _: &Self) -> Comparison {
        // What fills it, or leaves it, is another object.
        Comparison::Same
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
        vec![format!("CREATE TYPE {}", id.qualified())]
    }

    fn alter(&self, _: &Self, _: &ObjectId) -> Alteration {
        Alteration::default()
    }

    fn drop(&self, id: &ObjectId) -> Vec<String> {
        vec![format!("DROP TYPE {}", id.qualified())]
    }

    fn disturbs(&self, _: &Self) -> bool {
        false
    }

    fn target(&self, id: &ObjectId) -> Option<String> {
        self.alone.then(|| format!("TYPE {}", id.qualified()))
    }

    fn hosts(&self, id: &ObjectId) -> Vec<ObjectId> {
        [ObjectKind::BaseType, ObjectKind::RangeType]
            .map(|kind| id.with_kind(kind))
            .into()
    }

    fn grant_target(&self, _: &ObjectId) -> Option<GrantTarget> {
        None
    }

    fn online(&self, _: &ObjectId, _: Task<'_, Self>, _: &Scene<'_>) -> Option<Online> {
        None
    }
}
