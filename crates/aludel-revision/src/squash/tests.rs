//! Squashes as the graph sees them.

use std::path::PathBuf;

use super::*;
use crate::testing::{id, ids};

fn revision(name: &str, parents: &str, replaces: &str) -> Revision {
    let list = |text: &str| crate::value::write_list(&text.split_whitespace().collect::<Vec<_>>());
    let text = format!(
        "-- aludel: revision = \"{name}\"\n-- aludel: parents = {}\n-- aludel: message = \"make {name}\"\n-- aludel: replaces = {}\n\
         -- aludel: upgrade\n-- why\nSELECT '{name}';\n-- aludel: downgrade\nSELECT 'no {name}';\n",
        list(parents),
        list(replaces)
    );
    Revision::from_bytes(PathBuf::from(format!("{name}.sql")), text.as_bytes()).unwrap()
}

fn history(revisions: &[(&str, &str, &str)]) -> Result<History, HistoryError> {
    let revisions = revisions
        .iter()
        .map(|(name, parents, replaces)| revision(name, parents, replaces));
    History::new(revisions.collect())
}

/// `s1` in the place of `a1`, `b1`, `c1`, and what follows.
fn squashed() -> History {
    history(&[("s1", "", "a1 b1 c1"), ("d1", "c1", "")]).unwrap()
}

fn rows(plan: &crate::plan::Plan) -> Vec<(String, String)> {
    let list = |ids: &[RevisionId]| {
        ids.iter()
            .map(RevisionId::as_str)
            .collect::<Vec<_>>()
            .join(" ")
    };
    plan.steps
        .iter()
        .map(|step| (list(&step.rows.delete), list(&step.rows.insert)))
        .collect()
}

#[test]
fn a_database_at_the_end_is_at_the_squash() {
    let history = squashed();
    assert_eq!(history.pending(&ids("c1")).unwrap(), ids("d1"));
    let up = history.plan_upgrade(&ids("c1"), "head").unwrap();
    assert_eq!(rows(&up), [("c1".to_owned(), "d1".to_owned())]);
    let down = history.plan_downgrade(&ids("c1"), "base").unwrap();
    assert_eq!(rows(&down), [("c1".to_owned(), String::new())]);
    let down = history.plan_downgrade(&ids("d1"), "c1").unwrap();
    assert_eq!(rows(&down), [("d1".to_owned(), "s1".to_owned())]);
    let stamp = history.plan_stamp(&ids("c1"), &["d1"]).unwrap();
    assert_eq!(rows(&stamp), [("c1".to_owned(), "d1".to_owned())]);
    let fresh = history.plan_upgrade(&[], "head").unwrap();
    assert_eq!(
        rows(&fresh),
        [
            (String::new(), "s1".to_owned()),
            ("s1".to_owned(), "d1".to_owned())
        ]
    );
}

#[test]
fn a_database_in_the_middle_is_told_so() {
    assert_eq!(
        squashed().plan_upgrade(&ids("b1"), "head"),
        Err(TargetError::InsideSquash {
            row: id("b1"),
            squash: id("s1"),
            end: id("c1"),
        })
    );
}

#[test]
fn with_the_old_files_the_squash_is_left_out() {
    let old = [
        ("a1", "", ""),
        ("b1", "a1", ""),
        ("c1", "b1", ""),
        ("d1", "c1", ""),
    ];
    let history = history(&[&old[..], &[("s1", "", "a1 b1 c1")]].concat()).unwrap();
    assert_eq!(history.pending(&ids("b1")).unwrap(), ids("c1 d1"));
    assert!(history.get(&id("s1")).is_none());
}

#[test]
fn some_of_the_old_files_are_too_many() {
    let error = history(&[("s1", "", "a1 b1"), ("b1", "", "")]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "s1.sql: revision s1 replaces a1, b1, of which only b1 are there"
    );
}

#[test]
fn revisions_are_taken_together_in_order() {
    let history = history(&[
        ("a1", "", ""),
        ("b1", "a1", ""),
        ("c1", "b1", ""),
        ("d1", "c1", ""),
    ])
    .unwrap();
    let squash = history.squash("b1:c1").unwrap();
    assert_eq!(
        (squash.parents.clone(), squash.replaces.ids().to_vec()),
        (ids("a1"), ids("b1 c1"))
    );
    let (up, down) = squash.in_order().unwrap();
    assert_eq!(
        up,
        "-- b1: make b1\n-- why\nSELECT 'b1';\n\n-- aludel: commit\n\n-- c1: make c1\n-- why\nSELECT 'c1';\n"
    );
    assert!(
        down.unwrap()
            .starts_with("-- c1: make c1\nSELECT 'no c1';\n")
    );
}

