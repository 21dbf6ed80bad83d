//! `aludel.toml`: every setting, strict about names, and where the database URL came from.
//!
//! `file.rs` is the file's shape, `fault.rs` turns a TOML error into one with the nearest name,
//! `environment.rs` reads variables and `.env`, `database.rs` picks the URL. This file puts them together
//! into `Project`: the settings of the history chosen with `-n`, paths made absolute.

pub(crate) mod database;
pub(crate) mod environment;
mod fault;
pub(crate) mod file;
pub(crate) mod tenancy;

use std::path::{Path, PathBuf};

use crate::cli::GlobalArgs;
use crate::ui::problem::Problem;
use environment::Environment;
use file::{
    ConfigFile, DatabaseSection, HistorySection, ManageSection, ModelsSection, PlanSection,
    RunnerSection, ScratchSection,
};
use tenancy::{Beneath, Tenancy};

/// The name of the settings file.
pub(crate) const FILE_NAME: &str = "aludel.toml";

/// The settings of one history of one project.
#[derive(Clone, Debug)]
pub(crate) struct Project {
    /// The folder that paths in the settings are relative to.
    pub(crate) root: PathBuf,
    /// The settings file, when there is one.
    pub(crate) config_path: Option<PathBuf>,
    /// The history whose database is used: `None` for the main one.
    pub(crate) database_of: Option<String>,
    /// The history that is run before this one on scratch.
    pub(crate) beneath: Option<Beneath>,
    /// What is known of tenants; `None` for a history that is run once.
    pub(crate) tenancy: Option<Tenancy>,
    /// The schema that the history is run in, when it is one of many: a tenant's, or [`tenancy::PLACEHOLDER`].
    pub(crate) schema: Option<String>,
    /// The names of the further histories that -n could choose, when the main one is chosen.
    pub(crate) further: Vec<String>,
    /// The folders of revision files, absolute; new files go to the first.
    pub(crate) migrations: Vec<PathBuf>,
    /// Tokens of a new file's name.
    pub(crate) file_template: Option<String>,
    /// Where the desired schema comes from.
    pub(crate) models: ModelsSection,
    /// What is left alone.
    pub(crate) manage: ManageSection,
    /// The database.
    pub(crate) database: DatabaseSection,
    /// The scratch engine.
    pub(crate) scratch: ScratchSection,
    /// What was typed behind `-x`, for an `env.py` that asks for it.
    pub(crate) arguments: Vec<String>,
    /// Whether what is kept of the models is passed over.
    pub(crate) ignore_cache: bool,
    /// How plans are made.
    pub(crate) plan: PlanSection,
    /// Time-outs.
    pub(crate) runner: RunnerSection,
    /// Variables and `.env`.
    pub(crate) environment: Environment,
}

impl Project {
    /// Finds and reads the settings that hold for a command run in `current_dir`.
    pub(crate) fn find(current_dir: &Path, global: &GlobalArgs) -> Result<Self, Problem> {
        let (root, config_path, file) = read_file(current_dir, global)?;
        let environment = Environment::read(&root)?;
        let name = global.name.as_deref();
        let mut project = Self::choose(file, name, root, config_path, environment)?;
        project.ignore_cache = global.no_cache;
        project.arguments.clone_from(&global.extra);
        Ok(project.in_schemas(&global.schema))
    }

    /// Returns whether the settings know the history that `-n` names; the main one they always do.
    pub(crate) fn knows(current_dir: &Path, global: &GlobalArgs) -> Result<bool, Problem> {
        let Some(name) = &global.name else {
            return Ok(true);
        };
        let (.., file) = read_file(current_dir, global)?;
        Ok(file.databases.contains_key(name))
    }

    fn choose(
        file: ConfigFile,
        name: Option<&str>,
        root: PathBuf,
        config_path: Option<PathBuf>,
        environment: Environment,
    ) -> Result<Self, Problem> {
        let mut project = Self {
            migrations: folders(&root, file.migrations.as_ref()),
            root,
            config_path,
            database_of: name.map(ToOwned::to_owned),
            beneath: None,
            tenancy: None,
            schema: None,
            further: Vec::new(),
            file_template: file.file_template,
            models: file.models,
            manage: file.manage,
            database: file.database,
            scratch: file.scratch,
            plan: file.plan,
            runner: file.runner,
            environment,
            arguments: Vec::new(),
            ignore_cache: false,
        };
        let Some(name) = name else {
            project.tenancy = Tenancy::of(file.schema.as_deref(), &file.tenants);
            project.further = file.databases.into_keys().collect();
            return Ok(project);
        };
        let known: Vec<String> = file.databases.keys().cloned().collect();
        let section = file.databases.into_iter().find(|(key, _)| key == name);
        let Some((_, section)) = section else {
            return Err(no_such_database(name, &known));
        };
        project.take(section);
        Ok(project)
    }

