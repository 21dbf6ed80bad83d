//! Every verb, on every kind of history.

use crate::support::Project;
use crate::{Mode, Session, check, project, stable};

/// What is asked of files alone.
const FILES: [&str; 25] = [
    "heads",
    "heads -v",
    "heads --resolve-dependencies",
    "branches",
    "branches -v",
    "history",
    "history -v",
    "history -r a1:heads",
    "history -r -2:heads",
    "history --graph",
    "history --graph=mermaid",
    "history --graph=dot",
    "history --graph=svg",
    "show a1",
    "show heads",
    "show a1 -v",
    "plan --from base heads",
    "plan --from base heads -v",
    "plan --from heads a1",
    "plan --from heads base -v",
    "plan --from base --stamp heads",
    "check --no-database",
    "dump --from head",
    "diff --from empty --to head",
    "test",
];

/// What works on a database, in this order.
const DATABASE: [&str; 27] = [
    "current",
    "current --check-heads",
    "status",
    "ensure-version",
    "ensure-version",
    "upgrade a1",
    "plan +1",
    "upgrade heads",
    "upgrade heads",
    "current",
    "current -v",
    "current --check-heads",
    "history -i",
    "history --graph -i",
    "history -r a1:current",
    "show current",
    "status",
    "check",
    "plan base",
    "downgrade a1 --allow-data-loss",
    "current",
    "stamp heads",
    "stamp a1",
    "upgrade --sql --tag release-7 a1:heads",
    "downgrade --sql heads:base",
    "stamp --sql base:heads",
    "ensure-version --sql",
];

/// What writes files.
const WRITING: [&str; 7] = [
    "merge heads -m \"join them\" --rev-id e1",
    "revision -m \"the next thing\" --rev-id f1",
    "revision -m \"to be read\" --rev-id f2 --sql",
    "heads",
    "rebase",
    "repair",
    "squash a1:heads --keep --rev-id s1",
];

fn told(history: &str, mode: Mode) -> String {
    let project = project(history, true);
    let mut session = Session::new(&project, mode);
    let json_alike = ["-v", "--graph", "--sql"];
    let verbs = FILES.into_iter().chain(DATABASE).chain(WRITING);
    for verb in verbs {
        // These forms are for people; a program gets the same document as without them.
        if mode == Mode::Json && json_alike.iter().any(|word| verb.contains(word)) {
            continue;
        }
        session.run(verb);
    }
    session.text
}

fn every_mode(history: &str) {
    check(&format!("{history}.txt"), &told(history, Mode::Piped));
    check(&format!("{history}.json.txt"), &told(history, Mode::Json));
    check(
        &format!("{history}.terminal.txt"),
        &told(history, Mode::Terminal),
    );
}

#[test]
fn linear() {
    every_mode("linear");
}

#[test]
fn branched() {
    every_mode("branched");
}

#[test]
fn merged() {
    every_mode("merged");
}

#[test]
fn several_bases() {
    every_mode("bases");
}

/// Verbs to which the history makes no difference. `db` is another on every machine, and `man` lists every verb: both are
/// tested elsewhere.
#[test]
fn others() {
    for (mode, name) in [
        (Mode::Piped, "others.txt"),
        (Mode::Json, "others.json.txt"),
        (Mode::Terminal, "others.terminal.txt"),
    ] {
        let mut project = Project::bare();
        project.set("EDITOR", "true");
        let mut session = Session::new(&project, mode);
        for verb in [
            "init",
            "init",
            "status",
            "heads",
            "history",
            "revision --empty -m first --rev-id a1",
            "edit a1",
        ] {
            session.run(verb);
        }
        check(name, &session.text);
    }
}

#[test]
fn what_changes_is_replaced() {
    assert_eq!(
        stable("at postgresql:///app?host=/tmp/x; migrations/20261122_183000_a1_b.sql\n"),
        "at postgresql://[…]; migrations/[STAMP]_a1_b.sql\n"
    );
}
