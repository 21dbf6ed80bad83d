//! Bad input: what the error says, exit code 2, and that nothing was changed.

use std::os::unix::fs::PermissionsExt;
use std::process::Child;
use std::time::Duration;

use aludel_postgres::DatabaseUrl;

use crate::support::{Project, execute, revision_text, scalar};

fn url(project: &Project) -> DatabaseUrl {
    DatabaseUrl::parse(project.variable("DATABASE_URL")).unwrap()
}

fn one_table() -> Project {
    let project = Project::with_database();
    project.revision(
        "aaaa00000001",
        &[],
        "CREATE TABLE a (id integer);",
        "DROP TABLE a;",
    );
    project
}

fn assert_untouched(project: &Project) {
    let query =
        "SELECT count(*) FROM pg_catalog.pg_class WHERE relnamespace = 'public'::regnamespace";
    assert_eq!(scalar(&url(project), query), "0");
}

#[test]
fn unreachable_database() {
    let mut project = one_table();
    project.set("DATABASE_URL", "postgresql://me@127.0.0.1:1/app");
    assert_eq!(
        project.run(&["upgrade"]).error(),
        "error: cannot reach 127.0.0.1 port 1: Connection refused (os error 111)\n  connecting to postgresql://me@127.0.0.1:1/app\n\
         hint: check that the server runs and listens there; `aludel status` says where the URL came from\n"
    );
}

#[test]
fn read_only_database() {
    let project = one_table();
    let name = url(&project).database().to_owned();
    execute(
        &url(&project),
        &format!("ALTER DATABASE {name} SET default_transaction_read_only = on"),
    );
    let error = project.run(&["upgrade"]).error();
    assert!(
        error.starts_with(&format!("error: database {name} is read-only: ")),
        "{error}"
    );
    assert!(error.contains("\nhint: "), "{error}");
    assert_untouched(&project);
}

#[test]
fn wrong_password_is_never_echoed() {
    let project = Project::new();
    project.revision("aaaa00000001", &[], "", "");
    let port = free_port();
    let served = project
        .run(&["db", "start", "--port", &port.to_string()])
        .ok();
    let right = served.trim();
    let (scheme, rest) = right.split_once("://").unwrap();
    let (credentials, place) = rest.split_once('@').unwrap();
    let (user, _) = credentials.split_once(':').unwrap();
    let wrong = format!("{scheme}://{user}:hunter2@{place}");
    project.run(&["--database-url", right, "current"]).ok();
    let ran = project.run(&["--database-url", &wrong, "upgrade", "-v"]);
    assert!(
        !ran.stderr.contains("hunter2") && !ran.stdout.contains("hunter2"),
        "{}",
        ran.stderr
    );
    let error = ran.error();
    assert!(
        error.contains("refused the role `postgres`: password authentication failed"),
        "{error}"
    );
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port()
}

#[test]
fn a_role_that_may_not_create_tables() {
    let mut project = one_table();
    let owner = url(&project);
    let role = format!("limited_{}", owner.database());
    execute(
        &owner,
        &format!("CREATE ROLE {role} LOGIN; REVOKE CREATE ON SCHEMA public FROM PUBLIC"),
    );
    let mine = owner
        .to_connection_string()
        .replacen(owner.user(), &role, 1);
    project.set("DATABASE_URL", &mine);
    let error = project.run(&["upgrade"]).error();
    assert!(
        error.starts_with(&format!("error: role {role} may not ")),
        "{error}"
    );
    assert!(error.contains("\nhint: as the owner: GRANT "), "{error}");
    project.set("DATABASE_URL", &owner.to_connection_string());
    assert_untouched(&project);
}

#[test]
fn unknown_revision() {
    let project = one_table();
    assert_eq!(
        project.run(&["upgrade", "aaaa00000002"]).error(),
        "error: no revision is called \"aaaa00000002\"; did you mean aaaa00000001?\nhint: `aludel history` lists the revisions and their labels\n"
    );
    assert_untouched(&project);
}

