//! Which column a sequence belongs to (OWNED BY), so that it goes when the column goes.

use crate::comparison::{Alteration, Clause, Comparison, Follow, Nature};
use crate::grants::GrantTarget;
use crate::identifier::{qualified, quote};
use crate::kind::Kind;
use crate::kind::ObjectKind;
use crate::object_id::ObjectId;
use crate::online::{Online, Scene, Task};
use crate::row::{DecodeError, Fields};

/// The column that owns the sequence of the same name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SequenceOwner {
    /// The table's schema.
    pub schema: String,
    /// The table.
    pub table: String,
    /// The column.
    pub column: String,
}

impl SequenceOwner {
    fn sql(&self, id: &ObjectId) -> Vec<String> {
        let column = format!(
            "{}.{}",
            qualified(&self.schema, &self.table),
            quote(&self.column)
        );
        vec![format!(
            "ALTER SEQUENCE {} OWNED BY {column}",
            id.qualified()
        )]
    }
}

impl Kind for SequenceOwner {
    fn query(_: u32) -> String {
        include_str!("query.sql").to_owned()
    }

    fn listed_in() -> Option<&'static str> {
        None
    }

    fn decode(fields: &Fields<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            schema: fields.text()?,
            table: fields.text()?,
            column: fields.text()?,
        })
    }

    fn depends_on(&self, id: &ObjectId) -> Vec<ObjectId> {
        vec![
            ObjectId::new(ObjectKind::Sequence, &id.schema, &id.name),
            ObjectId::new(ObjectKind::Table, &self.schema, &self.table),
            ObjectId::part(ObjectKind::Column, &self.schema, &self.table, &self.column),
        ]
    }

    fn untracked(&self) -> Option<&str> {
        None
    }

    fn compare(&self, desired: &Self) -> Comparison {
        Comparison::of(if self == desired {
            Vec::new()
        } else {
            vec!["owner"]
        })
    }

    fn nature(&self) -> Nature {
        Nature::Hanger
    }

    fn follow(&self, _: &ObjectId, _: &ObjectId, retyped: bool) -> Follow {
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
        self.sql(id)
    }

    fn alter(&self, desired: &Self, id: &ObjectId) -> Alteration {
        desired.sql(id).into()
    }

    fn drop(&self, id: &ObjectId) -> Vec<String> {
        vec![format!("ALTER SEQUENCE {} OWNED BY NONE", id.qualified())]
    }

    fn disturbs(&self, _: &Self) -> bool {
        false
    }

    fn target(&self, _: &ObjectId) -> Option<String> {
        None
    }

    fn hosts(&self, id: &ObjectId) -> Vec<ObjectId> {
        vec![ObjectId::new(ObjectKind::Sequence, &id.schema, &id.name)]
    }

    fn grant_target(&self, _: &ObjectId) -> Option<GrantTarget> {
        None
    }

    fn online(&self, _: &ObjectId, _: Task<'_, Self>, _: &Scene<'_>) -> Option<Online> {
        None
    }
}
