//! Renames from every source of intent, up and down, with rows.

use aludel_postgres::DatabaseUrl;

use crate::support::{Project, execute, scalar};

const OLD: &str = "\
CREATE TYPE mood AS ENUM ('sad', 'in between');
CREATE TABLE people (
    id serial PRIMARY KEY,
    nick text CONSTRAINT nick_short CHECK (length(nick) < 9),
    mood mood NOT NULL
);
CREATE INDEX people_nick_idx ON people (nick);
CREATE FUNCTION twice(a int) RETURNS int LANGUAGE sql AS 'SELECT a * 2';
CREATE FUNCTION twice(a text) RETURNS text LANGUAGE sql AS 'SELECT a || a';
";

const NEW: &str = "\
-- aludel: renamed from=mood
CREATE TYPE feeling AS ENUM (
    'sad',
    -- aludel: renamed from='in between'
    'so so'
);
-- aludel: renamed from=people
CREATE TABLE users (
    id serial PRIMARY KEY,
    -- aludel: renamed from=nick
    name text
        -- aludel: renamed from=nick_short
        CONSTRAINT name_short CHECK (length(name) < 9),
    mood feeling NOT NULL
);
CREATE INDEX users_name_idx ON users (name);
CREATE FUNCTION twice(a int) RETURNS int LANGUAGE sql AS 'SELECT a * 2';
-- aludel: renamed from=twice
CREATE FUNCTION doubled(a text) RETURNS text LANGUAGE sql AS 'SELECT a || a';
";

fn url(project: &Project) -> DatabaseUrl {
    DatabaseUrl::parse(project.variable("DATABASE_URL")).unwrap()
}

/// A project whose database has `schema`, and that has `models` now.
fn project(schema: &str, models: &str) -> Project {
    let project = Project::with_database();
    project.write(
        "aludel.toml",
        "[models]\nsources = [{ sql = \"schema.sql\" }]\n",
    );
    project.write("schema.sql", schema);
    project
        .run(&["revision", "--autogenerate", "-m", "first"])
        .ok();
    project.run(&["upgrade"]).talk();
    project.write("schema.sql", models);
    project
}

#[test]
fn annotations_in_sql_keep_the_rows_both_ways() {
    let project = project(OLD, NEW);
    let url = url(&project);
    execute(
        &url,
        "INSERT INTO people (nick, mood) VALUES ('ann', 'in between')",
    );
    let generated = project.run(&["revision", "--autogenerate", "-m", "renamed"]);
    assert!(
        generated
            .stderr
            .contains("detected: renamed enum value public.mood.\"in between\" to \"so so\"\n"),
        "{}",
        generated.stderr
    );
    let text = project.read(generated.ok().trim());
    assert!(
        !text.contains("DROP") && !text.contains("loses data"),
        "{text}"
    );
    project.run(&["upgrade"]).talk();
    let row = "SELECT concat_ws(' ', id, name, mood) FROM users";
    assert_eq!(scalar(&url, row), "1 ann so so");
    assert!(
        project
            .run(&["check"])
            .ok()
            .starts_with("models    agree with the history\n")
    );
    let status = project.run(&["status"]).ok();
    assert!(
        status.contains(
            "spent     schema.sql:10: column:users.nick:users.name has been carried out; the line can go\n"
        ),
        "{status}"
    );
    project.run(&["downgrade", "-1"]).talk();
    let row = "SELECT concat_ws(' ', id, nick, mood) FROM people";
    assert_eq!(scalar(&url, row), "1 ann in between");
}

#[test]
fn an_annotation_that_belongs_to_nothing_is_an_error_with_its_line() {
    let project = Project::new();
    project.write(
        "aludel.toml",
        "[models]\nsources = [{ sql = \"schema.sql\" }]\n",
    );
    project.write("schema.sql", "SELECT 1;\n\n-- aludel: renamed from=x\n");
    let error = project.run(&["check", "--no-database"]).error();
    assert!(
        error.starts_with(
            "error: schema.sql:3: `-- aludel: renamed from=x` stands above nothing that has a name\nhint: "
        ),
        "{error}"
    );
}

#[test]
fn names_that_are_wrong_are_told_with_the_nearest() {
    let models = "CREATE TABLE people (id int, full_name text);\n";
    let project = project("CREATE TABLE people (id int, name text);\n", models);
    let said = [
        "revision",
        "--autogenerate",
        "-m",
        "x",
        "--rename",
        "people.nmae:full_name",
    ];
    let error = project.run(&said).error();
    assert!(
        error.contains("nothing is called people.nmae")
            && error.contains("did you mean public.people.name?"),
        "{error}"
    );
    let annotated = models.replace("full_name", "\n-- aludel: renamed from=nmae\nfull_name");
    project.write("schema.sql", &annotated);
    let ran = project.run(&["diff"]);
    assert!(
        ran.stderr.contains("warning: schema.sql:2: the rename column:people.nmae:people.full_name means nothing: nothing is called people.nmae\nhint: did you mean public.people.name?\n"),
        "{}",
        ran.stderr
    );
}
