//! The one-thread runtime under everything that talks to a server, and Ctrl-C.

use std::future::Future;

use crate::ui::problem::Problem;

/// Runs a future to its end on a runtime of this thread.
///
/// It is the main thread on purpose: scratch servers are told to die with the thread that started them.
pub(crate) fn block_on<T>(future: impl Future<Output = Result<T, Problem>>) -> Result<T, Problem> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Problem::internal(format!("the runtime did not start: {error}")))?;
    runtime.block_on(future)
}
