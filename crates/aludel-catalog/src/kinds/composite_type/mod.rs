//! Composite types, attribute by attribute.

use crate::comparison::{Alteration, Clause, Comparison, Follow, Nature};
use crate::grants::GrantTarget;
use crate::identifier::{literal, quote};
use crate::kind::Kind;
use crate::object_id::ObjectId;
use crate::online::{Online, Scene, Task};
use crate::renaming::Member;
use crate::row::{DecodeError, Fields};

/// A composite type.
#[derive(Clone, Debug)]
pub struct CompositeType {
    /// Its attributes in order.
    pub attributes: Vec<Attribute>,
}

/// One attribute of a composite type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// Its name.
    pub name: String,
    /// Its type, as PostgreSQL writes it.
    pub type_name: String,
    /// Its collation, when not the type's own.
    pub collation: Option<String>,
    /// Its comment.
    pub comment: Option<String>,
}

impl Attribute {
    fn sql(&self) -> String {
        let collation = self
            .collation
            .as_ref()
            .map(|name| format!(" COLLATE {name}"))
            .unwrap_or_default();
        format!("{} {}{collation}", quote(&self.name), self.type_name)
    }

    fn comment_sql(&self, id: &ObjectId) -> String {
        let comment = self
            .comment
            .as_ref()
            .map_or_else(|| "NULL".to_owned(), |text| literal(text));
        format!(
            "COMMENT ON COLUMN {}.{} IS {comment}",
            id.qualified(),
            quote(&self.name)
        )
    }
}

impl CompositeType {
    /// Returns the attributes as members.
    pub(crate) fn members(&self) -> Vec<Member> {
        let attribute = |one: &Attribute| Member::new("attribute", &one.name);
        self.attributes.iter().map(attribute).collect()
    }

    /// Returns the statement that gives an attribute another name. CASCADE is for typed tables, whose columns have it.
    pub(crate) fn rename_member_sql(id: &ObjectId, attribute: &str, name: &str) -> String {
        format!(
            "ALTER TYPE {} RENAME ATTRIBUTE {} TO {} CASCADE",
            id.qualified(),
            quote(attribute),
            quote(name)
        )
    }
}

impl Kind for CompositeType {
    fn query(_: u32) -> String {
        include_str!("query.sql").to_owned()
    }

    fn listed_in() -> Option<&'static str> {
        Some("pg_class WHERE relkind = 'c'")
    }

    fn decode(fields: &Fields<'_>) -> Result<Self, DecodeError> {
        let attributes = fields
            .table()?
            .into_iter()
            .map(|row| {
                let mut values = row.into_iter();
                let mut next = || values.next().flatten();
                Attribute {
                    name: next().unwrap_or_default(),
                    type_name: next().unwrap_or_default(),
                    collation: next(),
                    comment: next(),
                }
            })
            .collect();
        Ok(Self { attributes })
    }

    fn depends_on(&self, _: &ObjectId) -> Vec<ObjectId> {
        Vec::new()
    }

    fn untracked(&self) -> Option<&str> {
        None
    }

    fn compare(&self, desired: &Self) -> Comparison {
        let Self { attributes } = self;
        if *attributes == desired.attributes {
            return Comparison::Same;
        }
        // New attributes always go to the end, so those that stay must come first and in the same order.
        let names = |list: &[Attribute]| {
            list.iter()
                .map(|attribute| attribute.name.clone())
                .collect::<Vec<_>>()
        };
        let retyped = attributes.iter().any(|old| {
            desired.attributes.iter().any(|new| {
                new.name == old.name
                    && (&new.type_name, &new.collation) != (&old.type_name, &old.collation)
            })
        });
        if retyped {
            return Comparison::Recreate("an attribute of a type that columns may have is retyped");
        }
        let (old, new) = (names(attributes), names(&desired.attributes));
        let stay: Vec<&String> = old.iter().filter(|name| new.contains(name)).collect();
        if stay.iter().zip(&new).all(|(stay, new)| *stay == new) {
            Comparison::Alter(vec!["attributes"])
        } else {
            Comparison::Recreate("attributes of a composite type cannot be reordered")
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
        let attributes: Vec<String> = self
            .attributes
            .iter()
            .map(|attribute| format!("    {}", attribute.sql()))
            .collect();
        let mut sql = vec![format!(
            "CREATE TYPE {} AS (\n{}\n)",
            id.qualified(),
            attributes.join(",\n")
        )];
        sql.extend(
            self.attributes
                .iter()
                .filter(|attribute| attribute.comment.is_some())
                .map(|attribute| attribute.comment_sql(id)),
        );
        sql
    }

    fn alter(&self, desired: &Self, id: &ObjectId) -> Alteration {
        let name = id.qualified();
        let mut sql = Vec::new();
        for old in self
            .attributes
            .iter()
            .filter(|old| desired.attributes.iter().all(|new| new.name != old.name))
        {
            sql.push(format!(
                "ALTER TYPE {name} DROP ATTRIBUTE {}",
                quote(&old.name)
            ));
        }
        for new in &desired.attributes {
            match self.attributes.iter().find(|old| old.name == new.name) {
                None => sql.push(format!("ALTER TYPE {name} ADD ATTRIBUTE {}", new.sql())),
                Some(old)
                    if (&old.type_name, &old.collation) != (&new.type_name, &new.collation) =>
                {
                    let collation = new
                        .collation
                        .as_ref()
                        .map(|name| format!(" COLLATE {name}"))
                        .unwrap_or_default();
                    let attribute = quote(&new.name);
                    sql.push(format!(
                        "ALTER TYPE {name} ALTER ATTRIBUTE {attribute} TYPE {}{collation}",
                        new.type_name
                    ));
                }
                Some(_) => {}
            }
            let old = self
                .attributes
                .iter()
                .find(|old| old.name == new.name)
                .and_then(|old| old.comment.as_ref());
            if old != new.comment.as_ref() {
                sql.push(new.comment_sql(id));
            }
        }
        sql.into()
    }

    fn drop(&self, id: &ObjectId) -> Vec<String> {
        vec![format!("DROP TYPE {}", id.qualified())]
    }

    fn disturbs(&self, desired: &Self) -> bool {
        let bare = |list: &[Attribute]| {
            list.iter()
                .map(|one| {
                    (
                        one.name.clone(),
                        one.type_name.clone(),
                        one.collation.clone(),
                    )
                })
                .collect::<Vec<_>>()
        };
        bare(&self.attributes) != bare(&desired.attributes)
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
