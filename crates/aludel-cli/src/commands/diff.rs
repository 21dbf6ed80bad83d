//! `aludel diff`: the SQL that takes one schema to another.

use aludel_catalog::Catalog;
use aludel_diff::{SpokenFor, complete, diff};
use aludel_plan::PlanOptions;
use aludel_postgres::Session;
use clap::Args;

use crate::catalogs::{Catalogs, same_major};
use crate::context::{Context, current_dir};
use crate::database::{self, Access};
use crate::plan_text::{Losses, script, script_in_transactions};
use crate::runtime::block_on;
use crate::spec::Spec;
use crate::ui::exit::ExitStatus;
use crate::ui::json::{ChangeJson, DiffJson, FORMAT, StepJson};
use crate::ui::printer::Printer;
use crate::ui::problem::Problem;
use crate::warnings;

/// Print the SQL that takes one schema to another
///
/// A schema is named by a URL, a .sql file or a folder of them, `models`, `head` (of the history) or
/// `empty`. Only SQL goes to stdout. Statements that lose data are commented out, with what they lose,
/// unless --allow-data-loss is given.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  aludel diff --from head --to models\n  aludel diff --from \"$DATABASE_URL\" --to schema.sql\n  aludel diff --from empty --to models > create.sql"
)]
pub(crate) struct DiffArgs {
    /// Schema that is there
    #[arg(long, default_value = "head", value_name = "SCHEMA")]
    from: String,
    /// Schema that is wanted
    #[arg(long, default_value = "models", value_name = "SCHEMA")]
    to: String,
    /// Exit with 1 when the schemas differ
    #[arg(long)]
    exit_code: bool,
    /// Print statements that lose data as they are
    #[arg(long)]
    allow_data_loss: bool,
    /// Take the way that holds no other session up for long, in transactions of its own
    #[arg(long)]
    online: bool,
}

pub(crate) fn run(
    args: &DiffArgs,
    context: &Context,
    printer: &mut Printer,
) -> Result<ExitStatus, Problem> {
    let (current, desired) = block_on(load(args, context, printer))?;
    let changes = diff(&current, &desired);
    let options = PlanOptions {
        online: args.online,
    };
    let plan = aludel_plan::plan(&current, &desired, &changes, &options)?;
    warnings::unmodelled(&[&current, &desired], printer);
    warnings::reordered(&changes, printer);
    let losses = if args.allow_data_loss {
        Losses::AsTheyAre
    } else {
        Losses::CommentedOut
    };
    if printer.is_json() {
        printer.json(&DiffJson {
            format: FORMAT,
            is_equal: plan.is_empty(),
            changes: changes.by_object.iter().map(ChangeJson::new).collect(),
            steps: plan.steps.iter().map(StepJson::new).collect(),
        })?;
    } else if args.online {
        printer.text(&script_in_transactions(&plan, losses))?;
    } else {
        printer.text(&script(&plan, losses))?;
    }
    if losses == Losses::CommentedOut && plan.steps.iter().any(|step| !step.losses.is_empty()) {
        printer.hint("statements that lose data are commented out; --allow-data-loss prints them as they are");
    }
    let differ = args.exit_code && !plan.is_empty();
    Ok(if differ {
        ExitStatus::No
    } else {
        ExitStatus::Done
    })
}

/// Both schemas; what the models do not speak for is as on the other side.
async fn load(
    args: &DiffArgs,
    context: &Context,
    printer: &mut Printer,
) -> Result<(Catalog, Catalog), Problem> {
    let project = context.project()?;
    let current_dir = current_dir()?;
    let from = Spec::parse(&args.from, &current_dir)?;
    let to = Spec::parse(&args.to, &current_dir)?;
    let needs_history = matches!(from, Spec::Head) || matches!(to, Spec::Head);
    let history = if needs_history {
        Some(context.headers()?)
    } else {
        None
    };
    let catalogs = Catalogs::new(project, target_major(&from, &to).await?)?;
    let (current, desired) = match (&from, &to) {
        (_, Spec::Models) => {
            let current = catalogs.side(&from, history.as_ref()).await?;
            let desired = catalogs.models(&current).await?;
            warnings::source(&desired, printer);
            (current, desired.catalog)
        }
        (Spec::Models, _) => {
            let desired = catalogs.side(&to, history.as_ref()).await?;
            let current = catalogs.models(&desired).await?;
            warnings::source(&current, printer);
            (current.catalog, desired)
        }
        _ => {
            let (current, mut desired) = tokio::try_join!(
                catalogs.side(&from, history.as_ref()),
                catalogs.side(&to, history.as_ref())
            )?;
            complete(
                &current,
                &mut desired,
                &catalogs.managed(SpokenFor::Everything),
            );
            (current, desired)
        }
    };
    catalogs.stop().await?;
    same_major(&current, &desired)?;
    Ok((current, desired))
}

/// The major version of the one database that is compared with something built on scratch.
async fn target_major(from: &Spec, to: &Spec) -> Result<Option<u32>, Problem> {
    let ((Some(url), None) | (None, Some(url))) = (from.url(), to.url()) else {
        return Ok(None);
    };
    let session = Session::connect(url, &database::options(Access::Read)).await?;
    Ok(Some(session.server_version_num() / 10_000))
}
