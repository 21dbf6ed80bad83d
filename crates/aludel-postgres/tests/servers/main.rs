//! Tests with real servers: private ones of ours, started by the very code under test.
#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "helpers of tests fail loudly; a victim reports on its output"
)]

mod local;
mod majors;
mod needs;
mod scratch_native;
mod scratch_url;
mod session;
mod support;
mod tls;
