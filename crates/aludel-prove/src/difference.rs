//! What two catalogs differ in, a line for each object.

use aludel_catalog::Catalog;
use aludel_diff::{Action, diff};

/// Returns what stands in `found` and should not, is missing, or differs from `expected`; the order of
/// a table's columns does not count, and the parts of a whole that is missing are not told one by one.
pub fn differences(found: &Catalog, expected: &Catalog) -> Vec<String> {
    diff(found, expected)
        .told()
        .map(|(id, change)| match change.action {
            Action::Create => format!("{id} is missing"),
            Action::Drop => format!("{id} should not be there"),
            _ => format!("{id} differs: {change}"),
        })
        .collect()
}
