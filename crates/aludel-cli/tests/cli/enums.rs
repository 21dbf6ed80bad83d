//! Values that an enum loses: refused where rows have them, replaced where somebody said by what.

use aludel_postgres::DatabaseUrl;

use crate::support::{Project, execute, scalar};

const OLD: &str = "CREATE TYPE status AS ENUM ('new', 'stale', 'done');\n\
                   CREATE TABLE orders (id int PRIMARY KEY, status status NOT NULL, past status[]);\n";
const NEW: &str = "CREATE TYPE status AS ENUM ('new', 'done');\n\
                   CREATE TABLE orders (id int PRIMARY KEY, status status NOT NULL, past status[]);\n";

fn project() -> (Project, DatabaseUrl) {
    let project = Project::with_database();
    project.write(
        "aludel.toml",
        "[models]\nsources = [{ sql = \"schema.sql\" }]\n",
    );
    project.write("schema.sql", OLD);
    project
        .run(&["revision", "--autogenerate", "-m", "first"])
        .ok();
    project.run(&["upgrade"]).talk();
    project.write("schema.sql", NEW);
    let url = DatabaseUrl::parse(project.variable("DATABASE_URL")).unwrap();
    execute(
        &url,
        "INSERT INTO orders VALUES (1, 'stale', '{stale,new}'), (2, 'done', NULL)",
    );
    (project, url)
}

#[test]
fn a_database_whose_rows_have_the_value_is_refused_with_where_and_the_flag() {
    let (project, url) = project();
    let from = url.to_connection_string();
    let asked = ["diff", "--from", &from, "--to", "schema.sql"];
    let error = project.run(&asked).error();
    assert_eq!(
        error,
        "error: enum public.status loses the value stale, which rows have\n  \
         public.orders.past: 1 row with stale\n  public.orders.status: 1 row with stale\n\
         hint: say what they shall have instead: --enum-map public.status.stale=NEW\n"
    );
    let said = [&asked[..], &["--enum-map", "status.stale=new"]].concat();
    let sql = project.run(&said).ok();
    execute(&url, &sql);
    assert_eq!(
        scalar(
            &url,
            "SELECT string_agg(concat_ws(' ', id, status, past), ', ' ORDER BY id) FROM orders"
        ),
        "1 new {new,new}, 2 done"
    );
    let wrong = [&asked[..], &["--enum-map", "status.nothing=new"]].concat();
    assert!(
        project
            .run(&wrong)
            .error()
            .starts_with("error: nothing is mapped by status.nothing=new\n")
    );
}

#[test]
fn a_revision_that_knows_no_rows_looks_before_it_changes_anything() {
    let (project, url) = project();
    let generated = project.run(&["revision", "--autogenerate", "-m", "fewer"]);
    assert!(
        generated.stderr.contains(
            "warning: the upgrade takes the value stale from enum public.status and stops where a row of public.orders.past or public.orders.status has it\n\
             hint: say what such rows shall have instead: --enum-map public.status.stale=NEW\n"
        ),
        "{}",
        generated.stderr
    );
    let error = project.run(&["upgrade"]).error();
    assert!(
        error.contains(
            "rows of public.orders.past have the value stale of public.status, which goes"
        ) && error.contains("--enum-map 'public.status.stale=NEW'"),
        "{error}"
    );
    assert_eq!(scalar(&url, "SELECT count(*) FROM pg_enum"), "3");
    execute(&url, "UPDATE orders SET status = 'new', past = NULL");
    project.run(&["upgrade"]).talk();
    assert_eq!(scalar(&url, "SELECT count(*) FROM pg_enum"), "2");
    project.run(&["downgrade", "-1"]).talk();
    assert_eq!(scalar(&url, "SELECT count(*) FROM pg_enum"), "3");
}

