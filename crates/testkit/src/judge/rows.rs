//! Whether tables, columns and rows that stand on both sides are the same ones afterwards.

use std::collections::BTreeMap;

use aludel_postgres::Session;

use crate::judge::side::AnyError;

/// A column: its number, and what it holds (type, and what that is made of).
type Columns = BTreeMap<String, (String, String)>;

/// Tables with rows: their oid and their columns, generated ones left out: these hold nothing of their own, and before 17
/// another expression means another column.
pub type Tables = BTreeMap<String, (String, Columns)>;

/// The query that lists them.
pub(crate) const TABLES: &str = "
SELECT c.oid, format('%I.%I', n.nspname, c.relname), a.attnum, a.attname, format_type(a.atttypid, a.atttypmod)
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
WHERE c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    AND n.nspname NOT IN ('pg_catalog', 'information_schema')";

/// The tables of a database.
pub async fn tables(session: &Session) -> Result<Tables, AnyError> {
    let mut tables = Tables::new();
    for row in session.rows(TABLES).await? {
        let (_, columns) = tables
            .entry(row.text(1).to_owned())
            .or_insert_with(|| (row.text(0).to_owned(), BTreeMap::new()));
        columns.insert(
            row.text(3).to_owned(),
            (row.text(2).to_owned(), row.text(4).to_owned()),
        );
    }
    Ok(tables)
}

/// Tables and columns that both sides have alike and that are not the same ones afterwards.
pub fn lost(before: &Tables, wanted: &Tables, after: &Tables) -> Vec<String> {
    let mut names = Vec::new();
    for (table, (oid, columns)) in before {
        let (Some((_, wanted)), Some((after_oid, after))) = (wanted.get(table), after.get(table))
        else {
            continue;
        };
        if oid != after_oid {
            names.push(table.clone());
            continue;
        }
        for (column, (number, kind)) in columns {
            let is_alike = wanted.get(column).is_some_and(|(_, wanted)| wanted == kind);
            if is_alike && after.get(column).is_none_or(|(after, _)| after != number) {
                names.push(format!("{table}.{column}"));
            }
        }
    }
    names
}

/// For each table on both sides, how many rows it has and what stands in the columns that are alike.
pub fn contents_query(before: &Tables, wanted: &Tables, ignored: &[String]) -> Option<String> {
    let queries: Vec<String> = before
        .iter()
        .filter_map(|(table, (_, columns))| {
            let (_, wanted) = wanted.get(table)?;
            let alike = columns.iter().filter(|(name, (_, kind))| {
                let base = kind.trim_end_matches("[]");
                wanted.get(*name).is_some_and(|(_, wanted)| wanted == kind) && !ignored.iter().any(|ignored| ignored == base)
            });
            let values: Vec<String> = alike.map(|(name, _)| format!("{}::text", crate::name::quoted(name))).collect();
            let name = crate::name::literal(table);
            let values = if values.is_empty() { "''".to_owned() } else { values.join(", ") };
            Some(format!(
                "SELECT {name}, pg_catalog.count(*), pg_catalog.md5(pg_catalog.string_agg(line, '|' ORDER BY line)) \
                 FROM (SELECT ROW({values})::text COLLATE \"C\" AS line FROM ONLY {table}) rows"
            ))
        })
        .collect();
    (!queries.is_empty()).then(|| queries.join("\nUNION ALL\n"))
}

/// What a query of [`contents_query`] found, by table.
pub async fn contents(
    session: &Session,
    query: &str,
) -> Result<BTreeMap<String, String>, AnyError> {
    let rows = session.rows(query).await?;
    Ok(rows
        .iter()
        .map(|row| {
            (
                row.text(0).to_owned(),
                format!("{} rows, {}", row.text(1), row.text(2)),
            )
        })
        .collect())
}

/// The names of composite types whose attributes both sides do not have alike: their values change.
pub async fn changed_composites(one: &Session, other: &Session) -> Result<Vec<String>, AnyError> {
    const COMPOSITES: &str = "
SELECT t.oid::regtype, string_agg(a.attname || ' ' || format_type(a.atttypid, a.atttypmod), ', ' ORDER BY a.attnum)
FROM pg_catalog.pg_type t JOIN pg_catalog.pg_class c ON c.oid = t.typrelid AND c.relkind = 'c'
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
GROUP BY t.oid
UNION ALL
SELECT t.oid::regtype, format_type(t.typbasetype, t.typtypmod) FROM pg_catalog.pg_type t WHERE t.typtype = 'd'
    AND t.oid >= 16384";
    let mut seen: BTreeMap<String, BTreeMap<bool, String>> = BTreeMap::new();
    for (is_other, session) in [(false, one), (true, other)] {
        for row in session.rows(COMPOSITES).await? {
            seen.entry(row.text(0).to_owned())
                .or_default()
                .insert(is_other, row.text(1).to_owned());
        }
    }
    let mut changed: Vec<String> = Vec::new();
    loop {
        let before = changed.len();
        for (name, sides) in &seen {
            let differs = sides.get(&false) != sides.get(&true);
            let holds = sides
                .values()
                .any(|text| changed.iter().any(|other| text.contains(other.as_str())));
            if (differs || holds) && !changed.contains(name) {
                changed.push(name.clone());
            }
        }
        if changed.len() == before {
            return Ok(changed);
        }
    }
}
