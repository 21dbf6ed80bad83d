//! The verbs, a file each: its arguments, and `run`, which reads as the route it walks.

use clap::Subcommand;

use crate::context::Context;
use crate::ui::exit::ExitStatus;
use crate::ui::printer::Printer;
use crate::ui::problem::Problem;

/// The verbs.
#[derive(Subcommand, Debug)]
pub(crate) enum Command {}

impl Command {
    /// Runs the verb.
    pub(crate) fn run(
        self,
        _context: &Context,
        _printer: &mut Printer,
    ) -> Result<ExitStatus, Problem> {
        match self {}
    }
}
