//! `aludel history`: the revisions, newest first, or drawn.

use std::collections::BTreeSet;

use aludel_revision::{Revision, RevisionId};
use clap::{Args, ValueEnum};

use crate::completion;
use crate::context::Context;
use crate::database;
use crate::drawing;
use crate::listing::{Line, Listing};
use crate::ui::exit::ExitStatus;
use crate::ui::json::{FORMAT, HistoryJson};
use crate::ui::printer::Printer;
use crate::ui::problem::Problem;

/// Show the revisions, newest first; -v for the long form
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  aludel history\n  aludel history -i\n  aludel history -r 1975:head\n  aludel history -r -3:current\n  aludel history --graph\n  aludel history --graph=svg > history.svg"
)]
pub(crate) struct HistoryArgs {
    /// Only from START to END, both included; either may be left out, and steps count from the other
    #[arg(short, long, value_name = "START:END", allow_hyphen_values = true, add = completion::revisions())]
    rev_range: Option<String>,
    /// Mark what the database is at
    #[arg(short, long)]
    indicate_current: bool,
    /// Draw how revisions follow each other
    #[arg(
        long,
        value_enum,
        value_name = "FORM",
        num_args = 0..=1,
        require_equals = true,
        default_missing_value = "text"
    )]
    graph: Option<Graph>,
}

/// The forms of a drawing.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Graph {
    /// Lines on a terminal
    Text,
    /// A Mermaid flowchart
    Mermaid,
    /// A graph for Graphviz
    Dot,
    /// A picture
    Svg,
}

pub(crate) fn run(
    args: &HistoryArgs,
    context: &Context,
    printer: &mut Printer,
) -> Result<ExitStatus, Problem> {
    let history = context.headers()?;
    let range = args.rev_range.as_deref().unwrap_or(":");
    let is_asked = args.indicate_current || range.contains("current");
    let current = if is_asked {
        database::known_rows(context, &history, printer)?
    } else {
        Vec::new()
    };
    let marked: &[RevisionId] = if args.indicate_current { &current } else { &[] };
    let listing = Listing::new(&history, marked);
    let mut revisions = listing.newest_first();
    if args.rev_range.is_some() {
        let wanted: BTreeSet<RevisionId> = history.range(range, &current)?.into_iter().collect();
        revisions.retain(|revision| wanted.contains(revision.id()));
    }
    print(args, &listing, revisions, printer)?;
    Ok(ExitStatus::Done)
}

fn print(
    args: &HistoryArgs,
    listing: &Listing<'_>,
    revisions: Vec<&Revision>,
    printer: &mut Printer,
) -> Result<(), Problem> {
    if printer.is_json() {
        let revisions = revisions.into_iter().map(|revision| listing.json(revision));
        return printer.json(&HistoryJson {
            format: FORMAT,
            revisions: revisions.collect(),
        });
    }
    match args.graph {
        None => listing.print(revisions, Line::History, printer),
        Some(Graph::Text) => {
            let theme = printer.theme();
            for line in drawing::text(listing, &revisions, theme) {
                printer.line(&line)?;
            }
            Ok(())
        }
        Some(Graph::Mermaid) => printer.text(&drawing::mermaid(listing, &revisions)),
        Some(Graph::Dot) => printer.text(&drawing::dot(listing, &revisions)),
        Some(Graph::Svg) => printer.text(&drawing::svg(listing, &revisions)),
    }
}
