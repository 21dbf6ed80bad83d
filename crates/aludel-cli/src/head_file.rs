//! `migrations/HEAD`: the ids of the heads, a line each.
//!
//! `revision`, `merge`, `rebase` and `squash` write it. Two branches that both add a revision both change the
//! same line, so git stops at once, and nobody finds out about two heads in production.

use std::path::PathBuf;

use aludel_revision::{History, Revision};

use crate::config::Project;
use crate::ui::printer::Printer;
use crate::ui::problem::Problem;

/// What the file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum HeadFile {
    /// There is none.
    Missing,
    /// It holds the heads.
    Fresh,
    /// It holds other ids.
    Stale(Vec<String>),
    /// It holds git's marks of a conflict.
    Conflict,
}

/// Compares the file with the history.
pub(crate) fn compare(project: &Project, history: &History) -> HeadFile {
    let Ok(text) = fs_err::read_to_string(path(project)) else {
        return HeadFile::Missing;
    };
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    if lines.iter().any(|line| line.starts_with("<<<<<<<")) {
        return HeadFile::Conflict;
    }
    if lines == ids(history) {
        HeadFile::Fresh
    } else {
        HeadFile::Stale(lines.into_iter().map(str::to_owned).collect())
    }
}

/// Writes the file. A history without revisions has no such file.
pub(crate) fn write(project: &Project, history: &History) -> Result<(), Problem> {
    let path = path(project);
    let mut text = String::new();
    for id in ids(history) {
        text.push_str(id);
        text.push('\n');
    }
    let written = if text.is_empty() && path.exists() {
        fs_err::remove_file(&path)
    } else if text.is_empty() || fs_err::read_to_string(&path).is_ok_and(|found| found == text) {
        Ok(())
    } else {
        fs_err::write(&path, text)
    };
    written.map_err(|error| {
        Problem::new("not-writable", error.to_string()).hint("aludel heads --write-head")
    })
}

/// Warns when the file does not hold the heads; a missing one is nothing to warn of.
pub(crate) fn warn_if_stale(project: &Project, history: &History, printer: &mut Printer) {
    let name = project.shown(&path(project));
    match compare(project, history) {
        HeadFile::Missing | HeadFile::Fresh => {}
        HeadFile::Conflict => printer.warn(
            &format!("{name} has a merge conflict: two branches added a revision each"),
            &next_of_two_heads(history),
        ),
        HeadFile::Stale(said) => {
            let said = if said.is_empty() {
                "nothing".to_owned()
            } else {
                said.join(", ")
            };
            let hints = if history.heads().len() > 1 {
                next_of_two_heads(history)
            } else {
                vec!["aludel heads --write-head".to_owned()]
            };
            let text = format!(
                "{name} says {said}; the heads are {}",
                ids(history).join(", ")
            );
            printer.warn(&text, &hints);
        }
    }
}

fn next_of_two_heads(history: &History) -> Vec<String> {
    if history.heads().len() < 2 {
        return vec!["aludel heads --write-head".to_owned()];
    }
    vec![
        "put yours on top of theirs: aludel rebase".to_owned(),
        "or join them: aludel merge heads -m \"merge\"".to_owned(),
    ]
}

fn ids(history: &History) -> Vec<&str> {
    let mut ids: Vec<&str> = history
        .heads()
        .into_iter()
        .map(|head: &Revision| head.id().as_str())
        .collect();
    ids.sort_unstable();
    ids
}

fn path(project: &Project) -> PathBuf {
    project.migrations_folder().join("HEAD")
}
