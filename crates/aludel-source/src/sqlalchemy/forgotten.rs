//! Model files that define a table but are imported by no one, so that their tables are missing from the metadata.
//!
//! The files are parsed, not imported. A file that was imported is left alone even if its table is missing: it belongs
//! to another metadata; so does a file whose base class comes from a module of the project that was not imported.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::document::Document;
use super::locate::Located;
use crate::discover::python_files;
use crate::python_source::{self, Module};
use crate::source::SourceWarning;
use crate::sql_files::shown;

/// A file without any of these defines no table; most files are not parsed.
const MARKS: &[&str] = &["__tablename__", "table=True", "table = True", "Table("];

/// Finds the forgotten tables, by file and line.
pub(super) fn find(
    document: &Document,
    located: &Located,
    project_dir: &Path,
) -> Vec<SourceWarning> {
    let loaded: BTreeSet<&str> = document
        .tables
        .iter()
        .map(|table| table.name.as_str())
        .collect();
    let imported: BTreeSet<&Path> = document.inputs.files.iter().map(Path::new).collect();
    let search_path: BTreeSet<&Path> = document.search_path.iter().map(Path::new).collect();
    let mut files = BTreeSet::new();
    for folder in model_folders(document) {
        if search_path.contains(&*folder) {
            files.extend(python_files(&folder, 0));
        } else {
            files.extend(python_files(&folder, 8));
        }
    }
    let mut warnings = Vec::new();
    for file in files.iter().filter(|file| !imported.contains(&***file)) {
        let Ok(text) = fs_err::read_to_string(file) else {
            continue;
        };
        if !MARKS.iter().any(|mark| text.contains(mark)) {
            continue;
        }
        let module = python_source::read(&text);
        for (table, line) in tables(&module, file, &imported) {
            if loaded.contains(table) {
                continue;
            }
            warnings.push(SourceWarning {
                file: Some(shown(file, project_dir)),
                line,
                message: format!("table `{table}` is defined here, but nothing imports this file"),
                hint: Some(import_hint(file, document, located, project_dir)),
            });
        }
    }
    warnings
}

/// The folders that hold models: the whole package around each file that defines a table and around the named module.
fn model_folders(document: &Document) -> BTreeSet<PathBuf> {
    let tables = document
        .tables
        .iter()
        .filter_map(|table| table.file.as_deref());
    let named = document.module_files.iter().map(String::as_str);
    tables
        .chain(named)
        .map(Path::new)
        .filter(|file| {
            !file
                .components()
                .any(|part| part.as_os_str() == "site-packages")
        })
        .map(top_package)
        .collect()
}

/// Returns the outermost folder around a file that is a package, else the file's own folder.
fn top_package(file: &Path) -> PathBuf {
    let mut folder = file.parent().unwrap_or(file);
    while let Some(parent) = folder.parent() {
        if !parent.join("__init__.py").exists() || !folder.join("__init__.py").exists() {
            break;
        }
        folder = parent;
    }
    folder.to_owned()
}

/// Returns the tables of a file that would belong to the loaded metadata.
fn tables<'a>(module: &'a Module, file: &Path, imported: &BTreeSet<&Path>) -> Vec<(&'a str, u32)> {
    let ours = |name: &str| is_ours(name, module, file, imported);
    let classes = module
        .classes
        .iter()
        .filter(|class| class.bases.iter().any(|(_, first)| ours(first)))
        .filter_map(|class| Some((class.table.as_deref()?, class.line)));
    let calls = module
        .tables
        .iter()
        .filter(|table| table.metadata.as_deref().is_none_or(ours))
        .map(|table| (table.name.as_str(), table.line));
    classes.chain(calls).collect()
}

/// Returns whether a base class or metadata named in a file may be the loaded one: it comes from an imported file of
/// the project, or from outside the project, or from a class above in the same file.
fn is_ours(name: &str, module: &Module, file: &Path, imported: &BTreeSet<&Path>) -> bool {
    if let Some(class) = module.classes.iter().find(|class| class.name == name) {
        return class.bases.iter().any(|(last, first)| {
            last != "DeclarativeBase" && first != name && is_ours(first, module, file, imported)
        });
    }
    if module.assigned.contains_key(name) {
        return false;
    }
    let Some(from) = module.imported.get(name) else {
        return true;
    };
    let candidates = module_files(from, name, file);
    candidates.is_empty()
        || candidates
            .iter()
            .any(|candidate| imported.contains(&**candidate))
}

/// Returns the project's files that `from <from> import <name>` in `file` may mean; none for an installed package.
fn module_files(from: &str, name: &str, file: &Path) -> Vec<PathBuf> {
    let dotted = from.trim_start_matches('.');
    let level = from.len() - dotted.len();
    let roots: Vec<&Path> = if level > 0 {
        file.ancestors().nth(level).into_iter().collect()
    } else {
        file.ancestors().skip(1).collect()
    };
    let relative: PathBuf = dotted.split('.').filter(|part| !part.is_empty()).collect();
    roots
        .into_iter()
        .map(|root| root.join(&relative))
        .flat_map(|path| {
            [
                path.with_extension("py"),
                path.join("__init__.py"),
                path.join(name).with_extension("py"),
            ]
        })
        .filter(|path| path.is_file())
        .collect()
}

/// Says which line to add where.
fn import_hint(file: &Path, document: &Document, located: &Located, project_dir: &Path) -> String {
    let package = top_package(file);
    let root = if package.join("__init__.py").exists() {
        package.parent()
    } else {
        Some(&*package)
    };
    let relative = root
        .and_then(|root| file.strip_prefix(root).ok())
        .unwrap_or(file);
    let dotted: Vec<String> = relative
        .with_extension("")
        .components()
        .map(|part| part.as_os_str().to_string_lossy().into_owned())
        .filter(|part| part != "__init__")
        .collect();
    let (line, fallback) = match dotted.split_last() {
        Some((name, parents)) if !parents.is_empty() => (
            format!("from {} import {name}", parents.join(".")),
            file.with_file_name("__init__.py"),
        ),
        _ => (
            format!("import {}", dotted.join(".")),
            file.with_file_name("__init__.py"),
        ),
    };
    let target = match located {
        Located::Env(environment, _) => environment.env.clone(),
        Located::Object(_) => document
            .module_files
            .first()
            .map_or(fallback.clone(), PathBuf::from),
    };
    // The package's own __init__ is the better place when the application reads it anyway.
    let target = if document
        .inputs
        .files
        .iter()
        .any(|known| Path::new(known) == fallback)
    {
        fallback
    } else {
        target
    };
    format!("add `{line}` to {}", shown(&target, project_dir))
}
