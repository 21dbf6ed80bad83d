//! Branches in git: two people add a revision each, and git says so.

use std::process::Command;

use crate::support::Project;

/// Runs git in the project and returns whether it went well, and what it said.
pub(crate) fn git(project: &Project, arguments: &[&str]) -> (bool, String) {
    let output = Command::new("git")
        .args(["-c", "user.name=test", "-c", "user.email=test@example.org"])
        .args([
            "-c",
            "commit.gpgsign=false",
            "-c",
            "init.defaultBranch=main",
        ])
        .args(arguments)
        .current_dir(project.path())
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_EDITOR", "true")
        .output()
        .unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).unwrap())
}

#[track_caller]
pub(crate) fn git_ok(project: &Project, arguments: &[&str]) {
    let (done, said) = git(project, arguments);
    assert!(done, "git {arguments:?}: {said}");
}

pub(crate) fn commit(project: &Project, message: &str) {
    git_ok(project, &["add", "-A"]);
    git_ok(project, &["commit", "-q", "-m", message]);
}

/// A revision made by the program, with its upgrade and downgrade.
fn make(project: &Project, id: &str, message: &str, upgrade: &str, downgrade: &str) -> String {
    let path = project
        .run(&["revision", "-m", message, "--rev-id", id])
        .ok();
    let path = path.trim().to_owned();
    let text = project.read(&path);
    let header = text.split("-- aludel: upgrade").next().unwrap();
    project.write(
        &path,
        &format!("{header}-- aludel: upgrade\n{upgrade}\n\n-- aludel: downgrade\n{downgrade}\n"),
    );
    path
}

/// `main` and `feature` both add a revision on top of the first one; `feature` is checked out.
fn two_branches(mut project: Project, theirs: &str, mine: &str) -> (Project, String, String) {
    project.set("GIT_CONFIG_GLOBAL", "/dev/null");
    git_ok(&project, &["init", "-q"]);
    project.write(".gitignore", "home/\n.aludel/\n");
    make(
        &project,
        "1975ea83b712",
        "users",
        "CREATE TABLE users (id integer PRIMARY KEY);",
        "DROP TABLE users;",
    );
    commit(&project, "first");
    git_ok(&project, &["checkout", "-q", "-b", "feature"]);
    let mine = make(
        &project,
        "ae1027a6acf0",
        "mine",
        mine,
        "ALTER TABLE users DROP COLUMN IF EXISTS name;",
    );
    commit(&project, "mine");
    git_ok(&project, &["checkout", "-q", "main"]);
    let theirs = make(&project, "27c6a30d7c24", "theirs", theirs, "");
    commit(&project, "theirs");
    git_ok(&project, &["checkout", "-q", "feature"]);
    (project, theirs, mine)
}

const THEIRS: &str = "ALTER TABLE users ADD COLUMN email text;";
const MINE: &str = "ALTER TABLE users ADD COLUMN name text;";

#[test]
fn two_branches_conflict_in_git_and_a_rebase_resolves_it() {
    let (project, _, mine) = two_branches(Project::new(), THEIRS, MINE);
    let before = project.read(&mine);
    let (merged, said) = git(&project, &["merge", "main"]);
    assert!(!merged, "{said}");
    assert!(
        said.contains("CONFLICT (content): Merge conflict in migrations/HEAD"),
        "{said}"
    );

    let heads = project.run(&["heads"]);
    assert_eq!(
        heads.stderr,
        "warning: migrations/HEAD:3 holds a conflict of git: two branches added a revision\n\
         hint: aludel rebase (yours on top of theirs), or: aludel merge heads\n"
    );
    let shown = heads.ok();
    // Heads stand in the order in which they were made, and within one second by their ids.
    let mut shown: Vec<&str> = shown.lines().collect();
    shown.sort_unstable();
    assert_eq!(shown, ["27c6a30d7c24 (head)", "ae1027a6acf0 (head)"]);

    let ran = project.run(&["rebase"]);
    assert_eq!(
        ran.stderr,
        "moved 1 revision on top of 27c6a30d7c24 (yours are what the branch that git merges does not have)\n\
         \x20 ae1027a6acf0 follows 27c6a30d7c24 (before: 1975ea83b712)\n\
         3 revisions run on scratch one after the other\n"
    );
    assert_eq!(ran.ok(), format!("{mine}\n"));
    assert_eq!(
        project.read(&mine),
        before.replace("[\"1975ea83b712\"]", "[\"27c6a30d7c24\"]")
    );
    assert!(
        project
            .read("migrations/HEAD")
            .ends_with("merge heads` joins them.\nae1027a6acf0\n")
    );
    let heads = project.run(&["heads"]);
    assert_eq!(
        (heads.stdout.as_str(), heads.stderr.as_str()),
        ("ae1027a6acf0 (head)\n", "")
    );
    commit(&project, "merged");
    assert_eq!(
        project.run(&["rebase"]).talk(),
        "nothing to move: no revision stands beside the head\n"
    );
}

