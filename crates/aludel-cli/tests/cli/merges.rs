//! Merging: the branches are run in every order first.

use crate::support::Project;

const USERS: &str = "CREATE TABLE users (id integer PRIMARY KEY, name text NOT NULL, status text);";

/// A history that branches into `ae1027a6acf0` and `27c6a30d7c24`.
fn branched(ours: &str, theirs: &str) -> Project {
    let project = Project::new();
    project.revision("1975ea83b712", &[], USERS, "DROP TABLE users;");
    project.revision("ae1027a6acf0", &["1975ea83b712"], ours, "");
    project.revision("27c6a30d7c24", &["1975ea83b712"], theirs, "");
    project.run(&["heads", "--write-head"]).ok();
    project
}

fn function(value: u8) -> String {
    format!("CREATE OR REPLACE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT {value}';")
}

#[test]
fn branches_that_commute_are_merged() {
    let project = branched(
        "ALTER TABLE users ADD COLUMN phone text;",
        "ALTER TABLE users ADD COLUMN age integer;",
    );
    let ran = project.run(&["merge", "heads", "-m", "join", "--rev-id", "53fffde5ad50"]);
    assert_eq!(
        ran.stderr,
        "run on scratch in 2 orders, on 3 rows in 1 table\n\
         note: both sides touch public.users; the order makes no difference\n\
         \x20 migrations/27c6a30d7c24.sql:7: ALTER TABLE users ADD COLUMN age integer\n\
         \x20 migrations/ae1027a6acf0.sql:7: ALTER TABLE users ADD COLUMN phone text\n\
         clean: every order leads to the same catalog and the same rows\n\
         hint: without a merge revision: aludel rebase puts the one on top of the other\n"
    );
    let path = ran.ok();
    assert!(path.ends_with("_53fffde5ad50_join.sql\n"), "{path}");
    assert!(
        project
            .read("migrations/HEAD")
            .ends_with("\n53fffde5ad50\n")
    );
}

#[test]
fn a_conflict_is_named_and_nothing_is_written() {
    let project = branched(
        "ALTER TABLE users DROP COLUMN status;",
        "UPDATE users SET status = upper(status);",
    );
    let ran = project.run(&["merge", "heads"]);
    assert_eq!(ran.code, 1);
    assert_eq!(
        ran.stdout,
        "conflict over column public.users.status\n\
         \x20 after ae1027a6acf0: column \"status\" does not exist\n\
         \x20 migrations/ae1027a6acf0.sql:7: ALTER TABLE users DROP COLUMN status\n\
         \x20 migrations/27c6a30d7c24.sql:7: UPDATE users SET status = upper(status)\n"
    );
    assert_eq!(
        ran.stderr,
        "run on scratch in 2 orders, on 3 rows in 1 table\n\
         1 conflict; nothing was written\n\
         hint: make one order of two: aludel rebase, then correct what does not fit\n\
         hint: or merge all the same: aludel merge heads --accept\n"
    );
    assert_eq!(project.migrations().len(), 3);

    let accepted = project.run(&["merge", "heads", "--accept"]);
    assert!(
        accepted.stderr.contains(
            "warning: merged in spite of 1 conflict\nhint: databases may differ by which branch they took first\n"
        ),
        "{}",
        accepted.stderr
    );
    accepted.ok();
    assert_eq!(project.migrations().len(), 4);
}

#[test]
fn sql_of_the_merge_settles_what_the_order_decides() {
    let project = branched(&function(1), &function(2));
    let ran = project.run(&["merge", "heads"]);
    assert_eq!(
        ran.stdout,
        "conflict over function public.f()\n\
         \x20 from 27c6a30d7c24 then ae1027a6acf0 to ae1027a6acf0 then 27c6a30d7c24: function public.f(): change definition\n\
         \x20 migrations/27c6a30d7c24.sql:7: CREATE OR REPLACE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 2'\n\
         \x20 migrations/ae1027a6acf0.sql:7: CREATE OR REPLACE FUNCTION f() RETURNS integer LANGUAGE sql AS 'SELECT 1'\n"
    );
    assert!(
        ran.stderr
            .contains("aludel merge heads --edit (or --sql-file FILE)\n"),
        "{}",
        ran.stderr
    );

    project.write("other.sql", "SELECT 1;\n");
    assert_eq!(
        project
            .run(&["merge", "heads", "--sql-file", "other.sql"])
            .code,
        1
    );
    project.write("broken.sql", "\nSELECT nothing;\n");
    let broken = project.run(&["merge", "heads", "--sql-file", "broken.sql"]);
    assert_eq!(broken.code, 1);
    assert!(
        broken
            .stdout
            .contains("the SQL of the merge fails: column \"nothing\" does not exist\n"),
        "{}",
        broken.stdout
    );

    project.write(
        "settle.sql",
        &format!("{}\n-- aludel: downgrade\n", function(3)),
    );
    let ran = project.run(&["merge", "heads", "--sql-file", "settle.sql"]);
    assert!(
        ran.stderr.ends_with(
            "settled: with this SQL every order leads to the same catalog and the same rows\n"
        ),
        "{}",
        ran.stderr
    );
    let path = ran.ok();
    let text = project.read(path.trim());
    assert!(
        text.contains("SELECT 3") && text.contains("-- aludel: downgrade\n"),
        "{text}"
    );
}

