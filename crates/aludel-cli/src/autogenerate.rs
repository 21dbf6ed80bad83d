//! What the models have and the history lacks, as a plan up and a plan back.

use aludel_diff::{Action, Changes};
use aludel_plan::Plan;
use aludel_revision::{Allow, History};
use aludel_sql::Hazard;

use crate::catalogs::{Catalogs, both_ways};
use crate::plan_text::all_losses;
use crate::ui::printer::Printer;
use crate::ui::problem::Problem;
use crate::warnings;

/// The way from the history's head to the models, and back.
pub(crate) struct Generated {
    /// What differs.
    pub(crate) changes: Changes,
    /// The way up.
    pub(crate) upgrade: Plan,
    /// The way back.
    pub(crate) downgrade: Plan,
}

/// Compares the models with the head of the history.
pub(crate) async fn generate(
    catalogs: &Catalogs<'_>,
    history: &History,
    printer: &mut Printer,
) -> Result<Generated, Problem> {
    let current = catalogs.head(history).await?;
    let desired = catalogs.models(&current).await?;
    warnings::source(&desired, printer);
    warnings::unmodelled(&[&desired.catalog], printer);
    let (changes, back) = both_ways(&current, &desired.catalog);
    warnings::reordered(&changes, printer);
    warnings::renames(&desired.intents, &changes, printer);
    Ok(Generated {
        upgrade: aludel_plan::plan(&current, &desired.catalog, &changes)?,
        downgrade: aludel_plan::plan(&desired.catalog, &current, &back)?,
        changes,
    })
}

/// The changes, a line each; parts of what is created or dropped whole are not listed.
pub(crate) fn detected(changes: &Changes) -> Vec<String> {
    changes
        .told()
        .map(|(id, change)| match &change.action {
            Action::Create => format!("added {id}"),
            Action::Drop => format!("removed {id}"),
            _ => format!("changed {id}: {change}"),
        })
        .collect()
}

/// The header line that would allow what a plan loses, to be completed with reasons.
pub(crate) fn allow_line(plan: &Plan) -> Option<String> {
    let losses = all_losses(plan);
    if losses.is_empty() {
        return None;
    }
    let entry = |(hazard, object): (Hazard, String)| Allow::One {
        hazard,
        object,
        reason: String::new(),
    };
    let entries: Vec<Allow> = losses.into_iter().map(entry).collect();
    Some(format!("-- aludel: allow = {}", Allow::write(&entries)))
}
