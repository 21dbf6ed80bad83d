//! What the models have and the history lacks, as a plan up and a plan back.

use aludel_catalog::{Catalog, ObjectId};
use aludel_diff::{Action, Changes};
use aludel_plan::rename::{Intent, reversed};
use aludel_plan::{Plan, PlanOptions};
use aludel_revision::{Allow, History, Revision};
use aludel_sql::Hazard;

use crate::catalogs::{Catalogs, both_ways};
use crate::caution::{self, Caution};
use crate::plan_text::all_losses;
use crate::renames::{Renamed, applying, carry_out, intents_of};
use crate::sides::Side;
use crate::ui::printer::Printer;
use crate::ui::problem::Problem;
use crate::warnings;

/// The way from the history's head to the models, and back.
pub(crate) struct Generated {
    /// What differs, a line each.
    pub(crate) detected: Vec<String>,
    /// The way up.
    pub(crate) upgrade: Plan,
    /// The way back.
    pub(crate) downgrade: Plan,
    /// What a reader should look at.
    pub(crate) cautions: Vec<Caution>,
}

/// Compares the models with the head of the history. `said` are renames from the command line; the models may state
/// more.
pub(crate) async fn generate(
    catalogs: &Catalogs<'_>,
    history: &History,
    said: &[Intent],
    options: &PlanOptions,
    printer: &mut Printer,
) -> Result<Generated, Problem> {
    let revisions: Vec<&Revision> = history.iter_topological().collect();
    let head = catalogs.revisions(&revisions).await?;
    let models = catalogs.models(&head).await?;
    warnings::source(&models, printer);
    warnings::unmodelled(&[&models.catalog], printer);
    let intents = [said.to_vec(), intents_of(&models.intents)].concat();
    let schema = catalogs.runner().home_schema();
    let renames = applying(&intents, &head, &models.catalog, &schema, printer)?;
    let side = Side::Revisions(revisions);
    let forth = carry_out(catalogs, &side, head.clone(), &models.catalog, renames).await?;
    let ways = if forth.renames.is_empty() {
        Ways {
            desired: models.catalog,
            forth,
            back: None,
        }
    } else {
        let back = reversed(&forth.renames);
        let side = Side::Models(&head);
        let back = carry_out(catalogs, &side, models.catalog, &head, back).await?;
        Ways {
            desired: catalogs.models(&forth.catalog).await?.catalog,
            forth,
            back: Some((back, head)),
        }
    };
    ways.plan(options, printer)
}

/// The schemas that a plan up and a plan back go between, and the renames that come before each.
struct Ways {
    /// From here to `desired` goes the plan up, after the renames.
    forth: Renamed,
    desired: Catalog,
    /// From here to the head goes the plan back, after the renames turned round; `None` where nothing is renamed.
    back: Option<(Renamed, Catalog)>,
}

impl Ways {
    fn plan(self, options: &PlanOptions, printer: &mut Printer) -> Result<Generated, Problem> {
        let current = &self.forth.catalog;
        let (changes, straight_back) = both_ways(current, &self.desired);
        warnings::reordered(&changes, printer);
        let upgrade = aludel_plan::plan(current, &self.desired, &changes, options)?;
        let (downgrade, cautions_back) = match &self.back {
            None => (
                aludel_plan::plan(&self.desired, current, &straight_back, options)?,
                caution::not_null(&straight_back, current, "downgrade"),
            ),
            Some((renamed, goal)) => {
                let from = &renamed.catalog;
                let changes = aludel_diff::diff(from, goal);
                let plan = aludel_plan::plan(from, goal, &changes, options)?;
                (
                    renamed.before(plan),
                    caution::not_null(&changes, goal, "downgrade"),
                )
            }
        };
        let mut cautions = caution::not_null(&changes, &self.desired, "upgrade");
        cautions.extend(cautions_back);
        cautions.extend(caution::perhaps_renamed(&changes, current, &self.desired));
        Ok(Generated {
            detected: self.forth.told().chain(detected(&changes)).collect(),
            upgrade: self.forth.before(upgrade),
            downgrade,
            cautions,
        })
    }
}

/// The changes, a line each; parts of what is created or dropped whole are not listed.
fn detected(changes: &Changes) -> Vec<String> {
    let line = |id: &ObjectId, action: &Action| match action {
        Action::Create => Some(format!("added {id}")),
        Action::Drop => Some(format!("removed {id}")),
        _ => None,
    };
    changes
        .told()
        .map(|(id, change)| {
            line(id, &change.action).unwrap_or_else(|| format!("changed {id}: {change}"))
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
