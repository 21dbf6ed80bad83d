//! `aludel history`: the revisions, newest first.

use std::collections::BTreeSet;

use aludel_revision::{History, Revision, RevisionId};
use aludel_runner::Runner;
use clap::Args;

use crate::context::{Context, find_revisions};
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
        let wanted = in_range(&history, range)?;
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

/// The revisions between two: what leads to the end, without what came before the start.
fn in_range(history: &History, range: &str) -> Result<BTreeSet<RevisionId>, Problem> {
    let Some((start, end)) = range.split_once(':') else {
        return Err(Problem::new("range", format!("\"{range}\" is no range"))
            .hint("write START:END, START: or :END"));
    };
    let end = if end.is_empty() { "heads" } else { end };
    let mut wanted = BTreeSet::new();
    for revision in find_revisions(history, end)? {
        wanted.extend(lineage(history, revision));
    }
    if !matches!(start, "" | "base") {
        for revision in find_revisions(history, start)? {
            for before in lineage(history, revision)
                .iter()
                .filter(|before| *before != revision.id())
            {
                wanted.remove(before);
            }
        }
    }
    Ok(wanted)
}

/// A revision and all that must come before it.
fn lineage(history: &History, revision: &Revision) -> BTreeSet<RevisionId> {
    let mut seen = BTreeSet::new();
    let mut waiting = vec![revision.id()];
    while let Some(id) = waiting.pop() {
        let Some(revision) = history.get(id).filter(|_| seen.insert(id.clone())) else {
            continue;
        };
        waiting.extend(&revision.header.parents);
        waiting.extend(&revision.header.depends_on);
    }
    seen
}
