//! What a statement has an effect on, as far as its text tells: whether the schema it leaves says all that it did.

use crate::cursor::Cursor;
use crate::loss::type_changes;
use crate::statement::Statement;

/// What a statement has an effect on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// The schema of its database alone: what it did can be read there.
    Schema,
    /// Rows and counters, or nobody can tell from the text.
    Rows,
    /// Statements that follow in the same session.
    Session,
    /// What stands outside of the database: roles, databases, tablespaces, other servers.
    Elsewhere,
}

/// What stands outside of a database, as it follows `CREATE`, `ALTER`, `DROP`, `ON`.
const ELSEWHERE: [&str; 8] = [
    "role",
    "user",
    "group",
    "database",
    "system",
    "tablespace",
    "subscription",
    "parameter",
];

/// Returns what a statement has an effect on.
pub fn effect(statement: &Statement) -> Effect {
    let mut cursor = Cursor::new(&statement.text);
    let cursor = &mut cursor;
    let first = cursor.lower_word();
    cursor.advance();
    match first.as_str() {
        "set" | "reset" => Effect::Session,
        "create" => created(cursor),
        "alter" => altered(cursor, statement),
        "drop" => named(cursor),
        "comment" | "security" => {
            cursor.skip_past("on");
            named(cursor)
        }
        // Without ON it is a role that is granted.
        "grant" | "revoke" if !cursor.skip_past("on") => Effect::Elsewhere,
        "grant" | "revoke" => named(cursor),
        "import" | "reassign" => Effect::Elsewhere,
        "" => Effect::Schema,
        _ => Effect::Rows,
    }
}

fn created(cursor: &mut Cursor<'_>) -> Effect {
    if cursor.is("temp") || cursor.is("temporary") || cursor.is("local") {
        return Effect::Session;
    }
    if cursor.is("table") || cursor.is("unlogged") {
        return filled(cursor);
    }
    named(cursor)
}

/// A table that is made from a query holds its rows.
fn filled(cursor: &mut Cursor<'_>) -> Effect {
    while !cursor.at_end() {
        if cursor.eat("as") {
            let queries = ["select", "with", "values", "table", "execute"];
            if cursor.is_symbol(b'(') || cursor.eat_any(&queries) {
                return Effect::Rows;
            }
        }
        cursor.skip_one();
    }
    Effect::Schema
}

fn altered(cursor: &mut Cursor<'_>, statement: &Statement) -> Effect {
    let counts = cursor.is("sequence") || cursor.is("table");
    if counts && cursor.holds("restart") {
        return Effect::Rows;
    }
    if type_changes(statement)
        .iter()
        .any(|change| change.using.is_some())
    {
        return Effect::Rows;
    }
    named(cursor)
}

/// The effect on what the next word names.
fn named(cursor: &mut Cursor<'_>) -> Effect {
    if cursor.eat_all("user mapping") {
        return Effect::Schema;
    }
    let is_elsewhere = ELSEWHERE.iter().any(|kind| cursor.is(kind))
        || cursor.eat_all("owned by")
        || cursor.eat_all("large object");
    if is_elsewhere {
        Effect::Elsewhere
    } else {
        Effect::Schema
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Effect {
        effect(&Statement::new(text))
    }

    #[test]
    fn what_the_schema_shows_is_schema() {
        for text in [
            "CREATE TABLE a (as_of date, CHECK (b = 'as select'))",
            "create or replace view v as select 1",
            "CREATE MATERIALIZED VIEW m AS SELECT 1",
            "CREATE USER MAPPING FOR x SERVER y",
            "ALTER TABLE a ALTER b TYPE text",
            "ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO x",
            "DROP TABLE a",
            "COMMENT ON TABLE a IS 'role'",
            "GRANT SELECT (id) ON a TO b",
            "REVOKE ALL ON SCHEMA s FROM PUBLIC",
        ] {
            assert_eq!(of(text), Effect::Schema, "{text}");
        }
    }

    #[test]
    fn what_it_does_not_show_is_something_else() {
        for text in [
            "INSERT INTO a VALUES (1)",
            "WITH x AS (SELECT 1) SELECT * FROM x",
            "CREATE TABLE a AS SELECT 1",
            "CREATE UNLOGGED TABLE a AS (VALUES (1))",
            "ALTER SEQUENCE s RESTART WITH 100",
            "ALTER TABLE a ALTER b RESTART",
            "ALTER TABLE a ALTER b TYPE int USING b::int",
            "DO $$ BEGIN END $$",
            "REFRESH MATERIALIZED VIEW m",
        ] {
            assert_eq!(of(text), Effect::Rows, "{text}");
        }
        for text in [
            "CREATE ROLE r",
            "ALTER USER r SET x = 1",
            "GRANT a TO b",
            "GRANT CONNECT ON DATABASE d TO r",
            "COMMENT ON ROLE r IS 'x'",
            "DROP OWNED BY r",
            "CREATE SUBSCRIPTION s CONNECTION '' PUBLICATION p",
        ] {
            assert_eq!(of(text), Effect::Elsewhere, "{text}");
        }
        for text in [
            "SET search_path = a",
            "CREATE TEMP TABLE t (a int)",
            "RESET ALL",
        ] {
            assert_eq!(of(text), Effect::Session, "{text}");
        }
    }
}
