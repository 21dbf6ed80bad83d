//! What gets another name, before and after.

use std::fmt;

use aludel_catalog::identifier::quote;
use aludel_catalog::{Catalog, Member, ObjectId};

/// An object, or something that an object is made of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Subject {
    /// The object.
    pub id: ObjectId,
    /// What it is made of, when that is meant.
    pub member: Option<Member>,
}

/// A rename that applies: the names on the current side and on the desired one, with all that contains the subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rename {
    /// The subject before.
    pub old: Subject,
    /// The subject after.
    pub new: Subject,
}

/// Returns the renames that take these back.
pub fn reversed(renames: &[Rename]) -> Vec<Rename> {
    let turned = |rename: &Rename| Rename {
        old: rename.new.clone(),
        new: rename.old.clone(),
    };
    renames.iter().map(turned).collect()
}

impl Subject {
    /// Returns the subject that is a whole object.
    pub fn object(id: ObjectId) -> Self {
        Self { id, member: None }
    }

    /// Returns the kind in PostgreSQL's words.
    pub fn word(&self) -> &'static str {
        self.member
            .as_ref()
            .map_or(self.id.kind.name(), |member| member.word)
    }

    /// Returns its own name.
    pub fn name(&self) -> &str {
        self.member
            .as_ref()
            .map_or(&self.id.name, |member| &member.name)
    }

    /// Returns the whole name without the kind.
    pub fn path(&self) -> String {
        match &self.member {
            Some(member) => format!("{}.{}", self.id.path(), quote(&member.name)),
            None => self.id.path(),
        }
    }

    /// Returns the same under another name of its own.
    pub(super) fn named(&self, name: &str) -> Self {
        let mut renamed = self.clone();
        match &mut renamed.member {
            Some(member) => name.clone_into(&mut member.name),
            None => renamed.id = renamed.id.with_name(name),
        }
        renamed
    }

    /// Returns whether the catalog has it.
    pub(super) fn is_in(&self, catalog: &Catalog) -> bool {
        catalog.get(&self.id).is_some_and(|object| {
            self.member
                .as_ref()
                .is_none_or(|member| object.definition.members().contains(member))
        })
    }
}

impl fmt::Display for Subject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.word(), self.path())
    }
}

impl fmt::Display for Rename {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A new container is told where it is renamed itself.
        let moves = !self.old.id.is_part()
            && self.old.member.is_none()
            && self.old.id.schema != self.new.id.schema;
        if moves {
            return write!(f, "{} to {}", self.old, self.new.id.path());
        }
        write!(f, "{} to {}", self.old, quote(self.new.name()))
    }
}
