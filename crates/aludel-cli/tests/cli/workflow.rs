//! The route: models, a generated revision, upgrade, back, and what stands where.

use aludel_postgres::DatabaseUrl;

use crate::support::{Project, scalar};

const SHOP: &str = "CREATE TYPE state AS ENUM ('new', 'paid');\n\
                    CREATE TABLE orders (\n    id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,\n    state state NOT NULL\n);\n";

fn shop() -> Project {
    let project = Project::with_database();
    project.write(
        "aludel.toml",
        "[models]\nsources = [{ sql = \"schema\" }]\n",
    );
    project.write("schema/shop.sql", SHOP);
    project
}

fn url(project: &Project) -> DatabaseUrl {
    DatabaseUrl::parse(project.variable("DATABASE_URL")).unwrap()
}

#[test]
fn models_become_an_applied_and_reversible_migration() {
    let project = shop();
    let generated = project.run(&[
        "revision",
        "--autogenerate",
        "-m",
        "the shop",
        "--rev-id",
        "aaaa00000001",
    ]);
    assert_eq!(
        generated.stderr,
        "detected: added enum public.state\ndetected: added table public.orders\nhint: read the file, then: aludel upgrade\n"
    );
    let text = project.read(generated.ok().trim());
    assert!(
        text.contains("CREATE TYPE public.state AS ENUM ('new', 'paid');"),
        "{text}"
    );
    assert!(text.contains("\n-- aludel: downgrade\n-- loses data: drop-table public.orders\nDROP TABLE public.orders;"), "{text}");

    assert_eq!(
        project.run(&["upgrade"]).talk(),
        "[1/1] upgrade aaaa00000001, the shop ([TIME])\nupgraded 1 revision in [TIME]: the database is at aaaa00000001\n"
    );
    assert_eq!(
        project.run(&["upgrade"]).talk(),
        "nothing to do: the database is at aaaa00000001\n"
    );
    assert_eq!(project.run(&["current"]).ok(), "aaaa00000001 (head)\n");
    assert_eq!(
        project.run(&["history", "-i"]).ok(),
        "<base> -> aaaa00000001 (head) (current), the shop\n"
    );
    assert_eq!(
        project.run(&["check"]).ok(),
        "models    agree with the history\ndatabase  has every revision\ndrift     none: the database is as its revisions made it\n"
    );
    assert_eq!(
        project.run(&["downgrade", "-1"]).talk(),
        "[1/1] downgrade aaaa00000001, the shop ([TIME])\ntook back 1 revision in [TIME]: the database is at base\n"
    );
    assert_eq!(
        scalar(&url(&project), "SELECT to_regclass('public.orders')"),
        ""
    );
}

#[test]
fn nothing_to_generate_writes_no_file() {
    let project = shop();
    project
        .run(&["revision", "--autogenerate", "-m", "the shop"])
        .ok();
    let files = project.migrations();
    let ran = project.run(&["revision", "--autogenerate", "-m", "again"]);
    assert_eq!(
        ran.stderr,
        "nothing to do: the models have nothing that the history lacks; no file was written\n"
    );
    assert_eq!(ran.ok(), "");
    assert_eq!(project.migrations(), files);
}

#[test]
fn a_generated_loss_leaves_the_gate_closed() {
    let project = shop();
    project
        .run(&[
            "revision",
            "--autogenerate",
            "-m",
            "the shop",
            "--rev-id",
            "aaaa00000001",
        ])
        .ok();
    project.run(&["upgrade"]).ok();
    project.write(
        "schema/shop.sql",
        &SHOP.replace(",\n    state state NOT NULL", ""),
    );
    let ran = project.run(&[
        "revision",
        "--autogenerate",
        "-m",
        "no state",
        "--rev-id",
        "aaaa00000002",
    ]);
    assert_eq!(
        ran.stderr,
        "detected: removed column public.orders.state\n\
         warning: the downgrade adds public.orders.state NOT NULL without a default, which fails where the table has rows\n\
         hint: fill the rows in the revision before, or give the column a default\n\
         warning: the revision loses data and does not run like this: drop-column public.orders.state\n\
         hint: check that nobody reads it any more and that it was not a rename\n\
         hint: if the loss is meant, add to the header, with a reason for each:\n  \
         -- aludel: allow = [{ hazard = \"drop-column\", object = \"public.orders.state\", reason = \"\" }]\n"
    );
    let path = ran.ok();
    let path = path.trim();
    let error = project.run(&["upgrade"]).error();
    assert!(
        error
            .starts_with("error: 1 statement would lose data and the revision does not allow it\n"),
        "{error}"
    );
    assert!(
        error.contains(": drop-column public.orders.state\n  nothing was run\n"),
        "{error}"
    );
    assert_eq!(project.run(&["current"]).ok(), "aaaa00000001\n");

    let allow = "-- aludel: allow = [{ hazard = \"drop-column\", object = \"public.orders.state\", reason = \"never read\" }]\n\n-- aludel: upgrade";
    project.write(
        path,
        &project
            .read(path)
            .replacen("\n-- aludel: upgrade", allow, 1),
    );
    project.run(&["upgrade"]).ok();
    assert_eq!(project.run(&["current"]).ok(), "aaaa00000002 (head)\n");
}

