//! What has another name in the new schema and is said to be the same thing.

use std::collections::BTreeMap;

use aludel_catalog::identifier::qualified;
use aludel_plan::rename::{Intent, Name};

use crate::judge::rows::Tables;
use crate::kinds::Kind;
use crate::kinds::constraint::Demand;
use crate::schema::{Key, PUBLIC, Schema};

/// What is said on the way from `old` to `new`.
pub fn intents(old: &Schema, new: &Schema) -> Vec<Intent> {
    let renamed = said(old, new);
    let intent = |key: &Key| {
        let name = |schema: &Schema| Name {
            parts: path(schema, *key),
            arguments: None,
        };
        Some(Intent {
            kind: Some(old.kind(*key)?.word()?.to_owned()),
            from: name(old),
            to: name(new),
            origin: None,
        })
    };
    renamed.iter().filter_map(intent).collect()
}

/// The flags that say so, one a line, as a case has them.
pub fn flags(old: &Schema, new: &Schema) -> String {
    let intents = intents(old, new);
    intents.iter().fold(String::new(), |text, intent| {
        text + "--rename\n" + &intent.text() + "\n"
    })
}

/// The items that are said to be the same under other names: those that stand by themselves, or in something that is the
/// same on both sides.
fn said(old: &Schema, new: &Schema) -> Vec<Key> {
    let mut said: Vec<Key> = Vec::new();
    let candidates = old.renamed.union(&new.renamed);
    let mut left: Vec<Key> = candidates
        .copied()
        .filter(|key| may_be(old, new, *key))
        .collect();
    loop {
        let stands = |key: &Key| {
            let (before, after) = (container(old, *key), container(new, *key));
            before == after && before.is_none_or(|container| is_same(old, new, container, &said))
        };
        let (found, rest): (Vec<Key>, Vec<Key>) = left.into_iter().partition(stands);
        if found.is_empty() {
            return said;
        }
        said.extend(found);
        left = rest;
    }
}

/// What an item goes with wherever that goes.
fn container(schema: &Schema, key: Key) -> Option<Key> {
    let kind = schema.kind(key)?;
    let owner = |kind: &Kind| match kind {
        Kind::SequenceOwner(link) if link.sequence == key => schema.kind(link.column)?.relation(),
        _ => None,
    };
    match kind {
        Kind::Index(index) => Some(index.relation),
        Kind::Sequence(_) => schema.items.values().find_map(|item| owner(&item.kind)),
        kind => kind.relation(),
    }
}

/// Whether the item is the same on both sides: it has its name and stands where it stood, or it is said to be.
fn is_same(old: &Schema, new: &Schema, key: Key, said: &[Key]) -> bool {
    let (Some(one), Some(two)) = (old.items.get(&key), new.items.get(&key)) else {
        return false;
    };
    let within = match (one.schema, two.schema) {
        (Some(before), Some(after)) => before == after && is_same(old, new, before, said),
        (before, after) => before == after,
    };
    said.contains(&key) || one.name == two.name && within
}

/// Whether PostgreSQL can rename it, and nobody has to guess which of several is meant.
fn may_be(old: &Schema, new: &Schema, key: Key) -> bool {
    let (Some(one), Some(two)) = (old.items.get(&key), new.items.get(&key)) else {
        return false;
    };
    let arguments = |schema: &Schema, kind: &Kind| match kind {
        Kind::Routine(routine) => routine.argument_types(schema),
        _ => Vec::new(),
    };
    let alone = |schema: &Schema, name: &str| {
        schema
            .items
            .values()
            .filter(|item| item.name == name)
            .count()
            == 1
    };
    let known = one.kind.word();
    key != PUBLIC
        && one.name != two.name
        && known.is_some()
        && known == two.kind.word()
        && !matches!(&one.kind, Kind::Constraint(own) if matches!(own.demand, Demand::NotNull(_)))
        && arguments(old, &one.kind) == arguments(new, &two.kind)
        && alone(old, &one.name)
        && alone(new, &two.name)
        && alone(old, &two.name) == alone(new, &one.name)
}

/// The parts of the name.
fn path(schema: &Schema, key: Key) -> Vec<String> {
    let Some(item) = schema.items.get(&key) else {
        return Vec::new();
    };
    let mut parts = match (item.kind.relation(), item.schema) {
        (Some(relation), _) => path(schema, relation),
        (None, Some(namespace)) => path(schema, namespace),
        (None, None) => Vec::new(),
    };
    parts.push(item.name.clone());
    parts
}

/// The names that tables and columns have afterwards: the table's, and its columns' by their old names.
pub struct Names(BTreeMap<String, (String, BTreeMap<String, String>)>);

impl Names {
    /// Those of all tables that are on both sides.
    pub fn of(old: &Schema, new: &Schema) -> Self {
        let said = said(old, new);
        let tables = old.keys(|kind| matches!(kind, Kind::Table(_)));
        let named = |schema: &Schema, key: Key| match path(schema, key).as_slice() {
            [namespace, name] => qualified(namespace, name),
            _ => String::new(),
        };
        let names = tables.into_iter().map(|table| {
            let columns = old
                .columns(table)
                .into_iter()
                .filter(|key| said.contains(key));
            let column = |schema: &Schema, key: Key| schema.items[&key].name.clone();
            let columns = columns
                .map(|key| (column(old, key), column(new, key)))
                .collect();
            let after = if is_same(old, new, table, &said) {
                named(new, table)
            } else {
                named(old, table)
            };
            (named(old, table), (after, columns))
        });
        Self(names.collect())
    }

    /// The tables under their new names.
    pub fn given(&self, tables: &Tables) -> Tables {
        let renamed = tables.iter().map(|(table, (oid, columns))| {
            let Some((name, new_names)) = self.0.get(table) else {
                return (table.clone(), (oid.clone(), columns.clone()));
            };
            let columns = columns.iter().map(|(column, what)| {
                let name = new_names.get(column).unwrap_or(column);
                (name.clone(), what.clone())
            });
            (name.clone(), (oid.clone(), columns.collect()))
        });
        renamed.collect()
    }
}

/// Takes `name` for what the item is called from now on, in the schema `namespace` if it stands in one by itself.
pub(crate) fn rename(schema: &mut Schema, key: Key, name: String, namespace: Option<Key>) {
    let moves = namespace.filter(|_| container(schema, key).is_none());
    if let Some(item) = schema.items.get_mut(&key)
        && key != PUBLIC
        && item.kind.word().is_some()
    {
        item.name = name;
        if item.schema.is_some() {
            item.schema = moves.or(item.schema);
        }
        schema.renamed.insert(key);
    }
}
