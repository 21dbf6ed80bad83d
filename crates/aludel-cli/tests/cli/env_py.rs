//! A project whose models come from its Alembic `env.py`: what that leaves out of a comparison is left out here too.

use crate::support::{Project, python};

const ENV: &str = r#"import asyncio
from alembic import context
from sqlalchemy import pool
from sqlalchemy.ext.asyncio import async_engine_from_config
from models import Base

config = context.config
target_metadata = Base.metadata


def include_name(name, type_, parent_names):
    return type_ != "schema" or name in (None, "audit")


def run_migrations_offline():
    context.configure(url=config.get_main_option("sqlalchemy.url"), target_metadata=target_metadata)
    with context.begin_transaction():
        context.run_migrations()


def do_run_migrations(connection):
    skipped = {"spatial_ref_sys", "legacy"}

    def include_object(object, name, type_, reflected, compare_to):
        if type_ == "table" and name in skipped:
            return False
        if type_ == "index" and reflected and compare_to is None and name.startswith("manual_"):
            return False
        return not (type_ == "column" and object.info.get("skip"))

    def compare_type(context, inspected_column, metadata_column, inspected_type, metadata_type):
        return False if metadata_column.name == "loose" and inspected_type.length == 20 else None

    context.configure(
        connection=connection,
        target_metadata=target_metadata,
        include_object=include_object,
        include_name=include_name,
        include_schemas=True,
        compare_type=compare_type,
        version_table="versions",
        render_item=lambda *_: False,
    )
    with context.begin_transaction():
        context.run_migrations()


async def run_async_migrations():
    section = config.get_section(config.config_ini_section)
    connectable = async_engine_from_config(section, prefix="sqlalchemy.", poolclass=pool.NullPool)
    async with connectable.connect() as connection:
        await connection.run_sync(do_run_migrations)
    await connectable.dispose()


def run_migrations_online():
    asyncio.run(run_async_migrations())


if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
"#;

const MODELS: &str = r#"from sqlalchemy import *
from sqlalchemy.orm import DeclarativeBase, mapped_column


class Base(DeclarativeBase):
    pass


class Account(Base):
    __tablename__ = "accounts"
    id = mapped_column(Integer, primary_key=True)
    loose = mapped_column(String(50))
    virtual = mapped_column(Integer, info={"skip": True})
    number = mapped_column(Integer)


class Legacy(Base):
    __tablename__ = "legacy"
    id = mapped_column(Integer, primary_key=True)
    kind = mapped_column(Enum("a", "b", name="legacy_kind"))
"#;

const HISTORY: &str = "CREATE TABLE accounts (id serial PRIMARY KEY, loose varchar(20), number integer);\n\
     CREATE INDEX manual_number ON accounts (number);\n\
     CREATE TYPE srs AS ENUM ('x');\n\
     CREATE TABLE spatial_ref_sys (id serial PRIMARY KEY, kind srs);\n\
     CREATE SCHEMA hidden;\nCREATE TABLE hidden.x (id integer);\nCREATE SCHEMA audit;";

fn project() -> Project {
    let project = Project::new();
    project.write(
        "alembic.ini",
        "[alembic]\nscript_location = alembic\nprepend_sys_path = .\n\
         sqlalchemy.url = postgresql+psycopg://app:geheim@localhost:1/nowhere\n",
    );
    project.write("alembic/env.py", ENV);
    project.write("models.py", MODELS);
    project.write(
        "aludel.toml",
        &format!(
            "[models]\nsources = [{{ sqlalchemy = \"env\" }}]\npython = \"{}\"\n[database]\nversion-table = \"versions\"\n",
            python()
        ),
    );
    project.revision("aaaa00000001", &[], HISTORY, "DROP TABLE accounts;");
    project
}

fn models_line(project: &Project) -> String {
    project.run(&["check", "--no-database"]).stdout
}

#[test]
fn what_env_py_leaves_out_is_no_difference() {
    let project = project();
    let checked = models_line(&project);
    assert!(
        checked.contains("models    agree with the history"),
        "{checked}"
    );
}

