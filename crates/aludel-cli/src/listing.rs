//! How revisions are listed: the marks of each, and its one-line and long form, in Alembic's shape.

use std::collections::BTreeSet;
use std::fmt::Write;

use aludel_revision::{History, Revision, RevisionId};

use crate::ui::json::RevisionJson;
use crate::ui::printer::Printer;
use crate::ui::problem::Problem;
use crate::ui::theme::{Role, Theme};

/// A history, and where a database stands in it.
pub(crate) struct Listing<'a> {
    history: &'a History,
    current: BTreeSet<RevisionId>,
}

/// What a line shows beside the id.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Line {
    /// `heads`: id, labels, head mark.
    Head,
    /// `current`: id, head mark, tree marks.
    Current,
    /// `branches`: id, labels, every mark.
    Branch,
    /// `branches -v` and graphs: the same and the message.
    BranchMessage,
    /// `history`: parents, id, every mark, message.
    History,
}

impl<'a> Listing<'a> {
    /// `current` are the revisions a database is at, empty when none was asked.
    pub(crate) fn new(history: &'a History, current: &[RevisionId]) -> Self {
        Self {
            history,
            current: current.iter().cloned().collect(),
        }
    }

    /// The history.
    pub(crate) fn history(&self) -> &'a History {
        self.history
    }

    /// The revisions, newest first.
    pub(crate) fn newest_first(&self) -> Vec<&'a Revision> {
        self.history.iter_topological().rev().collect()
    }

    /// One line of a revision.
    pub(crate) fn line(&self, revision: &Revision, kind: Line, theme: Theme) -> String {
        let header = &revision.header;
        let mut out = String::new();
        if kind == Line::History {
            out.push_str(&parents_text(revision));
            if !header.depends_on.is_empty() {
                let _ = write!(out, " ({})", joined(&header.depends_on));
            }
            out.push_str(" -> ");
        }
        out.push_str(&theme.paint(Role::Revision, header.revision.as_str()));
        let shown = Shown {
            labels: kind != Line::Current,
            tree: kind != Line::Head,
        };
        let marks = self.marks_text(revision, shown);
        if !marks.is_empty() {
            out.push_str(&theme.paint(Role::Mark, &marks));
        }
        if matches!(kind, Line::History | Line::BranchMessage) {
            let _ = write!(
                out,
                ", {}",
                header.message.lines().next().unwrap_or_default()
            );
        }
        out
    }

    /// Prints revisions, a line each, or their long form with `-v`.
    pub(crate) fn print<'r>(
        &self,
        revisions: impl IntoIterator<Item = &'r Revision>,
        kind: Line,
        printer: &mut Printer,
    ) -> Result<(), Problem> {
        let theme = printer.theme();
        for revision in revisions {
            let text = if printer.is_verbose() {
                self.block(revision, theme)
            } else {
                self.line(revision, kind, theme)
            };
            printer.line(&text)?;
        }
        Ok(())
    }

    /// The long form, as `show` prints it.
    pub(crate) fn block(&self, revision: &Revision, theme: Theme) -> String {
        let header = &revision.header;
        let mut out = String::new();
        let shown = Shown {
            labels: false,
            tree: true,
        };
        let id = theme.paint(Role::Revision, header.revision.as_str());
        let marks = theme.paint(Role::Mark, &self.marks_text(revision, shown));
        let mut field = |name: &str, value: &str| {
            let _ = writeln!(out, "{name}: {value}");
        };
        field("Rev", &format!("{id}{marks}"));
        let is_merge = header.parents.len() > 1;
        field(
            if is_merge { "Merges" } else { "Parent" },
            &parents_text(revision),
        );
        if !header.depends_on.is_empty() {
            field("Also depends on", &joined(&header.depends_on));
        }
        let children = self.history.children(revision.id());
        if children.len() > 1 {
            field(
                "Branches into",
                &joined(children.iter().map(|child| child.id())),
            );
        }
        let labels = self.history.branch_labels(revision.id());
        if !labels.is_empty() {
            field("Branch names", &labels.join(", "));
        }
        if !header.replaces.is_empty() {
            field("Replaces", &joined(header.replaces.ids()));
        }
        field("Path", &format!("{}\n", revision.path.display()));
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
        let children = self.history.children(revision.id()).len();
        RevisionJson {
            revision: header.revision.to_string(),
            parents: strings(&header.parents),
            depends_on: strings(&header.depends_on),
            labels: header.labels.clone(),
            branch_labels: self.history.branch_labels(revision.id()).to_vec(),
            message: header.message.clone(),
            created: header.created.clone(),
            path: revision.path.display().to_string(),
            is_head: children == 0,
            is_effective_head: children == 0 && self.is_needed(revision),
            is_branch_point: children > 1,
            is_merge_point: header.parents.len() > 1,
            is_current: self.current.contains(&header.revision),
        }
    }

    /// Whether another revision depends on it.
    fn is_needed(&self, revision: &Revision) -> bool {
        !self.history.dependents(revision.id()).is_empty()
    }

    fn marks_text(&self, revision: &Revision, shown: Shown) -> String {
        let mut out = String::new();
        let labels = self.history.branch_labels(revision.id());
        if shown.labels && !labels.is_empty() {
            let _ = write!(out, " ({})", labels.join(", "));
        }
        let children = self.history.children(revision.id()).len();
        if children == 0 {
            out.push_str(if self.is_needed(revision) {
                " (effective head)"
            } else {
                " (head)"
            });
        }
        if self.current.contains(revision.id()) {
            out.push_str(" (current)");
        }
        if shown.tree && children > 1 {
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
    tree: bool,
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

/// Ids as programs read them.
pub(crate) fn strings(ids: &[RevisionId]) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}
