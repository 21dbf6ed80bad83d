//! One statement a line, and what it loses.

use super::*;

fn lost(sql: &str) -> String {
    let found = losses(&Statement::new(sql));
    let texts: Vec<String> = found
        .iter()
        .map(|loss| format!("{} {}", loss.hazard, loss.object))
        .collect();
    texts.join(", ")
}

fn check(cases: &[(&str, &str)]) {
    for (sql, expected) in cases {
        assert_eq!(lost(sql), *expected, "{sql}");
    }
}

#[test]
fn roles_take_their_passwords_along() {
    check(&[
        (
            "DROP ROLE IF EXISTS app, web",
            "unclassified app, unclassified web",
        ),
        ("DROP USER app", "unclassified app"),
        ("DROP USER MAPPING FOR app SERVER s", ""),
    ]);
}

#[test]
fn what_is_dropped() {
    check(&[
        ("DROP TABLE users", "drop-table users"),
        (
            "drop table if exists public.users cascade",
            "drop-table public.users",
        ),
        (
            "DROP TABLE a, app.b, \"C d\" RESTRICT",
            "drop-table a, drop-table app.b, drop-table \"C d\"",
        ),
        (
            "DROP TABLE \"users\", \"Order\", \"order\"",
            "drop-table users, drop-table \"Order\", drop-table \"order\"",
        ),
        (
            "DROP TABLE \"a\"\"b.c\".\"🧪\"",
            "drop-table \"a\"\"b.c\".\"🧪\"",
        ),
        ("DROP /* x */ TABLE -- y\n Users", "drop-table users"),
        ("DROP TABLE \"drop table x\"", "drop-table \"drop table x\""),
        ("DROP SCHEMA app", "drop-schema app"),
        (
            "DROP SCHEMA IF EXISTS app, b CASCADE",
            "drop-schema app, drop-schema b",
        ),
        ("DROP TYPE mood", "drop-type mood"),
        ("DROP TYPE IF EXISTS app.mood CASCADE", "drop-type app.mood"),
        ("DROP DOMAIN app.email", "drop-type app.email"),
        (
            "DROP SEQUENCE s, app.t",
            "drop-sequence s, drop-sequence app.t",
        ),
        (
            "DROP MATERIALIZED VIEW app.totals",
            "drop-materialized-view app.totals",
        ),
        (
            "DROP MATERIALIZED VIEW IF EXISTS a, b",
            "drop-materialized-view a, drop-materialized-view b",
        ),
        ("DROP EXTENSION citext", ""),
        (
            "DROP EXTENSION IF EXISTS citext, hstore CASCADE",
            "drop-type citext, drop-type hstore",
        ),
        (
            "DROP EXTENSION \"uuid-ossp\" CASCADE",
            "drop-type \"uuid-ossp\"",
        ),
        (
            "DROP OWNED BY alice, \"Bob\"",
            "unclassified alice, unclassified \"Bob\"",
        ),
        ("DROP DATABASE IF EXISTS app", "unclassified app"),
        ("DROP COLLATION german CASCADE", "unclassified german"),
        ("DROP COLLATION german", ""),
        ("DROP VIEW v", ""),
        ("DROP VIEW v CASCADE", ""),
        ("DROP INDEX i", ""),
        ("DROP INDEX CONCURRENTLY i", ""),
        ("DROP FUNCTION f(int)", ""),
        ("DROP TRIGGER t ON users", ""),
        ("DROP POLICY p ON users", ""),
        ("DROP FOREIGN TABLE remote", ""),
        ("DROP TYPED_THING x", ""),
    ]);
}

#[test]
fn what_is_altered() {
    check(&[
        (
            "ALTER TABLE users DROP COLUMN legacy",
            "drop-column users.legacy",
        ),
        ("ALTER TABLE users DROP legacy", "drop-column users.legacy"),
        (
            "ALTER TABLE users DROP IF EXISTS legacy CASCADE",
            "drop-column users.legacy",
        ),
        (
            "alter table if exists only app.users drop column if exists legacy restrict",
            "drop-column app.users.legacy",
        ),
        (
            "ALTER TABLE t DROP COLUMN a, DROP COLUMN b",
            "drop-column t.a, drop-column t.b",
        ),
        (
            "ALTER TABLE t * ADD c numeric(12, 2), DROP \"B b\"",
            "drop-column t.\"B b\"",
        ),
        (
            "ALTER TABLE t ADD c int DEFAULT f(1, 2), DROP a",
            "drop-column t.a",
        ),
        ("ALTER TABLE t DROP CONSTRAINT c", ""),
        (
            "ALTER TABLE t DROP CONSTRAINT IF EXISTS c, DROP \"constraint\"",
            "drop-column t.\"constraint\"",
        ),
        ("ALTER TABLE t ALTER COLUMN c DROP DEFAULT", ""),
        (
            "ALTER TABLE t ALTER c DROP NOT NULL, ALTER d DROP IDENTITY IF EXISTS",
            "",
        ),
        ("ALTER TABLE t ALTER c DROP EXPRESSION", ""),
        ("ALTER TABLE t ALTER c TYPE int", ""),
        ("ALTER TABLE t DETACH PARTITION p", ""),
        ("ALTER TABLE t DETACH PARTITION p CONCURRENTLY", ""),
        ("ALTER TABLE t RENAME COLUMN a TO b", ""),
        ("ALTER TABLE \"DROP COLUMN x\" ADD y int", ""),
        ("ALTER FOREIGN TABLE t DROP COLUMN a", ""),
        ("ALTER VIEW v ALTER COLUMN c DROP DEFAULT", ""),
        ("ALTER TYPE point3 DROP ATTRIBUTE z", "drop-column point3.z"),
        (
            "ALTER TYPE app.p DROP ATTRIBUTE IF EXISTS y CASCADE, ADD ATTRIBUTE w int",
            "drop-column app.p.y",
        ),
        ("ALTER TYPE mood ADD VALUE 'sad'", ""),
        ("ALTER TYPE mood RENAME VALUE 'a' TO 'b'", ""),
        ("ALTER DOMAIN d DROP CONSTRAINT c", ""),
        ("ALTER SEQUENCE s RESTART", ""),
    ]);
}

