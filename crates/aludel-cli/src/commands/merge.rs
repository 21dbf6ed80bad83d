//! `aludel merge`: a revision that joins heads, after the branches were run in every order.

use std::path::{Path, PathBuf};

use aludel_prove::merge::Comparison;
use aludel_revision::{History, NewRevision, RevisionId, Splice};
use aludel_sql::directives;
use clap::Args;
use jiff::Timestamp;
use serde::Serialize;

use crate::commands::edit;
use crate::comparison::{self, ComparisonJson};
use crate::completion;
use crate::context::Context;
use crate::new_file;
use crate::running::counted;
use crate::ui::exit::ExitStatus;
use crate::ui::json::FORMAT;
use crate::ui::printer::Printer;
use crate::ui::problem::Problem;

/// Write a revision that joins heads, after running the branches in every order on scratch
///
/// A database may have taken either branch first. So the branches are run in each order from where they part,
/// on generated rows. When catalogs and rows come out the same, the merge is clean and the revision is written;
/// its path goes to stdout. When not, the objects and statements are named and nothing is written (exit 1).
#[derive(Args, Debug)]
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
#[command(
    after_help = "Examples:\n  aludel merge heads -m \"merge\"\n  aludel merge ae10 27c6\n  aludel merge heads --edit\n  aludel merge heads --sql-file settle.sql\n  aludel merge heads --accept\n\nA settling file may have a line `-- aludel: downgrade` and below it the way back."
)]
pub(crate) struct MergeArgs {
    /// Heads to join, or `heads` for all
    #[arg(required = true, value_name = "REVISION", add = completion::targets())]
    revisions: Vec<String>,
    /// What the revision does, in a few words
    #[arg(short, long, value_name = "TEXT")]
    message: Option<String>,
    /// Merge revisions that others follow already, too
    #[arg(long)]
    splice: bool,
    /// Name the branch that begins here (can be repeated)
    #[arg(long, value_name = "LABEL")]
    branch_label: Vec<String>,
    /// Use this id instead of a random one
    #[arg(long, value_name = "ID")]
    rev_id: Option<String>,
    /// Merge in spite of conflicts
    #[arg(long)]
    accept: bool,
    /// Put this SQL into the revision, to even out what the orders leave different
    #[arg(long, value_name = "FILE", conflicts_with = "edit")]
    sql_file: Option<PathBuf>,
    /// Write that SQL in an editor when there is a conflict
    #[arg(long)]
    edit: bool,
    /// Do not run the branches on scratch
    #[arg(long, conflicts_with_all = ["accept", "edit"])]
    no_run: bool,
}

#[derive(Serialize)]
struct MergeJson {
    format: u32,
    /// `clean`, `settled` by the revision's SQL, `conflict` or `accepted`; null when nothing was run.
    verdict: Option<&'static str>,
    revision: Option<String>,
    parents: Vec<String>,
    path: Option<String>,
    comparison: Option<ComparisonJson>,
}

pub(crate) fn run(
    args: &MergeArgs,
    context: &Context,
    printer: &mut Printer,
) -> Result<ExitStatus, Problem> {
    let history = context.headers()?;
    let mut merge = draft(args, &history)?;
    if let Some(file) = &args.sql_file {
        fill(&mut merge, &read(file)?, file)?;
    }
    if args.no_run {
        return write(&merge, None, None, context, printer);
    }
    let mut found = compare(context, &history, &merge, args.sql_file.as_deref())?;
    if args.edit && !found.conflicts.is_empty() && comparison::can_be_settled(&found) {
        comparison::print(&found, printer)?;
        let sql = written(context, &found)?;
        let place = PathBuf::from("what you wrote");
        fill(&mut merge, &sql, &place)?;
        found = compare(context, &history, &merge, Some(&place))?;
    }
    if !printer.is_json() {
        comparison::say(&found, printer);
    }
    let verdict = match (found.conflicts.is_empty(), args.accept) {
        (true, _) if merge.upgrade.is_empty() => "clean",
        (true, _) => "settled",
        (false, true) => "accepted",
        (false, false) => return refuse(&merge, &found, printer),
    };
    if verdict == "accepted" {
        let count = counted(found.conflicts.len(), "conflict");
        printer.warn(
            &format!("merged in spite of {count}"),
            &["databases may differ by which branch they took first".to_owned()],
        );
        if !printer.is_json() {
            for line in comparison::comments(&found).lines() {
                printer.say(line.trim_start_matches("-- "));
            }
        }
    }
    let status = write(&merge, Some(verdict), Some(&found), context, printer)?;
    if verdict == "clean" {
        printer.say("clean: every order leads to the same catalog and the same rows");
        printer.hint("without a merge revision: aludel rebase puts the one on top of the other");
    } else if verdict == "settled" {
        printer
            .say("settled: with this SQL every order leads to the same catalog and the same rows");
    }
    Ok(status)
}

