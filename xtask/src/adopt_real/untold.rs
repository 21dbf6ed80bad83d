//! What two dumps tell differently and no line of `check` does.

use std::collections::BTreeSet;

use aludel_catalog::ObjectKind;

use super::entries::Entries;

/// What differs and no line tells, and how many constraints differ by a name only.
pub(super) fn untold(
    told: &BTreeSet<&str>,
    models: &Entries,
    history: &Entries,
) -> (Vec<String>, usize) {
    let ids: BTreeSet<&String> = models.keys().chain(history.keys()).collect();
    let mut left: Vec<&String> = ids
        .into_iter()
        .filter(|id| models.get(*id) != history.get(*id) && !told.contains(id.as_str()))
        .filter(|id| !goes_along(id, told, models, history))
        .filter(|id| !is_of_version_table(id, history))
        .collect();
    let before = left.len();
    let (only_models, only_history): (Vec<&String>, Vec<&String>) = left
        .iter()
        .filter(|id| models.contains_key(**id) != history.contains_key(**id))
        .partition(|id| models.contains_key(**id));
    let mut pairs = BTreeSet::new();
    for one in only_models {
        let same = only_history.iter().find(|other| {
            !pairs.contains(**other) && unnamed(one, models) == unnamed(other, history)
        });
        if let Some(other) = same {
            pairs.extend([one.clone(), (*other).clone()]);
        }
    }
    left.retain(|id| !pairs.contains(*id));
    let renamed = (before - left.len()) / 2;
    (left.into_iter().cloned().collect(), renamed)
}

/// Whether it is Alembic's own table, of which models say nothing.
fn is_of_version_table(id: &str, history: &Entries) -> bool {
    let (kind, place) = split(id);
    let table = match kind {
        "table" => place,
        _ => place.rsplit_once('.').unwrap_or_default().0,
    };
    let prefix = format!("column {table}.");
    let columns = history.keys().filter_map(|id| id.strip_prefix(&prefix));
    columns.eq(["version_num"])
}

/// Whether it is a part of a table that comes or goes whole, or the sequence of a column that is told.
fn goes_along(id: &str, told: &BTreeSet<&str>, models: &Entries, history: &Entries) -> bool {
    let is_whole = |table: &&&str| {
        table.starts_with("table ") && models.contains_key(**table) != history.contains_key(**table)
    };
    if told.iter().filter(is_whole).any(|table| is_part(id, table)) {
        return true;
    }
    let (kind, place) = split(id);
    let owner = |entries: &Entries| {
        let text = entries.get(&format!("sequence ownership {place}"))?;
        let owner = text.split_once("OWNED BY ")?.1.trim().trim_end_matches(';');
        Some(owner.to_owned())
    };
    kind.starts_with("sequence")
        && [owner(models), owner(history)]
            .iter()
            .flatten()
            .any(|column| {
                told.contains(format!("column {column}").as_str())
                    || told.contains(format!("sequence {place}").as_str())
                    || told.iter().filter(is_whole).any(|table| {
                        column.starts_with(&format!("{}.", table.trim_start_matches("table ")))
                    })
            })
}

/// The kind, and the qualified name.
fn split(id: &str) -> (&str, &str) {
    let longest = ObjectKind::ALL
        .iter()
        .map(|kind| kind.name())
        .filter(|kind| id.starts_with(*kind) && id[kind.len()..].starts_with(' '))
        .max_by_key(|kind| kind.len());
    longest.map_or_else(
        || id.split_once(' ').unwrap_or((id, "")),
        |kind| (kind, &id[kind.len() + 1..]),
    )
}

/// What a dump says of a constraint, its name left out.
fn unnamed(id: &str, entries: &Entries) -> Option<String> {
    let (kind, place) = split(id);
    let (table, name) = place.rsplit_once('.')?;
    let is_constraint = ["constraint", "foreign key"].contains(&kind);
    let text = entries.get(id).filter(|_| is_constraint)?;
    let text = text.replacen(&format!(" ADD CONSTRAINT {name} "), " ", 1);
    Some(format!("{kind} {table} {text}"))
}

/// Whether it is a part of that table, or a sequence called after one.
pub(super) fn is_part(id: &str, table: &str) -> bool {
    let Some(name) = table.strip_prefix("table ") else {
        return false;
    };
    let (kind, place) = split(id);
    let rest = place.strip_prefix(name).unwrap_or_default();
    rest.starts_with('.') || kind.starts_with("sequence") && rest.starts_with('_')
}
