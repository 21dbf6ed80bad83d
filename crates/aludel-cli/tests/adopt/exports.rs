//! Revisions of Aludel's given to Alembic: what it makes of them must be what Aludel makes of them, both ways.

use std::path::Path;

use crate::project::Project;
use crate::server::{Database, Server};

/// All that Alembic, SQLAlchemy or Python could take for something else, and every kind of transaction.
const ODD: &str = r#"-- aludel: revision = "odd1"
-- aludel: parents = ["a004"]
-- aludel: created = "2026-02-01T08:09:10Z"
-- aludel: message = "what's \"odd\" \\ and 100% of it"
-- aludel: labels = ["odd-ones"]

-- aludel: upgrade
CREATE TYPE public.mood AS ENUM ('calm', 'a:b', '100%s', '"""', '\n');
CREATE TABLE public.odd (id int, mood public.mood DEFAULT 'calm'::public.mood, "a%s" text, "b:c" text, "%(x)s" text);
INSERT INTO public.odd VALUES (1, 'a:b'::public.mood, '%s %% :name ::x \:y $1 ?', E'tab\there \\: \x41', '{"k": [1, 2]}');
CREATE FUNCTION public.greet(who text) RETURNS text LANGUAGE plpgsql AS $body$
BEGIN
    -- a remark with 'quotes" and :colons
    RETURN format('%s: %I \d+ %%', who, 'x') || E'\n';
END
$body$;
ALTER TYPE public.mood ADD VALUE 'late';
-- aludel: commit
INSERT INTO public.odd (id, mood, "%(x)s") VALUES (2, 'late', public.greet('you'));
CREATE INDEX CONCURRENTLY odd_id ON public.odd (id);
COMMENT ON TABLE public.odd IS 'a
second line \';

-- aludel: downgrade
DROP INDEX CONCURRENTLY public.odd_id;
DROP FUNCTION public.greet(text);
DROP TABLE public.odd;
DROP TYPE public.mood;
"#;

const LAST: &str = r#"-- aludel: revision = "odd2"
-- aludel: parents = ["odd1"]
-- aludel: created = "2026-02-02T00:00:00Z"
-- aludel: message = "the last"
-- aludel: depends-on = ["a001"]
-- aludel: irreversible = "what was \"there\" is gone"

-- aludel: upgrade
"#;

/// A revision's file; the lines of its header behind the parents, and one statement each way.
fn file(id: &str, header: &str, upgrade: &str, downgrade: &str) -> String {
    format!(
        "-- aludel: revision = \"{id}\"\n{header}\n-- aludel: created = \"2026-02-03T00:00:00Z\"\n-- aludel: message = \"{id}\"\n\n\
         -- aludel: upgrade\n{upgrade}\n\n-- aludel: downgrade\n{downgrade}\n"
    )
}

/// A project of the cases, moved in.
fn adopted(case: &str, name: Option<&str>, words: &[&str]) -> Project {
    let cases = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases/adopt");
    let project = Project::copy_of(&cases.join(case)).of_history(name);
    let words: Vec<String> = words.iter().map(ToString::to_string).collect();
    let ran = project.adopt(&words);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    project
}

fn exported(project: &Project) -> String {
    let ran = project.aludel(&["export-alembic"], None);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    ran.stdout
}

#[test]
fn branches_go_over_with_labels_and_dependencies() {
    let server = Server::start();
    let project = adopted("linear", None, &[]);
    for (id, header, table) in [
        (
            "l1",
            "-- aludel: parents = [\"a004\"]\n-- aludel: labels = [\"left\"]",
            "l",
        ),
        ("r1", "-- aludel: parents = [\"a004\"]", "r"),
        (
            "r2",
            "-- aludel: parents = [\"r1\"]\n-- aludel: depends-on = [\"left\"]",
            "s",
        ),
        ("m1", "-- aludel: parents = [\"l1\", \"r2\"]", "m"),
        (
            "n1",
            "-- aludel: parents = []\n-- aludel: labels = [\"new\"]\n-- aludel: depends-on = [\"r1\"]",
            "n",
        ),
    ] {
        let make = match table {
            "s" => "CREATE TABLE s (LIKE l, of_left int);".to_owned(),
            table => format!("CREATE TABLE {table} (id int);"),
        };
        let text = file(id, header, &make, &format!("DROP TABLE {table};"));
        project.write(&format!("migrations/{id}.sql"), &text);
    }
    assert_eq!(exported(&project).lines().count(), 5);
    let (theirs, ours) = (server.database(), server.database());
    for target in ["r2", "heads"] {
        alembic(&project, "upgrade", &theirs, target);
        aludel(&project, "upgrade", &ours, target);
        equal(&ours, &theirs);
        assert_eq!(ours.rows(), theirs.rows());
    }
    alembic(&project, "heads", &ours, "heads");
    let at_head = project.aludel(&["upgrade", "heads"], Some(&theirs));
    assert!(
        at_head.stderr.contains("nothing to do"),
        "{}",
        at_head.stderr
    );
    for target in ["new@base", "r1"] {
        alembic(&project, "downgrade", &theirs, target);
        aludel(&project, "downgrade", &ours, target);
        equal(&ours, &theirs);
        assert_eq!(ours.rows(), theirs.rows());
    }
}

