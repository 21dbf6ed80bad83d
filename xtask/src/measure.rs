//! How long a program runs, and how much memory it has at its peak.

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::Failure;

/// What was measured of one program.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Measured {
    /// The median of the runs.
    pub(crate) time: Duration,
    /// The peak of the process's own memory, in KiB; of one run after the timed ones.
    pub(crate) peak_kib: u64,
}

/// Runs a program to its end and says how long it took.
pub(crate) fn time(command: &mut Command) -> Result<Duration, Failure> {
    quiet(command);
    let begun = Instant::now();
    let output = command.output()?;
    let elapsed = begun.elapsed();
    if output.status.success() {
        return Ok(elapsed);
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("{command:?} failed:\n{said}").into())
}

/// Runs a program to its end and returns its peak memory in KiB: the high-water mark, read until it is gone.
pub(crate) fn peak(command: &mut Command) -> Result<u64, Failure> {
    quiet(command);
    command.stderr(Stdio::null());
    let mut child = command.spawn()?;
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    while child.try_wait()?.is_none() {
        let mark = fs_err::read_to_string(&status)
            .ok()
            .and_then(|text| high_water(&text));
        peak = mark.unwrap_or(peak).max(peak);
        std::thread::sleep(Duration::from_micros(500));
    }
    Ok(peak)
}

pub(crate) fn median(mut times: Vec<Duration>) -> Duration {
    assert!(!times.is_empty(), "something was timed");
    times.sort();
    times[times.len() / 2]
}

fn quiet(command: &mut Command) {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
}

fn high_water(status: &str) -> Option<u64> {
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}
