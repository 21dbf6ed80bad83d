//! What `aludel models` prints makes the database that SQLAlchemy's own `create_all` makes: judged by `pg_dump`.

use std::path::{Path, PathBuf};

use crate::project::Project;
use crate::server::Server;

/// Where the models are.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/adopt/create_all")
}

/// Models, and what they need.
#[derive(Default)]
struct Models<'a> {
    spec: &'a str,
    /// The environment below `.venv`, where it is not the first.
    python: Option<&'a str>,
    /// What stands before either begins.
    before: &'a str,
    /// A schema of the models, and the one that is meant.
    translated: Option<(&'a str, &'a str)>,
}

impl Models<'_> {
    fn project(&self) -> Project {
        let project = Project::copy_of(&folder()).with_python(self.python);
        let translated = self.translated.map_or_else(String::new, |(from, to)| {
            format!("schema-translate-map = {{ \"{from}\" = \"{to}\" }}\n")
        });
        project.write(
            "aludel.toml",
            &format!(
                "[models]\nsources = [{{ sqlalchemy = \"{}\" }}]\npython = \"{}\"\n{translated}\
                 entities = [\"function\", \"trigger\", \"view\", \"materialized view\"]\n",
                self.spec,
                project.python().display()
            ),
        );
        project.write("migrations/.keep", "");
        project
    }

    /// Fails unless both databases are the same; returns what was printed.
    fn judge(&self, server: &Server) -> String {
        let project = self.project();
        let (ours, theirs) = (server.database(), server.database());
        for database in [&ours, &theirs] {
            database.run(self.before);
        }
        let ran = project.aludel(&["models"], None);
        assert_eq!(ran.code, 0, "{}: {}", self.spec, ran.stderr);
        ours.run(&ran.stdout);
        let driver = self.python.map_or("psycopg", |_| "psycopg2");
        let translated: serde_json::Map<String, serde_json::Value> = self
            .translated
            .map(|(from, to)| (from.to_owned(), to.into()))
            .into_iter()
            .collect();
        let translated = serde_json::Value::Object(translated).to_string();
        project.python_runs(
            &folder().join("create_all.py"),
            &[self.spec, &theirs.sqlalchemy_with(driver), &translated],
        );
        if let Some(difference) = testkit::judge::dump::difference(&ours.schema(), &theirs.schema())
        {
            panic!("{} with {:?}:\n{difference}", self.spec, self.python);
        }
        ran.stdout
    }
}

#[test]
fn models_print_what_create_all_makes() {
    let server = Server::start();
    let schemas = "CREATE SCHEMA tenant; CREATE EXTENSION btree_gist;";
    for python in [None, Some("sqlalchemy-1.4")] {
        let wide = Models {
            spec: "wide:every",
            python,
            before: schemas,
            translated: None,
        };
        wide.judge(&server);
        let translated = Models {
            spec: "wide:tenant",
            before: "CREATE SCHEMA acme",
            translated: Some(("tenant", "acme")),
            ..wide
        };
        let printed = translated.judge(&server);
        assert!(printed.contains("CREATE TABLE acme.one"), "{printed}");
    }
    for (spec, before) in [
        ("heroes:SQLModel", ""),
        (
            "utils_types:metadata",
            "CREATE EXTENSION citext; CREATE EXTENSION ltree;",
        ),
    ] {
        let models = Models {
            spec,
            before,
            ..Models::default()
        };
        models.judge(&server);
    }
}

#[test]
fn a_bind_of_flask_sqlalchemy_is_a_metadata_of_its_own() {
    let server = Server::start();
    let models = |spec| Models {
        spec,
        ..Models::default()
    };
    models("flask_shop:both").judge(&server);
    let stock = models("flask_shop:stock").judge(&server);
    assert!(stock.contains("CREATE TABLE stock_item"), "{stock}");
    assert!(!stock.contains("customer"), "{stock}");
    let printed = |spec| models(spec).project().aludel(&["models"], None).stdout;
    // `db` is all of them, and its metadata the one without a name.
    assert_eq!(printed("flask_shop:db"), printed("flask_shop:both"));
    assert!(!printed("flask_shop:db.metadata").contains("stock_item"));
}

/// The server of the tests has neither extension, so it cannot judge what is printed.
#[test]
fn types_of_pgvector_and_geoalchemy2_are_printed_and_their_extensions_named() {
    let printed = |spec: &str| {
        let models = Models {
            spec,
            ..Models::default()
        };
        let project = models.project();
        let checked = project.aludel(&["check", "--no-database"], None);
        (project.aludel(&["models"], None).stdout, checked.stderr)
    };
    let (vectors, refused) = printed("places:vectors");
    for line in [
        "embedding VECTOR(3)",
        "\"any\" VECTOR",
        "half HALFVEC(4)",
        "few SPARSEVEC(5)",
        "bits BIT(6)",
        "CREATE INDEX documents_embedding ON documents USING hnsw (embedding vector_l2_ops) WITH (m = 16, ef_construction = 64);",
    ] {
        assert!(vectors.contains(line), "{line}\n{vectors}");
    }
    assert!(refused.contains("CREATE EXTENSION vector;"), "{refused}");
    let (shapes, refused) = printed("places:shapes");
    for line in [
        "at geometry(POINT,4326) NOT NULL",
        "area geography(POLYGON,4326)",
        "picture raster",
        "CREATE INDEX idx_places_at ON places USING gist (at);",
    ] {
        assert!(shapes.contains(line), "{line}\n{shapes}");
    }
    assert!(refused.contains("CREATE EXTENSION postgis;"), "{refused}");
}
