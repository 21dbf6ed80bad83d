//! Runs on a real PostgreSQL, a private server for each test.

mod alone;
mod bad_input;
mod gates;
mod locks;
mod resets;
mod scripts;
mod stamps;
mod support;
mod upgrades;