#[test]
fn rows_that_go() {
    check(&[
        ("TRUNCATE users", "truncate users"),
        (
            "TRUNCATE TABLE ONLY a, app.b *, c RESTART IDENTITY CASCADE",
            "truncate a, truncate app.b, truncate c",
        ),
        ("DELETE FROM users", "delete users"),
        (
            "DELETE FROM ONLY app.users AS u USING x WHERE u.id = x.id",
            "delete app.users",
        ),
        ("DELETE FROM ONLY (\"U\") WHERE true", "delete \"U\""),
        (
            "WITH gone AS (DELETE FROM a RETURNING *) INSERT INTO b SELECT * FROM gone",
            "delete a",
        ),
        (
            "WITH gone AS (DELETE FROM a RETURNING *) SELECT count(*) FROM gone",
            "delete a",
        ),
        (
            "WITH x AS (SELECT 1) DELETE FROM a WHERE id IN (SELECT * FROM x)",
            "delete a",
        ),
        (
            "MERGE INTO app.t USING s ON t.id = s.id WHEN MATCHED THEN DELETE",
            "delete app.t",
        ),
        (
            "MERGE INTO t USING s ON t.id = s.id WHEN MATCHED AND s.gone THEN DELETE WHEN NOT MATCHED THEN INSERT VALUES (1)",
            "delete t",
        ),
        (
            "MERGE INTO t USING s ON t.id = s.id WHEN MATCHED THEN UPDATE SET a = 1",
            "",
        ),
        ("EXPLAIN DELETE FROM a", ""),
        ("EXPLAIN ANALYZE DELETE FROM a", "delete a"),
        ("EXPLAIN (ANALYZE, BUFFERS) DELETE FROM a", "delete a"),
        ("COPY (DELETE FROM a RETURNING *) TO '/tmp/x'", "delete a"),
        (
            "CREATE TABLE b AS WITH x AS (DELETE FROM a RETURNING *) SELECT * FROM x",
            "delete a",
        ),
        ("UPDATE users SET name = ''", ""),
        ("UPDATE users SET name = 'DELETE FROM users'", ""),
        ("INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING", ""),
        ("INSERT INTO log SELECT purge() FROM t", ""),
        ("CREATE RULE r AS ON INSERT TO t DO ALSO DELETE FROM u", ""),
        (
            "CREATE TRIGGER d AFTER DELETE ON t FOR EACH ROW EXECUTE FUNCTION f()",
            "",
        ),
        (
            "ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES u (id) ON DELETE CASCADE",
            "",
        ),
        ("GRANT DELETE, TRUNCATE ON t TO alice", ""),
        ("PREPARE p AS DELETE FROM t", ""),
        ("EXECUTE p", "unclassified p"),
    ]);
}

#[test]
fn bodies_are_not_run() {
    check(&[
        (
            "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$ DELETE FROM users $$",
            "",
        ),
        (
            "CREATE FUNCTION f() RETURNS void BEGIN ATOMIC DELETE FROM users; END",
            "",
        ),
        (
            "CREATE OR REPLACE PROCEDURE p() LANGUAGE plpgsql AS 'BEGIN DROP TABLE users; END'",
            "",
        ),
        ("CREATE VIEW v AS SELECT purge()", ""),
        ("CREATE TABLE t (a int DEFAULT purge())", ""),
        ("COMMENT ON TABLE t IS 'DROP TABLE t'", ""),
        ("DO $$ BEGIN DELETE FROM users; END $$", "unclassified DO"),
        ("DO LANGUAGE plpgsql 'BEGIN NULL; END'", "unclassified DO"),
        ("CALL app.cleanup(1)", "unclassified app.cleanup"),
    ]);
}

