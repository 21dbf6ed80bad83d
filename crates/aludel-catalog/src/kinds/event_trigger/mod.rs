//! Event triggers. They come last and go first, so that they do not fire on the plan's own statements.

use crate::comparison::{Alteration, Clause, Comparison, Follow, Nature};
use crate::grants::GrantTarget;
use crate::identifier::literal;
use crate::kind::Kind;
use crate::object_id::ObjectId;
use crate::online::{Online, Scene, Task};
use crate::row::{DecodeError, Fields};

/// An event trigger.
#[derive(Clone, Debug)]
pub struct EventTrigger {
    /// `ddl_command_start`, `ddl_command_end`, `table_rewrite`, `sql_drop`, `login`.
    pub event: String,
    /// The function it calls, qualified.
    pub function: String,
    /// The command tags it is for; empty for all.
    pub tags: Vec<String>,
    /// `O` fires normally, `D` disabled, `R` on replicas, `A` always.
    pub enabled: char,
}

fn enable_sql(letter: char, id: &ObjectId) -> String {
    let word = match letter {
        'D' => "DISABLE",
        'R' => "ENABLE REPLICA",
        'A' => "ENABLE ALWAYS",
        _ => "ENABLE",
    };
    format!("ALTER EVENT TRIGGER {} {word}", id.quoted())
}

impl Kind for EventTrigger {
    fn query(_: u32) -> String {
        include_str!("query.sql").to_owned()
    }

    fn listed_in() -> Option<&'static str> {
        Some("pg_event_trigger")
    }

    fn decode(fields: &Fields<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            event: fields.text()?,
            function: fields.text()?,
            tags: fields.list()?,
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
            event,
            function,
            tags,
            enabled,
        } = self;
        if (event, function, tags) != (&desired.event, &desired.function, &desired.tags) {
            return Comparison::Recreate("the definition of an event trigger cannot be changed");
        }
        Comparison::of(if *enabled == desired.enabled {
            Vec::new()
        } else {
            vec!["enabled"]
        })
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
        let tags: Vec<String> = self.tags.iter().map(|tag| literal(tag)).collect();
        let filter = if tags.is_empty() {
            String::new()
        } else {
            format!(" WHEN TAG IN ({})", tags.join(", "))
        };
        let mut sql = vec![format!(
            "CREATE EVENT TRIGGER {} ON {}{filter} EXECUTE FUNCTION {}()",
            id.quoted(),
            self.event,
            self.function
        )];
        if self.enabled != 'O' {
            sql.push(enable_sql(self.enabled, id));
        }
        sql
    }

    fn alter(&self, desired: &Self, id: &ObjectId) -> Alteration {
        vec![enable_sql(desired.enabled, id)].into()
    }

    fn drop(&self, id: &ObjectId) -> Vec<String> {
        vec![format!("DROP EVENT TRIGGER {}", id.quoted())]
    }

    fn disturbs(&self, _: &Self) -> bool {
        false
    }

    fn target(&self, id: &ObjectId) -> Option<String> {
        Some(format!("EVENT TRIGGER {}", id.quoted()))
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
