//! The projects of `adopt-real.toml`, and the folder that each is worked on in.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde::Deserialize;

use super::environment::Environment;
use super::server::Place;
use crate::Failure;

/// The data file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Projects {
    project: Vec<Project>,
}

/// A real application, and how its history is run. In every text but `name`, `{url}`, `{at}` (the URL without its scheme),
/// `{host}`, `{port}`, `{user}`, `{database}`, `{folder}`, `{packages}` and `{bin}` stand for the database, the folder that the
/// project is worked on in, where its packages are, and its programs.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(super) struct Project {
    /// Its name on `PyPI`, or what tells one history of it from another.
    pub(super) name: String,
    /// The folder of its environment; several histories may share one.
    pub(super) environment: Option<String>,
    /// What is installed, pinned.
    pub(super) requirements: Vec<String>,
    /// Files and folders below the packages that are copied into the project's folder, and what they are called there.
    #[serde(default)]
    copy: BTreeMap<String, String>,
    /// Texts of further files.
    #[serde(default)]
    files: BTreeMap<String, String>,
    /// What `sqlalchemy.url` is in the `alembic.ini` of the folder, where the project wants it there.
    ini_url: Option<String>,
    /// The words that run Alembic.
    #[serde(default = "alembic")]
    alembic: Vec<String>,
    /// Variables that the application demands.
    #[serde(default)]
    variables: BTreeMap<String, String>,
    /// A command that is run once before everything, for what the application itself would have made.
    prepare: Option<String>,
    /// What makes the tables that the first revision finds: a command for the shell.
    baseline: Option<String>,
    /// Further arguments of `aludel adopt`.
    #[serde(default)]
    arguments: Vec<String>,
    /// How far both tools upgrade: a revision, or every head.
    #[serde(default = "heads")]
    pub(super) target: String,
    /// What a reader of the table should know.
    #[serde(default)]
    pub(super) note: String,
}

fn alembic() -> Vec<String> {
    vec!["alembic".to_owned()]
}

fn heads() -> String {
    "heads".to_owned()
}

/// Reads the data file.
pub(super) fn read(path: &Path) -> Result<Vec<Project>, Failure> {
    let text = fs_err::read_to_string(path)?;
    let projects: Projects =
        toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
    Ok(projects.project)
}

/// A project in its folder.
pub(super) struct Workplace {
    pub(super) project: Project,
    pub(super) environment: Environment,
    /// What stays of a run: answers, dumps.
    pub(super) kept: PathBuf,
    /// Where commands run.
    folder: PathBuf,
    tool: PathBuf,
    cache: PathBuf,
}

impl Workplace {
    /// Makes the folder anew.
    pub(super) fn make(
        project: &Project,
        environment: Environment,
        kept: PathBuf,
        tool: &Path,
    ) -> Result<Self, Failure> {
        if kept.exists() {
            fs_err::remove_dir_all(&kept)?;
        }
        let folder = kept.join("project");
        fs_err::create_dir_all(&folder)?;
        for (from, to) in &project.copy {
            let (from, to) = (environment.packages.join(from), folder.join(to));
            if from.is_dir() {
                copy(&from, &to)?;
            } else {
                fs_err::create_dir_all(to.parent().unwrap_or(&folder))?;
                fs_err::copy(&from, &to)?;
            }
        }
        environment.compile(&folder)?;
        Self::at(project, environment, kept, tool)
    }

    /// The folder as an earlier run has left it.
    pub(super) fn adopted(
        project: &Project,
        environment: Environment,
        kept: PathBuf,
        tool: &Path,
    ) -> Result<Self, Failure> {
        if !kept.join("project/aludel.toml").exists() {
            return Err("no earlier run has adopted it".into());
        }
        Self::at(project, environment, kept, tool)
    }

    fn at(
        project: &Project,
        environment: Environment,
        kept: PathBuf,
        tool: &Path,
    ) -> Result<Self, Failure> {
        let cache = kept.join("cache");
        fs_err::create_dir_all(&cache)?;
        Ok(Self {
            project: project.clone(),
            environment,
            folder: kept.join("project"),
            kept,
            tool: tool.to_owned(),
            cache,
        })
    }

    /// Writes what says where the database is, and runs what has to be done once.
    pub(super) fn prepare(&self, place: &Place) -> Result<(), Failure> {
        self.point_at(place)?;
        let Some(prepare) = &self.project.prepare else {
            return Ok(());
        };
        let mut command = Command::new("sh");
        command.args(["-c", &self.fill(prepare, place)]);
        finished(&mut self.set_up(command, place)).map(drop)
    }

    /// Points the project's files at a database.
    pub(super) fn point_at(&self, place: &Place) -> Result<(), Failure> {
        for (name, text) in &self.project.files {
            let path = self.folder.join(name);
            fs_err::create_dir_all(path.parent().unwrap_or(&self.folder))?;
            fs_err::write(path, self.fill(text, place))?;
        }
        if let Some(url) = &self.project.ini_url {
            let path = self.folder.join("alembic.ini");
            let url = self.fill(url, place).replace('%', "%%");
            let text = fs_err::read_to_string(&path)?;
            fs_err::write(path, with_url(&text, &url))?;
        }
        Ok(())
    }

