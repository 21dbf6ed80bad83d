//! Procedural languages.

use crate::comparison::{Alteration, Clause, Comparison, Follow, Nature};
use crate::grants::GrantTarget;
use crate::kind::Kind;
use crate::object_id::ObjectId;
use crate::online::{Online, Scene, Task};
use crate::row::{DecodeError, Fields};

/// A procedural language.
#[derive(Clone, Debug)]
pub struct Language {
    /// Whether anybody with the privilege may write functions in it.
    pub trusted: bool,
    /// The function that runs its functions, qualified where it must be.
    pub handler: String,
    /// The function that runs DO blocks.
    pub inline: Option<String>,
    /// The function that checks new functions.
    pub validator: Option<String>,
}

impl Language {
    fn create_sql(&self, verb: &str, id: &ObjectId) -> String {
        let trusted = if self.trusted { "TRUSTED " } else { "" };
        let mut sql = format!(
            "{verb} {trusted}LANGUAGE {} HANDLER {}",
            id.quoted(),
            self.handler
        );
        for (word, function) in [("INLINE", &self.inline), ("VALIDATOR", &self.validator)] {
            if let Some(function) = function {
                sql.push_str(&format!(" {word} {function}"));
            }
        }
        sql
    }
}

impl Kind for Language {
    fn query(_: u32) -> String {
        include_str!("query.sql").to_owned()
    }

    fn listed_in() -> Option<&'static str> {
        Some("pg_language WHERE oid >= 16384")
    }

    fn decode(fields: &Fields<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            trusted: fields.boolean()?,
            handler: fields.text()?,
            inline: fields.optional(),
            validator: fields.optional(),
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
            trusted,
            handler,
            inline,
            validator,
        } = self;
        if *trusted && !desired.trusted {
            // It may have privileges, which an untrusted language cannot even lose.
            return Comparison::Recreate("a language is trusted no more");
        }
        let mut attributes = Vec::new();
        let mut differ = |differs: bool, name| {
            if differs {
                attributes.push(name);
            }
        };
        differ(*trusted != desired.trusted, "trust");
        differ(*handler != desired.handler, "handler");
        differ(*inline != desired.inline, "inline handler");
        differ(*validator != desired.validator, "validator");
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
        vec![format!("DROP LANGUAGE {}", id.quoted())]
    }

    fn disturbs(&self, _: &Self) -> bool {
        false
    }

    fn target(&self, id: &ObjectId) -> Option<String> {
        Some(format!("LANGUAGE {}", id.quoted()))
    }

    fn hosts(&self, _: &ObjectId) -> Vec<ObjectId> {
        Vec::new()
    }

    fn grant_target(&self, id: &ObjectId) -> Option<GrantTarget> {
        Some(GrantTarget {
            object: format!("LANGUAGE {}", id.quoted()),
            column: None,
        })
    }

    fn online(&self, _: &ObjectId, _: Task<'_, Self>, _: &Scene<'_>) -> Option<Online> {
        None
    }
}
