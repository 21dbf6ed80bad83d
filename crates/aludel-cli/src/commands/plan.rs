//! `aludel plan`: what an upgrade, a downgrade or a stamp would do, without doing it.

use std::io::BufRead;
use std::path::PathBuf;

use aludel_revision::{Goal, History, Plan, Revision, RevisionId, RowOperation, TargetError};
use clap::Args;
use serde::Deserialize;

use crate::completion;
use crate::context::Context;
use crate::database;
use crate::listing::{joined, strings};
use crate::ui::exit::ExitStatus;
use crate::ui::json::{PlanJson, PlanStepJson, RangeJson, RowJson};
use crate::ui::printer::Printer;
use crate::ui::problem::Problem;
use crate::ui::theme::Role;

/// Show the steps, version rows and final heads that a target leads to; nothing is run
///
/// The way is down where the target is the base, counts steps down, or is applied below where the database
/// is; else up. With --from no database is asked.
#[derive(Args, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag that a person types"
)]
#[command(
    after_help = "Examples:\n  aludel plan head\n  aludel plan -1\n  aludel plan --from ae10 heads --format json\n  aludel plan --from base ae10\n  aludel plan --stamp ae10 27c6"
)]
pub(crate) struct PlanArgs {
    /// Id, its beginning, label, head, heads, base, steps; with --stamp several
    #[arg(value_name = "TARGET", allow_negative_numbers = true, add = completion::targets())]
    targets: Vec<String>,
    /// Start here instead of where the database is; base for an empty one (can be repeated)
    #[arg(long, value_name = "REVISION", num_args = 1.., value_delimiter = ',', allow_negative_numbers = true, add = completion::targets())]
    from: Vec<String>,
    /// Show what `aludel upgrade` would do, or why it would not
    #[arg(long, group = "way")]
    upgrade: bool,
    /// Show what `aludel downgrade` would do, or why it would not
    #[arg(long, group = "way")]
    downgrade: bool,
    /// Show what `aludel stamp` would do
    #[arg(long, group = "way")]
    stamp: bool,
    /// Answer questions, a JSON document a line, as crates/aludel-cli/tests/alembic asks them
    #[arg(long, hide = true, exclusive = true)]
    questions: bool,
}

/// What is asked.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Way {
    Upgrade,
    Downgrade,
    Toward,
    Stamp,
    Range,
    Labels,
}

pub(crate) fn run(
    args: &PlanArgs,
    context: &Context,
    printer: &mut Printer,
) -> Result<ExitStatus, Problem> {
    if args.questions {
        return answer(printer);
    }
    let history = context.headers()?;
    let (mut from, mut targets) = (args.from.as_slice(), args.targets.clone());
    if targets.is_empty() && from.len() > 1 {
        // `--from A B TARGET` reads the target as one more start.
        let (target, rest) = from.split_last().unwrap_or((&from[0], &[]));
        targets.push(target.clone());
        from = rest;
    }
    let way = match args {
        PlanArgs { stamp: true, .. } => Way::Stamp,
        PlanArgs { upgrade: true, .. } => Way::Upgrade,
        PlanArgs {
            downgrade: true, ..
        } => Way::Downgrade,
        _ => Way::Toward,
    };
    if targets.is_empty() || (targets.len() > 1 && !args.stamp) {
        return Err(Problem::new("usage", "a plan leads to one target")
            .hint("aludel plan head; several are for aludel plan --stamp"));
    }
    let targets: Vec<&str> = targets.iter().map(String::as_str).collect();
    context.with_kept(&history, printer, |history, printer| {
        let current = if from.is_empty() {
            database::current(context, history)?
        } else {
            starts(history, from)?
        };
        let plan = plan(history, way, &current, &targets)?;
        if printer.is_json() {
            printer.json(&json(&plan))
        } else {
            print(history, &plan, printer)
        }
    })?;
    Ok(ExitStatus::Done)
}

fn starts(history: &History, from: &[String]) -> Result<Vec<RevisionId>, Problem> {
    let mut current = Vec::new();
    for start in from {
        if let Goal::Heads(heads) = history.target(start, &[])?.goal {
            current.extend(heads);
        }
    }
    Ok(current)
}

fn plan(
    history: &History,
    way: Way,
    current: &[RevisionId],
    targets: &[&str],
) -> Result<Plan, TargetError> {
    let target = targets.first().copied().unwrap_or_default();
    match way {
        Way::Upgrade => history.plan_upgrade(current, target),
        Way::Downgrade => history.plan_downgrade(current, target),
        Way::Stamp => history.plan_stamp(current, targets),
        Way::Toward | Way::Range | Way::Labels => history.plan_toward(current, target),
    }
}

