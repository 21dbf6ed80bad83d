//! Finds an Alembic project: its settings file, its folders of revisions, and who runs it.

use std::path::{Path, PathBuf};

use aludel_source::discover::environments;

use crate::error::AdoptError;
use crate::graph::{self, AlembicRevision};
use crate::ini::Ini;
use crate::packages::Packages;
use crate::recorder::Places;
use crate::settings::{Values, alembic_table, is_toml};

/// What a person said about where things are.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// The folder the command runs in.
    pub folder: PathBuf,
    /// An `env.py`, when the project has no settings file that leads to it.
    pub env: Option<PathBuf>,
    /// The folder of `env.py`, as `script_location` would name it.
    pub script_location: Option<PathBuf>,
    /// The section of `alembic.ini`, or the name of one of several databases.
    pub name: Option<String>,
    /// The command that runs the project's Python, which knows where an installed package is.
    pub python: Option<String>,
    /// The application's own command that runs Alembic.
    pub through: Option<String>,
}

/// An Alembic project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlembicProject {
    /// The folder Python runs in: where `alembic` would be typed.
    pub folder: PathBuf,
    /// `alembic.ini` or `pyproject.toml`.
    pub settings: Option<PathBuf>,
    /// The section of `alembic.ini`.
    pub section: String,
    /// The folder of `env.py`.
    pub script_location: PathBuf,
    /// The folders of revision files.
    pub version_locations: Vec<PathBuf>,
    /// Whether folders in them hold revisions too.
    pub is_recursive: bool,
    /// Whether revisions may be there as bytecode alone.
    pub is_sourceless: bool,
    /// How Alembic names the files of revisions, where the project says so.
    pub file_template: Option<String>,
    /// Whether Flask-Migrate runs it.
    pub is_flask: bool,
    /// The database of a `multidb` environment that is meant.
    pub database: Option<String>,
    /// The databases of a `multidb` environment.
    pub databases: Vec<String>,
    /// The application's own command that runs Alembic, which knows where everything is.
    pub through: Option<String>,
}

impl AlembicProject {
    /// Finds the project, and checks that its `env.py` is there.
    pub fn find(wanted: &Wanted) -> Result<Self, AdoptError> {
        if wanted.through.is_some() {
            return Ok(Self {
                is_flask: false,
                ..Self::bare(&wanted.folder, wanted)
            });
        }
        let project = Self::locate(wanted)?;
        let env = project.env();
        if !env.is_file() {
            return Err(AdoptError::NoEnv {
                script_location: project.script_location,
                settings: project.settings,
            });
        }
        if project.databases.len() > 1 && project.database.is_none() {
            return Err(AdoptError::SeveralDatabases {
                names: project.databases,
            });
        }
        Ok(project)
    }

    /// The path of `env.py`.
    pub fn env(&self) -> PathBuf {
        self.script_location.join("env.py")
    }

    /// Reads the revisions, in order.
    pub fn revisions(&self, packages: &Packages) -> Result<Vec<AlembicRevision>, AdoptError> {
        if self.is_sourceless
            && let Some(path) = graph::compiled_alone(&self.version_locations, self.is_recursive)?
        {
            return Err(AdoptError::Compiled { path });
        }
        graph::order(graph::read(
            &self.version_locations,
            self.is_recursive,
            packages,
        )?)
    }

    /// The folders of revisions as a person reads them, from the project's own.
    pub fn folders(&self) -> Vec<String> {
        let shown = |path: &PathBuf| {
            let inside = path.strip_prefix(&self.folder).unwrap_or(path);
            inside.display().to_string()
        };
        self.version_locations.iter().map(shown).collect()
    }

    /// Who says where the revisions are and has to be asked: the application's command, or an `env.py` that may say it.
    pub fn says_where(&self) -> Option<&str> {
        let env = || fs_err::read_to_string(self.env());
        match &self.through {
            Some(command) => Some(command),
            None if env().is_ok_and(|text| text.contains("version_locations")) => Some("env.py"),
            None => None,
        }
    }

    /// The same project where Alembic has its parts.
    pub(crate) fn at(self, places: Places) -> Self {
        if self.through.is_none() {
            return Self {
                version_locations: places.version_locations,
                ..self
            };
        }
        Self {
            settings: places.settings.filter(|path| path.is_file()),
            section: places.section,
            script_location: places.script_location,
            version_locations: places.version_locations,
            is_recursive: places.is_recursive,
            file_template: places.file_template,
            ..self
        }
    }

