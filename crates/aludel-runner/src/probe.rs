//! What became of a statement that ran outside a transaction and whose end nobody saw.

use aludel_catalog::identifier::literal;
use aludel_postgres::{Session, StatementError};
use aludel_sql::{Alone, Statement, index_on};

/// What a probe found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// It is in force; the text says what was found.
    Done(String),
    /// It is not in force, or running it again does no harm.
    NotDone,
    /// These statements remove what it left; then it is run again.
    Debris(Vec<String>),
    /// This statement finishes what it began.
    HalfDone(String),
    /// Nobody can tell.
    Unknown,
}

/// Returns whether a lock timeout in the statement leaves something half-made behind.
pub(crate) fn leaves_debris(alone: Option<&Alone>) -> bool {
    match alone {
        Some(
            Alone::CreateIndexConcurrently { .. }
            | Alone::DropIndexConcurrently { .. }
            | Alone::Reindex { .. }
            | Alone::DetachPartitionConcurrently { .. },
        ) => true,
        Some(_) | None => false,
    }
}

/// Asks the server what became of a statement, which is of the kind `alone`. The search path of the segment must be set.
pub(crate) async fn probe(
    session: &Session,
    statement: &Statement,
    alone: &Alone,
) -> Result<Verdict, StatementError> {
    let in_catalog = |catalog: &'static str, column: &'static str, name: &str| {
        // The name is SQL text; parse_ident folds and unquotes it as the server does.
        format!(
            "SELECT 1 FROM pg_catalog.{catalog} WHERE {column} = (pg_catalog.parse_ident({}))[1]",
            literal(name)
        )
    };
    match alone {
        Alone::CreateIndexConcurrently {
            index: Some(index),
            table,
            ..
        } => created_index(session, statement, index, table).await,
        Alone::CreateIndexConcurrently { index: None, .. } | Alone::AlterSubscription { .. } => {
            Ok(Verdict::Unknown)
        }
        Alone::DropIndexConcurrently { index } => {
            let query = format!(
                "SELECT 1 WHERE pg_catalog.to_regclass({}) IS NULL",
                literal(index)
            );
            done_if_any(session, &query, format!("index {index} is gone")).await
        }
        Alone::Reindex { kind, name } => reindex_leftovers(session, kind, name.as_deref()).await,
        Alone::DetachPartitionConcurrently { table, partition } => {
            detached(session, table, partition).await
        }
        Alone::Backfill(_)
        | Alone::Vacuum
        | Alone::Cluster
        | Alone::AlterSystem
        | Alone::MoveDatabase { .. } => Ok(Verdict::NotDone),
        Alone::CreateDatabase { name } => {
            let query = in_catalog("pg_database", "datname", name);
            done_if_any(session, &query, format!("database {name} exists")).await
        }
        Alone::CreateTablespace { name } => {
            let query = in_catalog("pg_tablespace", "spcname", name);
            done_if_any(session, &query, format!("tablespace {name} exists")).await
        }
        Alone::CreateSubscription { name } => {
            let query = in_catalog("pg_subscription", "subname", name);
            done_if_any(session, &query, format!("subscription {name} exists")).await
        }
        Alone::DropDatabase { name } => {
            let query = in_catalog("pg_database", "datname", name);
            done_if_none(session, &query, format!("database {name} is gone")).await
        }
        Alone::DropTablespace { name } => {
            let query = in_catalog("pg_tablespace", "spcname", name);
            done_if_none(session, &query, format!("tablespace {name} is gone")).await
        }
        Alone::DropSubscription { name } => {
            let query = in_catalog("pg_subscription", "subname", name);
            done_if_none(session, &query, format!("subscription {name} is gone")).await
        }
    }
}

async fn done_if_any(
    session: &Session,
    query: &str,
    finding: String,
) -> Result<Verdict, StatementError> {
    let found = session.scalar(query).await?.is_some();
    Ok(if found {
        Verdict::Done(finding)
    } else {
        Verdict::NotDone
    })
}

async fn done_if_none(
    session: &Session,
    query: &str,
    finding: String,
) -> Result<Verdict, StatementError> {
    let found = session.scalar(query).await?.is_some();
    Ok(if found {
        Verdict::NotDone
    } else {
        Verdict::Done(finding)
    })
}

