//! `aludel heads`: the revisions no other revision follows.

use clap::Args;

use crate::context::Context;
use crate::listing::{Line, Listing};
use crate::ui::exit::ExitStatus;
use crate::ui::json::{FORMAT, HeadsJson};
use crate::ui::printer::Printer;
use crate::ui::problem::Problem;

/// Show the heads of the history; -v for the long form
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  aludel heads\n  aludel heads --format json")]
pub(crate) struct HeadsArgs {}

pub(crate) fn run(
    _args: &HeadsArgs,
    context: &Context,
    printer: &mut Printer,
) -> Result<ExitStatus, Problem> {
    let history = context.headers()?;
    let listing = Listing::new(&history, &[]);
    let heads = history.heads();
    if printer.is_json() {
        let heads = heads.into_iter().map(|head| listing.json(head)).collect();
        printer.json(&HeadsJson {
            format: FORMAT,
            heads,
        })?;
        return Ok(ExitStatus::Done);
    }
    for head in heads {
        let theme = printer.theme();
        let text = if printer.is_verbose() {
            listing.block(head, theme)
        } else {
            listing.line(head, Line::Head, theme)
        };
        printer.line(&text)?;
    }
    Ok(ExitStatus::Done)
}
