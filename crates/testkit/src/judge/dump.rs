//! When two dumps of `pg_dump -s` are equal: entry by entry, the order of a table's columns and of grants aside.

use std::collections::BTreeMap;

/// What differs, or `None`.
pub fn difference(seen: &str, wanted: &str) -> Option<String> {
    let (seen, wanted) = (entries(seen), entries(wanted));
    if seen == wanted {
        return None;
    }
    let text = |entries: &BTreeMap<String, Vec<String>>| {
        entries
            .iter()
            .flat_map(|(heading, lines)| std::iter::once(heading).chain(lines))
            .fold(String::new(), |text, line| text + line + "\n")
    };
    let difference = similar::TextDiff::from_lines(text(&seen), text(&wanted))
        .unified_diff()
        .header("seen", "wanted")
        .to_string();
    Some(difference)
}

/// The dump cut at the headings that `pg_dump` writes, in the order of these.
fn entries(dump: &str) -> BTreeMap<String, Vec<String>> {
    let mut entries: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut heading = None;
    let mut settings = BTreeMap::new();
    for line in dump.lines() {
        if line.starts_with("-- Name: ") {
            heading = Some(line.to_owned());
            entries.entry(line.to_owned()).or_default();
        } else if let Some((name, value)) = standing_setting(line) {
            settings.insert(name, value);
        } else if let Some(heading) = &heading
            && !is_frame(line)
        {
            let lines = entries.entry(heading.clone()).or_default();
            if line.starts_with("CREATE TABLE ") || line.starts_with("CREATE UNLOGGED TABLE ") {
                lines.push(format!("-- {settings:?}"));
            }
            lines.push(line.to_owned());
        }
    }
    for (heading, lines) in &mut entries {
        if heading.contains("Type: ACL;") || heading.contains("Type: DEFAULT ACL;") {
            lines.sort();
        } else if heading.contains("Type: TABLE;") || heading.contains("Type: FOREIGN TABLE;") {
            sort_columns(lines);
            sort_column_settings(lines);
        } else if heading.contains("Type: FUNCTION;") {
            sort_row(lines);
        } else if heading.contains("Type: STATISTICS;") {
            for line in &mut *lines {
                sort_list(line);
            }
        }
    }
    entries
}

/// `SET default_tablespace = …` and its like hold for the tables below them.
fn standing_setting(line: &str) -> Option<(&str, &str)> {
    let (name, value) = line.strip_prefix("SET ")?.split_once(" = ")?;
    name.starts_with("default_table").then_some((name, value))
}

fn is_frame(line: &str) -> bool {
    line.is_empty()
        || line == "--"
        || line.starts_with("-- PostgreSQL database dump complete")
        || line.starts_with('\\')
}

/// Sorts what stands between the parentheses of a `CREATE TABLE`.
fn sort_columns(lines: &mut [String]) {
    let Some(start) = lines.iter().position(|line| line.ends_with(" (")) else {
        return;
    };
    let Some(length) = lines[start..].iter().position(|line| line.starts_with(')')) else {
        return;
    };
    let body = &mut lines[start + 1..start + length];
    for line in &mut *body {
        line.truncate(line.trim_end_matches(',').len());
    }
    body.sort();
}

/// Sorts what is said of columns behind the `CREATE TABLE`.
fn sort_column_settings(lines: &mut [String]) {
    let mut settings: Vec<String> = Vec::new();
    let is_setting = |line: &String| line.starts_with("ALTER ") && line.contains(" ALTER COLUMN ");
    settings.extend(lines.iter().filter(|line| is_setting(line)).cloned());
    settings.sort();
    let places = lines.iter_mut().filter(|line| is_setting(line));
    for (line, setting) in places.zip(settings) {
        *line = setting;
    }
}

/// Sorts what the first query of a `BEGIN ATOMIC` body selects: rows of a table have its columns in their order there.
fn sort_row(lines: &mut [String]) {
    let Some(start) = lines.iter().position(|line| line.trim() == "BEGIN ATOMIC") else {
        return;
    };
    let Some(length) = lines[start..]
        .iter()
        .position(|line| line.starts_with("    FROM "))
    else {
        return;
    };
    let row = &mut lines[start + 1..start + length];
    for line in &mut *row {
        let text = line.trim().trim_start_matches("SELECT ");
        *line = text.trim_end_matches(',').to_owned();
    }
    row.sort();
}

/// Sorts what `CREATE STATISTICS … ON` lists: the columns, in the order that they have in the table, then expressions.
fn sort_list(line: &mut String) {
    let Some((head, rest)) = line.split_once(" ON ") else {
        return;
    };
    if let Some((list, tail)) = rest.rsplit_once(" FROM ") {
        let mut items: Vec<&str> = list.split(", ").collect();
        items.sort_unstable();
        *line = format!("{head} ON {} FROM {tail}", items.join(", "));
    }
}