    fn locate(wanted: &Wanted) -> Result<Self, AdoptError> {
        let location = match (&wanted.env, &wanted.script_location) {
            (Some(env), _) => Some(wanted.folder.join(env.parent().unwrap_or(env))),
            (None, Some(location)) => {
                Some(place(&wanted.folder, &location.to_string_lossy(), wanted))
            }
            (None, None) => None,
        };
        if let Some(location) = location {
            let beside = [
                location.join("alembic.ini"),
                folder_above(&location).join("alembic.ini"),
            ];
            let settings = beside
                .into_iter()
                .chain([wanted.folder.join("alembic.ini")])
                .find(|path| path.is_file());
            let mut project = match settings {
                Some(settings) => Self::from_settings(&settings, wanted, Some(&location))?,
                None => Self::bare(&location, wanted),
            };
            project.script_location = location;
            return Ok(project);
        }
        for settings in candidates(&wanted.folder) {
            if is_alembic(&settings)? {
                return Self::from_settings(&settings, wanted, None);
            }
        }
        for name in ["migrations", "alembic"] {
            let location = wanted.folder.join(name);
            if location.join("env.py").is_file() {
                return Ok(Self::bare(&location, wanted));
            }
        }
        let below = environments(&wanted.folder).into_iter().map(|found| {
            let location = folder_above(&found.env);
            // Flask-Migrate has its settings beside env.py, and runs in the folder above.
            let settings = found.settings.map(|settings| folder_above(&settings));
            let elsewhere = settings.filter(|folder| *folder != location);
            elsewhere.unwrap_or_else(|| folder_above(&location))
        });
        Err(AdoptError::NoProject {
            folder: wanted.folder.clone(),
            below: below.collect(),
        })
    }

    fn bare(location: &Path, wanted: &Wanted) -> Self {
        Self {
            folder: wanted.folder.clone(),
            settings: None,
            section: "alembic".to_owned(),
            script_location: location.to_owned(),
            version_locations: vec![location.join("versions")],
            is_recursive: false,
            is_sourceless: false,
            file_template: None,
            is_flask: uses_flask(location),
            database: None,
            databases: Vec::new(),
            through: wanted.through.clone(),
        }
    }

    fn from_settings(
        settings: &Path,
        wanted: &Wanted,
        location: Option<&Path>,
    ) -> Result<Self, AdoptError> {
        let here = folder_above(settings);
        let values = Values::read(settings)?;
        let databases = values.list("alembic", "databases", &here);
        let mut section = "alembic".to_owned();
        let mut database = None;
        let names_binds = names_binds(location.unwrap_or(&here));
        if let Some(name) = &wanted.name {
            if databases.contains(name) || names_binds && !values.has(name) {
                database = Some(name.clone());
            } else {
                section.clone_from(name);
            }
        } else if names_binds && databases.is_empty() {
            database = Some(String::new());
        }
        if !values.has(&section) {
            return Err(AdoptError::NoSection {
                settings: settings.to_owned(),
                section,
                others: values.histories(),
            });
        }
        let is_flask_file =
            location.is_none() && uses_flask(&here) && here.join("env.py").is_file();
        let folder = if location.is_some() || is_flask_file {
            wanted.folder.clone()
        } else {
            here.clone()
        };
        let stated = values.text(&section, "script_location", &here);
        let script_location = match (location, stated) {
            (Some(location), _) => location.to_owned(),
            // Flask-Migrate puts its own folder in place of what the file says.
            (None, _) if is_flask_file => here.clone(),
            (None, Some(stated)) => place(&folder, &stated, wanted),
            (None, None) if here.join("env.py").is_file() => here.clone(),
            (None, None) => {
                return Err(AdoptError::NoScriptLocation {
                    settings: settings.to_owned(),
                    section,
                });
            }
        };
        let stated = values.list(&section, "version_locations", &here);
        let stated = stated.iter().map(|path| place(&folder, path, wanted));
        let mut version_locations: Vec<PathBuf> = stated.collect();
        if version_locations.is_empty() {
            version_locations.push(script_location.join("versions"));
        }
        let is_recursive = values.is_true(&section, "recursive_version_locations", &here);
        let is_sourceless = values.is_true(&section, "sourceless", &here);
        let file_template = values.text(&section, "file_template", &here);
        Ok(Self {
            folder,
            settings: Some(settings.to_owned()),
            section,
            is_flask: uses_flask(&script_location),
            script_location,
            version_locations,
            is_recursive,
            is_sourceless,
            file_template,
            database,
            databases,
            through: None,
        })
    }
}

