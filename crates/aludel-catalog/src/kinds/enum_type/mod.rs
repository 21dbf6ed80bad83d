//! Enum types. Values are added in place; anything else makes the type again and moves its columns over.

use crate::comparison::{Alteration, Clause, Comparison, Follow, Nature};
use crate::grants::GrantTarget;
use crate::identifier::literal;
use crate::kind::Kind;
use crate::object_id::ObjectId;
use crate::online::{Online, Scene, Task};
use crate::renaming::Member;
use crate::row::{DecodeError, Fields};

/// An enum type.
#[derive(Clone, Debug)]
pub struct EnumType {
    /// The values in order.
    pub labels: Vec<String>,
}

impl EnumType {
    /// Returns the values as members.
    pub(crate) fn members(&self) -> Vec<Member> {
        let value = |label| Member::new("enum value", label);
        self.labels.iter().map(value).collect()
    }

    /// Returns the statement that gives a value another name.
    pub(crate) fn rename_member_sql(id: &ObjectId, value: &str, name: &str) -> String {
        format!(
            "ALTER TYPE {} RENAME VALUE {} TO {}",
            id.qualified(),
            literal(value),
            literal(name)
        )
    }
}

impl Kind for EnumType {
    fn query(_: u32) -> String {
        include_str!("query.sql").to_owned()
    }

    fn listed_in() -> Option<&'static str> {
        None
    }

    fn decode(fields: &Fields<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            labels: fields.list()?,
        })
    }

    fn depends_on(&self, _: &ObjectId) -> Vec<ObjectId> {
        Vec::new()
    }

    fn untracked(&self) -> Option<&str> {
        None
    }

    fn compare(&self, desired: &Self) -> Comparison {
        let Self { labels } = self;
        if *labels == desired.labels {
            return Comparison::Same;
        }
        let kept: Vec<&String> = desired
            .labels
            .iter()
            .filter(|label| labels.contains(label))
            .collect();
        if kept.len() == labels.len() && kept.iter().zip(labels).all(|(kept, label)| *kept == label)
        {
            Comparison::Alter(vec!["values"])
        } else {
            Comparison::Recreate(
                "values of an enum can be added in place, but not removed or reordered",
            )
        }
    }

    fn nature(&self) -> Nature {
        Nature::Type
    }

    fn follow(&self, _: &ObjectId, _: &ObjectId, _: bool) -> Follow {
        Follow::Recreate
    }

    fn clause(&self, _: &ObjectId) -> Option<Clause> {
        None
    }

    fn create(&self, id: &ObjectId, _: &[String]) -> Vec<String> {
        let labels: Vec<String> = self.labels.iter().map(|label| literal(label)).collect();
        vec![format!(
            "CREATE TYPE {} AS ENUM ({})",
            id.qualified(),
            labels.join(", ")
        )]
    }

    fn alter(&self, desired: &Self, id: &ObjectId) -> Alteration {
        let mut sql = Vec::new();
        for (place, label) in desired
            .labels
            .iter()
            .enumerate()
            .filter(|(_, label)| !self.labels.contains(label))
        {
            // Values are added from the first to the last, so the one before stands already.
            let next = desired.labels[place + 1..]
                .iter()
                .find(|later| self.labels.contains(later));
            let position = match (place.checked_sub(1), next) {
                (_, None) => String::new(),
                (Some(before), Some(_)) => format!(" AFTER {}", literal(&desired.labels[before])),
                (None, Some(next)) => format!(" BEFORE {}", literal(next)),
            };
            sql.push(format!(
                "ALTER TYPE {} ADD VALUE {}{position}",
                id.qualified(),
                literal(label)
            ));
        }
        sql.into()
    }

    fn drop(&self, id: &ObjectId) -> Vec<String> {
        vec![format!("DROP TYPE {}", id.qualified())]
    }

    fn disturbs(&self, _: &Self) -> bool {
        false
    }

    fn target(&self, id: &ObjectId) -> Option<String> {
        Some(format!("TYPE {}", id.qualified()))
    }

    fn hosts(&self, _: &ObjectId) -> Vec<ObjectId> {
        Vec::new()
    }

    fn grant_target(&self, id: &ObjectId) -> Option<GrantTarget> {
        Some(GrantTarget {
            object: format!("TYPE {}", id.qualified()),
            column: None,
        })
    }

    fn online(&self, _: &ObjectId, _: Task<'_, Self>, _: &Scene<'_>) -> Option<Online> {
        None
    }
}
