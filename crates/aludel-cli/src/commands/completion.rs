//! `aludel completion`: what makes a shell complete Aludel's commands.

use std::io::Write as _;

use clap::{Args, ValueEnum};
use clap_complete::env::Shells;

use crate::context::Context;
use crate::ui::exit::ExitStatus;
use crate::ui::printer::Printer;
use crate::ui::problem::Problem;

/// Print the lines that make a shell complete verbs, flags and revisions
///
/// The shell then asks Aludel on each Tab, so revisions and their messages are those of the project you
/// are in.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  echo 'source <(aludel completion bash)' >> ~/.bashrc\n  echo 'source <(aludel completion zsh)' >> ~/.zshrc\n  aludel completion fish > ~/.config/fish/completions/aludel.fish"
)]
pub(crate) struct CompletionArgs {
    /// Shell to write for
    #[arg(value_enum, value_name = "SHELL")]
    shell: Shell,
}

/// The shells.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
enum Shell {
    /// GNU Bash
    Bash,
    /// Z shell
    Zsh,
    /// fish
    Fish,
}

pub(crate) fn run(
    args: &CompletionArgs,
    _context: &Context,
    printer: &mut Printer,
) -> Result<ExitStatus, Problem> {
    let name = match args.shell {
        Shell::Bash => {
            printer.text(include_str!("completion.bash"))?;
            return Ok(ExitStatus::Done);
        }
        Shell::Zsh => "zsh",
        Shell::Fish => "fish",
    };
    let shells = Shells::builtins();
    let Some(shell) = shells.completer(name) else {
        return Err(Problem::internal(format!(
            "there is no completion for {name}"
        )));
    };
    let mut script = Vec::new();
    shell
        .write_registration("COMPLETE", "aludel", "aludel", "aludel", &mut script)
        .and_then(|()| script.flush())
        .map_err(|error| Problem::internal(error.to_string()))?;
    printer.text(&String::from_utf8_lossy(&script))?;
    Ok(ExitStatus::Done)
}