#[test]
fn what_it_does_not_leave_out_is_one() {
    let project = project();
    let history = HISTORY.replace("number integer", "number bigint")
        + "\nCREATE TABLE orphan (id integer);\nCREATE TABLE audit.log (id integer);\nCREATE INDEX own ON accounts (number);";
    project.revision("aaaa00000001", &[], &history, "DROP TABLE accounts;");
    let checked = models_line(&project);
    let expected = "models    ahead of the history by 4 changes:\n  removed table audit.log\n  \
                    removed index public.accounts.own\n  removed table public.orphan\n  \
                    changed column public.accounts.number: change type\n";
    for line in expected.lines() {
        assert!(checked.contains(line), "{line}\n{checked}");
    }
}

#[test]
fn schemas_that_no_model_names_are_left_alone_unless_they_are_included() {
    let project = project();
    let env = ENV
        .replace("        include_schemas=True,\n", "")
        .replace("        include_name=include_name,\n", "");
    project.write("alembic/env.py", &env);
    let history = format!("{HISTORY}\nCREATE TABLE audit.log (id integer);");
    project.revision("aaaa00000001", &[], &history, "DROP TABLE accounts;");
    let checked = models_line(&project);
    assert!(
        checked.contains("models    agree with the history"),
        "{checked}"
    );
}

#[test]
fn the_settings_are_told_with_their_lines_and_no_password_is_kept() {
    let project = project();
    let answer = project
        .run(&["models", "--format", "json", "--no-cache"])
        .ok();
    assert!(!answer.contains("geheim"), "{answer}");
    let answer: serde_json::Value = serde_json::from_str(&answer).unwrap();
    let environment = &answer["environment"];
    assert_eq!(environment["metadata"][0], "models:Base");
    let told: Vec<String> = environment["settings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            format!(
                "{}:{} {}",
                one["name"].as_str().unwrap(),
                one["line"],
                one["setting"]
            )
        })
        .collect();
    assert_eq!(
        told,
        [
            "compare_type:40 \"models.sources\"",
            "include_name:38 \"models.sources\"",
            "include_object:37 \"models.sources\"",
            "include_schemas:39 \"models.sources\"",
            "render_item:42 null",
            "target_metadata:36 \"models.sources\"",
            "version_table:41 \"database.version-table\"",
        ]
    );
    let settings = environment["settings"].as_array().unwrap();
    assert_eq!(settings[6]["value"], "versions");
    let tables = project.run(&["models", "--tables"]).ok();
    assert_eq!(tables, "accounts  models.py:9\nlegacy    models.py:17\n");
    let text = project.run(&["models"]).ok();
    assert!(
        text.contains("-- models.py:9\nCREATE TABLE accounts ("),
        "{text}"
    );
}

#[test]
fn another_version_table_than_that_of_env_py_is_warned_of() {
    let project = project();
    let settings = project.read("aludel.toml");
    project.write(
        "aludel.toml",
        &settings.replace("\"versions\"", "\"other\""),
    );
    let ran = project.run(&["check", "--no-database"]);
    assert!(
        ran.stderr.contains(
            "alembic/env.py:1: env.py keeps the version in versions, aludel.toml in public.other"
        ),
        "{}",
        ran.stderr
    );
}

/// Settings that put the URL together from a variable, as applications do.
const SETTINGS: &str = "import os\nfrom sqlalchemy.engine import make_url\n\
     url = make_url(os.environ['APP_DATABASE']).set(password=os.environ['APP_PASSWORD'])\n";

