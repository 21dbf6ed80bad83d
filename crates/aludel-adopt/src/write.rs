//! A recording as the file of a revision.

use aludel_catalog::Catalog;
use aludel_revision::{Allow, NewRevision, Revision};
use aludel_sql::{Hazard, Statement, runs_alone};

use crate::graph::AlembicRevision;
use crate::recording::{Recording, Transaction};

/// Why a data loss is allowed in what was recorded.
const REASON: &str = "Alembic's revision did it";

/// What `recorded` says of a revision whose statements depend on rows that it read, or on the clock or chance.
pub const DATA_DEPENDENT: &str = "data-dependent";

/// What the line begins with that says where a revision comes from.
pub(crate) const ORIGIN: &str = "-- Recorded from ";

/// Writes the section of one direction.
pub(crate) fn section(transactions: &[Transaction]) -> String {
    let mut text = String::new();
    // Whether the statement before leaves a transaction that the next one would join.
    let mut joins = false;
    for transaction in transactions {
        let mut is_first = true;
        for statement in &transaction.statements {
            let parsed = Statement::new(statement.trim());
            let alone = runs_alone(&parsed).is_some();
            let commits_itself = transaction.is_autocommit && may_commit(&parsed);
            if commits_itself && !alone {
                text.push_str("\n-- aludel: no-transaction\n");
            } else if joins && !alone && (is_first || transaction.is_autocommit) {
                text.push_str("\n-- aludel: commit\n");
            }
            text.push_str(&terminated(statement));
            joins = !alone && !commits_itself;
            is_first = false;
        }
    }
    text
}

/// Whether the statement may end a transaction of its own, as procedures do.
fn may_commit(statement: &Statement) -> bool {
    let first = statement.text.split_whitespace().next().unwrap_or_default();
    first.eq_ignore_ascii_case("call") || first.eq_ignore_ascii_case("do")
}

/// A statement with its semicolon; one that ends in a comment has it on the next line.
fn terminated(statement: &str) -> String {
    let text: Vec<&str> = statement.trim().lines().map(str::trim_end).collect();
    let keeps_lines = statement.contains('\'') || statement.contains('$');
    let text = if keeps_lines {
        statement.trim().to_owned()
    } else {
        text.join("\n")
    };
    let last = text.lines().last().unwrap_or_default();
    let separator = if last.contains("--") { "\n" } else { "" };
    format!("{text}{separator};\n")
}

/// Every line as a comment.
pub(crate) fn commented(text: &str) -> String {
    text.trim()
        .lines()
        .map(|line| format!("-- {line}").trim_end().to_owned() + "\n")
        .collect()
}

/// Makes the revision without its downgrade and without what it allows.
pub(crate) fn upgrade(
    revision: &AlembicRevision,
    prologue: &[Transaction],
    recording: &Recording,
    dependent: &[String],
) -> NewRevision {
    let mut new = revision.header();
    let all = [prologue, &recording.transactions].concat();
    new.upgrade = origin(revision) + &section(&all);
    if !dependent.is_empty() {
        new.recorded = Some(DATA_DEPENDENT.to_owned());
        let mut notes = String::from(
            "-- This revision did what it did because of what it read; on a database with other rows it may do\n\
             -- something else. Recorded on an empty database. What it depends on:\n",
        );
        for one in dependent {
            notes.push_str(&commented(
                &one.split_whitespace().collect::<Vec<_>>().join(" "),
            ));
        }
        new.upgrade = format!("{notes}\n{}", new.upgrade);
    }
    new
}

/// The line that says which file a revision was recorded from, and in which state.
fn origin(revision: &AlembicRevision) -> String {
    if revision.checksum.is_empty() {
        return String::new();
    }
    let name = revision.path.file_name().unwrap_or_default();
    format!(
        "{ORIGIN}{} ({})\n",
        name.to_string_lossy(),
        revision.checksum
    )
}

/// The SHA-256 of the state of Alembic's file that a file of Aludel's was recorded from, if it is not this one.
pub fn changed_from<'a>(text: &'a str, revision: &AlembicRevision) -> Option<&'a str> {
    let origin = text.lines().find_map(|line| line.strip_prefix(ORIGIN))?;
    let (_, recorded) = origin.trim_end().strip_suffix(')')?.rsplit_once('(')?;
    (recorded != revision.checksum).then_some(recorded)
}

/// The losses of an upgrade, each allowed.
pub(crate) fn allowed(hazards: Vec<(Hazard, String)>) -> Vec<Allow> {
    let entry = |(hazard, object)| Allow::One {
        hazard,
        object,
        reason: REASON.to_owned(),
    };
    hazards.into_iter().map(entry).collect()
}

/// Reads the revision as its file would be read.
pub(crate) fn as_file(new: &NewRevision) -> Result<Revision, aludel_revision::FileError> {
    let name = format!("{}.sql", new.id);
    let revision = Revision::from_bytes(name.into(), new.render().as_bytes())?;
    revision.body()?;
    Ok(revision)
}

/// Whether two catalogs are the same but for owners, which nobody states.
pub(crate) fn differences(found: &Catalog, expected: &Catalog) -> Vec<String> {
    aludel_prove::differences(found, expected)
}
