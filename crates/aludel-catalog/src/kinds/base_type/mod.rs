//! Base types. One cannot stand beside its old form (its functions know it by name), so columns of it wait as text.

use crate::comparison::{Alteration, Clause, Comparison, Follow, Nature};
use crate::grants::GrantTarget;
use crate::kind::{Kind, ObjectKind};
use crate::kinds::storage_word;
use crate::object_id::ObjectId;
use crate::online::{Online, Scene, Task};
use crate::row::{DecodeError, Fields};

/// A base type.
#[derive(Clone, Debug)]
pub struct BaseType {
    /// What of CREATE TYPE nothing changes, as `NAME = value` items.
    pub items: Vec<String>,
    /// Where long values go: `p` plain, `e` external, `x` extended, `m` main.
    pub storage: char,
    /// The functions that ALTER TYPE can exchange: the option's name and the function.
    pub functions: Vec<(String, String)>,
}

impl BaseType {
    /// Returns the items that exchange the functions of `self` for those of `desired`.
    fn exchanges(&self, desired: &Self) -> Vec<String> {
        let find =
            |list: &[(String, String)], name: &str| list.iter().any(|(option, _)| option == name);
        let gone = self
            .functions
            .iter()
            .filter(|(name, _)| !find(&desired.functions, name));
        let new = desired
            .functions
            .iter()
            .filter(|one| !self.functions.contains(one));
        gone.map(|(name, _)| format!("{name} = NONE"))
            .chain(new.map(|(name, function)| format!("{name} = {function}")))
            .collect()
    }

    /// Returns it without those functions that ALTER TYPE can exchange and that are called so.
    fn without(&self, function: &str) -> Self {
        let mut other = self.clone();
        other.functions.retain(|(_, name)| name != function);
        other
    }

    fn set_sql(items: &[String], id: &ObjectId) -> Vec<String> {
        let sql = format!("ALTER TYPE {} SET ({})", id.qualified(), items.join(", "));
        (!items.is_empty()).then_some(sql).into_iter().collect()
    }
}

impl Kind for BaseType {
    fn query(_: u32) -> String {
        include_str!("query.sql").to_owned()
    }

    fn listed_in() -> Option<&'static str> {
        None
    }

    fn decode(fields: &Fields<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            items: fields.list()?,
            storage: fields.letter()?,
            functions: fields
                .table()?
                .into_iter()
                .filter_map(|row| {
                    let mut values = row.into_iter().flatten();
                    Some((values.next()?, values.next()?))
                })
                .collect(),
        })
    }

    fn depends_on(&self, id: &ObjectId) -> Vec<ObjectId> {
        vec![id.with_kind(ObjectKind::ShellType)]
    }

    fn untracked(&self) -> Option<&str> {
        None
    }

    fn compare(&self, desired: &Self) -> Comparison {
        let Self {
            items,
            storage,
            functions,
        } = self;
        if *items != desired.items {
            return Comparison::Recreate("the definition of a base type cannot be changed");
        }
        if *storage != desired.storage && desired.storage == 'p' {
            return Comparison::Recreate("values that may stand elsewhere cannot be made plain");
        }
        let mut attributes = Vec::new();
        if *storage != desired.storage {
            attributes.push("storage");
        }
        if *functions != desired.functions {
            attributes.push("functions");
        }
        Comparison::of(attributes)
    }

    fn nature(&self) -> Nature {
        Nature::Hanger
    }

    fn follow(&self, id: &ObjectId, dependency: &ObjectId, _: bool) -> Follow {
        let rest = self.without(&dependency.qualified());
        // What it reads and writes its text with cannot be taken away from it.
        let is_needed = self
            .items
            .iter()
            .any(|item| item.ends_with(&format!("PUT = {}", dependency.qualified())));
        if dependency.kind != ObjectKind::Routine || is_needed {
            return Follow::Recreate;
        }
        Follow::Release {
            before: Self::set_sql(&self.exchanges(&rest), id),
            after: Self::set_sql(&rest.exchanges(self), id),
        }
    }

    fn clause(&self, _: &ObjectId) -> Option<Clause> {
        None
    }

    fn create(&self, id: &ObjectId, _: &[String]) -> Vec<String> {
        let functions = self.functions.iter();
        let functions = functions.map(|(name, function)| format!("{name} = {function}"));
        let mut items: Vec<String> = self.items.iter().cloned().chain(functions).collect();
        items.push(format!("STORAGE = {}", storage_word(self.storage)));
        vec![format!(
            "CREATE TYPE {} (\n    {}\n)",
            id.qualified(),
            items.join(",\n    ")
        )]
    }

    fn alter(&self, desired: &Self, id: &ObjectId) -> Alteration {
        let mut items = self.exchanges(desired);
        if self.storage != desired.storage {
            items.push(format!("STORAGE = {}", storage_word(desired.storage)));
        }
        Self::set_sql(&items, id).into()
    }

    fn drop(&self, id: &ObjectId) -> Vec<String> {
        // It and the functions that read and write it need each other.
        vec![format!("DROP TYPE {} CASCADE", id.qualified())]
    }

    fn disturbs(&self, desired: &Self) -> bool {
        // Columns keep the storage they have.
        self.storage != desired.storage
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
