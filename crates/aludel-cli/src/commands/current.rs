//! `aludel current`: the revisions the database is at.

use aludel_revision::{Revision, RevisionId};
use clap::Args;

use crate::context::Context;
use crate::database::{self, Access};
use crate::listing::{Line, Listing, strings};
use crate::running::settings;
use crate::runtime::block_on;
use crate::tenants::{TenantArgs, standing};
use crate::ui::exit::ExitStatus;
use crate::ui::json::{CurrentJson, FORMAT};
use crate::ui::printer::Printer;
use crate::ui::problem::Problem;

/// Show the revisions the database is at; -v for the long form
///
/// Rows of the version table that no file is are shown too, with the way out.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  aludel current\n  aludel current -v\n  aludel current --check-heads"
)]
pub(crate) struct CurrentArgs {
    /// Exit with 1 unless the database has every head; also -c behind the verb
    #[arg(long)]
    check_heads: bool,
    #[command(flatten)]
    tenants: TenantArgs,
}

pub(crate) fn run(
    args: &CurrentArgs,
    context: &Context,
    printer: &mut Printer,
) -> Result<ExitStatus, Problem> {
    let history = context.headers()?;
    if let Some((places, status)) = standing::places(context, &args.tenants, &history, printer)? {
        standing::print_current(&places, printer)?;
        let is_no = args.check_heads && !standing::are_at_head(&places);
        return Ok(if status == ExitStatus::Done && is_no {
            printer.say("not every schema is at every head");
            printer.hint("aludel upgrade heads");
            ExitStatus::No
        } else {
            status
        });
    }
    let settings = settings(context.project()?);
    let (rows, url) = block_on(async {
        let database = database::open(context, Access::Read).await?;
        let rows = database::rows(&database, &history, settings).await?;
        Ok((rows, database.url))
    })?;
    let (known, unknown): (Vec<RevisionId>, Vec<RevisionId>) = rows
        .into_iter()
        .partition(|row| history.standing_for(row).is_some());
    let listing = Listing::new(&history, &[]);
    let is_at_head = unknown.is_empty() && history.pending(&known)?.is_empty();
    let applied = history.applied_heads(&known)?;
    let revisions: Vec<&Revision> = applied.iter().filter_map(|id| history.get(id)).collect();
    if printer.is_json() {
        let listing = Listing::new(&history, &known);
        printer.json(&CurrentJson {
            format: FORMAT,
            database: url.to_string(),
            current: revisions.iter().map(|one| listing.json(one)).collect(),
            no_such_revision: strings(&unknown),
            is_at_head,
        })?;
    } else {
        if printer.is_verbose() {
            printer.line(&format!("Current revision(s) for {url}:"))?;
        }
        listing.print(revisions, Line::Current, printer)?;
        for row in &unknown {
            printer.line(&format!("{row} (no such revision)"))?;
        }
    }
    database::warn_of_unknown(&unknown, printer);
    if args.check_heads && !is_at_head {
        printer.say("the database is not at every head");
        printer.hint("aludel upgrade heads");
        return Ok(ExitStatus::No);
    }
    Ok(ExitStatus::Done)
}
