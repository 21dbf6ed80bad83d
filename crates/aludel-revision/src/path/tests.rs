//! Moves and version rows, against a plain model of what must hold.

use std::collections::BTreeSet;

use super::*;
use crate::id;
use crate::testing::{Dice, history, ids};

/// Writes moves as `+a[-x,y] …`: the revision, and the rows that go and come.
fn show(moves: Result<Vec<Move>, TargetError>) -> String {
    let moves = match moves {
        Ok(moves) => moves,
        Err(error) => return format!("! {error}"),
    };
    let texts = moves.iter().map(|one| {
        let sign = if one.direction == Direction::Upgrade {
            '+'
        } else {
            '-'
        };
        format!(
            "{sign}{}[{} → {}]",
            one.revision,
            id::list(&one.rows.delete),
            id::list(&one.rows.insert)
        )
    });
    texts.collect::<Vec<_>>().join(" ")
}

fn up(history: &History, current: &str, target: &str) -> String {
    let current = ids(current);
    show(history.upgrade_moves(&current, &history.target(target, &current).unwrap()))
}

fn down(history: &History, current: &str, target: &str) -> String {
    let current = ids(current);
    show(history.downgrade_moves(&current, &history.target(target, &current).unwrap()))
}

#[test]
fn rows_follow_the_heads_as_alembic_has_it() {
    let found = history("a:\nb: a\nc: a\nm: b c\nt: m\n").unwrap();
    assert_eq!(
        up(&found, "", "t"),
        "+a[ → a] +c[a → c] +b[ → b] +m[b, c → m] +t[m → t]"
    );
    assert_eq!(up(&found, "b", "m"), "+c[ → c] +m[b, c → m]");
    assert_eq!(up(&found, "t", "head"), "");
    assert_eq!(up(&found, "b", "a"), "");
    assert_eq!(down(&found, "t", "-1"), "-t[t → m]");
    assert_eq!(down(&found, "m", "-1"), "-m[m → b, c]");
    assert_eq!(down(&found, "t", "-2"), "-t[t → m] -m[m → b, c]");
    assert_eq!(down(&found, "m", "b"), "-m[m → b, c]");
    assert_eq!(down(&found, "b c", "b"), "");
    assert_eq!(down(&found, "b c", "a"), "-b[b → ] -c[c → a]");
    assert_eq!(down(&found, "b c", "c@a"), "-c[c → ]");
    assert_eq!(down(&found, "b c", "c@-1"), "-c[c → ]");
    assert_eq!(
        down(&found, "t", "c@base"),
        "-t[t → m] -m[m → b, c] -b[b → ] -c[c → a] -a[a → ]"
    );
    assert_eq!(
        down(&found, "t", "base"),
        "-t[t → m] -m[m → b, c] -b[b → ] -c[c → a] -a[a → ]"
    );
}

#[test]
fn dependencies_come_first_and_cover_their_row() {
    let found = history("a1:\na2: a1\nb1: | a1\nb2: b1\n").unwrap();
    assert_eq!(up(&found, "", "b2"), "+a1[ → a1] +b1[a1 → b1] +b2[b1 → b2]");
    assert_eq!(up(&found, "b2", "heads"), "+a2[ → a2]");
    assert_eq!(down(&found, "a2 b2", "a1"), "-a2[a2 → ]");
    assert_eq!(
        down(&found, "a2 b2", "base"),
        "-a2[a2 → ] -b2[b2 → b1] -b1[b1 → a1] -a1[a1 → ]"
    );
}

#[test]
fn what_cannot_be_is_said() {
    let found = history("a:\nb: a\nc: b\nx:\n").unwrap();
    assert_eq!(
        up(&found, "gone", "c"),
        "! the database is at gone, which no file is"
    );
    assert_eq!(
        up(&found, "a c", "c"),
        "! the version table holds a, which c already contains"
    );
    assert_eq!(
        down(&found, "a", "c"),
        "! revision c is not applied, so a downgrade cannot end there"
    );
    assert_eq!(
        up(&found, "b", "-1"),
        "! \"-1\" leads the other way than upgrade"
    );
    assert_eq!(
        down(&found, "b", "+1"),
        "! \"+1\" leads the other way than downgrade"
    );
    let depends = history("a:\nb: a | d\nd: a\n").unwrap();
    assert_eq!(down(&depends, "b", "-1"), "-b[b → d]");
    let tangled = history("a:\nb: a\nc: b | d\nd: b\n").unwrap();
    assert_eq!(down(&tangled, "c", "-2"), "-c[c → d] -d[d → b] -b[b → a]");
    let merged = history("a:\nb: a\nc: a\nm: b c\n").unwrap();
    assert_eq!(up(&merged, "b", "+1"), "+c[ → c] +m[b, c → m]");
}

#[test]
fn stamping_moves_rows_only() {
    let found = history("a:\nb: a\nc: a\nm: b c\nx:\n").unwrap();
    let stamp = |current: &str, targets: &str| {
        let targets: Vec<&str> = targets.split(' ').collect();
        let rows = found.plan_stamp(&ids(current), &targets).unwrap().rows();
        format!("{} → {}", id::list(&rows.delete), id::list(&rows.insert))
    };
    assert_eq!(stamp("", "m"), " → m");
    assert_eq!(stamp("m", "m"), " → ");
    assert_eq!(stamp("m x", "b"), "m → b");
    assert_eq!(stamp("b c x", "a"), "b, c → a");
    assert_eq!(stamp("b x", "c"), " → c");
    assert_eq!(stamp("b c", "b@base"), "b → ");
    assert_eq!(stamp("", "a m"), " → m");
    assert_eq!(stamp("b c", "x base"), "b, c → x");
    assert_eq!(stamp("m", "a"), "m → a");
    assert_eq!(stamp("m", "b c"), "m → b, c");
    assert_eq!(stamp("x", "heads"), " → m");
    assert_eq!(stamp("m x", "base"), "m, x → ");
}

