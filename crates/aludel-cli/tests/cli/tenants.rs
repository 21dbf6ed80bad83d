//! One history in the schemas of many tenants, and a history that stands on another one.

use aludel_postgres::DatabaseUrl;

use crate::support::{Project, execute, revision_text, rows, scalar};

const SETTINGS: &str = "[models]\nsources = [{ sql = \"schema.sql\" }]\n[tenants]\n\
                        query = \"SELECT name FROM public.tenants ORDER BY name\"\n";

/// A project with these tenants, each with a schema.
fn project(tenants: &[&str]) -> (Project, DatabaseUrl) {
    let project = Project::with_database();
    project.write("aludel.toml", SETTINGS);
    let url = DatabaseUrl::parse(project.variable("DATABASE_URL")).unwrap();
    execute(&url, "CREATE TABLE public.tenants (name text PRIMARY KEY)");
    for tenant in tenants {
        add(&url, tenant);
    }
    project.revision(
        "aaaa00000001",
        &[],
        "CREATE TABLE users (id integer PRIMARY KEY, name text);",
        "DROP TABLE users;",
    );
    project.revision(
        "bbbb00000002",
        &["aaaa00000001"],
        "CREATE UNIQUE INDEX users_name ON users (name);",
        "DROP INDEX users_name;",
    );
    (project, url)
}

fn add(url: &DatabaseUrl, tenant: &str) {
    execute(
        url,
        &format!("INSERT INTO public.tenants VALUES ('{tenant}'); CREATE SCHEMA \"{tenant}\""),
    );
}

fn versions(url: &DatabaseUrl) -> Vec<String> {
    let schemas = rows(
        url,
        "SELECT quote_ident(schemaname) FROM pg_tables WHERE tablename = 'alembic_version' ORDER BY 1",
    );
    schemas
        .iter()
        .map(|schema| {
            let version = format!("SELECT version_num FROM {schema}.alembic_version");
            format!("{schema} {}", scalar(url, &version))
        })
        .collect()
}

#[test]
fn every_tenant_has_a_version_table_of_its_own() {
    let (project, url) = project(&["acme", "Big Co", "zeta"]);
    let talk = project.run(&["upgrade", "+1", "--jobs", "2"]).talk();
    assert!(talk.contains("3 schemas: upgraded 3\n"), "{talk}");
    assert!(
        talk.contains("Big Co: upgraded 1 revision in [TIME]: it is at aaaa00000001\n"),
        "{talk}"
    );
    add(&url, "young");
    let status = project.run(&["status"]).ok();
    assert!(
        status.contains("behind    young: lacks 2 revisions\n"),
        "{status}"
    );
    project.run(&["upgrade"]).ok();
    assert_eq!(
        versions(&url),
        [
            "\"Big Co\" bbbb00000002",
            "acme bbbb00000002",
            "young bbbb00000002",
            "zeta bbbb00000002"
        ]
    );
    assert_eq!(
        project.run(&["current"]).ok(),
        "Big Co  bbbb00000002 (head)\nacme    bbbb00000002 (head)\nyoung   bbbb00000002 (head)\n\
         zeta    bbbb00000002 (head)\n"
    );
    assert!(
        project
            .run(&["upgrade"])
            .talk()
            .contains("4 schemas: nothing to do in 4\n")
    );
    let talk = project.run(&["downgrade", "-1", "--schema", "acme"]).talk();
    assert!(talk.contains("the database is at aaaa00000001"), "{talk}");
    let ran = project.run(&["current", "--check-heads"]);
    assert_eq!(ran.code, 1, "{ran:?}");
    let log = "SELECT count(DISTINCT version_table) FROM aludel.log";
    assert_eq!(scalar(&url, log), "4", "one log for all of them");
}

#[test]
fn tenants_side_by_side_make_the_log_once() {
    let names = ["a", "b", "c", "d", "e", "f", "g", "h"];
    for verb in ["upgrade", "stamp"] {
        let (project, url) = project(&names);
        let talk = project.run(&[verb, "head", "--jobs", "8"]).talk();
        assert!(!talk.contains("rolled back"), "{talk}");
        assert_eq!(versions(&url).len(), 8);
        let log = "SELECT count(DISTINCT version_table) FROM aludel.log";
        assert_eq!(scalar(&url, log), "8");
    }
}

