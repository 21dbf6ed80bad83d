//! How revisions are listed: the marks of each, and its one-line and long form, in Alembic's shape.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use aludel_revision::{History, Revision, RevisionId};

use crate::ui::json::RevisionJson;
use crate::ui::theme::{Role, Theme};

/// What the graph says of each revision, worked out once for the whole history.
pub(crate) struct Listing<'a> {
    history: &'a History,
    marks: BTreeMap<&'a RevisionId, Marks<'a>>,
    current: BTreeSet<RevisionId>,
}

#[derive(Default)]
struct Marks<'a> {
    children: Vec<&'a RevisionId>,
    dependents: usize,
    labels: BTreeSet<&'a str>,
}

/// What a line shows beside the id.
#[derive(Clone, Copy)]
pub(crate) enum Line {
    /// `heads`: id, labels, head mark.
    Head,
    /// `current`: id, head mark, tree marks.
    Current,
    /// `history`: parents, id, every mark, message.
    History,
}

impl<'a> Listing<'a> {
    /// Works out the marks; `current` are the revisions a database is at, empty when none was asked.
    pub(crate) fn new(history: &'a History, current: &[RevisionId]) -> Self {
        let mut marks: BTreeMap<&RevisionId, Marks<'_>> = BTreeMap::new();
        for revision in history.iter_topological() {
            marks.entry(&revision.header.revision).or_default();
            for parent in &revision.header.parents {
                marks
                    .entry(parent)
                    .or_default()
                    .children
                    .push(&revision.header.revision);
            }
            for needed in &revision.header.depends_on {
                marks.entry(needed).or_default().dependents += 1;
            }
        }
        spread_labels(history, &mut marks);
        Self {
            history,
            marks,
            current: current.iter().cloned().collect(),
        }
    }

