//! The verbs, a file each: its arguments, and `run`, which reads as the route it walks.

mod heads;
mod history;
mod init;
mod merge;
mod revision;
mod show;

use clap::Subcommand;

use crate::context::Context;
use crate::ui::exit::ExitStatus;
use crate::ui::printer::Printer;
use crate::ui::problem::Problem;

/// The verbs.
#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    Heads(heads::HeadsArgs),
    History(history::HistoryArgs),
    Init(init::InitArgs),
    Merge(merge::MergeArgs),
    Revision(revision::RevisionArgs),
    Show(show::ShowArgs),
}

impl Command {
    /// Runs the verb.
    pub(crate) fn run(
        self,
        context: &Context,
        printer: &mut Printer,
    ) -> Result<ExitStatus, Problem> {
        match self {
            Self::Heads(args) => heads::run(&args, context, printer),
            Self::History(args) => history::run(&args, context, printer),
            Self::Init(args) => init::run(&args, context, printer),
            Self::Merge(args) => merge::run(&args, context, printer),
            Self::Revision(args) => revision::run(&args, context, printer),
            Self::Show(args) => show::run(&args, context, printer),
        }
    }
}
