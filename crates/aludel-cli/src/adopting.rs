//! Where an adopted project's files go, and how they get there: all of them, or none.
//!
//! Everything is written into a folder beside the place first and read back from there; then come the settings and the
//! report, and the folder takes its place in one step. What was interrupted leaves at most a folder that the next run
//! removes, and settings that it takes as they are.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use aludel_adopt::{Adoption, AlembicProject, report};
use aludel_revision::{DEFAULT_TEMPLATE, HEAD_FILE, History};
use aludel_source::sqlalchemy::environment::{AlembicEnvironment, EnvironmentSetting, environment};
use aludel_source::{ForeignKeys, SourceContext};

use crate::config::{FILE_NAME, Project, shown};
use crate::init::toml_string;
use crate::ui::problem::Problem;

/// The report beside the settings.
const REPORT: &str = "adopt-report.md";

/// The folder that files are gathered in.
const GATHERING: &str = ".aludel-adopting";

/// Where everything goes.
#[derive(Clone, Debug)]
pub(crate) struct Destination {
    /// The project.
    pub(crate) root: PathBuf,
    /// The folder of the revision files.
    pub(crate) migrations: PathBuf,
    /// The settings; `None` when the project has them already.
    pub(crate) settings: Option<PathBuf>,
    /// The report.
    pub(crate) report: PathBuf,
    /// Whether revisions come to those that were adopted earlier.
    pub(crate) is_update: bool,
}

impl Destination {
    /// Where an adopted project has them.
    pub(crate) fn of(folder: &Path, settings: &Project) -> Result<Self, Problem> {
        let migrations = settings.migrations_folder().to_owned();
        if settings.config_path.is_none() || !holds_revisions(&migrations) {
            let place = shown(folder, &migrations);
            return Err(Problem::new(
                "adopted",
                format!("nothing is adopted yet: {place}/ holds no revision"),
            )
            .hint("leave --update out"));
        }
        Ok(Self {
            report: settings.root.join(REPORT),
            settings: None,
            root: settings.root.clone(),
            migrations,
            is_update: true,
        })
    }

    /// Chooses the folder, and refuses one that holds revisions.
    pub(crate) fn choose(
        folder: &Path,
        directory: Option<&Path>,
        alembic: &AlembicProject,
        settings: &Project,
    ) -> Result<Self, Problem> {
        let root = settings
            .config_path
            .as_ref()
            .map_or_else(|| folder.to_owned(), |_| settings.root.clone());
        let usual = root.join("migrations");
        let migrations = match (directory, &settings.config_path) {
            (Some(directory), _) => folder.join(directory),
            (None, Some(_)) => settings.migrations_folder().to_owned(),
            (None, None) if usual.join("env.py").exists() || alembic.script_location == usual => {
                usual.join("sql")
            }
            (None, None) => usual,
        };
        if holds_revisions(&migrations) {
            let place = shown(folder, &migrations);
            return Err(Problem::new("adopted", format!("{place}/ holds revisions already"))
                .hint("take what Alembic's folder got since: aludel adopt --update")
                .hint("`aludel status` says where the project stands")
                .hint("to adopt anew, move that folder away or name another: aludel adopt DIRECTORY"));
        }
        Ok(Self {
            report: root.join(REPORT),
            settings: settings.config_path.is_none().then(|| root.join(FILE_NAME)),
            root,
            migrations,
            is_update: false,
        })
    }
}

fn holds_revisions(folder: &Path) -> bool {
    let is_sql = |path: PathBuf| path.extension().is_some_and(|extension| extension == "sql");
    fs_err::read_dir(folder)
        .is_ok_and(|entries| entries.flatten().any(|entry| is_sql(entry.path())))
}

