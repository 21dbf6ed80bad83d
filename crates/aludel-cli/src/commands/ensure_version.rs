//! `aludel ensure-version`: creates the version table.

use aludel_runner::{Runner, ensure_version_script};
use clap::Args;

use crate::context::Context;
use crate::database::{self, Access};
use crate::running::settings;
use crate::runtime::{block_on_to_the_end, until_interrupted};
use crate::tenants;
use crate::ui::exit::ExitStatus;
use crate::ui::json::{EnsuredJson, FORMAT};
use crate::ui::printer::Printer;
use crate::ui::problem::Problem;
use crate::ui::progress::Progress;

/// Create the version table if it is missing; nothing is stamped
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  aludel ensure-version\n  aludel ensure-version --sql")]
pub(crate) struct EnsureVersionArgs {
    /// Print the script for psql instead of running it; no database is asked
    #[arg(long)]
    sql: bool,
}

pub(crate) fn run(
    args: &EnsureVersionArgs,
    context: &Context,
    printer: &mut Printer,
) -> Result<ExitStatus, Problem> {
    let settings = settings(context.project()?);
    if args.sql {
        tenants::refuse_script(context)?;
        printer.text(&ensure_version_script(&settings))?;
        return Ok(ExitStatus::Done);
    }
    let history = context.headers()?;
    let table = settings.version_table.clone();
    let created = block_on_to_the_end(async {
        let database = database::open(context, Access::Write).await?;
        let runner = Runner::new(&database.session, &history, settings);
        let mut progress = Progress::new(printer);
        let mut events = |event: &_| progress.event(event);
        until_interrupted(
            runner.canceller(),
            Box::pin(runner.ensure_version(&mut events)),
        )
        .await
    })?;
    if printer.is_json() {
        printer.json(&EnsuredJson {
            format: FORMAT,
            created,
        })?;
    } else if created {
        printer.say(&format!("created the version table {table}"));
    } else {
        printer.say(&format!(
            "nothing to do: the version table {table} is there"
        ));
    }
    Ok(ExitStatus::Done)
}
