//! Questions on a terminal: the program at the other end of a pseudo-terminal, answered as a person would.

use std::io::{Read as _, Write as _};
use std::os::fd::OwnedFd;

use aludel_postgres::DatabaseUrl;
use rustix::fs::{Mode, OFlags};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

use crate::support::{Project, execute, rows};

/// Runs `aludel` on a terminal on which these lines are typed; returns what appears there, and the exit code.
fn typed(project: &Project, words: &[&str], lines: &str) -> (String, i32) {
    let own = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&own).unwrap();
    unlockpt(&own).unwrap();
    let name = ptsname(&own, Vec::new()).unwrap();
    let theirs = || -> OwnedFd {
        rustix::fs::open(&name, OFlags::RDWR | OFlags::NOCTTY, Mode::empty()).unwrap()
    };
    let mut command = project.command(words);
    command.stdin(theirs()).stdout(theirs()).stderr(theirs());
    let mut child = command.spawn().unwrap();
    // Its own copies of the other end would keep the terminal open.
    drop(command);
    let mut own = std::fs::File::from(own);
    own.write_all(lines.as_bytes()).unwrap();
    let mut shown = Vec::new();
    // When the program ends, reading a terminal is an error rather than the end of a file.
    let _ = own.read_to_end(&mut shown);
    let code = child.wait().unwrap().code().unwrap_or(-1);
    let text = String::from_utf8_lossy(&shown).replace("\r\n", "\n");
    (text, code)
}

/// A project whose table and column go and whose likes come, with a row in the database.
fn renamed() -> (Project, DatabaseUrl) {
    let project = Project::with_database();
    project.write(
        "aludel.toml",
        "[models]\nsources = [{ sql = \"schema.sql\" }]\n",
    );
    project.write(
        "schema.sql",
        "CREATE TABLE users (id int PRIMARY KEY, name text); CREATE TABLE logs (at date);",
    );
    project
        .run(&["revision", "--autogenerate", "-m", "first"])
        .ok();
    project.run(&["upgrade"]).talk();
    let url = DatabaseUrl::parse(project.variable("DATABASE_URL")).unwrap();
    execute(&url, "INSERT INTO users VALUES (1, 'ada')");
    project.write(
        "schema.sql",
        "CREATE TABLE users (id int PRIMARY KEY, full_name text); CREATE TABLE events (at date);",
    );
    (project, url)
}

const REVISION: [&str; 4] = ["revision", "--autogenerate", "-m", "second"];

#[test]
fn a_rename_is_asked_about_and_keeps_the_rows() {
    let (project, url) = renamed();
    // What is no choice is asked again.
    let (shown, code) = typed(&project, &REVISION, "yes\n9\n1\n1\n");
    assert_eq!(code, 0, "{shown}");
    for line in [
        "table public.logs goes and its like comes. What happened?",
        "  1  renamed to events: its rows stay",
        "  2  dropped, and the other is new: its rows are lost",
        "choice [1-2]: choice [1-2]: choice [1-2]: ",
        "column public.users.name goes and its like comes. What happened?",
        "detected: renamed column public.users.name to full_name",
    ] {
        assert!(shown.contains(line), "{line}\n{shown}");
    }
    project.run(&["upgrade"]).talk();
    assert_eq!(rows(&url, "SELECT full_name FROM users"), ["ada"]);
    project.run(&["check"]).ok();
}

#[test]
fn what_is_said_to_be_dropped_is_gated_as_a_loss() {
    let (project, _) = renamed();
    let (shown, code) = typed(&project, &REVISION, "2\n2\n");
    assert_eq!(code, 0, "{shown}");
    assert!(
        shown.contains("the revision loses data and does not run like this: drop-column public.users.name, drop-table public.logs")
            || shown.contains("the revision loses data and does not run like this: drop-table public.logs, drop-column public.users.name"),
        "{shown}"
    );
    assert!(
        !shown.contains("was it renamed?"),
        "it was answered: {shown}"
    );
    let error = project.run(&["upgrade"]).error();
    assert!(error.contains("drop-column public.users.name"), "{error}");
}

#[test]
fn without_an_answer_nothing_is_renamed_and_the_flag_is_told() {
    let (project, _) = renamed();
    // The end of the input, as a person types it.
    let (shown, code) = typed(&project, &REVISION, "\u{4}\u{4}");
    assert_eq!(code, 0, "{shown}");
    for flag in [
        "--rename public.users.name:full_name",
        "--rename public.logs:events",
    ] {
        assert!(shown.contains(flag), "{shown}");
    }
}