/// The applied revisions that nothing applied follows.
fn maximal(history: &History, applied: &BTreeSet<Node>) -> BTreeSet<Node> {
    let covered = |node: &Node| {
        history
            .graph
            .up(*node)
            .any(|above| applied.contains(&above))
    };
    applied
        .iter()
        .copied()
        .filter(|node| !covered(node))
        .collect()
}

/// Carries moves out one by one and checks each against the model.
fn carry_out(history: &History, rows: &mut BTreeSet<RevisionId>, moves: &[Move]) {
    for one in moves {
        let current: Vec<RevisionId> = rows.iter().cloned().collect();
        let mut applied: BTreeSet<Node> = history
            .applied(&current)
            .unwrap()
            .iter()
            .filter_map(|id| history.node(id))
            .collect();
        let node = history.node(&one.revision).unwrap();
        if one.direction == Direction::Upgrade {
            assert!(
                history
                    .graph
                    .down(node)
                    .all(|below| applied.contains(&below))
            );
            assert!(applied.insert(node));
        } else {
            assert!(!history.graph.up(node).any(|above| applied.contains(&above)));
            assert!(applied.remove(&node));
        }
        assert!(one.rows.delete.iter().all(|row| rows.remove(row)));
        assert!(one.rows.insert.iter().all(|row| rows.insert(row.clone())));
        let expected: BTreeSet<RevisionId> = history
            .ids(maximal(history, &applied))
            .into_iter()
            .collect();
        assert_eq!(*rows, expected);
    }
}

#[test]
fn random_histories_keep_one_row_for_each_head() {
    let mut dice = Dice(7);
    for _ in 0..400 {
        let size = 1 + dice.roll(12);
        let mut lines = String::new();
        for number in 0..size {
            let mut pick = |most: usize| {
                let count = if number == 0 { 0 } else { dice.roll(most + 1) };
                let picked: BTreeSet<usize> = (0..count).map(|_| dice.roll(number)).collect();
                picked
                    .iter()
                    .fold(String::new(), |text, one| format!("{text} r{one}"))
            };
            let (parents, dependencies) = (pick(2), pick(1));
            lines.push_str(&format!("r{number}:{parents} | {dependencies}\n"));
        }
        let found = history(&lines).unwrap();
        let mut rows = BTreeSet::new();
        for _ in 0..6 {
            let current: Vec<RevisionId> = rows.iter().cloned().collect();
            let name = format!("r{}", dice.roll(size));
            let target = found.target(&name, &current).unwrap();
            let going_up = dice.roll(2) == 0;
            let moves = if going_up {
                found.upgrade_moves(&current, &target)
            } else {
                found.downgrade_moves(&current, &target)
            };
            if let Ok(moves) = moves {
                carry_out(&found, &mut rows, &moves);
                let current: Vec<RevisionId> = rows.iter().cloned().collect();
                let applied = found.applied(&current).unwrap();
                assert!(applied.iter().any(|id| id.as_str() == name), "{lines}");
            }
        }
        let current: Vec<RevisionId> = rows.iter().cloned().collect();
        let base = found.target("base", &current).unwrap();
        carry_out(
            &found,
            &mut rows,
            &found.downgrade_moves(&current, &base).unwrap(),
        );
        assert!(rows.is_empty());
    }
}

#[test]
fn ways_that_are_none_name_what_stands_between() {
    let found = history("a:\nb: a # shop\nc: b\nd: b\nx: | a\n").unwrap();
    let told = |current: &str, target: &str| {
        let error = found.plan_downgrade(&ids(current), target).unwrap_err();
        format!("{}: {error}; {}", error.kind(), error.hint())
    };
    assert_eq!(
        told("x", "a"),
        "not-an-ancestor: nothing on the way down to a is applied: of what stands on it, x stays; \
         `aludel current` says where the database is; name a revision further down"
    );
    assert_eq!(
        told("c d", "shop@b"),
        "ambiguous: \"shop@b\" does not say which of c, d is to be taken back; name one of them as the \
         branch: c@b or d@b"
    );
    assert_eq!(
        told("c d", "heads").split(';').next(),
        Some("multiple-heads: the history has 3 heads where one is needed: c, d, x")
    );
    assert_eq!(
        told("b", "d"),
        "not-an-ancestor: revision d is not applied, so a downgrade cannot end there; the other way is \
         `aludel upgrade d`; `aludel current` says where the database is"
    );
    assert_eq!(told("c", "+1").split(':').next(), Some("walked-too-far"));
    assert_eq!(
        told("b", "shop@+1").split(';').next(),
        Some("ambiguous: \"shop@+1\" is ambiguous: at b the way divides into c, d")
    );
    let error = found.plan_stamp(&ids("c"), &["-1"]).unwrap_err();
    assert_eq!(
        format!("{error}; {}", error.hint()),
        "a stamp names the revision itself, and \"-1\" counts steps; aludel stamp b"
    );
}