#[test]
fn downgrade_counts_what_it_would_lose() {
    let project = Project::with_database();
    project.revision(
        "aaaa00000001",
        &[],
        "CREATE TABLE a (id integer);\nINSERT INTO a VALUES (1), (2);",
        "DROP TABLE a;",
    );
    project.run(&["upgrade"]).ok();
    assert_eq!(
        project.run(&["downgrade", "-1"]).error(),
        "error: this downgrade would lose data\n  drop-table a: 2 rows (migrations/aaaa00000001.sql:11)\n\
         hint: add --allow-data-loss if that is meant\n"
    );
    assert_eq!(project.run(&["current"]).ok(), "aaaa00000001 (head)\n");
    project
        .run(&["downgrade", "base", "--allow-data-loss"])
        .ok();
    assert_eq!(project.run(&["current"]).ok(), "");
}

#[test]
fn drift_and_pending_are_told_apart() {
    let project = shop();
    project
        .run(&[
            "revision",
            "--autogenerate",
            "-m",
            "the shop",
            "--rev-id",
            "aaaa00000001",
        ])
        .ok();
    project.run(&["upgrade"]).ok();
    crate::support::execute(&url(&project), "ALTER TABLE orders ADD COLUMN note text");
    project.revision("aaaa00000002", &["aaaa00000001"], "SELECT 1;", "");
    let ran = project.run(&["check"]);
    assert_eq!(ran.code, 1);
    assert_eq!(
        ran.stdout,
        "models    agree with the history\ndatabase  behind by 1 revision\ndrift     1 difference:\n  \
         column public.orders.note should not be there\n"
    );
    let status = project.run(&["status"]).ok();
    assert!(
        status.contains("DATABASE_URL in the environment)"),
        "{status}"
    );
    assert!(status.contains("current   aaaa00000001, the shop\npending   1 revision\n  aaaa00000002, make aaaa00000002\n"), "{status}");
    assert!(status.ends_with("next      aludel upgrade\n"), "{status}");
}

#[test]
fn a_changed_file_is_seen() {
    let project = Project::with_database();
    project.revision(
        "aaaa00000001",
        &[],
        "CREATE TABLE a (id integer);",
        "DROP TABLE a;",
    );
    project.run(&["upgrade"]).ok();
    project.revision(
        "aaaa00000001",
        &[],
        "CREATE TABLE a (id bigint);",
        "DROP TABLE a;",
    );
    let talk = project.run(&["upgrade"]).talk();
    assert!(
        talk.contains(
            "migrations/aaaa00000001.sql was changed after revision aaaa00000001 was applied"
        ),
        "{talk}"
    );
    let status = project.run(&["status"]).ok();
    assert!(
        status.contains(
            "changed   migrations/aaaa00000001.sql is not what was applied: aludel repair\n"
        ),
        "{status}"
    );
}

#[test]
fn the_script_for_psql_needs_no_database() {
    let mut project = Project::new();
    project.set("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing");
    project.revision(
        "aaaa00000001",
        &[],
        "CREATE TABLE a (id integer);",
        "DROP TABLE a;",
    );
    let script = project.run(&["upgrade", "--sql"]).ok();
    assert!(
        script.contains("\nCREATE TABLE a (id integer);\n"),
        "{script}"
    );
    let back = project.run(&["downgrade", "--sql", "head:base"]).ok();
    assert!(back.contains("\nDROP TABLE a;\n"), "{back}");
}

#[test]
fn diff_prints_sql_alone() {
    let project = Project::new();
    project.write("old.sql", "CREATE TABLE a (id integer, old text);\n");
    project.write("new.sql", "CREATE TABLE a (id integer, new text);\n");
    let ran = project.run(&["diff", "--from", "old.sql", "--to", "new.sql"]);
    assert_eq!(
        ran.stdout,
        "ALTER TABLE public.a ADD COLUMN new text;\n\n-- loses data: drop-column public.a.old\n-- ALTER TABLE public.a DROP COLUMN old;\n"
    );
    assert_eq!(ran.code, 0);
    let ran = project.run(&[
        "diff",
        "--from",
        "old.sql",
        "--to",
        "new.sql",
        "--allow-data-loss",
        "--exit-code",
    ]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.stdout
            .contains("\nALTER TABLE public.a DROP COLUMN old;\n"),
        "{}",
        ran.stdout
    );
    assert_eq!(
        project
            .run(&[
                "diff",
                "--from",
                "new.sql",
                "--to",
                "new.sql",
                "--exit-code"
            ])
            .ok(),
        ""
    );
}