#[test]
fn the_url_of_env_py_is_asked_once_and_its_password_is_kept_nowhere() {
    let mut project = project();
    let url = crate::support::database().to_connection_string();
    let password = format!("geheim{}", std::process::id());
    project.set(
        "APP_DATABASE",
        &url.replace("postgresql://", "postgresql+psycopg://"),
    );
    project.set("APP_PASSWORD", &password);
    project.write("settings.py", SETTINGS);
    let env = ENV
        .replace(
            "from models import Base",
            "from models import Base\nfrom settings import url",
        )
        .replace("url=config.get_main_option(\"sqlalchemy.url\")", "url=url");
    project.write("alembic/env.py", &env);
    project.write(
        "python.sh",
        &format!("#!/bin/sh\necho >> started\nexec {} \"$@\"\n", python()),
    );
    let settings = project.read("aludel.toml");
    let settings = settings.replace(&python(), "sh python.sh") + "url = \"env\"\n";
    project.write("aludel.toml", &settings);
    let started = |project: &Project| project.read("started").lines().count();
    project.write("started", "");
    project.run(&["upgrade"]).ok();
    assert_eq!(started(&project), 1);
    let status = project.run(&["status"]).ok();
    assert!(
        status.contains("env.py, as url = \"env\" in [database] says"),
        "{status}"
    );
    let current = project.run(&["current", "-v"]).ok();
    assert!(current.contains("aaaa00000001"), "{current}");
    assert_eq!(
        started(&project),
        1,
        "the application is not imported again"
    );
    for text in [&status, &current] {
        assert!(!text.contains(&password), "{text}");
    }
    for entry in fs_err::read_dir(crate::support::cache_dir()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let text = fs_err::read(&path).unwrap();
            assert!(
                !String::from_utf8_lossy(&text).contains(&password),
                "{path:?}"
            );
        }
    }
    project.set("APP_PASSWORD", "another");
    project.run(&["current"]).ok();
    assert_eq!(started(&project), 2, "what it was made of has changed");
}

#[test]
fn a_filter_that_cannot_be_read_is_told() {
    let project = project();
    let env = ENV.replace(
        "connectable = async_engine_from_config(",
        "raise RuntimeError('no driver')\n    connectable = async_engine_from_config(",
    );
    project.write("alembic/env.py", &env);
    let ran = project.run(&["check", "--no-database"]);
    assert!(
        ran.stderr.contains(
            "alembic/env.py:37: the value of include_object is not known: run_migrations_online: RuntimeError: no driver"
        ),
        "{}",
        ran.stderr
    );
}

#[test]
fn an_environment_of_several_databases_has_all_their_tables() {
    let project = project();
    project.write(
        "models.py",
        "from sqlalchemy import *\nfirst, second = MetaData(), MetaData()\n\
         Table('a', first, Column('id', Integer))\nTable('b', second, Column('id', Integer))\n",
    );
    project.write(
        "alembic/env.py",
        "from alembic import context\nimport models\ntarget_metadata = {'one': models.first, 'two': models.second}\n\
         for name in ('one', 'two'):\n    \
         context.configure(url='postgresql://', target_metadata=target_metadata.get(name), upgrade_token=name)\n    \
         context.run_migrations(engine_name=name)\n",
    );
    let tables = || project.run(&["models", "--tables"]);
    assert_eq!(tables().ok(), "a  models.py:3\nb  models.py:4\n");
    let settings = project.read("aludel.toml");
    let of = |spec: &str| project.write("aludel.toml", &settings.replace("\"env\"", spec));
    of("\"alembic/env.py:two\"");
    assert_eq!(tables().ok(), "b  models.py:4\n");
    of("\"alembic/env.py:three\"");
    let stderr = tables().stderr;
    assert!(
        stderr.contains("env.py configures no database `three`")
            && stderr.contains("it knows these: one, two"),
        "{stderr}"
    );
}

#[test]
fn a_function_that_compares_defaults_is_asked() {
    let project = project();
    let history = HISTORY.replace("number integer", "number integer DEFAULT 1");
    project.revision("aaaa00000001", &[], &history, "DROP TABLE accounts;");
    let changed = "changed column public.accounts.number: change default";
    let checked = models_line(&project);
    assert!(checked.contains(changed), "{checked}");
    let env = ENV.replace(
        "        compare_type=compare_type,\n",
        "        compare_type=compare_type,\n        compare_server_default=lambda context, found, wanted, known, default, rendered: \
         False if wanted.name == 'number' and known == '1' and rendered is None else None,\n",
    );
    project.write("alembic/env.py", &env);
    let checked = models_line(&project);
    assert!(
        checked.contains("models    agree with the history"),
        "{checked}"
    );
}
