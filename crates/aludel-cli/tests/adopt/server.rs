//! A server of the tests' own, its databases, and what `pg_dump` says of them.

use std::path::Path;
use std::sync::mpsc;
use std::time::Duration;

use aludel_postgres::{
    ConnectOptions, DatabaseUrl, EngineChoice, Programs, Scratch, ScratchOptions, Session,
};
use testkit::judge::client::client_programs;

use crate::project::cache_dir;

/// The server, and the programs that judge.
pub(crate) struct Server {
    url: DatabaseUrl,
    client: Programs,
}

/// A database.
pub(crate) struct Database<'a> {
    url: DatabaseUrl,
    server: &'a Server,
}

impl Server {
    /// The server ends with the thread that started it, so that thread sleeps as long as the tests run.
    pub(crate) fn start() -> Self {
        let (sender, receiver) = mpsc::channel();
        std::thread::spawn(move || {
            runtime().block_on(async {
                let options = ScratchOptions {
                    engine: EngineChoice::Native,
                    cache_dir: Some(cache_dir()),
                    ..ScratchOptions::default()
                };
                let scratch = Scratch::start(&options).await.unwrap();
                let first = scratch.database().await.unwrap();
                let major = scratch.server_version_num() / 10_000;
                sender.send((first.url().clone(), major)).unwrap();
                std::future::pending::<()>().await;
            });
        });
        let (url, major) = receiver.recv_timeout(Duration::from_mins(2)).unwrap();
        let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let client =
            client_programs(&checkout, major).expect("pg_dump is missing: make test-setup");
        Self { url, client }
    }

    /// A new database.
    pub(crate) fn database(&self) -> Database<'_> {
        let name = runtime().block_on(async {
            let session = Session::connect(&self.url, &ConnectOptions::default())
                .await
                .unwrap();
            let count = session
                .scalar("SELECT count(*) FROM pg_database")
                .await
                .unwrap()
                .unwrap();
            let name = format!("project_{count}");
            session
                .execute(&format!("CREATE DATABASE {name}"))
                .await
                .unwrap();
            name
        });
        Database {
            url: self.url.with_database(&name),
            server: self,
        }
    }
}

impl Database<'_> {
    pub(crate) fn url(&self) -> String {
        self.url.to_connection_string()
    }

    /// Runs a script, each statement as it stands; it must go well.
    pub(crate) fn run(&self, script: &str) {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), script).unwrap();
        let output = self
            .server
            .client
            .command("psql")
            .args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d", &self.url(), "-f"])
            .arg(file.path())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{script}\n{said}");
    }

    /// The URL as SQLAlchemy takes it, for the usual driver.
    pub(crate) fn sqlalchemy(&self) -> String {
        self.sqlalchemy_with("psycopg")
    }

    /// The same for another driver.
    pub(crate) fn sqlalchemy_with(&self, driver: &str) -> String {
        let url = &self.url;
        format!(
            "postgresql+{driver}://{}@/{}?host={}&port={}",
            url.user(),
            url.database(),
            url.host(),
            url.port()
        )
    }

    /// The schema, Aludel's log left out.
    pub(crate) fn schema(&self) -> String {
        self.dump(&["--schema-only"])
    }

    /// The rows, a line each, sorted.
    pub(crate) fn rows(&self) -> Vec<String> {
        let dump = self.dump(&["--data-only", "--inserts"]);
        let kept = |line: &&str| {
            line.starts_with("INSERT") || line.starts_with("SELECT pg_catalog.setval")
        };
        let mut rows: Vec<String> = dump.lines().filter(kept).map(str::to_owned).collect();
        rows.sort();
        rows
    }

    fn dump(&self, words: &[&str]) -> String {
        let output = self
            .server
            .client
            .command("pg_dump")
            .args(words)
            .args(["--exclude-schema=aludel", "-d", &self.url()])
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
}
