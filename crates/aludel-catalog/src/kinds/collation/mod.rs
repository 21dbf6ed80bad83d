//! Collations.

use crate::comparison::{Alteration, Clause, Comparison, Follow, Nature};
use crate::grants::GrantTarget;
use crate::identifier::literal;
use crate::kind::Kind;
use crate::object_id::ObjectId;
use crate::online::{Online, Scene, Task};
use crate::row::{DecodeError, Fields};

/// A collation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Collation {
    /// `c` libc, `i` ICU, `b` built in.
    pub provider: char,
    /// Whether equal means the same bytes.
    pub deterministic: bool,
    /// The ICU or built-in locale.
    pub locale: Option<String>,
    /// `LC_COLLATE` of a libc collation.
    pub collate: Option<String>,
    /// `LC_CTYPE` of a libc collation.
    pub ctype: Option<String>,
    /// ICU rules beyond the locale's (16).
    pub rules: Option<String>,
}

impl Kind for Collation {
    fn query(_: u32) -> String {
        include_str!("query.sql").to_owned()
    }

    fn listed_in() -> Option<&'static str> {
        Some("pg_collation WHERE oid >= 16384")
    }

    fn decode(fields: &Fields<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            provider: fields.letter()?,
            deterministic: fields.boolean()?,
            locale: fields.optional(),
            collate: fields.optional(),
            ctype: fields.optional(),
            rules: fields.optional(),
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
            Comparison::Recreate("a collation cannot be changed")
        }
    }

    fn nature(&self) -> Nature {
        Nature::Type
    }

    fn follow(&self, _: &ObjectId, _: &ObjectId, _: bool) -> Follow {
        Follow::Recreate
    }

    fn clause(&self, _: &ObjectId) -> Option<Clause> {
        None
    }

    fn create(&self, id: &ObjectId, _: &[String]) -> Vec<String> {
        let provider = match self.provider {
            'i' => "icu",
            'b' => "builtin",
            _ => "libc",
        };
        let mut options = vec![format!("provider = {provider}")];
        // PostgreSQL 14 keeps an ICU locale in collcollate.
        match (&self.locale, &self.collate, &self.ctype) {
            (Some(locale), _, _) => options.push(format!("locale = {}", literal(locale))),
            (None, Some(collate), Some(ctype)) if collate == ctype => {
                options.push(format!("locale = {}", literal(collate)));
            }
            (None, collate, ctype) => {
                options.extend(
                    collate
                        .iter()
                        .map(|name| format!("lc_collate = {}", literal(name))),
                );
                options.extend(
                    ctype
                        .iter()
                        .map(|name| format!("lc_ctype = {}", literal(name))),
                );
            }
        }
        options.extend(
            self.rules
                .iter()
                .map(|rules| format!("rules = {}", literal(rules))),
        );
        if !self.deterministic {
            options.push("deterministic = false".to_owned());
        }
        vec![format!(
            "CREATE COLLATION {} ({})",
            id.qualified(),
            options.join(", ")
        )]
    }

    fn alter(&self, _: &Self, _: &ObjectId) -> Alteration {
        Alteration::default()
    }

    fn drop(&self, id: &ObjectId) -> Vec<String> {
        vec![format!("DROP COLLATION {}", id.qualified())]
    }

    fn disturbs(&self, _: &Self) -> bool {
        false
    }

    fn target(&self, id: &ObjectId) -> Option<String> {
        Some(format!("COLLATION {}", id.qualified()))
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
