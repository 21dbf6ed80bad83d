//! Adopting what is adopted already, in part, or was changed since; what was interrupted; downgrades that are repaired.

use std::path::Path;

use crate::project::Project;
use crate::server::{Database, Server};

/// What Alembic's folder gets later.
const LATER: &str = r#""""later

Revision ID: a005
Revises: a004
Create Date: 2026-03-01 00:00:00
"""
from alembic import op
revision = "a005"
down_revision = "a004"


def upgrade():
    op.execute("ALTER TABLE accounts ADD COLUMN later int")


def downgrade():
    op.execute("ALTER TABLE accounts DROP COLUMN later")
"#;

/// What was written with Aludel meanwhile, and Alembic does not know.
const OWN: &str = r#"-- aludel: revision = "own1"
-- aludel: parents = ["a004"]
-- aludel: created = "2026-02-01T00:00:00Z"
-- aludel: message = "of our own"

-- aludel: upgrade
CREATE TABLE public.own ();

-- aludel: downgrade
DROP TABLE public.own;
"#;

fn project() -> Project {
    let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases/adopt/linear");
    Project::copy_of(&case)
}

fn adopt(project: &Project, words: &[&str]) -> (i32, String) {
    let words: Vec<String> = words.iter().map(ToString::to_string).collect();
    let ran = project.adopt(&words);
    (ran.code, ran.stderr)
}

fn upgrade(project: &Project, database: &Database<'_>, target: &str) {
    let ran = project.aludel(&["upgrade", target], Some(database));
    assert_eq!(ran.code, 0, "{}", ran.stderr);
}

#[test]
fn what_came_since_is_taken() {
    let server = Server::start();
    let project = project();
    let (code, said) = adopt(&project, &["--update"]);
    assert!(
        code == 2 && said.contains("nothing is adopted yet"),
        "{said}"
    );
    assert_eq!(adopt(&project, &["--until", "a002"]).0, 0);
    let before = project.files();
    let (code, said) = adopt(&project, &[]);
    assert!(
        code == 2 && said.contains("aludel adopt --update"),
        "{said}"
    );
    assert_eq!(project.files(), before);
    let (code, said) = adopt(&project, &["--update"]);
    assert!(code == 0 && said.contains("found 2 revisions"), "{said}");
    let (code, said) = adopt(&project, &["--update"]);
    assert!(code == 0 && said.contains("nothing to do"), "{said}");
    let (theirs, ours) = (server.database(), server.database());
    project.alembic(&["upgrade", &theirs.sqlalchemy()]).unwrap();
    upgrade(&project, &ours, "head");
    equal(&ours, &theirs);
    // Both tools have written one, and one of Alembic's files is not what was recorded.
    project.write("migrations/own1.sql", OWN);
    project.write("alembic/versions/a005_later.py", LATER);
    let file = "alembic/versions/a002_first_rows.py";
    project.write(file, &(project.read(file) + "# edited\n"));
    let (code, said) = adopt(&project, &["--update"]);
    assert_eq!(code, 0, "{said}");
    for text in [
        "alembic/versions/a002_first_rows.py was changed since it was adopted",
        "was recorded, it is",
        "found 1 revision",
    ] {
        assert!(said.contains(text), "not said: {text}\n{said}");
    }
    let report = project.read("adopt-report.md");
    assert!(
        ["a001", "a004", "a005"]
            .iter()
            .all(|id| report.contains(id)),
        "{report}"
    );
    project.alembic(&["upgrade", &theirs.sqlalchemy()]).unwrap();
    upgrade(&project, &ours, "a005");
    equal(&ours, &theirs);
    let heads = project.aludel(&["heads"], None).stdout;
    assert!(heads.contains("own1") && heads.contains("a005"), "{heads}");
}

#[test]
fn what_was_interrupted_begins_anew() {
    let project = project();
    let before = project.files();
    assert_eq!(project.stopped("ok   a002", "-INT"), Some(130));
    assert_eq!(project.files(), before);
    assert_eq!(project.stopped("ok   a002", "-KILL"), None);
    assert_eq!(project.files(), before);
    // Killed while it wrote: the settings are there, and what was gathered.
    project.write(".aludel-adopting/a001.sql", "half of i");
    project.write("aludel.toml", "[models]\nsources = []\n");
    let (code, said) = adopt(&project, &[]);
    assert_eq!(code, 0, "{said}");
    assert_eq!(
        project.names("."),
        [
            "adopt-report.md",
            "alembic",
            "alembic.ini",
            "aludel.toml",
            "migrations"
        ]
    );
    // Killed while an update moved its files: parents first, so the rest can follow.
    let last = project
        .names("migrations")
        .iter()
        .rfind(|name| name.contains("a004"))
        .cloned();
    project.delete(&format!("migrations/{}", last.unwrap()));
    let (code, said) = adopt(&project, &["--update"]);
    assert!(code == 0 && said.contains("found 1 revision"), "{said}");
    assert_eq!(project.aludel(&["test"], None).code, 0);
}

#[test]
fn downgrades_are_repaired() {
    let server = Server::start();
    let project = project();
    let (code, said) = adopt(&project, &["--repair-downgrades"]);
    assert!(
        code == 0 && said.contains("2 downgrades repaired"),
        "{said}"
    );
    let report = project.read("adopt-report.md");
    assert!(
        report.contains("Alembic's downgrade does not lead back"),
        "{report}"
    );
    let (ours, empty) = (server.database(), server.database());
    upgrade(&project, &ours, "head");
    let words = ["downgrade", "base", "--allow-data-loss"];
    let down = project.aludel(&words, Some(&ours));
    assert_eq!(down.code, 0, "{}", down.stderr);
    project
        .alembic(&["ensure_version", &empty.sqlalchemy()])
        .unwrap();
    equal(&ours, &empty);
}

fn equal(one: &Database<'_>, other: &Database<'_>) {
    let difference = testkit::judge::dump::difference(&one.schema(), &other.schema());
    assert_eq!(difference, None);
    assert_eq!(one.rows(), other.rows());
}

#[test]
fn a_command_that_cannot_be_run_as_one_of_pythons_is_told() {
    let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases/adopt/through");
    let project = Project::copy_of(&case);
    project.write("up.sh", "#!/bin/sh\nexec python -m shop upgrade\n");
    for (command, said) in [
        ("", "--through names no command"),
        ("python -m 'shop", "is no command: No closing quotation"),
        (
            "python -W ignore -m shop upgrade",
            "`python -W` is not understood",
        ),
        ("python -m", "`python -m` is not understood"),
        ("python nowhere.py", "there is no program `nowhere.py`"),
        ("./up.sh", "./up.sh is no program of Python's"),
    ] {
        let (code, seen) = adopt(&project, &["--through", command]);
        assert!(code == 2 && seen.contains(said), "{command}: {seen}");
    }
    let (code, seen) = adopt(&project, &["--through", "python -m shop upgrade"]);
    assert_eq!(code, 0, "{seen}");
    let ran = project.aludel(&["export-alembic"], None);
    assert_eq!(ran.code, 2);
    let hint = "aludel export-alembic --script-location app/db";
    assert!(ran.stderr.contains(hint), "{}", ran.stderr);
    let location = ["export-alembic", "--script-location", "shop/migrations"];
    let ran = project.aludel(&location, None);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
}
