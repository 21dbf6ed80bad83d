//! Rows for the tables of a schema.

use crate::draw::Draw;
use crate::kinds::Kind;
use crate::kinds::column::Source;
use crate::schema::{Key, Schema};

/// An `INSERT` for each row, in an order in which references find what they refer to, more often than not.
pub fn inserts(draw: &mut Draw, schema: &Schema) -> Vec<String> {
    let mut all = Vec::new();
    for (key, _) in schema.statements() {
        let Some(Kind::Table(table)) = schema.kind(key) else {
            continue;
        };
        if table.server.is_some() || table.partition_of.is_some() {
            continue;
        }
        for number in 0..draw.below(6) {
            all.push(insert(draw, schema, key, number));
        }
    }
    all
}

fn insert(draw: &mut Draw, schema: &Schema, table: Key, number: usize) -> String {
    let mut names = Vec::new();
    let mut values = Vec::new();
    for column in schema.columns(table) {
        let Some(Kind::Column(own)) = schema.kind(column) else {
            continue;
        };
        let has_default = own.source != Source::None;
        if !own.is_given() || has_default && draw.chance(20) {
            continue;
        }
        names.push(schema.name(column));
        let is_null = !own.not_null && draw.chance(15);
        values.push(if is_null {
            "NULL".to_owned()
        } else {
            own.type_of.value(schema, number)
        });
    }
    let table = schema.qualified(table);
    if names.is_empty() {
        return format!("INSERT INTO {table} DEFAULT VALUES");
    }
    format!(
        "INSERT INTO {table} ({}) VALUES ({})",
        names.join(", "),
        values.join(", ")
    )
}
