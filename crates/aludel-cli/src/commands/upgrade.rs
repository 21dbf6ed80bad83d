//! `aludel upgrade`: applies revisions to the database, or prints the script that would.

use aludel_revision::{Action, History, RevisionId};
use aludel_runner::{Events, Gate, Outcome, Runner, UpgradeOptions, upgrade_script};
use clap::Args;

use crate::completion;
use crate::context::Context;
use crate::database::{self, Access};
use crate::head_file;
use crate::running::{report, settings};
use crate::runtime::{block_on_to_the_end, until_interrupted};
use crate::tenants::{self, TenantArgs};
use crate::ui::exit::ExitStatus;
use crate::ui::printer::Printer;
use crate::ui::problem::Problem;
use crate::ui::progress::Progress;

/// Apply revisions to the database, up to a target
///
/// One upgrade runs at a time; a second one waits and says for whom. A statement that loses data runs
/// only when the header of its revision allows that loss. Ctrl-C rolls back what runs and says where
/// the database is.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  aludel upgrade\n  aludel upgrade +1\n  aludel upgrade ae10\n  aludel upgrade --sql > upgrade.sql\n  aludel upgrade --sql 1975:head"
)]
pub(crate) struct UpgradeArgs {
    /// Id, its beginning, label, head, heads, +N, label@head, rev+N; with --sql also START:END
    #[arg(
        default_value = "head",
        value_name = "TARGET",
        allow_negative_numbers = true, add = completion::targets())]
    target: String,
    /// Name the run; a script says it in a comment
    #[arg(long, value_name = "TEXT")]
    tag: Option<String>,
    /// Print the script for psql instead of running it; no database is asked
    #[arg(long)]
    sql: bool,
    /// Create the schemas that are missing before anything else
    #[arg(long)]
    create_schema: bool,
    #[command(flatten)]
    tenants: TenantArgs,
}

pub(crate) fn run(
    args: &UpgradeArgs,
    context: &Context,
    printer: &mut Printer,
) -> Result<ExitStatus, Problem> {
    let history = context.headers()?;
    head_file::refuse_conflict(context, &history)?;
    if args.sql {
        tenants::refuse_script(context)?;
        let settings = settings(context.project()?);
        let (start, target) = history.script_range(&args.target)?;
        refuse_downwards(&history, &args.target, &start, target)?;
        printer.text(&upgrade_script(
            &history,
            &settings,
            &start,
            target,
            Gate::Closed,
            args.tag.as_deref(),
        )?)?;
        return Ok(ExitStatus::Done);
    }
    if let Some(status) = apply_to_several(args, &history, context, printer)? {
        return Ok(status);
    }
    let outcome = context.with_kept(&history, printer, |history, printer| {
        apply(args, history, context, printer)
    })?;
    report("upgraded", &outcome, printer)?;
    Ok(ExitStatus::Done)
}

/// A script that goes down is another command's.
fn refuse_downwards(
    history: &History,
    range: &str,
    start: &[RevisionId],
    target: &str,
) -> Result<(), Problem> {
    let plan = history.plan_toward(start, target)?;
    if plan
        .steps
        .iter()
        .all(|step| step.action != Action::Downgrade)
    {
        return Ok(());
    }
    Err(Problem::new("wrong-way", format!("\"{range}\" leads down"))
        .hint(format!("aludel downgrade --sql {range}")))
}

fn apply(
    args: &UpgradeArgs,
    history: &History,
    context: &Context,
    printer: &mut Printer,
) -> Result<Outcome, Problem> {
    let settings = tenants::settings(context, args.create_schema)?;
    block_on_to_the_end(async {
        let database = database::open(context, Access::Write).await?;
        let runner = Runner::new(&database.session, history, settings);
        let mut progress = Progress::new(printer);
        let mut events = |event: &_| progress.event(event);
        let options = UpgradeOptions::default();
        until_interrupted(
            runner.canceller(),
            Box::pin(runner.upgrade(&args.target, &options, &mut events)),
        )
        .await
    })
}

/// The same in the schemas of tenants; `None` when the history is run once.
fn apply_to_several(
    args: &UpgradeArgs,
    history: &History,
    context: &Context,
    printer: &mut Printer,
) -> Result<Option<ExitStatus>, Problem> {
    let settings = tenants::settings(context, args.create_schema)?;
    let options = UpgradeOptions::default();
    let work = async |runner: &Runner<'_>, events: &mut Events<'_>| {
        runner.upgrade(&args.target, &options, events).await
    };
    tenants::in_each(
        context,
        &args.tenants,
        history,
        settings,
        printer,
        "upgraded",
        work,
    )
}
