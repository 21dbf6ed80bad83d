//! Finds a project's models: an Alembic environment, or a declarative base in a package of models.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::python_source::{self, Module};
use crate::source::SourceSpec;
use crate::sql_files::shown;

/// How deep below the project folder models are looked for.
const DEPTH: u32 = 4;

/// Folders that hold no models of the project.
const SKIPPED: &[&str] = &[
    "tests",
    "test",
    "migrations",
    "alembic",
    "versions",
    "node_modules",
    "venv",
    "env",
    "site-packages",
    "build",
    "dist",
    "docs",
    "target",
];

/// An Alembic environment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Environment {
    /// The path of `env.py`.
    pub env: PathBuf,
    /// The `alembic.ini` or `pyproject.toml` that leads to it.
    pub settings: Option<PathBuf>,
}

/// A source that a project seems to have.
#[derive(Clone, Debug)]
pub struct Candidate {
    /// The source.
    pub spec: SourceSpec,
    /// What it was recognised by, with the file.
    pub reason: String,
}

/// Lists the sources that a project seems to have, the likeliest first. Nothing is imported.
pub fn discover(project_dir: &Path) -> Vec<Candidate> {
    let mut candidates = declared_models(project_dir);
    for environment in environments(project_dir) {
        let reason = match &environment.settings {
            Some(settings) => format!(
                "target_metadata of the env.py that {} names",
                shown(settings, project_dir)
            ),
            None => "target_metadata of env.py".to_owned(),
        };
        let spec = SourceSpec::Sqlalchemy(shown(&environment.env, project_dir));
        candidates.push(Candidate { spec, reason });
    }
    candidates
}

/// Lists the Alembic environments that settings in the project folder or right below it lead to.
pub fn environments(project_dir: &Path) -> Vec<Environment> {
    let mut folders = vec![project_dir.to_owned()];
    folders.extend(subfolders(project_dir));
    let settings = folders
        .iter()
        .flat_map(|folder| ["alembic.ini", "pyproject.toml"].map(|name| folder.join(name)));
    let mut found: Vec<Environment> = settings.filter_map(|path| environment_of(&path)).collect();
    for folder in &folders {
        for name in ["migrations/env.py", "alembic/env.py"] {
            let env = folder.join(name);
            if env.is_file() && !found.iter().any(|environment| environment.env == env) {
                found.push(bare(env));
            }
        }
    }
    found
}

/// An `env.py` to which no settings lead; Flask-Migrate puts some beside it all the same.
pub(crate) fn bare(env: PathBuf) -> Environment {
    let above = env.ancestors().skip(1).take(LEVELS_MAX);
    let settings = above.enumerate().find_map(|(level, folder)| {
        let settings = folder.join("alembic.ini");
        let is_its =
            || environment_of(&settings).is_some_and(|found| is_same_file(&found.env, &env));
        (settings.is_file() && (level < LEVELS_NEAR || is_its())).then_some(settings)
    });
    Environment { env, settings }
}

/// How far above an `env.py` its `alembic.ini` is looked for.
const LEVELS_MAX: usize = 5;
/// How far one that does not lead to it is its own: `script_location` may start at a folder that is not known.
const LEVELS_NEAR: usize = 2;

fn is_same_file(one: &Path, other: &Path) -> bool {
    let canonical = |path: &Path| fs_err::canonicalize(path).ok();
    canonical(one).is_some_and(|one| canonical(other) == Some(one))
}

/// Reads an `alembic.ini`, or the `[tool.alembic]` of a `pyproject.toml`; where both are there, what is for `env.py` alone (the
/// URL, the logs) stands in the first.
pub(crate) fn environment_of(settings: &Path) -> Option<Environment> {
    let text = fs_err::read_to_string(settings).ok()?;
    let mut settings = settings.to_owned();
    let location = if settings
        .extension()
        .is_some_and(|extension| extension == "toml")
    {
        let table: toml::Table = text.parse().ok()?;
        let table = table.get("tool")?.get("alembic")?;
        let ini = settings.with_file_name("alembic.ini");
        let leads = |text: String| ini_value(&text, "alembic", "script_location").is_some();
        if fs_err::read_to_string(&ini).is_ok_and(|text| !leads(text)) {
            settings = ini;
        }
        table.get("script_location")?.as_str()?.to_owned()
    } else {
        ini_value(&text, "alembic", "script_location")?
    };
    let folder = settings.parent()?;
    let here = folder.display().to_string();
    let location = location.replace("%(here)s", &here).replace("%%", "%");
    // `package:folder` is a folder inside a package.
    let location = match location.split_once(':') {
        Some((package, inside)) => format!("{}/{inside}", package.replace('.', "/")),
        None => location,
    };
    let env = folder.join(location).join("env.py");
    env.is_file().then_some(Environment {
        env,
        settings: Some(settings),
    })
}

