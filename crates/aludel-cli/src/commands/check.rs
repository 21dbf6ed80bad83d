//! `aludel check`: are the models ahead of the history, is the database behind, or drifted?

use aludel_plan::PlanOptions;
use aludel_postgres::LocalState;
use aludel_revision::{History, RevisionId};
use aludel_runner::Runner;
use clap::Args;

use crate::answers::Said;
use crate::autogenerate::generate;
use crate::catalogs::Catalogs;
use crate::config::database as choice;
use crate::context::Context;
use crate::database::{self, Access};
use crate::drift::drift;
use crate::listing::joined;
use crate::running::{counted, settings};
use crate::runtime::block_on;
use crate::strict::StrictArgs;
use crate::tenants::drift::{SchemaDrift, SchemaDriftJson};
use crate::tenants::{self, Ended, tell_failures};
use crate::ui::exit::ExitStatus;
use crate::ui::json::{CheckJson, FORMAT};
use crate::ui::printer::Printer;
use crate::ui::problem::Problem;
use crate::warnings;

/// Check that models, history and database agree
///
/// Three questions: do the models have what the history lacks, is the database behind the history, and
/// does the database differ from what its revisions made (drift). Exits with 1 if any answer is yes, or
/// when the history has several heads. A history for tenants is looked for in every schema that [tenants] names.
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
    /// The same for each schema of tenants; `None` when the history is run once.
    schemas: Option<Vec<Ended<SchemaDrift>>>,
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
            .is_none_or(|(pending, drift)| pending.is_empty() && drift.is_empty())
        && answers
            .schemas
            .iter()
            .flatten()
            .all(|one| matches!(&one.result, Some(Ok(found)) if found.is_clean()));
    if printer.is_json() {
        let database = answers.database.as_ref();
        printer.json(&CheckJson {
            format: FORMAT,
            is_clean: is_yes,
            heads: heads.iter().map(ToString::to_string).collect(),
            models_ahead: answers.models.clone(),
            pending: database.map(|(pending, _)| pending.iter().map(ToString::to_string).collect()),
            drift: database.map(|(_, drift)| drift.clone()),
            schemas: answers
                .schemas
                .as_ref()
                .map(|ended| ended.iter().map(SchemaDriftJson::new).collect()),
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
    let failed = answers.schemas.as_deref();
    let failed = failed.map_or(ExitStatus::Done, |ended| tell_failures(ended, printer));
    Ok(if failed != ExitStatus::Done {
        failed
    } else if is_yes {
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
    let is_for_tenants = project.is_placeholder();
    let nowhere = args.no_database || is_for_tenants && !names_schemas(context)?;
    let database = if nowhere || is_not_made_yet(context).await? {
        None
    } else if is_for_tenants {
        Some(database::connect(context, Access::Read).await?)
    } else {
        let opened = database::open(context, Access::Read).await;
        Some(
            opened
                .map_err(|problem| problem.hint("the models alone: aludel check --no-database"))?,
        )
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
    if let Some(database) = database.as_ref().filter(|_| is_for_tenants) {
        let session = &database.session;
        let schemas = tenants::drift::in_each(context, history, session, &catalogs).await?;
        answers.schemas = Some(schemas);
    } else if let Some(database) = &database {
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

/// Whether the settings or the command line say in which schemas a history for tenants is run.
fn names_schemas(context: &Context) -> Result<bool, Problem> {
    let tenancy = context.project()?.tenancy.as_ref();
    let has_query = tenancy.is_some_and(|tenancy| tenancy.query.is_some());
    Ok(has_query || !context.global.schema.is_empty())
}

/// Asking about a local database that nobody made yet would make it.
async fn is_not_made_yet(context: &Context) -> Result<bool, Problem> {
    let project = context.project()?;
    let (_, source) = choice::choose(project, context.global.database_url.as_deref());
    Ok(source.is_local() && database::local(project).status().await.state == LocalState::Absent)
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
    if let Some(schemas) = &answers.schemas {
        return tenants::drift::print(schemas, printer);
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
