//! What goes and what comes, so alike that it may be one thing under a new name. Nothing is renamed for it: a person is
//! asked, or told the flag.

use std::collections::{BTreeMap, BTreeSet};

use aludel_catalog::{Catalog, Comparison, Definition, ObjectId, ObjectKind};
use aludel_diff::{Action, Changes};
use aludel_plan::rename::Intent;

use crate::answers::Said;
use crate::caution::Caution;
use crate::ui::printer::Printer;

/// An object that goes, and what comes in its likeness.
pub(crate) struct Suggestion {
    old: ObjectId,
    new: Vec<ObjectId>,
}

/// Returns what looks like a rename and was not said to be a drop.
pub(crate) fn suggestions(
    changes: &Changes,
    current: &Catalog,
    desired: &Catalog,
    said: &Said,
) -> Vec<Suggestion> {
    let mut gone: Vec<&ObjectId> = Vec::new();
    let mut come: BTreeMap<(ObjectKind, &str, &str), Vec<&ObjectId>> = BTreeMap::new();
    for (id, change) in changes.told() {
        match change.action {
            Action::Drop if !said.drops.contains(&id.path()) => gone.push(id),
            Action::Create => come
                .entry((id.kind, &id.schema, &id.relation))
                .or_default()
                .push(id),
            _ => {}
        }
    }
    if gone.is_empty() || come.is_empty() {
        return Vec::new();
    }
    let (before, after) = (columns(current), columns(desired));
    let is_alike = |old: &ObjectId, new: &ObjectId| match old.kind {
        ObjectKind::Table => {
            let place = |catalog: &Catalog, id: &ObjectId| match &catalog.get(id)?.definition {
                Definition::Table(table) => Some((table.bound.clone(), table.parents.clone())),
                _ => None,
            };
            // A partition by another name has the rows of the same bounds.
            before.get(&named(old)) == after.get(&named(new))
                && place(current, old) == place(desired, new)
        }
        ObjectKind::Column
        | ObjectKind::EnumType
        | ObjectKind::Sequence
        | ObjectKind::MaterializedView => {
            let pair = current.get(old).zip(desired.get(new));
            pair.is_some_and(|(before, after)| {
                before.definition.compare(&after.definition) == Comparison::Same
            })
        }
        _ => false,
    };
    let suggestion = |old: &ObjectId| {
        let here = come.get(&(old.kind, old.schema.as_str(), old.relation.as_str()))?;
        let new: Vec<ObjectId> = here
            .iter()
            .copied()
            .filter(|new| is_alike(old, new))
            .cloned()
            .collect();
        (!new.is_empty()).then(|| Suggestion {
            old: old.clone(),
            new,
        })
    };
    gone.into_iter().filter_map(suggestion).collect()
}

/// A relation's columns by its schema and name.
type Columns<'a> = BTreeMap<(&'a str, &'a str), BTreeSet<&'a str>>;

fn named(id: &ObjectId) -> (&str, &str) {
    (&id.schema, &id.name)
}

fn columns(catalog: &Catalog) -> Columns<'_> {
    let mut columns = Columns::new();
    for id in catalog
        .objects
        .keys()
        .filter(|id| id.kind == ObjectKind::Column)
    {
        columns
            .entry((&id.schema, &id.relation))
            .or_default()
            .insert(&id.name);
    }
    columns
}

impl Suggestion {
    fn flag(&self, new: &ObjectId) -> String {
        format!("{}:{}", self.old.path(), new.quoted())
    }

    /// What a reader is told where nobody can be asked.
    pub(crate) fn caution(&self) -> Caution {
        let flags: Vec<String> = self
            .new
            .iter()
            .map(|new| format!("--rename {}", self.flag(new)))
            .collect();
        Caution {
            text: format!("{} goes and its like comes: was it renamed?", self.old),
            hint: format!("if so, its rows stay with: {}", flags.join(" or ")),
        }
    }
}

/// Asks about each; returns what was said to be a rename. What was said to be a drop is noted in `said`.
pub(crate) fn ask(
    suggestions: &[Suggestion],
    said: &mut Said,
    printer: &mut Printer,
) -> Vec<Intent> {
    let (mut renames, mut taken) = (Vec::new(), BTreeSet::new());
    for suggestion in suggestions {
        let left: Vec<&ObjectId> = suggestion
            .new
            .iter()
            .filter(|new| !taken.contains(*new))
            .collect();
        if left.is_empty() {
            continue;
        }
        let mut choices: Vec<String> = left
            .iter()
            .map(|new| format!("renamed to {}: its rows stay", new.quoted()))
            .collect();
        choices.push("dropped, and the other is new: its rows are lost".to_owned());
        let question = format!("{} goes and its like comes. What happened?", suggestion.old);
        let Some(choice) = printer.choose(&question, &choices) else {
            return renames;
        };
        match left.get(choice) {
            Some(&new) => {
                taken.insert(new.clone());
                renames.extend(Intent::parse(&suggestion.flag(new)));
            }
            None => {
                said.drops.insert(suggestion.old.path());
            }
        }
    }
    renames
}
