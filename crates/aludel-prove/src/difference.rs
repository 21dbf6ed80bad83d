//! What two catalogs differ in, a line for each object.

use aludel_catalog::identifier::quote;
use aludel_catalog::{Catalog, ObjectId, ObjectKind};
use aludel_diff::{Action, Change, diff};
use aludel_revision::Section;
use aludel_sql::{Shared, shared};

/// Returns what stands in `found` and should not, is missing, or differs from `expected`; the order of
/// a table's columns does not count, and the parts of a whole that is missing are not told one by one.
pub fn differences(found: &Catalog, expected: &Catalog) -> Vec<String> {
    diff(found, expected).told().map(line).collect()
}

/// What a way down leads to beside what was there before the way up.
pub struct Left {
    /// What it has left or does not bring back.
    pub behind: Vec<String>,
    /// What it has left and may: schemas and extensions that the way up makes only where they are not there.
    pub stays: Vec<String>,
}

/// Returns what is `found` after the way down otherwise than `before` the way up, `upgrade`.
pub fn left_behind(found: &Catalog, before: &Catalog, upgrade: &Section) -> Left {
    let shared: Vec<Shared> = upgrade.statements().filter_map(shared).collect();
    let changes = diff(found, before);
    let (stays, behind): (Vec<_>, Vec<_>) =
        changes.told().partition(|told| may_stay(told, &shared));
    Left {
        behind: behind.into_iter().map(line).collect(),
        stays: stays.into_iter().map(|(id, _)| id.to_string()).collect(),
    }
}

fn may_stay((id, change): &(&ObjectId, &Change), shared: &[Shared]) -> bool {
    let name = quote(&id.name).into_owned();
    let one = match id.kind {
        ObjectKind::Schema => Shared::Schema(name),
        ObjectKind::Extension => Shared::Extension(name),
        _ => return false,
    };
    matches!(change.action, Action::Drop) && shared.contains(&one)
}

fn line((id, change): (&ObjectId, &Change)) -> String {
    match change.action {
        Action::Create => format!("{id} is missing"),
        Action::Drop => format!("{id} should not be there"),
        // What could be done about it is another matter.
        Action::Recreate(_) => format!("{id} differs"),
        _ => format!(
            "{id} differs: {}",
            change.to_string().trim_start_matches("change ")
        ),
    }
}
