//! A copy of a case's project, and the two programs that are run in it.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use crate::server::Database;

/// The folder beside the cases that holds what most have alike.
pub(crate) const USUAL: &str = "usual";

/// A project in a folder of its own.
pub(crate) struct Project {
    folder: tempfile::TempDir,
    /// The history of several that commands are about.
    further: Option<String>,
    python: PathBuf,
}

/// What a run left behind.
pub(crate) struct Ran {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) code: i32,
}

impl Project {
    /// Copies a case, `case.toml` left out.
    pub(crate) fn copy_of(case: &Path) -> Self {
        let folder = tempfile::Builder::new()
            .prefix("aludel-adopt-")
            .tempdir()
            .unwrap();
        let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(folder.path(), open).unwrap();
        copy(case, folder.path());
        usual(case, folder.path());
        for own in ["case.toml", "error.txt"] {
            let _ = std::fs::remove_file(folder.path().join(own));
        }
        Self {
            folder,
            further: None,
            python: python(),
        }
    }

    /// The same, with every command about one history of several.
    pub(crate) fn of_history(self, name: Option<&str>) -> Self {
        Self {
            further: name.map(str::to_owned),
            ..self
        }
    }

    /// The same with the Python of another environment below `.venv`.
    pub(crate) fn with_python(mut self, environment: Option<&str>) -> Self {
        if let Some(name) = environment {
            self.python = checkout().join(".venv").join(name).join("bin/python");
        }
        self
    }

    /// The interpreter.
    pub(crate) fn python(&self) -> &Path {
        &self.python
    }

    /// Runs a script that is given the project's folder and more; it must go well.
    pub(crate) fn python_runs(&self, script: &Path, words: &[&str]) {
        let mut command = Command::new(&self.python);
        command.arg(script).arg(self.folder.path()).args(words);
        let ran = ran(&self.run(command));
        assert_eq!(ran.code, 0, "{words:?}: {}{}", ran.stdout, ran.stderr);
    }

    /// `aludel adopt` with the tests' Python.
    pub(crate) fn adopt(&self, arguments: &[String]) -> Ran {
        self.adopt_beside(arguments, None)
    }

    /// The same, where `DATABASE_URL` names a database.
    pub(crate) fn adopt_beside(&self, arguments: &[String], database: Option<&Database>) -> Ran {
        let python = self.python.display().to_string();
        let mut words = vec!["adopt", "--yes", "--format", "json"];
        if !arguments.iter().any(|word| word == "--python") {
            words.extend(["--python", &python]);
        }
        let arguments: Vec<String> = arguments
            .iter()
            .map(|word| word.replace("{python}", &python))
            .collect();
        words.extend(arguments.iter().map(String::as_str));
        self.aludel(&words, database)
    }

