//! The documents are true: their sessions are run, their links lead somewhere, the examples work as they say.
//!
//! `SNAPSHOTS=overwrite` writes the output that was seen into the sessions.
#![expect(clippy::unwrap_used, reason = "tests fail loudly")]

mod examples;
mod links;
mod markdown;
mod project;
mod sessions;