#[test]
fn one_database_of_several_gets_its_own_revisions() {
    let server = Server::start();
    let project = adopted("multidb", Some("stock"), &[]);
    let text = file(
        "m3",
        "-- aludel: parents = [\"m2\"]",
        "CREATE TABLE bolts ();",
        "DROP TABLE bolts;",
    );
    project.write("migrations-stock/m3.sql", &text);
    assert_eq!(exported(&project), "alembic/versions/m3_m3.py\n");
    let (theirs, ours, shop) = (server.database(), server.database(), server.database());
    let python = |verb: &str, database: &Database<'_>, target: &str, name: &str| {
        let words = [verb, &database.sqlalchemy(), target, name];
        project.alembic(&words).unwrap();
    };
    python("upgrade", &theirs, "heads", "stock");
    python("upgrade", &shop, "heads", "shop");
    aludel(&project, "upgrade", &ours, "head");
    equal(&ours, &theirs);
    assert_eq!(ours.rows(), theirs.rows());
    assert!(ours.schema().contains("bolts") && !shop.schema().contains("bolts"));
    python("downgrade", &ours, "m2", "stock");
    aludel(&project, "downgrade", &theirs, "m2");
    equal(&ours, &theirs);
    assert!(!ours.schema().contains("bolts"));
}

#[test]
fn a_squash_stands_where_its_last_revision_stood() {
    let server = Server::start();
    let project = adopted("linear", None, &["--repair-downgrades"]);
    let words = [
        "squash",
        "base:a004",
        "-m",
        "all",
        "--rev-id",
        "sq1",
        "--keep",
    ];
    let squashed = project.aludel(&words, None);
    assert_eq!(squashed.code, 0, "{}", squashed.stderr);
    assert_eq!(exported(&project), "", "Alembic has what it replaces");
    let text = file(
        "next",
        "-- aludel: parents = [\"sq1\"]",
        "CREATE TABLE later ();",
        "DROP TABLE later;",
    );
    project.write("migrations/next.sql", &text);
    assert_eq!(exported(&project), "alembic/versions/next_next.py\n");
    let (theirs, ours) = (server.database(), server.database());
    alembic(&project, "upgrade", &theirs, "head");
    aludel(&project, "upgrade", &ours, "head");
    equal(&ours, &theirs);
    assert_eq!(
        sorted_without_version(&ours),
        sorted_without_version(&theirs)
    );
    alembic(&project, "downgrade", &theirs, "a004");
    aludel(&project, "upgrade", &theirs, "head");
    equal(&ours, &theirs);
    // A team that lets Alembic's old files go has the squash there too.
    for name in project.names("alembic/versions") {
        if Path::new(&name).extension().is_some() {
            project.delete(&format!("alembic/versions/{name}"));
        }
    }
    assert_eq!(exported(&project).lines().count(), 2);
    let fresh = server.database();
    alembic(&project, "upgrade", &fresh, "head");
    equal(&ours, &fresh);
    assert_eq!(ours.rows(), fresh.rows());
    aludel(&project, "downgrade", &ours, "base");
    alembic(&project, "downgrade", &fresh, "base");
    equal(&ours, &fresh);
}

/// What Alembic's version table says of a squash is another id.
fn sorted_without_version(database: &Database<'_>) -> Vec<String> {
    let mut rows = database.rows();
    rows.retain(|row| !row.contains("alembic_version"));
    rows
}

