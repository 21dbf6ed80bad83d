//! Models are loaded with a real Python: `ALUDEL_TEST_PYTHON`, else `.venv/bin/python` at the root of the checkout, and
//! `ALUDEL_TEST_PYTHON_SQLALCHEMY14`, else `.venv/sqlalchemy-1.4/bin/python`.

#![expect(
    clippy::unwrap_used,
    reason = "a helper of a test may fail as the test itself"
)]

mod errors;
mod revisions;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use aludel_source::{ForeignKeys, Loaded, SourceContext, SourceError, SourceSpec, SpeaksFor, load};

/// The interpreter of the test environment.
fn python() -> String {
    named_or_at("ALUDEL_TEST_PYTHON", ".venv/bin/python")
}

/// The interpreter that has SQLAlchemy 1.4.
fn python_with_sqlalchemy14() -> String {
    named_or_at(
        "ALUDEL_TEST_PYTHON_SQLALCHEMY14",
        ".venv/sqlalchemy-1.4/bin/python",
    )
}

fn named_or_at(variable: &str, path: &str) -> String {
    if let Some(named) = std::env::var_os(variable) {
        return named.to_string_lossy().into_owned();
    }
    let python = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .join(path);
    assert!(
        python.exists(),
        "{} is missing; make it with: make test-setup",
        python.display()
    );
    python.display().to_string()
}

/// A project folder with the files given as (path, text).
struct Project {
    folder: tempfile::TempDir,
    context: SourceContext,
}

impl Project {
    fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = fs_err::canonicalize(folder.path()).unwrap();
        let context = SourceContext {
            cache_dir: root.join(".cache"),
            project_dir: root,
            python: Some(python()),
            entities: Vec::new(),
            arguments: Vec::new(),
            schema_translate_map: BTreeMap::new(),
            foreign_keys: ForeignKeys::Inside,
            ignore_cache: false,
            connects_to: None,
        };
        let project = Self { folder, context };
        for (file, text) in files {
            project.write(file, text);
        }
        project
    }

    fn with_entities(mut self, kinds: &[&str]) -> Self {
        self.context.entities = kinds.iter().map(|kind| (*kind).to_owned()).collect();
        self
    }

    fn path(&self, file: &str) -> PathBuf {
        self.folder.path().join(file)
    }

    fn write(&self, file: &str, text: &str) {
        let path = self.path(file);
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::write(path, text).unwrap();
    }

    fn try_load(&self, spec: &str) -> Result<Loaded, SourceError> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(load(
            &SourceSpec::Sqlalchemy(spec.to_owned()),
            &self.context,
        ))
    }

    fn load(&self, spec: &str) -> Loaded {
        self.try_load(spec)
            .unwrap_or_else(|error| panic!("{error}: {:?}", error.details()))
    }
}

/// The first line of each statement, with its place.
fn outline(loaded: &Loaded) -> Vec<String> {
    let line = |text: &str| {
        text.lines()
            .next()
            .unwrap_or_default()
            .trim_end()
            .to_owned()
    };
    loaded
        .statements
        .iter()
        .map(|statement| format!("{} {}", statement.origin, line(&statement.text)))
        .collect()
}

const BASE: &str = "import os\nfrom sqlalchemy.orm import DeclarativeBase\nprint('noise on standard output')\n\
    os.environ.get('SHOP_FLAVOUR')\nclass Base(DeclarativeBase):\n    pass\n";
const USER: &str = "import enum\nfrom sqlalchemy import *\nfrom sqlalchemy.orm import mapped_column\n\
    from app.models.base import Base\n\n\
    class Role(enum.Enum):\n    owner = 1\n    guest = 2\n\n\
    class User(Base):\n    __tablename__ = 'users'\n    __table_args__ = (CheckConstraint(\"name LIKE '100%'\", \
    name='c'), {'schema': 'people', 'comment': 'all of them'})\n    id = mapped_column(Integer, primary_key=True)\n    \
    name = mapped_column(String(20), index=True, info={'renamed_from': 'label'})\n    \
    role = mapped_column(Enum(Role, name='role'))\n    \
    b = mapped_column(Integer, index=True)\n    a = mapped_column(Integer, index=True)\n";

