//! `aludel db`: the local database and the servers that scratch can use.

use aludel_postgres::survey;
use clap::{Args, Subcommand};

use crate::context::Context;
use crate::runtime::block_on;
use crate::ui::exit::ExitStatus;
use crate::ui::json::{EngineJson, EnginesJson, FORMAT};
use crate::ui::printer::Printer;
use crate::ui::problem::Problem;
use crate::ui::theme::Role;

/// Manage the local database and PostgreSQL's programs
#[derive(Args, Debug)]
pub(crate) struct DbArgs {
    #[command(subcommand)]
    command: DbCommand,
}

#[derive(Subcommand, Debug)]
enum DbCommand {
    /// Show the servers that scratch can use, which one is picked and why
    Engines,
}

pub(crate) fn run(
    args: &DbArgs,
    context: &Context,
    printer: &mut Printer,
) -> Result<ExitStatus, Problem> {
    match &args.command {
        DbCommand::Engines => engines(context, printer),
    }
}

fn engines(context: &Context, printer: &mut Printer) -> Result<ExitStatus, Problem> {
    let options = crate::scratch::options(context.project()?, None)?;
    let findings = block_on(async { Ok(survey(&options).await) })?;
    if printer.is_json() {
        let engines = findings
            .iter()
            .map(|finding| EngineJson {
                engine: finding.engine,
                what: finding.what.clone(),
                version_num: finding.version_num,
                is_picked: finding.picked,
                reason: finding.reason.clone(),
            })
            .collect();
        printer.json(&EnginesJson {
            format: FORMAT,
            engines,
        })?;
        return Ok(ExitStatus::Done);
    }
    for finding in &findings {
        let mark = if finding.picked {
            printer.theme().paint(Role::Good, "*")
        } else {
            " ".to_owned()
        };
        let version = finding
            .version_num
            .map_or_else(String::new, |number| format!(" {}", shown_version(number)));
        printer.line(&format!(
            "{mark} {:<9}{}{version}: {}",
            finding.engine, finding.what, finding.reason
        ))?;
    }
    Ok(ExitStatus::Done)
}

/// 150018 is 15.18.
pub(crate) fn shown_version(number: u32) -> String {
    format!("{}.{}", number / 10_000, number % 10_000)
}