/// Whether an `env.py` of Flask-Migrate's runs on several databases, whose names the application knows alone; that of
/// `SQLALCHEMY_DATABASE_URI` has an empty one.
fn names_binds(location: &Path) -> bool {
    let text = fs_err::read_to_string(location.join("env.py")).unwrap_or_default();
    uses_flask(location) && text.contains("engine_name=") && text.contains("bind_names")
}

fn candidates(folder: &Path) -> Vec<PathBuf> {
    let mut found = vec![
        folder.join("alembic.ini"),
        folder.join("pyproject.toml"),
        folder.join("migrations/alembic.ini"),
        folder.join("alembic/alembic.ini"),
    ];
    if let Some(named) = std::env::var_os("ALEMBIC_CONFIG") {
        found.insert(0, folder.join(named));
    }
    found
}

fn is_alembic(settings: &Path) -> Result<bool, AdoptError> {
    let Ok(text) = fs_err::read_to_string(settings) else {
        return Ok(false);
    };
    if is_toml(settings) {
        return match text.parse::<toml::Table>() {
            Err(error) if text.contains("[tool.alembic") => Err(AdoptError::Unreadable {
                settings: settings.to_owned(),
                message: error.to_string(),
            }),
            _ => Ok(alembic_table(&text).is_some()),
        };
    }
    let ini = Ini::parse(&text);
    Ok(ini.has("alembic") || !ini.with_any(&["script_location"]).is_empty())
}

/// A location: a path, or `package:folder:folder`, a folder inside a package below here or one that is installed.
fn place(folder: &Path, location: &str, wanted: &Wanted) -> PathBuf {
    let Some((package, inside)) = location
        .split_once(':')
        .filter(|_| !location.starts_with('/'))
    else {
        return folder.join(location);
    };
    let (first, rest) = package.split_once('.').unwrap_or((package, ""));
    let inside: PathBuf = rest.split('.').chain(inside.split(':')).collect();
    let below = [folder.join(first), folder.join("src").join(first)].map(|root| root.join(&inside));
    below
        .iter()
        .find(|path| path.is_dir())
        .cloned()
        .or_else(|| {
            let packages = Packages::of(folder, wanted.python.as_deref());
            Some(packages.folder(first)?.join(&inside))
        })
        .unwrap_or_else(|| folder.join(first).join(&inside))
}

fn folder_above(path: &Path) -> PathBuf {
    path.parent().map_or_else(PathBuf::new, Path::to_owned)
}

