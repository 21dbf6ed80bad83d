//! Stopping a run from outside, as Ctrl-C does.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use aludel_postgres::{CancelHandle, ConnectError};

/// Whether somebody asked to stop; shared between a run and its [`Canceller`]s.
#[derive(Clone, Debug, Default)]
pub(crate) struct Cancelled(Arc<AtomicBool>);

impl Cancelled {
    pub(crate) fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Stops a run: the statement in progress is interrupted, its segment rolled back, nothing more begun.
#[derive(Clone)]
pub struct Canceller {
    pub(crate) flag: Cancelled,
    pub(crate) handle: CancelHandle,
}

impl Canceller {
    /// Asks the run to stop. It returns [`RunError::Cancelled`](crate::RunError::Cancelled) once it has.
    pub async fn cancel(&self) -> Result<(), ConnectError> {
        self.flag.0.store(true, Ordering::Relaxed);
        self.handle.cancel().await
    }
}
