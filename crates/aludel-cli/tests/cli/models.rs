//! SQLAlchemy models on their way into a revision.

use crate::support::{Project, python};

const BASE: &str =
    "from sqlalchemy.orm import DeclarativeBase\n\n\nclass Base(DeclarativeBase):\n    pass\n";
const USERS: &str = "from sqlalchemy.orm import Mapped, mapped_column\n\nfrom app.models.base import Base\n\n\n\
                     class User(Base):\n    __tablename__ = \"users\"\n    id: Mapped[int] = mapped_column(primary_key=True)\n    \
                     name: Mapped[str]\n";

fn project() -> Project {
    let project = Project::new();
    let python = python();
    project.write(
        "aludel.toml",
        &format!(
            "[models]\nsources = [{{ sqlalchemy = \"app.models:Base\" }}]\npython = \"{python}\"\n"
        ),
    );
    project.write("app/__init__.py", "");
    project.write(
        "app/models/__init__.py",
        "from app.models.base import Base\nfrom app.models import users\n",
    );
    project.write("app/models/base.py", BASE);
    project.write("app/models/users.py", USERS);
    project
}

#[test]
fn what_the_models_do_not_speak_for_is_left_alone() {
    let project = project();
    project.revision(
        "aaaa00000001",
        &[],
        "CREATE VIEW answer AS SELECT 42 AS answer;",
        "DROP VIEW answer;",
    );
    let path = project
        .run(&["revision", "--autogenerate", "-m", "users"])
        .ok();
    let text = project.read(path.trim());
    assert!(text.contains("CREATE TABLE public.users (\n"), "{text}");
    assert!(!text.contains("VIEW"), "{text}");
}

#[test]
fn a_forgotten_import_is_named() {
    let project = project();
    let order = USERS.replace("User", "Order").replace("users", "orders");
    project.write("app/models/orders.py", &order);
    let ran = project.run(&["revision", "--autogenerate", "-m", "users"]);
    assert!(
        ran.stderr.contains("warning: app/models/orders.py:6: "),
        "{}",
        ran.stderr
    );
    assert!(
        ran.stderr.contains("detected: added table public.users\n"),
        "{}",
        ran.stderr
    );
    assert_eq!(ran.code, 0);
}

#[test]
fn models_that_fail_to_import_show_the_frames() {
    let project = project();
    project.write(
        "app/models/users.py",
        &USERS.replace("from app", "import no_such_module\nfrom app"),
    );
    let ran = project.run(&["revision", "--autogenerate", "-m", "users"]);
    assert!(project.migrations().is_empty());
    let error = ran.error();
    assert!(
        error.contains("app/models/users.py:3, in <module>: import no_such_module\n"),
        "{error}"
    );
    assert!(
        error.contains("ModuleNotFoundError: No module named 'no_such_module'\n"),
        "{error}"
    );
    assert!(error.contains("\nhint: "), "{error}");
}

/// A history with one table whose column is called otherwise than in the models.
fn called_otherwise() -> Project {
    let project = project();
    let created = "CREATE TABLE users (id serial PRIMARY KEY, called varchar NOT NULL);";
    project.revision("aaaa00000001", &[], created, "DROP TABLE users;");
    project
}

const RENAMED: &str = "\
-- aludel: upgrade
ALTER TABLE public.users RENAME COLUMN called TO name;

-- aludel: downgrade
ALTER TABLE public.users RENAME COLUMN name TO called;
";

#[test]
fn a_rename_that_the_models_state_keeps_the_rows() {
    let project = called_otherwise();
    let renamed = USERS.replace(
        "name: Mapped[str]",
        "name: Mapped[str] = mapped_column(info={\"renamed_from\": \"called\"})",
    );
    project.write("app/models/users.py", &renamed);
    let ran = project.run(&["revision", "--autogenerate", "-m", "renamed"]);
    assert!(
        ran.stderr
            .contains("detected: renamed column public.users.called to name\n"),
        "{}",
        ran.stderr
    );
    let file = project.migrations().remove(0);
    let text = project.read(&format!("migrations/{file}"));
    assert!(text.ends_with(RENAMED), "{text}");
    let again = project.run(&["check", "--no-database"]).ok();
    assert!(
        again.contains("models    agree with the history"),
        "{again}"
    );
}

#[test]
fn a_rename_is_asked_about_and_answered_on_the_command_line() {
    let project = called_otherwise();
    let ran = project.run(&["revision", "--autogenerate", "-m", "dropped"]);
    assert!(
        ran.stderr.contains("--rename public.users.called:name\n"),
        "{}",
        ran.stderr
    );
    let dropped = project.migrations().remove(0);
    std::fs::remove_file(project.path().join("migrations").join(dropped)).unwrap();
    let answer = ["--rename", "users.called:name"];
    let said = [
        &["revision", "--autogenerate", "-m", "renamed"][..],
        &answer,
    ]
    .concat();
    project.run(&said).ok();
    let file = project.migrations().remove(0);
    let text = project.read(&format!("migrations/{file}"));
    assert!(text.ends_with(RENAMED), "{text}");
}

#[test]
fn status_and_heads_import_nothing() {
    let project = project();
    project.write("app/models/users.py", "raise SystemExit('imported')\n");
    project.run(&["heads"]).ok();
    assert!(
        project
            .run(&["status"])
            .ok()
            .contains("next      aludel revision --autogenerate")
    );
}

#[test]
fn variables_that_are_looked_through_count_but_for_those_of_the_shell() {
    let mut project = project();
    project.write(
        "app/models/base.py",
        &format!(
            "import os\nsettings = {{**os.environ}}\nlow = {{k.lower(): v for k, v in os.environ.items()}}\n\
             term = os.environ.get('TERM')\n{BASE}"
        ),
    );
    let script = format!("#!/bin/sh\necho >> started\nexec {} \"$@\"\n", python());
    project.write("python.sh", &script);
    let settings = project.read("aludel.toml");
    project.write("aludel.toml", &settings.replace(&python(), "sh python.sh"));
    let starts = |project: &Project| {
        project.run(&["models"]).ok();
        project.read("started").lines().count()
    };
    assert_eq!(starts(&project), 1);
    project.set("SHLVL", "7");
    project.set("SSH_CLIENT", "elsewhere");
    assert_eq!(starts(&project), 1, "they say nothing about models");
    project.set("SHOP_SIZE", "3");
    assert_eq!(starts(&project), 2, "one that was not there");
    project.set("SHOP_SIZE", "4");
    assert_eq!(starts(&project), 3, "another value");
    project.set("TERM", "dumb");
    assert_eq!(starts(&project), 4, "it is asked for by name");
    project.set("LESSOPEN", "|lesspipe");
    assert_eq!(starts(&project), 4);
    for (place, name) in (5..).zip(["CARGO_DB_SCHEMA", "TERMS_TABLE", "GIT_REPOSITORY_TABLE"]) {
        project.set(name, "own");
        assert_eq!(starts(&project), place, "{name} is the application's");
    }
}
