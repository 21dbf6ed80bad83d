//! `aludel edit`: opens revision files in the editor.

use std::path::Path;
use std::process::Command;

use clap::Args;

use crate::completion;
use crate::context::{Context, find_revisions};
use crate::database::current_if_named;
use crate::ui::exit::ExitStatus;
use crate::ui::printer::Printer;
use crate::ui::problem::Problem;

/// Open the file of a revision in an editor
///
/// The editor is $EDITOR, else $VISUAL, else the first of sensible-editor, editor, nano, vim and code that
/// is there.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  aludel edit head\n  aludel edit ae10\n  EDITOR=\"code --wait\" aludel edit current"
)]
pub(crate) struct EditArgs {
    /// Id, its beginning, label, head, heads or current
    #[arg(default_value = "head", value_name = "REVISION", add = completion::revisions())]
    revision: String,
}

const EDITORS: [&str; 5] = ["sensible-editor", "editor", "nano", "vim", "code"];

pub(crate) fn run(
    args: &EditArgs,
    context: &Context,
    _printer: &mut Printer,
) -> Result<ExitStatus, Problem> {
    let history = context.headers()?;
    let current = current_if_named(context, &history, &args.revision)?;
    let revisions = find_revisions(&history, &args.revision, &current)?;
    if revisions.is_empty() {
        let primary = format!("\"{}\" is no revision that could be edited", args.revision);
        return Err(Problem::new("no-such-revision", primary)
            .hint("`aludel history` lists the revisions and their labels"));
    }
    let files: Vec<&Path> = revisions.iter().map(|one| one.path.as_path()).collect();
    open(context, &files)?;
    Ok(ExitStatus::Done)
}

/// Opens files in the person's editor and waits until it is closed.
pub(crate) fn open(context: &Context, files: &[&Path]) -> Result<(), Problem> {
    let environment = &context.project()?.environment;
    let named = ["EDITOR", "VISUAL"].into_iter().find_map(|name| {
        let (value, _) = environment.get(name)?;
        Some(value).filter(|value| !value.trim().is_empty())
    });
    let Some(editor) = named.or_else(first_editor) else {
        return Err(
            Problem::new("editor", "no editor was found").hint("name one: EDITOR=vi aludel edit …")
        );
    };
    // An editor may be named with arguments, as in "code --wait"; a shell reads it as git has it read.
    let status = Command::new("sh")
        .arg("-c")
        .arg(format!("{editor} \"$@\""))
        .arg(&editor)
        .args(files)
        .status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(Problem::new(
            "editor",
            format!("the editor `{editor}` ended with {status}"),
        )
        .hint("set EDITOR to an editor that is installed")),
        Err(error) => Err(Problem::new(
            "editor",
            format!("the editor could not be started: {error}"),
        )
        .hint("set EDITOR to an editor that is installed")),
    }
}

fn first_editor() -> Option<String> {
    let path = std::env::var_os("PATH")?;
    let is_there =
        |name: &&str| std::env::split_paths(&path).any(|folder| folder.join(name).is_file());
    EDITORS.into_iter().find(is_there).map(str::to_owned)
}
