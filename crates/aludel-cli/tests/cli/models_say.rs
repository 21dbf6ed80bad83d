//! What SQLAlchemy models may say beyond tables: renames, enum maps, domains, extensions, views; and answers for programs.

use crate::support::{Project, python};

fn project(models: &str, entities: &str) -> Project {
    let project = Project::new();
    project.write(
        "aludel.toml",
        &format!(
            "[models]\nsources = [{{ sqlalchemy = \"models:metadata\" }}]\npython = \"{}\"\nentities = [{entities}]\n",
            python()
        ),
    );
    project.write("models.py", models);
    project
}

fn generated(project: &Project) -> String {
    let path = project
        .run(&["revision", "--autogenerate", "-m", "change"])
        .ok();
    project.read(path.trim())
}

#[test]
fn renames_of_tables_constraints_and_types_keep_what_is_there() {
    let project = project(
        "from sqlalchemy import *\n\
         metadata = MetaData(info={'renames': {'enum:mood': 'feeling', 'people': 'persons'}})\n\
         Table('persons', metadata, Column('id', Integer, primary_key=True, autoincrement=False),\n    \
         Column('feeling', Enum('ok', 'bad', name='feeling'), info={'renamed_from': 'mood'}),\n    \
         CheckConstraint('id > 0', name='positive', info={'renamed_from': 'id_check'}))\n",
        "",
    );
    project.revision(
        "aaaa00000001",
        &[],
        "CREATE TYPE mood AS ENUM ('ok', 'bad');\n\
         CREATE TABLE people (id integer CONSTRAINT people_pkey PRIMARY KEY, mood mood, CONSTRAINT id_check CHECK (id > 0));",
        "DROP TABLE people; DROP TYPE mood;",
    );
    let text = generated(&project);
    for statement in [
        "ALTER TYPE public.mood RENAME TO feeling;",
        "ALTER TABLE public.people RENAME TO persons;",
        "RENAME COLUMN mood TO feeling;",
        "RENAME CONSTRAINT id_check TO positive;",
    ] {
        assert!(text.contains(statement), "{statement}\n{text}");
    }
    assert!(
        !text.contains("DROP TABLE") && !text.contains("DROP TYPE"),
        "{text}"
    );
}

#[test]
fn an_enum_map_in_the_models_says_what_rows_get() {
    let project = project(
        "from sqlalchemy import *\nmetadata = MetaData()\n\
         Table('t', metadata, Column('s', Enum('new', name='status'), info={'enum_map': {'old': 'new'}}))\n",
        "",
    );
    project.revision(
        "aaaa00000001",
        &[],
        "CREATE TYPE status AS ENUM ('old', 'new');\nCREATE TABLE t (s status);",
        "DROP TABLE t; DROP TYPE status;",
    );
    let text = generated(&project);
    assert!(
        text.contains("WHEN 'old' THEN 'new'") || text.contains("'old'"),
        "{text}"
    );
    project.write(
        "models.py",
        "from sqlalchemy import *\nmetadata = MetaData(info={'enum_map': {'status': {'old': 'new'}}})\n\
         Table('t', metadata, Column('s', Enum('new', name='status')))\n",
    );
    for file in project
        .migrations()
        .iter()
        .filter(|file| !file.starts_with("aaaa"))
    {
        fs_err::remove_file(project.path().join("migrations").join(file)).unwrap();
    }
    let again = generated(&project);
    let section = |text: &str| text.split("-- aludel: upgrade").nth(1).unwrap().to_owned();
    assert_eq!(
        section(&again),
        section(&text),
        "a column and its metadata say the same"
    );
}

