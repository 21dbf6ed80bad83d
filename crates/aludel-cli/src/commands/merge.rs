//! `aludel merge`: a revision that joins heads.

use aludel_revision::{NewRevision, RevisionId, Splice};
use clap::Args;
use jiff::Timestamp;

use crate::completion;
use crate::context::Context;
use crate::new_file::write;
use crate::ui::exit::ExitStatus;
use crate::ui::printer::Printer;
use crate::ui::problem::Problem;

/// Write a revision that joins heads; it runs nothing of its own
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  aludel merge heads -m \"merge\"\n  aludel merge ae10 27c6")]
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
}

pub(crate) fn run(
    args: &MergeArgs,
    context: &Context,
    printer: &mut Printer,
) -> Result<ExitStatus, Problem> {
    let history = context.headers()?;
    let targets: Vec<&str> = args.revisions.iter().map(String::as_str).collect();
    let splice = if args.splice {
        Splice::Allow
    } else {
        Splice::Refuse
    };
    let merge = history.new_merge(&targets, splice, args.message.as_deref(), Timestamp::now())?;
    let id = args
        .rev_id
        .clone()
        .map(RevisionId::new)
        .transpose()?
        .unwrap_or_else(|| merge.id.clone());
    write(
        &NewRevision {
            id,
            labels: args.branch_label.clone(),
            ..merge
        },
        None,
        &[],
        context,
        printer,
    )
}