#[test]
fn in_a_rebase_of_git_theirs_is_what_git_stands_on() {
    let (project, _, mine) = two_branches(Project::new(), THEIRS, MINE);
    let (done, said) = git(&project, &["rebase", "main"]);
    assert!(!done && said.contains("migrations/HEAD"), "{said}");
    let ran = project.run(&["rebase"]);
    assert_eq!(ran.ok(), format!("{mine}\n"));
    git_ok(&project, &["add", "-A"]);
    git_ok(&project, &["rebase", "--continue"]);
    assert_eq!(project.run(&["heads"]).ok(), "ae1027a6acf0 (head)\n");
}

#[test]
fn the_mainline_stays_when_it_takes_in_a_branch() {
    let (project, _, mine) = two_branches(Project::new(), THEIRS, MINE);
    git_ok(&project, &["checkout", "-q", "main"]);
    let (done, _) = git(&project, &["merge", "feature"]);
    assert!(!done);
    assert_eq!(
        project.run(&["rebase", "--no-run"]).ok(),
        format!("{mine}\n")
    );
}

#[test]
fn an_upgrade_stops_at_a_conflict() {
    let (project, _, _) = two_branches(Project::with_database(), THEIRS, MINE);
    git(&project, &["merge", "main"]);
    assert_eq!(
        project.run(&["upgrade", "heads"]).error(),
        "error: migrations/HEAD:3 holds a conflict of git: two branches added a revision\n\
         hint: aludel rebase (yours on top of theirs), or: aludel merge heads\n"
    );
}

#[test]
fn what_is_applied_is_not_moved() {
    let (project, _, mine) = two_branches(Project::with_database(), THEIRS, MINE);
    project.run(&["upgrade"]).ok();
    git(&project, &["merge", "main"]);
    let before = project.read(&mine);
    let error = project.run(&["rebase"]).error();
    assert!(
        error.starts_with("error: ae1027a6acf0 is applied on postgresql://")
            && error
                .contains("where what would come below it was not run\n  nothing was changed\n")
            && error.contains(
                "hint: take it back there, rebase, and apply both: \
                 aludel downgrade 1975ea83b712 && aludel rebase && aludel upgrade\n"
            ),
        "{error}"
    );
    assert_eq!(project.read(&mine), before);
    project
        .run(&["downgrade", "1975ea83b712", "--allow-data-loss"])
        .ok();
    project.run(&["rebase"]).ok();
    project.run(&["upgrade"]).ok();
}

#[test]
fn what_no_longer_fits_is_told() {
    let (project, _, mine) = two_branches(Project::new(), THEIRS, THEIRS);
    git(&project, &["merge", "main"]);
    let ran = project.run(&["rebase"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(
        ran.stderr
            .contains("column \"email\" of relation \"users\" already exists")
            && ran.stderr.contains(&format!("{mine}:7"))
            && ran
                .stderr
                .ends_with("correct the file above, then: aludel test\n"),
        "{}",
        ran.stderr
    );
}

#[test]
fn without_git_the_head_is_named() {
    let project = Project::new();
    project.revision("1975ea83b712", &[], "", "");
    project.revision("ae1027a6acf0", &["1975ea83b712"], "", "");
    project.revision("27c6a30d7c24", &["1975ea83b712"], "", "");
    assert_eq!(
        project.run(&["rebase"]).error(),
        "error: without git it is not known which revisions are yours\n\
         hint: aludel rebase --onto 27c6a30d7c24 puts the others on top of \"make 27c6a30d7c24\"\n\
         hint: aludel rebase --onto ae1027a6acf0 puts the others on top of \"make ae1027a6acf0\"\n\
         hint: or join them: aludel merge heads\n"
    );
    let json = project
        .run(&["rebase", "--onto", "27c6", "--format", "json"])
        .ok();
    let document: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(document["moved"][0]["revision"], "ae1027a6acf0");
    assert_eq!(document["moved"][0]["parents"][0], "27c6a30d7c24");
    assert_eq!(document["runs"], true);
    assert_eq!(project.run(&["heads"]).ok(), "ae1027a6acf0 (head)\n");
}

#[test]
fn the_head_file_is_written_again_by_heads() {
    let project = Project::new();
    project.revision("1975ea83b712", &[], "", "");
    assert_eq!(
        project.run(&["heads"]).talk(),
        "warning: migrations/HEAD is missing, so git does not see when two branches add a revision\n\
         hint: aludel heads --write-head\n"
    );
    project.write("migrations/HEAD", "0123456789ab\n");
    assert_eq!(
        project.run(&["heads"]).talk(),
        "warning: migrations/HEAD names 0123456789ab, which is not the head of the files\nhint: aludel heads --write-head\n"
    );
    let status = project.run(&["status"]).ok();
    assert!(
        status.contains(
            "head file migrations/HEAD names 0123456789ab, which is not the head of the files: aludel heads --write-head\n"
        ),
        "{status}"
    );
    assert_eq!(project.run(&["heads", "--write-head"]).talk(), "");
    assert_eq!(project.run(&["heads"]).talk(), "");
    project.run(&["upgrade"]).ok();
}
