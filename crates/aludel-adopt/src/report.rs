//! The report: what was recorded, what depends on data, what has no way back, and what was proven.

use std::fmt::Write as _;

use crate::outcome::{Adoption, Downgrade, InOneGo, Outcome};
use crate::project::AlembicProject;

/// Counts over all revisions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Revisions.
    pub revisions: usize,
    /// Of them those that depend on data, the clock or chance.
    pub dependent: usize,
    /// Without a way back.
    pub irreversible: usize,
    /// With a way back of Aludel's making.
    pub repaired: usize,
    /// Whose catalog differs from Alembic's.
    pub differing: usize,
}

impl Adoption {
    /// Counts.
    pub fn counts(&self) -> Counts {
        let count = |is: fn(&&Outcome) -> bool| self.revisions.iter().filter(is).count();
        Counts {
            revisions: self.revisions.len(),
            dependent: count(|one| !one.dependent.is_empty()),
            irreversible: count(|one| matches!(one.downgrade, Downgrade::Irreversible(_))),
            repaired: count(|one| matches!(one.downgrade, Downgrade::Repaired(_))),
            differing: count(|one| !one.differs.is_empty()),
        }
    }
}

/// Writes the report as Markdown.
pub fn markdown(project: &AlembicProject, adoption: &Adoption) -> String {
    let counts = adoption.counts();
    let [python, alembic, sqlalchemy] = &adoption.versions;
    let server = adoption.server_version_num;
    let mut text = format!(
        "# Adopted from Alembic\n\n\
         {} of `{}` were run by Alembic {alembic} (Python {python}, SQLAlchemy {sqlalchemy}) on a scratch PostgreSQL {}.{}, and every\n\
         statement that reached the server was recorded.\n\n",
        counted(counts.revisions, "revision"),
        project
            .script_location
            .file_name()
            .unwrap_or_default()
            .to_string_lossy(),
        server / 10_000,
        server % 10_000,
    );
    for line in summary(adoption).into_iter().chain(folders(project)) {
        let _ = writeln!(text, "- {line}");
    }
    text.push_str(
        "\nWhat the revisions did besides, such as writing files or calling services, happened while they were run and is in \
         no file here.\n\n## Revisions\n\n| revision | message | statements | way back | notes |\n|---|---|---|---|---|\n",
    );
    for outcome in &adoption.revisions {
        row(&mut text, outcome);
    }
    list(&mut text, "Rows that differ", &adoption.rows_differ);
    list(
        &mut text,
        "Alembic's upgrade in one go, beside one by one",
        &of_one_go(adoption),
    );
    list(
        &mut text,
        "Columns that two runs of Alembic's fill differently",
        &adoption.unstable,
    );
    list(
        &mut text,
        "Where engines would have connected",
        &adoption.engines,
    );
    for outcome in &adoption.revisions {
        details(&mut text, outcome);
    }
    text
}

/// What came of the whole, a line each.
fn summary(adoption: &Adoption) -> [String; 7] {
    let counts = adoption.counts();
    [
        format!("{} recorded", counted(counts.revisions, "revision")),
        format!(
            "{} on what was read, the clock or chance",
            depend(counts.dependent)
        ),
        format!(
            "{} without a way back",
            counted(counts.irreversible, "revision")
        ),
        format!(
            "{} whose way back Aludel made",
            counted(counts.repaired, "revision")
        ),
        match counts.differing {
            0 => "after every revision the catalog is the one that Alembic's revision leads to"
                .to_owned(),
            count => format!(
                "**{} lead to another catalog than Alembic's**",
                counted(count, "revision")
            ),
        },
        match adoption.rows_differ.len() {
            0 => "at the head the rows of every table are the same".to_owned(),
            count => format!("**the rows of {} differ**", counted(count, "table")),
        },
        in_one_go(adoption),
    ]
}

/// Where an upgrade in one go leads, on one line.
pub fn in_one_go(adoption: &Adoption) -> String {
    match &adoption.in_one_go {
        InOneGo::Same => "Alembic's own upgrade of all of it in one go leads there too".to_owned(),
        InOneGo::Elsewhere(differs) => format!(
            "**Alembic's own upgrade of all of it in one go leads elsewhere ({}) than the same revisions one by one, \
             which the files follow**",
            counted(differs.len(), "difference"),
        ),
        InOneGo::Fails { revision, error } => format!(
            "**Alembic's own upgrade of all of it in one go fails{}, where the same revisions one by one go well; the \
             files follow these**: {error}",
            at(revision.as_deref()),
        ),
    }
}

