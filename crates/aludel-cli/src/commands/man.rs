//! `aludel man`: the manual pages, for those who package Aludel.

use std::path::PathBuf;

use clap::{Args, CommandFactory as _};
use clap_mangen::Man;

use crate::cli::Cli;
use crate::context::Context;
use crate::ui::exit::ExitStatus;
use crate::ui::printer::Printer;
use crate::ui::problem::Problem;

/// Write manual pages into a folder, one for each verb
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  aludel man ~/.local/share/man/man1")]
pub(crate) struct ManArgs {
    /// Folder to write into; it is made if it is missing
    #[arg(value_name = "FOLDER")]
    folder: PathBuf,
}

pub(crate) fn run(
    args: &ManArgs,
    _context: &Context,
    printer: &mut Printer,
) -> Result<ExitStatus, Problem> {
    let mut command = Cli::command();
    command.build();
    let mut pages = Vec::new();
    collect(&command, "aludel", &mut pages);
    let unwritable = |error: std::io::Error| Problem::not_writable(&error);
    fs_err::create_dir_all(&args.folder).map_err(unwritable)?;
    for (name, page) in pages {
        let path = args.folder.join(format!("{name}.1"));
        fs_err::write(&path, page).map_err(unwritable)?;
        printer.line(&path.display().to_string())?;
    }
    Ok(ExitStatus::Done)
}

/// A page for the command and for each below it that is shown.
fn collect(command: &clap::Command, name: &str, pages: &mut Vec<(String, Vec<u8>)>) {
    let mut page = Vec::new();
    // Writing into memory cannot fail.
    let _ = Man::new(command.clone()).title(name).render(&mut page);
    pages.push((name.to_owned(), page));
    for verb in command.get_subcommands() {
        if verb.get_name() != "help" && !verb.is_hide_set() {
            collect(verb, &format!("{name}-{}", verb.get_name()), pages);
        }
    }
}
