//! Extended statistics. They go with their table by themselves.

use crate::comparison::{Alteration, Clause, Comparison, Follow, Nature};
use crate::grants::GrantTarget;
use crate::kind::{Kind, ObjectKind};
use crate::object_id::ObjectId;
use crate::online::{Online, Scene, Task};
use crate::row::{DecodeError, Fields};

/// A statistics object.
#[derive(Clone, Debug)]
pub struct Statistics {
    /// `CREATE STATISTICS …`, as `pg_get_statisticsobjdef` writes it.
    pub definition: String,
    /// The statistics target, when set.
    pub target: Option<i32>,
    /// The table: schema and name.
    pub table: (String, String),
}

/// Returns a definition's words sorted: the order of the columns is the table's, and means nothing.
fn order_free(definition: &str) -> Vec<&str> {
    let mut words: Vec<&str> = definition
        .split(' ')
        .map(|word| word.trim_end_matches(','))
        .collect();
    words.sort_unstable();
    words
}

impl Statistics {
    fn target_sql(&self, id: &ObjectId) -> String {
        let target = self.target.unwrap_or(-1);
        format!(
            "ALTER STATISTICS {} SET STATISTICS {target}",
            id.qualified()
        )
    }
}

impl Kind for Statistics {
    fn query(_: u32) -> String {
        include_str!("query.sql").to_owned()
    }

    fn listed_in() -> Option<&'static str> {
        Some("pg_statistic_ext")
    }

    fn decode(fields: &Fields<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            definition: fields.text()?,
            target: fields.optional_number()?,
            table: (fields.text()?, fields.text()?),
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
            target,
            table: _,
        } = self;
        if order_free(definition) != order_free(&desired.definition) {
            return Comparison::Recreate("the definition of statistics cannot be changed");
        }
        Comparison::of(if *target == desired.target {
            Vec::new()
        } else {
            vec!["target"]
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
        let mut sql = vec![self.definition.clone()];
        sql.extend(self.target.map(|_| self.target_sql(id)));
        sql
    }

    fn alter(&self, desired: &Self, id: &ObjectId) -> Alteration {
        vec![desired.target_sql(id)].into()
    }

    fn drop(&self, id: &ObjectId) -> Vec<String> {
        vec![format!("DROP STATISTICS {}", id.qualified())]
    }

    fn disturbs(&self, _: &Self) -> bool {
        false
    }

    fn target(&self, id: &ObjectId) -> Option<String> {
        Some(format!("STATISTICS {}", id.qualified()))
    }

    fn hosts(&self, _: &ObjectId) -> Vec<ObjectId> {
        vec![ObjectId::new(
            ObjectKind::Table,
            &self.table.0,
            &self.table.1,
        )]
    }

    fn grant_target(&self, _: &ObjectId) -> Option<GrantTarget> {
        None
    }

    fn online(&self, _: &ObjectId, _: Task<'_, Self>, _: &Scene<'_>) -> Option<Online> {
        None
    }
}