#[test]
fn the_settling_sql_can_be_written_in_an_editor() {
    let mut project = branched(&function(1), &function(2));
    project.write(
        "editor.sh",
        &format!("cp \"$1\" seen.sql\necho \"{}\" >> \"$1\"\n", function(3)),
    );
    project.set("EDITOR", "sh editor.sh");
    let path = project.run(&["merge", "heads", "--edit"]).stdout;
    let path = path.lines().last().unwrap();
    assert!(project.read(path).contains("SELECT 3"));
    assert!(
        project
            .read("seen.sql")
            .contains("-- migrations/27c6a30d7c24.sql:7: CREATE OR REPLACE")
    );
}

#[test]
fn a_program_reads_the_verdict() {
    let project = branched(
        "UPDATE users SET status = 'active' WHERE status IS NULL;",
        "INSERT INTO users (id, name) VALUES (100, 'root');",
    );
    let ran = project.run(&["merge", "heads", "--format", "json"]);
    assert_eq!(ran.code, 1);
    let document: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(document["verdict"], "conflict");
    assert_eq!(document["path"], serde_json::Value::Null);
    let conflict = &document["comparison"]["conflicts"][0];
    assert_eq!(conflict["kind"], "rows");
    assert_eq!(conflict["objects"][0], "column public.users.status");
    assert_eq!(conflict["statements"].as_array().unwrap().len(), 2);
    assert_eq!(conflict["statements"][0]["line"], 7);
}

#[test]
fn three_branches_run_in_six_orders() {
    let project = branched(&function(1), "CREATE TABLE other (id integer);");
    project.revision("3aaaaaaaaaaa", &["1975ea83b712"], &function(2), "");
    let ran = project.run(&["merge", "heads"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(
        ran.stderr.starts_with("run on scratch in 6 orders"),
        "{}",
        ran.stderr
    );
    assert_eq!(
        ran.stdout
            .matches("conflict over function public.f()")
            .count(),
        1,
        "{}",
        ran.stdout
    );
}

#[test]
fn a_branch_that_does_not_run_is_an_error() {
    let project = branched("ALTER TABLE nothing ADD COLUMN a integer;", "SELECT 1;");
    let error = project.run(&["merge", "heads"]).error();
    assert!(
        error.starts_with("error: branch ae1027a6acf0 does not run on scratch by itself\n --> migrations/ae1027a6acf0.sql:7\n")
            && error.contains("hint: mend the branch of ae1027a6acf0 first, then: aludel merge heads\n"),
        "{error}"
    );
    project.run(&["merge", "heads", "--no-run"]).ok();
}

#[test]
fn rows_that_a_branch_cannot_stand_are_left_out() {
    let not_null = "ALTER TABLE users ALTER COLUMN status SET NOT NULL;";
    let ran = branched(not_null, "SELECT 1;").run(&["merge", "heads"]);
    assert_eq!(
        ran.stderr.lines().take(2).collect::<Vec<_>>(),
        [
            "run on scratch in 2 orders, on 2 rows in 1 table",
            "  without NULLs, on which ae1027a6acf0 fails by itself (migrations/ae1027a6acf0.sql:7: \
             column \"status\" of relation \"users\" contains null values)",
        ]
    );
    ran.ok();
    let check = "ALTER TABLE users ADD CHECK (status IN ('new', 'old'));";
    let ran = branched(not_null, check).run(&["merge", "heads"]);
    assert!(
        ran.stderr
            .contains("\n  without rows in public.users, on which 27c6a30d7c24 fails by itself ("),
        "{}",
        ran.stderr
    );
    ran.ok();
}
