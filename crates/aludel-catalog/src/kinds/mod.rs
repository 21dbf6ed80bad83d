//! One folder per kind of object: its struct, catalog query, decoding, comparison and SQL.
//!
//! The list with their order is in `kind.rs`. What several kinds need to write stands here.

pub mod aggregate;
pub mod collation;
pub mod column;
pub mod composite_type;
pub mod constraint;
pub mod default_privileges;
pub mod domain;
pub mod enum_type;
pub mod extension;
pub mod foreign_key;
pub mod index;
pub mod materialized_view;
pub mod policy;
pub mod routine;
pub mod schema;
pub mod sequence;
pub mod sequence_owner;
pub mod table;
pub mod trigger;
pub mod view;

use crate::identifier::quote;

/// Writes storage parameters (`name=value`) as a WITH list.
pub(crate) fn with_options(options: &[String]) -> String {
    let written: Vec<String> = options.iter().map(|option| write_option(option)).collect();
    written.join(", ")
}

fn write_option(option: &str) -> String {
    match option.split_once('=') {
        Some((name, value)) => format!("{name}={}", option_value(value)),
        None => option.to_owned(),
    }
}

/// Quotes an option's value unless it is a plain word or number.
fn option_value(value: &str) -> String {
    let plain = !value.is_empty()
        && value.chars().all(|character| {
            character.is_ascii_alphanumeric() || matches!(character, '_' | '.' | '-')
        });
    if plain {
        value.to_owned()
    } else {
        crate::identifier::literal(value)
    }
}

/// Returns the SET and RESET clauses that take storage parameters from `current` to `desired`.
pub(crate) fn option_changes(current: &[String], desired: &[String]) -> Vec<String> {
    let name = |option: &String| option.split('=').next().unwrap_or_default().to_owned();
    let set: Vec<String> = desired
        .iter()
        .filter(|option| !current.contains(option))
        .cloned()
        .collect();
    let wanted: Vec<String> = desired.iter().map(name).collect();
    let reset: Vec<String> = current
        .iter()
        .map(name)
        .filter(|option| !wanted.contains(option))
        .collect();
    let mut clauses = Vec::new();
    if !set.is_empty() {
        clauses.push(format!("SET ({})", with_options(&set)));
    }
    if !reset.is_empty() {
        clauses.push(format!("RESET ({})", reset.join(", ")));
    }
    clauses
}

/// Writes a role, PUBLIC for the empty name.
pub(crate) fn role(name: &str) -> String {
    if name.is_empty() {
        "PUBLIC".to_owned()
    } else {
        quote(name).into_owned()
    }
}
