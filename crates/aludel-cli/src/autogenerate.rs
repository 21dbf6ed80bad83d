//! What the models have and the history lacks, as a plan up and a plan back.

use aludel_catalog::{Catalog, ObjectId};
use aludel_diff::{Action, Changes};
use aludel_plan::rename::{Intent, Rename, name_parts, renames, reversed};
use aludel_plan::{Plan, PlanOptions};
use aludel_revision::{Allow, History, Revision};
use aludel_source::Intents;
use aludel_sql::{Hazard, Statement};

use crate::catalogs::{Catalogs, both_ways};
use crate::caution::{self, Caution};
use crate::plan_text::all_losses;
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
    printer: &mut Printer,
) -> Result<Generated, Problem> {
    let revisions: Vec<&Revision> = history.iter_topological().collect();
    let head = catalogs.revisions(&revisions).await?;
    let models = catalogs.models(&head).await?;
    warnings::source(&models, printer);
    warnings::unmodelled(&[&models.catalog], printer);
    let intents = [said.to_vec(), intents_of(&models.intents)].concat();
    let found = renames(
        &head,
        &models.catalog,
        &intents,
        &catalogs.runner().home_schema(),
    );
    refuse_idle(said, &found)?;
    let ways = if found.is_empty() {
        Ways::straight(head, models.catalog)
    } else {
        Ways::renamed(catalogs, &revisions, head, models.catalog, found).await?
    };
    ways.plan(printer)
}

/// The four schemas that a plan up and a plan back go between, and the renames that come before each.
struct Ways {
    renames: Vec<Rename>,
    /// From here to `desired` goes the plan up, after the renames.
    current: Catalog,
    desired: Catalog,
    /// From here to `goal` goes the plan back, after the renames turned round; `None` where nothing is renamed.
    back: Option<(Vec<Rename>, Catalog, Catalog)>,
}

impl Ways {
    fn straight(current: Catalog, desired: Catalog) -> Self {
        Self {
            renames: Vec::new(),
            current,
            desired,
            back: None,
        }
    }

    /// Runs the renames on scratch, both ways, so that what follows from them is PostgreSQL's answer.
    async fn renamed(
        catalogs: &Catalogs<'_>,
        revisions: &[&Revision],
        head: Catalog,
        models: Catalog,
        renames: Vec<Rename>,
    ) -> Result<Self, Problem> {
        let back = reversed(&renames, &models);
        let current = catalogs
            .revisions_then(revisions, &statements(&renames))
            .await?;
        let desired = catalogs.models(&current).await?.catalog;
        let from = catalogs
            .models_then(&head, &statements(&back))
            .await?
            .catalog;
        Ok(Self {
            renames,
            current,
            desired,
            back: Some((back, from, head)),
        })
    }

    fn plan(self, printer: &mut Printer) -> Result<Generated, Problem> {
        let (changes, straight_back) = both_ways(&self.current, &self.desired);
        warnings::reordered(&changes, printer);
        let upgrade = with_renames(
            &self.renames,
            aludel_plan::plan(
                &self.current,
                &self.desired,
                &changes,
                &PlanOptions::default(),
            )?,
        );
        let (downgrade, cautions_back) = match &self.back {
            None => (
                aludel_plan::plan(
                    &self.desired,
                    &self.current,
                    &straight_back,
                    &PlanOptions::default(),
                )?,
                caution::not_null(&straight_back, &self.current, "downgrade"),
            ),
            Some((renames, from, goal)) => {
                let changes = aludel_diff::diff(from, goal);
                let plan = aludel_plan::plan(from, goal, &changes, &PlanOptions::default())?;
                (
                    with_renames(renames, plan),
                    caution::not_null(&changes, goal, "downgrade"),
                )
            }
        };
        let renamed = self
            .renames
            .iter()
            .map(|rename| format!("renamed {} to {}", rename.old, rename.name));
        let mut cautions = caution::not_null(&changes, &self.desired, "upgrade");
        cautions.extend(cautions_back);
        cautions.extend(caution::perhaps_renamed(
            &changes,
            &self.current,
            &self.desired,
        ));
        Ok(Generated {
            detected: renamed.chain(detected(&changes)).collect(),
            upgrade,
            downgrade,
            cautions,
        })
    }
}

fn statements(renames: &[Rename]) -> Vec<Statement> {
    renames
        .iter()
        .map(|rename| Statement::new(rename.step().sql))
        .collect()
}

fn with_renames(renames: &[Rename], plan: Plan) -> Plan {
    let mut steps: Vec<_> = renames.iter().map(Rename::step).collect();
    steps.extend(plan.steps);
    Plan { steps }
}

/// What the models say of renames, in the form of the command line.
fn intents_of(intents: &Intents) -> Vec<Intent> {
    intents
        .renames
        .iter()
        .map(|rename| {
            let mut from = rename.table.as_deref().map(name_parts).unwrap_or_default();
            if rename.kind.as_deref() == Some("table") {
                from.pop();
            }
            from.extend(match rename.table {
                Some(_) => vec![rename.from.clone()],
                None => name_parts(&rename.from),
            });
            Intent {
                kind: rename.kind.clone(),
                from,
                to: match rename.table {
                    Some(_) => vec![rename.to.clone()],
                    None => name_parts(&rename.to),
                },
            }
        })
        .collect()
}

/// A rename that somebody typed and that means nothing is a mistake.
fn refuse_idle(said: &[Intent], found: &[Rename]) -> Result<(), Problem> {
    let is_idle = |intent: &&Intent| {
        found
            .iter()
            .all(|rename| Some(&rename.old.name) != intent.from.last())
    };
    let Some(intent) = said.iter().find(is_idle) else {
        return Ok(());
    };
    let (from, to) = (intent.from.join("."), intent.to.join("."));
    Err(
        Problem::new("rename", format!("nothing is renamed by {from}:{to}"))
            .detail("the head must have the old name, the models the new one, and neither both")
            .hint("aludel check lists what differs, with the names as they are written here"),
    )
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