/// Writes the files, the settings and the report; returns the paths of the revisions as a person reads them.
pub(crate) fn write(
    destination: &Destination,
    alembic: &AlembicProject,
    adoption: &Adoption,
    models: &FoundSettings,
) -> Result<Vec<String>, Problem> {
    let beside = destination.migrations.parent().unwrap_or(&destination.root);
    let gathering = beside.join(GATHERING);
    let not_writable = |error: std::io::Error| Problem::new("not-writable", error.to_string());
    if gathering.exists() {
        fs_err::remove_dir_all(&gathering).map_err(not_writable)?;
    }
    fs_err::create_dir_all(&gathering).map_err(not_writable)?;
    let written = gather(&gathering, destination, alembic, adoption, models);
    if written.is_err() || !gathering.exists() {
        fs_err::remove_dir_all(&gathering).ok();
    }
    written
}

fn gather(
    gathering: &Path,
    destination: &Destination,
    alembic: &AlembicProject,
    adoption: &Adoption,
    models: &FoundSettings,
) -> Result<Vec<String>, Problem> {
    let not_writable = |error: std::io::Error| Problem::new("not-writable", error.to_string());
    let mut names = Vec::with_capacity(adoption.revisions.len());
    for outcome in &adoption.revisions {
        let path = outcome.file.write(gathering, DEFAULT_TEMPLATE)?;
        names.push(path.file_name().unwrap_or_default().to_owned());
    }
    // What would not read back is not put in place.
    let migrations = &destination.migrations;
    let mut folders = vec![gathering.to_owned()];
    if holds_revisions(migrations) {
        folders.push(migrations.clone());
    }
    let history = History::load(&folders)?;
    history.write_head_file(gathering)?;
    // The settings and the report come first: the folder, which makes the project an adopted one, takes its place last.
    if let Some(settings) = &destination.settings {
        fs_err::write(settings, settings_text(destination, adoption, models))
            .map_err(not_writable)?;
    }
    write_report(destination, alembic, adoption).map_err(not_writable)?;
    if let Err(error) = put_in_place(gathering, migrations, &names) {
        if let Some(settings) = &destination.settings {
            fs_err::remove_file(settings).ok();
            fs_err::remove_file(&destination.report).ok();
        }
        return Err(not_writable(error));
    }
    let shown_path = |name| shown(&destination.root, &migrations.join(name));
    Ok(names.into_iter().map(shown_path).collect())
}

/// Writes the report; an update adds its own to what is there.
fn write_report(
    destination: &Destination,
    alembic: &AlembicProject,
    adoption: &Adoption,
) -> std::io::Result<()> {
    let before = fs_err::read_to_string(&destination.report).unwrap_or_default();
    let before = if destination.is_update && !before.is_empty() {
        before + "\n"
    } else {
        String::new()
    };
    fs_err::write(
        &destination.report,
        before + &report::markdown(alembic, adoption),
    )
}

/// Moves what was gathered: all at once, or, into a folder that is there, parents first, so that what an interruption
/// leaves is a history too, and the next run takes the rest.
fn put_in_place(gathering: &Path, migrations: &Path, names: &[OsString]) -> std::io::Result<()> {
    if !migrations.exists() {
        return fs_err::rename(gathering, migrations);
    }
    let head_file = OsString::from(HEAD_FILE);
    for name in names.iter().chain([&head_file]) {
        fs_err::rename(gathering.join(name), migrations.join(name))?;
    }
    fs_err::remove_dir_all(gathering)
}

/// What is known of the models and of the settings of `env.py`.
#[derive(Clone, Debug, Default)]
pub(crate) struct FoundSettings {
    /// The source; none when `env.py` knows no models.
    pub(crate) source: Option<String>,
    /// The command that runs Python, where it was named.
    pub(crate) python: Option<String>,
    /// What `env.py` gives to `context.configure`.
    pub(crate) environment: Option<AlembicEnvironment>,
    /// Why that is not known.
    pub(crate) unread: Option<String>,
}

