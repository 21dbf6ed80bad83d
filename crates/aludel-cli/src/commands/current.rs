//! `aludel current`: the revisions the database is at.

use aludel_revision::RevisionId;
use aludel_runner::Runner;
use clap::Args;

use crate::context::Context;
use crate::database::{self, Access};
use crate::listing::{Line, Listing};
use crate::running::settings;
use crate::runtime::block_on;
use crate::ui::exit::ExitStatus;
use crate::ui::json::{CurrentJson, FORMAT};
use crate::ui::printer::Printer;
use crate::ui::problem::Problem;

/// Show the revisions the database is at; -v for the long form
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  aludel current\n  aludel current --check-heads")]
pub(crate) struct CurrentArgs {
    /// Exit with 1 unless the database is at every head
    #[arg(short = 'H', long)]
    check_heads: bool,
}

pub(crate) fn run(
    args: &CurrentArgs,
    context: &Context,
    printer: &mut Printer,
) -> Result<ExitStatus, Problem> {
    let history = context.headers()?;
    let (current, url) = block_on(async {
        let database = database::open(context, Access::Read).await?;
        let runner = Runner::new(&database.session, &history, settings(context.project()?));
        Ok((runner.current().await?, database.url))
    })?;
    let listing = Listing::new(&history, &current);
    let is_at_head = history.pending(&current)?.is_empty();
    let revisions = current.iter().filter_map(|id: &RevisionId| history.get(id));
    if printer.is_json() {
        printer.json(&CurrentJson {
            format: FORMAT,
            database: url.to_string(),
            current: revisions.map(|revision| listing.json(revision)).collect(),
            is_at_head,
        })?;
    } else {
        if printer.is_verbose() {
            printer.line(&format!("Current revision(s) for {url}:"))?;
        }
        let theme = printer.theme();
        for revision in revisions {
            let text = if printer.is_verbose() {
                listing.block(revision, theme)
            } else {
                listing.line(revision, Line::Current, theme)
            };
            printer.line(&text)?;
        }
    }
    if args.check_heads && !is_at_head {
        printer.say("the database is not at every head");
        printer.hint("aludel upgrade heads");
        return Ok(ExitStatus::No);
    }
    Ok(ExitStatus::Done)
}
