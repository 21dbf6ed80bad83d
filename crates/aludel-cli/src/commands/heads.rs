//! `aludel heads`: the revisions no other revision follows.

use clap::Args;

use crate::context::Context;
use crate::head_file;
use crate::listing::{Line, Listing};
use crate::ui::exit::ExitStatus;
use crate::ui::json::{FORMAT, HeadsJson};
use crate::ui::printer::Printer;
use crate::ui::problem::Problem;

/// Show the heads of the history; -v for the long form
///
/// Compares them with what `migrations/HEAD` says and warns when that is out of date, as after a git merge
/// that joined two branches with a revision each.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  aludel heads\n  aludel heads --resolve-dependencies\n  aludel heads --format json"
)]
pub(crate) struct HeadsArgs {
    /// Leave out heads that another revision depends on
    #[arg(long)]
    resolve_dependencies: bool,
    /// Write `migrations/HEAD` as the files are
    #[arg(long)]
    write_head: bool,
}

pub(crate) fn run(
    args: &HeadsArgs,
    context: &Context,
    printer: &mut Printer,
) -> Result<ExitStatus, Problem> {
    let history = context.headers()?;
    if args.write_head {
        head_file::write(context, &history)?;
    } else {
        head_file::tell(context, &history, printer)?;
    }
    let listing = Listing::new(&history, &[]);
    let heads = if args.resolve_dependencies {
        history.effective_heads()
    } else {
        history.heads()
    };
    if printer.is_json() {
        let heads = heads.into_iter().map(|head| listing.json(head)).collect();
        printer.json(&HeadsJson {
            format: FORMAT,
            heads,
        })?;
        return Ok(ExitStatus::Done);
    }
    listing.print(heads, Line::Head, printer)?;
    Ok(ExitStatus::Done)
}
