//! `aludel rebase`: my new revisions on top of theirs.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use aludel_postgres::LocalState;
use aludel_revision::{History, Reparent, RevisionId, edit};
use aludel_runner::Runner;
use clap::Args;
use serde::Serialize;

use crate::catalogs::Catalogs;
use crate::config::database::{self as choice, UrlSource};
use crate::context::{Context, find_revisions};
use crate::database::{self, Access};
use crate::git::{Commit, Repository};
use crate::head_file;
use crate::listing::joined;
use crate::running::{counted, settings};
use crate::runtime::block_on;
use crate::ui::exit::ExitStatus;
use crate::ui::json::FORMAT;
use crate::ui::printer::Printer;
use crate::ui::problem::Problem;

/// Put my new revisions on top of theirs, so that there is one head
///
/// Mine are the revisions that theirs does not have in git: the branch that is being merged, the commit that
/// is being rebased onto, or else the mainline (origin/HEAD, main, master). Only `parents` in the headers
/// changes. Revisions that the database has applied are not moved. Afterwards the whole history is run on
/// scratch, and what no longer fits is told (exit 1).
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  aludel rebase\n  aludel rebase --onto ae10\n  aludel rebase 27c6 --onto ae10\n  aludel rebase --no-run"
)]
pub(crate) struct RebaseArgs {
    /// Move these heads and what leads to them, instead of what git says is mine
    #[arg(value_name = "REVISION")]
    revisions: Vec<String>,
    /// Follow this revision; without git or REVISION, all heads beside it move
    #[arg(long, value_name = "REVISION")]
    onto: Option<String>,
    /// Do not run the history on scratch afterwards
    #[arg(long)]
    no_run: bool,
}

#[derive(Serialize)]
struct RebaseJson {
    format: u32,
    onto: Option<String>,
    theirs: Option<String>,
    moved: Vec<MovedJson>,
    heads: Vec<String>,
    /// Whether the history runs on scratch; null when it was not tried.
    runs: Option<bool>,
}

#[derive(Serialize)]
struct MovedJson {
    revision: String,
    path: String,
    parents_before: Vec<String>,
    parents: Vec<String>,
}

/// What is to move, and on top of what.
struct Aim {
    mine: BTreeSet<RevisionId>,
    onto: Option<RevisionId>,
    theirs: Option<Commit>,
}

pub(crate) fn run(
    args: &RebaseArgs,
    context: &Context,
    printer: &mut Printer,
) -> Result<ExitStatus, Problem> {
    let history = context.headers()?;
    let aim = aim(args, context, &history)?;
    let changes = history.rebase(&aim.mine, aim.onto.as_ref())?;
    if changes.is_empty() {
        return nothing(&aim, &history, context, printer);
    }
    block_on(refuse_applied(context, &history, &aim, &changes, printer))?;
    for change in &changes {
        rewrite(change)?;
    }
    let history = context.headers()?;
    head_file::write(context, &history)?;
    say(&changes, &aim, printer);
    let fits = if args.no_run {
        None
    } else {
        Some(replay(context, &history, printer)?)
    };
    print(&changes, &aim, &history, fits, printer)?;
    Ok(if fits == Some(false) {
        ExitStatus::No
    } else {
        ExitStatus::Done
    })
}

fn aim(args: &RebaseArgs, context: &Context, history: &History) -> Result<Aim, Problem> {
    let onto = match &args.onto {
        Some(text) => Some(history.find(text)?.clone()),
        None => None,
    };
    if !args.revisions.is_empty() {
        return named(args, history, onto);
    }
    if let Some(onto) = onto {
        return Ok(Aim {
            mine: history.beside(&onto),
            onto: Some(onto),
            theirs: None,
        });
    }
    let theirs = Repository::of(&context.project()?.root)
        .and_then(|repository| repository.theirs().map(|commit| (repository, commit)));
    let mine = theirs.as_ref().and_then(|(repository, theirs)| {
        not_in(
            repository,
            theirs,
            context.project().ok()?.migrations.as_slice(),
            history,
        )
    });
    match (mine, theirs) {
        (Some(mine), Some((_, theirs))) => Ok(Aim {
            mine,
            onto: None,
            theirs: Some(theirs),
        }),
        _ => Ok(Aim {
            mine: BTreeSet::new(),
            onto: None,
            theirs: None,
        }),
    }
}

