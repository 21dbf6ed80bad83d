//! Plans.

use super::*;
use crate::testing::{history, ids};

fn steps(plan: &Plan) -> String {
    let texts = plan.steps.iter().map(|step| {
        format!(
            "{} {} [{} → {}]",
            step.action.as_str(),
            step.revision,
            crate::id::list(&step.from),
            crate::id::list(&step.to)
        )
    });
    texts.collect::<Vec<_>>().join(", ")
}

#[test]
fn plans_need_the_heads_and_no_database() {
    let found = history("a:\nb: a\nc: a\nm: b c\nx: | b\ny: x | b m\n").unwrap();
    let up = found.plan_upgrade(&ids("b"), "y").unwrap();
    assert_eq!(
        steps(&up),
        "upgrade c [a → c], upgrade m [b, c → m], upgrade x [b → x], upgrade y [x, m → y]"
    );
    assert_eq!(up.heads, ids("y"));
    let down = found.plan_downgrade(&ids("m x"), "b@base").unwrap();
    assert_eq!(down.heads, ids(""));
    let toward =
        |current: &str, target: &str| steps(&found.plan_toward(&ids(current), target).unwrap());
    assert_eq!(toward("m", "b"), "downgrade m [m → b, c]");
    assert_eq!(toward("b", "m"), "upgrade c [a → c], upgrade m [b, c → m]");
    assert_eq!(toward("b", "-1"), "downgrade b [b → a]");
    assert_eq!(
        toward("b", "base"),
        "downgrade b [b → a], downgrade a [a → ]"
    );
    assert_eq!(toward("b", "b"), "");
    let stamp = found.plan_stamp(&ids("m"), &["b", "c"]).unwrap();
    assert_eq!(steps(&stamp), "stamp b [m → b], stamp c [ → c]");
    assert_eq!(stamp.heads, ids("b c"));
    let operations: Vec<_> = stamp
        .steps
        .iter()
        .flat_map(|step| step.rows.operations())
        .collect();
    assert_eq!(operations.len(), 2);
}

#[test]
fn what_comes_behind_another_needs_it_not() {
    let whole = |lines: &str| steps(&history(lines).unwrap().plan_upgrade(&[], "heads").unwrap());
    let order = |lines: &str| -> Vec<String> {
        let found = history(lines).unwrap();
        let plan = found.plan_upgrade(&[], "heads").unwrap();
        plan.steps
            .iter()
            .map(|step| step.revision.to_string())
            .collect()
    };
    assert_eq!(order("a:\nb: a\nx:\ny: x"), ["x", "y", "a", "b"]);
    assert_eq!(
        order("a:\nb: a\nx: > a\ny: x > nowhere"),
        ["a", "x", "y", "b"]
    );
    assert_eq!(order("a:\nb: a\nx: > b\ny: x"), ["a", "b", "x", "y"]);
    let found = history("a:\nb: a\nx: > b\ny: x").unwrap();
    let up = found.plan_upgrade(&[], "y").unwrap();
    assert_eq!(steps(&up), "upgrade x [ → x], upgrade y [x → y]");
    let down = found.plan_downgrade(&ids("b y"), "base").unwrap();
    let down: Vec<String> = down
        .steps
        .iter()
        .map(|step| step.revision.to_string())
        .collect();
    assert_eq!(down, ["y", "x", "b", "a"]);
    // Rows are those of heads, whatever goes first.
    assert!(whole("a:\nx: > a").ends_with("upgrade x [ → x]"));
    assert!(history("a: > b\nb: > a").is_err());
}
