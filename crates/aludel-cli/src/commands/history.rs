//! `aludel history`: the revisions, newest first.

use std::collections::BTreeSet;

use aludel_revision::{Revision, RevisionId};
use aludel_runner::Runner;
use clap::Args;

use crate::context::Context;
use crate::database::{self, Access};
use crate::listing::{Line, Listing};
use crate::running::settings;
use crate::runtime::block_on;
use crate::ui::exit::ExitStatus;
use crate::ui::json::{FORMAT, HistoryJson};
use crate::ui::printer::Printer;
use crate::ui::problem::Problem;

/// Show the revisions, newest first; -v for the long form
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  aludel history\n  aludel history -i\n  aludel history -r 1975:head"
)]
pub(crate) struct HistoryArgs {
    /// Only from START to END, both included; either may be left out
    #[arg(short, long, value_name = "START:END")]
    rev_range: Option<String>,
    /// Mark what the database is at
    #[arg(short, long)]
    indicate_current: bool,
}

pub(crate) fn run(
    args: &HistoryArgs,
    context: &Context,
    printer: &mut Printer,
) -> Result<ExitStatus, Problem> {
    let history = context.headers()?;
    let current = if args.indicate_current {
        block_on(async {
            let database = database::open(context, Access::Read).await?;
            let runner = Runner::new(&database.session, &history, settings(context.project()?));
            Ok(runner.current().await?)
        })?
    } else {
        Vec::new()
    };
    let listing = Listing::new(&history, &current);
    let mut revisions = listing.newest_first();
    if let Some(range) = &args.rev_range {
        let wanted: BTreeSet<RevisionId> = history.range(range, &current)?.into_iter().collect();
        revisions.retain(|revision| wanted.contains(revision.id()));
    }
    print(&listing, &revisions, printer)?;
    Ok(ExitStatus::Done)
}

fn print(
    listing: &Listing<'_>,
    revisions: &[&Revision],
    printer: &mut Printer,
) -> Result<(), Problem> {
    if printer.is_json() {
        let revisions = revisions
            .iter()
            .map(|revision| listing.json(revision))
            .collect();
        return printer.json(&HistoryJson {
            format: FORMAT,
            revisions,
        });
    }
    let theme = printer.theme();
    for revision in revisions {
        if printer.is_verbose() {
            printer.line(&listing.block(revision, theme))?;
        } else {
            printer.line(&listing.line(revision, Line::History, theme))?;
        }
    }
    Ok(())
}
