//! `aludel stamp`: records revisions as applied without running them.

use aludel_revision::{History, RevisionId};
use aludel_runner::{Events, Runner, StampOptions, stamp_script};
use clap::Args;

use crate::completion;
use crate::context::Context;
use crate::database::{self, Access};
use crate::running::{STAMPED, report, settings};
use crate::runtime::{block_on_to_the_end, until_interrupted};
use crate::tenants::{self, TenantArgs};
use crate::ui::exit::ExitStatus;
use crate::ui::printer::Printer;
use crate::ui::problem::Problem;
use crate::ui::progress::Progress;

/// Record revisions as applied without running them
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  aludel stamp head\n  aludel stamp base\n  aludel stamp --purge ae10\n  aludel stamp --sql ae10:head"
)]
pub(crate) struct StampArgs {
    /// Ids, their beginnings, labels, head, heads or base; with --sql also START:END
    #[arg(required = true, value_name = "REVISION", add = completion::targets())]
    revisions: Vec<String>,
    /// Empty the version table first, whatever stands in it
    #[arg(long, conflicts_with = "sql")]
    purge: bool,
    /// Name the run; a script says it in a comment
    #[arg(long, value_name = "TEXT")]
    tag: Option<String>,
    /// Print the script for psql instead of running it; no database is asked
    #[arg(long)]
    sql: bool,
    #[command(flatten)]
    tenants: TenantArgs,
}

pub(crate) fn run(
    args: &StampArgs,
    context: &Context,
    printer: &mut Printer,
) -> Result<ExitStatus, Problem> {
    let history = context.headers()?;
    let targets: Vec<&str> = args.revisions.iter().map(String::as_str).collect();
    if args.sql {
        tenants::refuse_script(context)?;
        let settings = settings(context.project()?);
        let (start, targets) = script_range(&history, &targets)?;
        let tag = args.tag.as_deref();
        printer.text(&stamp_script(&history, &settings, &start, &targets, tag)?)?;
        return Ok(ExitStatus::Done);
    }
    if let Some(status) = stamp_several(args, &history, context, printer)? {
        return Ok(status);
    }
    let settings = tenants::settings(context, false)?;
    let outcome = block_on_to_the_end(async {
        let database = database::open(context, Access::Write).await?;
        let runner = Runner::new(&database.session, &history, settings);
        let options = StampOptions { purge: args.purge };
        let mut progress = Progress::new(printer);
        let mut events = |event: &_| progress.event(event);
        until_interrupted(
            runner.canceller(),
            Box::pin(runner.stamp(&targets, options, &mut events)),
        )
        .await
    })?;
    report(STAMPED, &outcome, printer)?;
    Ok(ExitStatus::Done)
}

/// The same in the schemas of tenants; `None` when the history is run once.
fn stamp_several(
    args: &StampArgs,
    history: &History,
    context: &Context,
    printer: &mut Printer,
) -> Result<Option<ExitStatus>, Problem> {
    let settings = tenants::settings(context, false)?;
    let targets: Vec<&str> = args.revisions.iter().map(String::as_str).collect();
    let options = StampOptions { purge: args.purge };
    let work = async |runner: &Runner<'_>, events: &mut Events<'_>| {
        runner.stamp(&targets, options, events).await
    };
    tenants::in_each(
        context,
        &args.tenants,
        history,
        settings,
        printer,
        STAMPED,
        work,
    )
}

/// The one start of a script and what it stamps; without a start it is the base.
fn script_range<'t>(
    history: &History,
    targets: &[&'t str],
) -> Result<(Vec<RevisionId>, Vec<&'t str>), Problem> {
    let mut starts: Vec<&str> = Vec::new();
    let mut ends = Vec::new();
    let mut start = Vec::new();
    for target in targets {
        if let Some((text, _)) = target.split_once(':') {
            starts.push(text);
        }
        let (begin, end) = history.script_range(target)?;
        if target.contains(':') {
            start = begin;
        }
        ends.push(end);
    }
    starts.dedup();
    if starts.len() > 1 {
        let primary = "a script starts at one place, and several are named";
        return Err(Problem::new("range", primary).hint(format!(
            "aludel stamp --sql {}:{}",
            starts[0],
            ends.join(" ")
        )));
    }
    Ok((start, ends))
}