#[test]
fn a_failure_stops_the_rest_or_not_and_the_next_run_goes_on() {
    let (project, url) = project(&["acme", "beta", "zeta"]);
    project.run(&["upgrade", "+1"]).ok();
    execute(&url, "INSERT INTO beta.users VALUES (1, 'a'), (2, 'a')");
    let ran = project.run(&["upgrade", "--jobs", "1"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    let expected = "error: 1 of 3 schemas failed: beta\n  not begun: zeta\n\
                    hint: --keep-going goes on with the others when one fails\n";
    assert!(ran.stderr.contains(expected), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("error: beta: ")
            && ran.stderr.contains("Key (name)=(a) is duplicated."),
        "{}",
        ran.stderr
    );
    assert_eq!(
        versions(&url),
        [
            "acme bbbb00000002",
            "beta aaaa00000001",
            "zeta aaaa00000001"
        ]
    );
    let ran = project.run(&["upgrade", "--keep-going", "--format", "json"]);
    assert_eq!(ran.code, 2);
    let answer: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let states: Vec<&str> = answer["schemas"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["state"].as_str().unwrap())
        .collect();
    assert_eq!(states, ["done", "failed", "done"]);
    assert_eq!(answer["schemas"][2]["outcome"]["after"][0], "bbbb00000002");
    execute(&url, "DELETE FROM beta.users WHERE id = 2");
    let talk = project.run(&["upgrade"]).talk();
    assert!(
        talk.contains("3 schemas: upgraded 1, nothing to do in 2\n"),
        "{talk}"
    );
}

#[test]
fn generated_sql_names_no_schema_and_fits_every_tenant() {
    let (project, url) = project(&["acme", "zeta"]);
    project.write(
        "schema.sql",
        "CREATE TABLE users (id integer PRIMARY KEY, name text);\nCREATE UNIQUE INDEX users_name ON users (name);\n\
         CREATE TYPE mood AS ENUM ('ok', 'bad');\n\
         CREATE TABLE posts (id bigserial PRIMARY KEY, author integer NOT NULL REFERENCES users, mood mood DEFAULT 'ok');\n\
         CREATE VIEW shown AS SELECT name, mood FROM users JOIN posts ON posts.author = users.id;\n",
    );
    let path = project
        .run(&["revision", "--autogenerate", "-m", "posts"])
        .ok();
    let text = project.read(path.trim());
    assert!(
        !text.contains("tenant") && !text.contains("public"),
        "{text}"
    );
    assert!(text.contains("CREATE TABLE posts (\n"), "{text}");
    project.run(&["test"]).ok();
    project.run(&["upgrade"]).ok();
    for schema in ["acme", "zeta"] {
        execute(
            &url,
            &format!(
                "INSERT INTO {schema}.users VALUES (1, 'x'); INSERT INTO {schema}.posts (author) VALUES (1)"
            ),
        );
        let checked = project.run(&["check", "--schema", schema]).ok();
        assert!(checked.contains("drift     none"), "{checked}");
    }
    let checked = project.run(&["check"]).ok();
    assert!(
        checked.ends_with(
            "schemas   2 schemas\ndrift     none: each schema is as its revisions made it\n"
        ),
        "{checked}"
    );
    execute(&url, "ALTER TABLE zeta.posts ADD COLUMN drifted integer");
    let ran = project.run(&["check"]);
    assert_eq!(ran.code, 1);
    assert!(
        ran.stdout.ends_with(
            "schemas   2 schemas\ndrift     zeta: 1 difference:\n  column zeta.posts.drifted should not be there\n"
        ),
        "{}",
        ran.stdout
    );
    let ran = project.run(&["check", "--schema", "zeta"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stdout.contains("zeta.posts.drifted"), "{}", ran.stdout);
    let losing = project.run(&["downgrade", "base"]).error();
    assert!(
        losing.contains("error: 2 of 2 schemas failed: acme, zeta\n"),
        "{losing}"
    );
    project
        .run(&["downgrade", "base", "--allow-data-loss"])
        .ok();
    assert_eq!(
        scalar(
            &url,
            "SELECT count(*) FROM pg_class WHERE relname = 'posts'"
        ),
        "0"
    );
}

#[test]
fn models_that_name_the_tenants_schema_are_placed_in_it() {
    let (project, url) = project(&["acme"]);
    let python = crate::support::python();
    project.write(
        "aludel.toml",
        &format!(
            "schema = \"tenant\"\n[tenants]\nquery = \"SELECT name FROM public.tenants\"\n[models]\n\
             python = \"{python}\"\nsources = [{{ sqlalchemy = \"models:metadata\" }}]\n"
        ),
    );
    project.write(
        "models.py",
        "from sqlalchemy import *\nmetadata = MetaData(schema='tenant')\n\
         Table('users', metadata, Column('id', Integer, primary_key=True, autoincrement=False), Column('name', Text))\n\
         Table('posts', metadata, Column('id', Integer, primary_key=True), Column('mood', Enum('a', 'b', name='mood')),\n    \
         Column('author', ForeignKey('tenant.users.id')))\n",
    );
    let path = project
        .run(&["revision", "--autogenerate", "-m", "posts"])
        .ok();
    let text = project.read(path.trim());
    assert!(!text.contains("tenant"), "{text}");
    project.run(&["upgrade"]).ok();
    project.run(&["check", "--schema", "acme"]).ok();
    assert_eq!(scalar(&url, "SELECT count(*) FROM acme.posts"), "0");
}

#[test]
fn a_schema_that_is_missing_is_made_only_when_asked_for() {
    let (project, url) = project(&[]);
    let error = project.run(&["upgrade", "--schema", "new"]).error();
    assert!(
        error.starts_with("error: schema new does not exist\nhint: "),
        "{error}"
    );
    project
        .run(&["upgrade", "--schema", "new", "--create-schema"])
        .ok();
    assert_eq!(versions(&url), ["new bbbb00000002"]);
    let talk = project.run(&["upgrade"]).talk();
    assert!(talk.contains("0 schemas"), "{talk}");
}

#[test]
fn what_works_in_one_schema_asks_which() {
    let (project, _) = project(&["acme", "zeta"]);
    let script = project.run(&["upgrade", "--sql"]).error();
    assert!(
        script.contains("hint: name one: --schema acme\n"),
        "{script}"
    );
    let both = ["upgrade", "--sql", "--schema", "acme", "--schema", "zeta"];
    let both = project.run(&both).error();
    assert!(
        both.contains("this works in one schema at a time"),
        "{both}"
    );
    let script = project.run(&["upgrade", "--sql", "--schema", "acme"]).ok();
    assert!(script.contains("acme"), "{script}");
    let error = project
        .run(&["revision", "-m", "x", "--schema", "acme"])
        .error();
    assert!(error.contains("a revision is for every schema"), "{error}");
    project.write("aludel.toml", "schema = \"$tenant\"\n");
    let error = project.run(&["upgrade"]).error();
    assert!(error.contains("none is named"), "{error}");
    project.write("aludel.toml", "[tenants]\nquery = \"SELECT nothing\"\n");
    let error = project.run(&["upgrade"]).error();
    assert!(error.contains("the query of [tenants] failed"), "{error}");
}

#[test]
fn a_history_in_the_same_database_stands_on_the_main_one() {
    let mut project = Project::new();
    project.set(
        "DATABASE_URL",
        &crate::support::database().to_connection_string(),
    );
    let url = DatabaseUrl::parse(project.variable("DATABASE_URL")).unwrap();
    project.write(
        "aludel.toml",
        "[manage]\nschemas = [\"public\"]\n[databases.tenant]\nsame-database = true\nmigrations = \"tenant\"\n\
         models = { sources = [{ sql = \"tenant.sql\" }] }\n\
         tenants = { query = \"SELECT name FROM tenants\", jobs = 2 }\n",
    );
    project.revision(
        "aaaa00000001",
        &[],
        "CREATE TABLE plans (id integer PRIMARY KEY);\nCREATE TABLE tenants (name text PRIMARY KEY);",
        "DROP TABLE tenants, plans;",
    );
    project.write(
        "tenant.sql",
        "CREATE TABLE account (plan integer REFERENCES public.plans);",
    );
    project.folder("tenant");
    project.run(&["upgrade"]).ok();
    execute(&url, "INSERT INTO tenants VALUES ('acme'), ('zeta')");
    let path = project
        .run(&[
            "-n",
            "tenant",
            "revision",
            "--autogenerate",
            "-m",
            "account",
        ])
        .ok();
    let text = project.read(path.trim());
    assert!(text.contains("REFERENCES public.plans(id)"), "{text}");
    assert!(text.contains("CREATE TABLE account (\n"), "{text}");
    project.run(&["-n", "tenant", "test"]).ok();
    project
        .run(&["-n", "tenant", "upgrade", "--create-schema"])
        .ok();
    assert_eq!(versions(&url).len(), 3);
    project
        .run(&["-n", "tenant", "check", "--schema", "acme"])
        .ok();
    project.run(&["check"]).ok();
}

#[test]
fn a_second_history_never_takes_the_models_of_the_first() {
    let project = Project::with_database();
    project.write(
        "aludel.toml",
        "[models]\nsources = [{ sql = \"schema.sql\" }]\n[databases.other]\nmigrations = \"other\"\n",
    );
    project.write("schema.sql", "CREATE TABLE t (a integer);");
    let text = revision_text("cccc00000001", &[], "CREATE TABLE o (a integer);", Some(""));
    project.write("other/c.sql", &text);
    let checked = project.run(&["-n", "other", "check", "--no-database"]).ok();
    assert!(
        checked.contains("models    none are configured"),
        "{checked}"
    );
}