fn uses_flask(location: &Path) -> bool {
    fs_err::read_to_string(location.join("env.py")).is_ok_and(|text| text.contains("current_app"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn project(files: &[(&str, &str)], wanted: &Wanted) -> Result<AlembicProject, AdoptError> {
        for (name, text) in files {
            let path = wanted.folder.join(name);
            fs_err::create_dir_all(path.parent().unwrap()).unwrap();
            fs_err::write(path, text).unwrap();
        }
        AlembicProject::find(wanted)
    }

    fn here() -> (tempfile::TempDir, Wanted) {
        let folder = tempfile::tempdir().unwrap();
        let wanted = Wanted {
            folder: folder.path().to_owned(),
            ..Wanted::default()
        };
        (folder, wanted)
    }

    #[test]
    fn an_ini_names_several_folders_of_versions() {
        let (folder, wanted) = here();
        let ini = "[alembic]\nscript_location = db\nversion_locations = %(here)s/a:%(here)s/b\n\
                   path_separator = os\n";
        let files = [("alembic.ini", ini), ("db/env.py", "")];
        let found = project(&files, &wanted).unwrap();
        let places = [folder.path().join("a"), folder.path().join("b")];
        assert_eq!(found.version_locations, places);
    }

    /// As `Config.get_version_locations_list` of Alembic 1.20 has them.
    #[test]
    fn folders_are_cut_at_what_the_file_says() {
        for (settings, wanted_folders) in [
            (
                "path_separator = os\nversion_locations = a b:c",
                ["a b", "c"],
            ),
            (
                "path_separator = :\nversion_locations = a, b:c",
                ["a, b", "c"],
            ),
            (
                "path_separator = ;\nversion_locations = a b ; c:d",
                ["a b", "c:d"],
            ),
            (
                "path_separator = space\nversion_locations = a, b",
                ["a,", "b"],
            ),
            (
                "path_separator = newline\nversion_locations =\n  a b\n  c",
                ["a b", "c"],
            ),
            (
                "version_path_separator = os\nversion_locations = a:b",
                ["a", "b"],
            ),
            (
                "path_separator = ;\nversion_path_separator = os\nversion_locations = a;b",
                ["a", "b"],
            ),
            ("version_locations = a, b", ["a", "b"]),
            ("version_locations = a b", ["a", "b"]),
        ] {
            let here = Path::new("/here");
            let values = Values {
                ini: Some(Ini::parse(&format!("[alembic]\n{settings}\n"))),
                table: toml::Table::new(),
            };
            let found = values.list("alembic", "version_locations", here);
            assert_eq!(found, wanted_folders, "{settings}");
        }
    }

    #[test]
    fn a_revision_without_its_source_is_named() {
        let (folder, wanted) = here();
        let ini = "[alembic]\nscript_location = db\nsourceless = true\n";
        let revision = "revision = 'a'\ndown_revision = None\n";
        let files = [
            ("alembic.ini", ini),
            ("db/env.py", ""),
            ("db/versions/a.py", revision),
            ("db/versions/__pycache__/a.cpython-311.pyc", ""),
            (
                "db/versions/v1.2_b.py",
                "revision = 'b'\ndown_revision = 'a'\n",
            ),
            ("db/versions/__pycache__/v1.2_b.cpython-311.pyc", ""),
        ];
        let found = project(&files, &wanted).unwrap();
        let packages = Packages::of(folder.path(), None);
        assert_eq!(found.revisions(&packages).unwrap().len(), 2);
        let alone = [
            "db/versions/b.pyc",
            "db/versions/__pycache__/b.cpython-311.pyc",
        ];
        for name in alone {
            project(&[(name, "")], &wanted).unwrap();
            let error = found.revisions(&packages).unwrap_err();
            assert!(matches!(error, AdoptError::Compiled { .. }), "{error}");
            fs_err::remove_file(folder.path().join(name)).unwrap();
        }
    }

    #[test]
    fn a_location_may_be_in_an_installed_package() {
        let (folder, wanted) = here();
        let found = place(folder.path(), "json:some:folder", &wanted);
        assert!(found.ends_with("json/some/folder"), "{}", found.display());
        assert!(found.starts_with("/"), "{}", found.display());
        assert!(!found.starts_with(folder.path()), "{}", found.display());
        let below = folder.path().join("src/shop/db");
        fs_err::create_dir_all(&below).unwrap();
        assert_eq!(place(folder.path(), "shop:db", &wanted), below);
    }

    #[test]
    fn flask_migrate_has_its_settings_among_the_migrations() {
        let (folder, wanted) = here();
        let files = [
            ("migrations/alembic.ini", "[alembic]\n# nothing\n"),
            ("migrations/env.py", "from flask import current_app\n"),
        ];
        let found = project(&files, &wanted).unwrap();
        assert!(found.is_flask);
        assert_eq!(found.folder, folder.path());
        assert_eq!(found.script_location, folder.path().join("migrations"));
    }

    #[test]
    fn projects_in_folders_below_are_named() {
        let (folder, wanted) = here();
        let files = [
            ("backend/alembic.ini", "[alembic]\nscript_location = db\n"),
            ("backend/db/env.py", ""),
            ("site/migrations/alembic.ini", "[alembic]\n"),
            ("site/migrations/env.py", "from flask import current_app\n"),
        ];
        let error = project(&files, &wanted).unwrap_err();
        let expected = ["backend", "site"].map(|name| folder.path().join(name));
        assert!(
            matches!(&error, AdoptError::NoProject { below, .. } if *below == expected),
            "{error:?}"
        );
    }

    #[test]
    fn several_databases_are_adopted_one_by_one() {
        let (_folder, wanted) = here();
        let ini = "[alembic]\nscript_location = db\ndatabases = one, two\n[one]\nx = 1\n";
        let files = [("alembic.ini", ini), ("db/env.py", "")];
        let error = project(&files, &wanted).unwrap_err();
        assert!(
            matches!(error, AdoptError::SeveralDatabases { .. }),
            "{error}"
        );
        let named = Wanted {
            name: Some("two".to_owned()),
            ..wanted
        };
        assert_eq!(
            project(&[], &named).unwrap().database.as_deref(),
            Some("two")
        );
    }
}
