//! Drawings of small histories.

use std::path::PathBuf;

use aludel_revision::{History, Revision};

use super::*;
use crate::ui::theme::Theme;

fn history(lines: &[(&str, &[&str])]) -> History {
    let revisions = lines.iter().map(|(id, parents)| {
        let parents: Vec<String> = parents.iter().map(|parent| format!("\"{parent}\"")).collect();
        let text = format!(
            "-- aludel: revision = \"{id}\"\n-- aludel: parents = [{}]\n-- aludel: message = \"m\"\n\
             -- aludel: upgrade\n",
            parents.join(", ")
        );
        Revision::from_bytes(PathBuf::from(format!("{id}.sql")), text.as_bytes()).unwrap()
    });
    History::new(revisions.collect()).unwrap()
}

fn drawn(lines: &[(&str, &[&str])]) -> String {
    let history = history(lines);
    let listing = Listing::new(&history, &[]);
    let plain = Theme::new(anstream::ColorChoice::Never);
    let lines = text(&listing, &listing.newest_first(), plain);
    lines.join("\n")
}

#[test]
fn a_fork_and_its_merge() {
    assert_eq!(
        drawn(&[("a", &[]), ("b", &["a"]), ("c", &["a"]), ("m", &["b", "c"])]),
        "● m (head) (mergepoint), m\n├─╮\n│ ● c, m\n● │ b, m\n├─╯\n○ a (branchpoint), m"
    );
}

#[test]
fn a_base_ends_its_line() {
    assert_eq!(
        drawn(&[("a", &[]), ("b", &["a"]), ("x", &[]), ("y", &["x"])]),
        "● y (head), m\n○ x, m\n● b (head), m\n○ a, m"
    );
}

#[test]
fn lines_cross() {
    let drawn = drawn(&[
        ("a", &[]),
        ("b", &["a"]),
        ("c", &["a"]),
        ("d", &["a"]),
        ("m", &["b", "d"]),
        ("n", &["m", "c"]),
    ]);
    assert_eq!(
        drawn,
        "● n (head) (mergepoint), m\n├─╮\n│ ● c, m\n● │ m (mergepoint), m\n├─┼─╮\n│ │ ● d, m\n● │ │ b, m\n├─┴─╯\n○ a (branchpoint), m"
    );
}
