//! Operator families and their loose members; what a class holds is the class's.

use crate::comparison::{Alteration, Clause, Comparison, Follow, Nature};
use crate::grants::GrantTarget;
use crate::kind::{Kind, ObjectKind};
use crate::kinds::family_members::{Member, using, with_members};
use crate::object_id::ObjectId;
use crate::online::{Online, Scene, Task};
use crate::row::{DecodeError, Fields};

/// An operator family.
#[derive(Clone, Debug)]
pub struct OperatorFamily {
    /// The members that no class holds.
    pub members: Vec<Member>,
}

fn add_sql(members: &[&Member], id: &ObjectId) -> Option<String> {
    let items: Vec<String> = members.iter().map(|member| member.sql()).collect();
    list_sql("ADD", &items, id)
}

fn drop_sql(members: &[&Member], id: &ObjectId) -> Option<String> {
    let items: Vec<String> = members.iter().map(|member| member.place()).collect();
    list_sql("DROP", &items, id)
}

fn list_sql(verb: &str, items: &[String], id: &ObjectId) -> Option<String> {
    (!items.is_empty()).then(|| {
        format!(
            "ALTER OPERATOR FAMILY {} {verb}\n    {}",
            using(id),
            items.join(",\n    ")
        )
    })
}

impl Kind for OperatorFamily {
    fn query(_: u32) -> String {
        with_members(include_str!("query.sql"), 2753)
    }

    fn listed_in() -> Option<&'static str> {
        Some("pg_opfamily WHERE oid >= 16384")
    }

    fn decode(fields: &Fields<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            members: Member::decode(fields)?,
        })
    }

    fn depends_on(&self, _: &ObjectId) -> Vec<ObjectId> {
        Vec::new()
    }

    fn untracked(&self) -> Option<&str> {
        None
    }

    fn compare(&self, desired: &Self) -> Comparison {
        let Self { members } = self;
        Comparison::of(if *members == desired.members {
            Vec::new()
        } else {
            vec!["members"]
        })
    }

    fn nature(&self) -> Nature {
        Nature::Hanger
    }

    fn follow(&self, id: &ObjectId, dependency: &ObjectId, _: bool) -> Follow {
        if dependency.kind == ObjectKind::AccessMethod {
            return Follow::Recreate;
        }
        let members = self.members.iter();
        let with: Vec<&Member> = members.filter(|one| one.needs(dependency)).collect();
        Follow::Release {
            before: drop_sql(&with, id).into_iter().collect(),
            after: add_sql(&with, id).into_iter().collect(),
        }
    }

    fn clause(&self, _: &ObjectId) -> Option<Clause> {
        None
    }

    fn create(&self, id: &ObjectId, _: &[String]) -> Vec<String> {
        let make = format!("CREATE OPERATOR FAMILY {}", using(id));
        let members: Vec<&Member> = self.members.iter().collect();
        std::iter::once(make).chain(add_sql(&members, id)).collect()
    }

    fn alter(&self, desired: &Self, id: &ObjectId) -> Alteration {
        let without = |list: &[Member], one: &&Member| !list.contains(one);
        let gone: Vec<&Member> = self
            .members
            .iter()
            .filter(|one| without(&desired.members, one))
            .collect();
        let new: Vec<&Member> = desired
            .members
            .iter()
            .filter(|one| without(&self.members, one))
            .collect();
        let statements = drop_sql(&gone, id).into_iter().chain(add_sql(&new, id));
        statements.collect::<Vec<_>>().into()
    }

    fn drop(&self, id: &ObjectId) -> Vec<String> {
        vec![format!("DROP OPERATOR FAMILY {}", using(id))]
    }

    fn disturbs(&self, _: &Self) -> bool {
        false
    }

    fn target(&self, id: &ObjectId) -> Option<String> {
        Some(format!("OPERATOR FAMILY {}", using(id)))
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
