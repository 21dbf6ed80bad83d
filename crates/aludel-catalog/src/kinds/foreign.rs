//! What the kinds of foreign data have in common: OPTIONS lists, and which of them are secret.

use crate::identifier::{literal, quote};

/// Splits `name=value` as PostgreSQL keeps it.
fn split(option: &str) -> (&str, &str) {
    option.split_once('=').unwrap_or((option, ""))
}

/// What the names of options that hold secrets have in them, as a PostgreSQL expression over `name=value`.
const SECRET: &str = "^[^=]*(pass|secret|token|key)";

/// Completes a query: where it says `/*secret*/`, options that hold secrets are left on the server. So they reach no
/// catalog, and no remembered one either.
pub(crate) fn without_secrets(query: &str) -> String {
    query.replace("/*secret*/", SECRET)
}

/// Returns ` OPTIONS (…)`, or nothing for no options.
pub(crate) fn options_sql(options: &[String]) -> String {
    let written: Vec<String> = options
        .iter()
        .map(|option| split(option))
        .map(|(name, value)| format!("{} {}", quote(name), literal(value)))
        .collect();
    if written.is_empty() {
        return String::new();
    }
    format!(" OPTIONS ({})", written.join(", "))
}

/// Returns `OPTIONS (ADD …, SET …, DROP …)` that takes `current` to `desired`; `None` when nothing differs.
pub(crate) fn options_change(current: &[String], desired: &[String]) -> Option<String> {
    let find = |list: &[String], name: &str| {
        list.iter()
            .map(|option| split(option))
            .find(|(other, _)| *other == name)
            .map(|(_, value)| value.to_owned())
    };
    let mut changes = Vec::new();
    for (name, _) in current.iter().map(|option| split(option)) {
        if find(desired, name).is_none() {
            changes.push(format!("DROP {}", quote(name)));
        }
    }
    for (name, value) in desired.iter().map(|option| split(option)) {
        match find(current, name) {
            None => changes.push(format!("ADD {} {}", quote(name), literal(value))),
            Some(old) if old != value => {
                changes.push(format!("SET {} {}", quote(name), literal(value)));
            }
            Some(_) => {}
        }
    }
    (!changes.is_empty()).then(|| format!("OPTIONS ({})", changes.join(", ")))
}
