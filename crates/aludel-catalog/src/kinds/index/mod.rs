//! Indexes that no constraint owns.

mod online;

use crate::comparison::{Alteration, Clause, Comparison, Follow, Nature};
use crate::expression::is_stable;
use crate::grants::GrantTarget;
use crate::kind::Kind;
use crate::kinds::Marks;
use crate::kinds::index_storage::{self, IndexStorage, with_tablespace};
use crate::object_id::ObjectId;
use crate::online::{Online, Scene, Task};
use crate::row::{DecodeError, Fields};

/// An index.
#[derive(Clone, Debug)]
pub struct Index {
    /// `CREATE INDEX …`, as `pg_get_indexdef` writes it, with the tablespace.
    pub definition: String,
    /// The definition without what `storage` says.
    pub core: String,
    /// Its storage parameters and tablespace.
    pub storage: IndexStorage,
    /// Those of the partitioned index that it belongs to: what it is born with.
    pub parent_storage: Option<IndexStorage>,
    /// Whether it belongs to a partitioned parent's index.
    pub inherited: bool,
    /// What the table does with it.
    pub marks: Marks,
    /// Statistics targets of its expressions: column number and target.
    pub statistics: Vec<(String, String)>,
    /// Whether queries may use it; `false` is the debris of a failed CREATE INDEX CONCURRENTLY.
    pub valid: bool,
    /// The names of its own columns, where it is a copy.
    pub columns: Vec<String>,
}

fn pair(row: Vec<Option<String>>) -> Option<(String, String)> {
    let mut values = row.into_iter().flatten();
    Some((values.next()?, values.next()?))
}

impl Index {
    /// Returns the statements that set the statistics targets which `before` has not.
    fn statistics_sql(&self, before: &[(String, String)], id: &ObjectId) -> Vec<String> {
        // The copies on partitions say for themselves, and ALTER INDEX knows no ONLY.
        let alter = if self.definition.contains(" ON ONLY ") {
            "ALTER TABLE ONLY"
        } else {
            "ALTER INDEX"
        };
        let set = |number: &str, target: &str| {
            let index = id.qualified();
            format!("{alter} {index} ALTER COLUMN {number} SET STATISTICS {target}")
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
        let definition = "pg_catalog.pg_get_indexdef(ic.oid)";
        index_storage::complete(include_str!("query.sql"), definition)
    }

    fn listed_in() -> Option<&'static str> {
        None
    }

    fn decode(fields: &Fields<'_>) -> Result<Self, DecodeError> {
        let (definition, inherited) = (fields.text()?, fields.boolean()?);
        let marks = Marks {
            clustered: fields.boolean()?,
            replica_identity: fields.boolean()?,
        };
        let statistics = fields.table()?.into_iter().filter_map(pair).collect();
        let (valid, columns) = (fields.boolean()?, fields.list()?);
        // To write a definition costs PostgreSQL the most of all: once for each index is enough.
        let core = fields.optional().unwrap_or_else(|| definition.clone());
        let (storage, parent_storage) = index_storage::decode(fields)?;
        Ok(Self {
            definition: match &storage.tablespace {
                Some(tablespace) => with_tablespace(&definition, tablespace),
                None => definition,
            },
            core,
            storage,
            parent_storage,
            inherited,
            marks,
            statistics,
            valid,
            columns,
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
            definition: _,
            core,
            storage,
            parent_storage: _,
            inherited,
            marks,
            statistics,
            valid,
            columns: _,
        } = self;
        // What an inherited index is, its parent says; how it is kept is its own.
        if !(*inherited && desired.inherited) {
            if *core != desired.core {
                return Comparison::Recreate("the definition of an index cannot be changed");
            }
            if let Some(reason) = storage.rebuild_reason(&desired.storage) {
                return Comparison::Recreate(reason);
            }
            if !*valid && desired.valid {
                return Comparison::Recreate("the index is invalid");
            }
        }
        let mut attributes = marks.differences(desired.marks);
        attributes.extend(storage.differences(&desired.storage));
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
        // PostgreSQL makes the indexes on a column again by itself when the column's type changes, out of their text.
        if retyped && is_stable(&self.definition) {
            Follow::Keep
        } else {
            Follow::Recreate
        }
    }

    fn clause(&self, id: &ObjectId) -> Option<Clause> {
        // A partition's comes with its parent's, and like it.
        let born = self.parent_storage.as_ref().filter(|_| self.inherited)?;
        let mut then = born.change_sql(&self.storage, id);
        then.extend(self.marks.set_sql(Marks::default(), id));
        then.extend(self.statistics_sql(&[], id));
        (!then.is_empty()).then_some(Clause {
            place: u32::MAX,
            sql: String::new(),
            then,
            merges: None,
        })
    }

    fn create(&self, id: &ObjectId, _: &[String]) -> Vec<String> {
        // ONLY would leave the partitions without it.
        let mut sql = vec![self.definition.replacen(" ON ONLY ", " ON ", 1)];
        sql.extend(self.marks.set_sql(Marks::default(), id));
        sql.extend(self.statistics_sql(&[], id));
        sql
    }

    fn alter(&self, desired: &Self, id: &ObjectId) -> Alteration {
        let mut change = self.storage.change_sql(&desired.storage, id);
        change.extend(desired.marks.set_sql(self.marks, id));
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
