//! Loads version folders and says how long each part takes: `cargo run --release -p aludel-revision
//! --example load_speed -- FOLDER…`

#![expect(clippy::print_stdout, reason = "a measuring tool for people")]

use std::path::PathBuf;
use std::time::Instant;

use aludel_revision::History;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folders: Vec<PathBuf> = std::env::args_os().skip(1).map(PathBuf::from).collect();
    let mut times = Vec::new();
    for _ in 0..7 {
        let started = Instant::now();
        let history = History::load_headers(&folders)?;
        let heads = history.heads().len();
        times.push((started.elapsed(), history.len(), heads));
    }
    times.sort();
    println!(
        "headers: {:?}, median {:?}",
        times[0],
        times[times.len() / 2]
    );

    let history = History::load_headers(&folders)?;
    let started = Instant::now();
    for revision in history.revisions() {
        revision.body()?;
    }
    println!("bodies: {:?}", started.elapsed());
    let started = Instant::now();
    for revision in history.revisions() {
        revision.checksum()?;
    }
    println!("checksums: {:?}", started.elapsed());
    let started = Instant::now();
    let moves = history.plan_upgrade(&[], "heads")?.steps.len();
    println!("plan of {moves} moves: {:?}", started.elapsed());
    Ok(())
}
