//! What the reader of a generated revision should look at, beyond what it loses.

use aludel_catalog::kinds::column::Generation;
use aludel_catalog::{Catalog, Definition};
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
