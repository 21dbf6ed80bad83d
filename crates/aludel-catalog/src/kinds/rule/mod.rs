//! Rules of tables and views. A view's own rule is the view.

use crate::comparison::{Alteration, Clause, Comparison, Follow, Nature};
use crate::grants::GrantTarget;
use crate::kind::Kind;
use crate::object_id::ObjectId;
use crate::online::{Online, Scene, Task};
use crate::row::{DecodeError, Fields};

/// A rule.
#[derive(Clone, Debug)]
pub struct Rule {
    /// `CREATE RULE …`, as `pg_get_ruledef` writes it.
    pub definition: String,
    /// `O` fires normally, `D` disabled, `R` on replicas, `A` always.
    pub enabled: char,
}

fn enable_sql(letter: char, id: &ObjectId) -> String {
    let word = match letter {
        'D' => "DISABLE RULE",
        'R' => "ENABLE REPLICA RULE",
        'A' => "ENABLE ALWAYS RULE",
        _ => "ENABLE RULE",
    };
    format!("ALTER TABLE {} {word} {}", id.relation(), id.quoted())
}

impl Kind for Rule {
    fn query(_: u32) -> String {
        include_str!("query.sql").to_owned()
    }

    fn listed_in() -> Option<&'static str> {
        Some("pg_rewrite WHERE oid >= 16384 AND rulename <> '_RETURN'")
    }

    fn decode(fields: &Fields<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            definition: fields.text()?,
            enabled: fields.letter()?,
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
            definition,
            enabled,
        } = self;
        let mut attributes = Vec::new();
        if *definition != desired.definition {
            attributes.push("definition");
        }
        if *enabled != desired.enabled {
            attributes.push("enabled");
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
        let mut sql = vec![self.definition.trim_end_matches(';').to_owned()];
        if self.enabled != 'O' {
            sql.push(enable_sql(self.enabled, id));
        }
        sql
    }

    fn alter(&self, desired: &Self, id: &ObjectId) -> Alteration {
        let mut sql = Vec::new();
        if self.definition != desired.definition {
            let definition = desired.definition.trim_end_matches(';');
            sql.push(definition.replacen("CREATE RULE", "CREATE OR REPLACE RULE", 1));
        }
        if self.enabled != desired.enabled {
            sql.push(enable_sql(desired.enabled, id));
        }
        sql.into()
    }

    fn drop(&self, id: &ObjectId) -> Vec<String> {
        vec![format!("DROP RULE {} ON {}", id.quoted(), id.relation())]
    }

    fn disturbs(&self, _: &Self) -> bool {
        false
    }

    fn target(&self, id: &ObjectId) -> Option<String> {
        Some(format!("RULE {} ON {}", id.quoted(), id.relation()))
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