#[test]
fn a_script_of_alembics_is_the_same() {
    let server = Server::start();
    let project = adopted("linear", None, &[]);
    project.write("migrations/odd1.sql", ODD);
    assert_eq!(exported(&project).lines().count(), 1);
    let (theirs, ours) = (server.database(), server.database());
    for database in [&theirs, &ours] {
        alembic(&project, "upgrade", database, "a004");
    }
    for (verb, range, target) in [
        ("upgrade", "a004:odd1", "odd1"),
        ("downgrade", "odd1:a004", "a004"),
    ] {
        theirs.run(&script(&project, verb, &theirs, range));
        aludel(&project, verb, &ours, target);
        equal(&ours, &theirs);
        assert_eq!(ours.rows(), theirs.rows());
    }
}

/// `alembic upgrade A:B --sql`.
fn script(project: &Project, verb: &str, database: &Database<'_>, range: &str) -> String {
    let said = project.alembic_says(&[verb, &database.sqlalchemy(), range, "--sql"]);
    said.unwrap()
}

#[test]
fn either_tool_takes_the_next_step() {
    let server = Server::start();
    let project = adopted("linear", None, &[]);
    project.write("migrations/odd1.sql", ODD);
    project.write("migrations/odd2.sql", LAST);
    refused(&project);
    let exported = project.aludel(&["export-alembic", "odd1:head"], None);
    assert_eq!(exported.code, 0, "{}", exported.stderr);
    let files = [
        "alembic/versions/odd1_what_s_odd_and_100_of_it.py",
        "alembic/versions/odd2_the_last.py",
    ];
    assert_eq!(exported.stdout.lines().collect::<Vec<_>>(), files);
    let again = project.aludel(&["export-alembic"], None);
    assert!(again.stderr.contains("nothing to do"), "{}", again.stderr);
    let (theirs, ours) = (server.database(), server.database());
    // Each tool takes the step after the other's.
    alembic(&project, "upgrade", &theirs, "odd1");
    aludel(&project, "upgrade", &ours, "odd1");
    equal(&ours, &theirs);
    assert_eq!(ours.rows(), theirs.rows());
    aludel(&project, "upgrade", &theirs, "head");
    alembic(&project, "upgrade", &ours, "head");
    let current = project.aludel(&["current"], Some(&ours));
    assert!(current.stdout.contains("odd2"), "{}", current.stdout);
    let refusal = project
        .alembic(&["downgrade", &theirs.sqlalchemy(), "odd1"])
        .unwrap_err();
    assert!(refusal.contains("what was \"there\" is gone"), "{refusal}");
    for database in [&theirs, &ours] {
        aludel(&project, "stamp", database, "odd1");
    }
    alembic(&project, "downgrade", &ours, "a004");
    aludel(&project, "downgrade", &theirs, "a004");
    equal(&ours, &theirs);
    let before = server.database();
    alembic(&project, "upgrade", &before, "a004");
    equal(&ours, &before);
}

/// Nothing is written over, and no hole is left.
fn refused(project: &Project) {
    let before = project.files();
    for (revision, said) in [
        ("a004", "Alembic has the revision already"),
        ("odd2", "aludel export-alembic odd1:odd2"),
    ] {
        let ran = project.aludel(&["export-alembic", revision], None);
        assert_eq!(ran.code, 2, "{}", ran.stderr);
        assert!(ran.stderr.contains(said), "{}", ran.stderr);
    }
    assert_eq!(project.files(), before);
}

fn alembic(project: &Project, verb: &str, database: &Database<'_>, target: &str) {
    project
        .alembic(&[verb, &database.sqlalchemy(), target])
        .unwrap();
}

fn aludel(project: &Project, verb: &str, database: &Database<'_>, target: &str) {
    let mut words = vec![verb, target];
    if verb == "downgrade" {
        words.push("--allow-data-loss");
    }
    let ran = project.aludel(&words, Some(database));
    assert_eq!(ran.code, 0, "aludel {verb} {target}: {}", ran.stderr);
}

fn equal(one: &Database<'_>, other: &Database<'_>) {
    let difference = testkit::judge::dump::difference(&one.schema(), &other.schema());
    assert_eq!(difference, None);
}
