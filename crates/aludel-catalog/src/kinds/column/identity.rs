//! Identity columns: their sequence is a part of them.

use crate::identifier::{last_part, literal, qualified};
use crate::kinds::column::{Column, Generation};
use crate::object_id::ObjectId;

impl Column {
    /// Returns ` GENERATED … AS IDENTITY` with the options; nothing for another column.
    pub(super) fn identity_clause(&self, id: &ObjectId) -> String {
        let Generation::Identity { always, options } = &self.generation else {
            return String::new();
        };
        let word = identity_word(*always);
        let options = identity_options(options, &self.type_name, id);
        if options.is_empty() {
            return format!(" GENERATED {word} AS IDENTITY");
        }
        format!(" GENERATED {word} AS IDENTITY ({options})")
    }

    /// Returns the statements that add the column to a table whose children do not take the identity over, which
    /// PostgreSQL does not do in one: the rows that are there, the children's too, take their values from it afterwards.
    pub(super) fn add_beside_children_sql(&self, id: &ObjectId) -> Option<Vec<String>> {
        let sequence = match &self.generation {
            Generation::Identity { options, .. } if self.children_are_plain => options.last()?,
            _ => return None,
        };
        let bare = Self {
            generation: Generation::Plain,
            expression: Some("0".to_owned()),
            ..self.clone()
        };
        let (table, head) = (id.relation(), self.alter_head(id));
        Some(vec![
            format!("ALTER TABLE {table} ADD COLUMN {}", bare.definition_sql(id)),
            format!("{head} DROP DEFAULT"),
            format!("{head} ADD{}", self.identity_clause(id)),
            format!(
                "{head} TYPE {} USING pg_catalog.nextval({})",
                self.type_name,
                literal(sequence)
            ),
        ])
    }

    pub(super) fn identity_sql(&self, desired: &Self, id: &ObjectId) -> Vec<String> {
        let head = desired.alter_head(id);
        match (&self.generation, &desired.generation) {
            (
                Generation::Identity {
                    always: was,
                    options: current,
                },
                Generation::Identity { always, options },
            ) => {
                let mut clauses = Vec::new();
                if was != always {
                    clauses.push(format!("SET GENERATED {}", identity_word(*always)));
                }
                if identity_settings(current) != identity_settings(options) {
                    clauses.extend(
                        identity_settings(options)
                            .iter()
                            .map(|option| format!("SET {option}")),
                    );
                }
                let rename = current
                    .last()
                    .zip(options.last())
                    .filter(|(old, new)| old != new)
                    .map(|(old, new)| format!("ALTER SEQUENCE {old} RENAME TO {}", last_part(new)));
                let change = (!clauses.is_empty()).then(|| format!("{head} {}", clauses.join(" ")));
                rename.into_iter().chain(change).collect()
            }
            (_, Generation::Identity { options, .. }) => {
                let add = format!("{head} ADD{}", desired.identity_clause(id));
                let go_on = options.last().map(|sequence| go_on_sql(sequence, id));
                std::iter::once(add).chain(go_on).collect()
            }
            (Generation::Identity { .. }, Generation::Plain) => {
                let sequence = desired.expression.as_deref().and_then(sequence_of);
                let go_on = sequence.map(|sequence| go_on_sql(&sequence, id));
                go_on.into_iter().collect()
            }
            _ => Vec::new(),
        }
    }
}

/// Returns the sequence behind `nextval('…'::regclass)`, as SQL.
fn sequence_of(default: &str) -> Option<String> {
    let inside = default.strip_prefix("nextval('")?;
    Some(inside.strip_suffix("'::regclass)")?.replace("''", "'"))
}

/// Returns the statement that lets a sequence which gets a column with rows go on where their numbers end; one that is
/// further stays there.
fn go_on_sql(sequence: &str, id: &ObjectId) -> String {
    let (table, column, name) = (id.relation(), id.quoted(), literal(sequence));
    format!(
        "SELECT pg_catalog.setval({name}, rows.top) \
         FROM (SELECT pg_catalog.max({column}) AS top FROM {table}) AS rows, {sequence} AS own WHERE rows.top >= own.last_value"
    )
}

fn identity_word(always: bool) -> &'static str {
    if always { "ALWAYS" } else { "BY DEFAULT" }
}

/// Returns start, increment, minimum, maximum, cache and cycle as sequence options.
fn identity_settings(options: &[String]) -> Vec<String> {
    let [start, increment, minimum, maximum, cache, cycle, _] = options else {
        return Vec::new();
    };
    vec![
        format!("START WITH {start}"),
        format!("INCREMENT BY {increment}"),
        format!("MINVALUE {minimum}"),
        format!("MAXVALUE {maximum}"),
        format!("CACHE {cache}"),
        if cycle == "true" {
            "CYCLE".to_owned()
        } else {
            "NO CYCLE".to_owned()
        },
    ]
}

/// Returns those of the options that PostgreSQL would not choose by itself for a column of that type.
fn identity_options(options: &[String], type_name: &str, id: &ObjectId) -> String {
    let top = match type_name {
        "smallint" => i16::MAX.to_string(),
        "integer" => i32::MAX.to_string(),
        _ => i64::MAX.to_string(),
    };
    let usual = [
        "START WITH 1".to_owned(),
        "INCREMENT BY 1".to_owned(),
        "MINVALUE 1".to_owned(),
        format!("MAXVALUE {top}"),
        "CACHE 1".to_owned(),
        "NO CYCLE".to_owned(),
    ];
    let usual_name = qualified(&id.schema, &format!("{}_{}_seq", id.relation, id.name));
    let name = options
        .last()
        .filter(|name| **name != usual_name)
        .map(|name| format!("SEQUENCE NAME {name}"));
    let unusual = identity_settings(options)
        .into_iter()
        .filter(|setting| !usual.contains(setting));
    name.into_iter()
        .chain(unusual)
        .collect::<Vec<_>>()
        .join(" ")
}
