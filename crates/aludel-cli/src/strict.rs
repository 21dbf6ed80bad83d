//! Whether something that cannot be compared ends the command.

use clap::Args;

/// `--strict`.
#[derive(Args, Clone, Copy, Debug)]
pub(crate) struct StrictArgs {
    /// Exit with 2 when a schema holds something that is not compared, and name it
    #[arg(long)]
    pub(crate) strict: bool,
}
