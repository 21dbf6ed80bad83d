//! Statements that PostgreSQL will not run inside a transaction, and the ones that begin or end one.

use aludel_catalog::backfill::Backfill;

use crate::cursor::Cursor;
use crate::statement::Statement;

/// A statement that must run outside a transaction, with what a probe needs to know.
///
/// Names are as in the statement: dotted, each part quoted only where it must be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Alone {
    /// `CREATE INDEX CONCURRENTLY`. Without a name the server chooses one.
    CreateIndexConcurrently {
        /// The index's name, which never has a schema: it lives in its table's.
        index: Option<String>,
        /// The table.
        table: String,
        /// `IF NOT EXISTS` stands in it.
        if_not_exists: bool,
    },
    /// `DROP INDEX CONCURRENTLY`.
    DropIndexConcurrently {
        /// The index.
        index: String,
    },
    /// `REINDEX … CONCURRENTLY`, and `REINDEX SCHEMA`, `DATABASE` and `SYSTEM` of any kind.
    Reindex {
        /// `index`, `table`, `schema`, `database` or `system`.
        kind: String,
        /// What is indexed anew; `None` is the current database.
        name: Option<String>,
    },
    /// `ALTER TABLE … DETACH PARTITION … CONCURRENTLY`.
    DetachPartitionConcurrently {
        /// The partitioned table.
        table: String,
        /// The partition.
        partition: String,
    },
    /// A column filled batch by batch, in the form that Aludel writes.
    Backfill(Backfill),
    /// `VACUUM`.
    Vacuum,
    /// `CLUSTER` of every table.
    Cluster,
    /// `ALTER SYSTEM`.
    AlterSystem,
    /// `CREATE DATABASE`.
    CreateDatabase {
        /// The database.
        name: String,
    },
    /// `DROP DATABASE`.
    DropDatabase {
        /// The database.
        name: String,
    },
    /// `ALTER DATABASE … SET TABLESPACE`.
    MoveDatabase {
        /// The database.
        name: String,
    },
    /// `CREATE TABLESPACE`.
    CreateTablespace {
        /// The tablespace.
        name: String,
    },
    /// `DROP TABLESPACE`.
    DropTablespace {
        /// The tablespace.
        name: String,
    },
    /// `CREATE SUBSCRIPTION`.
    CreateSubscription {
        /// The subscription.
        name: String,
    },
    /// `ALTER SUBSCRIPTION` in a form that talks to the publisher.
    AlterSubscription {
        /// The subscription.
        name: String,
    },
    /// `DROP SUBSCRIPTION`.
    DropSubscription {
        /// The subscription.
        name: String,
    },
}

/// Returns what makes a statement run outside a transaction, `None` when nothing does.
pub fn runs_alone(statement: &Statement) -> Option<Alone> {
    let mut cursor = Cursor::new(&statement.text);
    let cursor = &mut cursor;
    let first = cursor.word()?.to_ascii_lowercase();
    cursor.advance();
    match first.as_str() {
        "create" => create(cursor),
        "drop" => drop(cursor),
        "alter" => alter(cursor),
        "reindex" => reindex(cursor),
        "do" => Backfill::parse(&statement.text).map(Alone::Backfill),
        "vacuum" => Some(Alone::Vacuum),
        "cluster" => {
            if cursor.is_symbol(b'(') {
                cursor.skip_one();
            }
            cursor.eat("verbose");
            cursor.at_end().then_some(Alone::Cluster)
        }
        _ => None,
    }
}

fn create(cursor: &mut Cursor<'_>) -> Option<Alone> {
    if cursor.eat("database") {
        return Some(Alone::CreateDatabase {
            name: cursor.name()?,
        });
    }
    if cursor.eat("tablespace") {
        return Some(Alone::CreateTablespace {
            name: cursor.name()?,
        });
    }
    if cursor.eat("subscription") {
        return Some(Alone::CreateSubscription {
            name: cursor.name()?,
        });
    }
    cursor.eat("unique");
    if !cursor.eat_all("index concurrently") {
        return None;
    }
    let if_not_exists = cursor.eat_all("if not exists");
    let index = if cursor.is("on") { None } else { cursor.name() };
    if !cursor.eat("on") {
        return None;
    }
    cursor.eat("only");
    let table = cursor.name()?;
    Some(Alone::CreateIndexConcurrently {
        index,
        table,
        if_not_exists,
    })
}