/// Returns the value of a key in a section of an ini file.
fn ini_value(text: &str, section: &str, key: &str) -> Option<String> {
    let mut inside = false;
    for line in text.lines() {
        let line = line.trim();
        if let Some(name) = line
            .strip_prefix('[')
            .and_then(|rest| rest.strip_suffix(']'))
        {
            inside = name == section;
        } else if inside
            && let Some((name, value)) = line.split_once(['=', ':'])
            && name.trim() == key
        {
            return Some(value.trim().to_owned());
        }
    }
    None
}

/// Finds modules that bind a declarative base or a metadata, those named `models` first.
fn declared_models(project_dir: &Path) -> Vec<Candidate> {
    let files = python_files(project_dir, DEPTH);
    let modules: Vec<(PathBuf, Module)> = files
        .into_iter()
        .filter_map(|file| {
            let text = fs_err::read_to_string(&file).ok()?;
            let marked = [
                "declarative",
                "Declarative",
                "MetaData",
                "SQLModel",
                "import",
            ];
            marked
                .iter()
                .any(|mark| text.contains(mark))
                .then(|| (file, python_source::read(&text)))
        })
        .collect();
    let bases: BTreeSet<String> = modules
        .iter()
        .flat_map(|(_, module)| bases_made_in(module))
        .collect();
    let has_sqlmodel = modules.iter().any(|(_, module)| {
        module.classes.iter().any(|class| {
            class.table.is_some() && class.bases.iter().any(|(last, _)| last == "SQLModel")
        })
    });
    let mut ranked = Vec::new();
    for (file, module) in &modules {
        let made = bases_made_in(module);
        let imported = module
            .imported
            .keys()
            .filter(|name| bases.contains(*name))
            .cloned();
        let sqlmodel = module
            .imported
            .keys()
            .filter(|name| has_sqlmodel && *name == "SQLModel")
            .cloned();
        for name in made.iter().cloned().chain(imported).chain(sqlmodel) {
            let models = is_models_module(file);
            if !models && !made.contains(&name) {
                continue;
            }
            let Some(spec) = spec_of(file, &name, project_dir) else {
                continue;
            };
            let reason = format!("`{name}` in {}", shown(file, project_dir));
            ranked.push((u8::from(!models), file.components().count(), spec, reason));
        }
    }
    ranked.sort();
    ranked
        .into_iter()
        .map(|(_, _, spec, reason)| Candidate {
            spec: SourceSpec::Sqlalchemy(spec),
            reason,
        })
        .collect()
}

/// Returns the names of declarative bases and metadata that a module makes.
fn bases_made_in(module: &Module) -> Vec<String> {
    let makers = [
        "declarative_base",
        "automap_base",
        "MetaData",
        "SQLAlchemy",
        "as_declarative",
    ];
    let assigned = module
        .assigned
        .iter()
        .filter(|(_, function)| {
            function
                .as_deref()
                .is_some_and(|name| makers.contains(&name))
        })
        .map(|(name, _)| name.clone());
    let declarative = [
        "DeclarativeBase",
        "DeclarativeBaseNoMeta",
        "MappedAsDataclass",
    ];
    let classes = module
        .classes
        .iter()
        .filter(|class| {
            class
                .bases
                .iter()
                .any(|(last, _)| declarative.contains(&last.as_str()))
        })
        .map(|class| class.name.clone());
    classes.chain(assigned).collect()
}

fn is_models_module(file: &Path) -> bool {
    let named = |path: &Path| path.file_stem().is_some_and(|stem| stem == "models");
    let is_init = file.file_name().is_some_and(|name| name == "__init__.py");
    named(file) || (is_init && file.parent().is_some_and(named))
}

