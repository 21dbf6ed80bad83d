//! Splits the files named on the command line and says how fast: `cargo run --release -p aludel-sql
//! --example split_speed -- FILE…`

#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a measuring tool for people"
)]

use std::time::Instant;

fn main() -> std::io::Result<()> {
    let (mut bytes, mut statements, mut seconds) = (0, 0, 0.0);
    for path in std::env::args().skip(1) {
        let text = std::fs::read_to_string(&path)?;
        let started = Instant::now();
        let result = aludel_sql::split(&text, Some(&path));
        seconds += started.elapsed().as_secs_f64();
        bytes += text.len();
        match result {
            Ok(found) => statements += found.len(),
            Err(error) => eprintln!("{error}"),
        }
    }
    println!(
        "{statements} statements, {bytes} bytes, {:.1} ms",
        seconds * 1e3
    );
    Ok(())
}
