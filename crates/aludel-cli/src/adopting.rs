//! Where an adopted project's files go, and how they get there: all of them, or none.
//!
//! Everything is written into a folder beside the place first and read back from there; then come the settings and the
//! report, and the folder takes its place in one step. What was interrupted leaves at most a folder that the next run
//! removes, and settings that it takes as they are.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

use aludel_adopt::{Adoption, AlembicProject, Wanted, located, report};
use aludel_revision::{DEFAULT_TEMPLATE, HEAD_FILE, History};

use crate::adopted_settings::{FoundSettings, settings_text};
use crate::config::{FILE_NAME, Project, shown};
use crate::runtime::block_on;
use crate::scratch;
use crate::ui::printer::Printer;
use crate::ui::problem::Problem;

/// The report beside the settings.
fn report_name(further: Option<&str>) -> String {
    match further {
        None => "adopt-report.md".to_owned(),
        Some(name) => format!("adopt-report-{name}.md"),
    }
}

/// The folder that files are gathered in.
const GATHERING: &str = ".aludel-adopting";

/// The history that `-n` names.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Further<'a> {
    /// Its name; the main one has none.
    pub(crate) name: Option<&'a str>,
    /// Whether the settings do not know it yet.
    pub(crate) is_new: bool,
}

/// Finds the Alembic project. An `env.py` or a command that says itself where the revisions are is asked.
pub(crate) fn find(
    wanted: &Wanted,
    arguments: &[String],
    settings: &Project,
    printer: &mut Printer,
) -> Result<AlembicProject, Problem> {
    let alembic = AlembicProject::find(wanted)?;
    let Some(asked) = alembic.says_where() else {
        return Ok(alembic);
    };
    printer.say(&format!(
        "{asked} is run on scratch: it says itself where the revisions are"
    ));
    let scratch = scratch::options(settings, None)?;
    let python = wanted.python.as_deref();
    block_on(async { Ok(located(alembic, python, arguments, &scratch).await?) })
}

/// Where everything goes.
#[derive(Clone, Debug)]
pub(crate) struct Destination {
    /// The project.
    pub(crate) root: PathBuf,
    /// The folder of the revision files.
    pub(crate) migrations: PathBuf,
    /// The settings; `None` when the project has them already.
    pub(crate) settings: Option<PathBuf>,
    /// Whether the settings are there, and get a section more.
    pub(crate) adds_to_settings: bool,
    /// The name of the history, when it is a further one: `-n`.
    pub(crate) further: Option<String>,
    /// The report.
    pub(crate) report: PathBuf,
    /// Whether revisions come to those that were adopted earlier.
    pub(crate) is_update: bool,
}

