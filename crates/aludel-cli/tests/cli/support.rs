//! A project folder, a way to run the program in it, and a server that ends with the tests.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

use aludel_postgres::{
    ConnectOptions, DatabaseUrl, EngineChoice, Scratch, ScratchOptions, Session,
};

/// A project in a folder of its own; its local database, if one was made, is stopped at the end.
pub(crate) struct Project {
    folder: tempfile::TempDir,
    variables: Vec<(String, String)>,
}

/// What a run left behind; times and folders are replaced by words.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) code: i32,
}

impl Project {
    /// An empty project that has a folder of migrations.
    pub(crate) fn new() -> Self {
        let project = Self::bare();
        project.folder("migrations");
        project
    }

    /// An empty folder.
    pub(crate) fn bare() -> Self {
        let folder = tempfile::Builder::new()
            .prefix("aludel-cli-")
            .tempdir()
            .unwrap();
        // The local server runs under another account when the tests run as root.
        let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        fs_err::set_permissions(folder.path(), open).unwrap();
        Self {
            folder,
            variables: Vec::new(),
        }
    }

    /// A project whose database is a fresh one on the tests' server.
    pub(crate) fn with_database() -> Self {
        let mut project = Self::new();
        let url = database();
        project.set("DATABASE_URL", &url.to_connection_string());
        project
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Sets a variable for every run.
    pub(crate) fn set(&mut self, name: &str, value: &str) {
        self.variables.retain(|(known, _)| known != name);
        self.variables.push((name.to_owned(), value.to_owned()));
    }

    pub(crate) fn variable(&self, name: &str) -> &str {
        self.variables
            .iter()
            .find(|(known, _)| known == name)
            .map_or("", |(_, value)| value)
    }

    pub(crate) fn folder(&self, name: &str) {
        fs_err::create_dir_all(self.path().join(name)).unwrap();
    }

    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::write(path, text).unwrap();
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs_err::read_to_string(self.path().join(name)).unwrap()
    }

    /// The files of the migrations folder, by name.
    pub(crate) fn migrations(&self) -> Vec<String> {
        let entries = fs_err::read_dir(self.path().join("migrations")).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.retain(|name| {
            Path::new(name)
                .extension()
                .is_some_and(|extension| extension == "sql")
        });
        names.sort();
        names
    }

    /// Writes a revision file, `ID.sql`.
    pub(crate) fn revision(&self, id: &str, parents: &[&str], upgrade: &str, downgrade: &str) {
        let text = revision_text(id, parents, upgrade, Some(downgrade));
        self.write(&format!("migrations/{id}.sql"), &text);
    }