    /// A history of its own inherits how things are done, never which database, and models only with the files.
    fn take(&mut self, section: HistorySection) {
        self.tenancy = Tenancy::of(section.schema.as_deref(), &section.tenants);
        if section.same_database {
            self.database_of = None;
            self.beneath = Some(Beneath {
                migrations: self.migrations.clone(),
                search_path: self.database.search_path.clone(),
            });
        }
        let url = if section.same_database {
            self.database.url.take()
        } else {
            section.url
        };
        if let Some(migrations) = &section.migrations {
            self.migrations = folders(&self.root, Some(migrations));
            self.models.sources.clear();
        }
        self.database = DatabaseSection {
            url,
            search_path: section.search_path.or(self.database.search_path.take()),
            version_table: section.version_table.or(self.database.version_table.take()),
            version_schema: section
                .version_schema
                .or(self.database.version_schema.take()),
            version_length: section.version_length.or(self.database.version_length),
        };
        if let Some(models) = section.models {
            self.models = ModelsSection {
                python: models.python.or(self.models.python.take()),
                ..models
            };
        }
        if let Some(manage) = section.manage {
            self.manage = manage;
        }
    }

    /// The first folder of revision files, where new ones are written.
    pub(crate) fn migrations_folder(&self) -> &Path {
        &self.migrations[0]
    }

    /// A path as a person reads it: relative to the project when inside it.
    pub(crate) fn shown(&self, path: &Path) -> String {
        shown(&self.root, path)
    }
}

/// A path relative to a folder when it is inside, else as it is.
pub(crate) fn shown(folder: &Path, path: &Path) -> String {
    path.strip_prefix(folder)
        .unwrap_or(path)
        .display()
        .to_string()
}

/// The project's folder, its settings file, and what that says.
fn read_file(
    current_dir: &Path,
    global: &GlobalArgs,
) -> Result<(PathBuf, Option<PathBuf>, ConfigFile), Problem> {
    let (root, path) = match &global.config {
        Some(path) => named_file(current_dir, path)?,
        None => find_upwards(current_dir),
    };
    let file = match &path {
        Some(path) => ConfigFile::read(path, &shown(current_dir, path))?,
        None => ConfigFile::default(),
    };
    Ok((root, path, file))
}

fn named_file(current_dir: &Path, path: &Path) -> Result<(PathBuf, Option<PathBuf>), Problem> {
    let path = current_dir.join(path);
    if !path.is_file() {
        return Err(Problem::new(
            "config",
            format!("settings file {} does not exist", path.display()),
        )
        .hint("run `aludel init` to write one, or leave -c out to use the defaults"));
    }
    let root = path.parent().unwrap_or(current_dir).to_path_buf();
    Ok((root, Some(path)))
}

/// The nearest `aludel.toml` upwards, not beyond the repository.
fn find_upwards(current_dir: &Path) -> (PathBuf, Option<PathBuf>) {
    for folder in current_dir.ancestors() {
        let path = folder.join(FILE_NAME);
        if path.is_file() {
            return (folder.to_path_buf(), Some(path));
        }
        if folder.join(".git").exists() {
            break;
        }
    }
    (current_dir.to_path_buf(), None)
}

fn folders(root: &Path, migrations: Option<&file::Folders>) -> Vec<PathBuf> {
    match migrations {
        Some(folders) => folders.0.iter().map(|folder| root.join(folder)).collect(),
        None => vec![root.join("migrations")],
    }
}

fn no_such_database(name: &str, known: &[String]) -> Problem {
    let problem = Problem::new(
        "config",
        format!("{FILE_NAME} has no section [databases.{name}]"),
    );
    if known.is_empty() {
        problem.hint(format!(
            "add [databases.{name}] with its migrations and url, or leave -n out"
        ))
    } else {
        problem.hint(format!("the sections are: {}", known.join(", ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choose(text: &str, name: Option<&str>) -> Result<Project, Problem> {
        let file = ConfigFile::parse(text, "aludel.toml")?;
        Project::choose(
            file,
            name,
            PathBuf::from("/p"),
            None,
            Environment::default(),
        )
    }

    #[test]
    fn defaults_need_no_file() {
        let project = choose("", None).unwrap();
        assert_eq!(project.migrations, [PathBuf::from("/p/migrations")]);
    }

    #[test]
    fn a_named_history_never_takes_the_other_database() {
        let text = "[database]\nurl = \"postgresql://h/app\"\nsearch-path = \"app\"\n\
                    [databases.analytics]\nmigrations = \"m2\"\n";
        let project = choose(text, Some("analytics")).unwrap();
        assert_eq!(project.database.url, None);
        assert_eq!(project.database.search_path.as_deref(), Some("app"));
        assert_eq!(project.migrations, [PathBuf::from("/p/m2")]);
        assert!(choose(text, Some("nope")).is_err());
    }
}
