//! Triggers of tables and views.

use crate::comparison::{Alteration, Clause, Comparison, Follow, Nature};
use crate::grants::GrantTarget;
use crate::kind::Kind;
use crate::object_id::ObjectId;
use crate::online::{Online, Scene, Task};
use crate::row::{DecodeError, Fields};

/// A trigger.
#[derive(Clone, Debug)]
pub struct Trigger {
    /// `CREATE TRIGGER …`, as `pg_get_triggerdef` writes it.
    pub definition: String,
    /// `O` fires normally, `D` disabled, `R` on replicas, `A` always.
    pub enabled: char,
    /// Whether it came from a partitioned parent.
    pub inherited: bool,
}

fn enable_sql(letter: char, id: &ObjectId) -> String {
    let word = match letter {
        'D' => "DISABLE TRIGGER",
        'R' => "ENABLE REPLICA TRIGGER",
        'A' => "ENABLE ALWAYS TRIGGER",
        _ => "ENABLE TRIGGER",
    };
    format!("ALTER TABLE {} {word} {}", id.relation(), id.quoted())
}

impl Kind for Trigger {
    fn query(_: u32) -> String {
        include_str!("query.sql").to_owned()
    }

    fn decode(fields: &Fields<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            definition: fields.text()?,
            enabled: fields.letter()?,
            inherited: fields.boolean()?,
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
            inherited,
        } = self;
        if *definition != desired.definition && !(*inherited && desired.inherited) {
            return Comparison::Recreate("the definition of a trigger cannot be changed");
        }
        Comparison::of(if *enabled == desired.enabled {
            Vec::new()
        } else {
            vec!["enabled"]
        })
    }

    fn nature(&self) -> Nature {
        if self.inherited {
            Nature::Implicit
        } else {
            Nature::Hanger
        }
    }

    fn follow(&self, _: &ObjectId, _: &ObjectId, _: bool) -> Follow {
        Follow::Recreate
    }

    fn clause(&self, id: &ObjectId) -> Option<Clause> {
        // A partition's copy comes with the parent's trigger, enabled.
        (self.inherited && self.enabled != 'O').then(|| Clause {
            place: u32::MAX,
            sql: String::new(),
            then: vec![enable_sql(self.enabled, id)],
        })
    }

    fn create(&self, id: &ObjectId, _: &[String]) -> Vec<String> {
        let mut sql = vec![self.definition.clone()];
        if self.enabled != 'O' {
            sql.push(enable_sql(self.enabled, id));
        }
        sql
    }

    fn alter(&self, desired: &Self, id: &ObjectId) -> Alteration {
        vec![enable_sql(desired.enabled, id)].into()
    }

    fn drop(&self, id: &ObjectId) -> Vec<String> {
        // A partition that is detached loses its copy of the parent's trigger.
        let if_exists = if self.inherited { "IF EXISTS " } else { "" };
        vec![format!(
            "DROP TRIGGER {if_exists}{} ON {}",
            id.quoted(),
            id.relation()
        )]
    }

    fn disturbs(&self, _: &Self) -> bool {
        false
    }

    fn target(&self, id: &ObjectId) -> Option<String> {
        Some(format!("TRIGGER {} ON {}", id.quoted(), id.relation()))
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
