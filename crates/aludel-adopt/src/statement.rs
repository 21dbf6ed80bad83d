//! What a statement that reached the server is to a recording: a change, a read, a boundary, bookkeeping.

use std::collections::BTreeSet;

use aludel_sql::token::{Lexer, TokenKind};

use crate::recorder::{MARK, VersionTable};

/// What a statement is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Sort {
    /// `BEGIN`.
    Begin,
    /// `COMMIT`.
    Commit,
    /// `ROLLBACK`.
    Rollback,
    /// `SAVEPOINT name`.
    Savepoint(String),
    /// `ROLLBACK TO name`.
    RollbackTo(String),
    /// `RELEASE name`.
    Release(String),
    /// Where the revision itself begins.
    Mark,
    /// Alembic's own version table.
    Bookkeeping,
    /// A read whose answer Python got; of rows of the user's tables, or of catalogs alone.
    Read {
        /// Whether it looks at tables of the user's.
        of_rows: bool,
    },
    /// A setting of the session that matters to what follows.
    Setting,
    /// A setting or an order that means nothing to a file: time-outs, prepared statements, advisory locks.
    Passing,
    /// `COPY … FROM STDIN`, whose rows the log does not have.
    CopyIn,
    /// Anything else: it is kept.
    Change,
}

/// Functions that PostgreSQL calls volatile and that change nothing.
const HARMLESS: &str = " clock_timestamp currval gen_random_uuid lastval pg_advisory_lock pg_advisory_lock_shared \
pg_advisory_unlock pg_advisory_unlock_all pg_advisory_unlock_shared pg_advisory_xact_lock pg_advisory_xact_lock_shared \
pg_sleep pg_try_advisory_lock pg_try_advisory_lock_shared pg_try_advisory_xact_lock random timeofday \
uuid_generate_v1 uuid_generate_v1mc uuid_generate_v4 pg_database_size pg_relation_size pg_table_size \
pg_total_relation_size pg_indexes_size set_config pg_is_in_recovery pg_reload_conf pg_stat_clear_snapshot ";

/// The words of a statement, comments and strings left out; quoted names without their quotes.
struct Words(Vec<(String, bool)>);

impl Words {
    fn of(text: &str) -> Self {
        let mut words = Vec::new();
        let mut lexer = Lexer::new(text);
        while let Ok(Some(token)) = lexer.next_token() {
            let part = &text[token.range];
            match token.kind {
                TokenKind::Word => words.push((part.to_lowercase(), false)),
                TokenKind::QuotedIdentifier => {
                    words.push((part.trim_matches('"').replace("\"\"", "\""), true));
                }
                TokenKind::Symbol(byte) => words.push((char::from(byte).to_string(), false)),
                _ => {}
            }
        }
        // A query in parentheses is a query.
        let opening = words.iter().take_while(|(word, _)| word == "(").count();
        words.drain(..opening);
        Self(words)
    }

    fn at(&self, place: usize) -> &str {
        self.0.get(place).map_or("", |(word, _)| word.as_str())
    }

    fn holds(&self, wanted: &str) -> bool {
        self.0
            .iter()
            .any(|(word, quoted)| word == wanted && !quoted)
    }

    /// Whether the name at this place, with a schema before it or not, is the version table.
    fn is_version_table(&self, mut place: usize, version: &VersionTable) -> bool {
        if self.at(place + 1) == "." {
            let schema = version.schema.as_deref();
            if schema.is_some_and(|schema| schema != self.at(place)) {
                return false;
            }
            place += 2;
        }
        self.at(place) == version.table
    }

    /// The functions that are called.
    fn calls(&self) -> impl Iterator<Item = &str> {
        let pairs = self.0.windows(2);
        pairs
            .filter(|pair| pair[1].0 == "(")
            .map(|pair| pair[0].0.as_str())
    }
}