impl FoundSettings {
    /// Asks `env.py`. What cannot be asked is a note, for the history is adopted without it.
    pub(crate) async fn ask(
        destination: &Destination,
        alembic: &AlembicProject,
        python: Option<&str>,
        cache_dir: PathBuf,
    ) -> Self {
        let mut found = Self {
            python: python.map(str::to_owned),
            ..Self::default()
        };
        if !has_models(alembic) {
            return found;
        }
        let source = shown(&destination.root, &alembic.env());
        let context = SourceContext {
            project_dir: destination.root.clone(),
            python: found.python.clone(),
            cache_dir,
            entities: Vec::new(),
            schema_translate_map: BTreeMap::new(),
            foreign_keys: ForeignKeys::Inside,
            ignore_cache: false,
        };
        match environment(&source, &context).await {
            Ok(environment) => found.environment = environment,
            Err(error) => found.unread = Some(error.to_string()),
        }
        found.source = Some(source);
        found
    }

    /// A line for each setting of `env.py`, with the line it comes from and what becomes of it.
    pub(crate) fn notes(&self, root: &Path) -> Vec<String> {
        if let Some(unread) = &self.unread {
            return vec![format!(
                "env.py could not be asked for its settings: {unread}"
            )];
        }
        let Some(environment) = &self.environment else {
            return Vec::new();
        };
        let file = shown(root, Path::new(&environment.file));
        let note = |setting: &EnvironmentSetting| {
            let place = setting
                .line
                .map_or_else(|| file.clone(), |line| format!("{file}:{line}"));
            let text: Vec<&str> = setting.text.split_whitespace().collect();
            let becomes = match setting.setting.as_deref() {
                Some("models.sources") => "honoured from there".to_owned(),
                Some(setting) => format!("is {setting} here"),
                None => "has no equal here".to_owned(),
            };
            format!("{place}: {} = {}: {becomes}", setting.name, text.join(" "))
        };
        environment.settings.iter().map(note).collect()
    }
}

/// Whether `env.py` knows models: a history may do without.
fn has_models(alembic: &AlembicProject) -> bool {
    let text = fs_err::read_to_string(alembic.env()).unwrap_or_default();
    text.lines().any(|line| {
        let value = line.trim().strip_prefix("target_metadata").map(str::trim);
        value.is_some_and(|value| {
            !value.is_empty() && value.trim_start_matches([' ', '=']) != "None"
        })
    })
}

/// The text of `aludel.toml`: what differs from the defaults.
fn settings_text(destination: &Destination, adoption: &Adoption, models: &FoundSettings) -> String {
    let mut text = String::from(
        "# Settings of Aludel, written by `aludel adopt`. Everything left out has its default.\n",
    );
    let migrations = shown(&destination.root, &destination.migrations);
    if migrations != "migrations" {
        let _ = writeln!(text, "migrations = {}", toml_string(&migrations));
    }
    text.push_str("\n[models]\n");
    for line in models.notes(&destination.root) {
        let _ = writeln!(text, "# {line}");
    }
    let entry = models.source.as_deref().map_or_else(String::new, |source| {
        format!("{{ sqlalchemy = {} }}", toml_string(source))
    });
    let _ = writeln!(text, "sources = [{entry}]");
    if let Some(python) = &models.python {
        let _ = writeln!(text, "python = {}", toml_string(python));
    }
    let mut database = String::new();
    if adoption.search_path != "public" {
        let _ = writeln!(
            database,
            "search-path = {} # set by env.py",
            toml_string(&adoption.search_path)
        );
    }
    if adoption.version.table != "alembic_version" {
        let _ = writeln!(
            database,
            "version-table = {}",
            toml_string(&adoption.version.table)
        );
    }
    if let Some(schema) = &adoption.version.schema {
        let _ = writeln!(database, "version-schema = {}", toml_string(schema));
    }
    if !database.is_empty() {
        let _ = write!(text, "\n[database]\n{database}");
    }
    let _ = write!(
        text,
        "\n[scratch]\nmajor = {} # the major version of PostgreSQL that the history was recorded on\n",
        adoption.server_version_num / 10_000
    );
    text
}