#[test]
fn functions_called_for_their_effect() {
    check(&[
        ("SELECT purge()", "unclassified purge"),
        (
            "SELECT app.\"Purge\"(1), now()",
            "unclassified app.\"Purge\"",
        ),
        (
            "SELECT * FROM create_hypertable('t', 'time')",
            "unclassified create_hypertable",
        ),
        (
            "SELECT count(*) FROM t WHERE purge(id)",
            "unclassified purge",
        ),
        (
            "WITH x AS (SELECT purge()) SELECT * FROM x",
            "unclassified purge",
        ),
        ("SELECT 1 UNION ALL SELECT purge()", "unclassified purge"),
        ("(SELECT purge())", "unclassified purge"),
        ("VALUES (purge())", "unclassified purge"),
        (
            "SELECT pg_catalog.lo_unlink(1)",
            "unclassified pg_catalog.lo_unlink",
        ),
        ("SELECT public.count(1)", "unclassified public.count"),
        ("EXPLAIN ANALYZE SELECT purge()", "unclassified purge"),
        ("EXPLAIN SELECT purge()", ""),
        ("SELECT pg_catalog.set_config('search_path', '', false)", ""),
        ("SELECT setval('s', (SELECT max(id) FROM t))", ""),
        ("SELECT pg_catalog.setval('public.s', 1, false)", ""),
        ("SELECT nextval('s')", ""),
        ("SELECT COUNT(*), coalesce(max(id), 0) FROM t", ""),
        (
            "SELECT extract(year FROM now()), cast('1' AS numeric(3, 1)), 'a'::varchar(3)",
            "",
        ),
        ("SELECT 1 IN (1, 2), EXISTS (SELECT 1), ARRAY(SELECT 1)", ""),
        ("SELECT 'purge()'", ""),
        ("TABLE users", ""),
    ]);
}

#[test]
fn lines_are_those_of_the_names() {
    let mut statement = Statement::new("ALTER TABLE t\n  DROP COLUMN a,\n  DROP COLUMN\n    b");
    statement.origin.line = 10;
    let lines: Vec<u32> = losses(&statement).iter().map(|loss| loss.line).collect();
    assert_eq!(lines, [11, 13]);
    let mut statement = Statement::new("WITH x AS (\n  DELETE FROM\n a RETURNING *) SELECT 1");
    statement.origin.line = 5;
    assert_eq!(losses(&statement)[0].line, 7);
}

#[test]
fn changed_types_are_candidates() {
    for (sql, expected) in [
        (
            "ALTER TABLE t ALTER COLUMN c TYPE varchar(20)",
            "t c = varchar(20)",
        ),
        (
            "alter table app.t alter \"C\" set data type numeric(10, 2) using c::numeric(10, 2)",
            "app.t \"C\" = numeric(10, 2) using c::numeric(10, 2)",
        ),
        (
            "ALTER TABLE t ALTER a TYPE text COLLATE \"C\", ALTER b TYPE int[] USING f(b, 1), DROP c",
            "t a = text; t b = int[] using f(b, 1)",
        ),
        (
            "ALTER TABLE t ALTER a TYPE timestamp (3) with time zone",
            "t a = timestamp (3) with time zone",
        ),
        (
            "ALTER TABLE t ALTER a SET DEFAULT 1, ALTER CONSTRAINT c DEFERRABLE",
            "",
        ),
        ("ALTER TABLE t ALTER a SET NOT NULL", ""),
        ("ALTER TYPE x RENAME TO y", ""),
    ] {
        let found = type_changes(&Statement::new(sql));
        let texts = found.iter().map(|change| {
            let using = change
                .using
                .as_ref()
                .map(|using| format!(" using {using}"))
                .unwrap_or_default();
            format!(
                "{} {} = {}{using}",
                change.table, change.column, change.new_type
            )
        });
        assert_eq!(texts.collect::<Vec<_>>().join("; "), expected, "{sql}");
    }
}

#[test]
fn nesting_is_no_way_to_break_it() {
    const LEVELS: usize = 20_000;
    for (open, close) in [
        ("(", ")"),
        ("CASE WHEN true THEN ", " END"),
        ("ARRAY[", "]"),
        ("- ", ""),
        ("NOT ", ""),
        ("", " UNION SELECT 1, 2"),
        ("", " + 1"),
        ("", "::int"),
    ] {
        let sql = format!(
            "SELECT {}1{}, purge()",
            open.repeat(LEVELS),
            close.repeat(LEVELS)
        );
        assert_eq!(lost(&sql), "unclassified SELECT", "{open}{close}");
    }
    let rows = "(1, 'a', now()), ".repeat(LEVELS);
    assert_eq!(
        lost(&format!(
            "WITH v AS (VALUES {rows} (1, 'b', purge())) SELECT * FROM v"
        )),
        "unclassified purge"
    );
    let gone = "WITH gone AS (DELETE FROM a RETURNING *), ";
    let deep = format!(
        "{gone} x AS (SELECT {}) INSERT INTO b SELECT * FROM gone",
        "- ".repeat(LEVELS)
    );
    assert_eq!(lost(&deep), "delete a");
    let quotes = Statement::new(format!("DO {}", "'".repeat(100_000)));
    assert_eq!(crate::needs(&[quotes]), crate::Needs::default());
}
