//! Renames on their way into a plan: what was said, what applies, and the schema that PostgreSQL makes of it.
//!
//! What follows from a rename is PostgreSQL's answer: the statements run on scratch, and the catalog is read again.

use aludel_catalog::Catalog;
use aludel_plan::rename::{Idle, Intent, Name, Rename, Resolution, following, resolve, steps};
use aludel_plan::{Plan, Step};
use aludel_sql::{Origin, Statement};

use crate::answers::Said;
use crate::catalogs::Catalogs;
use crate::sides::Side;
use crate::suggestions::{ask, suggestions};
use crate::ui::printer::Printer;
use crate::ui::problem::Problem;

/// A schema after the renames, and how it got there.
pub(crate) struct Renamed {
    /// The renames, those that follow from others included.
    pub(crate) renames: Vec<Rename>,
    /// Their statements.
    pub(crate) steps: Vec<Step>,
    /// The schema afterwards.
    pub(crate) catalog: Catalog,
}

impl Renamed {
    /// A schema in which nothing is renamed.
    pub(crate) fn not(catalog: Catalog) -> Self {
        Self {
            renames: Vec::new(),
            steps: Vec::new(),
            catalog,
        }
    }

    /// The plan with the renames before it.
    pub(crate) fn before(&self, plan: Plan) -> Plan {
        let mut steps = self.steps.clone();
        steps.extend(plan.steps);
        Plan { steps }
    }

    /// What is renamed, a line each.
    pub(crate) fn told(&self) -> impl Iterator<Item = String> {
        self.renames
            .iter()
            .map(|rename| format!("renamed {rename}"))
    }
}

/// Renames in the schema `current`, which is that of `side`, on the way to `desired`.
pub(crate) async fn carry_out(
    catalogs: &Catalogs<'_>,
    side: &Side<'_>,
    current: Catalog,
    desired: &Catalog,
    renames: Vec<Rename>,
) -> Result<Renamed, Problem> {
    if renames.is_empty() {
        return Ok(Renamed::not(current));
    }
    let mut all = Renamed {
        steps: steps(&renames, &current, desired),
        renames,
        catalog: current,
    };
    let before = all.catalog.clone();
    all.catalog = catalogs
        .then(side, &before, &statements(&all.steps))
        .await?;
    let more = following(&all.renames, &all.catalog, desired);
    if !more.is_empty() {
        all.steps.extend(steps(&more, &all.catalog, desired));
        all.renames.extend(more);
        all.catalog = catalogs
            .then(side, &before, &statements(&all.steps))
            .await?;
    }
    Ok(all)
}

/// What was said, what applies of it, and what a person answers when asked about what looks like more.
pub(crate) async fn settled(
    catalogs: &Catalogs<'_>,
    side: &Side<'_>,
    (current, desired): (Catalog, &Catalog),
    (said, stated): (&mut Said, &[Intent]),
    printer: &mut Printer,
) -> Result<Renamed, Problem> {
    let schema = catalogs.runner().home_schema();
    let intents = [said.renames.clone(), stated.to_vec()].concat();
    let renames = applying(&intents, &current, desired, &schema, printer)?;
    if !(said.may_ask && printer.can_ask()) {
        return carry_out(catalogs, side, current, desired, renames).await;
    }
    let renamed = carry_out(catalogs, side, current.clone(), desired, renames).await?;
    let changes = aludel_diff::diff(&renamed.catalog, desired);
    let found = suggestions(&changes, &renamed.catalog, desired, said);
    let answers = ask(&found, said, printer);
    if answers.is_empty() {
        return Ok(renamed);
    }
    said.renames.extend(answers);
    let intents = [said.renames.clone(), stated.to_vec()].concat();
    let renames = resolve(&current, desired, &intents, &schema).renames;
    carry_out(catalogs, side, current, desired, renames).await
}

/// What applies of what was said. A rename that somebody typed and that means nothing is a mistake; one that the models
/// state may belong to another history, and is warned of.
fn applying(
    said: &[Intent],
    current: &Catalog,
    desired: &Catalog,
    default_schema: &str,
    printer: &mut Printer,
) -> Result<Vec<Rename>, Problem> {
    let Resolution {
        renames,
        spent: _,
        idle,
    } = resolve(current, desired, said, default_schema);
    for idle in &idle {
        let Some(origin) = &idle.intent.origin else {
            return Err(not_applying(idle));
        };
        // A history that begins with the new name never knew the old one.
        if !idle.nearest.is_empty() {
            let place = place(origin);
            let text = format!(
                "{place}the rename {} means nothing: {}",
                idle.intent.text(),
                idle.why
            );
            printer.warn(&text, &[meant(&idle.nearest)]);
        }
    }
    Ok(renames)
}

fn not_applying(idle: &Idle) -> Problem {
    let text = idle.intent.text();
    let problem = Problem::new(
        "rename",
        format!("nothing is renamed by {text}: {}", idle.why),
    )
    .detail("the old schema must have the old name, the new schema the new one, and neither both");
    if idle.nearest.is_empty() {
        return problem
            .hint("aludel diff lists what differs, with the names as they are written here");
    }
    problem.hint(meant(&idle.nearest))
}

fn meant(names: &[String]) -> String {
    format!("did you mean {}?", names.join(" or "))
}

/// `file:line: `, where a file is known.
pub(crate) fn place(origin: &Origin) -> String {
    match &origin.file {
        Some(_) => format!("{origin}: "),
        None => String::new(),
    }
}

/// What the models say of renames, in the form of the command line.
pub(crate) fn intents_of(intents: &aludel_source::Intents) -> Vec<Intent> {
    let intent = |rename: &aludel_source::Rename| {
        let mut from = Name::parse(&rename.from);
        let mut to = Name::parse(&rename.to);
        let container = match &rename.table {
            Some(table) => Name::parse(table).parts,
            // What was called otherwise stood in the same schema unless it is said.
            None if to.parts.len() > from.parts.len() => {
                to.parts[..to.parts.len() - from.parts.len()].to_vec()
            }
            None => Vec::new(),
        };
        if from.parts.len() == 1 {
            from.parts.splice(..0, container.iter().cloned());
        }
        if rename.table.is_some() {
            to.parts.splice(..0, container);
        }
        Intent {
            kind: rename.kind.clone(),
            from,
            to,
            origin: Some(Origin {
                file: rename.file.clone(),
                line: rename.line.unwrap_or(1),
            }),
        }
    };
    intents.renames.iter().map(intent).collect()
}

fn statements(steps: &[Step]) -> Vec<Statement> {
    steps
        .iter()
        .map(|step| Statement::new(step.sql.clone()))
        .collect()
}
