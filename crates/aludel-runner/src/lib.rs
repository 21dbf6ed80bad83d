//! Applies revisions to a database and takes them back; keeps the version table and the log.
//!
//! The crate prints nothing and asks nobody: a run sends [`Event`]s and returns an [`Outcome`] or a [`RunError`].
//! Reading order: [`Runner`] (the entry points), `state` (where a database stands), `plan` (which revisions),
//! `gate` and `downgrade_loss` (what may be lost), `run` (one run under the lock), `transaction` and `alone` (the two
//! ways a segment is run), `probe` (what became of a statement whose end nobody saw).

mod alone;
mod cancel;
mod downgrade_loss;
mod error;
mod event;
mod flight;
mod gate;
mod lock;
mod log;
mod place;
mod plan;
mod probe;
mod repair;
mod run;
mod runner;
mod script;
mod settings;
mod stamp;
mod state;
mod timeouts;
mod transaction;
mod type_gate;
mod watch;

pub use aludel_revision::Direction;
pub use cancel::Canceller;
pub use downgrade_loss::{DowngradeLoss, LossCount, LossPolicy};
pub use error::{Partly, Refusal, RunError, Standing, StatementFailure};
pub use event::{Event, Events, OtherSession};
pub use gate::hazards;
pub use log::{LOG_SCHEMA, LOG_TABLE, LogEntry, LogOutcome, SIDE_LOG_TABLE};
pub use runner::{Gate, Outcome, Runner, UpgradeOptions};
pub use script::{downgrade_script, ensure_version_script, stamp_script, upgrade_script};
pub use settings::{Doubtful, MissingSchema, RunnerSettings, first_schema};
pub use stamp::StampOptions;
pub use state::{Facts, State, VersionTable};
