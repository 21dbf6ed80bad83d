//! `aludel squash`: one revision in the place of many.

use std::path::PathBuf;

use aludel_diff::diff;
use aludel_plan::{PlanOptions, plan};
use aludel_prove::squash::{SquashProof, prove};
use aludel_revision::{History, NewRevision, Revision, RevisionId, Section, Squash};
use aludel_sql::{Origin, Statement};
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
use crate::plan_text::section;
use crate::running::counted;
use crate::runtime::block_on;
use crate::ui::exit::ExitStatus;
use crate::ui::json::FORMAT;
use crate::ui::printer::Printer;
use crate::ui::problem::Problem;

/// Write one revision in the place of many, after seeing on scratch that both ways lead to the same
///
/// From the base, and without statements on rows, the new revision is one plan to the schema that the old ones
/// lead to; otherwise it is their statements in order. Schema and rows must come out the same on scratch, and
/// the way down must lead back. A database at LAST is at the new revision; one in the middle goes on with the
/// old files (--keep), or is upgraded to LAST first.
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
    /// Take the statements as they are, in order
    #[arg(long, conflicts_with = "plan")]
    in_order: bool,
    /// Take one plan from schema to schema; refused when statements change rows
    #[arg(long)]
    plan: bool,
}

#[derive(Serialize)]
struct SquashJson {
    format: u32,
    revision: String,
    path: String,
    replaces: Vec<String>,
    /// `plan` or `in-order`.
    form: &'static str,
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
    let is_plan = is_plan(args, &squash)?;
    let mut new = draft(args, &history, &squash)?;
    let proof = block_on(async {
        let catalogs = Catalogs::new(context.project()?, None)?;
        let before = before(&history, &squash)?;
        if is_plan {
            let begin = catalogs.revisions(&before).await?;
            let end = catalogs
                .revisions(&[before.clone(), squash.revisions.clone()].concat())
                .await?;
            let way = |from, to| plan(from, to, &diff(from, to), &PlanOptions::default());
            new.upgrade = section(&way(&begin, &end)?);
            new.downgrade = Some(section(&way(&end, &begin)?));
        } else {
            let (upgrade, downgrade) = squash.in_order()?;
            new.irreversible = downgrade
                .is_none()
                .then(|| "one of the revisions it replaces has no way back".to_owned());
            (new.upgrade, new.downgrade) = (upgrade, downgrade);
        }
        let proof = proven(&catalogs, &before, &squash, &new).await?;
        catalogs.stop().await?;
        Ok(proof)
    })?;
    if !proof.is_good() {
        return Err(not_the_same(&proof, is_plan, args));
    }
    let paths: Vec<PathBuf> = squash
        .revisions
        .iter()
        .map(|revision| revision.path.clone())
        .collect();
    let path = new_file::create(&new, None, context)?;
    let kept_in = put_away(args, &new.id, &paths, context)?;
    head_file::refresh(context)?;
    tell(&squash, kept_in.as_deref(), is_plan, printer);
    if printer.is_json() {
        printer.json(&SquashJson {
            format: FORMAT,
            revision: new.id.to_string(),
            path,
            replaces: new.replaces.iter().map(ToString::to_string).collect(),
            form: if is_plan { "plan" } else { "in-order" },
            kept_in,
        })?;
    } else {
        printer.line(&path)?;
    }
    Ok(ExitStatus::Done)
}

/// Whether the new revision is a plan. Rows of what comes before would not survive a plan's drop and create where
/// the old statements renamed, and rows that statements write must be written between the right changes.
fn is_plan(args: &SquashArgs, squash: &Squash<'_>) -> Result<bool, Problem> {
    let from_base = squash.parents.is_empty() && squash.depends_on.is_empty();
    let mut data: Vec<Origin> = Vec::new();
    for revision in &squash.revisions {
        let statements = revision.body()?.upgrade.statements();
        data.extend(
            statements
                .filter(|one| !is_schema(one))
                .map(|one| one.origin.clone()),
        );
    }
    if !args.plan {
        return Ok(!args.in_order && from_base && data.is_empty());
    }
    if !from_base {
        return Err(Problem::new("squash", "a plan takes the place of a history from its base only: later, rows would be lost where something was renamed")
            .hint("take the statements in order instead: leave --plan out"));
    }
    if let Some(first) = data.first() {
        let mut problem = Problem::new(
            "squash",
            format!(
                "a plan cannot take the place of {}, which may change rows",
                counted(data.len(), "statement")
            ),
        );
        for origin in &data {
            problem = problem.detail(origin.to_string());
        }
        return Err(problem
            .hint("take the statements in order instead: leave --plan out")
            .hint(format!("or squash up to the revision before {first}")));
    }
    Ok(true)
}

