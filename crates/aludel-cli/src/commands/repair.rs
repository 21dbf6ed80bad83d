//! `aludel repair`: files that are not what was applied, and rows that no file is.

use aludel_revision::revision::checksum;
use aludel_revision::{History, Revision, RevisionId};
use aludel_runner::Runner;
use clap::Args;
use serde::Serialize;
use similar::TextDiff;

use crate::completion;
use crate::context::{Context, find_revisions};
use crate::database::{self, Access};
use crate::git::{Repository, Version};
use crate::running::{counted, settings};
use crate::runtime::block_on;
use crate::ui::exit::ExitStatus;
use crate::ui::json::FORMAT;
use crate::ui::printer::Printer;
use crate::ui::problem::Problem;

/// Show what was changed in files after they were applied, and record them as they are now
///
/// The log of the database holds the checksum of each file as it was applied. The text is looked for in git;
/// the difference goes to stdout. After a yes a row is added to the log; nothing is run. Rows of the version
/// table that no file is are named with the ways out (exit 1).
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  aludel repair\n  aludel repair ae10\n  aludel repair --yes")]
pub(crate) struct RepairArgs {
    /// Look at these only
    #[arg(value_name = "REVISION", add = completion::revisions())]
    revisions: Vec<String>,
    /// Record without asking
    #[arg(short, long)]
    yes: bool,
}

#[derive(Serialize)]
struct RepairJson {
    format: u32,
    changed: Vec<ChangedJson>,
    no_such_revision: Vec<LostJson>,
    recorded: bool,
}

#[derive(Serialize)]
struct ChangedJson {
    revision: String,
    path: String,
    applied_checksum: String,
    checksum: String,
    /// The difference; null when the text that was applied is not in git.
    difference: Option<String>,
}

#[derive(Serialize)]
struct LostJson {
    revision: String,
    /// Where git has the file, as `git checkout` takes it; null when it does not.
    commit: Option<String>,
    path: Option<String>,
}

/// A file that is not what was applied.
struct Changed<'h> {
    revision: &'h Revision,
    applied: String,
    found: String,
    difference: Option<String>,
}

/// A row that no file is, and where git has the file.
struct Lost {
    row: RevisionId,
    place: Option<(String, String)>,
}

pub(crate) fn run(
    args: &RepairArgs,
    context: &Context,
    printer: &mut Printer,
) -> Result<ExitStatus, Problem> {
    let history = context.headers()?;
    let mut wanted: Vec<RevisionId> = Vec::new();
    for text in &args.revisions {
        let found = find_revisions(&history, text, &[])?;
        wanted.extend(found.into_iter().map(|revision| revision.id().clone()));
    }
    block_on(async {
        let database = database::open(context, Access::Write).await?;
        let runner = Runner::new(&database.session, &history, settings(context.project()?));
        let state = runner.state().await?;
        let repository = Repository::of(&context.project()?.root);
        let mut changed = Vec::new();
        for revision in history.iter_topological() {
            let is_wanted = wanted.is_empty() || wanted.contains(revision.id());
            let Some(applied) = state
                .applied_checksum(revision.id().as_str())
                .filter(|_| is_wanted)
            else {
                continue;
            };
            let found = revision.checksum()?;
            if found != applied {
                let old = repository
                    .as_ref()
                    .and_then(|git| applied_text(git, revision, applied));
                changed.push(Changed {
                    revision,
                    applied: applied.to_owned(),
                    found,
                    difference: old.map(|old| difference(&old, revision)).transpose()?,
                });
            }
        }
        let lost = lost(&history, &state.version_rows, repository.as_ref());
        if !printer.is_json() {
            show(&changed, &lost, printer)?;
            printer.finish()?;
        }
        let agreed = !changed.is_empty() && (args.yes || agree(&changed, printer));
        if agreed {
            let revisions: Vec<&Revision> = changed.iter().map(|one| one.revision).collect();
            runner.record_checksums(&revisions, &mut |_| {}).await?;
            printer.say(&format!(
                "recorded {} as it stands now; nothing was run",
                counted(changed.len(), "file")
            ));
        }
        if printer.is_json() {
            printer.json(&document(&changed, &lost, agreed))?;
        }
        Ok(if lost.is_empty() && (changed.is_empty() || agreed) {
            ExitStatus::Done
        } else {
            ExitStatus::No
        })
    })
}