/// The heads that were named and what leads to them, less what the goal has.
fn named(args: &RebaseArgs, history: &History, onto: Option<RevisionId>) -> Result<Aim, Problem> {
    let mut heads = Vec::new();
    for text in &args.revisions {
        heads.extend(
            find_revisions(history, text, &[])?
                .into_iter()
                .map(|found| found.id().clone()),
        );
    }
    let onto = onto.map_or_else(|| only_other(history, &heads), Ok)?;
    let below: BTreeSet<RevisionId> = history
        .applied(std::slice::from_ref(&onto))?
        .into_iter()
        .collect();
    let mut mine = BTreeSet::new();
    for head in heads {
        mine.extend(history.applied(&[head])?);
    }
    Ok(Aim {
        mine: mine.difference(&below).cloned().collect(),
        onto: Some(onto),
        theirs: None,
    })
}

/// The one head that is not among these.
fn only_other(history: &History, heads: &[RevisionId]) -> Result<RevisionId, Problem> {
    let all = history.heads().into_iter().map(|head| head.id().clone());
    let others: Vec<RevisionId> = all.filter(|head| !heads.contains(head)).collect();
    <[RevisionId; 1]>::try_from(others)
        .map(|[only]| only)
        .map_err(|others| which_head(&others))
}

fn which_head(others: &[RevisionId]) -> Problem {
    Problem::new("onto", "it is not clear which revision to follow").hint(if others.is_empty() {
        "name it: aludel rebase REVISION --onto REVISION".to_owned()
    } else {
        format!("name one with --onto: {}", joined(others))
    })
}

/// The revisions whose files a commit does not have.
fn not_in(
    repository: &Repository,
    commit: &Commit,
    folders: &[PathBuf],
    history: &History,
) -> Option<BTreeSet<RevisionId>> {
    let mut files = BTreeSet::new();
    for folder in folders {
        files.extend(repository.files(commit, folder)?);
    }
    let is_theirs = |path: &Path| path.canonicalize().is_ok_and(|path| files.contains(&path));
    let mine = history
        .revisions()
        .iter()
        .filter(|revision| !is_theirs(&revision.path));
    Some(mine.map(|revision| revision.id().clone()).collect())
}

/// Nothing moves: either all is well, or somebody has to say which branch is whose.
fn nothing(
    aim: &Aim,
    history: &History,
    context: &Context,
    printer: &mut Printer,
) -> Result<ExitStatus, Problem> {
    let heads = history.heads();
    let is_asked = aim.onto.is_some();
    if heads.len() < 2 || is_asked {
        head_file::write(context, history)?;
        printer.say(&match &aim.onto {
            Some(onto) if heads.len() > 1 => {
                format!("nothing to move: {onto} stands on it already, or needs it")
            }
            _ => "nothing to move: no revision stands beside the head".to_owned(),
        });
        print(&[], aim, history, None, printer)?;
        return Ok(ExitStatus::Done);
    }
    let mut problem = match &aim.theirs {
        Some(theirs) if aim.mine.is_empty() => Problem::new(
            "whose",
            format!(
                "{} has every revision, so none of them is new here",
                theirs.name
            ),
        ),
        Some(theirs) => Problem::new(
            "whose",
            format!(
                "the revisions that {} does not have stand on its heads already",
                theirs.name
            ),
        ),
        None => Problem::new(
            "whose",
            "without git it is not known which revisions are yours",
        ),
    };
    for head in &heads {
        problem = problem.hint(format!(
            "aludel rebase --onto {} puts the others on top of \"{}\"",
            head.id(),
            head.header.message
        ));
    }
    Err(problem
        .hint("or join them: aludel merge heads")
        .revisions(heads.iter().map(|head| head.id().to_string())))
}

