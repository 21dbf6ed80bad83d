//! Development tasks.
//!
//! - `cargo xtask adopt-real [--only NAME]… [--runs N] [--write] [--tool FILE]`: real applications adopted, judged by Alembic and `pg_dump`, and timed.
//! - `cargo xtask bench [--write] [--runs N] [--only TEXT]`: times Aludel beside Alembic, `psql` and `pg_dump`.
//! - `cargo xtask cases [--major M]… [--only TEXT]`: the cases of `cases/` on PostgreSQL 14 to 18.
//! - `cargo xtask soak [--pairs N] [--seed S] [--major M] [--seconds T] [--workers W]`: random pairs of schemas, judged both ways.
//! - `cargo xtask generate`: writes the documents that are made from the program.

mod adopt_real;
mod bench;
mod cases;
mod measure;
mod places;
mod soak;

use std::error::Error;
use std::process::{Command, ExitCode};

/// What went wrong with a task.
pub(crate) type Failure = Box<dyn Error>;

const USAGE: &str = "usage: cargo xtask adopt-real [--only NAME]… [--runs N] [--write] [--tool FILE] | bench [--write] [--runs N] [--only TEXT] | cases [--major M]… [--only TEXT] | soak [--pairs N] [--seed S] [--major M] [--seconds T] [--workers W] | generate";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let result = match arguments.first().map(String::as_str) {
        Some("adopt-real") => adopt_real::run(&arguments[1..]),
        Some("bench") => bench::run(&arguments[1..]),
        Some("cases") => cases::run(&arguments[1..]),
        Some("soak") => soak::run(&arguments[1..]),
        Some("generate") => generate(),
        _ => Err(USAGE.into()),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("xtask: {error}"));
            ExitCode::from(2)
        }
    }
}

/// The reference of the commands, and the sessions in the documents.
fn generate() -> Result<(), Failure> {
    let status = Command::new("cargo")
        .args([
            "test",
            "--quiet",
            "--package",
            "aludel-cli",
            "--bin",
            "aludel",
            "reference",
        ])
        .env("SNAPSHOTS", "overwrite")
        .status()?;
    if status.success() {
        Ok(())
    } else {
        Err("cargo test failed".into())
    }
}

#[expect(clippy::print_stderr, reason = "a development task talks on stderr")]
pub(crate) fn say(text: &str) {
    eprintln!("{text}");
}