fn shop() -> Project {
    Project::new(&[
        ("backend/app/__init__.py", ""),
        (
            "backend/app/models/__init__.py",
            "from app.models.base import Base\nfrom app.models import user\n",
        ),
        ("backend/app/models/base.py", BASE),
        ("backend/app/models/user.py", USER),
    ])
}

#[test]
fn models_become_statements_with_their_places_in_a_stable_order() {
    let project = shop();
    let loaded = project.load("app.models:Base");
    let place = "backend/app/models/user.py:10";
    assert_eq!(
        outline(&loaded),
        [
            "line 1 CREATE SCHEMA IF NOT EXISTS people".to_owned(),
            format!("{place} CREATE TYPE role AS ENUM ('owner', 'guest')"),
            format!("{place} CREATE TABLE people.users ("),
            format!("{place} CREATE INDEX ix_people_users_a ON people.users (a)"),
            format!("{place} CREATE INDEX ix_people_users_b ON people.users (b)"),
            format!("{place} CREATE INDEX ix_people_users_name ON people.users (name)"),
            format!("{place} COMMENT ON TABLE people.users IS 'all of them'"),
        ]
    );
    assert!(
        loaded.statements[2].text.contains("LIKE '100%')"),
        "per cent signs stay single"
    );
    let rename = &loaded.intents.renames[0];
    assert_eq!(
        (rename.from.as_str(), rename.to.as_str()),
        ("label", "name")
    );
    assert!(loaded.warnings.is_empty(), "{:?}", loaded.warnings);
    assert!(loaded.speaks_for.includes("enum") && !loaded.speaks_for.includes("policy"));
}

#[test]
fn a_second_load_does_not_start_python_until_something_changes() {
    let mut project = shop();
    project.load("app.models:Base");
    // A wrapper with the same name counts how often Python is started.
    let counter = project.path("started");
    let wrapper = project.path("python.sh");
    let script = format!(
        "#!/bin/sh\necho >> {}\nexec {} \"$@\"\n",
        counter.display(),
        python()
    );
    fs_err::write(&wrapper, script).unwrap();
    project.context.python = Some(format!("sh {}", wrapper.display()));
    let starts = || fs_err::read_to_string(&counter).map_or(0, |text| text.lines().count());
    let first = outline(&project.load("app.models:Base"));
    assert_eq!(
        (outline(&project.load("app.models:Base")), starts()),
        (first, 1)
    );
    project.write(
        "backend/app/models/user.py",
        &USER.replace("String(20)", "String(30)"),
    );
    assert!(
        project.load("app.models:Base").statements[2]
            .text
            .contains("VARCHAR(30)")
    );
    assert_eq!(starts(), 2, "a changed file");
    project.write("backend/app/models/late.py", "");
    project.load("app.models:Base");
    assert_eq!(starts(), 3, "a new file where modules are looked for");
    project.load("app.models:Base");
    assert_eq!(starts(), 3);
}

#[test]
fn row_security_is_read_from_info_when_policies_are_managed() {
    let files = [(
        "models.py",
        "from sqlalchemy import *\nmetadata = MetaData()\nnotes = Table('notes', metadata, Column('tenant', Integer),\n    \
         info={'rls': {'force': True, 'policies': [\n        {'name': 'own rows', 'command': 'select', 'roles': \
         ['app', 'public'],\n         'permissive': False, 'using': column('tenant') == 7}]}})\n",
    )];
    let project = Project::new(&files);
    let unmanaged = project.load("models:metadata");
    assert_eq!(unmanaged.statements.len(), 1);
    assert_eq!(
        unmanaged.warnings[0].hint.as_deref(),
        Some("add \"policy\" to entities under [models] to have it managed")
    );
    let project = Project::new(&files).with_entities(&["policies"]);
    let managed = project.load("models:metadata");
    let texts: Vec<&str> = managed
        .statements
        .iter()
        .map(|statement| statement.text.as_str())
        .collect();
    assert_eq!(
        texts[1..],
        [
            "ALTER TABLE notes ENABLE ROW LEVEL SECURITY",
            "ALTER TABLE notes FORCE ROW LEVEL SECURITY",
            "CREATE POLICY \"own rows\" ON notes\n    AS RESTRICTIVE\n    FOR SELECT\n    TO app, PUBLIC\n    USING (tenant = 7)",
        ]
    );
    assert!(managed.needs.roles.contains("app"));
    let SpeaksFor::Kinds(kinds) = &managed.speaks_for else {
        panic!("{:?}", managed.speaks_for)
    };
    assert!(kinds.contains("policy"));
}

