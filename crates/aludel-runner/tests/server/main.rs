//! Runs on a real PostgreSQL, a private server for each test.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on should stop where it stands"
)]

mod alone;
mod bad_input;
mod gates;
mod locks;
mod online;
mod resets;
mod scripts;
mod stamps;
mod support;
mod upgrades;
