//! Changes to ordered steps of SQL.
//!
//! Reading order: [`expand`] finds what else must make way (a view over a column that changes its type), `graph` makes
//! one node for each action and an edge for each reason why one must precede another, `order` sorts them, `render`
//! writes them. The crate knows no kind of object by name and does no I/O.

pub mod expand;
mod graph;
mod order;
pub mod rename;
mod render;
mod step;

pub use order::PlanError;
pub use step::{Plan, Step};

use aludel_catalog::Catalog;
use aludel_diff::Changes;

/// Returns the steps that take `current` to `desired`.
pub fn plan(current: &Catalog, desired: &Catalog, changes: &Changes) -> Result<Plan, PlanError> {
    if changes.is_empty() {
        return Ok(Plan::default());
    }
    let expanded = expand::expand(current, desired, changes);
    let graph = graph::build(current, desired, &expanded);
    let sorted = order::sort(&graph)?;
    Ok(render::render(current, desired, &expanded, &graph, &sorted))
}
