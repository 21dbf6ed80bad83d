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
    /// Whether its table is partitioned.
    pub on_partitioned: bool,
    /// When the trigger of the partitioned parent fires that this one is the copy of.
    pub parent_enabled: Option<char>,
}

impl Trigger {
    fn is_copy(&self) -> bool {
        self.parent_enabled.is_some()
    }
}

fn enable_sql(trigger: &Trigger, id: &ObjectId) -> String {
    let letter = trigger.enabled;
    // Each partition's copy says for itself when it fires.
    let only = if trigger.on_partitioned { "ONLY " } else { "" };
    let word = match letter {
        'D' => "DISABLE TRIGGER",
        'R' => "ENABLE REPLICA TRIGGER",
        'A' => "ENABLE ALWAYS TRIGGER",
        _ => "ENABLE TRIGGER",
    };
    format!("ALTER TABLE {only}{} {word} {}", id.relation(), id.quoted())
}

impl Kind for Trigger {
    fn query(_: u32) -> String {
        include_str!("query.sql").to_owned()
    }

    fn listed_in() -> Option<&'static str> {
        None
    }

    fn decode(fields: &Fields<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            definition: fields.text()?,
            enabled: fields.letter()?,
            on_partitioned: fields.boolean()?,
            parent_enabled: fields.optional().and_then(|letter| letter.chars().next()),
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
            on_partitioned: _,
            parent_enabled: _,
        } = self;
        if *definition != desired.definition && !(self.is_copy() && desired.is_copy()) {
            return Comparison::Recreate("the definition of a trigger cannot be changed");
        }
        Comparison::of(if *enabled == desired.enabled {
            Vec::new()
        } else {
            vec!["enabled"]
        })
    }

    fn nature(&self) -> Nature {
        if self.is_copy() {
            Nature::Implicit
        } else {
            Nature::Hanger
        }
    }

    fn follow(&self, _: &ObjectId, _: &ObjectId, _: bool) -> Follow {
        Follow::Recreate
    }

    fn clause(&self, id: &ObjectId) -> Option<Clause> {
        // A copy fires like the parent's trigger when the partition is made after it, else as every new trigger.
        let born_alike = self.enabled == 'O' && self.parent_enabled == Some('O');
        (self.is_copy() && !born_alike).then(|| Clause {
            place: u32::MAX,
            sql: String::new(),
            then: vec![enable_sql(self, id)],
            merges: None,
        })
    }

    fn create(&self, id: &ObjectId, _: &[String]) -> Vec<String> {
        let mut sql = vec![self.definition.clone()];
        if self.enabled != 'O' {
            sql.push(enable_sql(self, id));
        }
        sql
    }

    fn alter(&self, desired: &Self, id: &ObjectId) -> Alteration {
        vec![enable_sql(desired, id)].into()
    }

    fn drop(&self, id: &ObjectId) -> Vec<String> {
        // A partition that is detached loses its copy of the parent's trigger.
        let if_exists = if self.is_copy() { "IF EXISTS " } else { "" };
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