#[test]
fn ambiguous_prefix() {
    let project = one_table();
    project.revision("aaaa00000002", &["aaaa00000001"], "", "");
    assert_eq!(
        project.run(&["upgrade", "aaaa"]).error(),
        "error: \"aaaa\" is the beginning of 2 revisions: aaaa00000001, aaaa00000002\nhint: type more of the id: aaaa00000001 or aaaa00000002\n"
    );
    assert_untouched(&project);
}

#[test]
fn two_heads_where_one_is_needed() {
    let project = one_table();
    project.revision("bbbb00000001", &[], "", "");
    assert_eq!(
        project.run(&["upgrade"]).error(),
        "error: the history has 2 heads where one is needed: aaaa00000001, bbbb00000001\n\
         hint: name one of them, or join them with `aludel merge aaaa00000001 bbbb00000001`; heads means all of them\n"
    );
    assert_untouched(&project);
}

#[test]
fn missing_parent() {
    let project = one_table();
    project.revision("aaaa00000003", &["aaaa00000002"], "", "");
    assert_eq!(
        project.run(&["upgrade"]).error(),
        "error: migrations/aaaa00000003.sql: the parent aaaa00000002 of revision aaaa00000003 is in no file; did you mean \"aaaa00000001\"?\n\
         hint: get the file of aaaa00000002 back (`git log --all -- '*aaaa00000002*'`), or correct the header of migrations/aaaa00000003.sql\n"
    );
    assert_untouched(&project);
}

#[test]
fn duplicate_id() {
    let project = one_table();
    project.write(
        "migrations/copy.sql",
        &revision_text("aaaa00000001", &[], "", Some("")),
    );
    assert_eq!(
        project.run(&["upgrade"]).error(),
        "error: two files are revision aaaa00000001: migrations/aaaa00000001.sql and migrations/copy.sql\n\
         hint: give one of them a new id; if migrations/copy.sql is a copy, delete it\n"
    );
    assert_untouched(&project);
}

#[test]
fn cycle() {
    let project = Project::with_database();
    project.revision("aaaa00000001", &["aaaa00000002"], "", "");
    project.revision("aaaa00000002", &["aaaa00000001"], "", "");
    let error = project.run(&["upgrade"]).error();
    assert!(
        error.starts_with(
            "error: the revisions form a cycle: aaaa00000001 (migrations/aaaa00000001.sql) → "
        ),
        "{error}"
    );
    assert_untouched(&project);
}

#[test]
fn unknown_header_key() {
    let project = Project::with_database();
    let text = revision_text("aaaa00000001", &[], "", Some("")).replace("message", "mesage");
    project.write("migrations/a.sql", &text);
    let error = project.run(&["upgrade"]).error();
    assert!(
        error.starts_with("error: migrations/a.sql:4: the header key \"mesage\" does not exist; did you mean \"message\"?\n"),
        "{error}"
    );
    assert_untouched(&project);
}

#[test]
fn no_downgrade_section() {
    let project = Project::with_database();
    project.write(
        "migrations/a.sql",
        &revision_text("aaaa00000001", &[], "CREATE TABLE a (id integer);", None),
    );
    project.run(&["upgrade"]).ok();
    assert_eq!(
        project.run(&["downgrade", "base"]).error(),
        "error: revision aaaa00000001 has no downgrade\n  its file is migrations/a.sql\n\
         hint: write a section `-- aludel: downgrade` into the file (empty when there is nothing to undo)\n"
    );
    assert_eq!(project.run(&["current"]).ok(), "aaaa00000001 (head)\n");
}

#[test]
fn sql_that_fails_half_way() {
    let project = one_table();
    let upgrade = "ALTER TABLE a ADD COLUMN b integer;\nALTER TABLE a\n    ADD COLUMN c intt;";
    project.revision("aaaa00000002", &["aaaa00000001"], upgrade, "");
    let ran = project.run(&["upgrade"]);
    assert!(
        ran.stderr
            .starts_with("[1/2] upgrade aaaa00000001, make aaaa00000001 ([TIME])\n"),
        "{}",
        ran.stderr
    );
    let error = ran.error();
    assert!(
        error.ends_with(
            "error: upgrade of revision aaaa00000002 failed\n --> migrations/aaaa00000002.sql:9\n\
             8 | ALTER TABLE a\n9 |     ADD COLUMN c intt\n  |                  ^\n  \
             ERROR: type \"intt\" does not exist (42704)\n  the database stands at aaaa00000001; 1 of 2 revisions were run\n\
             hint: mend the statement, then run the same command again\n"
        ),
        "{error}"
    );
    let columns = "SELECT count(*) FROM information_schema.columns WHERE table_name = 'a'";
    assert_eq!(
        scalar(&url(&project), columns),
        "1",
        "the first statement was rolled back"
    );
}

