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

#[test]
fn either_tool_takes_the_next_step() {
    let server = Server::start();
    let project =
        Project::copy_of(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases/adopt/linear"));
    let adopted = project.adopt(&[]);
    assert_eq!(adopted.code, 0, "{}", adopted.stderr);
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
