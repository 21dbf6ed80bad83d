//! Whether two databases are the same, decided by `pg_dump` and by PostgreSQL.
//!
//! Nothing here is the program's own: `adopt` has proven the same by its own means, and this is who checks it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use aludel_postgres::DatabaseUrl;
use testkit::judge::dump;

use super::project::finished;
use super::server::Server;
use crate::Failure;

/// The columns of the tables that hold rows, generated ones left out. The log is Aludel's.
const COLUMNS: &str = "
SELECT format('%I.%I', n.nspname, c.relname), quote_ident(a.attname)
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid
WHERE c.relkind IN ('r', 'm') AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    AND n.nspname NOT IN ('pg_catalog', 'information_schema', 'aludel')
ORDER BY 1, 2";

/// What the rows are.
pub(super) struct Rows {
    /// How many there are.
    pub(super) count: u64,
    /// Whether every table has the same ones.
    pub(super) differing: Vec<String>,
    /// Columns that two runs of Alembic's own fill differently, which are left out.
    pub(super) unstable: Vec<String>,
}

/// What `pg_dump -s` has against one of two databases; empty when they are the same.
pub(super) fn schemas(
    server: &Server,
    aludel: &DatabaseUrl,
    alembic: &DatabaseUrl,
    kept: &Path,
) -> Result<String, Failure> {
    let seen = dumped(server, aludel, &["--schema-only"])?;
    let wanted = dumped(server, alembic, &["--schema-only"])?;
    fs_err::write(kept.join("aludel.sql"), &seen)?;
    fs_err::write(kept.join("alembic.sql"), &wanted)?;
    Ok(dump::difference(&seen, &wanted).unwrap_or_default())
}

/// Compares the rows of Aludel's database with those of Alembic's; `again` is a second one of Alembic's.
pub(super) fn rows(
    server: &Server,
    aludel: &DatabaseUrl,
    alembic: &DatabaseUrl,
    again: &DatabaseUrl,
) -> Result<Rows, Failure> {
    let columns = columns(server, alembic)?;
    let (first, second) = (
        each_column(server, alembic, &columns)?,
        each_column(server, again, &columns)?,
    );
    let unstable: BTreeSet<&str> = first
        .iter()
        .filter(|(name, content)| second.get(*name) != Some(*content))
        .map(|(name, _)| name.as_str())
        .collect();
    let wanted = each_table(server, alembic, &columns, &unstable)?;
    let seen = each_table(server, aludel, &columns, &unstable)?;
    let differing = wanted
        .iter()
        .filter(|(table, content)| seen.get(*table) != Some(*content))
        .map(|(table, _)| table.clone());
    let mut differing: Vec<String> = differing.collect();
    if sequences(server, aludel)? != sequences(server, alembic)? {
        differing.push("sequences".to_owned());
    }
    let count = wanted.values().filter_map(|content| {
        let count = content.split(' ').next()?;
        count.parse::<u64>().ok()
    });
    Ok(Rows {
        count: count.sum(),
        differing,
        unstable: unstable.into_iter().map(str::to_owned).collect(),
    })
}

type Columns = BTreeMap<String, Vec<String>>;

fn columns(server: &Server, url: &DatabaseUrl) -> Result<Columns, Failure> {
    let mut columns = Columns::new();
    for (table, column) in asked::<Vec<_>>(server, url, COLUMNS)? {
        columns.entry(table).or_default().push(column);
    }
    Ok(columns)
}

/// What stands in each column, whatever the order of rows.
fn each_column(
    server: &Server,
    url: &DatabaseUrl,
    columns: &Columns,
) -> Result<BTreeMap<String, String>, Failure> {
    let queries = columns.iter().flat_map(|(table, names)| {
        names.iter().map(move |name| {
            format!(
                "SELECT {}, md5(string_agg({name}::text, '|' ORDER BY {name}::text COLLATE \"C\")) FROM ONLY {table};",
                literal(&format!("{table}.{name}"))
            )
        })
    });
    asked(server, url, &queries.collect::<String>())
}

/// How many rows each table has and what stands in them, some columns left out.
fn each_table(
    server: &Server,
    url: &DatabaseUrl,
    columns: &Columns,
    unstable: &BTreeSet<&str>,
) -> Result<BTreeMap<String, String>, Failure> {
    let queries = columns.iter().map(|(table, names)| {
        let stable = names
            .iter()
            .filter(|name| !unstable.contains(format!("{table}.{name}").as_str()));
        let stable: Vec<String> = stable.map(|name| format!("{name}::text")).collect();
        format!(
            "SELECT {}, count(*) || ' ' || coalesce(md5(string_agg(line, '|' ORDER BY line)), '') \
             FROM (SELECT ROW({})::text COLLATE \"C\" AS line FROM ONLY {table}) AS lines;",
            literal(table),
            stable.join(", ")
        )
    });
    asked(server, url, &queries.collect::<String>())
}

/// Where the sequences stand.
fn sequences(server: &Server, url: &DatabaseUrl) -> Result<BTreeMap<String, String>, Failure> {
    const ASK: &str = "SELECT format('%I.%I', schemaname, sequencename), last_value FROM pg_catalog.pg_sequences \
                       WHERE schemaname <> 'aludel'";
    asked(server, url, ASK)
}

/// What `psql` answers: pairs.
pub(super) fn asked<C: FromIterator<(String, String)>>(
    server: &Server,
    url: &DatabaseUrl,
    queries: &str,
) -> Result<C, Failure> {
    let mut psql = server.client.command("psql");
    let script = tempfile(queries)?;
    psql.args(["-X", "-q", "-A", "-t", "-F", "\t", "-v", "ON_ERROR_STOP=1"])
        .args(["-d", &url.to_connection_string(), "-f"])
        .arg(script.path());
    let printed = finished(&mut psql)?;
    let pair = |line: &str| {
        let (name, content) = line.split_once('\t')?;
        Some((name.to_owned(), content.to_owned()))
    };
    Ok(printed.lines().filter_map(pair).collect())
}

fn tempfile(text: &str) -> Result<tempfile::NamedTempFile, Failure> {
    let file = tempfile::NamedTempFile::new()?;
    fs_err::write(file.path(), text)?;
    Ok(file)
}

pub(super) fn dumped(
    server: &Server,
    url: &DatabaseUrl,
    words: &[&str],
) -> Result<String, Failure> {
    let mut command: Command = server.client.command("pg_dump");
    command
        .args(words)
        .args(["--exclude-schema=aludel", "-d", &url.to_connection_string()]);
    finished(&mut command)
}

fn literal(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}
