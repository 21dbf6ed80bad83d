//! Indexes that no constraint owns.

use crate::comparison::{Alteration, Clause, Comparison, Follow, Nature};
use crate::grants::GrantTarget;
use crate::kind::Kind;
use crate::object_id::ObjectId;
use crate::row::{DecodeError, Fields};

/// An index.
#[derive(Clone, Debug)]
pub struct Index {
    /// `CREATE INDEX …`, as `pg_get_indexdef` writes it.
    pub definition: String,
    /// Whether it belongs to a partitioned parent's index.
    pub inherited: bool,
    /// Whether CLUSTER uses it.
    pub clustered: bool,
    /// Whether queries may use it; `false` is the debris of a failed CREATE INDEX CONCURRENTLY.
    pub valid: bool,
}

impl Kind for Index {
    fn query(_: u32) -> String {
        include_str!("query.sql").to_owned()
    }

    fn decode(fields: &Fields<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            definition: fields.text()?,
            inherited: fields.boolean()?,
            clustered: fields.boolean()?,
            valid: fields.boolean()?,
        })
    }

    fn depends_on(&self, _: &ObjectId) -> Vec<ObjectId> {
        Vec::new()
    }

    fn compare(&self, desired: &Self) -> Comparison {
        let Self {
            definition,
            inherited,
            clustered,
            valid,
        } = self;
        if *inherited && desired.inherited {
            return Comparison::Same;
        }
        if *definition != desired.definition {
            return Comparison::Recreate("the definition of an index cannot be changed");
        }
        if !*valid && desired.valid {
            return Comparison::Recreate("the index is invalid");
        }
        Comparison::of(if *clustered == desired.clustered {
            Vec::new()
        } else {
            vec!["clustered"]
        })
    }

    fn nature(&self) -> Nature {
        if self.inherited {
            Nature::Implicit
        } else {
            Nature::Hanger
        }
    }

    fn follow(&self, _: &ObjectId, _: &ObjectId, retyped: bool) -> Follow {
        // PostgreSQL makes the indexes on a column again by itself when the column's type changes.
        if retyped {
            Follow::Keep
        } else {
            Follow::Recreate
        }
    }

    fn clause(&self, _: &ObjectId) -> Option<Clause> {
        None
    }

    fn create(&self, id: &ObjectId, _: &[String]) -> Vec<String> {
        // ONLY would leave the partitions without it.
        let mut sql = vec![self.definition.replacen(" ON ONLY ", " ON ", 1)];
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
        vec![if desired.clustered {
            format!("ALTER TABLE {} CLUSTER ON {}", id.relation(), id.quoted())
        } else {
            format!("ALTER TABLE {} SET WITHOUT CLUSTER", id.relation())
        }]
        .into()
    }

    fn drop(&self, id: &ObjectId) -> Vec<String> {
        vec![format!("DROP INDEX {}", id.qualified())]
    }

    fn disturbs(&self, _: &Self) -> bool {
        false
    }

    fn target(&self, id: &ObjectId) -> Option<String> {
        Some(format!("INDEX {}", id.qualified()))
    }

    fn hosts(&self, _: &ObjectId) -> Vec<ObjectId> {
        Vec::new()
    }

    fn grant_target(&self, _: &ObjectId) -> Option<GrantTarget> {
        None
    }
}
