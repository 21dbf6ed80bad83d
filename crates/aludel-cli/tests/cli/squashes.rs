//! Squash: one revision in the place of many, and databases that have the old ones.

use crate::branches::{commit, git_ok};
use crate::support::{Project, database};

const IDS: [&str; 3] = ["1975ea83b712", "ae1027a6acf0", "27c6a30d7c24"];

/// Three revisions in a line, in git.
fn line(project: Project, second: (&str, &str)) -> Project {
    project.write(".gitignore", "home/\n.aludel/\n");
    project.revision(
        IDS[0],
        &[],
        "CREATE TABLE users (id integer PRIMARY KEY, name text);",
        "DROP TABLE users;",
    );
    project.revision(IDS[1], &[IDS[0]], second.0, second.1);
    project.revision(
        IDS[2],
        &[IDS[1]],
        "ALTER TABLE users ADD COLUMN email text;",
        "ALTER TABLE users DROP COLUMN email;",
    );
    git_ok(&project, &["init", "-q"]);
    commit(&project, "all");
    project
}

const RENAME: (&str, &str) = (
    "ALTER TABLE users RENAME COLUMN name TO title;",
    "ALTER TABLE users RENAME COLUMN title TO name;",
);
const ROWS: (&str, &str) = (
    "INSERT INTO users VALUES (1, 'root');",
    "DELETE FROM users;",
);

#[test]
fn a_history_of_schema_becomes_one_plan() {
    let project = line(Project::with_database(), RENAME);
    let ran = project.run(&[
        "squash",
        "base:27c6",
        "-m",
        "first year",
        "--rev-id",
        "5aaaaaaaaaaa",
    ]);
    assert_eq!(
        ran.stderr,
        "squashed 3 revisions into one plan to the same schema: on scratch both lead to the same schema and rows, and back\n\
         the old files were deleted; git has them\n\
         a database at 27c6a30d7c24 is at the new revision; one at 1975ea83b712, ae1027a6acf0 is told how to get there\n"
    );
    let path = ran.ok();
    let text = project.read(path.trim());
    assert!(
        text.contains(
            "-- aludel: replaces = [\"1975ea83b712\", \"ae1027a6acf0\", \"27c6a30d7c24\"]\n"
        ) && text.contains("title text")
            && !text.contains("RENAME"),
        "{text}"
    );
    assert_eq!(project.migrations().len(), 1);
    assert!(
        project
            .read("migrations/HEAD")
            .ends_with("\n5aaaaaaaaaaa\n")
    );
    project.run(&["upgrade"]).ok();
    project
        .run(&["downgrade", "base", "--allow-data-loss"])
        .ok();
}

#[test]
fn a_database_at_the_end_is_at_the_squash() {
    let project = line(Project::with_database(), RENAME);
    project.run(&["upgrade"]).ok();
    project
        .run(&["squash", "base:27c6", "--rev-id", "5aaaaaaaaaaa"])
        .ok();
    assert_eq!(project.run(&["current"]).ok(), "5aaaaaaaaaaa (head)\n");
    let status = project.run(&["status"]).ok();
    assert!(
        status.contains("pending   none\n") && !status.contains("unknown"),
        "{status}"
    );
    assert!(project.run(&["upgrade"]).talk().contains("nothing to do"));
    // A file that followed the old end follows the squash as it is.
    project.revision(
        "dddddddddddd",
        &[IDS[2]],
        "ALTER TABLE users ADD COLUMN age integer;",
        "ALTER TABLE users DROP COLUMN age;",
    );
    project.run(&["upgrade"]).ok();
    assert_eq!(project.run(&["current"]).ok(), "dddddddddddd (head)\n");
    project
        .run(&["downgrade", "base", "--allow-data-loss"])
        .ok();
    assert_eq!(project.run(&["current"]).ok(), "");
    project.run(&["upgrade"]).ok();
}