    /// Runs `aludel` to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        let output = self.command(arguments).output().unwrap();
        Ran {
            stdout: self.redacted(&output.stdout),
            stderr: self.redacted(&output.stderr),
            code: output.status.code().unwrap_or(-1),
        }
    }

    /// Starts `aludel` and leaves it running.
    pub(crate) fn spawn(&self, arguments: &[&str]) -> Child {
        self.command(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_aludel"));
        command
            .args(arguments)
            .current_dir(self.path())
            .stdin(Stdio::null())
            .env_clear();
        for name in ["PATH", "LD_LIBRARY_PATH"] {
            if let Some(value) = std::env::var_os(name) {
                command.env(name, value);
            }
        }
        command
            // Tests edit models twice in a second, and Python's bytecode knows a file by its size and second.
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env("HOME", self.path().join("home"))
            .env("ALUDEL_CACHE_DIR", cache_dir())
            .env("LC_ALL", "C.UTF-8");
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Replaces the project's folder and every length of time.
    pub(crate) fn redacted(&self, bytes: &[u8]) -> String {
        let text = String::from_utf8(bytes.to_vec()).unwrap();
        let text = text.replace(&self.path().display().to_string(), "[PROJECT]");
        let words: Vec<&str> = text.split_inclusive([' ', '\n']).collect();
        let mut out = String::new();
        let mut index = 0;
        while let Some(word) = words.get(index) {
            let unit = words
                .get(index + 1)
                .map(|unit| unit.trim_end_matches([' ', '\n', ')', ':', ';']));
            let number = word.trim_start_matches('(').trim_end();
            if matches!(unit, Some("ms" | "s")) && number.parse::<f64>().is_ok() {
                out.push_str(if word.starts_with('(') {
                    "([TIME]"
                } else {
                    "[TIME]"
                });
                out.push_str(words[index + 1].trim_start_matches(unit.unwrap_or_default()));
                index += 2;
            } else {
                out.push_str(word);
                index += 1;
            }
        }
        out
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        if self.path().join(".aludel").exists() {
            self.run(&["db", "stop"]);
        }
    }
}

impl Ran {
    /// The data, of a run that must have gone well.
    #[track_caller]
    pub(crate) fn ok(self) -> String {
        assert_eq!(self.code, 0, "{}\n{}", self.stdout, self.stderr);
        self.stdout
    }

    /// The talk, of a run that must have gone well.
    #[track_caller]
    pub(crate) fn talk(self) -> String {
        assert_eq!(self.code, 0, "{}\n{}", self.stdout, self.stderr);
        self.stderr
    }

    /// The error's text, of a run that could not answer.
    #[track_caller]
    pub(crate) fn error(self) -> String {
        assert_eq!(self.code, 2, "{}\n{}", self.stdout, self.stderr);
        self.stderr
    }
}

/// The text of a revision file; no `downgrade` leaves the section out.
pub(crate) fn revision_text(
    id: &str,
    parents: &[&str],
    upgrade: &str,
    downgrade: Option<&str>,
) -> String {
    let parents: Vec<String> = parents
        .iter()
        .map(|parent| format!("\"{parent}\""))
        .collect();
    let mut text = format!(
        "-- aludel: revision = \"{id}\"\n-- aludel: parents = [{}]\n-- aludel: created = \"2026-11-22T18:30:00Z\"\n\
         -- aludel: message = \"make {id}\"\n\n-- aludel: upgrade\n{upgrade}\n",
        parents.join(", ")
    );
    if let Some(downgrade) = downgrade {
        text.push_str(&format!("\n-- aludel: downgrade\n{downgrade}\n"));
    }
    text
}

/// The cache of all runs of these tests, so that server templates are made once.
pub(crate) fn cache_dir() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache")
}

/// A fresh database on a server of the tests' own, which ends with the process.
pub(crate) fn database() -> DatabaseUrl {
    static SERVER: OnceLock<DatabaseUrl> = OnceLock::new();
    static COUNT: Mutex<u32> = Mutex::new(0);
    let server = SERVER.get_or_init(start_server);
    let mut count = COUNT.lock().unwrap_or_else(PoisonError::into_inner);
    *count += 1;
    let name = format!("test_{count}");
    // The lock is held meanwhile: two CREATE DATABASE of one template get in each other's way.
    execute(server, &format!("CREATE DATABASE {name}"));
    server.with_database(&name)
}

/// The server ends with the thread that started it, so that thread sleeps as long as the tests run.
fn start_server() -> DatabaseUrl {
    let (sender, receiver) = mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let options = ScratchOptions {
                engine: EngineChoice::Native,
                cache_dir: Some(cache_dir()),
                ..ScratchOptions::default()
            };
            let scratch = Scratch::start(&options).await.unwrap();
            let first = scratch.database().await.unwrap();
            sender.send(first.url().clone()).unwrap();
            std::future::pending::<()>().await;
        });
    });
    receiver.recv_timeout(Duration::from_mins(1)).unwrap()
}

/// Runs SQL on a database.
#[track_caller]
pub(crate) fn execute(url: &DatabaseUrl, sql: &str) {
    connected(url, async |session| session.execute(sql).await.unwrap());
}

/// The first value of a query; the empty text when there is none.
#[track_caller]
pub(crate) fn scalar(url: &DatabaseUrl, sql: &str) -> String {
    connected(url, async |session| {
        session.scalar(sql).await.unwrap().unwrap_or_default()
    })
}

/// The first column of a query.
#[track_caller]
pub(crate) fn rows(url: &DatabaseUrl, sql: &str) -> Vec<String> {
    connected(url, async |session| {
        let rows = session.rows(sql).await.unwrap();
        rows.iter().map(|row| row.text(0).to_owned()).collect()
    })
}

fn connected<T>(url: &DatabaseUrl, action: impl AsyncFnOnce(&Session) -> T) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let session = Session::connect(url, &ConnectOptions::default())
            .await
            .unwrap();
        action(&session).await
    })
}

/// The Python that has SQLAlchemy.
pub(crate) fn python() -> String {
    std::env::var("ALUDEL_TEST_PYTHON").unwrap_or_else(|_| {
        Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../../.venv/bin/python")
            .display()
            .to_string()
    })
}