/// Writes `folder/package.module:name` for a name in a file.
fn spec_of(file: &Path, name: &str, project_dir: &Path) -> Option<String> {
    let mut root = file.parent()?;
    while root != project_dir && root.join("__init__.py").exists() {
        root = root.parent()?;
    }
    let module = file.strip_prefix(root).ok()?.with_extension("");
    let parts: Vec<String> = module
        .components()
        .map(|part| part.as_os_str().to_string_lossy().into_owned())
        .collect();
    let parts = match parts.split_last() {
        Some((last, package)) if last == "__init__" && !package.is_empty() => package.to_vec(),
        _ => parts,
    };
    let folder = shown(root, project_dir);
    let folder = if folder.is_empty() {
        folder
    } else {
        format!("{folder}/")
    };
    Some(format!("{folder}{}:{name}", parts.join(".")))
}

/// Lists the folders right below a folder that may hold code, by name.
pub(crate) fn subfolders(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs_err::read_dir(folder) else {
        return Vec::new();
    };
    let mut folders: Vec<PathBuf> = entries
        .filter_map(Result::ok)
        .map(|entry| entry.path())
        .filter(|path| path.is_dir() && !is_hidden(path))
        .collect();
    folders.sort();
    folders
}

/// Lists the Python files of a folder and, `depth` levels down, of the folders in it that may hold models.
pub(crate) fn python_files(folder: &Path, depth: u32) -> Vec<PathBuf> {
    let Ok(entries) = fs_err::read_dir(folder) else {
        return Vec::new();
    };
    let mut files = Vec::new();
    for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
        if path.is_dir() {
            let name = path
                .file_name()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned();
            if depth > 0 && !is_hidden(&path) && !SKIPPED.contains(&name.as_str()) {
                files.extend(python_files(&path, depth - 1));
            }
        } else if path.extension().is_some_and(|extension| extension == "py") {
            files.push(path);
        }
    }
    files.sort();
    files
}

fn is_hidden(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.starts_with('.') || name == "__pycache__"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn write(root: &Path, file: &str, text: &str) {
        let path = root.join(file);
        fs_err::create_dir_all(path.parent().unwrap()).unwrap();
        fs_err::write(path, text).unwrap();
    }

    fn specs(root: &Path) -> Vec<String> {
        let spec = |candidate: Candidate| match candidate.spec {
            SourceSpec::Sqlalchemy(spec) => spec,
            other => format!("{other:?}"),
        };
        discover(root).into_iter().map(spec).collect()
    }

    #[test]
    fn a_models_package_that_binds_the_base_comes_first() {
        let project = tempfile::tempdir().unwrap();
        let root = project.path();
        write(root, "backend/app/__init__.py", "");
        write(
            root,
            "backend/app/models/__init__.py",
            "from app.models.base import Base\nfrom . import user\n",
        );
        write(
            root,
            "backend/app/models/base.py",
            "class Base(DeclarativeBase):\n    pass\n",
        );
        write(
            root,
            "backend/app/models/user.py",
            "from app.models.base import Base\nclass User(Base): ...\n",
        );
        write(root, "backend/migrations/env.py", "");
        write(
            root,
            "backend/alembic.ini",
            "[alembic]\nscript_location = %(here)s/migrations\n",
        );
        assert_eq!(
            specs(root),
            [
                "backend/app.models:Base",
                "backend/app.models.base:Base",
                "backend/migrations/env.py"
            ]
        );
    }

    #[test]
    fn sqlmodel_tables_are_found_by_their_module() {
        let project = tempfile::tempdir().unwrap();
        let root = project.path();
        write(
            root,
            "models.py",
            "from sqlmodel import SQLModel\nclass Hero(SQLModel, table=True): ...\n",
        );
        assert_eq!(specs(root), ["models:SQLModel"]);
    }

    #[test]
    fn settings_in_pyproject_lead_to_an_environment() {
        let project = tempfile::tempdir().unwrap();
        let root = project.path();
        write(
            root,
            "pyproject.toml",
            "[tool.alembic]\nscript_location = \"db/versions\"\n",
        );
        write(root, "db/versions/env.py", "");
        assert_eq!(specs(root), ["db/versions/env.py"]);
        // The template of Alembic's own leaves the URL to an `alembic.ini` beside it.
        write(
            root,
            "alembic.ini",
            "[alembic]\nsqlalchemy.url = postgresql://\n",
        );
        let found = environments(root);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].settings, Some(root.join("alembic.ini")));
    }
}
