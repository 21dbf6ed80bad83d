//! What the models have and the history lacks, as a plan up and a plan back.

use aludel_catalog::{Catalog, ObjectId};
use aludel_diff::{Action, Changes, diff};
use aludel_plan::rename::reversed;
use aludel_plan::{Plan, PlanOptions};
use aludel_revision::{Allow, History, Revision};
use aludel_sql::Hazard;

use crate::answers::Said;
use crate::catalogs::Catalogs;
use crate::caution::{self, Caution};
use crate::enum_values::{self, behind};
use crate::plan_text::all_losses;
use crate::renames::{Renamed, carry_out, intents_of, settled};
use crate::sides::Side;
use crate::strict::StrictArgs;
use crate::suggestions::{Suggestion, suggestions};
use crate::tenants::unqualified;
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
    /// The losses that somebody said are meant.
    pub(crate) allow: Vec<Allow>,
    /// What a reader should look at.
    pub(crate) cautions: Vec<Caution>,
}

/// Compares the models with the head of the history. `said` is what the command line says; the models may state more, and
/// a person may be asked.
pub(crate) async fn generate(
    catalogs: &Catalogs<'_>,
    history: &History,
    said: &Said,
    options: &PlanOptions,
    strict: StrictArgs,
    printer: &mut Printer,
) -> Result<Generated, Problem> {
    let revisions: Vec<&Revision> = history.iter_as_run().collect();
    let head = catalogs.revisions(&revisions).await?;
    let models = catalogs.models(&head).await?;
    warnings::source(&models, printer);
    warnings::unmodelled(&[&models.catalog], strict, printer)?;
    let mut said = said.clone();
    let stated = intents_of(&models.intents);
    let side = Side::Revisions(revisions);
    let sides = (head.clone(), &models.catalog);
    let forth = settled(catalogs, &side, sides, (&mut said, &stated), printer).await?;
    let schema = catalogs.runner().home_schema();
    let mut ways = if forth.renames.is_empty() {
        Ways {
            desired: models.catalog.clone(),
            back: Renamed::not(models.catalog),
            goal: forth.catalog.clone(),
            forth,
        }
    } else {
        let back = reversed(&forth.renames);
        let side = Side::Models(&head);
        Ways {
            back: carry_out(catalogs, &side, models.catalog, &head, back).await?,
            desired: catalogs.models(&forth.catalog).await?.catalog,
            goal: head,
            forth,
        }
    };
    let both = [
        (&ways.forth.catalog, &ways.desired),
        (&ways.back.catalog, &ways.goal),
    ];
    enum_values::refuse_idle(&said.enum_maps, &both, &schema)?;
    said.enum_maps.extend(enum_values::maps_of(&models.intents));
    let generated = ways.plan(&said, &schema, options, printer)?;
    if catalogs.is_for_tenants() {
        return unqualified(generated);
    }
    Ok(generated)
}

/// The schemas that a plan up and a plan back go between, and the renames that come before each.
struct Ways {
    /// From here to `desired` goes the plan up, after the renames.
    forth: Renamed,
    desired: Catalog,
    /// From here to `goal` goes the plan back, after the renames turned round.
    back: Renamed,
    goal: Catalog,
}

impl Ways {
    fn plan(
        &mut self,
        said: &Said,
        schema: &str,
        options: &PlanOptions,
        printer: &mut Printer,
    ) -> Result<Generated, Problem> {
        let (current, from) = (&self.forth.catalog, &self.back.catalog);
        let maps = &said.enum_maps;
        let mut cautions = enum_values::cautions(maps, current, &self.desired, schema, "upgrade");
        cautions.extend(enum_values::cautions(
            maps,
            from,
            &self.goal,
            schema,
            "downgrade",
        ));
        enum_values::refuse_stuck(current, &self.desired)?;
        cautions.extend(enum_values::stuck_back(from, &self.goal));
        let guard = enum_values::guarded(maps, current, &mut self.desired, schema);
        let guard_back = enum_values::guarded(maps, from, &mut self.goal, schema);
        let changes = diff(current, &self.desired);
        let changes_back = diff(from, &self.goal);
        warnings::reordered(&changes, printer);
        let upgrade = aludel_plan::plan(current, &self.desired, &changes, options)?;
        let downgrade = aludel_plan::plan(from, &self.goal, &changes_back, options)?;
        cautions.extend(caution::not_null(&changes, &self.desired, "upgrade"));
        cautions.extend(caution::not_null(&changes_back, &self.goal, "downgrade"));
        let found = suggestions(&changes, current, &self.desired, said);
        cautions.extend(found.iter().map(Suggestion::caution));
        Ok(Generated {
            detected: self.forth.told().chain(detected(&changes)).collect(),
            upgrade: self.forth.before(behind(guard, upgrade)),
            downgrade: self.back.before(behind(guard_back, downgrade)),
            allow: enum_values::allowed(current, &self.desired),
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

/// What the way up loses and nobody said was meant.
pub(crate) fn unsaid_losses(generated: &Generated) -> Vec<(Hazard, String)> {
    let is_allowed = |(hazard, object): &(Hazard, String)| {
        let allows = |allow: &Allow| match allow {
            Allow::All => true,
            Allow::One {
                hazard: allowed,
                object: name,
                reason: _,
            } => allowed == hazard && name == object,
        };
        generated.allow.iter().any(allows)
    };
    let mut losses = all_losses(&generated.upgrade);
    losses.retain(|loss| !is_allowed(loss));
    losses
}

/// The header line that would allow what the way up loses beside what is allowed already, to be completed with reasons.
pub(crate) fn allow_line(generated: &Generated) -> Option<String> {
    let losses = unsaid_losses(generated);
    if losses.is_empty() {
        return None;
    }
    let entry = |(hazard, object): (Hazard, String)| Allow::One {
        hazard,
        object,
        reason: String::new(),
    };
    let mut entries = generated.allow.clone();
    entries.extend(losses.into_iter().map(entry));
    Some(format!("-- aludel: allow = {}", Allow::write(&entries)))
}
