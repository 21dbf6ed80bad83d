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
            .contains("ae1027a6acf0 is in the middle of what 5aaaaaaaaaaa replaces: the files kept in migrations/replaced/5aaaaaaaaaaa are used\n"),
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
        "error: one plan cannot take the place of 1 statement\n\
         \x20 migrations/ae1027a6acf0.sql:7: INSERT INTO users VALUES (1, 'root') (may change rows)\n\
         hint: keep them between the plans: leave --plan out\n\
         hint: or squash up to the revision before migrations/ae1027a6acf0.sql:7\n"
    );
    let ran = project.run(&[
        "squash",
        "base:27c6",
        "--in-order",
        "--rev-id",
        "5aaaaaaaaaaa",
    ]);
    let text = project.read(ran.ok().trim());
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
fn the_schema_comes_first_where_rows_allow_it() {
    let project = line(
        Project::with_database(),
        (
            "-- The first user.\nINSERT INTO users VALUES (1, 'root');",
            ROWS.1,
        ),
    );
    let ran = project.run(&["squash", "base:27c6", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(document["form"], "folded");
    assert_eq!(document["kept"][0]["line"], 8);
    assert_eq!(document["kept"].as_array().unwrap().len(), 1);
    let text = project.read(document["path"].as_str().unwrap());
    let sections = text.split("-- aludel: upgrade\n").nth(1).unwrap();
    assert_eq!(
        sections,
        "CREATE TABLE public.users (\n    id integer NOT NULL,\n    name text,\n    email text,\n    \
         CONSTRAINT users_pkey PRIMARY KEY (id)\n);\n\n-- aludel: commit\n\n\
         -- ae1027a6acf0: make ae1027a6acf0\n-- The first user.\nINSERT INTO users VALUES (1, 'root');\n\n\
         -- aludel: downgrade\n-- loses data: drop-table public.users\nDROP TABLE public.users;\n"
    );
    project.run(&["upgrade"]).ok();
    project.run(&["test"]).ok();
}

/// A history with much that is gone at its end, and rows that must be moved at the right time.
fn long(project: &Project) {
    project.write(".gitignore", "home/\n.aludel/\n");
    let mut parent = String::new();
    let steps = [
        (
            "a1",
            "CREATE TABLE a (id integer PRIMARY KEY, name text); CREATE TABLE gone (id integer);",
            "DROP TABLE gone; DROP TABLE a;",
        ),
        (
            "b1",
            "ALTER TABLE a ADD COLUMN old integer; ALTER TABLE a ALTER COLUMN old TYPE bigint;",
            "ALTER TABLE a DROP COLUMN old;",
        ),
        (
            "c1",
            "DROP TABLE gone; ALTER TABLE a RENAME TO b;",
            "ALTER TABLE b RENAME TO a; CREATE TABLE gone (id integer);",
        ),
        (
            "d1",
            "UPDATE b SET name = upper(name) || coalesce(old, 0);",
            "",
        ),
        (
            "e1",
            "ALTER TABLE b DROP COLUMN old; ALTER TABLE b ADD COLUMN state text DEFAULT 'new' NOT NULL;",
            "ALTER TABLE b DROP COLUMN state; ALTER TABLE b ADD COLUMN old bigint;",
        ),
        (
            "f1",
            "ALTER TABLE b ALTER COLUMN state DROP DEFAULT; CREATE INDEX b_name ON b (name);",
            "DROP INDEX b_name; ALTER TABLE b ALTER COLUMN state SET DEFAULT 'new';",
        ),
    ];
    for (id, up, down) in steps {
        let parents = [parent.as_str()];
        project.revision(id, if parent.is_empty() { &[] } else { &parents }, up, down);
        id.clone_into(&mut parent);
    }
    allow(project, "c1", "drop-table", "gone");
    allow(project, "e1", "drop-column", "public.b.old");
    git_ok(project, &["init", "-q"]);
    commit(project, "all");
}

fn allow(project: &Project, id: &str, hazard: &str, object: &str) {
    let path = format!("migrations/{id}.sql");
    let line = format!(
        "-- aludel: allow = [{{ hazard = \"{hazard}\", object = \"{object}\", reason = \"unused\" }}]\n\n-- aludel: upgrade"
    );
    let text = project.read(&path).replace("\n-- aludel: upgrade", &line);
    project.write(&path, &text);
}

#[test]
fn dead_statements_leave_no_trace() {
    let project = Project::with_database();
    long(&project);
    let ran = project.run(&["squash", "base:f1", "--rev-id", "5a"]);
    let stderr = ran.stderr.clone();
    let text = project.read(ran.ok().trim());
    let (header, up) = text.split_once("-- aludel: upgrade\n").unwrap();
    assert!(
        header.contains("allow = [{ hazard = \"drop-column\", object = \"public.b.old\", reason = \"unused\" }]\n"),
        "{header}"
    );
    // The column that the UPDATE reads is there until then.
    assert_eq!(
        up,
        "CREATE TABLE public.b (\n    id integer NOT NULL,\n    name text,\n    old bigint,\n    \
         CONSTRAINT a_pkey PRIMARY KEY (id)\n);\n\n-- aludel: commit\n\n\
         -- d1: make d1\nUPDATE b SET name = upper(name) || coalesce(old, 0);\n\n-- aludel: commit\n\n\
         ALTER TABLE public.b ADD COLUMN state text NOT NULL;\n\
         CREATE INDEX b_name ON public.b USING btree (name);\n\n\
         -- loses data: drop-column public.b.old\nALTER TABLE public.b DROP COLUMN old;\n\n\
         -- aludel: downgrade\n-- loses data: drop-table public.b\nDROP TABLE public.b;\n",
        "{stderr}"
    );
    project.run(&["upgrade"]).ok();
    project.run(&["test"]).ok();
}

#[test]
fn what_happens_to_rows_before_the_range_stays() {
    let project = Project::with_database();
    long(&project);
    project.run(&["upgrade", "a1"]).ok();
    let ran = project.run(&["squash", "b1:f1", "--rev-id", "5a"]);
    let stderr = ran.stderr.clone();
    let text = project.read(ran.ok().trim());
    let (header, up) = text.split_once("-- aludel: upgrade\n").unwrap();
    assert!(!header.contains("lose it too"), "{header}");
    // The rename is known by the table's number, and a default that fills a column before it goes stays.
    assert_eq!(
        up,
        "ALTER TABLE public.a RENAME TO b;\nALTER TABLE public.b ADD COLUMN old bigint;\n\n\
         -- loses data: drop-table public.gone\nDROP TABLE public.gone;\n\n-- aludel: commit\n\n\
         -- d1: make d1\nUPDATE b SET name = upper(name) || coalesce(old, 0);\n\n-- aludel: commit\n\n\
         ALTER TABLE public.b ADD COLUMN state text DEFAULT 'new'::text NOT NULL;\n\n\
         -- loses data: drop-column public.b.old\nALTER TABLE public.b DROP COLUMN old;\n\n-- aludel: commit\n\n\
         -- takes its time; reads and writes go on (SHARE UPDATE EXCLUSIVE)\n\
         CREATE INDEX CONCURRENTLY b_name ON public.b USING btree (name);\n\n\
         ALTER TABLE public.b ALTER COLUMN state DROP DEFAULT;\n\n\
         -- aludel: downgrade\nALTER TABLE public.b RENAME TO a;\n\nCREATE TABLE public.gone (\n    id integer\n);\n\n\
         -- loses data: drop-column public.a.state\nALTER TABLE public.a DROP COLUMN state;\n\n\
         DROP INDEX CONCURRENTLY public.b_name;\n",
        "{stderr}"
    );
    project.run(&["upgrade"]).ok();
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
fn a_part_of_the_line_is_squashed() {
    let project = line(Project::new(), RENAME);
    let ran = project.run(&["squash", "ae10:27c6", "--rev-id", "5aaaaaaaaaaa"]);
    assert!(
        ran.stderr
            .starts_with("tried on scratch, on 3 rows in 1 table\nsquashed 2 revisions into one plan to the same schema"),
        "{}",
        ran.stderr
    );
    let text = project.read(ran.ok().trim());
    assert!(text.contains("RENAME COLUMN name TO title"), "{text}");
    let history = project.run(&["history"]).ok();
    assert!(
        history.starts_with("1975ea83b712 -> 5aaaaaaaaaaa (head)"),
        "{history}"
    );
    project.run(&["test"]).ok();
}

#[test]
fn a_database_in_the_middle_can_go_down() {
    let project = line(Project::with_database(), RENAME);
    project.run(&["upgrade", "ae10"]).ok();
    project
        .run(&["squash", "base:27c6", "--rev-id", "5aaaaaaaaaaa", "--keep"])
        .ok();
    let ran = project.run(&["downgrade", "1975"]);
    assert!(
        ran.stderr.starts_with(
            "ae1027a6acf0 is in the middle of what 5aaaaaaaaaaa replaces: the files kept in migrations/replaced/5aaaaaaaaaaa are used\n"
        ),
        "{}",
        ran.stderr
    );
    ran.ok();
    project.run(&["upgrade"]).ok();
    assert_eq!(project.run(&["current"]).ok(), "5aaaaaaaaaaa (head)\n");
    // From the squash itself into the middle of it.
    project
        .run(&["downgrade", "ae10", "--allow-data-loss"])
        .ok();
    project
        .run(&["downgrade", "base", "--allow-data-loss"])
        .ok();
    assert_eq!(project.run(&["current"]).ok(), "");
}

#[test]
fn a_squash_of_a_squash_knows_both_ids() {
    let project = line(Project::with_database(), RENAME);
    project.run(&["upgrade"]).ok();
    project
        .run(&["squash", "ae10:27c6", "--rev-id", "5aaaaaaaaaaa"])
        .ok();
    commit(&project, "once");
    let path = project
        .run(&["squash", "base:5aaa", "--rev-id", "5bbbbbbbbbbb"])
        .ok();
    let text = project.read(path.trim());
    assert!(
        text.contains(
            "-- aludel: replaces = [\"1975ea83b712\", \"ae1027a6acf0\", [\"27c6a30d7c24\", \"5aaaaaaaaaaa\"]]\n"
        ),
        "{text}"
    );
    assert_eq!(project.run(&["current"]).ok(), "5bbbbbbbbbbb (head)\n");
    project
        .run(&["downgrade", "base", "--allow-data-loss"])
        .ok();
    project.run(&["upgrade"]).ok();
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