impl Destination {
    /// Where an adopted project has them.
    pub(crate) fn of(
        folder: &Path,
        settings: &Project,
        further: Option<&str>,
    ) -> Result<Self, Problem> {
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
            report: settings.root.join(report_name(further)),
            settings: None,
            adds_to_settings: false,
            further: further.map(str::to_owned),
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
        further: Further<'_>,
    ) -> Result<Self, Problem> {
        let root = settings
            .config_path
            .as_ref()
            .map_or_else(|| folder.to_owned(), |_| settings.root.clone());
        let usual = root.join("migrations");
        let has_settings = settings.config_path.is_some() && !further.is_new;
        let settings_folder = has_settings.then(|| settings.migrations_folder().to_owned());
        let migrations = match (directory, settings_folder) {
            (Some(directory), _) => folder.join(directory),
            (None, Some(there)) => there,
            (None, None) if let Some(name) = further.name => {
                root.join(format!("migrations-{name}"))
            }
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
            report: root.join(report_name(further.name)),
            settings: (!has_settings).then(|| {
                let there = settings.config_path.clone();
                there.unwrap_or_else(|| root.join(FILE_NAME))
            }),
            adds_to_settings: settings.config_path.is_some(),
            further: further.name.map(str::to_owned),
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

impl Destination {
    /// Refuses a place where nothing can be written, before minutes are spent on what goes there.
    pub(crate) fn check(&self) -> Result<(), Problem> {
        let mut files = self.settings.iter().chain([&self.report]);
        if let Some(file) = files.find(|file| file.is_dir()) {
            let place = shown(&self.root, file);
            return Err(refused_place(format!(
                "{place} is a folder, and a file of that name is written"
            )));
        }
        if self.migrations.exists() && !self.migrations.is_dir() {
            let place = shown(&self.root, &self.migrations);
            let problem = refused_place(format!(
                "{place} is a file, and the revisions go into a folder"
            ));
            return Err(problem.hint("name another folder: aludel adopt DIRECTORY"));
        }
        let beside = self.beside();
        let there = beside.ancestors().find(|folder| folder.exists());
        tempfile::tempdir_in(there.unwrap_or(beside)).map_err(not_writable)?;
        tempfile::tempfile_in(&self.root).map_err(not_writable)?;
        Ok(())
    }

    /// Where files are gathered: in the folder that they go to, which may be on a disk of its own, or where it will stand.
    fn beside(&self) -> &Path {
        if self.migrations.is_dir() {
            return &self.migrations;
        }
        self.migrations.parent().unwrap_or(&self.root)
    }

    /// What an interrupted run may have left.
    fn left_behind(&self) -> [PathBuf; 2] {
        let above = self.migrations.parent().unwrap_or(&self.root);
        [above, &self.migrations].map(|folder| folder.join(GATHERING))
    }
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "it stands in map_err, which gives the error away"
)]
fn not_writable(error: std::io::Error) -> Problem {
    refused_place(error.to_string())
}

fn refused_place(why: String) -> Problem {
    Problem::new("not-writable", why)
        .with_paths_from_here()
        .detail("the folder is as it was")
}

/// Writes the files, the settings and the report; returns the paths of the revisions as a person reads them.
pub(crate) fn write(
    destination: &Destination,
    alembic: &AlembicProject,
    adoption: &Adoption,
    models: &FoundSettings,
) -> Result<Vec<String>, Problem> {
    if !destination.is_update && holds_revisions(&destination.migrations) {
        let place = shown(&destination.root, &destination.migrations);
        return Err(Problem::new(
            "adopted",
            format!("{place}/ holds revisions by now: another adoption was faster"),
        )
        .hint("aludel status"));
    }
    for left in destination
        .left_behind()
        .iter()
        .filter(|left| left.exists())
    {
        fs_err::remove_dir_all(left).map_err(not_writable)?;
    }
    let gathering = destination.beside().join(GATHERING);
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
    let before = Before::of(destination).map_err(not_writable)?;
    let written = write_settings(destination, &before, adoption, models)
        .and_then(|()| write_report(destination, alembic, adoption))
        .and_then(|()| put_in_place(gathering, migrations, &names));
    if let Err(error) = written {
        before.restore(destination);
        return Err(not_writable(error));
    }
    let shown_path = |name| shown(&destination.root, &migrations.join(name));
    Ok(names.into_iter().map(shown_path).collect())
}

/// The settings and the report as they were; none where there were none.
struct Before {
    settings: Option<String>,
    report: Option<String>,
}

impl Before {
    fn of(destination: &Destination) -> std::io::Result<Self> {
        let read = |file: &PathBuf| {
            file.exists()
                .then(|| fs_err::read_to_string(file))
                .transpose()
        };
        Ok(Self {
            settings: destination
                .settings
                .as_ref()
                .map(read)
                .transpose()?
                .flatten(),
            report: read(&destination.report)?,
        })
    }

    fn restore(self, destination: &Destination) {
        let restore = |file: &Path, before: Option<String>| match before {
            Some(before) => fs_err::write(file, before).ok(),
            None => fs_err::remove_file(file).ok(),
        };
        if let Some(settings) = &destination.settings {
            restore(settings, self.settings);
        }
        restore(&destination.report, self.report);
    }
}

fn write_settings(
    destination: &Destination,
    before: &Before,
    adoption: &Adoption,
    models: &FoundSettings,
) -> std::io::Result<()> {
    let Some(settings) = &destination.settings else {
        return Ok(());
    };
    let before = before
        .settings
        .clone()
        .filter(|_| destination.adds_to_settings);
    let text = settings_text(destination, adoption, models);
    fs_err::write(settings, before.unwrap_or_default() + &text)
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