#[test]
fn model_files_that_no_one_imports_are_named_with_the_line_to_add() {
    let project = shop();
    project.write(
        "backend/app/models/coupon.py",
        "from app.models.base import Base\n\n\nclass Coupon(Base):\n    __tablename__ = \"coupons\"\n",
    );
    project.write(
        "backend/app/other.py",
        "class Own(DeclarativeBase): pass\nclass X(Own):\n    __tablename__ = 'x'\n",
    );
    project.write(
        "backend/app/tests/test_a.py",
        "class Y(Base):\n    __tablename__ = 'y'\n",
    );
    let warnings = project.load("app.models:Base").warnings;
    assert_eq!(warnings.len(), 1, "{warnings:?}");
    let warning = &warnings[0];
    assert_eq!(
        (warning.file.as_deref(), warning.line),
        (Some("backend/app/models/coupon.py"), 4)
    );
    assert_eq!(
        warning.message,
        "table `coupons` is defined here, but nothing imports this file"
    );
    let hint = "add `from app.models import coupon` to backend/app/models/__init__.py";
    assert_eq!(warning.hint.as_deref(), Some(hint));
}

#[test]
fn an_alembic_environment_is_read_without_a_database() {
    let env = "from alembic import context\nfrom alembic_utils.pg_function import PGFunction\n\
        from alembic_utils.pg_view import PGView\nfrom alembic_utils.replaceable_entity import register_entities\n\
        from models import SQLModel\nconfig = context.config\n\
        register_entities([PGView('public', 'a', 'SELECT * FROM b'), PGView('public', 'b', 'SELECT 1 AS one'),\n    \
        PGFunction('public', 'f()', 'returns int language sql as $$ select 1 $$')])\n\
        target_metadata = SQLModel.metadata\n\
        def online():\n    raise SystemExit('connects')\n\
        if context.is_offline_mode():\n    context.configure(url=config.get_main_option('sqlalchemy.url'), \
        target_metadata=target_metadata)\n    with context.begin_transaction():\n        context.run_migrations()\n\
        else:\n    online()\n";
    let project = Project::new(&[
        ("alembic.ini", "[alembic]\nscript_location = %(here)s/migrations\nprepend_sys_path = .\nsqlalchemy.url = x://\n"),
        ("migrations/env.py", env),
        (
            "models.py",
            "from typing import Optional\nfrom sqlmodel import Field, SQLModel\nclass Hero(SQLModel, table=True):\n    \
             id: Optional[int] = Field(default=None, primary_key=True)\n",
        ),
    ])
    .with_entities(&["function", "view"]);
    for spec in ["env", "migrations/env.py", "alembic.ini"] {
        let loaded = project.load(spec);
        assert_eq!(
            outline(&loaded),
            [
                "models.py:3 CREATE TABLE hero (",
                "line 1 CREATE FUNCTION \"public\".\"f\"() returns int language sql as $$ select 1 $$",
                "line 1 CREATE VIEW \"public\".\"b\" AS SELECT 1 AS one",
                "line 1 CREATE VIEW \"public\".\"a\" AS SELECT * FROM b",
            ],
            "{spec}"
        );
    }
}

