//! `aludel squash`: one revision in the place of many.

use std::path::PathBuf;

use aludel_plan::PlanOptions;
use aludel_prove::squash::{Ground, Part, Question, SquashProof};
use aludel_prove::{Filled, StairOptions};
use aludel_revision::{History, NewRevision, Revision, RevisionId, Section, Squash};
use clap::Args;
use jiff::Timestamp;
use serde::Serialize;

use crate::catalogs::Catalogs;
use crate::completion;
use crate::context::{Context, REPLACED};
use crate::git::Repository;
use crate::head_file;
use crate::listing::joined;
use crate::new_file;
use crate::running::counted;
use crate::runtime::block_on;
use crate::squashed::{Form, KeptJson, Made};
use crate::tenants::take_out;
use crate::ui::exit::ExitStatus;
use crate::ui::json::FORMAT;
use crate::ui::printer::Printer;
use crate::ui::problem::Problem;

/// Write one revision in the place of many, after seeing on scratch that both ways lead to the same
///
/// Statements of the schema give way to a plan, so that what was made and dropped again leaves no trace; statements on
/// rows stay, in order, and are named. Schema and rows must come out the same on scratch, and the way down must lead
/// back. A database at LAST is at the new revision; one in the middle goes on with the old files (--keep), or is
/// upgraded to LAST first.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  aludel squash base:ae10 -m \"the first year\"\n  aludel squash 1975:ae10 --keep\n  aludel squash :ae10 --in-order"
)]
pub(crate) struct SquashArgs {
    /// First and last revision, both included; `base:LAST` begins at the base
    #[arg(value_name = "FIRST:LAST", add = completion::targets())]
    range: String,
    /// What the revision does, in a few words
    #[arg(short, long, value_name = "TEXT")]
    message: Option<String>,
    /// Use this id instead of a random one
    #[arg(long, value_name = "ID")]
    rev_id: Option<String>,
    /// Keep the old files in `migrations/replaced`, for databases that stand among them
    #[arg(long)]
    keep: bool,
    /// Take all statements as they are, in order
    #[arg(long, conflicts_with = "plan")]
    in_order: bool,
    /// Take one plan from schema to schema; refused, with their names, when statements have to stay
    #[arg(long)]
    plan: bool,
}

#[derive(Serialize)]
struct SquashJson {
    format: u32,
    revision: String,
    path: String,
    replaces: Vec<String>,
    /// `plan`, `folded` or `in-order`.
    form: &'static str,
    /// Statements that stay between the plans, and why.
    kept: Vec<KeptJson>,
    /// Where the old files are now; null when they were deleted.
    kept_in: Option<String>,
}

pub(crate) fn run(
    args: &SquashArgs,
    context: &Context,
    printer: &mut Printer,
) -> Result<ExitStatus, Problem> {
    let history = context.headers()?;
    let squash = history.squash(&args.range)?;
    if !args.keep {
        refuse_uncommitted(&squash, context)?;
    }
    let mut new = draft(args, &history, &squash)?;
    let question = Question {
        before: before(&history, &squash)?,
        old: squash.revisions.clone(),
    };
    let (made, proof) = block_on(async {
        let catalogs = Catalogs::new(context.project()?, None)?;
        let options = trial_options(&question, &catalogs)?;
        let scratch = catalogs.builder().scratch().await?;
        let ground = Ground::open(scratch, &question, &options).await?;
        let made = if args.in_order {
            Made::in_order(&squash)?
        } else {
            folded(&ground, &question, &catalogs, context).await?
        };
        if args.plan {
            refuse_kept(&made)?;
        }
        made.put_into(&mut new, &squash, &catalogs.runner().home_schema())?;
        let file = PathBuf::from(format!("{}.sql", new.id));
        let proof = ground
            .prove(&Revision::from_bytes(file, new.render().as_bytes())?)
            .await?;
        say_ground(&question, ground.filled(), printer);
        ground.close().await;
        catalogs.stop().await?;
        Ok((made, proof))
    })?;
    if !proof.is_good() {
        return Err(not_the_same(&proof, args));
    }
    let paths: Vec<PathBuf> = squash
        .revisions
        .iter()
        .map(|revision| revision.path.clone())
        .collect();
    let path = new_file::create(&new, None, context)?;
    let kept_in = put_away(args, &new.id, &paths, context)?;
    head_file::refresh(context)?;
    tell(&squash, kept_in.as_deref(), &made, printer);
    if printer.is_json() {
        printer.json(&SquashJson {
            format: FORMAT,
            revision: new.id.to_string(),
            path,
            replaces: new.replaces.ids().iter().map(ToString::to_string).collect(),
            form: made.form.as_str(),
            kept: made.kept.iter().map(KeptJson::new).collect(),
            kept_in,
        })?;
    } else {
        printer.line(&path)?;
    }
    Ok(ExitStatus::Done)
}

