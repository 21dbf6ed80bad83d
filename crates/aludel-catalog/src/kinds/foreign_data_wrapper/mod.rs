//! Foreign-data wrappers. Those of an extension are not the user's.

use crate::comparison::{Alteration, Clause, Comparison, Follow, Nature};
use crate::grants::GrantTarget;
use crate::kind::Kind;
use crate::kinds::foreign::{options_change, options_sql, without_secrets};
use crate::object_id::ObjectId;
use crate::online::{Online, Scene, Task};
use crate::row::{DecodeError, Fields};

/// A foreign-data wrapper.
#[derive(Clone, Debug)]
pub struct ForeignDataWrapper {
    /// Its handler function, qualified.
    pub handler: Option<String>,
    /// Its validator function, qualified.
    pub validator: Option<String>,
    /// Its options.
    pub options: Vec<String>,
}

impl ForeignDataWrapper {
    fn functions_sql(&self) -> String {
        let one = |word: &str, function: &Option<String>| match function {
            Some(function) => format!(" {word} {function}"),
            None => format!(" NO {word}"),
        };
        one("HANDLER", &self.handler) + &one("VALIDATOR", &self.validator)
    }
}

impl Kind for ForeignDataWrapper {
    fn query(_: u32) -> String {
        without_secrets(include_str!("query.sql"))
    }

    fn listed_in() -> Option<&'static str> {
        Some("pg_foreign_data_wrapper")
    }

    fn decode(fields: &Fields<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            handler: fields.optional(),
            validator: fields.optional(),
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
            handler,
            validator,
            options,
        } = self;
        let mut attributes = Vec::new();
        if (handler, validator) != (&desired.handler, &desired.validator) {
            attributes.push("functions");
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
        vec![format!(
            "CREATE FOREIGN DATA WRAPPER {}{}{}",
            id.quoted(),
            self.functions_sql(),
            options_sql(&self.options)
        )]
    }

    fn alter(&self, desired: &Self, id: &ObjectId) -> Alteration {
        let head = format!("ALTER FOREIGN DATA WRAPPER {}", id.quoted());
        let mut sql = Vec::new();
        if (&self.handler, &self.validator) != (&desired.handler, &desired.validator) {
            sql.push(format!("{head}{}", desired.functions_sql()));
        }
        sql.extend(
            options_change(&self.options, &desired.options)
                .map(|options| format!("{head} {options}")),
        );
        sql.into()
    }

    fn drop(&self, id: &ObjectId) -> Vec<String> {
        vec![format!("DROP FOREIGN DATA WRAPPER {}", id.quoted())]
    }

    fn disturbs(&self, _: &Self) -> bool {
        false
    }

    fn target(&self, id: &ObjectId) -> Option<String> {
        Some(format!("FOREIGN DATA WRAPPER {}", id.quoted()))
    }

    fn hosts(&self, _: &ObjectId) -> Vec<ObjectId> {
        Vec::new()
    }

    fn grant_target(&self, id: &ObjectId) -> Option<GrantTarget> {
        Some(GrantTarget {
            object: format!("FOREIGN DATA WRAPPER {}", id.quoted()),
            column: None,
        })
    }

    fn online(&self, _: &ObjectId, _: Task<'_, Self>, _: &Scene<'_>) -> Option<Online> {
        None
    }
}
