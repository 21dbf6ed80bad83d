//! Models beside a history that something else wrote: what the models do not say is no difference.

use aludel_postgres::DatabaseUrl;

use crate::support::{Project, execute, python};

const MODELS: &str = r#"from sqlalchemy import *
from sqlalchemy.orm import DeclarativeBase


class Base(DeclarativeBase):
    pass


parents = Table(
    "parents", Base.metadata,
    Column("id", Integer, primary_key=True),
    Column("code", String, unique=True),
    Column("size", Integer, CheckConstraint("size > 0")),
)
children = Table(
    "children", Base.metadata,
    Column("id", Integer, primary_key=True),
    Column("parent_id", ForeignKey("parents.id", ondelete="CASCADE")),
    Column("number", Integer),
    UniqueConstraint("number", name="uq_number"),
)
Index("ix_parents_code_trgm", parents.c.code, postgresql_using="gin")
"#;

/// As the models say, under the names of another convention, with what they cannot say of the index.
const HISTORY: &str = r#"CREATE EXTENSION pg_trgm;
CREATE TABLE parents (
    id serial CONSTRAINT pk_parents PRIMARY KEY,
    code varchar CONSTRAINT uq_code UNIQUE,
    size integer CONSTRAINT "Positive Size" CHECK (size > 0)
);
CREATE TABLE children (
    id serial CONSTRAINT pk_children PRIMARY KEY,
    parent_id integer CONSTRAINT "to parents" REFERENCES parents ON DELETE CASCADE,
    number integer CONSTRAINT uq_number UNIQUE
);
CREATE INDEX ix_parents_code_trgm ON parents USING gin (code gin_trgm_ops);
"#;

fn project(history: &str) -> Project {
    let project = Project::new();
    project.write("models.py", MODELS);
    project.write(
        "aludel.toml",
        &format!(
            "[models]\nsources = [{{ sqlalchemy = \"models:Base\" }}]\npython = \"{}\"\n",
            python()
        ),
    );
    project.revision(
        "aaaa00000001",
        &[],
        history,
        "DROP TABLE children, parents;",
    );
    project
}

#[test]
fn a_constraint_that_the_models_do_not_name_is_called_what_the_history_calls_it() {
    let project = project(HISTORY);
    let checked = project.run(&["check", "--no-database"]);
    assert!(
        checked.stdout.contains("models    agree with the history"),
        "{}",
        checked.stdout
    );
    assert!(
        checked.stderr.contains(
            "models.py:9: PostgreSQL does not make index public.parents.ix_parents_code_trgm as the models state: \
             data type character varying has no default operator class for access method \"gin\""
        ),
        "{}",
        checked.stderr
    );
}

#[test]
fn what_such_a_constraint_says_is_compared_all_the_same() {
    let history = HISTORY
        .replace(" ON DELETE CASCADE", "")
        .replace("size > 0", "size > 1")
        .replace("uq_number", "number_once");
    let project = project(&history);
    let checked = project.run(&["check", "--no-database"]).stdout;
    let expected = "models    ahead of the history by 5 changes:\n  \
        removed constraint public.children.number_once\n  added constraint public.children.uq_number\n  \
        removed constraint public.parents.\"Positive Size\"\n  added constraint public.parents.parents_size_check\n  \
        changed foreign key public.children.\"to parents\": make again: the definition of a foreign key cannot be changed\n";
    assert!(checked.starts_with(expected), "{checked}");
}

#[test]
fn a_table_that_the_history_has_partitioned_stays_so() {
    let history = HISTORY.replace(
        ");\nCREATE TABLE children",
        ");\nCREATE TABLE days (id integer, day date NOT NULL, note text, PRIMARY KEY (id, day)) PARTITION BY RANGE (day);\n\
         CREATE TABLE days_2026 PARTITION OF days FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');\n\
         CREATE INDEX ix_days_day ON days (day);\nCREATE TABLE children",
    );
    let project = project(&history);
    let days = "\ndays = Table(\"days\", Base.metadata, Column(\"id\", Integer, primary_key=True), \
                Column(\"day\", Date, primary_key=True, index=True), Column(\"note\", TYPE))\n";
    project.write(
        "models.py",
        &format!("{MODELS}{}", days.replace("TYPE", "Text")),
    );
    let checked = project.run(&["check", "--no-database"]).stdout;
    // Which partitions there are, the models would have to say, to Alembic too.
    let expected =
        "models    ahead of the history by 1 change:\n  removed table public.days_2026\n";
    assert!(checked.starts_with(expected), "{checked}");
    project.write(
        "models.py",
        &format!("{MODELS}{}", days.replace("TYPE", "String(9)")),
    );
    let checked = project.run(&["check", "--no-database"]).stdout;
    let expected = "models    ahead of the history by 2 changes:\n  removed table public.days_2026\n  \
                    changed column public.days.note: change type\n";
    assert!(checked.starts_with(expected), "{checked}");
}

#[test]
fn an_index_that_is_nowhere_is_refused_with_the_servers_words() {
    let history = HISTORY
        .lines()
        .filter(|line| !line.contains("CREATE INDEX"));
    let project = project(&history.collect::<Vec<_>>().join("\n"));
    let refused = project.run(&["check", "--no-database"]);
    assert!(
        refused.stderr.contains("models.py:9\n")
            && refused.stderr.contains("no default operator class"),
        "{}",
        refused.stderr
    );
}

