//! Targets and what they mean.

use crate::history::History;
use crate::resolve::{Goal, cut_steps};
use crate::testing::{history, ids};

/// Two bases; `a` divides into `bb1` and `bb2`, which `m` joins; `t` follows.
fn sample() -> History {
    history("a:\nbb1: a\nbb2: a\nm: bb1 bb2\nt: m\nother:\n").unwrap()
}

fn resolve(history: &History, target: &str, current: &str) -> String {
    match history.resolve(target, &ids(current)) {
        Ok(found) => match found.goal {
            Goal::Base => "base".to_owned(),
            Goal::Heads(heads) => crate::id::list(&heads),
        },
        Err(error) => format!("! {error}"),
    }
}

#[test]
fn every_form_is_understood() {
    let found = sample();
    for (target, current, expected) in [
        ("t", "", "t"),
        ("ot", "", "other"),
        ("bb1", "", "bb1"),
        ("heads", "", "other, t"),
        ("base", "t", "base"),
        ("+1", "m", "t"),
        ("-1", "a", "base"),
        ("-1", "m", "bb1, bb2"),
        ("-1", "t", "m"),
        ("-2", "t", "bb1, bb2"),
        ("t-1", "", "m"),
        ("m+1", "", "t"),
        ("a-1", "", "base"),
        (" t ", "", "t"),
    ] {
        assert_eq!(
            resolve(&found, target, current),
            expected,
            "{target} at {current:?}"
        );
    }
    assert_eq!(found.resolve("-1", &ids("t")).unwrap().steps, Some(-1));
    assert_eq!(found.resolve("t-1", &ids("t")).unwrap().steps, None);
    let empty = history("").unwrap();
    assert_eq!(resolve(&empty, "head", ""), "base");
    assert_eq!(resolve(&empty, "heads", ""), "base");
}

const FAULTS: &[(&str, &str, &str)] = &[
    (
        "head",
        "",
        "! the history has 2 heads where one is needed: other, t",
    ),
    (
        "bb",
        "",
        "! \"bb\" is the beginning of 2 revisions: bb1, bb2",
    ),
    (
        "othr",
        "",
        "! no revision is called \"othr\"; did you mean other?",
    ),
    (
        "hed",
        "",
        "! no revision is called \"hed\"; did you mean head?",
    ),
    ("zzzzzz", "", "! no revision is called \"zzzzzz\""),
    ("o", "", "! no revision is called \"o\""),
    (
        "+1",
        "",
        "! \"+1\" is ambiguous: at the base the way divides into other, a",
    ),
    (
        "+1",
        "a",
        "! \"+1\" is ambiguous: at a the way divides into bb1, bb2",
    ),
    (
        "-3",
        "t",
        "! \"-3\" is ambiguous: at m the way divides into bb1, bb2",
    ),
    (
        "+2",
        "m",
        "! \"+2\" walks too far: the history ends after 1 of 2 steps",
    ),
    (
        "-2",
        "a",
        "! \"-2\" walks too far: the history ends after 1 of 2 steps",
    ),
    (
        "-1",
        "",
        "! \"-1\" walks too far: the history ends after 0 of 1 steps",
    ),
    (
        "+1",
        "bb1 bb2",
        "! \"+1\" could start at any of the database's revisions: bb1, bb2",
    ),
    ("+1", "gone", "! the database is at gone, which no file is"),
    (
        "shop@head",
        "",
        "! the target form \"shop@head\" is not supported yet",
    ),
    ("a:t", "", "! the target form \"a:t\" is not supported yet"),
];

#[test]
fn what_means_nothing_or_too_much_is_said() {
    let found = sample();
    for (target, current, expected) in FAULTS {
        assert_eq!(
            resolve(&found, target, current),
            *expected,
            "{target} at {current:?}"
        );
    }
}

#[test]
fn steps_are_cut_off_at_the_sign() {
    assert_eq!(cut_steps("head-2"), ("head", Some(-2)));
    assert_eq!(cut_steps("+10"), ("", Some(10)));
    assert_eq!(cut_steps("0001"), ("0001", None));
    assert_eq!(cut_steps("a+"), ("a+", None));
    assert_eq!(
        cut_steps("+99999999999999999999"),
        ("+99999999999999999999", None)
    );
}
