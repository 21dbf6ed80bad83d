//! The exit codes, and what each means.

use std::process::ExitCode;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ExitStatus {
    /// Done, or the answer is yes: 0.
    Done,
    /// The answer is no (drift, models ahead, a test that failed, a difference asked about): 1.
    No,
    /// Could not answer: 2.
    Error,
    /// Interrupted by Ctrl-C, what ran was rolled back: 130, as shells have it.
    Interrupted,
}

impl From<ExitStatus> for ExitCode {
    fn from(status: ExitStatus) -> Self {
        Self::from(match status {
            ExitStatus::Done => 0,
            ExitStatus::No => 1,
            ExitStatus::Error => 2,
            ExitStatus::Interrupted => 130,
        })
    }
}
