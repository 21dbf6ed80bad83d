//! A terminal for the program: the other end of a pseudo-terminal.

use std::io::Read as _;
use std::os::fd::OwnedFd;

use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use crate::support::Project;

/// Runs `aludel` on a terminal; returns what appears there, and the exit code.
pub(crate) fn run(project: &Project, words: &[&str]) -> (String, i32) {
    let own = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&own).unwrap();
    unlockpt(&own).unwrap();
    let name = ptsname(&own, Vec::new()).unwrap();
    let theirs = || -> OwnedFd {
        // A program that another test starts meanwhile must not hold the terminal open.
        let flags = OFlags::RDWR | OFlags::NOCTTY | OFlags::CLOEXEC;
        rustix::fs::open(&name, flags, Mode::empty()).unwrap()
    };
    let mut command = project.command(words);
    command
        .env("TERM", "xterm-256color")
        .stdout(theirs())
        .stderr(theirs());
    let mut child = command.spawn().unwrap();
    // Its own copies of the other end would keep the terminal open.
    drop(command);
    let mut shown = Vec::new();
    // When the program ends, reading a terminal is an error rather than the end of a file.
    let _ = std::fs::File::from(own).read_to_end(&mut shown);
    let code = child.wait().unwrap().code().unwrap_or(-1);
    let text = project.redacted(&shown).replace("\r\n", "\n");
    (text, code)
}
