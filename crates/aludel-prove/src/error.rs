//! Why a trial on scratch told nothing.

use aludel_postgres::{BuildError, ConnectError, IntrospectError, ScratchError, StatementError};
use aludel_revision::{FileError, RevisionId};

use crate::apply::ApplyError;

/// Why nothing could be tried: what has to run does not, or scratch failed.
#[derive(Debug, thiserror::Error)]
pub enum TrialError {
    /// What comes before does not run.
    #[error("the revisions that come before do not run on scratch")]
    Base(Box<ApplyError>),
    /// The revisions in question do not run.
    #[error("the revisions do not run on scratch as they are")]
    Range(Box<ApplyError>),
    /// A branch does not run by itself.
    #[error("branch {head} does not run on scratch by itself")]
    Branch {
        /// Its head.
        head: RevisionId,
        /// The statement.
        error: Box<ApplyError>,
    },
    /// A revision file could not be read.
    #[error(transparent)]
    File(#[from] FileError),
    /// A catalog could not be read.
    #[error(transparent)]
    Introspect(#[from] IntrospectError),
    /// Scratch failed.
    #[error(transparent)]
    Scratch(#[from] ScratchError),
    /// A scratch database could not be reached.
    #[error(transparent)]
    Connect(#[from] ConnectError),
    /// What must be there before the history could not be made.
    #[error(transparent)]
    Ready(#[from] BuildError),
    /// Scratch refused a statement of Aludel's own.
    #[error("scratch refused a statement of Aludel's own: {0}")]
    Statement(#[from] StatementError),
}