/// Returns the statement that makes the index of a `CREATE INDEX` on another table, under another name and inside a
/// transaction; both names are SQL.
pub fn index_on(statement: &Statement, index: &str, table: &str) -> Option<String> {
    let mut cursor = Cursor::new(&statement.text);
    if !cursor.eat("create") {
        return None;
    }
    let unique = if cursor.eat("unique") { "UNIQUE " } else { "" };
    if !cursor.eat("index") {
        return None;
    }
    cursor.eat("concurrently");
    cursor.eat_all("if not exists");
    if !cursor.is("on") {
        cursor.name()?;
    }
    if !cursor.eat("on") {
        return None;
    }
    cursor.eat("only");
    cursor.name()?;
    let rest = cursor.slice(cursor.offset()..statement.text.len());
    Some(format!("CREATE {unique}INDEX {index} ON {table} {rest}"))
}

fn drop(cursor: &mut Cursor<'_>) -> Option<Alone> {
    let kinds = ["database", "tablespace", "subscription"];
    let kind = kinds.into_iter().find(|kind| cursor.eat(kind));
    let concurrently = kind.is_none() && cursor.eat_all("index concurrently");
    if kind.is_none() && !concurrently {
        return None;
    }
    cursor.eat_all("if exists");
    let name = cursor.name()?;
    Some(match kind {
        None => Alone::DropIndexConcurrently { index: name },
        Some("database") => Alone::DropDatabase { name },
        Some("tablespace") => Alone::DropTablespace { name },
        Some(_) => Alone::DropSubscription { name },
    })
}

fn alter(cursor: &mut Cursor<'_>) -> Option<Alone> {
    if cursor.eat("system") {
        return Some(Alone::AlterSystem);
    }
    if cursor.eat("database") {
        let name = cursor.name()?;
        return cursor
            .eat_all("set tablespace")
            .then_some(Alone::MoveDatabase { name });
    }
    if cursor.eat("subscription") {
        let name = cursor.name()?;
        let publications = ["refresh", "add", "drop"]
            .into_iter()
            .any(|keyword| cursor.is(keyword))
            || cursor.eat_all("set publication");
        return publications.then_some(Alone::AlterSubscription { name });
    }
    if !cursor.eat("table") {
        return None;
    }
    cursor.eat_all("if exists");
    cursor.eat("only");
    let table = cursor.name()?;
    cursor.eat_symbol(b'*');
    if !cursor.eat_all("detach partition") {
        return None;
    }
    let partition = cursor.name()?;
    let found = Alone::DetachPartitionConcurrently { table, partition };
    cursor.eat("concurrently").then_some(found)
}

fn reindex(cursor: &mut Cursor<'_>) -> Option<Alone> {
    let mut concurrently = false;
    if cursor.is_symbol(b'(') {
        let start = cursor.offset();
        cursor.skip_one();
        let options = cursor.slice(start..cursor.offset()).to_ascii_lowercase();
        let words: Vec<&str> = options
            .split(|letter: char| !letter.is_ascii_alphanumeric())
            .collect();
        let option = words.iter().position(|word| *word == "concurrently");
        let value = option.and_then(|at| words.get(at + 1)).copied();
        concurrently = option.is_some() && !matches!(value, Some("false" | "off" | "0"));
    }
    cursor.eat("verbose");
    let kinds = ["index", "table", "schema", "database", "system"];
    let kind = kinds.into_iter().find(|kind| cursor.eat(kind))?;
    concurrently |= cursor.eat("concurrently");
    let name = cursor.name();
    let alone = concurrently || matches!(kind, "schema" | "database" | "system");
    alone.then(|| Alone::Reindex {
        kind: kind.to_owned(),
        name,
    })
}

