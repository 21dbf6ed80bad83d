//! Verbs that read files only, and what can be typed.

use crate::support::Project;

fn branched() -> Project {
    let project = Project::new();
    project.revision("1975ea83b712", &[], "", "");
    project.revision("ae1027a6acf0", &["1975ea83b712"], "", "");
    let labelled = "-- aludel: revision = \"27c6a30d7c24\"\n-- aludel: parents = [\"1975ea83b712\"]\n\
                    -- aludel: message = \"add shopping cart table\"\n-- aludel: labels = [\"shoppingcart\"]\n\n\
                    -- aludel: upgrade\n\n-- aludel: downgrade\n";
    project.write("migrations/27c6a30d7c24.sql", labelled);
    project
}

#[test]
fn heads_have_their_labels() {
    let project = branched();
    assert_eq!(
        project.run(&["heads"]).ok(),
        "27c6a30d7c24 (shoppingcart) (head)\nae1027a6acf0 (head)\n"
    );
}

#[test]
fn history_is_newest_first_with_marks() {
    let project = branched();
    project.revision("53fffde5ad50", &["ae1027a6acf0", "27c6a30d7c24"], "", "");
    assert_eq!(
        project.run(&["history"]).ok(),
        "ae1027a6acf0, 27c6a30d7c24 -> 53fffde5ad50 (shoppingcart) (head) (mergepoint), make 53fffde5ad50\n\
         1975ea83b712 -> 27c6a30d7c24 (shoppingcart), add shopping cart table\n\
         1975ea83b712 -> ae1027a6acf0, make ae1027a6acf0\n\
         <base> -> 1975ea83b712 (branchpoint), make 1975ea83b712\n"
    );
    let range = project.run(&["history", "-r", "ae10:"]).ok();
    assert!(!range.contains("-> 1975ea83b712 "), "{range}");
}

#[test]
fn show_has_the_long_form() {
    let project = branched();
    assert_eq!(
        project.run(&["show", "1975"]).ok(),
        "Rev: 1975ea83b712 (branchpoint)\nParent: <base>\nBranches into: 27c6a30d7c24, ae1027a6acf0\n\
         Path: migrations/1975ea83b712.sql\n\n    make 1975ea83b712\n\n    Revision ID: 1975ea83b712\n\
         \x20   Revises: \n    Create Date: 2026-11-22T18:30:00Z\n\n"
    );
}

#[test]
fn json_has_a_format_number() {
    let project = branched();
    let document: serde_json::Value =
        serde_json::from_str(&project.run(&["heads", "--format", "json"]).ok()).unwrap();
    assert_eq!(document["format"], 1);
    assert_eq!(document["heads"][0]["revision"], "27c6a30d7c24");
    assert_eq!(document["heads"][0]["labels"][0], "shoppingcart");
}

#[test]
fn errors_are_json_too() {
    let project = branched();
    let ran = project.run(&["show", "head", "--format", "json"]);
    assert_eq!(ran.code, 2);
    let document: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(document["error"]["kind"], "multiple-heads");
    assert_eq!(document["error"]["revisions"][0], "27c6a30d7c24");
}

#[test]
fn init_writes_what_differs_and_finds_models() {
    let project = Project::bare();
    project.write("schema/tables.sql", "CREATE TABLE a (id integer);\n");
    project.write(".gitignore", "target");
    let ran = project.run(&["init", "db"]);
    assert_eq!(
        ran.talk(),
        "created db/ for the revisions\ncreated aludel.toml\nadded .aludel/ to .gitignore (the local database lives there)\n\
         models: schema (holds .sql)\nhint: aludel revision --autogenerate -m \"first revision\"\n"
    );
    let settings = project.read("aludel.toml");
    assert!(settings.contains("migrations = \"db\"\n"), "{settings}");
    assert!(
        settings.contains("sources = [{ sql = \"schema\" }]\n"),
        "{settings}"
    );
    assert_eq!(project.read(".gitignore"), "target\n.aludel/\n");
    assert!(
        project
            .run(&["init"])
            .error()
            .starts_with("error: [PROJECT]/aludel.toml exists already\n")
    );
}

#[test]
fn revision_and_merge_print_the_path() {
    let project = branched();
    let error = project.run(&["revision", "-m", "next"]).error();
    assert_eq!(
        error,
        "error: the history has 2 heads where one is needed: 27c6a30d7c24, ae1027a6acf0\n\
         hint: say which one with --head; name one of them, or join them with `aludel merge 27c6a30d7c24 ae1027a6acf0`; \
         heads means all of them\n"
    );
    let merge = project
        .run(&["merge", "heads", "--rev-id", "53fffde5ad50"])
        .ok();
    assert!(
        merge.starts_with("migrations/")
            && merge.ends_with("_53fffde5ad50_merge_27c6a30d7c24_and_ae1027a6acf0.sql\n")
    );
    let path = project.run(&["revision", "-m", "next thing"]).ok();
    let text = project.read(path.trim());
    assert!(
        text.contains("-- aludel: parents = [\"53fffde5ad50\"]\n"),
        "{text}"
    );
    assert!(
        text.contains("\n-- aludel: upgrade\n-- Write the SQL"),
        "{text}"
    );
    assert!(
        !text.contains("\n-- aludel: downgrade\n"),
        "never silently empty: {text}"
    );
    assert_eq!(project.run(&["show", "head"]).code, 0);
}

#[test]
fn a_mistyped_setting_is_named_with_its_line() {
    let project = Project::new();
    project.write("aludel.toml", "[runner]\nlok-timeout = \"5s\"\n");
    assert_eq!(
        project.run(&["heads"]).error(),
        "error: aludel.toml:2: `lok-timeout` is no setting here\n --> aludel.toml:2\n2 | lok-timeout = \"5s\"\n  | ^\n\
         hint: did you mean `lock-timeout`?\n"
    );
}

#[test]
fn a_folder_below_the_project_finds_it() {
    let project = Project::new();
    project.write("aludel.toml", "");
    project.write("backend/app/x.py", "");
    project.revision("1975ea83b712", &[], "", "");
    let ran = std::process::Command::new(env!("CARGO_BIN_EXE_aludel"))
        .arg("heads")
        .current_dir(project.path().join("backend/app"))
        .output()
        .unwrap();
    assert_eq!(ran.stdout, b"1975ea83b712 (head)\n");
}

#[test]
fn without_migrations_the_error_names_init() {
    let project = Project::bare();
    let error = project.run(&["heads"]).error();
    assert!(
        error.starts_with("error: the migrations folder migrations cannot be read: "),
        "{error}"
    );
    assert!(error.contains("hint: run `aludel init`"), "{error}");
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let project = Project::new();
    let mut parent: Vec<String> = Vec::new();
    for index in 0..3000 {
        let id = format!("{index:012x}");
        let parents: Vec<&str> = parent.iter().map(String::as_str).collect();
        project.revision(&id, &parents, "", "");
        parent = vec![id];
    }
    let mut child = project.spawn(&["history"]);
    drop(child.stdout.take());
    let ended = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8_lossy(&ended.stderr), "");
    assert_eq!(ended.status.code(), Some(0));
}

#[test]
fn quiet_keeps_data_and_drops_talk() {
    let project = Project::new();
    let ran = project.run(&["-q", "revision", "-m", "one"]);
    assert_eq!(ran.stderr, "");
    assert!(ran.stdout.starts_with("migrations/"));
}
