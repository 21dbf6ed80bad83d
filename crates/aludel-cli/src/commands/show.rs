//! `aludel show`: revisions in their long form.

use aludel_sql::covered;
use clap::Args;

use crate::completion;
use crate::context::{Context, find_revisions};
use crate::database::current_if_named;
use crate::listing::Listing;
use crate::ui::exit::ExitStatus;
use crate::ui::json::{FORMAT, HistoryJson};
use crate::ui::printer::Printer;
use crate::ui::problem::Problem;

/// Show a revision: what it follows, where its file is; -v for the file itself
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  aludel show head\n  aludel show ae10 -v\n  aludel show current\n  aludel show shoppingcart@head-1"
)]
pub(crate) struct ShowArgs {
    /// Id, its beginning, label, head, heads, current or steps such as head-2
    #[arg(default_value = "head", value_name = "REVISION", add = completion::revisions())]
    revision: String,
}

pub(crate) fn run(
    args: &ShowArgs,
    context: &Context,
    printer: &mut Printer,
) -> Result<ExitStatus, Problem> {
    let history = context.headers()?;
    let current = current_if_named(context, &history, &args.revision)?;
    let revisions = find_revisions(&history, &args.revision, &current)?;
    let listing = Listing::new(&history, &current);
    if printer.is_json() {
        let revisions = revisions
            .into_iter()
            .map(|revision| listing.json(revision))
            .collect();
        printer.json(&HistoryJson {
            format: FORMAT,
            revisions,
        })?;
        return Ok(ExitStatus::Done);
    }
    for revision in revisions {
        let block = listing.block(revision, printer.theme());
        printer.line(&block)?;
        if printer.is_verbose() {
            let text = fs_err::read_to_string(&revision.path).map_err(|error| {
                Problem::new("history", error.to_string())
                    .hint("give yourself the right to read it, and run the command again")
            })?;
            printer.text(&covered(&text))?;
        }
    }
    Ok(ExitStatus::Done)
}