#[test]
fn tables_that_only_alembics_revisions_import_are_models_as_alembic_sees_them() {
    let env = "from alembic import context\nfrom app import Base\n\
        context.configure(url='x://', target_metadata=Base.metadata)\ncontext.run_migrations()\n";
    let files = [
        (
            "alembic.ini",
            "[alembic]\nscript_location = migrations\nprepend_sys_path = .\n",
        ),
        ("migrations/env.py", env),
        (
            "app.py",
            "from sqlalchemy.orm import declarative_base\nBase = declarative_base()\n",
        ),
        (
            "models.py",
            "from app import Base\nfrom sqlalchemy import *\nclass Hero(Base):\n    __tablename__ = 'hero'\n    \
             id = Column(Integer, primary_key=True)\n",
        ),
    ];
    let project = Project::new(&files);
    let nothing = project.load("migrations/env.py");
    assert_eq!(outline(&nothing), [""; 0]);
    assert_eq!(nothing.warnings.len(), 1, "{:?}", nothing.warnings);

    let revision = "import models, sqlalchemy as sa\nrevision, down_revision = 'a1', None\n\
        sa.CheckConstraint(models.Hero.id > 0, name='positive')\nsa.Index('by_id', models.Hero.id)\n\
        def upgrade():\n    pass\n";
    let revisions = [files.as_slice(), &[("migrations/versions/a1.py", revision)]].concat();
    let loaded = Project::new(&revisions).load("migrations/env.py");
    assert_eq!(outline(&loaded), ["models.py:3 CREATE TABLE hero ("]);
    let sql = &loaded.statements[0].text;
    assert!(
        !sql.contains("positive"),
        "what a revision makes is no model: {sql}"
    );
    let warning = &loaded.warnings[0];
    assert_eq!(
        warning.message,
        "Alembic's revisions alone import the models of hero"
    );
    let hint = "import in env.py, before the revisions go: models";
    assert_eq!(warning.hint.as_deref(), Some(hint));

    let mut online = revisions.clone();
    online[1].1 =
        "from app import Base\ntarget_metadata = Base.metadata\nraise SystemExit('online only')\n";
    let loaded = Project::new(&online).load("migrations/env.py");
    assert_eq!(outline(&loaded), ["models.py:3 CREATE TABLE hero ("]);

    let broken = [
        files.as_slice(),
        &[("migrations/versions/a1.py", "import nowhere\n")],
    ]
    .concat();
    let loaded = Project::new(&broken).load("migrations/env.py");
    assert_eq!(
        loaded.warnings[0].message,
        "Alembic's revisions cannot be read: ModuleNotFoundError: No module named 'nowhere'"
    );
}

#[test]
fn an_environment_gets_what_was_typed_for_it() {
    let mut project = Project::new(&[
        ("alembic.ini", "[alembic]\nscript_location = migrations\n"),
        (
            "migrations/env.py",
            "from alembic import context\nfrom sqlalchemy import Column, Integer, MetaData, Table\n\
             typed = context.get_x_argument(as_dictionary=True)\ntarget_metadata = MetaData()\n\
             Table(typed['table'], target_metadata, Column('id', Integer))\n\
             context.configure(url='postgresql://', target_metadata=target_metadata)\n",
        ),
    ]);
    assert_eq!(outline(&project.load("env")), [""; 0]);
    project.context.arguments = vec!["table=shop".to_owned(), "loud".to_owned()];
    assert_eq!(
        outline(&project.load("env")),
        ["migrations/env.py:5 CREATE TABLE shop ("]
    );
}

