//! Changes to ordered steps of SQL.
//!
//! Reading order: [`expand`] finds what else must make way (a view over a column that changes its type), `graph` makes
//! one node for each action and an edge for each reason why one must precede another, `order` sorts them, `render`
//! writes them. [`online`] asks which of the changes have a form that holds nobody up. The crate knows no kind of object by name and does no I/O.

pub mod expand;
mod graph;
mod online;
mod options;
mod order;
pub mod rename;
mod render;
mod step;

pub use options::PlanOptions;
pub use order::PlanError;
pub use step::{Plan, Step, Transaction};

use std::collections::BTreeSet;

use aludel_catalog::{Catalog, Nature, ObjectId};
use aludel_diff::{Action, Changes};

/// Returns the steps that take `current` to `desired`.
pub fn plan(
    current: &Catalog,
    desired: &Catalog,
    changes: &Changes,
    options: &PlanOptions,
) -> Result<Plan, PlanError> {
    if changes.is_empty() {
        return Ok(Plan::default());
    }
    let mut changes = changes.clone();
    let mut plain = BTreeSet::new();
    loop {
        let mut expanded = expand::expand(current, desired, &changes);
        if options.online {
            expanded.online = online::forms(current, desired, &expanded, &plain);
        }
        let graph = graph::build(current, desired, &expanded);
        match order::sort(&graph) {
            Ok(sorted) => return Ok(render::render(current, desired, &expanded, &graph, &sorted)),
            Err(PlanError::Loop(members)) => {
                let online = members.iter().map(|(id, _)| id);
                let online: Vec<ObjectId> = online
                    .filter(|id| expanded.online.contains_key(id))
                    .cloned()
                    .collect();
                if !online.is_empty() {
                    plain.extend(online);
                } else if !untie(&mut changes, current, &members) {
                    return Err(PlanError::Loop(members));
                }
            }
        }
    }
}

/// Takes something out of a loop that holds nothing and changes in place: made again, it is gone while the others
/// change. Returns whether there was such an object.
fn untie(changes: &mut Changes, current: &Catalog, members: &[(ObjectId, &'static str)]) -> bool {
    members.iter().any(|(id, _)| {
        let hangs = current
            .get(id)
            .is_some_and(|object| object.definition.nature() == Nature::Hanger);
        match changes.by_object.get_mut(id) {
            Some(change) if hangs && matches!(change.action, Action::Alter(_) | Action::Keep) => {
                change.action = Action::Recreate("others that it needs change at the same time");
                true
            }
            _ => false,
        }
    })
}
