//! A revision of Aludel's as one of Alembic's: the same id and place in the graph, and the file's SQL both ways.
//!
//! Each statement is handed over as it is. What Aludel commits in between, Alembic commits too: a statement that runs
//! outside a transaction stands in an `autocommit_block`, and one with nothing in it is a commit.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use aludel_revision::{FileError, Revision, RevisionId, Section};
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::project::AlembicProject;
use crate::write::ORIGIN;

/// How Alembic names files, unless a project says otherwise.
const TEMPLATE: &str = "%(rev)s_%(slug)s";

/// The longest slug, in characters.
const SLUG_MAX: usize = 40;

/// Colons would begin parameters; the doubled escape is Python's.
const RUN: &str = "\n\ndef run(statement):\n    \
    \"\"\"Hands SQL over as it is: a colon begins no parameter.\"\"\"\n    \
    op.execute(sa.text(statement.replace(\":\", r\"\\:\")))\n";

/// Returns the Python text that does what the revision's file does; `in_alembic` gives the id by which Alembic knows
/// what it follows.
pub fn python(
    revision: &Revision,
    project: &AlembicProject,
    in_alembic: &dyn Fn(&RevisionId) -> RevisionId,
) -> Result<String, FileError> {
    let body = revision.body()?;
    let header = &revision.header;
    let parents: Vec<RevisionId> = header.parents.iter().map(in_alembic).collect();
    let depends_on: Vec<RevisionId> = header.depends_on.iter().map(in_alembic).collect();
    let mut text = docstring(revision, &parents)?;
    text.push_str("\nimport sqlalchemy as sa\nfrom alembic import op\n\n");
    let labels: Vec<&str> = header.labels.iter().map(String::as_str).collect();
    for (name, value) in [
        ("revision", quoted(header.revision.as_str())),
        ("down_revision", several(&ids(&parents))),
        ("branch_labels", several(&labels)),
        ("depends_on", several(&ids(&depends_on))),
    ] {
        let _ = writeln!(text, "{name} = {value}");
    }
    text.push_str(RUN);
    function(&mut text, "upgrade", Some(&body.upgrade), project, "");
    let reason = header.irreversible.as_deref();
    let reason = reason.unwrap_or("its file has no downgrade section");
    function(
        &mut text,
        "downgrade",
        body.downgrade.as_ref(),
        project,
        reason,
    );
    Ok(text)
}

/// Returns where the revision's file goes in a folder, as Alembic would name it.
pub fn path(revision: &Revision, project: &AlembicProject, folder: &Path) -> PathBuf {
    let template = project.file_template.as_deref().unwrap_or(TEMPLATE);
    let created: Timestamp = revision.header.created.parse().unwrap_or_default();
    let created = created.to_zoned(TimeZone::UTC);
    let mut name = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("%(") {
        name.push_str(before);
        let (token, after) = after.split_once(')').unwrap_or((after, ""));
        // What follows is a conversion of Python's: `s`, `d`, `.2d`, `02d`.
        let end = after.find(['s', 'd']).map_or(after.len(), |at| at + 1);
        let width = after[..end]
            .chars()
            .find_map(|one| one.to_digit(10).filter(|one| *one > 0));
        let number = |number: i64| match width {
            Some(2) => format!("{number:02}"),
            _ => number.to_string(),
        };
        name.push_str(&match token {
            "rev" => revision.id().as_str().replace(['/', '\\'], "_"),
            "slug" => slug(&revision.header.message),
            "year" => number(created.year().into()),
            "month" => number(created.month().into()),
            "day" => number(created.day().into()),
            "hour" => number(created.hour().into()),
            "minute" => number(created.minute().into()),
            "second" => number(created.second().into()),
            "epoch" => created.timestamp().as_second().to_string(),
            _ => String::new(),
        });
        rest = &after[end..];
    }
    name.push_str(rest);
    folder.join(format!("{name}.py"))
}

/// What Alembic makes of a message.
fn slug(message: &str) -> String {
    let lower = message.to_lowercase();
    let words = lower.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    let slug = words.join("_");
    match slug.char_indices().nth(SLUG_MAX) {
        Some((end, _)) => {
            let kept = &slug[..end];
            format!(
                "{}_",
                kept.rsplit_once('_').map_or(kept, |(words, _)| words)
            )
        }
        None => slug,
    }
}