#[test]
fn answers_say_that_a_drop_is_one() {
    let project = project(
        "from sqlalchemy import *\nmetadata = MetaData()\n\
         Table('t', metadata, Column('a', Integer), Column('full_name', Text))\n",
        "",
    );
    project.revision(
        "aaaa00000001",
        &[],
        "CREATE TABLE t (a integer, name text);",
        "DROP TABLE t;",
    );
    let ran = project.run(&["revision", "--autogenerate", "-m", "x", "--rev-id", "b1"]);
    assert!(
        ran.stderr.contains("--rename"),
        "it looks like a rename: {}",
        ran.stderr
    );
    project.write("answers.toml", "drop = [\"public.t.name\"]\n");
    for file in project
        .migrations()
        .iter()
        .filter(|file| file.contains("_b1_"))
    {
        fs_err::remove_file(project.path().join("migrations").join(file)).unwrap();
    }
    let ran = project.run(&[
        "revision",
        "--autogenerate",
        "-m",
        "x",
        "--answers",
        "answers.toml",
    ]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(!ran.stderr.contains("--rename"), "{}", ran.stderr);
}

#[test]
fn what_the_tables_cannot_do_without_is_made_with_them() {
    let project = project(
        "from sqlalchemy import *\nfrom sqlalchemy import event\nfrom sqlalchemy.dialects.postgresql import CITEXT, DOMAIN\n\
         metadata = MetaData()\n\
         Table('t', metadata, Column('id', Integer, primary_key=True), Column('mail', CITEXT),\n    \
         Column('size', DOMAIN('positive', Integer, check='VALUE > 0')), schema='shop')\n\
         @event.listens_for(metadata, 'before_create')\ndef extensions(target, connection, **_):\n    \
         connection.execute(text('CREATE EXTENSION IF NOT EXISTS citext'))\n",
        "",
    );
    let text = generated(&project);
    for statement in [
        "CREATE SCHEMA shop;",
        "CREATE EXTENSION IF NOT EXISTS citext WITH SCHEMA public;",
        "CREATE DOMAIN public.positive AS integer",
        "mail public.citext",
    ] {
        assert!(text.contains(statement), "{statement}\n{text}");
    }
    project.run(&["test"]).ok();
    let checked = project.run(&["check", "--no-database"]).ok();
    assert!(checked.contains("agree"), "{checked}");
    // The domain is changed with the models, and left alone when they do not name it any more.
    let models = project.read("models.py");
    project.write("models.py", &models.replace("VALUE > 0", "VALUE > 1"));
    assert!(generated(&project).contains("ALTER DOMAIN public.positive"));
    project.write(
        "models.py",
        &models.replace("DOMAIN('positive', Integer, check='VALUE > 0')", "Integer"),
    );
    assert!(!generated(&project).contains("DROP DOMAIN"));
}

#[test]
fn an_extension_of_the_history_is_there_for_the_models() {
    let project = project(
        "from sqlalchemy import *\nfrom sqlalchemy_utils import create_materialized_view, create_view, EmailType, UUIDType\n\
         from sqlalchemy_utils.types.ltree import LtreeType\n\
         metadata = MetaData()\n\
         t = Table('t', metadata, Column('id', UUIDType, primary_key=True), Column('mail', EmailType), Column('path', LtreeType))\n\
         create_materialized_view('mails', select(t.c.mail), metadata, indexes=[Index('mails_mail', 'mail', unique=True)])\n\
         create_view('ids', select(t.c.id), metadata)\n",
        "\"view\", \"materialized view\"",
    );
    project.revision(
        "aaaa00000001",
        &[],
        "CREATE EXTENSION ltree;",
        "DROP EXTENSION ltree;",
    );
    let text = generated(&project);
    for statement in [
        "path public.ltree",
        "CREATE MATERIALIZED VIEW public.mails",
        "CREATE UNIQUE INDEX mails_mail ON public.mails",
        "CREATE VIEW public.ids",
    ] {
        assert!(text.contains(statement), "{statement}\n{text}");
    }
    assert!(!text.contains("EXTENSION"), "{text}");
    project.run(&["test"]).ok();
}

#[test]
fn a_type_of_an_extension_that_nobody_makes_says_whose_it_is() {
    let project = project(
        "from sqlalchemy import *\nfrom sqlalchemy.types import UserDefinedType\n\
         class Vector(UserDefinedType):\n    def get_col_spec(self, **_):\n        return 'VECTOR(3)'\n\
         metadata = MetaData()\nTable('t', metadata, Column('v', Vector()))\n",
        "",
    );
    let error = project.run(&["check", "--no-database"]).error();
    assert!(error.contains("type \"vector\" does not exist"), "{error}");
    assert!(error.contains("CREATE EXTENSION vector;"), "{error}");
}