/// Whether a statement says what the schema is, and touches no row.
fn is_schema(statement: &Statement) -> bool {
    const SCHEMA: [&str; 8] = [
        "CREATE", "ALTER", "DROP", "COMMENT", "GRANT", "REVOKE", "SET", "SECURITY",
    ];
    let text = statement.text.to_uppercase();
    let words: Vec<&str> = text.split_whitespace().collect();
    let Some(first) = words.first() else {
        return true;
    };
    let fills = ["SELECT", "(SELECT", "WITH", "VALUES", "TABLE", "EXECUTE"];
    let is_filled = words.get(1..3).is_some_and(|kind| kind.contains(&"TABLE"))
        && words
            .windows(2)
            .any(|pair| pair[0] == "AS" && fills.contains(&pair[1]));
    SCHEMA.contains(first) && !(*first == "CREATE" && is_filled)
}

fn draft(
    args: &SquashArgs,
    history: &History,
    squash: &Squash<'_>,
) -> Result<NewRevision, Problem> {
    let id = match &args.rev_id {
        Some(id) => RevisionId::new(id.clone())?,
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

async fn proven(
    catalogs: &Catalogs<'_>,
    before: &[&Revision],
    squash: &Squash<'_>,
    new: &NewRevision,
) -> Result<SquashProof, Problem> {
    let file = PathBuf::from(format!("{}.sql", new.id));
    let new = Revision::from_bytes(file, new.render().as_bytes())?;
    let mut statements = Vec::new();
    for revision in before
        .iter()
        .chain(&squash.revisions)
        .copied()
        .chain([&new])
    {
        let body = revision.body()?;
        statements.extend(body.upgrade.statements());
        statements.extend(body.downgrade.iter().flat_map(Section::statements));
    }
    let options = catalogs.stair_options(statements);
    let scratch = catalogs.builder().scratch().await?;
    Ok(prove(scratch, before, &squash.revisions, &new, &options).await?)
}

fn not_the_same(proof: &SquashProof, is_plan: bool, args: &SquashArgs) -> Problem {
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
    if is_plan {
        problem.hint(format!(
            "take the statements as they are: aludel squash {} --in-order",
            args.range
        ))
    } else {
        problem.hint("mend the old files first; `aludel test` runs them one by one, up and down")
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
        Problem::new("not-writable", error.to_string())
            .detail(format!("{id} is written; the old files are partly still there"))
            .hint("remove the old files by hand, or remove the new one and get them back: git checkout -- migrations")
    })?;
    Ok(args.keep.then(|| project.shown(&folder)))
}

fn tell(squash: &Squash<'_>, kept_in: Option<&str>, is_plan: bool, printer: &mut Printer) {
    let count = counted(squash.revisions.len(), "revision");
    let form = if is_plan {
        "one plan to the same schema"
    } else {
        "their statements in order"
    };
    printer.say(&format!(
        "squashed {count} into {form}: on scratch both lead to the same schema and rows, and back"
    ));
    match kept_in {
        Some(folder) => printer.say(&format!("the old files are in {folder}: `aludel upgrade` uses them for a database that stands among them")),
        None => printer.say("the old files were deleted; git has them"),
    }
    if let Some(end) = squash.replaces.last() {
        let inside = joined(&squash.replaces[..squash.replaces.len() - 1]);
        printer.say(&format!(
            "a database at {end} is at the new revision; one at {inside} is told how to get there"
        ));
    }
}