#[test]
fn what_differs_from_two_databases_is_read_from_both() {
    let (one, other) = (crate::support::database(), crate::support::database());
    crate::support::execute(&other, "CREATE VIEW v AS SELECT 1 AS one");
    let project = Project::new();
    let sql = project
        .run(&[
            "diff",
            "--from",
            &one.to_connection_string(),
            "--to",
            &other.to_connection_string(),
        ])
        .ok();
    assert!(sql.starts_with("CREATE VIEW public.v AS\n"), "{sql}");
}

#[test]
fn test_walks_every_revision_and_writes_junit() {
    let project = shop();
    project
        .run(&[
            "revision",
            "--autogenerate",
            "-m",
            "the shop",
            "--rev-id",
            "aaaa00000001",
        ])
        .ok();
    project.revision(
        "aaaa00000002",
        &["aaaa00000001"],
        "CREATE TABLE left_behind (id integer);",
        "",
    );
    project.revision(
        "aaaa00000003",
        &["aaaa00000002"],
        "DROP TABLE left_behind;",
        "CREATE TABLE left_behind (id integer);",
    );
    let ran = project.run(&["test", "--junit", "report.xml"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert!(
        lines[0].starts_with("ok   aaaa00000001 the shop: "),
        "{}",
        ran.stdout
    );
    assert!(
        lines[1].starts_with("FAIL aaaa00000002 make aaaa00000002: "),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout
            .contains("public.left_behind should not be there\n"),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout.contains("\nok   aaaa00000003 "),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout
            .contains("\nok   models: the catalog at the head equals the models\n"),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout.ends_with("3 revisions: 2 good, 1 failed\n"),
        "{}",
        ran.stdout
    );
    assert!(project.read("report.xml").contains("<failure "));
}

#[test]
fn stamp_records_without_running() {
    let project = Project::with_database();
    project.revision("aaaa00000001", &[], "SELECT no_such_function();", "");
    assert_eq!(
        project.run(&["stamp", "head"]).talk(),
        "stamped: the database is at aaaa00000001\n"
    );
    assert_eq!(project.run(&["current"]).ok(), "aaaa00000001 (head)\n");
    assert_eq!(
        project.run(&["stamp", "base"]).talk(),
        "stamped: the database is at base\n"
    );
}

#[test]
fn strange_names_go_the_whole_way() {
    let project = shop();
    let long = "x".repeat(200);
    let models = format!(
        "CREATE SCHEMA \"My \"\"Schema\"\"\";\nCREATE TABLE \"My \"\"Schema\"\"\".\"Straße 🚲\" (\n    \"select\" integer PRIMARY KEY,\n    \"{long}\" text,\n    \"UPPER case\" text\n);\n"
    );
    project.write("schema/shop.sql", &models);
    project
        .run(&["revision", "--autogenerate", "-m", "strange"])
        .ok();
    project.run(&["upgrade"]).ok();
    let check = project.run(&["check"]).ok();
    assert!(check.contains("drift     none"), "{check}");
    project.run(&["downgrade", "base"]).ok();
    let walked = project.run(&["test"]).ok();
    assert!(
        walked.ends_with("1 revision: 1 good, 0 failed\n"),
        "{walked}"
    );
}

#[test]
fn crlf_files_work() {
    let project = Project::with_database();
    let text = crate::support::revision_text(
        "aaaa00000001",
        &[],
        "CREATE TABLE a (id integer);",
        Some("DROP TABLE a;"),
    );
    project.write("migrations/a.sql", &text.replace('\n', "\r\n"));
    project.run(&["upgrade"]).ok();
    project.run(&["downgrade", "base"]).ok();
    assert_eq!(
        project.run(&["history"]).ok(),
        "<base> -> aaaa00000001 (head), make aaaa00000001\n"
    );
}

#[test]
fn status_counts_what_no_source_speaks_for_without_loading_any() {
    let project = Project::with_database();
    project.write(
        "aludel.toml",
        "[models]\nsources = [{ sqlalchemy = \"no.such.module:Base\" }]\n",
    );
    crate::support::execute(
        &url(&project),
        "CREATE TABLE t (id integer); CREATE VIEW v AS SELECT 1 AS one; CREATE VIEW w AS SELECT 2 AS two; \
         CREATE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1'",
    );
    let status = project.run(&["status"]).ok();
    assert!(
        status.contains("1 function, ") || status.contains("1 routine, "),
        "{status}"
    );
    assert!(
        status.contains("2 views (no source speaks for them; left alone)\n"),
        "{status}"
    );
    assert!(!status.contains("table"), "{status}");
}

#[test]
fn check_says_that_there_are_several_heads() {
    let project = Project::new();
    project.revision("aaaa00000001", &[], "", "");
    project.revision("bbbb00000001", &[], "", "");
    let ran = project.run(&["check"]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.stdout
            .starts_with("history   has 2 heads: aaaa00000001, bbbb00000001\n"),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stdout.ends_with("database  not asked\n"),
        "{}",
        ran.stdout
    );
    assert_eq!(ran.stderr, "hint: aludel merge heads -m \"merge\"\n");
}
