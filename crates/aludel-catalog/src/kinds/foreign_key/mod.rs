//! Foreign keys. They are made after every table and key, so that tables may refer to each other.

mod online;

use crate::comparison::{Alteration, Clause, Comparison, Follow, Nature};
use crate::grants::GrantTarget;
use crate::kind::Kind;
use crate::kinds::validate_sql;
use crate::object_id::ObjectId;
use crate::online::{Online, Scene, Task};
use crate::row::{DecodeError, Fields};

/// A foreign key.
#[derive(Clone, Debug)]
pub struct ForeignKey {
    /// The definition as `pg_get_constraintdef` writes it.
    pub definition: String,
    /// Whether it came from a partitioned parent.
    pub inherited: bool,
    /// The table it refers to: schema and name.
    pub references: (String, String),
}

/// Takes the words about deferring and validity off the end of a definition.
fn core(definition: &str) -> &str {
    let mut core = definition;
    for word in [" NOT VALID", " INITIALLY DEFERRED", " DEFERRABLE"] {
        core = core.strip_suffix(word).unwrap_or(core);
    }
    core
}

fn deferral(definition: &str) -> &'static str {
    let definition = definition.strip_suffix(" NOT VALID").unwrap_or(definition);
    if definition.ends_with(" DEFERRABLE INITIALLY DEFERRED") {
        "DEFERRABLE INITIALLY DEFERRED"
    } else if definition.ends_with(" DEFERRABLE") {
        "DEFERRABLE INITIALLY IMMEDIATE"
    } else {
        "NOT DEFERRABLE"
    }
}

impl Kind for ForeignKey {
    fn query(_: u32) -> String {
        include_str!("query.sql").to_owned()
    }

    fn listed_in() -> Option<&'static str> {
        None
    }

    fn decode(fields: &Fields<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            definition: fields.text()?,
            inherited: fields.boolean()?,
            references: (fields.text()?, fields.text()?),
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
            inherited,
            references,
        } = self;
        if *inherited && desired.inherited || *definition == desired.definition {
            return Comparison::Same;
        }
        if *references != desired.references || core(definition) != core(&desired.definition) {
            return Comparison::Recreate("the definition of a foreign key cannot be changed");
        }
        if desired.definition.ends_with(" NOT VALID") && !definition.ends_with(" NOT VALID") {
            return Comparison::Recreate("a foreign key cannot be made not valid again");
        }
        let mut attributes = Vec::new();
        if deferral(definition) != deferral(&desired.definition) {
            attributes.push("deferrable");
        }
        if definition.ends_with(" NOT VALID") && !desired.definition.ends_with(" NOT VALID") {
            attributes.push("validated");
        }
        Comparison::of(attributes)
    }

    fn nature(&self) -> Nature {
        if self.inherited {
            Nature::Implicit
        } else {
            Nature::Hanger
        }
    }

    fn follow(&self, _: &ObjectId, _: &ObjectId, _: bool) -> Follow {
        // Also when a column's type changes: between two such changes the types may not be comparable.
        Follow::Recreate
    }

    fn clause(&self, _: &ObjectId) -> Option<Clause> {
        None
    }

    fn create(&self, id: &ObjectId, _: &[String]) -> Vec<String> {
        vec![format!(
            "ALTER TABLE {} ADD CONSTRAINT {} {}",
            id.relation(),
            id.quoted(),
            self.definition
        )]
    }

    fn alter(&self, desired: &Self, id: &ObjectId) -> Alteration {
        let (table, name) = (id.relation(), id.quoted());
        let mut sql = Vec::new();
        if deferral(&self.definition) != deferral(&desired.definition) {
            sql.push(format!(
                "ALTER TABLE {table} ALTER CONSTRAINT {name} {}",
                deferral(&desired.definition)
            ));
        }
        if self.definition.ends_with(" NOT VALID") && !desired.definition.ends_with(" NOT VALID") {
            sql.push(validate_sql(id));
        }
        sql.into()
    }

    fn drop(&self, id: &ObjectId) -> Vec<String> {
        vec![format!(
            "ALTER TABLE {} DROP CONSTRAINT {}",
            id.relation(),
            id.quoted()
        )]
    }

    fn disturbs(&self, _: &Self) -> bool {
        false
    }

    fn target(&self, id: &ObjectId) -> Option<String> {
        Some(format!("CONSTRAINT {} ON {}", id.quoted(), id.relation()))
    }

    fn hosts(&self, _: &ObjectId) -> Vec<ObjectId> {
        Vec::new()
    }

    fn grant_target(&self, _: &ObjectId) -> Option<GrantTarget> {
        None
    }

    fn online(&self, id: &ObjectId, task: Task<'_, Self>, scene: &Scene<'_>) -> Option<Online> {
        self.online_form(id, task, scene)
    }
}
