//! `aludel revision`: a new revision file, empty or generated from the models.

use std::path::PathBuf;

use aludel_plan::PlanOptions;
use aludel_revision::{History, NewRevision, RevisionId, Splice};
use clap::Args;
use jiff::Timestamp;

use crate::answers::AnswerArgs;
use crate::autogenerate::{Generated, allow_line, generate, unsaid_losses};
use crate::catalogs::Catalogs;
use crate::completion;
use crate::context::Context;
use crate::new_file::write;
use crate::online::OnlineArgs;
use crate::plan_text::section;
use crate::runtime::block_on;
use crate::strict::StrictArgs;
use crate::tenants;
use crate::ui::exit::ExitStatus;
use crate::ui::json::{CreatedJson, FORMAT};
use crate::ui::printer::Printer;
use crate::ui::problem::Problem;

/// Write a new revision file; --autogenerate fills it with what the models have and the history lacks
///
/// The path of the new file goes to stdout. Generated statements that lose data are written, but the
/// header does not allow them: read the file, then say in the header why each loss is meant.
#[derive(Args, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag that a person types"
)]
#[command(
    after_help = "Examples:\n  aludel revision --autogenerate -m \"add order total\"\n  aludel revision --empty -m \"backfill totals\""
)]
pub(crate) struct RevisionArgs {
    /// What the revision does, in a few words
    #[arg(short, long, value_name = "TEXT")]
    message: Option<String>,
    /// Write the SQL that takes the history to the models, and the way back
    #[arg(long, conflicts_with = "empty")]
    autogenerate: bool,
    /// Write a file to be filled by hand (as without --autogenerate)
    #[arg(long)]
    empty: bool,
    #[command(flatten)]
    answers: AnswerArgs,
    #[command(flatten)]
    online: OnlineArgs,
    #[command(flatten)]
    strict: StrictArgs,
    /// Follow this revision instead of the head
    #[arg(long, value_name = "REVISION", add = completion::targets())]
    head: Option<String>,
    /// Follow a revision that another follows already, and begin a branch there
    #[arg(long)]
    splice: bool,
    /// Write into this one of the migrations folders instead of the parent's
    #[arg(long, value_name = "FOLDER")]
    version_path: Option<PathBuf>,
    /// Print the file instead of writing it
    #[arg(long, conflicts_with = "autogenerate")]
    sql: bool,
    /// Use this id instead of a random one
    #[arg(long, value_name = "ID")]
    rev_id: Option<String>,
    /// Name the branch that begins here (can be repeated)
    #[arg(long, value_name = "LABEL")]
    branch_label: Vec<String>,
    /// Need this revision of another branch first (can be repeated)
    #[arg(long, value_name = "REVISION", add = completion::revisions())]
    depends_on: Vec<String>,
}

/// What stands in a revision that a person is to write. It has no downgrade section: an empty one would say
/// that there is nothing to undo, and nobody has said so yet.
const TO_BE_WRITTEN: &str = "\
-- Write the SQL of the way up here, and the way back below a line `-- aludel: downgrade`.
-- An empty downgrade section says that there is nothing to undo; without the section this
-- revision cannot be taken back.
";

pub(crate) fn run(
    args: &RevisionArgs,
    context: &Context,
    printer: &mut Printer,
) -> Result<ExitStatus, Problem> {
    tenants::refuse_schema(context)?;
    let history = context.headers()?;
    let heads: Vec<&str> = args.head.iter().map(String::as_str).collect();
    let splice = if args.splice {
        Splice::Allow
    } else {
        Splice::Refuse
    };
    let parents = history.parents_for(&heads, splice)?;
    let revision = draft(args, &history, parents)?;
    if !args.autogenerate {
        if !args.answers.is_empty() {
            let primary = "--rename, --enum-map and --answers are for --autogenerate";
            return Err(Problem::new("usage", primary).hint(
                "add --autogenerate, or leave them out for a revision to be written by hand",
            ));
        }
        let revision = NewRevision {
            upgrade: TO_BE_WRITTEN.to_owned(),
            ..revision
        };
        if args.sql {
            printer.text(&revision.render())?;
            return Ok(ExitStatus::Done);
        }
        let status = write(
            &revision,
            args.version_path.as_deref(),
            &[],
            context,
            printer,
        )?;
        printer.hint(
            "write both ways; without a section `-- aludel: downgrade` it cannot be taken back",
        );
        return Ok(status);
    }
    let options = PlanOptions {
        online: args.online.choose(context.project()?.plan.online),
        ..PlanOptions::default()
    };
    let said = args.answers.said()?;
    let generated = block_on(async {
        let catalogs = Catalogs::new(context.project()?, None)?;
        let generated =
            generate(&catalogs, &history, &said, &options, args.strict, printer).await?;
        catalogs.stop().await?;
        Ok(generated)
    })?;
    if generated.upgrade.is_empty() {
        return nothing_to_do(printer);
    }
    for line in &generated.detected {
        printer.say(&format!("detected: {line}"));
    }
    let revision = NewRevision {
        upgrade: section(&generated.upgrade),
        downgrade: Some(section(&generated.downgrade)),
        allow: generated.allow.clone(),
        ..revision
    };
    let status = write(
        &revision,
        args.version_path.as_deref(),
        &generated.detected,
        context,
        printer,
    )?;
    say_what_to_check(&generated, printer);
    Ok(status)
}

fn nothing_to_do(printer: &mut Printer) -> Result<ExitStatus, Problem> {
    printer
        .say("nothing to do: the models have nothing that the history lacks; no file was written");
    if printer.is_json() {
        printer.json(&CreatedJson {
            format: FORMAT,
            revision: None,
            parents: Vec::new(),
            path: None,
            detected: Vec::new(),
        })?;
    }
    Ok(ExitStatus::Done)
}

/// The gate stays closed: whoever reads the file says in its header why a loss is meant.
fn say_what_to_check(generated: &Generated, printer: &mut Printer) {
    for caution in &generated.cautions {
        printer.warn(&caution.text, std::slice::from_ref(&caution.hint));
    }
    let Some(line) = allow_line(generated) else {
        printer.hint("read the file, then: aludel upgrade");
        return;
    };
    let losses: Vec<String> = unsaid_losses(generated)
        .iter()
        .map(|(hazard, object)| format!("{hazard} {object}"))
        .collect();
    printer.warn(
        &format!(
            "the revision loses data and does not run like this: {}",
            losses.join(", ")
        ),
        &[
            "check that nobody reads it any more and that it was not a rename".to_owned(),
            format!("if the loss is meant, add to the header, with a reason for each:\n  {line}"),
        ],
    );
}

/// The revision without its SQL.
fn draft(
    args: &RevisionArgs,
    history: &History,
    parents: Vec<RevisionId>,
) -> Result<NewRevision, Problem> {
    let id = match &args.rev_id {
        Some(id) => RevisionId::for_new(id.clone())?,
        None => history.new_id(),
    };
    if let Some(existing) = history.get(&id) {
        return Err(Problem::new(
            "duplicate-id",
            format!("revision {id} exists already: {}", existing.path.display()),
        )
        .hint("leave --rev-id out for a random id"));
    }
    let message = args
        .message
        .clone()
        .unwrap_or_else(|| "empty message".to_owned());
    let mut revision = NewRevision::new(id, parents, Timestamp::now(), message);
    revision.labels.clone_from(&args.branch_label);
    for target in &args.depends_on {
        revision.depends_on.push(history.dependency_for(target)?);
    }
    Ok(revision)
}