/// The text with the checksum of the log, out of every version that git has.
fn applied_text(git: &Repository, revision: &Revision, applied: &str) -> Option<String> {
    let versions = git.versions_of(&revision.path).into_iter();
    // The file may have been called something else then.
    let named = git.versions_with(&header_line(revision.id()));
    let texts = versions.chain(named).flat_map(|version| {
        let now = (!version.deleted)
            .then(|| git.text(&version, false))
            .flatten();
        [now, git.text(&version, true)]
    });
    texts.flatten().find(|text| checksum(text) == applied)
}

fn header_line(id: &RevisionId) -> String {
    format!("-- aludel: revision = \"{id}\"")
}

fn difference(old: &str, revision: &Revision) -> Result<String, Problem> {
    let new = revision.text()?;
    let path = revision.path.display();
    let diff = TextDiff::from_lines(old, new);
    let (applied, now) = (format!("{path} as applied"), format!("{path} now"));
    Ok(diff.unified_diff().header(&applied, &now).to_string())
}

/// Rows that no file is, each with the last place where git has its file.
fn lost(history: &History, rows: &[String], git: Option<&Repository>) -> Vec<Lost> {
    let rows = rows.iter().map(RevisionId::from_database);
    let missing =
        rows.filter(|row| history.standing_for(row).is_none() && history.inside(row).is_none());
    let place = |row: &RevisionId| {
        let versions = git?.versions_with(&header_line(row));
        let at = |version: &Version| {
            let suffix = if version.deleted { "^" } else { "" };
            (format!("{}{suffix}", version.commit), version.path.clone())
        };
        versions.first().map(at)
    };
    missing
        .map(|row| Lost {
            place: place(&row),
            row,
        })
        .collect()
}

fn show(changed: &[Changed<'_>], lost: &[Lost], printer: &mut Printer) -> Result<(), Problem> {
    if changed.is_empty() && lost.is_empty() {
        printer.say("nothing to repair: every file is what was applied");
    }
    for one in changed {
        let path = one.revision.path.display();
        printer.say(&format!("{path} was changed after it was applied"));
        match &one.difference {
            Some(text) => printer.text(text)?,
            None => printer.say(&format!(
                "  what was applied is not in git; the log has only its checksum, {}",
                &one.applied[..one.applied.len().min(12)]
            )),
        }
    }
    for one in lost {
        let mut hints = Vec::new();
        if let Some((commit, path)) = &one.place {
            hints.push(format!(
                "git has its file: git checkout {commit} -- :/{path}"
            ));
        } else {
            hints.push(
                "no commit of this repository has its file: ask whoever applied it".to_owned(),
            );
        }
        hints.push(
            "if the schema is as some revision has it: aludel stamp --purge REVISION".to_owned(),
        );
        printer.warn(
            &format!("the database is at {}, which no file is", one.row),
            &hints,
        );
    }
    Ok(())
}

fn agree(changed: &[Changed<'_>], printer: &mut Printer) -> bool {
    let count = counted(changed.len(), "file");
    let answer = printer.confirm(&format!("Record {count} as it stands now? Nothing is run."));
    if answer.is_none() {
        printer.hint("if the database needs nothing of it: aludel repair --yes");
        printer.hint("if it does, put the file back (git checkout) and write a new revision: aludel revision -m \"…\"");
    }
    answer == Some(true)
}

fn document(changed: &[Changed<'_>], lost: &[Lost], recorded: bool) -> RepairJson {
    RepairJson {
        format: FORMAT,
        changed: changed
            .iter()
            .map(|one| ChangedJson {
                revision: one.revision.id().to_string(),
                path: one.revision.path.display().to_string(),
                applied_checksum: one.applied.clone(),
                checksum: one.found.clone(),
                difference: one.difference.clone(),
            })
            .collect(),
        no_such_revision: lost
            .iter()
            .map(|one| LostJson {
                revision: one.row.to_string(),
                commit: one.place.as_ref().map(|(commit, _)| commit.clone()),
                path: one.place.as_ref().map(|(_, path)| path.clone()),
            })
            .collect(),
        recorded,
    }
}
