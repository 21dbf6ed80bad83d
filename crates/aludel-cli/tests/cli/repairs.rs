//! Repair: files that are not what was applied, rows that no file is.

use crate::branches::{commit, git_ok};
use crate::support::Project;

const FILE: &str = "migrations/1975ea83b712.sql";

/// A database with one revision applied, whose file is in git.
fn applied() -> Project {
    let project = Project::with_database();
    project.write(".gitignore", "home/\n.aludel/\n");
    git_ok(&project, &["init", "-q"]);
    project.revision(
        "1975ea83b712",
        &[],
        "CREATE TABLE a (id integer);",
        "DROP TABLE a;",
    );
    project.run(&["heads", "--write-head"]).ok();
    commit(&project, "first");
    project.run(&["upgrade"]).ok();
    project
}

fn change(project: &Project) {
    project.write(FILE, &project.read(FILE).replace("id integer", "id bigint"));
}

#[test]
fn a_changed_file_is_shown_and_recorded() {
    let project = applied();
    assert_eq!(
        project.run(&["repair"]).talk(),
        "nothing to repair: every file is what was applied\n"
    );
    change(&project);
    commit(&project, "changed");
    let status = project.run(&["status"]).ok();
    assert!(
        status.contains(&format!(
            "changed   {FILE} is not what was applied: aludel repair\n"
        )),
        "{status}"
    );
    let ran = project.run(&["repair"]);
    assert_eq!(ran.code, 1);
    assert_eq!(
        ran.stdout,
        format!(
            "--- {FILE} as applied\n+++ {FILE} now\n@@ -4,7 +4,7 @@\n -- aludel: message = \"make 1975ea83b712\"\n \n \
             -- aludel: upgrade\n-CREATE TABLE a (id integer);\n+CREATE TABLE a (id bigint);\n \n \
             -- aludel: downgrade\n DROP TABLE a;\n"
        )
    );
    assert_eq!(
        ran.stderr,
        format!(
            "{FILE} was changed after it was applied\n\
             hint: if the database needs nothing of it: aludel repair --yes\n\
             hint: if it does, put the file back (git checkout) and write a new revision: aludel revision -m \"…\"\n"
        )
    );
    assert!(
        project
            .run(&["upgrade"])
            .talk()
            .contains("aludel repair shows the difference")
    );

    let ran = project.run(&["repair", "1975", "--yes"]);
    assert!(
        ran.stderr
            .ends_with("recorded 1 file as it stands now; nothing was run\n"),
        "{}",
        ran.stderr
    );
    ran.ok();
    assert_eq!(
        project.run(&["repair"]).talk(),
        "nothing to repair: every file is what was applied\n"
    );
    assert!(!project.run(&["status"]).ok().contains("changed"));
    project
        .run(&["downgrade", "base", "--allow-data-loss"])
        .ok();
}

#[test]
fn without_git_the_log_has_only_the_checksum() {
    let project = applied();
    std::fs::remove_dir_all(project.path().join(".git")).unwrap();
    change(&project);
    let ran = project.run(&["repair", "--format", "json", "--yes"]);
    let document: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(
        document["changed"][0]["difference"],
        serde_json::Value::Null
    );
    assert_eq!(document["recorded"], true);
    ran.ok();
}

#[test]
fn a_row_that_no_file_is_has_its_ways_out() {
    let project = applied();
    git_ok(&project, &["rm", "-q", FILE]);
    project.run(&["heads", "--write-head"]).ok();
    commit(&project, "gone");
    let ran = project.run(&["repair"]);
    assert_eq!(ran.code, 1);
    let lines: Vec<&str> = ran.stderr.lines().collect();
    assert_eq!(
        lines[0],
        "warning: the database is at 1975ea83b712, which no file is"
    );
    let command = lines[1]
        .strip_prefix("hint: git has its file: git ")
        .unwrap();
    assert_eq!(
        lines[2],
        "hint: if the schema is as some revision has it: aludel stamp --purge REVISION"
    );
    git_ok(&project, &command.split(' ').collect::<Vec<_>>());
    assert_eq!(
        project.run(&["repair"]).talk(),
        "nothing to repair: every file is what was applied\n"
    );
}