#[test]
fn a_database_in_the_middle_goes_on_with_the_old_files() {
    let mut project = line(Project::with_database(), RENAME);
    project.run(&["upgrade", "ae10"]).ok();
    project
        .run(&["squash", "base:27c6", "--rev-id", "5aaaaaaaaaaa"])
        .ok();
    assert_eq!(
        project.run(&["upgrade"]).error(),
        "error: the database is at ae1027a6acf0, in the middle of what 5aaaaaaaaaaa replaces\n\
         hint: check out the files from before the squash and run `aludel upgrade 27c6a30d7c24`, then come back\n"
    );
    git_ok(&project, &["checkout", "-q", "--", "migrations"]);
    git_ok(&project, &["clean", "-qf", "migrations"]);
    project
        .run(&["squash", "base:27c6", "--rev-id", "5aaaaaaaaaaa", "--keep"])
        .ok();
    let ran = project.run(&["upgrade"]);
    assert!(
        ran.stderr
            .contains("in the middle of what a squash replaces: its kept files are used\n"),
        "{}",
        ran.stderr
    );
    ran.ok();
    assert_eq!(project.run(&["current"]).ok(), "5aaaaaaaaaaa (head)\n");
    project.set("DATABASE_URL", &database().to_connection_string());
    project.run(&["upgrade"]).ok();
    assert_eq!(project.run(&["current"]).ok(), "5aaaaaaaaaaa (head)\n");
}

#[test]
fn statements_on_rows_stay_where_they_are() {
    let project = line(Project::new(), ROWS);
    let error = project.run(&["squash", "base:27c6", "--plan"]).error();
    assert_eq!(
        error,
        "error: a plan cannot take the place of 1 statement, which may change rows\n\
         \x20 migrations/ae1027a6acf0.sql:7\n\
         hint: take the statements in order instead: leave --plan out\n\
         hint: or squash up to the revision before migrations/ae1027a6acf0.sql:7\n"
    );
    let ran = project.run(&["squash", "base:27c6", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(document["form"], "in-order");
    let text = project.read(document["path"].as_str().unwrap());
    let place = |part: &str| text.find(part).unwrap();
    assert!(
        place("CREATE TABLE users") < place("INSERT INTO users")
            && place("INSERT INTO users") < place("ADD COLUMN email"),
        "{text}"
    );
    assert_eq!(text.matches("-- aludel: commit\n").count(), 4, "{text}");
    project.run(&["test"]).ok();
}

#[test]
fn what_git_does_not_have_is_not_deleted() {
    let project = line(Project::new(), RENAME);
    project.write(
        "migrations/27c6a30d7c24.sql",
        &format!("{}-- more\n", project.read("migrations/27c6a30d7c24.sql")),
    );
    assert_eq!(
        project.run(&["squash", ":27c6"]).error(),
        "error: the old files would be gone for good: git does not have them as they are\n\
         \x20 migrations/27c6a30d7c24.sql\n\
         hint: commit them first, and run the command again\n\
         hint: or keep them in migrations/replaced: --keep\n"
    );
    assert_eq!(project.migrations().len(), 3);
    assert_eq!(
        project.run(&["squash", "ae10:ae10"]).error(),
        "error: a squash needs two revisions or more, and \"ae10:ae10\" has 1\n\
         hint: name the first and the last: aludel squash FIRST:LAST\n"
    );
}

#[test]
fn a_part_of_the_line_is_squashed_in_order() {
    let project = line(Project::new(), RENAME);
    let ran = project.run(&["squash", "ae10:27c6", "--rev-id", "5aaaaaaaaaaa"]);
    assert!(
        ran.stderr
            .starts_with("squashed 2 revisions into their statements in order"),
        "{}",
        ran.stderr
    );
    ran.ok();
    let history = project.run(&["history"]).ok();
    assert!(
        history.starts_with("1975ea83b712 -> 5aaaaaaaaaaa (head)"),
        "{history}"
    );
    project.run(&["test"]).ok();
}

#[test]
fn some_of_the_old_files_are_too_many() {
    let project = line(Project::new(), RENAME);
    let kept = project.read("migrations/ae1027a6acf0.sql");
    project
        .run(&["squash", "base:27c6", "--rev-id", "5aaaaaaaaaaa"])
        .ok();
    project.write("migrations/ae1027a6acf0.sql", &kept);
    let error = project.run(&["heads"]).error();
    assert!(
        error.contains("replaces 1975ea83b712, ae1027a6acf0, 27c6a30d7c24, of which only ae1027a6acf0 are there\n")
            && error.contains("hint: delete the files of ae1027a6acf0, or get all of"),
        "{error}"
    );
}