fn draft(args: &MergeArgs, history: &History) -> Result<NewRevision, Problem> {
    let targets: Vec<&str> = args.revisions.iter().map(String::as_str).collect();
    let splice = if args.splice {
        Splice::Allow
    } else {
        Splice::Refuse
    };
    let merge = history.new_merge(&targets, splice, args.message.as_deref(), Timestamp::now())?;
    let id = match &args.rev_id {
        Some(id) => RevisionId::for_new(id.clone())?,
        None => merge.id.clone(),
    };
    Ok(NewRevision {
        id,
        labels: args.branch_label.clone(),
        ..merge
    })
}

fn read(file: &Path) -> Result<String, Problem> {
    fs_err::read_to_string(file).map_err(|error| {
        Problem::new("sql-file", error.to_string())
            .hint("name a file of SQL that runs after both branches, or write it now with --edit")
    })
}

/// Puts SQL into the revision: up, and below `-- aludel: downgrade` the way back. Without that line there is none.
fn fill(merge: &mut NewRevision, sql: &str, file: &Path) -> Result<(), Problem> {
    let below = directives(sql)
        .into_iter()
        .find(|directive| directive.body == "downgrade");
    let (up, down) = below.map_or((sql, None), |directive| {
        (
            &sql[..directive.range.start],
            Some(&sql[directive.range.end..]),
        )
    });
    up.clone_into(&mut merge.upgrade);
    merge.downgrade = down.map(str::to_owned);
    let section = comparison::section_of(merge, file)?;
    if section.statements().next().is_none() {
        return Err(
            Problem::new("sql-file", format!("{} has no statement", file.display()))
                .hint("write SQL that evens out what differs, or merge as it is: --accept"),
        );
    }
    Ok(())
}

fn compare(
    context: &Context,
    history: &History,
    merge: &NewRevision,
    file: Option<&Path>,
) -> Result<Comparison, Problem> {
    let afterwards = match file {
        Some(file) => Some(comparison::section_of(merge, file)?),
        None => None,
    };
    comparison::run(context, history, &merge.parents, afterwards.as_ref())
}

/// What a person writes in an editor that shows the conflicts.
fn written(context: &Context, found: &Comparison) -> Result<String, Problem> {
    let unwritable = |error: std::io::Error| {
        Problem::new("editor", error.to_string())
            .hint("write the SQL into a file and name it: --sql-file FILE")
    };
    let folder = std::env::temp_dir();
    let path = folder.join(format!("aludel-merge-{}.sql", std::process::id()));
    let text = format!(
        "-- SQL that runs after both branches and makes every order end the same. Nothing here: nothing is merged.\n{}\n",
        comparison::comments(found)
    );
    fs_err::write(&path, text).map_err(unwritable)?;
    let edited = edit::open(context, &[&path]);
    let text = fs_err::read_to_string(&path).map_err(unwritable);
    // A file in the folder for such files is nobody's loss.
    let _ = fs_err::remove_file(&path);
    edited?;
    text
}

/// Names the conflicts and writes nothing.
fn refuse(
    merge: &NewRevision,
    found: &Comparison,
    printer: &mut Printer,
) -> Result<ExitStatus, Problem> {
    if printer.is_json() {
        printer.json(&document(merge, Some("conflict"), Some(found), None))?;
        return Ok(ExitStatus::No);
    }
    comparison::print(found, printer)?;
    let count = counted(found.conflicts.len(), "conflict");
    printer.say(&format!("{count}; nothing was written"));
    printer.hint("make one order of two: aludel rebase, then correct what does not fit");
    if comparison::can_be_settled(found) {
        printer.hint("or write SQL that makes both orders end the same: aludel merge heads --edit (or --sql-file FILE)");
    }
    printer.hint("or merge all the same: aludel merge heads --accept");
    Ok(ExitStatus::No)
}

fn write(
    merge: &NewRevision,
    verdict: Option<&'static str>,
    found: Option<&Comparison>,
    context: &Context,
    printer: &mut Printer,
) -> Result<ExitStatus, Problem> {
    if !printer.is_json() {
        return new_file::write(merge, None, &[], context, printer);
    }
    let path = new_file::create(merge, None, context)?;
    printer.json(&document(merge, verdict, found, Some(path)))?;
    Ok(ExitStatus::Done)
}

fn document(
    merge: &NewRevision,
    verdict: Option<&'static str>,
    found: Option<&Comparison>,
    path: Option<String>,
) -> MergeJson {
    MergeJson {
        format: FORMAT,
        verdict,
        revision: path.as_ref().map(|_| merge.id.to_string()),
        parents: merge.parents.iter().map(ToString::to_string).collect(),
        path,
        comparison: found.map(ComparisonJson::new),
    }
}