/// Plans, and statements that stay between them.
async fn folded(
    ground: &Ground<'_>,
    question: &Question<'_>,
    catalogs: &Catalogs<'_>,
    context: &Context,
) -> Result<Made, Problem> {
    // Where nothing was before, there is nobody to be held up.
    let options = PlanOptions {
        online: context.project()?.plan.online && !question.before.is_empty(),
        ..PlanOptions::default()
    };
    let mut up = ground.fold_up(&options).await?;
    let mut down = ground.fold_down(&options).await?;
    if catalogs.is_for_tenants() {
        for part in up.iter_mut().chain(down.iter_mut().flatten()) {
            if let Part::Plan { plan, .. } = part {
                take_out(plan)?;
            }
        }
    }
    Made::folded(&up, down.as_deref())
}

/// One plan was asked for, and not everything can be one.
fn refuse_kept(made: &Made) -> Result<(), Problem> {
    if made.form == Form::Plan {
        return Ok(());
    }
    let mut problem = Problem::new(
        "squash",
        format!(
            "one plan cannot take the place of {}",
            counted(made.kept.len(), "statement")
        ),
    );
    for kept in &made.kept {
        problem = problem.detail(kept.to_string());
    }
    problem = problem.hint("keep them between the plans: leave --plan out");
    if let Some(first) = made.kept.first() {
        let place = &first.origin;
        problem = problem.hint(format!("or squash up to the revision before {place}"));
    }
    Err(problem)
}

fn draft(
    args: &SquashArgs,
    history: &History,
    squash: &Squash<'_>,
) -> Result<NewRevision, Problem> {
    let id = match &args.rev_id {
        Some(id) => RevisionId::for_new(id.clone())?,
        None => history.new_id(),
    };
    let ends = [squash.revisions.first(), squash.revisions.last()]
        .map(|one| one.map_or("", |one| one.id().as_str()));
    let message = args
        .message
        .clone()
        .unwrap_or_else(|| format!("squash {} to {}", ends[0], ends[1]));
    let mut new = NewRevision::new(id, squash.parents.clone(), Timestamp::now(), message);
    new.labels.clone_from(&squash.labels);
    new.depends_on.clone_from(&squash.depends_on);
    new.allow.clone_from(&squash.allow);
    new.replaces.clone_from(&squash.replaces);
    Ok(new)
}

/// What has to run before the range, in order.
fn before<'h>(history: &'h History, squash: &Squash<'_>) -> Result<Vec<&'h Revision>, Problem> {
    let first: Vec<RevisionId> = squash
        .revisions
        .iter()
        .map(|one| one.id().clone())
        .collect();
    let below = history.applied(&first[first.len() - 1..])?;
    Ok(below
        .iter()
        .filter(|id| !first.contains(id))
        .filter_map(|id| history.get(id))
        .collect())
}

fn trial_options(
    question: &Question<'_>,
    catalogs: &Catalogs<'_>,
) -> Result<StairOptions, Problem> {
    let mut statements = Vec::new();
    for revision in question.before.iter().chain(&question.old) {
        let body = revision.body()?;
        statements.extend(body.upgrade.statements());
        statements.extend(body.downgrade.iter().flat_map(Section::statements));
    }
    Ok(catalogs.stair_options(statements))
}