    /// The revisions, newest first.
    pub(crate) fn newest_first(&self) -> Vec<&'a Revision> {
        let mut revisions: Vec<&Revision> = self.history.iter_topological().collect();
        revisions.reverse();
        revisions
    }

    /// One line of a revision.
    pub(crate) fn line(&self, revision: &Revision, kind: Line, theme: Theme) -> String {
        let header = &revision.header;
        let mut out = String::new();
        if let Line::History = kind {
            out.push_str(&parents_text(revision));
            if !header.depends_on.is_empty() {
                let _ = write!(out, " ({})", joined(&header.depends_on));
            }
            out.push_str(" -> ");
        }
        out.push_str(&theme.paint(Role::Revision, header.revision.as_str()));
        let tree = !matches!(kind, Line::Head);
        let labels = !matches!(kind, Line::Current);
        let marks = self.marks_text(
            revision,
            Shown {
                labels,
                current: matches!(kind, Line::History),
                tree,
            },
        );
        if !marks.is_empty() {
            out.push_str(&theme.paint(Role::Mark, &marks));
        }
        if let Line::History = kind {
            let _ = write!(out, ", {}", header.message);
        }
        out
    }

    /// The long form, as `show` prints it.
    pub(crate) fn block(&self, revision: &Revision, theme: Theme) -> String {
        let header = &revision.header;
        let mut out = String::new();
        let shown = Shown {
            labels: false,
            current: true,
            tree: true,
        };
        let marks = theme.paint(Role::Mark, &self.marks_text(revision, shown));
        let _ = writeln!(
            out,
            "Rev: {}{marks}",
            theme.paint(Role::Revision, header.revision.as_str())
        );
        let title = if header.parents.len() > 1 {
            "Merges"
        } else {
            "Parent"
        };
        let _ = writeln!(out, "{title}: {}", parents_text(revision));
        if !header.depends_on.is_empty() {
            let _ = writeln!(out, "Also depends on: {}", joined(&header.depends_on));
        }
        if let Some(marks) = self.marks.get(&header.revision) {
            if marks.children.len() > 1 {
                let _ = writeln!(
                    out,
                    "Branches into: {}",
                    joined(marks.children.iter().copied())
                );
            }
            if !marks.labels.is_empty() {
                let labels: Vec<&str> = marks.labels.iter().copied().collect();
                let _ = writeln!(out, "Branch names: {}", labels.join(", "));
            }
        }
        let _ = writeln!(out, "Path: {}\n", revision.path.display());
        for line in header.message.lines() {
            let _ = writeln!(out, "    {line}");
        }
        let _ = writeln!(out, "\n    Revision ID: {}", header.revision);
        let _ = writeln!(out, "    Revises: {}", joined(&header.parents));
        let _ = writeln!(out, "    Create Date: {}", header.created);
        out
    }

    /// What programs read of a revision.
    pub(crate) fn json(&self, revision: &Revision) -> RevisionJson {
        let header = &revision.header;
        let marks = self.marks.get(&header.revision);
        let strings = |ids: &[RevisionId]| ids.iter().map(ToString::to_string).collect();
        RevisionJson {
            revision: header.revision.to_string(),
            parents: strings(&header.parents),
            depends_on: strings(&header.depends_on),
            labels: header.labels.clone(),
            message: header.message.clone(),
            created: header.created.clone(),
            path: revision.path.display().to_string(),
            is_head: marks.is_none_or(|marks| marks.children.is_empty()),
            is_effective_head: marks
                .is_some_and(|marks| marks.children.is_empty() && marks.dependents > 0),
            is_branch_point: marks.is_some_and(|marks| marks.children.len() > 1),
            is_merge_point: header.parents.len() > 1,
            is_current: self.current.contains(&header.revision),
        }
    }

    fn marks_text(&self, revision: &Revision, shown: Shown) -> String {
        let mut out = String::new();
        let Some(marks) = self.marks.get(&revision.header.revision) else {
            return out;
        };
        if shown.labels && !marks.labels.is_empty() {
            let labels: Vec<&str> = marks.labels.iter().copied().collect();
            let _ = write!(out, " ({})", labels.join(", "));
        }
        if marks.children.is_empty() {
            out.push_str(if marks.dependents == 0 {
                " (head)"
            } else {
                " (effective head)"
            });
        }
        if shown.current && self.current.contains(&revision.header.revision) {
            out.push_str(" (current)");
        }
        if shown.tree && marks.children.len() > 1 {
            out.push_str(" (branchpoint)");
        }
        if shown.tree && revision.header.parents.len() > 1 {
            out.push_str(" (mergepoint)");
        }
        out
    }
}

/// Which marks a form shows.
#[derive(Clone, Copy)]
struct Shown {
    labels: bool,
    current: bool,
    tree: bool,
}

/// A label holds for everything below its revision, and above it up to the branch or merge it came from.
fn spread_labels<'a>(history: &'a History, marks: &mut BTreeMap<&'a RevisionId, Marks<'a>>) {
    for revision in history
        .iter_topological()
        .filter(|revision| !revision.header.labels.is_empty())
    {
        let labels: Vec<&str> = revision.header.labels.iter().map(String::as_str).collect();
        let mut below = vec![&revision.header.revision];
        let mut seen = BTreeSet::new();
        while let Some(id) = below.pop() {
            if !seen.insert(id) {
                continue;
            }
            let Some(entry) = marks.get_mut(id) else {
                continue;
            };
            entry.labels.extend(labels.iter().copied());
            below.extend(entry.children.iter().copied());
        }
        let mut above = revision;
        while let [parent] = above.header.parents.as_slice() {
            let Some(entry) = marks.get_mut(parent) else {
                break;
            };
            let Some(next) = history.get(parent) else {
                break;
            };
            if entry.children.len() > 1 || next.header.parents.len() > 1 {
                break;
            }
            entry.labels.extend(labels.iter().copied());
            above = next;
        }
    }
}

fn parents_text(revision: &Revision) -> String {
    if revision.header.parents.is_empty() {
        "<base>".to_owned()
    } else {
        joined(&revision.header.parents)
    }
}

/// Ids with commas between them.
pub(crate) fn joined<'a>(ids: impl IntoIterator<Item = &'a RevisionId>) -> String {
    ids.into_iter()
        .map(RevisionId::as_str)
        .collect::<Vec<_>>()
        .join(", ")
}
