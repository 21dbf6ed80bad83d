//! `aludel check`: are the models ahead of the history, is the database behind, or drifted?

use aludel_catalog::Catalog;
use aludel_diff::{SpokenFor, complete};
use aludel_plan::PlanOptions;
use aludel_postgres::LocalState;
use aludel_revision::{History, Revision, RevisionId};
use aludel_runner::Runner;
use clap::Args;

use crate::answers::Said;
use crate::autogenerate::generate;
use crate::catalogs::{Catalogs, same_major};
use crate::config::database::{self as choice, UrlSource};
use crate::context::Context;
use crate::database::{self, Access};
use crate::listing::joined;
use crate::running::{counted, settings};
use crate::runtime::block_on;
use crate::strict::StrictArgs;
use crate::ui::exit::ExitStatus;
use crate::ui::json::{CheckJson, FORMAT};
use crate::ui::printer::Printer;
use crate::ui::problem::Problem;
use crate::warnings;

/// Check that models, history and database agree
///
/// Three questions: do the models have what the history lacks, is the database behind the history, and
/// does the database differ from what its revisions made (drift). Exits with 1 if any answer is yes, or
/// when the history has several heads.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  aludel check\n  aludel check --no-database")]
pub(crate) struct CheckArgs {
    /// Compare the models with the history only
    #[arg(long)]
    no_database: bool,
    #[command(flatten)]
    strict: StrictArgs,
}

/// The answers.
#[derive(Default)]
struct Answers {
    /// What the models have and the history lacks; `None` when the project has no models.
    models: Option<Vec<String>>,
    /// Revisions the database lacks, and how it differs from those it has; `None` when none was asked.
    database: Option<(Vec<RevisionId>, Vec<String>)>,
}

pub(crate) fn run(
    args: &CheckArgs,
    context: &Context,
    printer: &mut Printer,
) -> Result<ExitStatus, Problem> {
    let history = context.headers()?;
    let answers = block_on(ask(args, context, &history, printer))?;
    let heads: Vec<RevisionId> = history
        .heads()
        .iter()
        .map(|head| head.id().clone())
        .collect();
    let is_yes = heads.len() < 2
        && answers.models.as_ref().is_none_or(Vec::is_empty)
        && answers
            .database
            .as_ref()
            .is_none_or(|(pending, drift)| pending.is_empty() && drift.is_empty());
    if printer.is_json() {
        let database = answers.database.as_ref();
        printer.json(&CheckJson {
            format: FORMAT,
            is_clean: is_yes,
            heads: heads.iter().map(ToString::to_string).collect(),
            models_ahead: answers.models.clone(),
            pending: database.map(|(pending, _)| pending.iter().map(ToString::to_string).collect()),
            drift: database.map(|(_, drift)| drift.clone()),
        })?;
    } else {
        if heads.len() > 1 {
            printer.line(&format!(
                "history   has {} heads: {}",
                heads.len(),
                joined(&heads)
            ))?;
            printer.hint("aludel merge heads -m \"merge\"");
        }
        print(&answers, printer)?;
    }
    Ok(if is_yes {
        ExitStatus::Done
    } else {
        ExitStatus::No
    })
}

async fn ask(
    args: &CheckArgs,
    context: &Context,
    history: &History,
    printer: &mut Printer,
) -> Result<Answers, Problem> {
    let project = context.project()?;
    let mut answers = Answers::default();
    let nowhere = args.no_database || project.is_placeholder();
    let database = if nowhere || is_not_made_yet(context).await? {
        None
    } else {
        Some(database::open(context, Access::Read).await?)
    };
    let major = database
        .as_ref()
        .map(|database| database.session.server_version_num() / 10_000);
    let catalogs = Catalogs::new(project, major)?;
    if !project.models.sources.is_empty() {
        let generated = generate(
            &catalogs,
            history,
            &Said::default(),
            &PlanOptions::default(),
            args.strict,
            printer,
        )
        .await?;
        answers.models = Some(generated.detected);
    }
    if let Some(database) = &database {
        let runner = Runner::new(&database.session, history, settings(project));
        let current = runner.current().await?;
        let found = catalogs.session(&database.session).await?;
        warnings::unmodelled(&[&found], args.strict, printer)?;
        let drift = drift(&catalogs, &found, history, &current).await?;
        answers.database = Some((history.pending(&current)?, drift));
    }
    catalogs.stop().await?;
    Ok(answers)
}

/// What the database has otherwise than its own revisions made it.
async fn drift(
    catalogs: &Catalogs<'_>,
    found: &Catalog,
    history: &History,
    current: &[RevisionId],
) -> Result<Vec<String>, Problem> {
    let applied = history.applied(current)?;
    let revisions: Vec<&Revision> = applied.iter().filter_map(|id| history.get(id)).collect();
    let mut expected = catalogs.revisions(&revisions).await?;
    same_major(found, &expected)?;
    complete(
        found,
        &mut expected,
        &catalogs.managed(SpokenFor::Everything),
    );
    keep_unstated_grants(found, &mut expected);
    Ok(aludel_prove::differences(found, &expected))
}

/// Grants count only where the history states one.
fn keep_unstated_grants(found: &Catalog, expected: &mut Catalog) {
    for object in expected
        .objects
        .values_mut()
        .filter(|object| object.grants.is_default())
    {
        if let Some(found) = found.get(&object.id) {
            object.grants.clone_from(&found.grants);
        }
    }
}

/// Asking about a local database that nobody made yet would make it.
async fn is_not_made_yet(context: &Context) -> Result<bool, Problem> {
    let project = context.project()?;
    let (_, source) = choice::choose(project, context.global.database_url.as_deref());
    Ok(source == UrlSource::Local
        && database::local(project).status().await.state == LocalState::Absent)
}

fn print(answers: &Answers, printer: &mut Printer) -> Result<(), Problem> {
    match &answers.models {
        None => printer.line("models    none are configured")?,
        Some(changes) if changes.is_empty() => printer.line("models    agree with the history")?,
        Some(changes) => {
            printer.line(&format!(
                "models    ahead of the history by {}:",
                counted(changes.len(), "change")
            ))?;
            for change in changes {
                printer.line(&format!("  {change}"))?;
            }
            printer.hint("aludel revision --autogenerate -m \"…\"");
        }
    }
    let Some((pending, drift)) = &answers.database else {
        printer.line("database  not asked")?;
        return Ok(());
    };
    if pending.is_empty() {
        printer.line("database  has every revision")?;
    } else {
        printer.line(&format!(
            "database  behind by {}",
            counted(pending.len(), "revision")
        ))?;
        printer.hint("aludel upgrade");
    }
    if drift.is_empty() {
        return printer.line("drift     none: the database is as its revisions made it");
    }
    printer.line(&format!(
        "drift     {}:",
        counted(drift.len(), "difference")
    ))?;
    for difference in drift {
        printer.line(&format!("  {difference}"))?;
    }
    printer.hint("aludel diff --from \"$DATABASE_URL\" --to head shows the SQL; put the change into a revision or undo it by hand");
    Ok(())
}