#[test]
fn a_database_with_a_revision_that_no_file_is() {
    let project = one_table();
    project.run(&["upgrade"]).ok();
    execute(
        &url(&project),
        "UPDATE alembic_version SET version_num = 'feedfacecafe'",
    );
    let error = project.run(&["upgrade"]).error();
    assert!(
        error.starts_with(
            "error: public.alembic_version names feedfacecafe, which no migration file has\n"
        ),
        "{error}"
    );
    assert!(
        error.contains(
            "hint: if the schema is as some revision has it: aludel stamp --purge REVISION\n"
        ),
        "{error}"
    );
    project.run(&["stamp", "--purge", "aaaa00000001"]).ok();
    assert_eq!(project.run(&["current"]).ok(), "aaaa00000001 (head)\n");
}

#[test]
fn version_rows_that_are_not_heads() {
    let project = one_table();
    project.revision("aaaa00000002", &["aaaa00000001"], "", "");
    project.run(&["upgrade"]).ok();
    execute(
        &url(&project),
        "INSERT INTO alembic_version VALUES ('aaaa00000001')",
    );
    let error = project.run(&["upgrade"]).error();
    assert!(
        error.starts_with("error: public.alembic_version has rows that are not heads: aaaa00000001 is contained in aaaa00000002\n"),
        "{error}"
    );
    assert!(
        error.contains(
            "hint: DELETE FROM public.alembic_version WHERE version_num = 'aaaa00000001'"
        ),
        "{error}"
    );
}

#[test]
fn migrations_folder_that_is_not_writable() {
    let project = Project::new();
    // Root may write anywhere, so the folder is made one that nobody can: a file stands where a name must.
    project.write("aludel.toml", "file-template = \"no/such/folder/{id}\"\n");
    let error = project
        .run(&["revision", "-m", "x", "--rev-id", "aaaa00000001"])
        .error();
    assert!(
        error.starts_with("error: migrations/no/such/folder/aaaa00000001.sql cannot be written: ")
            || error.contains("cannot be written"),
        "{error}"
    );
    assert!(
        error.contains("hint: give yourself the right to write in "),
        "{error}"
    );
    assert!(project.migrations().is_empty());
}

#[test]
fn a_file_that_is_not_utf_8() {
    let project = one_table();
    let mut bytes =
        revision_text("aaaa00000002", &["aaaa00000001"], "SELECT 1;", Some("")).into_bytes();
    bytes.extend(b"-- \xff\n");
    fs_err::write(project.path().join("migrations/b.sql"), bytes).unwrap();
    let error = project.run(&["upgrade"]).error();
    assert!(
        error.starts_with("error: migrations/b.sql: the file is not UTF-8: byte "),
        "{error}"
    );
    assert_untouched(&project);
}

#[test]
fn two_upgrades_at_once_run_nothing_twice() {
    let project = Project::with_database();
    project.revision(
        "aaaa00000001",
        &[],
        "SELECT pg_sleep(1);\nCREATE TABLE a (id integer);",
        "DROP TABLE a;",
    );
    let text = project.read("migrations/aaaa00000001.sql").replace(
        "-- aludel: message",
        "-- aludel: allow = [\"all\"]\n-- aludel: message",
    );
    project.write("migrations/aaaa00000001.sql", &text);
    let both = [project.spawn(&["upgrade"]), project.spawn(&["upgrade"])].map(ended);
    let codes: Vec<i32> = both.iter().map(|(code, _)| *code).collect();
    assert_eq!(codes, [0, 0], "{both:?}");
    let ran = both
        .iter()
        .filter(|(_, talk)| talk.contains("upgraded 1 revision"))
        .count();
    assert_eq!(ran, 1, "{both:?}");
    assert!(
        both.iter().any(|(_, talk)| talk.contains("waiting for ")),
        "{both:?}"
    );
}

