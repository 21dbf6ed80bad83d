//! The one-thread runtime under everything that talks to a server, and Ctrl-C.

use std::future::Future;
use std::pin::pin;

use aludel_runner::{Canceller, RunError};
use tokio::signal::unix::{SignalKind, signal};

use crate::ui::exit::ExitStatus;
use crate::ui::problem::Problem;

/// Runs a future to its end, or until Ctrl-C or SIGTERM: then it is dropped, and scratch with it.
///
/// The runtime is of the main thread on purpose: scratch servers are told to die with the thread that
/// started them.
pub(crate) fn block_on<T>(future: impl Future<Output = Result<T, Problem>>) -> Result<T, Problem> {
    block_on_to_the_end(async {
        tokio::select! {
            result = future => result,
            stopped = stop_requested() => {
                stopped?;
                Err(Problem::new("interrupted", "stopped on request; nothing was changed").exit(ExitStatus::Interrupted))
            }
        }
    })
}

/// Runs a future that hears Ctrl-C itself.
pub(crate) fn block_on_to_the_end<T>(
    future: impl Future<Output = Result<T, Problem>>,
) -> Result<T, Problem> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Problem::internal(format!("the runtime did not start: {error}")))?;
    runtime.block_on(future)
}

/// Runs revisions to the end, or until Ctrl-C or SIGTERM: then what runs is interrupted and rolled back,
/// and the run itself says where the database stands.
pub(crate) async fn until_interrupted<T>(
    canceller: Canceller,
    run: impl Future<Output = Result<T, RunError>>,
) -> Result<T, Problem> {
    let mut run = pin!(run);
    loop {
        tokio::select! {
            result = &mut run => return Ok(result?),
            stopped = stop_requested() => {
                stopped?;
                // A request that does not arrive can be made again: the run goes on until it is heard.
                let _ = canceller.cancel().await;
            }
        }
    }
}

/// Waits for Ctrl-C or SIGTERM.
pub(crate) async fn stop_requested() -> Result<(), Problem> {
    let unheard = |error| Problem::internal(format!("signals cannot be heard: {error}"));
    let mut interrupt = signal(SignalKind::interrupt()).map_err(unheard)?;
    let mut terminate = signal(SignalKind::terminate()).map_err(unheard)?;
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    Ok(())
}