    /// Starts an adoption, and gives a signal as soon as it has said something.
    pub(crate) fn stopped(&self, said: &str, signal: &str) -> Option<i32> {
        let mut child = self
            .in_folder(Command::new(env!("CARGO_BIN_EXE_aludel")))
            .args(["adopt", "--yes", "--python"])
            .arg(&self.python)
            .env("ALUDEL_CACHE_DIR", cache_dir())
            .env_remove("DATABASE_URL")
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stderr.take().unwrap()).lines();
        let mut lines = lines.map(Result::unwrap);
        lines.find(|line| line.contains(said)).unwrap();
        let pid = child.id().to_string();
        let killed = Command::new("kill").args([signal, &pid]).status().unwrap();
        assert!(killed.success());
        lines.for_each(drop);
        child.wait().unwrap().code()
    }

    /// The error in what was said, without what differs from machine to machine.
    pub(crate) fn redacted(&self, said: &str) -> String {
        let (_, error) = said.split_once("error: ").unwrap_or_default();
        let folder = self.folder.path().canonicalize().unwrap();
        let folder = format!("{}/", folder.display());
        let python = self.python.display().to_string();
        let text = error.replace(&folder, "").replace(&python, "[PYTHON]");
        format!("error: {text}")
    }

    /// Any command of Aludel's.
    pub(crate) fn aludel(&self, words: &[&str], database: Option<&Database>) -> Ran {
        let mut command = Command::new(env!("CARGO_BIN_EXE_aludel"));
        command.args(words).env("ALUDEL_CACHE_DIR", cache_dir());
        let mut variable = "DATABASE_URL".to_owned();
        if let Some(name) = &self.further {
            command.args(["-n", name]);
            variable = format!("{}_DATABASE_URL", name.to_uppercase());
        }
        match database {
            Some(database) => command.env(&variable, database.url()),
            None => command.env_remove(&variable),
        };
        ran(&self.run(command))
    }

    /// What Alembic says to `judge.py`; the verb, the database, and more.
    pub(crate) fn alembic(&self, words: &[&str]) -> Result<(), String> {
        self.alembic_says(words).map(drop)
    }

    /// The same, with what it printed.
    pub(crate) fn alembic_says(&self, words: &[&str]) -> Result<String, String> {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/adopt/judge.py");
        let mut command = Command::new(&self.python);
        command
            .arg(script)
            .arg(words[0])
            .arg(self.folder.path())
            .args(&words[1..]);
        let ran = ran(&self.run(command));
        if ran.code == 0 {
            Ok(ran.stdout)
        } else {
            Err(format!("Alembic: {}{}", ran.stdout, ran.stderr))
        }
    }

    fn run(&self, command: Command) -> Output {
        self.in_folder(command).output().unwrap()
    }

    fn in_folder(&self, mut command: Command) -> Command {
        command
            .current_dir(self.folder.path())
            .env("PYTHONDONTWRITEBYTECODE", "1")
            .env_remove("ALUDEL_SCRATCH_URL")
            .stdin(Stdio::null());
        command
    }

    /// The processes that work in the folder, where the system tells.
    pub(crate) fn still_running(&self) -> Vec<PathBuf> {
        let folder = self.folder.path().canonicalize().unwrap();
        let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
        let places = processes
            .filter_map(|one| Some((one.path(), one.path().join("cwd").read_link().ok()?)));
        places
            .filter(|(_, place)| place.starts_with(&folder))
            .map(|(process, _)| process)
            .collect()
    }

    /// A file's text; empty when there is none.
    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(name)).unwrap_or_default()
    }

    /// Writes a file.
    pub(crate) fn write(&self, name: &str, text: &str) {
        let path = self.folder.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }

    /// Deletes a file.
    pub(crate) fn delete(&self, name: &str) {
        std::fs::remove_file(self.folder.path().join(name)).unwrap();
    }

    /// The names in a folder, sorted.
    pub(crate) fn names(&self, folder: &str) -> Vec<String> {
        let entries = std::fs::read_dir(self.folder.path().join(folder)).unwrap();
        let mut names: Vec<String> = entries
            .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    }

    /// The text of all revision files that were written.
    pub(crate) fn revisions(&self) -> String {
        let is_sql = |path: &PathBuf| path.extension().is_some_and(|end| end == "sql");
        let files = self.files().into_iter().filter(|(path, _)| is_sql(path));
        files.map(|(_, text)| text).collect()
    }

    /// Every file by its name.
    pub(crate) fn files(&self) -> BTreeMap<PathBuf, String> {
        let mut found = BTreeMap::new();
        let mut folders = vec![self.folder.path().to_owned()];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let bytes = std::fs::read(&path).unwrap();
                    found.insert(path, String::from_utf8_lossy(&bytes).into_owned());
                }
            }
        }
        found
    }
}

fn ran(output: &Output) -> Ran {
    Ran {
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        code: output.status.code().unwrap_or(-1),
    }
}

/// The checkout, by a path without dots, as Python tells it too.
fn checkout() -> &'static Path {
    let crate_folder = Path::new(env!("CARGO_MANIFEST_DIR"));
    crate_folder.ancestors().nth(2).unwrap()
}

/// The Python that has Alembic.
fn python() -> PathBuf {
    let named = std::env::var_os("ALUDEL_TEST_PYTHON").map(PathBuf::from);
    let python = named.unwrap_or_else(|| checkout().join(".venv/bin/python"));
    assert!(
        python.exists(),
        "{} is missing: make test-setup",
        python.display()
    );
    python
}

/// The cache of all runs of these tests.
pub(crate) fn cache_dir() -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join("cache")
}

/// Gives a project what most have alike, where its case brings nothing of its own.
fn usual(case: &Path, folder: &Path) {
    let usual = case.with_file_name(USUAL);
    if !folder.join("alembic/versions").is_dir() {
        return;
    }
    let has_settings = folder.join("pyproject.toml").exists();
    for name in ["alembic.ini", "alembic/env.py"] {
        let path = folder.join(name);
        if path.exists() || name == "alembic.ini" && has_settings {
            continue;
        }
        std::fs::copy(usual.join(name), path).unwrap();
    }
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        if path.is_dir() {
            if !path.ends_with("__pycache__") {
                std::fs::create_dir(&target).unwrap();
                copy(&path, &target);
            }
        } else {
            std::fs::copy(&path, &target).unwrap();
        }
    }
}
