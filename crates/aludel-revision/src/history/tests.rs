//! Histories: on disk and as graphs.

use std::fmt::Write as _;

use fs_err as fs;

use super::*;
use crate::testing::{Dice, history, ids, revision};

fn order(history: &History) -> String {
    let ids: Vec<&str> = history
        .iter_topological()
        .map(|revision| revision.id().as_str())
        .collect();
    ids.join(" ")
}

fn names(revisions: &[&Revision]) -> String {
    let ids: Vec<&str> = revisions
        .iter()
        .map(|revision| revision.id().as_str())
        .collect();
    ids.join(" ")
}

#[test]
fn branches_stand_together_in_one_order() {
    let found = history("m: b2 c2\n b2: b1\n b1: a\n c2: c1\n c1: a\n a:\n z: \n").unwrap();
    assert_eq!(order(&found), "a b1 b2 c1 c2 m z");
    assert_eq!(
        (names(&found.heads()), names(&found.bases())),
        ("m z".into(), "a z".into())
    );
    assert_eq!(names(&found.children(&ids("a")[0])), "b1 c1");
    let dependent = history("b: | a2\n a1:\n a2: a1\n").unwrap();
    assert_eq!(order(&dependent), "a1 a2 b");
    assert_eq!(names(&dependent.heads()), "a2 b");
}

#[test]
fn a_broken_graph_names_the_files() {
    let message = |lines| history(lines).unwrap_err().to_string();
    assert_eq!(
        message("a: b\nb: c\nc: a\nd: c"),
        "the revisions form a cycle: a (a.sql) → c (c.sql) → b (b.sql) → a"
    );
    assert_eq!(message("a: a"), "the revisions form a cycle: a (a.sql) → a");
    assert_eq!(
        message("a: | b\nb: a"),
        "the revisions form a cycle: a (a.sql) → b (b.sql) → a"
    );
    assert_eq!(
        message("abcd:\nx: abdc"),
        "x.sql: the parent abdc of revision x is in no file; did you mean \"abcd\"?"
    );
    assert_eq!(
        message("x: | nothing"),
        "x.sql: the dependency nothing of revision x is in no file"
    );
    assert_eq!(
        message("a:\na:"),
        "two files are revision a: a.sql and a.sql"
    );
    assert_eq!(
        message("a: | a"),
        "the revisions form a cycle: a (a.sql) → a"
    );
    assert_eq!(
        message("a: | shop\nb: a # shop"),
        "the revisions form a cycle: a (a.sql) → b (b.sql) → a"
    );
    assert_eq!(
        message("a:\nb: a # a"),
        "the label \"a\" is used twice: in a.sql and b.sql"
    );
    let labelled = |id| {
        format!(
            "-- aludel: revision = \"{id}\"\n-- aludel: parents = []\n-- aludel: labels = [\"shop\"]\n-- aludel: upgrade\n"
        )
    };
    let error = History::new(vec![
        revision(&labelled("a")).unwrap(),
        revision(&labelled("b")).unwrap(),
    ])
    .unwrap_err();
    assert_eq!(
        error.to_string(),
        "the label \"shop\" is used twice: in r.sql and r.sql"
    );
}

#[test]
fn dependencies_may_be_labels_and_cover_their_heads() {
    let found = history("a: # shop-api\nb: a\nx: | shop-api b b\n").unwrap();
    assert_eq!(names(&found.dependencies(&ids("x")[0])), "a b");
    assert_eq!(names(&found.heads()), "b x");
    assert_eq!(names(&found.effective_heads()), "x");
    assert_eq!(found.label("shop-api").unwrap().id().as_str(), "a");
    for label in ["", "head", "a@b", "+1", "a:b", " a"] {
        let text = format!(
            "-- aludel: revision = \"a\"\n-- aludel: parents = []\n-- aludel: labels = [\"{label}\"]\n-- aludel: upgrade\n"
        );
        let message = revision(&text).unwrap_err().to_string();
        assert!(
            message.starts_with(&format!("r.sql:3: \"{label}\" cannot be a label")),
            "{message}"
        );
    }
}

