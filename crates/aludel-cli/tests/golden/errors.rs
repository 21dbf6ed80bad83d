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