#[test]
fn listeners_cycles_and_several_metadata_are_written_down() {
    let project = Project::new(&[(
        "models.py",
        "from sqlalchemy import *\nfrom sqlalchemy import event, DDL\none, two = MetaData(), MetaData()\n\
         both = [one, two]\n\
         Table('a', one, Column('id', Integer, primary_key=True), Column('b', ForeignKey('b.id')))\n\
         b = Table('b', one, Column('id', Integer, primary_key=True), Column('a', ForeignKey('a.id')))\n\
         c = Table('c', two, Column('id', Integer, primary_key=True))\n\
         event.listen(c, 'after_create', DDL('ALTER TABLE %(table)s SET (fillfactor = 70)'))\n\
         @event.listens_for(c, 'before_create')\ndef index(target, connection, **kw):\n    \
         target.indexes.add(Index('c_lower', func.abs(target.c.id)))\n\
         @event.listens_for(c, 'after_create')\ndef more(target, connection, **kw):\n    \
         connection.execute(text('COMMENT ON TABLE c IS :it').bindparams(it=\"c's\"))\n",
    )]);
    let loaded = project.load("models:both");
    assert_eq!(
        outline(&loaded),
        [
            "models.py:5 CREATE TABLE a (",
            "models.py:6 CREATE TABLE b (",
            "models.py:5 ALTER TABLE a ADD FOREIGN KEY(b) REFERENCES b (id)",
            "models.py:6 ALTER TABLE b ADD FOREIGN KEY(a) REFERENCES a (id)",
            "models.py:7 CREATE TABLE c (",
            "models.py:7 CREATE INDEX c_lower ON c (abs(id))",
            "models.py:7 ALTER TABLE c SET (fillfactor = 70)",
            "line 1 COMMENT ON TABLE c IS 'c''s'",
        ]
    );
}

#[test]
fn sqlalchemy_1_4_gives_the_same_statements() {
    let mut project = Project::new(&[(
        "models.py",
        "from sqlalchemy import *\nfrom sqlalchemy.dialects.postgresql import ENUM, JSONB\n\
         from sqlalchemy.orm import declarative_base\nBase = declarative_base()\n\
         class User(Base):\n    __tablename__ = 'users'\n    id = Column(Integer, primary_key=True)\n    \
         path = Column(String, server_default='a\\\\b%', index=True)\n    \
         kind = Column(ENUM('x', 'y', name='kind', create_type=False))\n    \
         data = Column(JSONB, server_default=text(\"'{}'\"), index=True)\n",
    )]);
    let newer = outline(&project.load("models:Base"));
    project.context.python = Some(python_with_sqlalchemy14());
    let older = project.load("models:Base");
    assert_eq!(outline(&older), newer);
    assert_eq!(
        older.statements[0].text,
        "CREATE TYPE kind AS ENUM ('x', 'y')"
    );
    assert!(
        older.statements[1].text.contains(r"DEFAULT 'a\b%'"),
        "{:?}",
        older.statements[1]
    );
}

#[test]
fn metadata_without_tables_and_indexes_defined_twice_are_warned_of() {
    let project = Project::new(&[(
        "models.py",
        "from sqlalchemy import *\nempty, m = MetaData(), MetaData()\nt = Table('t', m, Column('a', Integer))\n\
         Index('i', t.c.a)\nIndex('i', t.c.a)\n",
    )]);
    let loaded = project.load("models:empty");
    assert_eq!(
        loaded.warnings[0].message,
        "the metadata of `models:empty` holds no table"
    );
    let loaded = project.load("models:m");
    assert_eq!(loaded.statements.len(), 2);
    assert_eq!(
        loaded.warnings[0].message,
        "table t defines an index twice: CREATE INDEX i ON t (a)"
    );
    assert_eq!(loaded.warnings[0].line, 3);
}

#[test]
fn the_example_shop_is_found_and_loads() {
    let shop = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/shop-python");
    let found = aludel_source::discover(&shop);
    let SourceSpec::Sqlalchemy(spec) = &found[0].spec else {
        panic!("{found:?}")
    };
    assert_eq!(spec, "backend/app.models:Base");
    let mut project = Project::new(&[]).with_entities(&["policy"]);
    project.context.project_dir = fs_err::canonicalize(shop).unwrap();
    let loaded = project.load(spec);
    assert!(loaded.warnings.is_empty(), "{:?}", loaded.warnings);
    let count = |start: &str| {
        loaded
            .statements
            .iter()
            .filter(|one| one.text.starts_with(start))
            .count()
    };
    assert_eq!(
        (
            count("CREATE TABLE"),
            count("CREATE TYPE"),
            count("CREATE POLICY")
        ),
        (8, 1, 7)
    );
}
