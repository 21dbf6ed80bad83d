//! Where a new revision file goes, and `HEAD` beside it.

use std::path::{Path, PathBuf};

use aludel_revision::{DEFAULT_TEMPLATE, History, NewRevision};

use crate::config::{Project, shown};
use crate::context::{Context, current_dir};
use crate::head_file;
use crate::ui::exit::ExitStatus;
use crate::ui::json::{CreatedJson, FORMAT};
use crate::ui::printer::Printer;
use crate::ui::problem::Problem;

/// Writes the file and `HEAD`, and says where.
pub(crate) fn write(
    revision: &NewRevision,
    version_path: Option<&Path>,
    detected: &[String],
    context: &Context,
    printer: &mut Printer,
) -> Result<ExitStatus, Problem> {
    let shown = create(revision, version_path, context)?;
    if printer.is_json() {
        printer.json(&CreatedJson {
            format: FORMAT,
            revision: Some(revision.id.to_string()),
            parents: revision.parents.iter().map(ToString::to_string).collect(),
            path: Some(shown),
            detected: detected.to_vec(),
        })?;
    } else {
        printer.line(&shown)?;
    }
    Ok(ExitStatus::Done)
}

/// Writes the file and `HEAD`; returns the path as a person reads it.
pub(crate) fn create(
    revision: &NewRevision,
    version_path: Option<&Path>,
    context: &Context,
) -> Result<String, Problem> {
    let project = context.project()?;
    let template = project.file_template.as_deref().unwrap_or(DEFAULT_TEMPLATE);
    let folder = folder(revision, version_path, project, &context.headers()?)?;
    let path = revision.write(&folder, template)?;
    head_file::refresh(context)?;
    Ok(shown(&current_dir()?, &path))
}

/// The folder that was named, else that of the first parent, else the only one.
fn folder(
    revision: &NewRevision,
    version_path: Option<&Path>,
    project: &Project,
    history: &History,
) -> Result<PathBuf, Problem> {
    let names = || {
        let names = project
            .migrations
            .iter()
            .map(|folder| project.shown(folder));
        names.collect::<Vec<_>>()
    };
    if let Some(wanted) = version_path {
        let here = current_dir()?.join(wanted);
        let there = project.root.join(wanted);
        let is_wanted = |folder: &&PathBuf| same(folder, &here) || same(folder, &there);
        return project
            .migrations
            .iter()
            .find(is_wanted)
            .cloned()
            .ok_or_else(|| {
                let primary = format!("{} is none of the migrations folders", wanted.display());
                Problem::new("version-path", primary)
                    .hint(format!("they are: {}", names().join(", ")))
                    .hint("add it to migrations in aludel.toml if a new folder is meant")
            });
    }
    let parent = revision.parents.first().and_then(|id| history.get(id));
    if let Some(folder) = parent.and_then(|parent| parent.path.parent()) {
        return Ok(folder.to_owned());
    }
    if let [only] = project.migrations.as_slice() {
        return Ok(only.clone());
    }
    let flags: Vec<String> = names()
        .iter()
        .map(|name| format!("--version-path {name}"))
        .collect();
    let primary = "a revision without a parent could go to any of the migrations folders";
    Err(Problem::new("version-path", primary).hint(format!("say which: {}", flags.join(" or "))))
}

fn same(one: &Path, other: &Path) -> bool {
    let real = |path: &Path| fs_err::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    real(one) == real(other)
}
