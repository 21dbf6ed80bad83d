//! `aludel export-alembic`: revisions as Alembic's files, for teams that keep both tools for a while.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use aludel_adopt::{AdoptError, AlembicProject, AlembicRevision, Packages, Wanted, export, graph};
use aludel_revision::{History, Revision, RevisionId};
use clap::Args;
use serde::Serialize;

use crate::adopting;
use crate::completion;
use crate::config::{Project, shown};
use crate::context::{Context, current_dir, find_revisions};
use crate::ui::exit::ExitStatus;
use crate::ui::json::FORMAT;
use crate::ui::printer::Printer;
use crate::ui::problem::Problem;

/// Write revisions as files of Alembic's, with the same ids and the SQL both ways
///
/// Each file executes what the revision's own file says, statement by statement and with the same commits, so a
/// database that either tool has brought to the revision is the same, and either can take the next step. Without
/// REVISION every revision that Alembic's folders lack is written. No file is ever written over.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  aludel export-alembic\n  aludel export-alembic head\n  aludel export-alembic ae10:head --version-path app/db/versions"
)]
pub(crate) struct ExportAlembicArgs {
    /// A revision, or a range such as `ae10:head`, of which those are written that Alembic lacks
    #[arg(value_name = "REVISION", add = completion::targets())]
    revision: Option<String>,
    /// The folder the files go to, where Alembic has several
    #[arg(long, value_name = "DIRECTORY")]
    version_path: Option<PathBuf>,
    /// The env.py, where no alembic.ini leads to it
    #[arg(long, value_name = "FILE", conflicts_with = "script_location")]
    env: Option<PathBuf>,
    /// The folder of env.py, where no alembic.ini leads to it
    #[arg(long, value_name = "DIRECTORY")]
    script_location: Option<PathBuf>,
}

#[derive(Serialize)]
struct ExportJson {
    format: u32,
    revisions: Vec<ExportedJson>,
}

#[derive(Serialize)]
struct ExportedJson {
    revision: String,
    path: String,
}

pub(crate) fn run(
    args: &ExportAlembicArgs,
    context: &Context,
    printer: &mut Printer,
) -> Result<ExitStatus, Problem> {
    let folder = current_dir()?;
    let history = context.headers()?;
    let settings = Project::find(&folder, &context.global)?;
    let alembic = Wanted {
        folder: folder.clone(),
        env: args.env.clone(),
        script_location: args.script_location.clone(),
        name: context.global.name.clone(),
        python: settings.models.python.clone(),
        through: None,
    };
    is_there(&alembic)?;
    let alembic = adopting::find(&alembic, &context.global.extra, &settings, printer)?;
    let packages = Packages::of(&folder, settings.models.python.as_deref());
    let known = known(&alembic, &packages)?;
    let wanted = wanted(args.revision.as_deref(), &history, &known, &folder)?;
    if wanted.is_empty() {
        printer.say("nothing to do: Alembic's folders have every one of these revisions");
    }
    let in_alembic = |id: &RevisionId| in_alembic(id, &history, &known);
    complete(&wanted, &known, &in_alembic)?;
    let mut files = Vec::with_capacity(wanted.len());
    for revision in &wanted {
        let place = place(args, revision, &known, &alembic, &folder);
        let path = export::path(revision, &alembic, &place);
        if path.exists() {
            return Err(exists(&shown(&folder, &path)));
        }
        files.push((path, export::python(revision, &alembic, &in_alembic)?));
    }
    for (path, text) in &files {
        write(path, text)?;
    }
    let exported = wanted
        .iter()
        .zip(&files)
        .map(|(revision, (path, _))| ExportedJson {
            revision: revision.id().to_string(),
            path: shown(&folder, path),
        });
    if printer.is_json() {
        printer.json(&ExportJson {
            format: FORMAT,
            revisions: exported.collect(),
        })?;
    } else {
        for one in exported {
            printer.line(&one.path)?;
        }
    }
    Ok(ExitStatus::Done)
}

/// Where nothing leads to `env.py` (the project was adopted by its own command), the way there can be typed.
fn is_there(wanted: &Wanted) -> Result<(), Problem> {
    AlembicProject::find(wanted).map(drop).map_err(|error| {
        let is_missing = matches!(
            error,
            AdoptError::NoProject { .. } | AdoptError::NoEnv { .. }
        );
        let problem = Problem::from(error);
        if is_missing {
            return problem.only_hint(
                "name the folder of env.py: aludel export-alembic --script-location app/db",
            );
        }
        problem
    })
}

/// What Alembic's folders hold; nothing is fine too.
fn known(alembic: &AlembicProject, packages: &Packages) -> Result<Vec<AlembicRevision>, Problem> {
    match graph::read(&alembic.version_locations, alembic.is_recursive, packages) {
        Err(AdoptError::NoRevisions { .. }) => Ok(Vec::new()),
        other => Ok(other?),
    }
}

