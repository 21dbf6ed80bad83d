//! Indexes that no constraint owns.

mod online;

use crate::comparison::{Alteration, Clause, Comparison, Follow, Nature};
use crate::grants::GrantTarget;
use crate::kind::Kind;
use crate::kinds::Marks;
use crate::object_id::ObjectId;
use crate::online::{Online, Scene, Task};
use crate::row::{DecodeError, Fields};

/// An index.
#[derive(Clone, Debug)]
pub struct Index {
    /// `CREATE INDEX …`, as `pg_get_indexdef` writes it.
    pub definition: String,
    /// Whether it belongs to a partitioned parent's index.
    pub inherited: bool,
    /// What the table does with it.
    pub marks: Marks,
    /// Statistics targets of its expressions: column number and target.
    pub statistics: Vec<(String, String)>,
    /// Whether queries may use it; `false` is the debris of a failed CREATE INDEX CONCURRENTLY.
    pub valid: bool,
}

fn pair(row: Vec<Option<String>>) -> Option<(String, String)> {
    let mut values = row.into_iter().flatten();
    Some((values.next()?, values.next()?))
}

impl Index {
    /// Returns the statements that set the statistics targets which `before` has not.
    fn statistics_sql(&self, before: &[(String, String)], id: &ObjectId) -> Vec<String> {
        let set = |number: &str, target: &str| {
            let index = id.qualified();
            format!("ALTER INDEX {index} ALTER COLUMN {number} SET STATISTICS {target}")
        };
        let gone = before
            .iter()
            .filter(|(number, _)| self.statistics.iter().all(|(kept, _)| kept != number))
            .map(|(number, _)| set(number, "-1"));
        let new = self
            .statistics
            .iter()
            .filter(|one| !before.contains(one))
            .map(|(number, target)| set(number, target));
        gone.chain(new).collect()
    }
}

impl Kind for Index {
    fn query(_: u32) -> String {
        include_str!("query.sql").to_owned()
    }

    fn decode(fields: &Fields<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            definition: fields.text()?,
            inherited: fields.boolean()?,
            marks: Marks {
                clustered: fields.boolean()?,
                replica_identity: fields.boolean()?,
            },
            statistics: fields.table()?.into_iter().filter_map(pair).collect(),
            valid: fields.boolean()?,
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
            marks,
            statistics,
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
        let mut attributes = marks.differences(desired.marks);
        if *statistics != desired.statistics {
            attributes.push("statistics targets");
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
        sql.extend(self.marks.set_sql(Marks::default(), id));
        sql.extend(self.statistics_sql(&[], id));
        sql
    }

    fn alter(&self, desired: &Self, id: &ObjectId) -> Alteration {
        let mut change = desired.marks.set_sql(self.marks, id);
        change.extend(desired.statistics_sql(&self.statistics, id));
        Alteration {
            first: self.marks.clear_sql(desired.marks, id),
            change,
            last: Vec::new(),
        }
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

    fn online(&self, id: &ObjectId, task: Task<'_, Self>, scene: &Scene<'_>) -> Option<Online> {
        self.online_form(id, task, scene)
    }
}
