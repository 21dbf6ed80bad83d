//! Changes to ordered steps of SQL.
//!
//! Reading order: [`expand`] finds what else must make way (a view over a column that changes its type), `graph` makes
//! one node for each action and an edge for each reason why one must precede another, `order` sorts them, `render`
//! writes them. [`online`] asks which of the changes have a form that holds nobody up, `bodies` what text bodies use. The
//! crate knows no kind of object by name and does no I/O.

mod attachments;
mod bodies;
pub mod enum_map;
pub mod expand;
mod explain;
mod graph;
mod online;
mod options;
mod order;
pub mod rename;
mod render;
mod step;

pub use explain::{Explanation, Repair};
pub use options::PlanOptions;
pub use order::PlanError;
pub use step::{Limit, Plan, Step, Timeouts, Transaction};

use std::collections::BTreeSet;

use aludel_catalog::{Catalog, Nature, ObjectId};
use aludel_diff::{Action, Changes};

use bodies::Bodies;
use explain::Explainer;
use graph::{Sides, Why};
use order::Sorted;

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
    let (current_bodies, desired_bodies) = (Bodies::read(current), Bodies::read(desired));
    let sides = Sides {
        current,
        desired,
        current_bodies: &current_bodies,
        desired_bodies: &desired_bodies,
    };
    let mut changes = changes.clone();
    let mut plain = BTreeSet::new();
    loop {
        let mut expanded = expand::expand(current, desired, &changes);
        if options.online {
            expanded.online = online::forms(current, desired, &expanded, &plain);
        }
        let mut graph = graph::build(sides, &expanded);
        let ranks = order::ranks(&graph);
        let given_way = graph::give_way(&mut graph, &ranks);
        let sorted = order::sort(&graph, &ranks).map(|order| Sorted { order, given_way });
        match sorted {
            Ok(sorted) => {
                let explainer = options
                    .explain
                    .then(|| Explainer::new(sides, &changes, &expanded, &graph, &sorted));
                let explainer = explainer.as_ref();
                return Ok(render::render(sides, &expanded, &graph, &sorted, explainer));
            }
            Err(members) => {
                let ids = members.iter().flat_map(|why| [&why.earlier, &why.later]);
                let online: Vec<ObjectId> = ids
                    .filter(|id| expanded.online.contains_key(id))
                    .cloned()
                    .collect();
                if !online.is_empty() {
                    plain.extend(online);
                } else if !untie(&mut changes, current, &members) {
                    return Err(PlanError::Loop(
                        members.iter().map(ToString::to_string).collect(),
                    ));
                }
            }
        }
    }
}

/// Takes something out of a loop that holds nothing and changes in place: made again, it is gone while the others
/// change. Returns whether there was such an object.
fn untie(changes: &mut Changes, current: &Catalog, members: &[Why]) -> bool {
    members.iter().any(|why| {
        let id = &why.later;
        let hangs = current
            .get(id)
            .is_some_and(|object| object.definition.nature() == Nature::Hanger);
        match changes.by_object.get_mut(id) {
            Some(change) if hangs && matches!(change.action, Action::Alter(_) | Action::Keep) => {
                change.action = Action::Recreate(explain::UNTIED);
                true
            }
            _ => false,
        }
    })
}
