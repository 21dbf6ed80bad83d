//! `aludel dump`: a schema as SQL.

use aludel_diff::{SpokenFor, complete, diff};
use aludel_plan::PlanOptions;
use clap::Args;
use std::path::PathBuf;

use crate::catalogs::Catalogs;
use crate::context::{Context, current_dir};
use crate::database;
use crate::dump_folder::{self, Split, files};
use crate::plan_text::{Losses, script};
use crate::runtime::block_on;
use crate::spec::Spec;
use crate::strict::StrictArgs;
use crate::ui::exit::ExitStatus;
use crate::ui::printer::Printer;
use crate::ui::problem::Problem;
use crate::warnings;

/// Print a schema as SQL that makes it
///
/// The same schema always gives the same text, and loading the text gives the same schema. With --split, a
/// folder is written: a file for each object, and index.sql in whose order they load, with psql or as models
/// (`sources = [{ sql = "schema" }]`).
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  aludel dump > schema.sql\n  aludel dump --from head\n  aludel dump --split kind --output schema"
)]
pub(crate) struct DumpArgs {
    /// Schema to print: a URL, a .sql file or folder, models or head; the project's database if left out
    #[arg(long, value_name = "SCHEMA")]
    from: Option<String>,
    /// Write a folder, with a folder in it for each kind of object or for each schema
    #[arg(long, value_enum, value_name = "BY", requires = "output")]
    split: Option<Split>,
    /// File to write, or folder with --split
    #[arg(short, long, value_name = "PATH")]
    output: Option<PathBuf>,
    #[command(flatten)]
    strict: StrictArgs,
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
    warnings::unmodelled(&[&catalog], args.strict, printer)?;
    warnings::unasked(&[&catalog], printer);
    let plan = aludel_plan::plan(
        &empty,
        &catalog,
        &diff(&empty, &catalog),
        &PlanOptions::default(),
    )?;
    let text = || script(&plan, Losses::AsTheyAre);
    match (&args.output, args.split) {
        (None, _) => printer.text(&text())?,
        (Some(output), None) => {
            let file = current_dir()?.join(output);
            fs_err::write(file, text())
                .map_err(|error| Problem::new("output", error.to_string()))?;
        }
        (Some(output), Some(split)) => {
            dump_folder::write(&current_dir()?.join(output), &files(&plan, split))?;
        }
    }
    Ok(ExitStatus::Done)
}
