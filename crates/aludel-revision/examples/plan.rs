//! Prints what a command would do, as JSON, without a database: `cargo run -p aludel-revision --example
//! plan -- FOLDER upgrade|downgrade|toward|stamp|range TARGET… [--from REVISION,…]`. With `--serve` alone it
//! answers the questions of `tests/alembic/answer.rs` on its standard input.

#![expect(
    clippy::print_stdout,
    reason = "an example for people and for the oracle"
)]

use std::path::PathBuf;
use std::process::ExitCode;

use aludel_revision::{History, RevisionId};

#[path = "../tests/alembic/answer.rs"]
mod answer;

fn main() -> Result<ExitCode, Box<dyn std::error::Error>> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments == ["--serve"] {
        answer::serve(std::io::stdin().lock(), std::io::stdout().lock())?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut current = String::new();
    if let Some(place) = arguments.iter().position(|one| one == "--from") {
        current = arguments.drain(place..).nth(1).unwrap_or_default();
    }
    let [folder, verb, targets @ ..] = arguments.as_slice() else {
        return Err("plan FOLDER VERB TARGET… [--from REVISION,…]".into());
    };
    let history = History::load_headers(&[PathBuf::from(folder)])?;
    let names = current.split(',').filter(|name| !name.is_empty());
    let current = names.map(|name| history.find(name).cloned());
    let current: Vec<RevisionId> = current.collect::<Result<_, _>>()?;
    let targets: Vec<&str> = targets.iter().map(String::as_str).collect();
    let reply = answer::answer(&history, verb, &current, &targets);
    println!("{reply:#}");
    let failed = reply.get("error").is_some();
    Ok(if failed {
        ExitCode::from(2)
    } else {
        ExitCode::SUCCESS
    })
}
