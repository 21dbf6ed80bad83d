//! Scripts, and the roles and extensions they need.

use super::*;
use crate::split::split;

/// `needed | created | extensions`.
fn found(script: &str) -> String {
    let needs = needs(&split(script, None).unwrap());
    let list =
        |set: &BTreeSet<String>| set.iter().map(String::as_str).collect::<Vec<_>>().join(" ");
    format!(
        "{} | {} | {}",
        list(&needs.roles),
        list(&needs.created_roles),
        list(&needs.extensions)
    )
}

const CASES: &[(&str, &str)] = &[
    ("GRANT SELECT ON t TO alice", "alice |  | "),
    (
        "GRANT SELECT (a, b), UPDATE ON TABLE t, u TO alice, GROUP \"Bob B\" WITH GRANT OPTION",
        "Bob B alice |  | ",
    ),
    (
        "GRANT ALL ON ALL TABLES IN SCHEMA app TO PUBLIC, CURRENT_USER, alice GRANTED BY carol",
        "alice carol |  | ",
    ),
    (
        "GRANT EXECUTE ON FUNCTION f(int, text) TO alice",
        "alice |  | ",
    ),
    (
        "GRANT readers, writers TO alice WITH ADMIN OPTION",
        "alice readers writers |  | ",
    ),
    ("GRANT pg_read_all_data TO alice", "alice |  | "),
    ("REVOKE ALL ON SCHEMA public FROM PUBLIC", " |  | "),
    (
        "REVOKE GRANT OPTION FOR SELECT ON t FROM alice CASCADE",
        "alice |  | ",
    ),
    (
        "REVOKE ADMIN OPTION FOR readers FROM alice",
        "alice readers |  | ",
    ),
    (
        "ALTER TABLE app.t OWNER TO \"App Owner\"",
        "App Owner |  | ",
    ),
    ("ALTER FUNCTION f(owner int) OWNER TO alice", "alice |  | "),
    ("ALTER TABLE t ADD c int, OWNER TO alice", "alice |  | "),
    ("ALTER TABLE t RENAME owner TO holder", " |  | "),
    ("ALTER TABLE t RENAME COLUMN owner TO holder", " |  | "),
    ("ALTER SCHEMA s OWNER TO SESSION_USER", " |  | "),
    (
        "CREATE POLICY p ON t AS PERMISSIVE FOR SELECT TO alice, PUBLIC USING (a = current_user)",
        "alice |  | ",
    ),
    ("CREATE POLICY p ON t USING (a = 1)", " |  | "),
    ("ALTER POLICY p ON t TO bob WITH CHECK (true)", "bob |  | "),
    ("ALTER POLICY p ON t RENAME TO q", " |  | "),
    (
        "ALTER DEFAULT PRIVILEGES FOR ROLE alice, bob IN SCHEMA app GRANT SELECT ON TABLES TO carol",
        "alice bob carol |  | ",
    ),
    (
        "ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC",
        " |  | ",
    ),
    ("SET ROLE alice", "alice |  | "),
    ("SET LOCAL ROLE 'al''ice'", "al'ice |  | "),
    (
        "SET SESSION AUTHORIZATION alice; SET ROLE NONE; SET SESSION AUTHORIZATION DEFAULT",
        "alice |  | ",
    ),
    (
        "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY; SET role = alice; SET search_path TO app",
        "alice |  | ",
    ),
    (
        "CREATE SCHEMA IF NOT EXISTS app AUTHORIZATION alice; CREATE SCHEMA AUTHORIZATION bob",
        "alice bob |  | ",
    ),
    (
        "CREATE USER MAPPING FOR alice SERVER s; DROP USER MAPPING IF EXISTS FOR bob SERVER s",
        "alice bob |  | ",
    ),
    (
        "REASSIGN OWNED BY alice TO bob; DROP OWNED BY carol",
        "alice bob carol |  | ",
    ),
    (
        "COMMENT ON ROLE alice IS 'x'; COMMENT ON TABLE role IS 'y'",
        "alice |  | ",
    ),
    (
        "CREATE ROLE alice LOGIN IN ROLE readers ADMIN bob; GRANT alice TO carol",
        "bob carol readers | alice | ",
    ),
    (
        "GRANT SELECT ON t TO alice; CREATE USER alice PASSWORD 'x'",
        " | alice | ",
    ),
    (
        "ALTER ROLE alice SET search_path = app; ALTER ROLE ALL RESET work_mem; ALTER ROLE bob RENAME TO rob",
        "alice bob | rob | ",
    ),
    (
        "DROP ROLE IF EXISTS alice; DROP ROLE bob, carol",
        "bob carol |  | ",
    ),
    (
        "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'app') THEN CREATE ROLE app; END IF; END $$; GRANT SELECT ON t TO app",
        " | app | ",
    ),
    (
        "DO $x$ BEGIN EXECUTE 'CREATE ROLE \"App\" LOGIN'; END $x$",
        " | App | ",
    ),
    (
        "CREATE EXTENSION IF NOT EXISTS \"uuid-ossp\" WITH SCHEMA public; CREATE EXTENSION citext",
        " |  | citext uuid-ossp",
    ),
    (
        "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$ GRANT SELECT ON t TO alice $$",
        " |  | ",
    ),
    (
        "SELECT 'GRANT SELECT ON t TO alice'; INSERT INTO role VALUES (1)",
        " |  | ",
    ),
];

#[test]
fn one_script_a_line() {
    for (script, expected) in CASES {
        assert_eq!(found(script), *expected, "{script}");
    }
}
