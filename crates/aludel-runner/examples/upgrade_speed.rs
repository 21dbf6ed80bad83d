//! Times a whole history on an empty database: `upgrade_speed URL FOLDER [script|nothing]`.
//!
//! `script` prints what `--sql` would, for `psql` to run the same work.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a tool for measuring"
)]

use std::path::PathBuf;
use std::time::Instant;

use aludel_postgres::{ConnectOptions, DatabaseUrl, Session};
use aludel_revision::History;
use aludel_runner::{Gate, Runner, RunnerSettings, UpgradeOptions, upgrade_script};

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let arguments: Vec<String> = std::env::args().collect();
    let began = Instant::now();
    let history = History::load_headers(&[PathBuf::from(&arguments[2])]).unwrap();
    let settings = RunnerSettings::default();
    if arguments.get(3).is_some_and(|word| word == "script") {
        let script = upgrade_script(&history, &settings, &[], "heads", Gate::Closed, None).unwrap();
        print!("{script}");
        return;
    }
    let loaded = began.elapsed();
    let url = DatabaseUrl::parse(&arguments[1]).unwrap();
    let session = Session::connect(&url, &ConnectOptions::default())
        .await
        .unwrap();
    let connected = began.elapsed();
    let runner = Runner::new(&session, &history, settings);
    let options = UpgradeOptions::default();
    let outcome = runner
        .upgrade("heads", &options, &mut |_| ())
        .await
        .unwrap();
    println!(
        "{} revisions: files {loaded:?}, connected at {connected:?}, all {:?}",
        outcome.revisions.len(),
        began.elapsed()
    );
}
