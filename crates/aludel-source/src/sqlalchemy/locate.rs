//! Reads the configured name of a source: an object in a module, or an Alembic environment.

use std::path::{Path, PathBuf};

use crate::discover::{self, Environment};
use crate::error::SourceError;
use crate::python_project::{self, Interpreter};
use crate::source::{ForeignKeys, SourceContext};

/// What a configured name stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Located {
    /// `module:attribute`, with a folder before the module or not.
    Object(String),
    /// An `env.py`, and the `alembic.ini` or `pyproject.toml` that leads to it; and which of its databases is meant.
    Env(Environment, Option<String>),
}

/// Reads `env`, a path of an `env.py` or `alembic.ini`, with the name of one of its databases behind it or not, or
/// `[folder/]module:attribute`.
pub(crate) fn locate(spec: &str, project_dir: &Path) -> Result<Located, SourceError> {
    let Some((path, engine)) = environment_path(spec) else {
        return Ok(Located::Object(spec.to_owned()));
    };
    let engine = engine.map(str::to_owned);
    Ok(Located::Env(environment(path, spec, project_dir)?, engine))
}

/// Returns whether a configured name is that of an Alembic environment.
pub fn names_environment(spec: &str) -> bool {
    environment_path(spec).is_some()
}

/// The path of an environment, or `env`, and the database that is meant.
fn environment_path(spec: &str) -> Option<(&str, Option<&str>)> {
    let is_path = |path: &str| {
        let mut endings = ["py", "ini", "toml"].iter();
        endings.any(|ending| has_extension(path, ending))
    };
    if spec == "env" || is_path(spec) {
        return Some((spec, None));
    }
    let (path, engine) = spec.rsplit_once(':')?;
    is_path(path).then_some((path, Some(engine)))
}

/// Finds the environment at a path; `spec` is the whole name.
fn environment(path: &str, spec: &str, project_dir: &Path) -> Result<Environment, SourceError> {
    let missing = || SourceError::NoEnv {
        spec: spec.to_owned(),
        project_dir: project_dir.to_owned(),
    };
    let known = || discover::environments(project_dir);
    if path == "env" {
        return known().into_iter().next().ok_or_else(missing);
    }
    let path = project_dir.join(path);
    if !has_extension(&path, "py") {
        return discover::environment_of(&path).ok_or_else(missing);
    }
    if !path.is_file() {
        return Err(missing());
    }
    let found = known()
        .into_iter()
        .find(|environment| environment.env == path);
    Ok(found.unwrap_or_else(|| discover::bare(path)))
}

fn has_extension(path: impl AsRef<Path>, wanted: &str) -> bool {
    path.as_ref()
        .extension()
        .is_some_and(|extension| extension == wanted)
}

impl Located {
    /// Returns the script's argument.
    pub(crate) fn request(&self, context: &SourceContext) -> serde_json::Value {
        let mut request = match self {
            Self::Object(spec) => serde_json::json!({ "kind": "object", "spec": spec }),
            Self::Env(environment, _) => serde_json::json!({
                "kind": "env",
                "spec": environment.env,
                "ini": environment.settings,
            }),
        };
        if let Self::Env(_, Some(engine)) = self {
            request["engine"] = engine.as_str().into();
        }
        if let Self::Env(..) = self
            && !context.arguments.is_empty()
        {
            request["x"] = serde_json::json!(context.arguments);
        }
        request["schemas"] = serde_json::json!(context.schema_translate_map);
        if context.foreign_keys == ForeignKeys::Apart {
            request["foreign_keys_apart"] = true.into();
        }
        if let Some(database) = &context.connects_to {
            request["connects_to"] = serde_json::json!(database);
        }
        request
    }

    /// Finds the Python that the models are loaded with.
    pub(crate) fn interpreter(&self, context: &SourceContext) -> Result<Interpreter, SourceError> {
        let below = self.below(&context.project_dir);
        python_project::find(
            &context.project_dir,
            below.as_deref(),
            context.python.as_deref(),
        )
    }

    /// Returns the folder that the models' environment is looked for in first, when it is not the project's.
    pub(crate) fn below(&self, project_dir: &Path) -> Option<PathBuf> {
        match self {
            Self::Object(spec) => {
                let module = spec.split(':').next().unwrap_or(spec);
                if let Some((folder, _)) = module.rsplit_once('/') {
                    return Some(project_dir.join(folder));
                }
                holder(project_dir, module.split('.').next().unwrap_or(module))
            }
            Self::Env(environment, _) => {
                let near = environment.settings.as_ref().unwrap_or(&environment.env);
                near.parent().map(Path::to_owned)
            }
        }
    }
}

/// Returns the one folder below the project that holds the package, as the script looks for it too.
fn holder(project_dir: &Path, package: &str) -> Option<PathBuf> {
    let holds = |folder: &Path| {
        folder.join(package).is_dir() || folder.join(format!("{package}.py")).is_file()
    };
    if holds(project_dir) {
        return None;
    }
    let folders = discover::subfolders(project_dir);
    let mut holders = folders.into_iter().filter(|folder| holds(folder));
    let first = holders.next()?;
    holders.next().is_none().then_some(first)
}