#[test]
fn ctrl_c_rolls_back_and_says_so() {
    let project = Project::with_database();
    let text = revision_text(
        "aaaa00000001",
        &[],
        "CREATE TABLE a (id integer);\nSELECT pg_sleep(60);",
        Some("DROP TABLE a;"),
    )
    .replace(
        "-- aludel: message",
        "-- aludel: allow = [\"all\"]\n-- aludel: message",
    );
    project.write("migrations/aaaa00000001.sql", &text);
    let child = project.spawn(&["upgrade"]);
    let sleeping = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE '%pg_sleep(60)%' AND pid <> pg_backend_pid() AND state = 'active'";
    wait_until(|| scalar(&url(&project), sleeping) != "0");
    interrupt(&child);
    let (code, talk) = ended(child);
    assert_eq!(code, 130, "{talk}");
    assert!(
        talk.contains(
            "error: stopped on request; the database stands at base; 0 of 1 revisions were run\n"
        ),
        "{talk}"
    );
    assert!(
        talk.contains("  revision aaaa00000001 was rolled back\n"),
        "{talk}"
    );
    assert_eq!(scalar(&url(&project), "SELECT to_regclass('public.a')"), "");
}

fn interrupt(child: &Child) {
    let status = std::process::Command::new("kill")
        .args(["-INT", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(status.success());
}

fn ended(child: Child) -> (i32, String) {
    let output = child.wait_with_output().unwrap();
    (
        output.status.code().unwrap_or(-1),
        String::from_utf8_lossy(&output.stderr).into_owned(),
    )
}

fn wait_until(mut condition: impl FnMut() -> bool) {
    for _ in 0..200 {
        if condition() {
            return;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("waited 10 s in vain");
}

#[test]
fn sql_models_that_fail_are_shown_with_their_line() {
    let project = Project::new();
    project.write(
        "aludel.toml",
        "[models]\nsources = [{ sql = \"schema\" }]\n",
    );
    project.write(
        "schema/a.sql",
        "CREATE TABLE a (id integer);\n\nCREATE TABLE b (\n    id intt\n);\n",
    );
    let ran = project.run(&["revision", "--autogenerate", "-m", "x"]);
    assert!(project.migrations().is_empty());
    let error = ran.error();
    assert!(
        error.starts_with("error: PostgreSQL refused a statement on scratch\n"),
        "{error}"
    );
    assert!(
        error.contains("schema/a.sql:4\n")
            && error.contains("type \"intt\" does not exist (42704)\n"),
        "{error}"
    );
}

#[test]
fn nothing_is_left_readable_by_others() {
    let project = Project::new();
    project
        .run(&["db", "start", "--port", &free_port().to_string()])
        .ok();
    let mode = fs_err::metadata(project.path().join(".aludel/pgdata"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o077, 0, "the data directory is private");
}

#[test]
fn ctrl_c_leaves_no_scratch_behind() {
    let mut project = Project::new();
    let server = crate::support::database();
    project.set("ALUDEL_SCRATCH_URL", &server.to_connection_string());
    project.write(
        "slow.sql",
        "CREATE TABLE a (id integer);\nSELECT pg_sleep(61);\n",
    );
    let child = project.spawn(&["diff", "--from", "empty", "--to", "slow.sql"]);
    let sleeping = "SELECT datname FROM pg_stat_activity WHERE query LIKE '%pg_sleep(61)%' AND pid <> pg_backend_pid() AND state = 'active'";
    wait_until(|| !scalar(&server, sleeping).is_empty());
    let scratch = scalar(&server, sleeping);
    interrupt(&child);
    let (code, talk) = ended(child);
    assert_eq!(
        (code, talk.as_str()),
        (130, "error: stopped on request; nothing was changed\n")
    );
    let left = format!("SELECT count(*) FROM pg_database WHERE datname = '{scratch}'");
    wait_until(|| scalar(&server, &left) == "0");
}