/// The revisions to write, parents first. One that was named itself must not be there yet.
fn wanted<'a>(
    named: Option<&str>,
    history: &'a History,
    known: &[AlembicRevision],
    folder: &Path,
) -> Result<Vec<&'a Revision>, Problem> {
    // Of a squash Alembic may have the revisions whose place it takes.
    let file_of = |revision: &Revision| {
        let replaced = revision.header.replaces.ids();
        let is_it = |one: &&AlembicRevision| one.id == *revision.id() || replaced.contains(&one.id);
        known.iter().find(is_it)
    };
    let found: BTreeSet<_> = match named {
        None => history
            .revisions()
            .iter()
            .map(Revision::id)
            .cloned()
            .collect(),
        Some(range) if range.contains(':') => history.range(range, &[])?.into_iter().collect(),
        Some(target) => {
            let found = find_revisions(history, target, &[])?;
            for revision in &found {
                if let Some(file) = file_of(revision) {
                    return Err(
                        exists(&shown(folder, &file.path)).revisions([revision.id().to_string()])
                    );
                }
            }
            found.into_iter().map(Revision::id).cloned().collect()
        }
    };
    let wanted = history.iter_as_run().filter(|one| found.contains(one.id()));
    Ok(wanted.filter(|one| file_of(one).is_none()).collect())
}

fn exists(file: &str) -> Problem {
    Problem::new(
        "exists",
        format!("Alembic has the revision already: {file}"),
    )
    .detail("nothing was written")
    .hint("to write those that Alembic lacks: aludel export-alembic")
    .hint("to write this one anew, move that file away first")
}

/// What a revision that another follows is called where Alembic has it: a squash by the end of what it replaces.
fn in_alembic(id: &RevisionId, history: &History, known: &[AlembicRevision]) -> RevisionId {
    let is_known = |id: &&RevisionId| known.iter().any(|one| one.id == **id);
    let ends = history.get(id).map(|one| one.header.replaces.ends());
    let end = ends.and_then(|ends| ends.iter().find(is_known));
    end.filter(|_| !is_known(&id)).unwrap_or(id).clone()
}

/// Alembic reads no history with a hole in it.
fn complete(
    wanted: &[&Revision],
    known: &[AlembicRevision],
    in_alembic: &dyn Fn(&RevisionId) -> RevisionId,
) -> Result<(), Problem> {
    let ids = known.iter().map(|one| one.id.as_str());
    let labels = known
        .iter()
        .flat_map(|one| one.labels.iter().map(String::as_str));
    let mut there: BTreeSet<&str> = ids.chain(labels).collect();
    for revision in wanted {
        let header = &revision.header;
        there.insert(header.revision.as_str());
        there.extend(header.labels.iter().map(String::as_str));
        let mut below = header.parents.iter().chain(&header.depends_on);
        if let Some(missing) = below.find(|one| !there.contains(in_alembic(one).as_str())) {
            return Err(Problem::new(
                "incomplete",
                format!("Alembic lacks {missing}, which {} follows", header.revision),
            )
            .detail("nothing was written")
            .hint(format!(
                "take both: aludel export-alembic {missing}:{}",
                header.revision
            ))
            .hint("or all that Alembic lacks: aludel export-alembic")
            .revisions([header.revision.to_string(), missing.to_string()]));
        }
    }
    Ok(())
}

/// The folder that was named, else that of a parent, else Alembic's first.
fn place(
    args: &ExportAlembicArgs,
    revision: &Revision,
    known: &[AlembicRevision],
    alembic: &AlembicProject,
    folder: &Path,
) -> PathBuf {
    if let Some(named) = &args.version_path {
        return folder.join(named);
    }
    let parent = known
        .iter()
        .find(|one| revision.header.parents.contains(&one.id));
    let folders = &alembic.version_locations;
    let beside = parent.and_then(|parent| folders.iter().find(|one| parent.path.starts_with(one)));
    beside
        .or_else(|| folders.first())
        .cloned()
        .unwrap_or_else(|| alembic.script_location.join("versions"))
}

/// Writes a file that nobody has; what was written in part is taken away again.
fn write(path: &Path, text: &str) -> Result<(), Problem> {
    let not_writable = |error: std::io::Error| Problem::not_writable(&error);
    if let Some(folder) = path.parent() {
        fs_err::create_dir_all(folder).map_err(not_writable)?;
    }
    let mut file = fs_err::OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(path)
        .map_err(not_writable)?;
    file.write_all(text.as_bytes()).map_err(|error| {
        fs_err::remove_file(path).ok();
        not_writable(error)
    })
}
