//! Primary key, unique, check and exclusion constraints. Foreign keys are a kind of their own: they come later.

use crate::comparison::{Alteration, Clause, Comparison, Follow, Nature};
use crate::grants::GrantTarget;
use crate::kind::Kind;
use crate::object_id::ObjectId;
use crate::row::{DecodeError, Fields};

/// A constraint of a table that stands by itself.
#[derive(Clone, Debug)]
pub struct Constraint {
    /// `p` primary key, `u` unique, `c` check, `x` exclusion.
    pub sort: char,
    /// The definition as `pg_get_constraintdef` writes it.
    pub definition: String,
    /// Whether it came from a parent table.
    pub inherited: bool,
    /// Whether CLUSTER uses its index.
    pub clustered: bool,
}

impl Kind for Constraint {
    fn query(_: u32) -> String {
        include_str!("query.sql").to_owned()
    }

    fn decode(fields: &Fields<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            sort: fields.letter()?,
            definition: fields.text()?,
            inherited: fields.boolean()?,
            clustered: fields.optional().as_deref() == Some("t"),
        })
    }

    fn depends_on(&self, _: &ObjectId) -> Vec<ObjectId> {
        Vec::new()
    }

    fn compare(&self, desired: &Self) -> Comparison {
        let Self {
            sort,
            definition,
            inherited,
            clustered,
        } = self;
        if *inherited && desired.inherited {
            return Comparison::Same;
        }
        let mut attributes = Vec::new();
        if (sort, definition) != (&desired.sort, &desired.definition) {
            if *definition != format!("{} NOT VALID", desired.definition) {
                return Comparison::Recreate("the definition of a constraint cannot be changed");
            }
            attributes.push("validated");
        }
        if *clustered != desired.clustered {
            attributes.push("clustered");
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

    fn follow(&self, _: &ObjectId, _: &ObjectId, retyped: bool) -> Follow {
        // PostgreSQL makes the constraints on a column again by itself when the column's type changes.
        if retyped {
            Follow::Keep
        } else {
            Follow::Recreate
        }
    }

    fn clause(&self, id: &ObjectId) -> Option<Clause> {
        let plain = matches!(self.sort, 'p' | 'u' | 'c')
            && !self.inherited
            && !self.clustered
            && !self.definition.ends_with(" NOT VALID");
        let place = match self.sort {
            'p' => 1 << 20,
            'u' => 2 << 20,
            _ => 3 << 20,
        };
        plain.then(|| Clause {
            place,
            sql: format!("CONSTRAINT {} {}", id.quoted(), self.definition),
            then: Vec::new(),
        })
    }

    fn create(&self, id: &ObjectId, _: &[String]) -> Vec<String> {
        let mut sql = vec![format!(
            "ALTER TABLE {} ADD CONSTRAINT {} {}",
            id.relation(),
            id.quoted(),
            self.definition
        )];
        if self.clustered {
            sql.push(format!(
                "ALTER TABLE {} CLUSTER ON {}",
                id.relation(),
                id.quoted()
            ));
        }
        sql
    }

    fn alter(&self, desired: &Self, id: &ObjectId) -> Alteration {
        let mut sql = Vec::new();
        if self.definition != desired.definition {
            sql.push(format!(
                "ALTER TABLE {} VALIDATE CONSTRAINT {}",
                id.relation(),
                id.quoted()
            ));
        }
        if self.clustered != desired.clustered {
            sql.push(if desired.clustered {
                format!("ALTER TABLE {} CLUSTER ON {}", id.relation(), id.quoted())
            } else {
                format!("ALTER TABLE {} SET WITHOUT CLUSTER", id.relation())
            });
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
}
