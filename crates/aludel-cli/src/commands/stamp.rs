//! `aludel stamp`: records revisions as applied without running them.

use aludel_runner::{Runner, StampOptions};
use clap::Args;

use crate::context::Context;
use crate::database::{self, Access};
use crate::running::{STAMPED, report, settings};
use crate::runtime::{block_on_to_the_end, until_interrupted};
use crate::ui::exit::ExitStatus;
use crate::ui::printer::Printer;
use crate::ui::problem::Problem;
use crate::ui::progress::Progress;

/// Record revisions as applied without running them
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  aludel stamp head\n  aludel stamp base\n  aludel stamp --purge ae10"
)]
pub(crate) struct StampArgs {
    /// Ids, unique prefixes, head, heads or base
    #[arg(required = true, value_name = "REVISION")]
    revisions: Vec<String>,
    /// Empty the version table first, whatever stands in it
    #[arg(long)]
    purge: bool,
}

pub(crate) fn run(
    args: &StampArgs,
    context: &Context,
    printer: &mut Printer,
) -> Result<ExitStatus, Problem> {
    let history = context.headers()?;
    let settings = settings(context.project()?);
    let outcome = block_on_to_the_end(async {
        let database = database::open(context, Access::Write).await?;
        let runner = Runner::new(&database.session, &history, settings);
        let targets: Vec<&str> = args.revisions.iter().map(String::as_str).collect();
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
