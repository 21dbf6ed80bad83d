//! What cannot even begin: another program than Python, settings that nobody can read. It is told, and nothing is written.

use std::path::Path;

use crate::project::Project;

/// What a file of the project is instead, how it is adopted, what is said.
type Refused<'a> = ((&'a str, &'a str), &'a [&'a str], &'a [&'a str]);

const PERCENT: &str =
    "[alembic]\nscript_location = alembic\nsqlalchemy.url = postgresql://u:p%40@h/d\n";
const UNNAMED: &str = "[alembic]\nscript_location = %(root)s/alembic\n";
const HIDDEN: &str = "globals().update(revision='h001', down_revision='a004', branch_labels=None, depends_on=None)\n";
const MARKED: &str = "\u{feff}[alembic]\nscript_location = alembic\n";
const UNCLOSED: &str = "[tool.alembic\nscript_location = \"alembic\"\n";

#[test]
fn what_cannot_begin_is_told() {
    let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases/adopt/linear");
    let refused: &[Refused<'_>] = &[
        (
            ("unused", ""),
            &["--python", "/bin/cat"],
            &[
                "`/bin/cat` ended without an answer",
                "aludel adopt --python .venv/bin/python",
            ],
        ),
        (
            ("unused", ""),
            &["--python", "/nowhere/python"],
            &[
                "cannot start `/nowhere/python`",
                "aludel adopt --python .venv/bin/python",
            ],
        ),
        (
            ("alembic.ini", PERCENT),
            &[],
            &[
                "InterpolationSyntaxError",
                "hint: in alembic.ini a % is written %%",
            ],
        ),
        (
            ("alembic.ini", UNNAMED),
            &[],
            &["error: %(root)s/alembic has no env.py"],
        ),
        (
            ("alembic/versions/0bad.py", "x = 1\n"),
            &[],
            &[
                "has no attribute 'down_revision'",
                "alembic/versions/0bad.py:1",
            ],
        ),
        (
            ("alembic/versions/hidden.py", HIDDEN),
            &[],
            &[
                "Alembic finds revision h001, which is in no file that was read",
                "looked in alembic/versions",
            ],
        ),
        (("alembic.ini", MARKED), &[], &["MissingSectionHeaderError"]),
    ];
    for ((file, text), words, said) in refused {
        let project = Project::copy_of(&case);
        project.write(file, text);
        judge(&project, words, said);
    }
    let project = Project::copy_of(&case);
    project.delete("alembic.ini");
    project.write("pyproject.toml", UNCLOSED);
    judge(&project, &[], &["pyproject.toml cannot be read", "line 1"]);
}

fn judge(project: &Project, words: &[&str], said: &[&str]) {
    let before = project.files();
    let words: Vec<String> = words.iter().map(ToString::to_string).collect();
    let ran = project.adopt(&words);
    assert_eq!(ran.code, 2, "{}", ran.stderr);
    for text in said {
        assert!(
            ran.stderr.contains(text),
            "not said: {text}\n{}",
            ran.stderr
        );
    }
    assert_eq!(project.files(), before);
    assert_eq!(project.still_running(), Vec::<std::path::PathBuf>::new());
}

#[test]
fn a_place_where_nothing_can_be_written_is_told_before_anything_runs() {
    let case = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases/adopt/linear");
    for (file, words, said) in [
        ("migrations", &[][..], "error: migrations is a file"),
        ("sql", &["sql"][..], "error: sql is a file"),
        (
            "adopt-report.md/x",
            &[][..],
            "error: adopt-report.md is a folder",
        ),
        ("aludel.toml/x", &[][..], "aludel.toml"),
        ("unused", &["/proc/nowhere"][..], "/proc/"),
    ] {
        let project = Project::copy_of(&case);
        project.write(file, "");
        let words = [words, &["--python", "/bin/false"]].concat();
        judge(&project, &words, &[said]);
    }
}