    /// What the application itself does before Alembic's first revision.
    pub(super) fn baseline(&self, place: &Place) -> Result<(), Failure> {
        let Some(baseline) = &self.project.baseline else {
            return Ok(());
        };
        let mut command = Command::new("sh");
        command.args(["-c", &self.fill(baseline, place)]);
        finished(&mut self.set_up(command, place)).map(drop)
    }

    /// A command of Alembic's own, with the project pointed at a database.
    pub(super) fn alembic(&self, place: &Place, words: &[&str]) -> Result<Command, Failure> {
        self.point_at(place)?;
        let mut all = self.project.alembic.iter();
        let program = self.fill(all.next().ok_or("no words run Alembic")?, place);
        let mut command = Command::new(self.environment.program(&program));
        command
            .args(all.map(|word| self.fill(word, place)))
            .args(words);
        Ok(self.set_up(command, place))
    }

    /// A command of Aludel's.
    pub(super) fn aludel(&self, place: &Place, words: &[&str]) -> Command {
        let mut command = Command::new(&self.tool);
        command.args(words);
        self.set_up(command, place)
    }

    /// `aludel adopt`, with the project pointed at where no server is.
    pub(super) fn adopt(&self, place: &Place) -> Result<Command, Failure> {
        self.point_at(place)?;
        let python = self.environment.python.display().to_string();
        let mut command = Command::new(&self.tool);
        command.args(["adopt", "--yes", "--format", "json", "--python", &python]);
        command.args(
            self.project
                .arguments
                .iter()
                .map(|word| self.fill(word, place)),
        );
        if let Some(baseline) = &self.project.baseline {
            // Where the database is, the command finds in its environment: that is `adopt`'s business.
            command.args(["--baseline", &self.fill(baseline, place)]);
        }
        Ok(self.set_up(command, place))
    }

    fn set_up(&self, mut command: Command, place: &Place) -> Command {
        let path = std::env::var("PATH").unwrap_or_default();
        let bin = self.environment.bin.display();
        command
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .env("PATH", format!("{bin}:{path}"))
            .env("ALUDEL_CACHE_DIR", &self.cache)
            .env("DATABASE_URL", place.url())
            .env("HOME", &self.kept)
            .env_remove("ALUDEL_SCRATCH_URL")
            .env_remove("VIRTUAL_ENV")
            .env_remove("PYTHONPATH")
            // A user's Python keeps what it compiled; without that Alembic would look slower than it is.
            .env_remove("PYTHONDONTWRITEBYTECODE");
        for (name, value) in &self.project.variables {
            command.env(name, self.fill(value, place));
        }
        command
    }

    fn fill(&self, text: &str, place: &Place) -> String {
        let known = [
            ("{url}", place.url()),
            ("{at}", place.at()),
            ("{host}", place.host.clone()),
            ("{port}", place.port.to_string()),
            ("{user}", place.user.clone()),
            ("{database}", place.database.clone()),
            ("{folder}", self.folder.display().to_string()),
            (
                "{packages}",
                self.environment.packages.display().to_string(),
            ),
            ("{bin}", self.environment.bin.display().to_string()),
        ];
        let mut text = text.to_owned();
        for (name, value) in known {
            text = text.replace(name, &value);
        }
        text
    }
}

/// Runs a program to its end; returns what it printed.
pub(super) fn finished(command: &mut Command) -> Result<String, Failure> {
    let output = command.output()?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let tail: Vec<&str> = said.lines().rev().take(12).collect();
    let tail: Vec<&str> = tail.into_iter().rev().collect();
    let program = Path::new(command.get_program());
    let words: Vec<_> = command
        .get_args()
        .map(|word| word.to_string_lossy())
        .collect();
    let program = program.file_name().unwrap_or_default().to_string_lossy();
    Err(format!(
        "`{program} {}` ended with {}\n{}",
        words.join(" "),
        output.status,
        tail.join("\n")
    )
    .into())
}

/// Sets `sqlalchemy.url` in the first section of an `alembic.ini`.
fn with_url(text: &str, url: &str) -> String {
    let kept = text
        .lines()
        .filter(|line| !line.starts_with("sqlalchemy.url"));
    let mut is_set = false;
    let mut new = String::new();
    for line in kept {
        new.push_str(line);
        new.push('\n');
        if !is_set && line.trim() == "[alembic]" {
            new.push_str(&format!("sqlalchemy.url = {url}\n"));
            is_set = true;
        }
    }
    new
}

fn copy(from: &Path, to: &Path) -> Result<(), Failure> {
    fs_err::create_dir_all(to)?;
    for entry in fs_err::read_dir(from)? {
        let path = entry?.path();
        let target = to.join(path.file_name().unwrap_or_default());
        if path.is_dir() {
            if !path.ends_with("__pycache__") {
                copy(&path, &target)?;
            }
        } else {
            fs_err::copy(&path, &target)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    #[test]
    fn the_applications_can_be_read_and_each_is_named_once() {
        let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("adopt-real.toml");
        let projects = super::read(&file).map_err(|failure| failure.to_string());
        let projects = projects.expect("the data file is one");
        let names: BTreeSet<&str> = projects.iter().map(|one| one.name.as_str()).collect();
        assert!(names.contains("arize-phoenix"));
        assert_eq!(names.len(), projects.len());
    }
}