#[test]
fn what_is_remembered_of_a_refusal_is_asked_again_without_the_cache() {
    let mut project = project(HISTORY);
    let cache = project.path().join("kept");
    project.set("ALUDEL_CACHE_DIR", cache.to_str().unwrap());
    let says = |words: &str, options: &[&str]| {
        let checked = project.run(&[&["check", "--no-database"], options].concat());
        checked.stderr.contains(words)
    };
    assert!(says("no default operator class", &[]));
    let refused = fs_err::read_dir(cache.join("catalogs"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .find(|path| path.to_string_lossy().ends_with(".refused.json"))
        .expect("it is remembered");
    let text = fs_err::read_to_string(&refused).unwrap();
    let other = text.replace("data type character varying", "another type");
    assert_ne!(text, other);
    fs_err::write(&refused, other).unwrap();
    assert!(says("another type", &[]), "no server is asked");
    assert!(
        !says("another type", &["--no-cache"]),
        "the server is asked"
    );
}

#[test]
fn a_foreign_key_that_cannot_be_is_compared_as_the_history_has_it() {
    let models = MODELS.replace(
        "Column(\"parent_id\", ForeignKey(\"parents.id\"",
        "Column(\"parent_id\", String, ForeignKey(\"parents.id\"",
    );
    let project = project(HISTORY);
    project.write("models.py", &models);
    let checked = project.run(&["check", "--no-database"]);
    let expected = "models    ahead of the history by 1 change:\n  changed column public.children.parent_id: change type\n";
    assert!(checked.stdout.starts_with(expected), "{}", checked.stdout);
    assert!(
        checked.stderr.contains(
            "models.py:9: PostgreSQL does not make index public.parents.ix_parents_code_trgm, \
             foreign key public.children.\"to parents\" as the models state: "
        ),
        "{}",
        checked.stderr
    );
}

/// An index over a column of no table, as a mixin's `__table_args__` makes it, and a foreign key to a table of others.
const HALF: &str = r#"
Index("ix_children_number", children.c.number, postgresql_where=Column(Integer) > 0)
orders = Table("orders", Base.metadata, Column("id", Integer, primary_key=True), Column("user_id", Integer, ForeignKey("ab_user.id")))
"#;

#[test]
fn what_sqlalchemy_cannot_write_is_compared_as_the_history_has_it() {
    let history = HISTORY.to_owned()
        + "CREATE TABLE ab_user (id serial PRIMARY KEY);\n\
           CREATE TABLE orders (id serial PRIMARY KEY, user_id integer REFERENCES ab_user);\n\
           CREATE INDEX ix_children_number ON children (number) WHERE number > 0;\n";
    let project = project(&history);
    project.write("models.py", &format!("{MODELS}{HALF}"));
    let checked = project.run(&["check", "--no-database"]);
    assert!(
        checked.stdout.contains("models    agree with the history"),
        "{}",
        checked.stdout
    );
    for said in [
        "models.py:15: SQLAlchemy cannot write index public.children.ix_children_number: ",
        "models.py:25: SQLAlchemy cannot write foreign key public.orders.orders_user_id_fkey: ",
    ] {
        assert!(checked.stderr.contains(said), "{said}\n{}", checked.stderr);
    }
    let models = project.run(&["models"]);
    assert!(models.ok().contains("CREATE TABLE orders"));
}

#[test]
fn a_foreign_key_that_cannot_be_and_is_in_no_revision_is_left_out() {
    let project = project(&HISTORY.replace(
        " CONSTRAINT \"to parents\" REFERENCES parents ON DELETE CASCADE",
        "",
    ));
    project.write("models.py", &MODELS.replace("parents.id", "parents.size"));
    let checked = project.run(&["check", "--no-database"]);
    assert!(
        checked.stdout.contains("models    agree with the history"),
        "{}",
        checked.stdout
    );
    assert!(
        checked
            .stderr
            .contains("foreign key children (parent_id) (in no revision, left out)"),
        "{}",
        checked.stderr
    );
}

/// A list and a range as PostgreSQL words them, and as it words them after a dump was restored.
const WORDED: &str = "CREATE TABLE t (a varchar CONSTRAINT c CHECK (a IN ('x', 'y')), \
     b integer CONSTRAINT r CHECK (b BETWEEN 1 AND 9 AND b <> 5));\nCREATE INDEX i ON t (b) WHERE a IN ('x', 'y');\n";
const RESTORED: &str = "CREATE TABLE t (\
     a varchar CONSTRAINT c CHECK (a::text = ANY (ARRAY[('x'::varchar)::text, ('y'::varchar)::text])), \
     b integer CONSTRAINT r CHECK (b >= 1 AND b <= 9 AND b <> 5));\n\
     CREATE INDEX i ON t (b) WHERE a::text = ANY (ARRAY[('x'::varchar)::text, ('y'::varchar)::text]);\n";

#[test]
fn what_was_restored_from_a_dump_says_the_same() {
    let project = Project::with_database();
    project.write(
        "aludel.toml",
        "[models]\nsources = [{ sql = \"schema.sql\" }]\n",
    );
    project.write("schema.sql", WORDED);
    project.revision("aaaa00000001", &[], RESTORED, "DROP TABLE t;");
    project.run(&["upgrade"]).ok();
    let checked = project.run(&["check"]).ok();
    assert!(
        checked.contains("models    agree with the history"),
        "{checked}"
    );
    let recreated = WORDED.replace("'y'", "'z'");
    project.write("schema.sql", &recreated);
    let checked = project.run(&["check"]).stdout;
    assert!(
        checked.starts_with("models    ahead of the history by 2 changes:"),
        "{checked}"
    );
    let url = DatabaseUrl::parse(project.variable("DATABASE_URL")).unwrap();
    execute(
        &url,
        &format!("SET search_path = public; DROP TABLE t; {WORDED}"),
    );
    project.write("schema.sql", RESTORED);
    let checked = project.run(&["check"]).ok();
    assert!(checked.contains("drift     none"), "{checked}");
}
