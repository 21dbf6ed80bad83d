//! Transforms of a type for a language. One has no name: it is called by the two.

use crate::comparison::{Alteration, Clause, Comparison, Follow, Nature};
use crate::grants::GrantTarget;
use crate::kind::Kind;
use crate::object_id::ObjectId;
use crate::online::{Online, Scene, Task};
use crate::row::{DecodeError, Fields};

/// A transform.
#[derive(Clone, Debug)]
pub struct Transform {
    /// The function that hands a value to the language, with its arguments.
    pub from_sql: Option<String>,
    /// The function that takes a value back, with its arguments.
    pub to_sql: Option<String>,
}

impl Transform {
    fn create_sql(&self, verb: &str, id: &ObjectId) -> String {
        let functions: Vec<String> = [("FROM", &self.from_sql), ("TO", &self.to_sql)]
            .into_iter()
            .filter_map(|(way, function)| Some((way, function.as_ref()?)))
            .map(|(way, function)| format!("{way} SQL WITH FUNCTION {function}"))
            .collect();
        format!("{verb} TRANSFORM {} ({})", id.path(), functions.join(", "))
    }
}

impl Kind for Transform {
    fn query(_: u32) -> String {
        include_str!("query.sql").to_owned()
    }

    fn listed_in() -> Option<&'static str> {
        Some("pg_transform")
    }

    fn decode(fields: &Fields<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            from_sql: fields.optional(),
            to_sql: fields.optional(),
        })
    }

    fn depends_on(&self, _: &ObjectId) -> Vec<ObjectId> {
        Vec::new()
    }

    fn untracked(&self) -> Option<&str> {
        None
    }

    fn compare(&self, desired: &Self) -> Comparison {
        let Self { from_sql, to_sql } = self;
        let mut attributes = Vec::new();
        if *from_sql != desired.from_sql {
            attributes.push("function from SQL");
        }
        if *to_sql != desired.to_sql {
            attributes.push("function to SQL");
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
        vec![self.create_sql("CREATE", id)]
    }

    fn alter(&self, desired: &Self, id: &ObjectId) -> Alteration {
        vec![desired.create_sql("CREATE OR REPLACE", id)].into()
    }

    fn drop(&self, id: &ObjectId) -> Vec<String> {
        vec![format!("DROP TRANSFORM {}", id.path())]
    }

    fn disturbs(&self, _: &Self) -> bool {
        false
    }

    fn target(&self, id: &ObjectId) -> Option<String> {
        Some(format!("TRANSFORM {}", id.path()))
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