fn json(plan: &Plan) -> PlanJson {
    let steps = plan.steps.iter().map(|step| PlanStepJson {
        direction: step.action.as_str(),
        revision: step.revision.to_string(),
        from: strings(&step.from),
        to: strings(&step.to),
    });
    let operations = plan.steps.iter().flat_map(|step| step.rows.operations());
    let rows = operations.map(|operation| match operation {
        RowOperation::Insert(row) => RowJson::Insert {
            revision: row.to_string(),
        },
        RowOperation::Delete(row) => RowJson::Delete {
            revision: row.to_string(),
        },
        RowOperation::Update { from, to } => RowJson::Update {
            from: from.to_string(),
            to: to.to_string(),
        },
    });
    PlanJson {
        steps: steps.collect(),
        version_table: rows.collect(),
        heads: strings(&plan.heads),
    }
}

fn print(history: &History, plan: &Plan, printer: &mut Printer) -> Result<(), Problem> {
    let theme = printer.theme();
    for step in &plan.steps {
        let message = history.get(&step.revision).map_or("", |revision| {
            revision.header.message.lines().next().unwrap_or_default()
        });
        let side = |ids: &[RevisionId]| match ids {
            [] => "<base>".to_owned(),
            ids => theme.paint(Role::Revision, &joined(ids)),
        };
        let verb = step.action.as_str();
        printer.line(&format!(
            "{verb} {} -> {}, {message}",
            side(&step.from),
            side(&step.to)
        ))?;
        if !printer.is_verbose() {
            continue;
        }
        for operation in step.rows.operations() {
            let text = match operation {
                RowOperation::Insert(row) => format!("insert {row}"),
                RowOperation::Delete(row) => format!("delete {row}"),
                RowOperation::Update { from, to } => format!("update {from} to {to}"),
            };
            printer.line(&theme.paint(Role::Dim, &format!("    version table: {text}")))?;
        }
    }
    let end = match plan.heads.as_slice() {
        [] => "<base>".to_owned(),
        heads => theme.paint(Role::Revision, &joined(heads)),
    };
    let what = if plan.steps.is_empty() {
        "nothing to do, at"
    } else {
        "then at"
    };
    printer.line(&format!("{what} {end}"))
}

/// One question; without `revisions` it is about the same history as the one before.
#[derive(Deserialize)]
struct Question {
    revisions: Option<Vec<QuestionRevision>>,
    #[serde(default)]
    current: Vec<String>,
    verb: Way,
    targets: Vec<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct QuestionRevision {
    id: String,
    parents: Vec<String>,
    depends_on: Vec<String>,
    labels: Vec<String>,
}

/// Answers questions until there are no more.
fn answer(printer: &mut Printer) -> Result<ExitStatus, Problem> {
    let mut history = History::new(Vec::new()).map_err(Problem::from);
    for line in std::io::stdin().lock().lines() {
        let unread = |error: String| Problem::new("usage", format!("no question: {error}"));
        let line = line.map_err(|error| unread(error.to_string()))?;
        let question: Question =
            serde_json::from_str(&line).map_err(|error| unread(error.to_string()))?;
        if let Some(revisions) = &question.revisions {
            history = stated(revisions);
        }
        let text = match history
            .as_ref()
            .map_err(Clone::clone)
            .and_then(|history| answered(history, &question))
        {
            Ok(text) => text,
            Err(problem) => compact(&problem.to_json())?,
        };
        printer.line(&text)?;
        printer.finish()?;
    }
    Ok(ExitStatus::Done)
}

fn answered(history: &History, question: &Question) -> Result<String, Problem> {
    let current: Vec<RevisionId> = question
        .current
        .iter()
        .map(RevisionId::from_database)
        .collect();
    let targets: Vec<&str> = question.targets.iter().map(String::as_str).collect();
    match question.verb {
        Way::Labels => {
            let labels: Vec<&[String]> =
                current.iter().map(|id| history.branch_labels(id)).collect();
            compact(&serde_json::json!({ "labels": labels }))
        }
        Way::Range => {
            let found = history.range(targets.first().copied().unwrap_or_default(), &current)?;
            compact(&RangeJson {
                revisions: strings(&found),
            })
        }
        way => compact(&json(&plan(history, way, &current, &targets)?)),
    }
}

fn compact(document: &impl serde::Serialize) -> Result<String, Problem> {
    serde_json::to_string(document).map_err(|error| Problem::internal(error.to_string()))
}

fn stated(revisions: &[QuestionRevision]) -> Result<History, Problem> {
    let mut read = Vec::new();
    for one in revisions {
        // A TOML list of these texts is written as JSON writes it.
        let text = format!(
            "-- aludel: revision = {:?}\n-- aludel: parents = {:?}\n-- aludel: depends-on = {:?}\n\
             -- aludel: labels = {:?}\n-- aludel: upgrade\n-- aludel: downgrade\n",
            one.id, one.parents, one.depends_on, one.labels
        );
        let path = PathBuf::from(format!("{}.sql", one.id));
        read.push(Revision::from_bytes(path, text.as_bytes())?);
    }
    Ok(History::new(read)?)
}
