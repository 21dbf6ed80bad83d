//! Passwords of user mappings and roles, connection strings of subscriptions and passwords in URLs: no command prints them, in no
//! form, and no file, cache or log of ours keeps them.

use std::path::Path;

use crate::support::{Project, cache_dir, execute, rows};

const SECRET: &str = "hunter2";

/// Says where secrets may stand in SQL.
fn with_secrets() -> String {
    format!(
        "CREATE FOREIGN DATA WRAPPER w OPTIONS (api_token '{SECRET}');
         CREATE SERVER s FOREIGN DATA WRAPPER w OPTIONS (host 'elsewhere', sslpassword '{SECRET}');
         CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (username 'bob', password '{SECRET}');
         CREATE SUBSCRIPTION sub CONNECTION 'host=h password={SECRET}' PUBLICATION p WITH (connect = false, slot_name = NONE);
         CREATE TABLE t (a integer);"
    )
}

/// A project that asks for everything, and whose database has a password in its URL.
fn project() -> (Project, String) {
    let mut project = Project::with_database();
    let url = project.variable("DATABASE_URL").to_owned();
    let with_password = url.replacen("aludel@", &format!("aludel:{SECRET}@"), 1);
    assert!(with_password.contains(SECRET), "{url}");
    project.set("DATABASE_URL", &with_password);
    project.write(
        "aludel.toml",
        "[models]\nsources = [{ sql = \"schema.sql\" }]\n[manage]\nroles = true\nsubscriptions = true\n",
    );
    (project, url)
}

/// Runs a command as it is, with more words, and for programs; none may say the secret.
fn silent(project: &Project, arguments: &[&str]) {
    for more in [&[][..], &["-v"], &["--format", "json"]] {
        let arguments = [arguments, more].concat();
        let ran = project.run(&arguments);
        let said = format!("{}{}", ran.stdout, ran.stderr);
        assert!(!said.contains(SECRET), "{arguments:?} says\n{said}");
    }
}

/// No file below a folder holds the secret, but for those that a person wrote; returns how many were read.
fn nothing_in(folder: &Path, written: &[&str]) -> usize {
    let mut read = 0;
    for entry in fs_err::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read += nothing_in(&path, written);
        } else if !written.iter().any(|name| path.ends_with(name)) {
            let text = fs_err::read(&path).unwrap_or_default();
            let text = String::from_utf8_lossy(&text);
            assert!(!text.contains(SECRET), "{} holds it", path.display());
            read += 1;
        }
    }
    read
}

/// Nothing that outlives the commands holds the secret: files, remembered catalogs, the log.
fn nothing_kept(project: &Project, url: &str, written: &[&str]) {
    nothing_in(project.path(), written);
    assert!(nothing_in(&cache_dir().join("catalogs"), &[]) > 0);
    let log = rows(&url.parse().unwrap(), "SELECT l::text FROM aludel.log l");
    assert!(!log.is_empty());
    assert!(!log.join("\n").contains(SECRET), "{log:#?}");
}

#[test]
fn secrets_of_models_reach_no_output() {
    let (project, url) = project();
    project.write("schema.sql", &with_secrets());
    let with_password = project.variable("DATABASE_URL");
    let diff = ["diff", "--from", "empty", "--to", "models"];
    let said = project.run(&diff).ok();
    assert!(said.contains("OPTIONS (host 'elsewhere')"), "{said}");
    assert!(said.contains("OPTIONS (username 'bob')"), "{said}");
    for more in ["--explain", "--online", "--no-online"] {
        silent(&project, &[&diff[..], &[more]].concat());
    }
    project
        .run(&["revision", "--autogenerate", "-m", "one"])
        .ok();
    for command in [
        &["check"][..],
        &["status"],
        &["history"],
        &["show", "head"],
        &["plan", "head"],
        &["upgrade", "--sql"],
        &["upgrade"],
        &["test"],
        &["current"],
        &["dump"],
        &["dump", "--from", "models", "--output", "dump.sql"],
        &["dump", "--split", "kind", "--output", "dumped"],
        &["db", "status"],
        &["diff", "--from", with_password, "--to", "models"],
        &["check", "--strict"],
        &["downgrade", "base", "--sql"],
        &["stamp", "base"],
    ] {
        silent(&project, command);
    }
    assert!(project.read("dump.sql").contains("username 'bob'"));
    nothing_kept(&project, &url, &["schema.sql"]);
    execute(&url.parse().unwrap(), "DROP SUBSCRIPTION IF EXISTS sub");
}

/// Scripts are what is run, so `--sql` prints them as they stand; everything else covers what it shows.
#[test]
fn secrets_of_revisions_reach_no_output() {
    let (project, url) = project();
    project.write("schema.sql", "");
    project.revision(
        "aaaaaaaaaaaa",
        &[],
        &with_secrets(),
        "DROP SUBSCRIPTION sub;",
    );
    let (drop, down) = ("ALTER USER MAPPING FOR PUBLIC SERVER s", "SELECT 1;");
    let failing = format!("{drop} OPTIONS (ADD token '{SECRET}', SET secret '{SECRET}');");
    for command in [
        &["plan", "head"][..],
        &["show", "head"],
        &["history"],
        &["test"],
        &["check"],
        &["upgrade"],
    ] {
        silent(&project, command);
    }
    project.revision("bbbbbbbbbbbb", &["aaaaaaaaaaaa"], &failing, down);
    for command in [
        &["plan", "head"][..],
        &["upgrade"],
        &["test"],
        &["status"],
        &["check"],
        &["repair"],
    ] {
        silent(&project, command);
    }
    let error = project.run(&["upgrade"]).error();
    assert!(error.contains("*******"), "the statement is shown: {error}");
    let written = ["schema.sql", "aaaaaaaaaaaa.sql", "bbbbbbbbbbbb.sql"];
    nothing_kept(&project, &url, &written);
    execute(&url.parse().unwrap(), "DROP SUBSCRIPTION IF EXISTS sub");
}

/// A statement that fails is shown as it stands in its file.
#[test]
fn secrets_of_statements_that_fail_are_covered() {
    let (project, _) = project();
    let diff = ["diff", "--from", "empty", "--to", "models"];
    for bad in [
        format!("CREATE USER MAPPING FOR PUBLIC SERVER none OPTIONS (password '{SECRET}')"),
        format!(
            "CREATE SUBSCRIPTION sub CONNECTION 'password={SECRET}' PUBLICATION p WITH (nonsense = 1)"
        ),
        format!("CREATE ROLE r PASSWORD '{SECRET}' NONSENSE"),
        format!("SELECT missing('postgresql://u:{SECRET}@h/d')"),
    ] {
        project.write("schema.sql", &bad);
        silent(&project, &diff);
        let error = project.run(&diff).error();
        assert!(error.contains("*******"), "the statement is shown: {error}");
    }
}
