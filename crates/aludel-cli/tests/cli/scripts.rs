//! `--sql`: run by psql, a script leads a database to where the command itself leads another: the same dump,
//! the same version rows, the same log (who, when and how long aside).

use std::io::Write as _;
use std::process::Stdio;

use aludel_postgres::DatabaseUrl;
use aludel_postgres::programs::{Programs, Search, choose_programs};

use crate::support::{Project, cache_dir, database, rows};

/// A fork, its merge, a second base that depends on the first, statements outside transactions, several
/// segments, settings and roles that a revision leaves behind.
fn project() -> Project {
    let project = Project::new();
    project.revision(
        "a1",
        &[],
        "CREATE SCHEMA app;\nCREATE TABLE app.people (id integer PRIMARY KEY, name text);\nSET lock_timeout = 0;",
        "DROP TABLE app.people;\nDROP SCHEMA app;",
    );
    project.revision(
        "b1",
        &["a1"],
        "CREATE TYPE app.mood AS ENUM ('good');\n-- aludel: commit\nALTER TYPE app.mood ADD VALUE 'bad';\n-- aludel: commit\n\
         ALTER TABLE app.people ADD COLUMN mood app.mood DEFAULT 'bad';\n\
         CREATE INDEX CONCURRENTLY people_mood ON app.people (mood);",
        "DROP INDEX CONCURRENTLY app.people_mood;\nALTER TABLE app.people DROP COLUMN mood;\n\
         DROP TYPE app.mood;",
    );
    project.revision(
        "c1",
        &["a1"],
        "INSERT INTO app.people (id, name) VALUES (1, 'it''s; -- $x$');\n\
         CREATE FUNCTION app.f() RETURNS text LANGUAGE plpgsql AS $$ BEGIN RETURN 'a;b'; END $$;",
        "DROP FUNCTION app.f();\nDELETE FROM app.people;",
    );
    project.revision("d1", &["b1", "c1"], "", "");
    let needy = "-- aludel: revision = \"n1\"\n-- aludel: parents = []\n-- aludel: depends-on = [\"b1\"]\n\
                 -- aludel: labels = [\"net\"]\n-- aludel: message = \"make n1\"\n\n-- aludel: upgrade\n\
                 SET search_path = app;\nCREATE VIEW bad AS SELECT * FROM people;\n\n\
                 -- aludel: downgrade\nDROP VIEW app.bad;\n";
    project.write("migrations/n1.sql", needy);
    project
}

#[test]
fn scripts_lead_where_commands_lead() {
    let mut online = project();
    let mut offline = project();
    let urls = [database(), database()];
    online.set("DATABASE_URL", &urls[0].to_connection_string());
    offline.set("DATABASE_URL", &urls[1].to_connection_string());
    let steps: [(&[&str], &[&str]); 9] = [
        (&["upgrade", "b1"], &["upgrade", "--sql", "b1"]),
        (
            &["upgrade", "heads"],
            &["upgrade", "--sql", "b1:heads", "--tag", "r7"],
        ),
        (
            &["downgrade", "net@base"],
            &["downgrade", "--sql", "heads:net@base"],
        ),
        (&["upgrade", "n1"], &["upgrade", "--sql", "d1:n1"]),
        (&["downgrade", "a1"], &["downgrade", "--sql", "heads:a1"]),
        (&["stamp", "heads"], &["stamp", "--sql", "a1:heads"]),
        (&["stamp", "a1"], &["stamp", "--sql", "heads:a1"]),
        (&["upgrade", "heads"], &["upgrade", "--sql", "a1:heads"]),
        (
            &["downgrade", "base"],
            &["downgrade", "--sql", "heads:base"],
        ),
    ];
    for (number, (command, script)) in steps.into_iter().enumerate() {
        let mut command = command.to_vec();
        if command[0] == "downgrade" {
            command.push("--allow-data-loss");
        }
        online.run(&command).talk();
        let text = offline.run(script).ok();
        psql(&urls[1], &text).unwrap_or_else(|error| panic!("{script:?}: {error}\n{text}"));
        for question in [LOG, VERSIONS] {
            assert_eq!(
                rows(&urls[1], question),
                rows(&urls[0], question),
                "step {number}: {script:?}"
            );
        }
        assert_eq!(dump(&urls[1]), dump(&urls[0]), "step {number}: {script:?}");
    }
}

#[test]
fn a_script_starts_only_where_it_says() {
    let mut project = project();
    let url = database();
    project.set("DATABASE_URL", &url.to_connection_string());
    project.run(&["upgrade", "a1"]).talk();
    for script in [
        &["upgrade", "--sql", "heads"][..],
        &["upgrade", "--sql", "b1:heads"],
        &["downgrade", "--sql", "heads:base"],
        &["stamp", "--sql", "heads"],
    ] {
        let text = project.run(script).ok();
        let refused = psql(&url, &text).unwrap_err();
        assert!(
            refused.contains("public.alembic_version does not stand at "),
            "{refused}"
        );
        assert_eq!(rows(&url, VERSIONS), ["a1"]);
    }
}

#[test]
fn the_version_table_alone() {
    let url = database();
    let project = project();
    let text = project.run(&["ensure-version", "--sql"]).ok();
    for _ in 0..2 {
        psql(&url, &text).unwrap();
    }
    assert_eq!(rows(&url, VERSIONS), [""; 0]);
}

/// What was done, without the attempts that only the command notes, which can be resumed.
const LOG: &str = "SELECT concat_ws(' ', revision, direction, segment, segments, outcome, checksum, \
                   segment_checksum, version_table, tool, detail) FROM aludel.log \
                   WHERE outcome = 'done' ORDER BY id";

const VERSIONS: &str = "SELECT version_num FROM public.alembic_version ORDER BY 1";

fn psql(url: &DatabaseUrl, script: &str) -> Result<(), String> {
    let mut child = programs()
        .command("psql")
        .args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d"])
        .arg(url.to_connection_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = child.stdin.take().unwrap();
    // psql stops reading at the first error.
    let _ = input.write_all(script.as_bytes());
    drop(input);
    let output = child.wait_with_output().unwrap();
    if output.status.success() {
        Ok(())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

/// Everything but the rows of the log, whose times differ.
fn dump(url: &DatabaseUrl) -> String {
    let run = |flags: &[&str]| {
        let output = programs()
            .command("pg_dump")
            .args(flags)
            .arg("-d")
            .arg(url.to_connection_string())
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).unwrap()
    };
    let text = run(&["--exclude-schema=aludel"]) + &run(&["--schema-only", "--schema=aludel"]);
    let lines = text
        .lines()
        .filter(|line| !line.starts_with("\\restrict") && !line.starts_with("\\unrestrict"));
    lines.collect::<Vec<_>>().join("\n")
}

fn programs() -> Programs {
    let folder = std::env::temp_dir();
    choose_programs(&Search::new(&folder, &cache_dir()), None).unwrap()
}
