//! `aludel branches`: the revisions that several others follow.

use clap::Args;

use crate::context::Context;
use crate::listing::{Line, Listing};
use crate::ui::exit::ExitStatus;
use crate::ui::json::{BranchJson, BranchesJson, FORMAT};
use crate::ui::printer::Printer;
use crate::ui::problem::Problem;

/// Show the points at which the history divides; -v for the long form
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  aludel branches\n  aludel branches -v\n  aludel history --graph"
)]
pub(crate) struct BranchesArgs {}

pub(crate) fn run(
    _args: &BranchesArgs,
    context: &Context,
    printer: &mut Printer,
) -> Result<ExitStatus, Problem> {
    let history = context.headers()?;
    let listing = Listing::new(&history, &[]);
    let mut points = listing.newest_first();
    points.retain(|revision| history.children(revision.id()).len() > 1);
    if printer.is_json() {
        let branches = points.into_iter().map(|point| BranchJson {
            revision: listing.json(point),
            children: history
                .children(point.id())
                .into_iter()
                .map(|child| listing.json(child))
                .collect(),
        });
        printer.json(&BranchesJson {
            format: FORMAT,
            branches: branches.collect(),
        })?;
        return Ok(ExitStatus::Done);
    }
    let theme = printer.theme();
    let kind = if printer.is_verbose() {
        Line::BranchMessage
    } else {
        Line::Branch
    };
    for point in points {
        listing.print([point], Line::Branch, printer)?;
        let indent = " ".repeat(point.id().as_str().chars().count());
        for child in history.children(point.id()) {
            printer.line(&format!("{indent} -> {}", listing.line(child, kind, theme)))?;
        }
        printer.line("")?;
    }
    Ok(ExitStatus::Done)
}