#[test]
fn a_branch_in_the_middle_is_in_the_way() {
    let history = history(&[
        ("a1", "", ""),
        ("b1", "a1", ""),
        ("c1", "b1", ""),
        ("x1", "b1", ""),
    ])
    .unwrap();
    assert_eq!(
        history.squash("a1:c1").unwrap_err(),
        SquashError::Followed {
            revision: id("b1"),
            by: id("x1"),
        }
    );
    assert!(matches!(
        history.squash("a1:a1"),
        Err(SquashError::TooFew { count: 1, .. })
    ));
}

#[test]
fn a_squash_inside_another_hands_on_what_it_replaces() {
    let history = history(&[("s1", "", "a1 b1"), ("c1", "b1", ""), ("d1", "c1", "")]).unwrap();
    let replaces = history.squash(":c1").unwrap().replaces;
    assert_eq!(replaces, Replaces::new(ids("a1 b1 s1"), ids("c1")));
    assert!(matches!(
        history.squash("base:s1"),
        Err(SquashError::TooFew { .. })
    ));
}

#[test]
fn a_squash_at_the_end_of_another_has_two_ids_for_one_place() {
    let first = history(&[("a1", "", ""), ("s1", "b1", "b1 c1"), ("d1", "c1", "")]);
    assert!(matches!(first, Err(HistoryError::Missing { .. })));
    let before = history(&[("a1", "", ""), ("s1", "a1", "b1 c1"), ("d1", "c1", "")]).unwrap();
    let replaces = before.squash("a1:s1").unwrap().replaces;
    assert_eq!(replaces.write(), r#"["a1", "b1", ["c1", "s1"]]"#);
    let text = format!(
        "-- aludel: revision = \"t1\"\n-- aludel: parents = []\n-- aludel: replaces = {}\n-- aludel: upgrade\n",
        replaces.write()
    );
    let second = Revision::from_bytes(PathBuf::from("t1.sql"), text.as_bytes()).unwrap();
    assert_eq!(second.header.replaces, replaces);
    // The files of the old ones are gone.
    let after = History::new(vec![second, revision("d1", "c1", "")]).unwrap();
    for row in ["c1", "s1", "t1"] {
        assert_eq!(after.pending(&ids(row)).unwrap(), ids("d1"), "{row}");
    }
    for row in ["a1", "b1"] {
        let fault = after.pending(&ids(row)).unwrap_err();
        assert_eq!(fault.kind(), "inside-squash", "{row}");
    }
    // Those of the first squash are kept, those before it are not.
    let second = Revision::from_bytes(PathBuf::from("t1.sql"), text.as_bytes()).unwrap();
    let kept = [("a1", "", ""), ("s1", "a1", "b1 c1"), ("d1", "c1", "")];
    let mut revisions: Vec<Revision> = kept
        .iter()
        .map(|one| revision(one.0, one.1, one.2))
        .collect();
    revisions.push(second);
    let kept = History::new(revisions).unwrap();
    assert_eq!(kept.pending(&ids("a1")).unwrap(), ids("s1 d1"));
    assert_eq!(kept.pending(&ids("t1")).unwrap(), ids("d1"));
    let down = kept.plan_downgrade(&ids("t1"), "a1").unwrap();
    assert_eq!(rows(&down), [("t1".to_owned(), "a1".to_owned())]);
}

#[test]
fn a_target_in_the_middle_is_told_so() {
    let fault = squashed().target("b1", &[]).unwrap_err();
    assert_eq!(
        (fault.kind(), fault.to_string().as_str()),
        (
            "inside-squash",
            "revision b1 is in the middle of what s1 replaces"
        )
    );
}

#[test]
fn a_database_that_ran_the_squash_is_at_the_last_of_the_old_files() {
    let old = [("a1", "", ""), ("b1", "a1", ""), ("c1", "b1", "")];
    let history = history(&[&old[..], &[("s1", "", "a1 b1 c1")]].concat()).unwrap();
    assert_eq!(history.pending(&ids("s1")).unwrap(), ids(""));
    let down = history.plan_downgrade(&ids("s1"), "a1").unwrap();
    assert_eq!(
        rows(&down),
        [
            ("s1".to_owned(), "b1".to_owned()),
            ("b1".to_owned(), "a1".to_owned())
        ]
    );
}
