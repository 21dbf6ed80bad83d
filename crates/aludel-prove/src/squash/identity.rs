//! Which objects are the same ones under other names: told by the server's own numbers, never guessed.

use std::collections::BTreeMap;

use aludel_plan::rename::{Intent, Name};
use aludel_postgres::{Session, StatementError};

/// Everything that holds rows or stands on what does, by its number: its kind, the number of what contains it, and its
/// name in full, the parts separated by U+001F.
const NAMED: &str = "
WITH class AS (
    SELECT c.oid, c.relkind, c.relnamespace, n.nspname || E'\\x1f' || c.relname AS name
    FROM pg_catalog.pg_class c
    JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'
)
SELECT 'n' || oid, 'schema', '', nspname::text FROM pg_catalog.pg_namespace
WHERE nspname <> 'information_schema' AND nspname NOT LIKE 'pg\\_%'
UNION ALL
SELECT 'c' || oid,
    CASE relkind WHEN 'v' THEN 'view' WHEN 'm' THEN 'materialized view' WHEN 'S' THEN 'sequence'
        WHEN 'i' THEN 'index' WHEN 'I' THEN 'index' ELSE 'table' END,
    'n' || relnamespace, name
FROM class WHERE relkind IN ('r', 'p', 'f', 'v', 'm', 'S', 'i', 'I')
UNION ALL
SELECT 'a' || a.attrelid || '/' || a.attnum, 'column', 'c' || a.attrelid, c.name || E'\\x1f' || a.attname
FROM pg_catalog.pg_attribute a JOIN class c ON c.oid = a.attrelid
WHERE c.relkind IN ('r', 'p', 'f') AND a.attnum > 0 AND NOT a.attisdropped
UNION ALL
SELECT 'k' || k.oid, 'constraint', 'c' || k.conrelid, c.name || E'\\x1f' || k.conname
FROM pg_catalog.pg_constraint k JOIN class c ON c.oid = k.conrelid
UNION ALL
SELECT 't' || t.oid, 'type', 'n' || t.typnamespace, n.nspname || E'\\x1f' || t.typname
FROM pg_catalog.pg_type t
JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
WHERE t.typtype IN ('e', 'd', 'r') AND n.nspname <> 'information_schema' AND n.nspname NOT LIKE 'pg\\_%'
UNION ALL
SELECT 'e' || e.oid, 'enum value', 't' || e.enumtypid, n.nspname || E'\\x1f' || t.typname || E'\\x1f' || e.enumlabel
FROM pg_catalog.pg_enum e
JOIN pg_catalog.pg_type t ON t.oid = e.enumtypid
JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
ORDER BY 1";

/// The names of a database by the server's numbers.
pub(crate) type Names = BTreeMap<String, Named>;

/// What has a number.
pub(crate) struct Named {
    kind: String,
    container: String,
    parts: Vec<String>,
}

/// Reads the names.
pub(crate) async fn read(session: &Session) -> Result<Names, StatementError> {
    let rows = session.rows(NAMED).await?;
    let named = |row: &aludel_postgres::Row| {
        let named = Named {
            kind: row.text(1).to_owned(),
            container: row.text(2).to_owned(),
            parts: row.text(3).split('\u{1f}').map(str::to_owned).collect(),
        };
        (row.text(0).to_owned(), named)
    };
    Ok(rows.iter().map(named).collect())
}

/// Returns what has another name of its own afterwards, or stands in another schema.
pub(crate) fn renamed(before: &Names, after: &Names) -> Vec<Intent> {
    let name = |named: &Named| Name {
        parts: named.parts.clone(),
        arguments: None,
    };
    let pairs = before
        .iter()
        .filter_map(|(number, old)| Some((old, after.get(number)?)));
    let moved = pairs.filter(|(old, new)| {
        old.parts.last() != new.parts.last() || old.container != new.container
    });
    moved
        .map(|(old, new)| Intent {
            kind: Some(old.kind.clone()),
            from: name(old),
            to: name(new),
            origin: None,
        })
        .collect()
}