fn at(revision: Option<&str>) -> String {
    revision.map_or_else(String::new, |revision| format!(" at {revision}"))
}

/// What differs in one go, or what is known of the error.
pub fn of_one_go(adoption: &Adoption) -> Vec<String> {
    match &adoption.in_one_go {
        InOneGo::Same => Vec::new(),
        InOneGo::Elsewhere(differs) => differs.clone(),
        InOneGo::Fails { error, .. } => error.details(),
    }
}

/// What becomes of several folders of revisions.
fn folders(project: &AlembicProject) -> Option<String> {
    let folders = project.folders();
    (folders.len() > 1).then(|| {
        format!(
            "Alembic's {} folders of revisions (`{}`) are one here",
            folders.len(),
            folders.join("`, `")
        )
    })
}

fn row(text: &mut String, outcome: &Outcome) {
    let way_back = match &outcome.downgrade {
        Downgrade::LeadsBack(_) => "yes",
        Downgrade::Irreversible(_) => "**no**",
        Downgrade::Repaired(_) | Downgrade::OfBaseline => "Aludel's",
    };
    let _ = writeln!(
        text,
        "| `{}` | {} | {} | {way_back} | {} |",
        outcome.revision.id,
        outcome.revision.message.replace('|', "\\|"),
        outcome.recording.statements().count(),
        notes(outcome).join(", "),
    );
}

/// What is worth a look, in a few words.
pub fn notes(outcome: &Outcome) -> Vec<&'static str> {
    let Outcome {
        recording,
        dependent,
        differs,
        printed,
        asked,
        refused,
        ..
    } = outcome;
    let marks = [
        (!differs.is_empty(), "**catalog differs**"),
        (!dependent.is_empty(), "data-dependent"),
        (!recording.swallowed.is_empty(), "swallowed an error"),
        (!printed.trim().is_empty(), "printed"),
        (
            !asked.is_empty() || !refused.is_empty(),
            "connected on its own",
        ),
    ];
    marks
        .into_iter()
        .filter(|(is, _)| *is)
        .map(|(_, word)| word)
        .collect()
}

/// How many of the things that a revision depends on the report names.
const DEPENDENCES_MAX: usize = 5;

fn details(text: &mut String, outcome: &Outcome) {
    let mut lines: Vec<String> = Vec::new();
    lines.extend(outcome.differs.iter().map(|one| format!("differs: {one}")));
    if let Downgrade::Irreversible(reason) | Downgrade::Repaired(reason) = &outcome.downgrade {
        lines.push(reason.clone());
    }
    if let Downgrade::LeadsBack(stays) = &outcome.downgrade {
        lines.extend(stays.iter().map(|one| {
            format!("the downgrade leaves {one}, which is made `IF NOT EXISTS` and may have been there before")
        }));
    }
    let shown = outcome.dependent.iter().take(DEPENDENCES_MAX);
    lines.extend(shown.map(|one| format!("depends on: `{}`", one_line(one))));
    let more = outcome.dependent.len().saturating_sub(DEPENDENCES_MAX);
    if more > 0 {
        lines.push(format!("and on {more} more, named in its file"));
    }
    for (statement, failure) in &outcome.recording.swallowed {
        lines.push(format!(
            "an error was swallowed, and the statement left out: `{}`: {} ({})",
            one_line(statement),
            failure.message,
            failure.sqlstate
        ));
    }
    if !outcome.printed.trim().is_empty() {
        lines.push(format!("printed: `{}`", one_line(&outcome.printed)));
    }
    lines.extend(
        outcome
            .asked
            .iter()
            .map(|place| format!("connected to {place} on its own; it was led to scratch")),
    );
    let refused = outcome.refused.iter();
    lines
        .extend(refused.map(|place| format!("connected to {place} on its own, which was refused")));
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(
        text,
        "\n## {} {}\n",
        outcome.revision.id, outcome.revision.message
    );
    for line in lines {
        let _ = writeln!(text, "- {line}");
    }
}

fn list(text: &mut String, title: &str, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    let _ = writeln!(text, "\n## {title}\n");
    for line in lines {
        let _ = writeln!(text, "- {line}");
    }
}

/// The text on one line, for a list or a comment.
pub(crate) fn one_line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let line = words.join(" ").replace('`', "'");
    line.chars().take(300).collect()
}

fn depend(count: usize) -> String {
    let verb = if count == 1 { "depends" } else { "depend" };
    format!("{} {verb}", counted(count, "revision"))
}

fn counted(count: usize, noun: &str) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {noun}{plural}")
}