/// Tells what a statement is; `volatile` are the names of the functions that PostgreSQL calls so.
pub(crate) fn sort(text: &str, version: &VersionTable, volatile: &BTreeSet<String>) -> Sort {
    let words = Words::of(text);
    let last = || {
        words
            .0
            .last()
            .map_or("", |(word, _)| word.as_str())
            .to_owned()
    };
    match words.at(0) {
        "begin" | "start" => Sort::Begin,
        "commit" | "end" => Sort::Commit,
        "rollback" | "abort" if words.holds("to") => Sort::RollbackTo(last()),
        "rollback" | "abort" => Sort::Rollback,
        "savepoint" => Sort::Savepoint(last()),
        "release" => Sort::Release(last()),
        "set" | "reset" => setting(&words),
        "show" | "fetch" | "move" | "close" | "deallocate" | "discard" | "listen" | "unlisten"
        | "explain" => Sort::Passing,
        "" => Sort::Passing,
        "copy" if words.holds("stdin") => Sort::CopyIn,
        "copy" if words.holds("stdout") => Sort::Read { of_rows: true },
        "create" if words.at(1) == "table" => {
            let exists = if words.at(2) == "if" { 5 } else { 2 };
            bookkeeping(words.is_version_table(exists, version))
        }
        "drop" if words.at(1) == "table" => {
            let exists = if words.at(2) == "if" { 4 } else { 2 };
            bookkeeping(words.is_version_table(exists, version))
        }
        "insert" | "delete" => bookkeeping(words.is_version_table(2, version)),
        "update" => bookkeeping(words.is_version_table(1, version)),
        "declare" => read(&words, version),
        "select" | "values" | "table" | "with" => query(text, &words, version, volatile),
        _ => Sort::Change,
    }
}

/// A statement without its constants and comments.
pub(crate) fn shape(text: &str) -> String {
    let mut shape = String::new();
    let mut lexer = Lexer::new(text);
    while let Ok(Some(token)) = lexer.next_token() {
        match token.kind {
            TokenKind::Word | TokenKind::QuotedIdentifier | TokenKind::Symbol(_) => {
                shape.push_str(&text[token.range]);
            }
            TokenKind::String | TokenKind::Number => shape.push('?'),
            _ => {}
        }
        shape.push(' ');
    }
    shape
}

/// Statements as two runs of them are compared: those that make indexes are sorted where they stand side by side, for
/// SQLAlchemy keeps the indexes of a table in a set, which has another order in every process.
pub(crate) fn in_fixed_order<'a>(
    statements: impl IntoIterator<Item = &'a String>,
) -> Vec<&'a String> {
    let makes_index = |statement: &&String| {
        let words = Words::of(statement);
        words.at(0) == "create" && matches!(words.at(1), "index" | "unique")
    };
    let mut ordered: Vec<&String> = statements.into_iter().collect();
    for neighbours in ordered.chunk_by_mut(|one, next| makes_index(one) == makes_index(next)) {
        if makes_index(&neighbours[0]) {
            neighbours.sort();
        }
    }
    ordered
}

/// A change of the version table itself (its column is widened, usually) as one that does nothing where there is none:
/// on scratch files run without it.
pub(crate) fn where_it_is(text: &str, version: &VersionTable) -> String {
    let words = Words::of(text);
    let is_of_it =
        words.at(0) == "alter" && words.at(1) == "table" && words.is_version_table(2, version);
    let place = text.to_lowercase().find("table").filter(|_| is_of_it);
    match place.and_then(|at| text.split_at_checked(at + "table".len())) {
        Some((before, after)) => format!("{before} IF EXISTS{after}"),
        None => text.to_owned(),
    }
}

fn bookkeeping(is_version_table: bool) -> Sort {
    if is_version_table {
        Sort::Bookkeeping
    } else {
        Sort::Change
    }
}

fn setting(words: &Words) -> Sort {
    const MEANS_NOTHING: [&str; 12] = [
        "lock_timeout",
        "statement_timeout",
        "idle_in_transaction_session_timeout",
        "application_name",
        "client_encoding",
        "client_min_messages",
        "datestyle",
        "extra_float_digits",
        "jit",
        "transaction",
        "standard_conforming_strings",
        "characteristics",
    ];
    let means_nothing = MEANS_NOTHING.iter().any(|name| words.holds(name));
    if means_nothing || words.at(0) == "reset" && words.at(1) == "all" {
        Sort::Passing
    } else {
        Sort::Setting
    }
}

fn query(text: &str, words: &Words, version: &VersionTable, volatile: &BTreeSet<String>) -> Sort {
    if text.contains(MARK) {
        return Sort::Mark;
    }
    let writes = ["insert", "update", "delete", "merge", "into"];
    let is_locking = |place: usize| words.at(place.wrapping_sub(1)) == "for";
    let changes = words.0.iter().enumerate().any(|(place, (word, quoted))| {
        !quoted && writes.contains(&word.as_str()) && !is_locking(place)
    });
    let has_effect = words
        .calls()
        .any(|name| volatile.contains(name) && !HARMLESS.contains(&format!(" {name} ")));
    let sets_path = words.calls().any(|name| name == "set_config") && text.contains("search_path");
    if changes || has_effect || sets_path {
        return Sort::Change;
    }
    read(words, version)
}

