//! How objects, and what they are made of, get other names and other schemas.

use crate::identifier::quote;
use crate::kind::{Definition, ObjectKind};
use crate::kinds::Standing;
use crate::kinds::composite_type::CompositeType;
use crate::kinds::domain::Domain;
use crate::kinds::enum_type::EnumType;
use crate::kinds::range_type::RangeType;
use crate::object_id::ObjectId;

/// Something inside an object that has a name of its own and is no object: an enum's value, an attribute.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Member {
    /// What it is, in PostgreSQL's words.
    pub word: &'static str,
    /// Its name.
    pub name: String,
}

/// How ALTER gives an object another name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Renaming {
    /// PostgreSQL has no statement for it.
    Never,
    /// Only its schema can be another.
    Moves,
    /// The object itself.
    Itself,
    /// As a column of its relation.
    Column,
    /// As a constraint of its table.
    Constraint,
}

impl Member {
    /// Makes one.
    pub fn new(word: &'static str, name: impl Into<String>) -> Self {
        Self {
            word,
            name: name.into(),
        }
    }
}

impl ObjectKind {
    /// Returns how an object of this kind gets another name.
    pub const fn renaming(self) -> Renaming {
        match self {
            Self::Extension
            | Self::DefaultPrivileges
            | Self::UserMapping
            | Self::SequenceOwner
            | Self::ShellType
            | Self::AccessMethod
            | Self::Cast
            | Self::Transform => Renaming::Never,
            Self::Operator => Renaming::Moves,
            Self::Column => Renaming::Column,
            Self::Constraint | Self::ForeignKey => Renaming::Constraint,
            _ => Renaming::Itself,
        }
    }
}

impl Definition {
    /// Returns the statements that give the object another name; none where PostgreSQL has none.
    pub fn rename_sql(&self, id: &ObjectId, name: &str) -> Vec<String> {
        let new = quote(name);
        let own = match id.kind.renaming() {
            Renaming::Never | Renaming::Moves => None,
            Renaming::Itself => self
                .target(id)
                .map(|target| format!("ALTER {target} RENAME TO {new}")),
            Renaming::Column => Some(part_sql(id, "COLUMN", &new)),
            Renaming::Constraint => Some(part_sql(id, "CONSTRAINT", &new)),
        };
        let mut sql: Vec<String> = own.into_iter().collect();
        if let Self::RangeType(own) = self {
            sql.extend(own.rename_constructors_sql(id, name));
        }
        sql
    }

    /// Returns whether the object's name is its own: an inherited column is called what the parent's is called, a
    /// constructor what its type is called.
    pub fn has_own_name(&self) -> bool {
        match self {
            Self::Column(column) => column.standing == Standing::Own,
            Self::Routine(routine) => !routine.constructs,
            Self::Constraint(constraint) => {
                !(constraint.standing == Standing::Inherited && constraint.sort == 'c')
            }
            _ => true,
        }
    }

    /// Returns the statement that moves the object to another schema; `None` for what moves with something else or
    /// stands in no schema.
    pub fn move_sql(&self, id: &ObjectId, schema: &str) -> Option<String> {
        if id.is_part() || id.schema.is_empty() || id.kind.renaming() == Renaming::Never {
            return None;
        }
        Some(format!(
            "ALTER {} SET SCHEMA {}",
            self.target(id)?,
            quote(schema)
        ))
    }

    /// Returns what the object is made of that has names and can be renamed by itself.
    pub fn members(&self) -> Vec<Member> {
        match self {
            Self::EnumType(own) => own.members(),
            Self::CompositeType(own) => own.members(),
            Self::Domain(own) => own.members(),
            Self::RangeType(own) => own.members(),
            _ => Vec::new(),
        }
    }

    /// Returns the members whose names PostgreSQL may have made from the object's, with the names that `desired` has for
    /// the same.
    pub fn following_members(&self, desired: &Self) -> Vec<(Member, Member)> {
        match (self, desired) {
            (Self::Domain(own), Self::Domain(desired)) => own.following_members(desired),
            (Self::RangeType(own), Self::RangeType(desired)) => own.following_members(desired),
            _ => Vec::new(),
        }
    }

    /// Returns the statements that give one of the members another name.
    pub fn rename_member_sql(&self, id: &ObjectId, member: &Member, name: &str) -> Vec<String> {
        match self {
            Self::EnumType(_) => vec![EnumType::rename_member_sql(id, &member.name, name)],
            Self::CompositeType(_) => {
                vec![CompositeType::rename_member_sql(id, &member.name, name)]
            }
            Self::Domain(_) => vec![Domain::rename_member_sql(id, &member.name, name)],
            Self::RangeType(_) => RangeType::rename_member_sql(id, &member.name, name),
            _ => Vec::new(),
        }
    }
}

fn part_sql(id: &ObjectId, word: &str, new: &str) -> String {
    format!(
        "ALTER TABLE {} RENAME {word} {} TO {new}",
        id.relation(),
        id.quoted()
    )
}
