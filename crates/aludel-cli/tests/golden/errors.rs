//! Every error of the graph, of targets and of what can be typed: each says what is wrong and what to type next.

use crate::support::{self, Project, execute};
use crate::{Mode, Session, check, write_revision};

/// A history with all that targets can be wrong about.
const TANGLED: [&str; 6] = [
    "aa11; begin; accounts",
    "bb11 < aa11 # shop; create carts; carts",
    "bb12 < bb11; create orders; orders",
    "cc11 < aa11; create mails; mails",
    "cc12 < bb11; create returns; returns",
    "xx11 # network; create hosts; hosts",
];

fn with(lines: &[&str]) -> Project {
    let project = Project::new();
    for line in lines {
        write_revision(&project, line);
    }
    project
}

fn told(project: &Project, commands: &[&str]) -> String {
    let mut session = Session::new(project, Mode::Piped);
    for command in commands {
        session.run(command);
    }
    session.text
}

#[test]
fn broken_graphs() {
    let mut seen = String::new();
    let mut add = |title: &str, project: &Project| {
        seen.push_str(&format!("# {title}\n"));
        seen.push_str(&told(project, &["heads"]));
    };
    add(
        "a cycle",
        &with(&["a1 < c1; one", "b1 < a1; two", "c1 < b1; three"]),
    );
    add("a revision that follows itself", &with(&["a1 < a1; one"]));
    add(
        "a cycle through depends-on",
        &with(&["a1 | b1; one", "b1 < a1; two"]),
    );
    add(
        "a parent that no file is",
        &with(&["a1; one", "b1 < a9; two"]),
    );
    add(
        "a dependency that no file is",
        &with(&["a1; one", "b1 | a9; two"]),
    );
    add(
        "a label twice",
        &with(&["a1 # shop; one", "b1 < a1 # shop; two"]),
    );
    add(
        "a label that is a revision",
        &with(&["a1; one", "b1 < a1 # a1; two"]),
    );
    let twice = with(&["a1; one"]);
    let text = twice.read("migrations/a1.sql");
    twice.write("migrations/copy.sql", &text);
    add("two files of one id", &twice);
    let wrong = Project::new();
    wrong.write("migrations/a.sql", "-- aludel: revision = \"a:b\"\n");
    add("an id that cannot be one", &wrong);
    let misspelled = Project::new();
    misspelled.write(
        "migrations/a.sql",
        "-- aludel: revision = \"a1\"\n-- aludel: parent = []\n-- aludel: upgrade\n",
    );
    add("a key that does not exist", &misspelled);
    add("no folder", &Project::bare());
    check("errors-graph.txt", &seen);
}

#[test]
fn targets() {
    let project = with(&TANGLED);
    let commands = [
        "show zz",
        "show aa12",
        "show bb1",
        "show head",
        "show hed",
        "show shop@head",
        "show shop@cc11",
        "show nothing@head",
        "show head-2",
        "show aa11+1",
        "show aa11-2",
        "show a:b",
        "history -r aa11",
        "history -r -1:+1",
        "history -r cc11:bb12",
        "plan --from base head",
        "plan --from aa11 --upgrade -1",
        "plan --from bb12 --downgrade +1",
        "plan --from bb12,cc11 --downgrade -1",
        "plan --from bb12 --downgrade cc11",
        "plan --from bb12 --downgrade -9",
        "plan --from bb12 +9",
        "plan --from aa11 +1",
        "plan --from bb11,aa11 heads",
        "plan --from bb12 --stamp -1",
        "plan --from base aa11 bb11",
        "plan --from zz99 heads",
        "upgrade aa11:bb11",
        "downgrade --sql aa11",
        "stamp --sql aa11:bb11 bb11:cc11",
        "revision -m more",
        "revision -m more --head bb11",
        "revision -m more --head zz99",
        "revision -m more --head bb12 --rev-id aa11",
        "revision -m more --head bb12 --rev-id a@b",
        "revision -m more --head bb12 --depends-on heads",
        "revision -m more --head bb12 --version-path elsewhere",
        "merge bb12",
        "merge bb12 bb12",
        "merge bb11 cc11",
        "merge bb12 zz99",
        "edit base",
    ];
    check("errors-targets.txt", &told(&project, &commands));
}

#[test]
fn targets_for_programs() {
    let project = with(&TANGLED);
    let mut session = Session::new(&project, Mode::Json);
    for command in ["show bb1", "plan --from base head", "merge bb12"] {
        session.run(command);
    }
    check("errors.json.txt", &session.text);
}

/// A git project whose branches both add a revision; the files of `mine` are not in the commit.
fn parted(mine: &[&str]) -> Project {
    let project = Project::new();
    write_revision(&project, "aa11; begin; accounts");
    write_revision(&project, "bb11 < aa11; theirs; carts");
    project.write(".gitignore", "home/\n.aludel/\n");
    for arguments in [&["init", "-q", "-b", "main"][..], &["add", "--all"]] {
        git(&project, arguments);
    }
    git(
        &project,
        &[
            "-c",
            "user.name=a",
            "-c",
            "user.email=a@b",
            "commit",
            "-qm",
            "all",
        ],
    );
    for line in mine {
        write_revision(&project, line);
    }
    project
}