#[test]
fn labels_hold_for_a_line_from_fork_to_fork() {
    let found = history("r:\na: r\nb: a # shop\nc: b\nd: b\nz: r # core api\nm: c z\n").unwrap();
    let told: Vec<String> = found
        .iter_topological()
        .map(|one| format!("{}={}", one.id(), found.branch_labels(one.id()).join("+")))
        .collect();
    assert_eq!(
        told.join(" "),
        "r= a= b=shop d=shop c=shop z=api+core m=api+core+shop"
    );
    let line = history("r:\na: r\nx: r\nb: a\nc: b # shop\n").unwrap();
    assert_eq!(line.branch_labels(&ids("a")[0]), ["shop"]);
    assert!(line.branch_labels(&ids("r")[0]).is_empty());
}

#[test]
fn ten_thousand_revisions_are_no_burden() {
    let mut lines = String::from("r0:\n");
    for number in 1..10_000 {
        writeln!(
            lines,
            "r{number}: r{}",
            if number % 7 == 0 { 0 } else { number - 1 }
        )
        .unwrap();
    }
    let found = history(&lines).unwrap();
    let up = found.plan_upgrade(&[], "heads").unwrap().steps;
    assert_eq!(up.len(), 10_000);
    let current: Vec<RevisionId> = found.heads().iter().map(|head| head.id().clone()).collect();
    let down = found.plan_downgrade(&current, "base").unwrap();
    assert_eq!(down.steps.len(), 10_000);
}

#[test]
fn the_order_does_not_depend_on_the_order_of_files() {
    let mut dice = Dice(1);
    for _ in 0..200 {
        let mut lines: Vec<String> = Vec::new();
        for number in 0..12 {
            let mut parents: Vec<usize> = (0..dice.roll(3))
                .map(|_| dice.roll(number.max(1)))
                .collect();
            parents.sort_unstable();
            parents.dedup();
            let parents = parents
                .iter()
                .filter(|_| number > 0)
                .fold(String::new(), |text, parent| format!("{text} r{parent}"));
            lines.push(format!("r{number}:{parents}"));
        }
        let first = order(&history(&lines.join("\n")).unwrap());
        lines.reverse();
        lines.rotate_left(dice.roll(12));
        assert_eq!(order(&history(&lines.join("\n")).unwrap()), first);
        let place = |name: &str| first.split(' ').position(|one| one == name).unwrap();
        for line in &lines {
            let (name, parents) = line.split_once(':').unwrap();
            assert!(
                parents
                    .split_whitespace()
                    .all(|parent| place(parent) < place(name)),
                "{line} in {first}"
            );
        }
    }
}

#[test]
fn folders_are_read_whatever_else_is_in_them() {
    let folder = tempfile::tempdir().unwrap();
    let file = |name: &str, bytes: &[u8]| fs::write(folder.path().join(name), bytes).unwrap();
    let text = |id: &str, parents: &str, padding: usize| {
        let note = format!("-- {}\n", "é".repeat(padding));
        format!(
            "-- aludel: revision = \"{id}\"\n{note}-- aludel: parents = [{parents}]\n-- aludel: upgrade\n{note}SELECT '{id}';\n"
        )
    };
    file("1.sql", text("a", "", 0).as_bytes());
    file("2.sql", text("b", "\"a\"", 1990).as_bytes());
    file(
        "3.sql",
        text("c", "\"b\"", 3000).replace('\n', "\r\n").as_bytes(),
    );
    file("notes.txt", b"\xff");
    file(".#4.sql", b"\xff");
    fs::create_dir(folder.path().join("old.sql")).unwrap();
    let folders = [folder.path().to_owned()];
    for loaded in [
        History::load(&folders).unwrap(),
        History::load_headers(&folders).unwrap(),
    ] {
        assert_eq!(order(&loaded), "a b c");
        for revision in loaded.revisions() {
            assert_eq!(
                revision.text().unwrap().as_bytes(),
                fs::read(&revision.path).unwrap()
            );
            assert_eq!(
                revision.body().unwrap().upgrade.segments[0].statements[0].text,
                format!("SELECT '{}'", revision.id())
            );
        }
    }
    let mut bytes = text("d", "\"c\"", 10).into_bytes();
    bytes[20] = 0xff;
    file("5.sql", &bytes);
    let message = History::load_headers(&folders).unwrap_err().to_string();
    assert!(
        message.ends_with("5.sql: the file is not UTF-8: byte 20 does not fit"),
        "{message}"
    );
    let absent = [folder.path().join("absent")];
    assert!(matches!(
        History::load(&absent),
        Err(HistoryError::Folder { .. })
    ));
}