/// A revision that a database has applied stays where it is: what would come below it was never run there.
async fn refuse_applied(
    context: &Context,
    history: &History,
    aim: &Aim,
    changes: &[Reparent],
    printer: &mut Printer,
) -> Result<(), Problem> {
    let project = context.project()?;
    let (_, source) = choice::choose(project, context.global.database_url.as_deref());
    if source.is_local() && database::local(project).status().await.state == LocalState::Absent {
        return Ok(());
    }
    let database = match database::open(context, Access::Read).await {
        Ok(database) => database,
        Err(problem) if source == UrlSource::Flag => return Err(problem),
        Err(_) => {
            printer.warn(
                &format!("the database of {source} does not answer, so nobody asked what it has applied"),
                &["if it has one of these applied: git checkout the files, then downgrade it first".to_owned()],
            );
            return Ok(());
        }
    };
    let state = Runner::new(&database.session, history, settings(project))
        .state()
        .await?;
    let known: Vec<RevisionId> = state
        .version_rows
        .iter()
        .map(RevisionId::from_database)
        .filter(|id| history.standing_for(id).is_some())
        .collect();
    let applied = history.applied(&known)?;
    let is_applied =
        |id: &&RevisionId| applied.contains(id) || state.applied_checksum(id.as_str()).is_some();
    let moved: Vec<&RevisionId> = aim.mine.iter().filter(is_applied).collect();
    if moved.is_empty() {
        return Ok(());
    }
    let first = changes
        .iter()
        .find(|change| moved.contains(&&change.revision));
    let before = match first.map(|change| change.from.as_slice()) {
        Some([parent]) => parent.to_string(),
        _ => "base".to_owned(),
    };
    Err(Problem::new(
        "applied",
        format!("{} is applied on {}, where what would come below it was not run", joined(moved.iter().copied()), database.url),
    )
    .detail("nothing was changed")
    .hint(format!("take it back there, rebase, and apply both: aludel downgrade {before} && aludel rebase && aludel upgrade"))
    .hint("where it cannot be taken back: aludel merge heads")
    .revisions(moved.iter().map(ToString::to_string)))
}

/// Writes the file beside its place first, so that nobody ever reads half of it.
fn rewrite(change: &Reparent) -> Result<(), Problem> {
    let unwritable = |error: std::io::Error| Problem::not_writable(&error);
    let text = fs_err::read_to_string(&change.path).map_err(unwritable)?;
    let beside = change.path.with_extension("sql.tmp");
    fs_err::write(&beside, edit::set_parents(&text, &change.to)).map_err(unwritable)?;
    fs_err::rename(&beside, &change.path).map_err(unwritable)
}

fn say(changes: &[Reparent], aim: &Aim, printer: &mut Printer) {
    let goals: BTreeSet<&RevisionId> = changes
        .iter()
        .flat_map(|change| &change.to)
        .filter(|id| !aim.mine.contains(*id))
        .collect();
    let moved = counted(aim.mine.len(), "revision");
    let whose = aim.theirs.as_ref().map_or_else(String::new, |theirs| {
        format!(" (yours are what {} does not have)", theirs.name)
    });
    printer.say(&format!("moved {moved} on top of {}{whose}", joined(goals)));
    for change in changes {
        let from = if change.from.is_empty() {
            "<base>".to_owned()
        } else {
            joined(&change.from)
        };
        printer.say(&format!(
            "  {} follows {} (before: {from})",
            change.revision,
            joined(&change.to)
        ));
    }
}

/// Runs the whole history on scratch; what does not fit any more is told with its place.
fn replay(context: &Context, history: &History, printer: &mut Printer) -> Result<bool, Problem> {
    let built = block_on(async {
        let catalogs = Catalogs::new(context.project()?, None)?;
        let built = catalogs.head(history).await;
        catalogs.stop().await?;
        Ok(built)
    })?;
    match built {
        Ok(_) => {
            printer.say(&format!(
                "{} run on scratch one after the other",
                counted(history.len(), "revision")
            ));
            Ok(true)
        }
        Err(problem) if problem.kind() == "sql" => {
            printer.tell(
                &problem
                    .hint("both sides may do the same: correct the file above, then: aludel test"),
            );
            Ok(false)
        }
        Err(problem) => Err(problem),
    }
}

/// The files that changed, or all of it for a program.
fn print(
    changes: &[Reparent],
    aim: &Aim,
    history: &History,
    runs: Option<bool>,
    printer: &mut Printer,
) -> Result<(), Problem> {
    let strings = |ids: &[RevisionId]| ids.iter().map(ToString::to_string).collect::<Vec<_>>();
    if !printer.is_json() {
        for change in changes {
            printer.line(&change.path.display().to_string())?;
        }
        return Ok(());
    }
    printer.json(&RebaseJson {
        format: FORMAT,
        onto: aim.onto.as_ref().map(ToString::to_string),
        theirs: aim.theirs.as_ref().map(|theirs| theirs.name.clone()),
        moved: changes
            .iter()
            .map(|change| MovedJson {
                revision: change.revision.to_string(),
                path: change.path.display().to_string(),
                parents_before: strings(&change.from),
                parents: strings(&change.to),
            })
            .collect(),
        heads: history
            .heads()
            .iter()
            .map(|head| head.id().to_string())
            .collect(),
        runs,
    })
}
