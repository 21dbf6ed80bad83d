//! `aludel downgrade`: takes revisions back, after saying what that would lose.

use std::cell::RefCell;

use aludel_revision::History;
use aludel_runner::{DowngradeLoss, Events, LossPolicy, Outcome, Runner, downgrade_script};
use clap::Args;

use crate::completion;
use crate::context::Context;
use crate::database::{self, Access};
use crate::running::{report, settings};
use crate::runtime::{block_on_to_the_end, until_interrupted};
use crate::tenants::{self, TenantArgs};
use crate::ui::exit::ExitStatus;
use crate::ui::printer::Printer;
use crate::ui::problem::Problem;
use crate::ui::progress::Progress;

/// Take revisions back until the target is the last one applied
///
/// Rows and values that would be lost are counted and shown first. On a terminal the loss must be
/// confirmed; elsewhere it needs --allow-data-loss.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  aludel downgrade -1\n  aludel downgrade base --allow-data-loss\n  aludel downgrade --sql head:-1"
)]
pub(crate) struct DowngradeArgs {
    /// Id, its beginning, label, base, -N, label@-N, rev-N; with --sql START:END
    #[arg(value_name = "TARGET", allow_negative_numbers = true, add = completion::targets())]
    target: String,
    /// Run although data is lost
    #[arg(long)]
    allow_data_loss: bool,
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
    args: &DowngradeArgs,
    context: &Context,
    printer: &mut Printer,
) -> Result<ExitStatus, Problem> {
    let history = context.headers()?;
    if args.sql {
        tenants::refuse_script(context)?;
        let settings = settings(context.project()?);
        if !args.target.contains(':') {
            return Err(
                Problem::new("range", "downgrade --sql needs to know where it starts")
                    .hint(format!("aludel downgrade --sql head:{}", args.target)),
            );
        }
        let (start, target) = history.script_range(&args.target)?;
        printer.text(&downgrade_script(
            &history,
            &settings,
            &start,
            target,
            args.tag.as_deref(),
        )?)?;
        return Ok(ExitStatus::Done);
    }
    if let Some(status) = take_back_in_several(args, &history, context, printer)? {
        return Ok(status);
    }
    let outcome = context.with_kept(&history, printer, |history, printer| {
        take_back(args, history, context, printer)
    })?;
    report("took back", &outcome, printer)?;
    Ok(ExitStatus::Done)
}

fn take_back(
    args: &DowngradeArgs,
    history: &History,
    context: &Context,
    printer: &mut Printer,
) -> Result<Outcome, Problem> {
    let settings = tenants::settings(context, false)?;
    block_on_to_the_end(async {
        let database = database::open(context, Access::Write).await?;
        let runner = Runner::new(&database.session, history, settings);
        // Two closures need it, never at once: one shows events, one asks.
        let progress = RefCell::new(Progress::new(printer));
        let mut events = |event: &_| progress.borrow_mut().event(event);
        let mut ask = |losses: &[DowngradeLoss]| progress.borrow_mut().confirm_loss(losses);
        let policy = if args.allow_data_loss {
            LossPolicy::Allow
        } else if progress.borrow().can_ask() {
            LossPolicy::Ask(&mut ask)
        } else {
            LossPolicy::Refuse
        };
        until_interrupted(
            runner.canceller(),
            Box::pin(runner.downgrade(&args.target, policy, &mut events)),
        )
        .await
    })
}

/// The same in the schemas of tenants; `None` when the history is run once. Nobody is asked: what is lost in one of many is
/// either meant for all or for none.
fn take_back_in_several(
    args: &DowngradeArgs,
    history: &History,
    context: &Context,
    printer: &mut Printer,
) -> Result<Option<ExitStatus>, Problem> {
    let settings = tenants::settings(context, false)?;
    let work = async |runner: &Runner<'_>, events: &mut Events<'_>| {
        let policy = if args.allow_data_loss {
            LossPolicy::Allow
        } else {
            LossPolicy::Refuse
        };
        runner.downgrade(&args.target, policy, events).await
    };
    tenants::in_each(
        context,
        &args.tenants,
        history,
        settings,
        printer,
        "took back",
        work,
    )
}