/// A read is of rows when it names a relation that is not a catalog's.
fn read(words: &Words, version: &VersionTable) -> Sort {
    let mut of_rows = false;
    for (place, (word, quoted)) in words.0.iter().enumerate() {
        let names_relation = !quoted && ["from", "join", "table"].contains(&word.as_str());
        if !names_relation || words.at(place + 1) == "(" {
            continue;
        }
        let first = words.at(place + 1);
        let is_catalog = first == "pg_catalog"
            || first == "information_schema"
            || first.starts_with("pg_")
            || first.is_empty();
        // `extract(year FROM …)`, `DISTINCT FROM` and functions in FROM name no relation.
        let is_call = words.at(place + 2) == "(";
        let is_distinct = place > 0 && words.at(place - 1) == "distinct";
        if !is_catalog
            && !is_call
            && !is_distinct
            && !words.is_version_table(place + 1, version)
            && !is_own_name(words, first)
        {
            of_rows = true;
        }
    }
    Sort::Read { of_rows }
}

/// Whether a `WITH` of the same statement gives the name.
fn is_own_name(words: &Words, name: &str) -> bool {
    let mut found = false;
    for (place, (word, _)) in words.0.iter().enumerate() {
        let after = words.at(place + 1);
        found |= word == name && (after == "as" && words.at(place + 2) == "(");
    }
    found && words.holds("with")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sorted(text: &str) -> Sort {
        let version = VersionTable {
            table: "alembic_version".to_owned(),
            schema: None,
        };
        let volatile = ["setval", "random", "bump"].map(str::to_owned).into();
        sort(text, &version, &volatile)
    }

    #[test]
    fn chance_orders_indexes_and_nothing_else() {
        let first = [
            "INSERT 2",
            "INSERT 1",
            "create unique index b",
            "CREATE INDEX a",
            "INSERT 0",
        ];
        let first = first.map(str::to_owned);
        let ordered = in_fixed_order(&first);
        assert_eq!(
            ordered,
            [
                "INSERT 2",
                "INSERT 1",
                "CREATE INDEX a",
                "create unique index b",
                "INSERT 0"
            ]
        );
    }

    #[test]
    fn reads_are_told_from_changes() {
        let rows = Sort::Read { of_rows: true };
        let catalog = Sort::Read { of_rows: false };
        for (text, wanted) in [
            ("SELECT id FROM users WHERE x = 'insert'", &rows),
            ("(select 1 from \"Users\") union select 2", &rows),
            (
                "SELECT c.relname FROM pg_catalog.pg_class c JOIN pg_namespace n ON true",
                &catalog,
            ),
            ("select random()", &catalog),
            ("with t as (select 1) select * from t", &catalog),
            ("SELECT id FROM users FOR UPDATE", &rows),
            (
                "SELECT alembic_version.version_num FROM alembic_version",
                &catalog,
            ),
            ("SELECT setval('s', 3)", &Sort::Change),
            ("SELECT public.bump()", &Sort::Change),
            (
                "with d as (delete from t returning 1) select * from d",
                &Sort::Change,
            ),
            ("SELECT * INTO copy FROM t", &Sort::Change),
        ] {
            assert_eq!(&sorted(text), wanted, "{text}");
        }
    }

    #[test]
    fn the_version_table_is_alembics() {
        for text in [
            "INSERT INTO alembic_version (version_num) VALUES ('a')",
            "\nCREATE TABLE public.alembic_version (version_num VARCHAR(32) NOT NULL)",
            "DROP TABLE IF EXISTS alembic_version",
            "UPDATE alembic_version SET version_num='b' WHERE alembic_version.version_num = 'a'",
        ] {
            assert_eq!(sorted(text), Sort::Bookkeeping, "{text}");
        }
        assert_eq!(
            sorted("ALTER TABLE alembic_version ALTER version_num TYPE text"),
            Sort::Change
        );
        let version = VersionTable {
            table: "alembic_version".to_owned(),
            schema: None,
        };
        assert_eq!(
            where_it_is(
                "ALTER TABLE alembic_version ALTER version_num TYPE text",
                &version
            ),
            "ALTER TABLE IF EXISTS alembic_version ALTER version_num TYPE text"
        );
        assert_eq!(sorted("INSERT INTO t VALUES (1)"), Sort::Change);
    }

    #[test]
    fn boundaries_and_settings() {
        assert_eq!(sorted("BEGIN;"), Sort::Begin);
        assert_eq!(
            sorted("ROLLBACK TO SAVEPOINT sa_savepoint_1"),
            Sort::RollbackTo("sa_savepoint_1".to_owned())
        );
        assert_eq!(sorted("SET search_path TO app"), Sort::Setting);
        assert_eq!(sorted("SET LOCAL lock_timeout = '4s'"), Sort::Passing);
        assert_eq!(sorted("COPY t FROM STDIN"), Sort::CopyIn);
    }
}
