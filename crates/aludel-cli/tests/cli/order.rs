//! The order of statements: why each stands where it stands, and loops.

use std::path::Path;

use crate::support::Project;

const OLD: &str = include_str!("explain/old.sql");
const NEW: &str = include_str!("explain/new.sql");

/// Compares with the file, or writes it when `SNAPSHOTS=overwrite`.
fn golden(name: &str, seen: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/cli/explain")
        .join(name);
    if std::env::var("SNAPSHOTS").as_deref() == Ok("overwrite") {
        fs_err::write(&path, seen).unwrap();
    }
    assert_eq!(seen, fs_err::read_to_string(&path).unwrap());
}

fn project() -> Project {
    let project = Project::new();
    project.write("old.sql", OLD);
    project.write("new.sql", NEW);
    project
}

#[test]
fn each_statement_says_why_it_stands_where_it_stands() {
    let project = project();
    let both = ["diff", "--from", "old.sql", "--to", "new.sql"];
    let explained = project.run(&[&both[..], &["--explain"]].concat()).ok();
    golden("explained.sql", &explained);
    let plain = project.run(&both).ok();
    let without: Vec<&str> = explained
        .lines()
        .filter(|line| !line.starts_with("-- ") && !line.is_empty())
        .collect();
    let plain: Vec<&str> = plain.lines().filter(|line| !line.is_empty()).collect();
    assert_eq!(without, plain, "what is explained is what is done");
}

#[test]
fn a_program_gets_the_reasons_and_the_name_of_a_repair() {
    let both = ["diff", "--from", "old.sql", "--to", "new.sql", "--explain"];
    let json = project()
        .run(&[&both[..], &["--format", "json"]].concat())
        .ok();
    let answer: serde_json::Value = serde_json::from_str(&json).unwrap();
    let repaired: Vec<(&str, &str)> = answer["steps"]
        .as_array()
        .unwrap()
        .iter()
        .filter_map(|step| {
            let repair = step["explanation"]["repair"]["name"].as_str()?;
            Some((step["object"].as_str()?, repair))
        })
        .collect();
    assert_eq!(
        repaired,
        [
            ("function public.next_place()", "body-read-later"),
            ("constraint public.account.limited", "made-apart"),
        ]
    );
}

/// PostgreSQL lets two views read each other, though nobody can read from them.
#[test]
fn a_loop_without_a_repair_is_listed_with_its_reasons() {
    let project = Project::new();
    project.write(
        "views.sql",
        "CREATE VIEW one AS SELECT 1 AS a;
         CREATE VIEW other AS SELECT a FROM one;
         CREATE OR REPLACE VIEW one AS SELECT a FROM other;",
    );
    let both = ["diff", "--from", "empty", "--to", "views.sql"];
    let error = project.run(&both).error();
    assert_eq!(
        error,
        "error: no order exists for objects that need each other\n  \
         view public.other needs column public.one.a\n  \
         view public.one needs column public.other.a\n\
         hint: break the loop at one of these: change that object in a revision of its own first: aludel revision -m \"…\"\n\
         hint: a loop that PostgreSQL itself can hold is a fault of Aludel: please report it with both schemas\n"
    );
    let ran = project.run(&[&both[..], &["--format", "json"]].concat());
    assert_eq!(ran.code, 2);
    assert!(
        ran.stderr.contains("plan-loop") || ran.stdout.contains("plan-loop"),
        "{}{}",
        ran.stdout,
        ran.stderr
    );
}