/// An index lives in its table's schema, whatever the search path says.
async fn created_index(
    session: &Session,
    statement: &Statement,
    index: &str,
    table: &str,
) -> Result<Verdict, StatementError> {
    let query = format!(
        "SELECT index.indisvalid, index.indexrelid::pg_catalog.regclass, index.indrelid = owner.oid \
         FROM pg_catalog.pg_class AS owner \
         JOIN pg_catalog.pg_namespace AS home ON home.oid = owner.relnamespace \
         JOIN pg_catalog.pg_index AS index ON index.indexrelid = \
             pg_catalog.to_regclass(pg_catalog.quote_ident(home.nspname) || '.' || {}) \
         WHERE owner.oid = pg_catalog.to_regclass({})",
        literal(index),
        literal(table)
    );
    let rows = session.rows(&query).await?;
    let Some(row) = rows.first() else {
        return Ok(Verdict::NotDone);
    };
    if row.text(2) != "t" {
        // A stranger has the name: the statement's own error says so best.
        return Ok(Verdict::NotDone);
    }
    let name = row.text(1);
    if row.text(0) != "t" {
        return Ok(Verdict::Debris(vec![format!(
            "DROP INDEX CONCURRENTLY {name}"
        )]));
    }
    Ok(match is_made_by(session, statement, name, table).await {
        Ok(true) => Verdict::Done(format!("index {name} is there and valid")),
        // Another index has the name: the statement's own error says so best.
        Ok(false) => Verdict::NotDone,
        Err(error) if error.connection_lost => return Err(error),
        Err(_) => Verdict::Unknown,
    })
}

/// Returns whether an index is what the statement makes: it makes one on an empty table of the same columns, and
/// PostgreSQL's words for both are compared.
async fn is_made_by(
    session: &Session,
    statement: &Statement,
    index: &str,
    table: &str,
) -> Result<bool, StatementError> {
    let Some(create) = index_on(statement, "aludel_probe_index", "pg_temp.aludel_probe") else {
        return Ok(false);
    };
    let definition = |index: &str| {
        format!(
            "(SELECT ROW(of_index.indisunique, pg_catalog.split_part(\
                 pg_catalog.pg_get_indexdef(of_index.indexrelid), \
                 '.' || pg_catalog.quote_ident(owner.relname) || ' USING ', 2)) \
             FROM pg_catalog.pg_index AS of_index \
             JOIN pg_catalog.pg_class AS owner ON owner.oid = of_index.indrelid \
             WHERE of_index.indexrelid = pg_catalog.to_regclass({}))",
            literal(index)
        )
    };
    let script = format!(
        "BEGIN; CREATE TEMPORARY TABLE aludel_probe (LIKE {table}); {create}; \
         SELECT {} IS NOT DISTINCT FROM {}",
        definition(index),
        definition("pg_temp.aludel_probe_index")
    );
    let answer = session.row_sets(&script).await;
    session.execute("ROLLBACK").await?;
    let last = answer?.pop().unwrap_or_default();
    Ok(last.first().is_some_and(|row| row.text(0) == "t"))
}

/// An interrupted `REINDEX CONCURRENTLY` leaves invalid indexes named `…_ccnew` or `…_ccold`.
async fn reindex_leftovers(
    session: &Session,
    kind: &str,
    name: Option<&str>,
) -> Result<Verdict, StatementError> {
    let name = literal(name.unwrap_or_default());
    let filter = match kind {
        "index" => format!(
            "index.indrelid = (SELECT indrelid FROM pg_catalog.pg_index WHERE indexrelid = pg_catalog.to_regclass({name}))"
        ),
        "table" => format!("index.indrelid = pg_catalog.to_regclass({name})"),
        "schema" => format!("class.relnamespace = pg_catalog.to_regnamespace({name})"),
        _ => "true".to_owned(),
    };
    let query = format!(
        "SELECT index.indexrelid::pg_catalog.regclass \
         FROM pg_catalog.pg_index AS index \
         JOIN pg_catalog.pg_class AS class ON class.oid = index.indexrelid \
         JOIN pg_catalog.pg_namespace AS home ON home.oid = class.relnamespace \
         WHERE NOT index.indisvalid AND home.nspname <> 'pg_toast' \
         AND class.relname ~ '_cc(new|old)[0-9]*$' AND {filter} ORDER BY 1"
    );
    let rows = session.rows(&query).await?;
    if rows.is_empty() {
        return Ok(Verdict::NotDone);
    }
    let drops = rows
        .iter()
        .map(|row| format!("DROP INDEX CONCURRENTLY {}", row.text(0)));
    Ok(Verdict::Debris(drops.collect()))
}

async fn detached(
    session: &Session,
    table: &str,
    partition: &str,
) -> Result<Verdict, StatementError> {
    // inhdetachpending came with CONCURRENTLY in 14, the oldest server there is for us.
    let query = format!(
        "SELECT inhdetachpending FROM pg_catalog.pg_inherits \
         WHERE inhparent = pg_catalog.to_regclass({}) AND inhrelid = pg_catalog.to_regclass({})",
        literal(table),
        literal(partition)
    );
    Ok(match session.scalar(&query).await?.as_deref() {
        None => Verdict::Done(format!("{partition} is no partition of {table}")),
        Some("t") => Verdict::HalfDone(format!(
            "ALTER TABLE {table} DETACH PARTITION {partition} FINALIZE"
        )),
        Some(_) => Verdict::NotDone,
    })
}
