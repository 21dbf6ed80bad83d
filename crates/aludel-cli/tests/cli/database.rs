//! The local database, and which database a command takes.

use crate::support::Project;

#[test]
fn the_local_database_is_made_kept_and_stopped() {
    let project = Project::new();
    project.revision(
        "aaaa00000001",
        &[],
        "CREATE TABLE a (id integer);",
        "DROP TABLE a;",
    );
    let status = project.run(&["status"]).ok();
    assert!(
        status.contains("database  the local database, as no URL is set; it is not made yet\n"),
        "{status}"
    );
    assert!(
        !project.path().join(".aludel").exists(),
        "status makes nothing"
    );

    project.run(&["upgrade"]).ok();
    let running = project.run(&["db", "status"]).ok();
    assert!(running.starts_with("state  running, process "), "{running}");
    assert_eq!(
        project.run(&["db", "stop"]).talk(),
        "stopped; the data is in [PROJECT]/.aludel/pgdata\n"
    );
    assert!(
        project
            .run(&["db", "status"])
            .ok()
            .starts_with("state  stopped")
    );
    assert_eq!(
        project.run(&["current"]).ok(),
        "aaaa00000001 (head)\n",
        "started again on demand"
    );
    let asked = project
        .run(&["db", "psql", "--", "-Atc", "SELECT count(*) FROM a"])
        .ok();
    assert_eq!(asked, "0\n");
}

#[test]
fn where_the_url_came_from_is_named() {
    let mut project = Project::new();
    project.write(
        "aludel.toml",
        "[database]\nurl = \"postgresql://u:secret@127.0.0.1:1/from_file\"\n",
    );
    let named = |project: &Project, arguments: &[&str]| project.run(arguments).stderr;
    assert!(named(&project, &["current"]).contains("/from_file\n"));
    project.write(
        ".env",
        "DATABASE_URL=postgresql://u:secret@127.0.0.1:1/from_dot_env\n",
    );
    assert!(named(&project, &["current"]).contains("/from_dot_env\n"));
    project.set(
        "DATABASE_URL",
        "postgresql+psycopg2://u:secret@127.0.0.1:1/from_environment",
    );
    assert!(named(&project, &["current"]).contains("/from_environment\n"));
    let flag = [
        "--database-url",
        "postgresql://u:secret@127.0.0.1:1/from_flag",
        "current",
    ];
    let error = named(&project, &flag);
    assert!(error.contains("/from_flag\n"), "{error}");
    assert!(!error.contains("secret"), "{error}");
}

#[test]
fn a_further_history_has_files_and_a_database_of_its_own() {
    let project = Project::new();
    project.write(
        "aludel.toml",
        "[databases.analytics]\nmigrations = \"migrations-analytics\"\n",
    );
    project.revision("aaaa00000001", &[], "", "");
    let text = crate::support::revision_text(
        "bbbb00000001",
        &[],
        "CREATE TABLE b (id integer);",
        Some("DROP TABLE b;"),
    );
    project.write("migrations-analytics/b.sql", &text);
    assert_eq!(
        project.run(&["-n", "analytics", "heads"]).ok(),
        "bbbb00000001 (head)\n"
    );
    let status = project.run(&["-n", "analytics", "status"]).ok();
    assert!(
        status.contains("the local database, as neither url nor ANALYTICS_DATABASE_URL is set"),
        "{status}"
    );
    project.run(&["-n", "analytics", "upgrade"]).ok();
    assert_eq!(project.run(&["current"]).ok(), "");
    assert_eq!(
        project.run(&["current", "-n", "analytics"]).ok(),
        "bbbb00000001 (head)\n"
    );
    let error = project.run(&["-n", "nope", "heads"]).error();
    assert_eq!(
        error,
        "error: aludel.toml has no section [databases.nope]\nhint: the sections are: analytics\n"
    );
}

#[test]
fn where_all_histories_have_names_the_commands_that_choose_one_are_told() {
    let project = Project::bare();
    project.write(
        "aludel.toml",
        "[databases.shop]\nmigrations = \"shop\"\n[databases.stock]\nmigrations = \"stock\"\n",
    );
    let error = project.run(&["status"]).error();
    assert_eq!(
        error,
        "error: the migrations folder migrations cannot be read: failed to read directory `migrations`: \
         No such file or directory (os error 2)\n  \
         aludel.toml has histories of other names: -n chooses one\n\
         hint: aludel -n shop status\nhint: aludel -n stock status\n"
    );
}

#[test]
fn engines_are_listed_with_reasons() {
    let listed = Project::new().run(&["db", "engines"]).ok();
    assert!(listed.contains("* native "), "{listed}");
    assert!(listed.contains("ALUDEL_SCRATCH_URL is not set"), "{listed}");
}
