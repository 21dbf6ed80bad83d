//! Constants that a revision file takes from a module of its application: found by the module's place, nothing is run.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use ruff_python_ast::{Expr, Stmt};

use crate::packages::Packages;

/// What the names of a file are bound to by its imports.
#[derive(Debug, Default)]
pub(super) struct Imports {
    /// A name, the module it comes from, and the name there; without one it is the module itself.
    names: BTreeMap<String, (String, Option<String>)>,
}

impl Imports {
    /// Takes note of an `import` or `from … import`.
    pub(super) fn see(&mut self, statement: &Stmt) {
        match statement {
            Stmt::Import(import) => {
                for alias in &import.names {
                    // `import a.b` binds `a`, which is not resolved further.
                    if let Some(name) = &alias.asname {
                        let module = alias.name.to_string();
                        self.names.insert(name.to_string(), (module, None));
                    }
                }
            }
            Stmt::ImportFrom(import) if import.level == 0 => {
                let Some(module) = &import.module else {
                    return;
                };
                for alias in &import.names {
                    let name = alias.asname.as_ref().unwrap_or(&alias.name).to_string();
                    let from = (module.to_string(), Some(alias.name.to_string()));
                    self.names.insert(name, from);
                }
            }
            _ => {}
        }
    }

    /// The text that `NAME` or `module.NAME` stands for, if a module near the file assigns a string to it.
    pub(super) fn text(&self, path: &Path, packages: &Packages, value: &Expr) -> Option<String> {
        match value {
            Expr::Name(name) => match self.names.get(name.id.as_str())? {
                (module, Some(constant)) => constant_of(path, packages, module, constant),
                (_, None) => None,
            },
            Expr::Attribute(attribute) => {
                let Expr::Name(name) = &*attribute.value else {
                    return None;
                };
                let module = match self.names.get(name.id.as_str())? {
                    (module, Some(inner)) => format!("{module}.{inner}"),
                    (module, None) => module.clone(),
                };
                constant_of(path, packages, &module, attribute.attr.as_str())
            }
            _ => None,
        }
    }
}

/// The module lies below one of the folders that the file lies in, as both belong to one application, or is installed.
fn constant_of(path: &Path, packages: &Packages, module: &str, constant: &str) -> Option<String> {
    let inside = PathBuf::from(module.replace('.', "/"));
    let file_below = |root: &Path| {
        let module = root.join(&inside);
        let files = [module.with_extension("py"), module.join("__init__.py")];
        files.into_iter().find(|file| file.is_file())
    };
    let near = path.ancestors().skip(1).find_map(file_below);
    let file = near.or_else(|| {
        let package = packages.folder(module.split('.').next()?)?;
        file_below(package.parent()?)
    })?;
    let text = super::encoding::read(&file).ok()?;
    let parsed =
        ruff_python_parser::parse_unchecked_source(&text, ruff_python_ast::PySourceType::Python);
    let assigned = parsed.syntax().body.iter().rev().find_map(|statement| {
        let assigned = super::assigned(statement);
        let (_, value) = assigned.into_iter().find(|(name, _)| *name == constant)?;
        Some(value)
    })?;
    match assigned {
        Expr::StringLiteral(literal) => Some(literal.value.to_str().to_owned()),
        _ => None,
    }
}
