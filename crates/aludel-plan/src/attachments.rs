//! What hangs on an object of any kind besides owner, comment and privileges.

use std::collections::{BTreeMap, BTreeSet};

use aludel_catalog::Object;
use aludel_catalog::identifier::{literal, quote};

/// Returns the statements for security labels and for the extensions that take the object along.
pub(crate) fn attachments_sql(target: &str, old: Option<&Object>, new: &Object) -> Vec<String> {
    let mut sql = Vec::new();
    let (no_labels, no_extensions) = (BTreeMap::new(), BTreeSet::new());
    let labels = old.map_or(&no_labels, |old| &old.labels);
    let extensions = old.map_or(&no_extensions, |old| &old.extensions);
    let label = |provider: &str, label: &str| {
        let provider = quote(provider);
        format!("SECURITY LABEL FOR {provider} ON {target} IS {label}")
    };
    for provider in labels.keys().filter(|name| !new.labels.contains_key(*name)) {
        sql.push(label(provider, "NULL"));
    }
    for (provider, text) in &new.labels {
        if labels.get(provider) != Some(text) {
            sql.push(label(provider, &literal(text)));
        }
    }
    for extension in extensions.difference(&new.extensions) {
        let extension = quote(extension);
        sql.push(format!(
            "ALTER {target} NO DEPENDS ON EXTENSION {extension}"
        ));
    }
    for extension in new.extensions.difference(extensions) {
        let extension = quote(extension);
        sql.push(format!("ALTER {target} DEPENDS ON EXTENSION {extension}"));
    }
    sql
}