/// Says on which rows the revisions were run, where there can be any before them.
fn say_ground(question: &Question<'_>, filled: &Filled, printer: &mut Printer) {
    if question.before.is_empty() {
        return;
    }
    printer.say(&format!(
        "tried on scratch, on {} in {}",
        counted(filled.rows, "row"),
        counted(filled.tables, "table")
    ));
    for line in &filled.told {
        printer.say(&format!("  {line}"));
    }
    for (table, message) in &filled.without {
        printer.say(&format!("  without rows in {table}: {message}"));
    }
}

fn not_the_same(proof: &SquashProof, args: &SquashArgs) -> Problem {
    let mut problem = match &proof.failure {
        Some(failure) => Problem::statement(
            "squash",
            "the revisions taken together do not run on scratch; nothing was written",
            &failure.statement,
            &failure.error,
        ),
        None => Problem::new(
            "squash",
            "the revisions taken together lead elsewhere; nothing was written",
        ),
    };
    for line in &proof.differs {
        problem = problem.detail(line);
    }
    for line in &proof.left_behind {
        problem = problem.detail(format!("after the way down: {line}"));
    }
    if args.in_order {
        problem.hint("mend the old files first; `aludel test` runs them one by one, up and down")
    } else {
        problem.hint(format!(
            "take the statements as they are: aludel squash {} --in-order",
            args.range
        ))
    }
}

/// Files that git does not have would be gone for good.
fn refuse_uncommitted(squash: &Squash<'_>, context: &Context) -> Result<(), Problem> {
    let repository = Repository::of(&context.project()?.root);
    let is_safe = |revision: &&&Revision| {
        repository
            .as_ref()
            .is_some_and(|repository| repository.has_as_it_is(&revision.path))
    };
    let unsafe_ones: Vec<&&Revision> = squash
        .revisions
        .iter()
        .filter(|one| !is_safe(one))
        .collect();
    if unsafe_ones.is_empty() {
        return Ok(());
    }
    let mut problem = Problem::new(
        "squash",
        "the old files would be gone for good: git does not have them as they are",
    );
    for revision in unsafe_ones {
        problem = problem.detail(revision.path.display().to_string());
    }
    Err(problem
        .hint("commit them first, and run the command again")
        .hint(format!("or keep them in migrations/{REPLACED}: --keep")))
}

/// Takes the old files out of the history; returns where they are kept.
fn put_away(
    args: &SquashArgs,
    id: &RevisionId,
    paths: &[PathBuf],
    context: &Context,
) -> Result<Option<String>, Problem> {
    let project = context.project()?;
    let folder = project.migrations_folder().join(REPLACED).join(id.as_str());
    let moved = (|| {
        if args.keep {
            fs_err::create_dir_all(&folder)?;
        }
        for path in paths {
            match path.file_name().filter(|_| args.keep) {
                Some(name) => fs_err::rename(path, folder.join(name))?,
                None => fs_err::remove_file(path)?,
            }
        }
        Ok(())
    })();
    moved.map_err(|error: std::io::Error| {
        Problem::not_writable(&error)
            .detail(format!("{id} is written; the old files are partly still there"))
            .hint("remove the old files by hand, or remove the new one and get them back: git checkout -- migrations")
    })?;
    Ok(args.keep.then(|| project.shown(&folder)))
}

fn tell(squash: &Squash<'_>, kept_in: Option<&str>, made: &Made, printer: &mut Printer) {
    let count = counted(squash.revisions.len(), "revision");
    printer.say(&format!(
        "squashed {count} into {}: on scratch both lead to the same schema and rows, and back",
        made.told()
    ));
    for kept in &made.kept {
        printer.say(&format!("  kept {kept}"));
    }
    match kept_in {
        Some(folder) => printer.say(&format!("the old files are in {folder}: `aludel upgrade` uses them for a database that stands among them")),
        None => printer.say("the old files were deleted; git has them"),
    }
    let (ends, inside) = (squash.replaces.ends(), squash.replaces.inside());
    printer.say(&format!(
        "a database at {} is at the new revision; one at {} is told how to get there",
        joined(ends),
        joined(inside)
    ));
}
