//! Ranges.

use crate::id;
use crate::testing::{history, ids};

#[test]
fn ranges_hold_what_lies_between() {
    let found = history("a:\nb: a # shop\nc: b\nd: a\nm: c d\nt: m\nx: | c\n").unwrap();
    let told = |range: &str, current: &str| match found.range(range, &ids(current)) {
        Ok(revisions) => id::list(&revisions),
        Err(error) => format!("! {error}; {}", error.hint()),
    };
    for (range, current, expected) in [
        ("b:t", "", "t, m, c, b"),
        (":c", "", "c, b, a"),
        ("m:", "", "t, m"),
        ("shop:m", "", "m, c, b"),
        ("t-1:t", "", "t, m"),
        ("b:+1", "", "c, b"),
        ("-1:t", "", "t, m"),
        ("-1:current", "c", "c, b"),
        ("current:t", "m", "t, m"),
        (
            "t:b",
            "",
            "! revision t is not an ancestor of b; write the older one first; t: leads to the heads",
        ),
        ("c-9:c", "", "c, b, a"),
        ("c:+9", "", "t, m, c"),
        (
            "b",
            "",
            "! \"b\" is no range; write START:END, START: or :END",
        ),
        (
            "a:b:c",
            "",
            "! \"a:b:c\" is no range; write START:END, START: or :END",
        ),
    ] {
        assert_eq!(told(range, current), expected, "{range} at {current:?}");
    }
    assert_eq!(told(":", "").split(", ").count(), 7);
}

#[test]
fn scripts_start_where_the_range_says() {
    let found = history("a:\nb: a\nc: b\n").unwrap();
    let told = |range: &str| {
        let (start, end) = found.script_range(range).unwrap();
        let end = found.target(end, &start).unwrap().goal;
        format!("{} to {end:?}", id::list(&start))
    };
    assert!(told("c").starts_with(" to Heads"));
    assert_eq!(
        told("a:+1"),
        format!("a to {:?}", found.target("b", &[]).unwrap().goal)
    );
    assert_eq!(told("c:base"), "c to Base");
    assert_eq!(
        told("c:-1"),
        format!("c to {:?}", found.target("b", &[]).unwrap().goal)
    );
    assert!(found.script_range("x:c").is_err());
}
