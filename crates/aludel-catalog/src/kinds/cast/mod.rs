//! Casts. A cast has no name: it is called by its two types.

mod used;

pub(crate) use used::settle;

use crate::comparison::{Alteration, Clause, Comparison, Follow, Nature};
use crate::grants::GrantTarget;
use crate::kind::Kind;
use crate::object_id::ObjectId;
use crate::online::{Online, Scene, Task};
use crate::row::{DecodeError, Fields};

/// A cast.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cast {
    /// The function that converts, with its arguments; `None` when the bytes stay or go through the text form.
    pub function: Option<String>,
    /// Whether it goes through the types' text form.
    pub through_text: bool,
    /// `e` explicit, `a` in assignments, `i` everywhere.
    pub context: char,
}

impl Kind for Cast {
    fn query(_: u32) -> String {
        include_str!("query.sql").to_owned()
    }

    fn listed_in() -> Option<&'static str> {
        Some("pg_cast WHERE oid >= 16384")
    }

    fn decode(fields: &Fields<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            function: fields.optional(),
            through_text: fields.boolean()?,
            context: fields.letter()?,
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
            Comparison::Recreate("a cast cannot be changed")
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
        let how = match &self.function {
            Some(function) => format!("WITH FUNCTION {function}"),
            None if self.through_text => "WITH INOUT".to_owned(),
            None => "WITHOUT FUNCTION".to_owned(),
        };
        let context = match self.context {
            'a' => " AS ASSIGNMENT",
            'i' => " AS IMPLICIT",
            _ => "",
        };
        vec![format!("CREATE CAST {} {how}{context}", id.path())]
    }

    fn alter(&self, _: &Self, _: &ObjectId) -> Alteration {
        Alteration::default()
    }

    fn drop(&self, id: &ObjectId) -> Vec<String> {
        vec![format!("DROP CAST {}", id.path())]
    }

    fn disturbs(&self, _: &Self) -> bool {
        false
    }

    fn target(&self, id: &ObjectId) -> Option<String> {
        Some(format!("CAST {}", id.path()))
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
