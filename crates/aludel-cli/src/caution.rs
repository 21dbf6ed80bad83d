//! What the reader of a generated revision should look at, beyond what it loses.

use std::collections::BTreeSet;

use aludel_catalog::kinds::column::Generation;
use aludel_catalog::{Catalog, Comparison, Definition, ObjectId, ObjectKind};
use aludel_diff::{Action, Changes};

/// One thing to look at, and what to do about it.
pub(crate) struct Caution {
    /// What may go wrong.
    pub(crate) text: String,
    /// What to type or edit.
    pub(crate) hint: String,
}

/// Columns that become NOT NULL without a default on tables that stand already; `way` is `upgrade` or `downgrade`.
pub(crate) fn not_null(changes: &Changes, desired: &Catalog, way: &str) -> Vec<Caution> {
    let mut cautions = Vec::new();
    for (id, change) in changes.told() {
        let Some(Definition::Column(column)) = desired.get(id).map(|object| &object.definition)
        else {
            continue;
        };
        let bare = column.not_null
            && column.expression.is_none()
            && column.generation == Generation::Plain;
        let text = match &change.action {
            Action::Create if bare => format!(
                "the {way} adds {} NOT NULL without a default, which fails where the table has rows",
                id.path()
            ),
            Action::Alter(attributes) if column.not_null && attributes.contains(&"not null") => {
                format!(
                    "the {way} makes {} NOT NULL, which fails where a row has NULL",
                    id.path()
                )
            }
            _ => continue,
        };
        let hint = "fill the rows in the revision before, or give the column a default";
        cautions.push(Caution {
            text,
            hint: hint.to_owned(),
        });
    }
    cautions
}

/// What goes and what comes, so alike that it may be one thing under a new name.
pub(crate) fn perhaps_renamed(
    changes: &Changes,
    current: &Catalog,
    desired: &Catalog,
) -> Vec<Caution> {
    let told: Vec<_> = changes.told().collect();
    let of = |action: Action| {
        told.iter()
            .filter(move |(_, change)| change.action == action)
            .map(|(id, _)| *id)
    };
    let mut cautions = Vec::new();
    for old in of(Action::Drop) {
        let flags: Vec<String> = of(Action::Create)
            .filter(|new| is_alike(old, new, current, desired))
            .map(|new| format!("--rename {}:{}", old.path(), new.quoted()))
            .collect();
        if !flags.is_empty() {
            cautions.push(Caution {
                text: format!("{old} goes and its like comes: was it renamed?"),
                hint: format!("if so, its rows stay with: {}", flags.join(" or ")),
            });
        }
    }
    cautions
}

fn is_alike(old: &ObjectId, new: &ObjectId, current: &Catalog, desired: &Catalog) -> bool {
    if (old.kind, &old.schema, &old.relation) != (new.kind, &new.schema, &new.relation) {
        return false;
    }
    match old.kind {
        ObjectKind::Column => {
            let pair = current.get(old).zip(desired.get(new));
            pair.is_some_and(|(before, after)| {
                before.definition.compare(&after.definition) == Comparison::Same
            })
        }
        ObjectKind::Table => columns(current, old) == columns(desired, new),
        _ => false,
    }
}

fn columns<'a>(catalog: &'a Catalog, table: &ObjectId) -> BTreeSet<&'a str> {
    catalog
        .objects
        .keys()
        .filter(|id| {
            id.kind == ObjectKind::Column
                && (&id.schema, &id.relation) == (&table.schema, &table.name)
        })
        .map(|id| id.name.as_str())
        .collect()
}