fn git(project: &Project, arguments: &[&str]) {
    let ran = std::process::Command::new("git")
        .args(arguments)
        .current_dir(project.path())
        // Always the same commit.
        .envs(
            ["AUTHOR", "COMMITTER"].map(|who| (format!("GIT_{who}_DATE"), "2026-11-22T18:30:00Z")),
        )
        .output()
        .unwrap();
    assert!(
        ran.status.success(),
        "{}",
        String::from_utf8_lossy(&ran.stderr)
    );
}

#[test]
fn branches() {
    let (mut seen, mut json) = (String::new(), String::new());
    let mut add = |title: &str, project: &Project, commands: &[&str]| {
        seen.push_str(&format!("# {title}\n"));
        seen.push_str(&told(project, commands));
        let mut session = Session::new(project, Mode::Json);
        for command in commands {
            session.run(command);
        }
        json.push_str(&format!("# {title}\n{}", session.text));
    };
    let conflict = parted(&["cc11 < aa11; mine; mails"]);
    conflict.write(
        "migrations/HEAD",
        "# words\n<<<<<<< HEAD\nbb11\n=======\ncc11\n>>>>>>> theirs\n",
    );
    add(
        "a conflict in HEAD",
        &conflict,
        &["heads", "upgrade heads", "status"],
    );
    let stale = parted(&["cc11 < aa11; mine; mails"]);
    stale.write("migrations/HEAD", "bb11\n");
    add("a HEAD of before", &stale, &["heads"]);
    let committed = parted(&[]);
    write_revision(&committed, "cc11 < aa11; mine; mails");
    git(&committed, &["add", "--all"]);
    git(
        &committed,
        &[
            "-c",
            "user.name=a",
            "-c",
            "user.email=a@b",
            "commit",
            "-qm",
            "both",
        ],
    );
    add("nobody's branch", &committed, &["rebase"]);
    let needed = parted(&["cc11 < aa11 | bb11; mine; mails"]);
    add(
        "a rebase that goes in a circle",
        &needed,
        &["rebase bb11 --onto cc11", "rebase --onto zz"],
    );
    let failing = parted(&["cc11 < aa11; mine; carts"]);
    add(
        "both make one table",
        &failing,
        &[
            "rebase",
            "merge heads",
            "merge heads --sql-file nothing.sql",
        ],
    );
    add(
        "squashes",
        &parted(&["cc11 < aa11; mine; mails"]),
        &[
            "squash aa11:aa11",
            "squash aa11",
            "squash aa11:heads",
            "squash aa11:bb11",
            "squash zz:bb11",
        ],
    );
    check("errors-branches.txt", &seen);
    check("errors-branches.json.txt", &json);
}

#[test]
fn repairs() {
    let mut project = parted(&[]);
    project.set("DATABASE_URL", &support::database().to_connection_string());
    let mut seen = told(&project, &["repair", "-q upgrade heads", "repair zz"]);
    let text = project.read("migrations/bb11.sql");
    project.write("migrations/bb11.sql", &format!("{text}-- more\n"));
    seen.push_str(&told(&project, &["status", "upgrade", "repair bb11"]));
    std::fs::remove_file(project.path().join("migrations/bb11.sql")).unwrap();
    seen.push_str(&told(
        &project,
        &["status", "repair", "upgrade", "downgrade base"],
    ));
    check("errors-repair.txt", &seen);
}

#[test]
fn scripts() {
    let project = with(&TANGLED);
    let commands = [
        "upgrade --sql head",
        "upgrade --sql bb11:aa11",
        "upgrade --sql cc11:bb12",
        "upgrade --sql +1",
        "downgrade --sql base:aa11",
        "downgrade --sql bb12:cc11",
        "downgrade --sql head:base",
        "stamp --sql head",
        "stamp --sql zz:aa11",
    ];
    check("errors-scripts.txt", &told(&project, &commands));
}

#[test]
fn typing() {
    let project = with(&["a1; begin"]);
    let commands = [
        "upgrad",
        "hed",
        "histroy",
        "upgrade --sqll",
        "stamp",
        "stamp --purge --sql a1",
        "revision --autogenerate --sql -m x",
        "history --graph=png",
        "heads --format xml",
        "completion csh",
    ];
    check("errors-typing.txt", &told(&project, &commands));
}

#[test]
fn databases() {
    let mut seen = String::new();
    let mut add = |title: &str, sql: &str, commands: &[&str]| {
        let mut project = with(&TANGLED);
        let url = support::database();
        execute(&url, sql);
        project.set("DATABASE_URL", &url.to_connection_string());
        seen.push_str(&format!("# {title}\n"));
        seen.push_str(&told(&project, commands));
    };
    let table = "CREATE TABLE alembic_version (version_num varchar(32) NOT NULL);";
    add(
        "a row that no file is",
        &format!("{table} INSERT INTO alembic_version VALUES ('deadbeef0000')"),
        &[
            "current",
            "upgrade heads",
            "stamp heads",
            "history -i",
            "stamp --purge aa11",
            "current",
        ],
    );
    add(
        "a row that another contains",
        &format!("{table} INSERT INTO alembic_version VALUES ('aa11'), ('bb11')"),
        &["current", "upgrade heads", "downgrade -1"],
    );
    add(
        "several rows",
        &format!("{table} INSERT INTO alembic_version VALUES ('bb12'), ('cc11')"),
        &[
            "downgrade -1",
            "upgrade +1",
            "plan head",
            "current --check-heads",
        ],
    );
    check("errors-databases.txt", &seen);
}
