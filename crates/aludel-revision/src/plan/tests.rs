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
