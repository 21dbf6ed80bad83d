//! What helps at the keyboard: completion, manual pages, the editor, folders of one's own.

use crate::support::{Project, revision_text};

fn shop() -> Project {
    let project = Project::new();
    project.revision("ae1027a6acf0", &[], "", "");
    let text = revision_text("27c6a30d7c24", &["ae1027a6acf0"], "", Some("")).replace(
        "-- aludel: message = \"make 27c6a30d7c24\"\n",
        "-- aludel: message = \"add carts\"\n-- aludel: labels = [\"shop\"]\n",
    );
    project.write("migrations/27c6a30d7c24.sql", &text);
    project
}

/// What fish would show: the word, a tab, what it means.
fn completed(words: &[&str]) -> Vec<String> {
    let mut project = shop();
    project.write(
        "aludel.toml",
        "[databases.reports]\nmigrations = \"migrations\"\n",
    );
    project.set("COMPLETE", "fish");
    let words = [&["--", "aludel"], words].concat();
    let lines = project.run(&words).ok();
    lines.lines().map(str::to_owned).collect()
}

#[test]
fn revisions_are_offered_with_their_messages() {
    assert_eq!(
        completed(&["upgrade", "2"]),
        ["27c6a30d7c24\tadd carts (head)"]
    );
    assert_eq!(completed(&["show", "sh"]), ["shop\tlabel of 27c6a30d7c24"]);
    assert_eq!(
        completed(&["history", "-r", "ae10:h"]),
        ["ae10:head\tthe one head", "ae10:heads\tevery head"]
    );
    assert_eq!(
        completed(&["stamp", "ae1027a6acf0", "b"]),
        ["base\tnothing applied"]
    );
    assert_eq!(completed(&["-n", ""]), ["reports"]);
    assert!(completed(&["upg"])[0].starts_with("upgrade\t"));
}

#[test]
fn a_broken_history_offers_no_revisions_and_says_nothing() {
    let mut project = Project::new();
    project.revision("a1", &["gone"], "", "");
    project.set("COMPLETE", "zsh");
    let ran = project.run(&["--", "aludel", "upgrade", ""]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
}

#[test]
fn shells_get_a_script() {
    let project = Project::bare();
    for (shell, mark) in [
        ("bash", "complete -o nospace"),
        ("zsh", "#compdef aludel"),
        ("fish", "complete --keep-order --exclusive --command aludel"),
    ] {
        let script = project.run(&["completion", shell]).ok();
        assert!(script.contains(mark), "{script}");
    }
}

/// What bash puts in when Tab is pressed behind a line: it cuts words at `:`, `@` and `=`, and so do the answers.
fn tabbed(project: &Project, line: &str) -> String {
    let script = "source <(aludel completion bash)\n\
        COMP_LINE=$1 COMP_POINT=${#1} COMP_TYPE=9 COMP_WORDBREAKS=$' \\t\\n\"\\'@><=;|&(:'\n\
        _aludel_complete aludel\n\
        printf '%s,' \"${COMPREPLY[@]}\"";
    let tool = std::path::Path::new(env!("CARGO_BIN_EXE_aludel"));
    let path = format!(
        "{}:{}",
        tool.parent().unwrap().display(),
        std::env::var("PATH").unwrap()
    );
    let output = std::process::Command::new("bash")
        .args(["--norc", "-c", script, "bash", line])
        .current_dir(project.path())
        .env("PATH", path)
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn bash_completes_whole_targets() {
    let project = shop();
    assert_eq!(tabbed(&project, "aludel upgrade 2"), "27c6a30d7c24,");
    assert_eq!(
        tabbed(&project, "aludel upgrade shop@"),
        "@27c6a30d7c24,@shop,@ae1027a6acf0,@head,@heads,@base,"
    );
    assert_eq!(tabbed(&project, "aludel upgrade shop@h"), "@head,@heads,");
    assert_eq!(
        tabbed(&project, "aludel history -r ae1027a6acf0:2"),
        "27c6a30d7c24,"
    );
    assert_eq!(tabbed(&project, "aludel history --graph=me"), "mermaid,");
    assert_eq!(tabbed(&project, "aludel upg"), "upgrade,");
}

#[test]
fn every_verb_has_a_page() {
    let project = Project::bare();
    let pages = project.run(&["man", "pages"]).ok();
    for page in ["aludel.1", "aludel-upgrade.1", "aludel-db-start.1"] {
        assert!(pages.contains(&format!("pages/{page}\n")), "{pages}");
        assert!(project.read(&format!("pages/{page}")).starts_with(".ie"));
    }
}

#[test]
fn the_editor_gets_the_file() {
    let mut project = shop();
    project.set("EDITOR", "printf '%s\\n' --wait");
    assert_eq!(
        project.run(&["edit", "shop@head"]).ok(),
        "--wait\nmigrations/27c6a30d7c24.sql\n"
    );
    project.set("EDITOR", "false");
    let error = project.run(&["edit", "head"]).error();
    assert!(
        error.starts_with("error: the editor `false` ended with "),
        "{error}"
    );
}

#[test]
fn several_folders_make_one_history() {
    let project = Project::new();
    project.folder("network");
    project.write(
        "aludel.toml",
        "migrations = [\"migrations\", \"network\"]\n",
    );
    let error = project.run(&["revision", "-m", "begin"]).error();
    assert_eq!(
        error,
        "error: a revision without a parent could go to any of the migrations folders\n\
         hint: say which: --version-path migrations or --version-path network\n"
    );
    let new = |words: &[&str]| {
        let words = [&["-q", "revision", "-m", "x"], words].concat();
        project.run(&words).ok()
    };
    let first = new(&["--version-path", "migrations", "--rev-id", "a1"]);
    assert!(first.starts_with("migrations/"), "{first}");
    let other = new(&[
        "--head",
        "base",
        "--version-path",
        "network",
        "--branch-label",
        "net",
        "--rev-id",
        "n1",
    ]);
    assert!(other.starts_with("network/"), "{other}");
    let next = new(&["--head", "net@head", "--depends-on", "a1", "--rev-id", "n2"]);
    assert!(next.starts_with("network/"), "the parent's folder: {next}");
    assert_eq!(
        project.run(&["-q", "heads"]).ok(),
        "a1 (effective head)\nn2 (net) (head)\n"
    );
    let merged = project
        .run(&["merge", "n2", "a1", "--rev-id", "m1", "-q"])
        .ok();
    assert!(merged.starts_with("network/"), "{merged}");
}