#[test]
fn what_rows_get_instead_may_stand_in_the_models_and_in_a_file_of_answers() {
    let (project, url) = project();
    let file = "enum-map = [\"public.status.stale=done\"]\n";
    project.write("answers.toml", file);
    let said = [
        "revision",
        "--autogenerate",
        "-m",
        "a",
        "--answers",
        "answers.toml",
    ];
    let path = project.run(&said).ok();
    std::fs::remove_file(project.path().join(path.trim())).unwrap();
    assert!(!project.read("answers.toml").is_empty());

    project.write(
        "schema.sql",
        &format!("-- aludel: enum-map stale=done\n{NEW}"),
    );
    let path = project.run(&["revision", "--autogenerate", "-m", "b"]).ok();
    let (path, text) = (path.trim(), project.read(path.trim()));
    assert!(
        text.contains("CASE status::text WHEN 'stale' THEN 'done'"),
        "{text}"
    );
    let allowed = "-- aludel: allow = [{ hazard = \"drop-enum-value\", object = \"public.status.stale\", reason = \"as said: --enum-map stale=done\" }]";
    assert!(text.contains(allowed), "{text}");
    assert!(text.contains("-- loses data: drop-enum-value public.status.stale\nALTER TABLE public.orders ALTER COLUMN status"), "{text}");
    project.write(path, &text.replace(allowed, "-- by hand"));
    let error = project.run(&["upgrade"]).error();
    assert!(
        error.contains("drop-enum-value public.status.stale") && !error.contains("narrow-type"),
        "{error}"
    );
    project.write(path, &text);
    project.run(&["upgrade"]).talk();
    assert_eq!(
        scalar(
            &url,
            "SELECT concat_ws(' ', status, past) FROM orders WHERE id = 1"
        ),
        "done {done,new}"
    );
    project.run(&["check"]).ok();

    project.write("answers.toml", "renames = []\n");
    let error = project.run(&said).error();
    assert!(
        error.contains("answers.toml") && error.contains("unknown field `renames`"),
        "{error}"
    );
}

#[test]
fn a_value_that_goes_is_found_behind_other_types() {
    let project = Project::with_database();
    let url = DatabaseUrl::parse(project.variable("DATABASE_URL")).unwrap();
    let schema = |labels: &str| {
        format!(
            "CREATE TYPE e AS ENUM ({labels});
             CREATE TYPE er AS RANGE (subtype = e); CREATE DOMAIN d AS e; CREATE DOMAIN dd AS d; CREATE DOMAIN dr AS er;
             CREATE TYPE pair AS (e e, es e[], t text); CREATE TYPE deep AS (p pair, r er);
             CREATE TABLE t (id int, dd dd, r er, rs er[], m emultirange, dr dr, p pair, ps pair[], deep deep, other text);"
        )
        .replace("emultirange", "er_multirange")
        .replace("(subtype = e)", "(subtype = e, multirange_type_name = er_multirange)")
    };
    project.write("new.sql", &schema("'a', 'b'"));
    execute(&url, &schema("'a', 'b', 'gone'"));
    let from = url.to_connection_string();
    let asked = ["diff", "--from", &from, "--to", "new.sql"];
    execute(
        &url,
        "INSERT INTO t VALUES (1, 'a', '[a,b]', '{\"[a,a]\"}', '{[a,a]}', '[a,a]', ROW('a', '{b}', 'gone?'), NULL, NULL, 'gone')",
    );
    project.run(&asked).ok();
    for (column, value) in [
        ("dd", "'gone'"),
        ("r", "'[a,gone]'"),
        ("rs", "'{\"(gone,)\"}'"),
        ("m", "'{[gone,gone]}'"),
        ("dr", "'(,gone)'"),
        ("p", "ROW('gone', NULL, NULL)"),
        ("p", "ROW(NULL, '{a,gone}', NULL)"),
        ("ps", "ARRAY[ROW('gone', NULL, NULL)]::pair[]"),
        ("deep", "ROW(ROW('gone', NULL, NULL), NULL)"),
        ("deep", "ROW(NULL, '[gone,)')"),
    ] {
        execute(&url, &format!("INSERT INTO t ({column}) VALUES ({value})"));
        let error = project.run(&asked).error();
        let said = format!(
            "error: enum public.e loses the value gone, which rows have\n  public.t.{column}: 1 row with gone\n"
        );
        assert!(error.starts_with(&said), "{column} {value}: {error}");
        execute(&url, "DELETE FROM t WHERE id IS NULL");
    }
}

#[test]
fn a_partition_key_keeps_its_type() {
    let project = Project::new();
    let text = |labels: &str| {
        format!("CREATE TYPE s AS ENUM ({labels});\nCREATE TABLE p (s s) PARTITION BY LIST (s);\n")
    };
    project.write("old.sql", &text("'a', 'b'"));
    project.write("new.sql", &text("'a'"));
    let error = project
        .run(&["diff", "--from", "old.sql", "--to", "new.sql"])
        .error();
    assert!(
        error.starts_with("error: enum public.s must be made again, but column public.p.s is part of a partition key"),
        "{error}"
    );
    project
        .run(&["diff", "--from", "new.sql", "--to", "old.sql"])
        .ok();
}
