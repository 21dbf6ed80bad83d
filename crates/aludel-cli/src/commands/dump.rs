//! `aludel dump`: a schema as SQL.

use aludel_diff::{SpokenFor, complete, diff};
use aludel_plan::PlanOptions;
use clap::Args;

use crate::catalogs::Catalogs;
use crate::context::{Context, current_dir};
use crate::database;
use crate::plan_text::{Losses, script};
use crate::runtime::block_on;
use crate::spec::Spec;
use crate::ui::exit::ExitStatus;
use crate::ui::printer::Printer;
use crate::ui::problem::Problem;
use crate::warnings;

/// Print a schema as SQL that makes it
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  aludel dump > schema.sql\n  aludel dump --from head")]
pub(crate) struct DumpArgs {
    /// Schema to print: a URL, a .sql file or folder, models or head; the project's database if left out
    #[arg(long, value_name = "SCHEMA")]
    from: Option<String>,
}

pub(crate) fn run(
    args: &DumpArgs,
    context: &Context,
    printer: &mut Printer,
) -> Result<ExitStatus, Problem> {
    let (empty, catalog) = block_on(async {
        let spec = match &args.from {
            Some(text) => Spec::parse(text, &current_dir()?)?,
            None => Spec::Database(database::locate(context).await?.0),
        };
        let history = if matches!(spec, Spec::Head) {
            Some(context.headers()?)
        } else {
            None
        };
        let catalogs = Catalogs::new(context.project()?, None)?;
        let empty = catalogs.empty().await?;
        let mut catalog = catalogs.side(&spec, history.as_ref()).await?;
        complete(
            &empty,
            &mut catalog,
            &catalogs.managed(SpokenFor::Everything),
        );
        catalogs.stop().await?;
        Ok((empty, catalog))
    })?;
    warnings::unmodelled(&[&catalog], printer);
    warnings::unasked(&[&catalog], printer);
    let plan = aludel_plan::plan(
        &empty,
        &catalog,
        &diff(&empty, &catalog),
        &PlanOptions::default(),
    )?;
    printer.text(&script(&plan, Losses::AsTheyAre))?;
    Ok(ExitStatus::Done)
}
