//! What `init` finds out: where a project's models are, and the settings that differ from the defaults.
//!
//! Nothing is imported or run; files are read. What was found is printed with its reason, so that a
//! person can judge it.

use std::path::{Path, PathBuf};

/// How deep below the project models are looked for.
const DEPTH_MAX: usize = 6;
/// Python files larger than this hold no declarative base worth finding.
const BYTES_MAX: u64 = 1_000_000;

/// Models that were found, and why they were taken for such.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct FoundModels {
    /// As a person reads it.
    pub(crate) shown: String,
    /// The entry for `[models] sources`.
    pub(crate) entry: String,
    /// What was seen.
    pub(crate) because: String,
    /// Whether it is Python.
    pub(crate) python: bool,
}

/// The entry for a source named on the command line.
pub(crate) fn source_of(root: &Path, model: &str) -> FoundModels {
    let is_path = model.ends_with(".sql") || root.join(model).exists();
    let key = if is_path { "sql" } else { "sqlalchemy" };
    FoundModels {
        shown: model.to_owned(),
        entry: format!("{{ {key} = {} }}", toml_string(model)),
        because: "given".to_owned(),
        python: !is_path,
    }
}

/// Looks for models: declarative bases in Python files first, then the usual places of `.sql` schemas.
pub(crate) fn find_models(root: &Path) -> Vec<FoundModels> {
    let mut bases = Vec::new();
    visit_python(root, root, 0, &mut bases);
    bases.sort_by(|left, right| (left.1.len(), &left.0).cmp(&(right.1.len(), &right.0)));
    if let Some((module, because)) = bases.into_iter().next() {
        return vec![FoundModels {
            shown: module.clone(),
            entry: format!("{{ sqlalchemy = {} }}", toml_string(&module)),
            because,
            python: true,
        }];
    }
    [
        "schema",
        "schema.sql",
        "db/schema",
        "db/schema.sql",
        "sql/schema",
        "models",
        "models.sql",
    ]
    .into_iter()
    .filter(|place| holds_sql(&root.join(place)))
    .take(1)
    .map(|place| FoundModels {
        shown: place.to_owned(),
        entry: format!("{{ sql = {} }}", toml_string(place)),
        because: "holds .sql".to_owned(),
        python: false,
    })
    .collect()
}

/// The text of `aludel.toml`: only what differs from the defaults.
pub(crate) fn settings_text(directory: &Path, sources: &[FoundModels]) -> String {
    let mut text = String::from("# Settings of Aludel. Everything left out has its default.\n");
    if directory != Path::new("migrations") {
        text.push_str(&format!(
            "migrations = {}\n",
            toml_string(&directory.display().to_string())
        ));
    }
    text.push_str("\n[models]\n");
    let entries: Vec<&str> = sources.iter().map(|source| source.entry.as_str()).collect();
    text.push_str(&format!("sources = [{}]\n", entries.join(", ")));
    text
}

fn toml_string(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

fn holds_sql(path: &Path) -> bool {
    if path.is_file() {
        return true;
    }
    fs_err::read_dir(path).is_ok_and(|entries| {
        entries.flatten().any(|entry| {
            entry
                .path()
                .extension()
                .is_some_and(|extension| extension == "sql")
        })
    })
}

fn visit_python(root: &Path, folder: &Path, depth: usize, found: &mut Vec<(String, String)>) {
    let Ok(entries) = fs_err::read_dir(folder) else {
        return;
    };
    let mut paths: Vec<PathBuf> = entries.flatten().map(|entry| entry.path()).collect();
    paths.sort();
    for path in paths {
        let name = path
            .file_name()
            .map(|name| name.to_string_lossy().into_owned())
            .unwrap_or_default();
        if path.is_dir() && !path.is_symlink() {
            if depth < DEPTH_MAX && !is_foreign(&path, &name) {
                visit_python(root, &path, depth + 1, found);
            }
        } else if name.ends_with(".py")
            && !name.starts_with("test_")
            && path
                .metadata()
                .is_ok_and(|metadata| metadata.len() < BYTES_MAX)
            && let Ok(text) = fs_err::read_to_string(&path)
            && let Some((class, line)) = declarative_base(&text)
        {
            let module = module_name(root, &path);
            let place = crate::config::shown(root, &path);
            found.push((
                format!("{module}:{class}"),
                format!("declared in {place}:{line}"),
            ));
        }
    }
}

/// Folders that hold no models of this project.
fn is_foreign(path: &Path, name: &str) -> bool {
    name.starts_with('.')
        || matches!(
            name,
            "node_modules"
                | "__pycache__"
                | "site-packages"
                | "tests"
                | "test"
                | "alembic"
                | "target"
        )
        || path.join("pyvenv.cfg").exists()
}

/// The name and line of a declarative base in a Python text.
fn declarative_base(text: &str) -> Option<(String, usize)> {
    text.lines().enumerate().find_map(|(index, line)| {
        let class = line.strip_prefix("class ").filter(|rest| {
            rest.contains("(DeclarativeBase")
                || rest.contains(", DeclarativeBase")
                || rest.contains("orm.DeclarativeBase")
        });
        let assigned = line.split_once('=').filter(|(name, value)| {
            value.contains("declarative_base(")
                && name.trim().chars().all(|c| c.is_alphanumeric() || c == '_')
        });
        let name = match (class, assigned) {
            (Some(rest), _) => rest.split('(').next()?.trim(),
            (None, Some((name, _))) => name.trim(),
            (None, None) => return None,
        };
        Some((name.to_owned(), index + 1))
    })
}

/// The module of a file: from the topmost folder that is a package, or one that is put on Python's path.
fn module_name(root: &Path, path: &Path) -> String {
    let mut top = path.parent().unwrap_or(root);
    while top != root && top.join("__init__.py").exists() {
        top = top.parent().unwrap_or(root);
    }
    let relative = path.strip_prefix(top).unwrap_or(path).with_extension("");
    let parts: Vec<String> = relative
        .iter()
        .map(|part| part.to_string_lossy().into_owned())
        .collect();
    match parts.split_last() {
        Some((last, rest)) if last == "__init__" && !rest.is_empty() => rest.join("."),
        _ => parts.join("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarative_bases_are_seen() {
        assert_eq!(
            declarative_base("import x\n\nclass Base(DeclarativeBase):\n"),
            Some(("Base".to_owned(), 3))
        );
        assert_eq!(
            declarative_base("Base = declarative_base()"),
            Some(("Base".to_owned(), 1))
        );
        assert_eq!(declarative_base("class User(Base):"), None);
    }

    #[test]
    fn only_what_differs_is_written() {
        let text = settings_text(Path::new("migrations"), &[]);
        assert!(!text.contains("migrations ="), "{text}");
        assert!(settings_text(Path::new("db"), &[]).contains("migrations = \"db\""));
    }
}
