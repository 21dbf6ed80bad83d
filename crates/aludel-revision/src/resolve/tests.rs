//! Targets and what they mean.

use crate::history::History;
use crate::resolve::{Goal, cut_steps};
use crate::testing::{history, ids};

/// Two bases; `a` divides into `bb1` and `bb2`, which `m` joins; `t` follows.
fn sample() -> History {
    history("a:\nbb1: a\nbb2: a\nm: bb1 bb2\nt: m\nother:\n").unwrap()
}

fn resolve(history: &History, target: &str, current: &str) -> String {
    match history.target(target, &ids(current)) {
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
        ("-1", "t", "m"),
        ("-1", "m", "bb1, bb2"),
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
    assert_eq!(found.target("-1", &ids("t")).unwrap().steps, Some(-1));
    assert_eq!(found.target("t-1", &ids("t")).unwrap().steps, None);
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
        "! \"+1\" could start at any of several revisions: bb1, bb2",
    ),
    ("+1", "gone", "! the database is at gone, which no file is"),
    (
        "m-1",
        "m",
        "! \"m-1\" is ambiguous: at m the way divides into bb1, bb2",
    ),
    ("shop@head", "", "! no revision is called \"shop\""),
    ("+0", "t", "! no revision is called \"+0\""),
    (
        "base-1",
        "",
        "! \"base-1\" walks too far: the history ends after 0 of 1 steps",
    ),
    ("a:t", "", "! \"a:t\" is a range, and one place is wanted"),
];

/// Two bases; `a` forks into `b1`, labelled `shop`, and `c1`; the bases' lines meet nowhere, yet `x2`
/// depends on `b1`.
fn branched() -> History {
    history("a:\nb1: a # shop shop-2\nb2: b1\nb3: b2\nc1: a # core\nx1:\nx2: x1 | shop\n").unwrap()
}

#[test]
fn branches_narrow_what_a_target_means() {
    let found = branched();
    for (target, current, expected) in [
        ("shop", "", "b1"),
        ("sh", "", "b1"),
        ("shop@head", "", "b3"),
        ("shop@heads", "", "b3"),
        ("shop@base", "b3", "base"),
        ("shop@b2", "", "b2"),
        ("shop@a", "", "a"),
        ("b3@shop", "", "b1"),
        ("a@heads", "", "b3, c1"),
        ("x1@head", "", "x2"),
        ("heads", "", "b3, c1, x2"),
        ("shop@+1", "", "a"),
        ("shop@+2", "c1", "b2"),
        ("shop@+1", "x2", "b2"),
        ("shop@-1", "b2 c1", "b1"),
        ("shop@-1", "c1 x2", "a"),
        ("b2@-2", "b2 c1", "a"),
        ("shop@head-1", "", "b2"),
        ("shop@base+2", "", "b1"),
        ("shop@b1+1", "", "b2"),
        ("shop-2", "", "b1"),
        ("shop-1", "", "a"),
        ("shop@head-4", "", "base"),
    ] {
        assert_eq!(
            resolve(&found, target, current),
            expected,
            "{target} at {current:?}"
        );
    }
}

#[test]
fn faults_of_branches_name_revisions_and_what_to_type() {
    let found = branched();
    let told = |target: &str, current: &str| {
        let error = found.target(target, &ids(current)).unwrap_err();
        format!("{}: {error}; {}", error.kind(), error.hint())
    };
    assert_eq!(
        told("head", ""),
        "multiple-heads: the history has 3 heads where one is needed: b3, c1, x2; name one of them, or join \
         them with `aludel merge b3 c1 x2`; heads means all of them"
    );
    assert_eq!(
        told("a@head", ""),
        "multiple-heads: the branch \"a\" has 2 heads where one is needed: b3, c1; name one of them, or join \
         them with `aludel merge b3 c1`; a@heads means all of them"
    );
    assert_eq!(
        told("shop@c1", ""),
        "not-on-branch: revision c1 is not on the branch \"shop\"; type c1 alone, or a revision of that \
         branch, which leads to b3; shop@heads is its end"
    );
    assert_eq!(
        told("-1", "b2 c1"),
        "ambiguous: \"-1\" could start at any of several revisions: b2, c1; say which branch: \
         b2@-1 or c1@-1"
    );
    assert_eq!(
        told("a@-1", "b2 c1"),
        "ambiguous: \"a@-1\" could start at any of several revisions: b2, c1; say which branch: \
         b2@-1 or c1@-1"
    );
    assert_eq!(
        told("+1", "a"),
        "ambiguous: \"+1\" is ambiguous: at a the way divides into b1, c1; name the revision itself: b1 or c1"
    );
    assert_eq!(
        told("shop@+5", "b1"),
        "walked-too-far: \"shop@+5\" walks too far: the history ends after 2 of 5 steps; use head or base \
         to go to the end"
    );
    assert_eq!(
        told("core@-1", ""),
        "walked-too-far: \"core@-1\" walks too far: the history ends after 0 of 1 steps; use head or base \
         to go to the end"
    );
    assert_eq!(
        told("shp@head", ""),
        "no-such-revision: no revision is called \"shp\"; did you mean shop?; `aludel history` lists the \
         revisions and their labels"
    );
    assert_eq!(
        told("head@head", "").split(':').next(),
        Some("no-such-revision")
    );
    assert_eq!(
        told("shop@", "").split(':').next(),
        Some("no-such-revision")
    );
}

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
    assert_eq!(cut_steps("a-0"), ("a", Some(0)));
    assert_eq!(cut_steps("-0"), ("-0", None));
    assert_eq!(cut_steps("head-2"), ("head", Some(-2)));
    assert_eq!(cut_steps("+10"), ("", Some(10)));
    assert_eq!(cut_steps("0001"), ("0001", None));
    assert_eq!(cut_steps("a+"), ("a+", None));
    assert_eq!(
        cut_steps("+99999999999999999999"),
        ("+99999999999999999999", None)
    );
}
