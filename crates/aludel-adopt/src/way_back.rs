//! Why a downgrade is not used, in words, and what is kept of it.

use std::collections::BTreeSet;

use aludel_postgres::Logged;

use crate::recorder::VersionTable;
use crate::write;

/// Alembic's error on one line.
pub(crate) fn failure(message: &str) -> String {
    // Where an object lies in memory, and the caret below a piece of a statement, say nothing.
    let lines: Vec<&str> = message
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && *line != "^")
        .collect();
    let text = without_addresses(&lines.join("; "));
    format!("Alembic's downgrade fails: {}", shortened(&text))
}

/// The text without ` at 0x7f…`, which is another in every run.
fn without_addresses(text: &str) -> String {
    let mut parts = text.split(" at 0x");
    let mut kept = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        kept.push_str(part.trim_start_matches(|letter: char| letter.is_ascii_hexdigit()));
    }
    kept
}

/// What was recorded of a downgrade and does not run.
pub(crate) fn does_not_run(message: &str) -> String {
    shortened(&format!("{OF_RECORDED}{message}"))
}

/// Why neither Alembic's downgrade nor a plan leads back.
pub(crate) fn neither(reason: &str, why: &str) -> String {
    let why = [OF_ALEMBIC, OF_RECORDED]
        .iter()
        .find_map(|prefix| why.strip_prefix(prefix))
        .unwrap_or(why);
    shortened(&format!("{reason}; nor does a plan: {why}"))
}

/// What a downgrade leaves, on one line.
pub(crate) fn does_not_lead_back(left: &[String]) -> String {
    let shown: Vec<&str> = left.iter().take(3).map(String::as_str).collect();
    let more = left.len().saturating_sub(shown.len());
    let more = if more > 0 {
        format!(" and {more} more")
    } else {
        String::new()
    };
    shortened(&format!("{OF_ALEMBIC}{}{more}", shown.join("; ")))
}

const OF_ALEMBIC: &str = "Alembic's downgrade does not lead back: ";
const OF_RECORDED: &str = "what was recorded of the downgrade does not run: ";

fn shortened(text: &str) -> String {
    const MOST: usize = 400;
    let line: Vec<&str> = text.split_whitespace().collect();
    let line = line.join(" ");
    match line.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// The downgrade that is not used, for those who mend it.
pub(crate) fn left_out(reason: &str, statements: &[String]) -> String {
    if statements.is_empty() {
        return String::new();
    }
    let mut text = format!("\n-- {reason}\n-- What it ran:\n");
    for statement in statements {
        text.push_str(&write::commented(&format!("{};", statement.trim())));
    }
    text
}

/// What a failed step had changed until it failed.
pub(crate) fn attempted(logged: &[Logged]) -> Vec<String> {
    let version = VersionTable::default();
    let is_change = |one: &&Logged| {
        let sorted = crate::statement::sort(&one.text, &version, &BTreeSet::new());
        one.failure.is_none() && sorted == crate::statement::Sort::Change
    };
    logged
        .iter()
        .filter(is_change)
        .map(|one| one.text.clone())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reason_is_the_same_in_every_run() {
        assert_eq!(
            failure(
                "CompileError: <Columns object at 0x7f0e37baee40>, None\nLINE 1: DROP\n      ^"
            ),
            "Alembic's downgrade fails: CompileError: <Columns object>, None; LINE 1: DROP"
        );
    }
}