fn docstring(revision: &Revision, parents: &[RevisionId]) -> Result<String, FileError> {
    let header = &revision.header;
    let created = header.created.replace('T', " ");
    let name = revision.path.file_name().unwrap_or_default();
    let mut text = format!(
        "{}\n\nRevision ID: {}\nRevises: {}\nCreate Date: {}\n\nWritten by `aludel export-alembic` from {}; changes belong there.\n",
        header.message,
        header.revision,
        ids(parents).join(", "),
        created.trim_end_matches('Z'),
        name.to_string_lossy(),
    );
    let origin = revision
        .text()?
        .lines()
        .find_map(|line| line.strip_prefix(ORIGIN));
    if let (Some(origin), Some(recorded)) = (origin, &header.recorded) {
        let _ = writeln!(
            text,
            "\nThat file is a recording of {origin}, {recorded}: on a database with other rows the original may do\n\
             something else. Where that matters, take the original instead."
        );
    }
    let text = text.replace('\\', "\\\\").replace("\"\"\"", "\\\"\\\"\\\"");
    let text = if text.starts_with('"') {
        format!("\\{text}")
    } else {
        text
    };
    Ok(format!("\"\"\"{text}\"\"\"\n"))
}

/// One of the two functions; without a section it raises.
fn function(
    text: &mut String,
    name: &str,
    section: Option<&Section>,
    project: &AlembicProject,
    reason: &str,
) {
    let database = project.database.as_deref();
    let argument = database.map_or("", |_| "engine_name");
    let _ = writeln!(text, "\n\ndef {name}({argument}):");
    if let Some(database) = database {
        let _ = writeln!(
            text,
            "    if engine_name != {}:\n        return",
            quoted(database)
        );
    }
    let Some(section) = section else {
        let _ = writeln!(text, "    raise NotImplementedError({})", quoted(reason));
        return;
    };
    if section.is_empty() {
        text.push_str("    pass\n");
    }
    let mut is_open = false;
    for segment in &section.segments {
        let indent = if segment.alone {
            text.push_str("    with op.get_context().autocommit_block():\n");
            "        "
        } else {
            if is_open {
                text.push_str("    with op.get_context().autocommit_block():\n        pass  # commits what is above\n");
            }
            "    "
        };
        for statement in &segment.statements {
            let _ = writeln!(text, "{indent}run({})", block(&statement.text));
        }
        is_open = !segment.alone;
    }
}

/// A statement as a string of Python's over several lines, its text as it is where Python allows that.
fn block(statement: &str) -> String {
    let is_odd = statement.contains("\"\"\"")
        || statement
            .contains(|letter: char| letter.is_control() && letter != '\n' && letter != '\t');
    if is_odd {
        return quoted(statement);
    }
    // The line break after it keeps a last backslash or quotation mark from the end of the string.
    let raw = if statement.contains('\\') { "r" } else { "" };
    format!("{raw}\"\"\"\n{statement}\n\"\"\"")
}

fn ids(ids: &[RevisionId]) -> Vec<&str> {
    ids.iter().map(RevisionId::as_str).collect()
}

/// `None`, a string, or a tuple of strings.
fn several(texts: &[&str]) -> String {
    match texts {
        [] => "None".to_owned(),
        [one] => quoted(one),
        all => {
            let all: Vec<String> = all.iter().map(|one| quoted(one)).collect();
            format!("({})", all.join(", "))
        }
    }
}

/// A string of Python's on one line.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(letter);
            }
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            letter if letter.is_control() => {
                let _ = write!(quoted, "\\x{:02x}", u32::from(letter));
            }
            letter => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_cut_where_alembic_cuts_it() {
        assert_eq!(slug("Add order's total (2)"), "add_order_s_total_2");
        let long = "one two three four five six seven eight nine ten";
        assert_eq!(slug(long), "one_two_three_four_five_six_seven_eight_");
    }

    #[test]
    fn strings_say_in_python_what_they_said() {
        assert_eq!(quoted("a\"\\\r\u{1}"), r#""a\"\\\r\x01""#);
        assert_eq!(block("SELECT '\\d'"), "r\"\"\"\nSELECT '\\d'\n\"\"\"");
        assert_eq!(several(&["a", "b"]), "(\"a\", \"b\")");
    }
}