/// Returns whether a statement begins or ends a transaction. Savepoints do not.
pub fn is_transaction_control(statement: &Statement) -> bool {
    let mut cursor = Cursor::new(&statement.text);
    if cursor.eat("rollback") {
        cursor.eat_any(&["work", "transaction"]);
        return !cursor.is("to");
    }
    cursor.is("begin")
        || cursor.is("commit")
        || cursor.is("end")
        || cursor.is("abort")
        || cursor.eat_all("start transaction")
        || cursor.eat_all("prepare transaction")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statements_outside_transactions_are_known() {
        for (sql, expected) in [
            (
                "CREATE INDEX CONCURRENTLY i ON t (a)",
                "CreateIndexConcurrently { index: Some(\"i\"), table: \"t\", if_not_exists: false }",
            ),
            (
                "create unique index concurrently if not exists \"I x\" on only app.\"T\" using gin (a)",
                "CreateIndexConcurrently { index: Some(\"\\\"I x\\\"\"), table: \"app.\\\"T\\\"\", if_not_exists: true }",
            ),
            (
                "create /* c */ index concurrently on t (a)",
                "CreateIndexConcurrently { index: None, table: \"t\", if_not_exists: false }",
            ),
            (
                "DROP INDEX CONCURRENTLY IF EXISTS app.i",
                "DropIndexConcurrently { index: \"app.i\" }",
            ),
            (
                "reindex index concurrently i",
                "Reindex { kind: \"index\", name: Some(\"i\") }",
            ),
            (
                "reindex (verbose, concurrently) table app.t",
                "Reindex { kind: \"table\", name: Some(\"app.t\") }",
            ),
            (
                "reindex schema app",
                "Reindex { kind: \"schema\", name: Some(\"app\") }",
            ),
            (
                "alter table only app.t detach partition app.p concurrently",
                "DetachPartitionConcurrently { table: \"app.t\", partition: \"app.p\" }",
            ),
            ("vacuum (analyze) t", "Vacuum"),
            ("cluster verbose", "Cluster"),
            ("alter system set work_mem = '1GB'", "AlterSystem"),
            ("create database d", "CreateDatabase { name: \"d\" }"),
            (
                "drop database if exists d with (force)",
                "DropDatabase { name: \"d\" }",
            ),
            (
                "create subscription s connection 'x' publication p",
                "CreateSubscription { name: \"s\" }",
            ),
            (
                "alter subscription s refresh publication",
                "AlterSubscription { name: \"s\" }",
            ),
        ] {
            let found = runs_alone(&Statement::new(sql)).map(|alone| format!("{alone:?}"));
            assert_eq!(found.as_deref(), Some(expected), "{sql}");
        }
        for sql in [
            "create index i on t (a)",
            "create index concurrently_i on t (a)",
            "drop index i",
            "reindex table t",
            "reindex (concurrently false) table t",
            "alter table t detach partition p",
            "alter table t detach partition p finalize",
            "cluster t using i",
            "select 'vacuum'",
            "alter subscription s disable",
            "analyze t",
        ] {
            assert_eq!(runs_alone(&Statement::new(sql)), None, "{sql}");
        }
    }

    #[test]
    fn transaction_control_is_known() {
        for sql in [
            "BEGIN",
            "begin work",
            "START TRANSACTION",
            "commit",
            "END",
            "abort",
            "ROLLBACK",
            "rollback work",
            "rollback prepared 'x'",
            "prepare transaction 'x'",
        ] {
            assert!(is_transaction_control(&Statement::new(sql)), "{sql}");
        }
        for sql in [
            "savepoint s",
            "rollback to s",
            "rollback work to savepoint s",
            "release s",
            "prepare p as select 1",
            "do $$ begin end $$",
        ] {
            assert!(!is_transaction_control(&Statement::new(sql)), "{sql}");
        }
    }
}
