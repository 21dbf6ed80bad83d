//! `aludel diff`: the SQL that takes one schema to another.

use std::mem::ManuallyDrop;

use aludel_catalog::Catalog;
use aludel_diff::{SpokenFor, complete, diff};
use aludel_plan::PlanOptions;
use aludel_plan::Step;
use aludel_plan::rename::Intent;
use aludel_postgres::Session;
use aludel_revision::History;
use aludel_source::Intents;
use clap::Args;

use crate::answers::{AnswerArgs, Said};
use crate::catalogs::{Catalogs, OnAsking, same_major};
use crate::context::{Context, current_dir};
use crate::database::{self, Access};
use crate::enum_values::{self, behind};
use crate::online::OnlineArgs;
use crate::plan_text::{Losses, script, script_in_transactions};
use crate::renames::{Renamed, intents_of, settled};
use crate::runtime::block_on;
use crate::spec::Spec;
use crate::strict::StrictArgs;
use crate::suggestions::suggestions;
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
    #[command(flatten)]
    answers: AnswerArgs,
    /// Exit with 1 when the schemas differ
    #[arg(long)]
    exit_code: bool,
    /// Print statements that lose data as they are
    #[arg(long)]
    allow_data_loss: bool,
    /// Compare also what is left alone unless somebody asks for it (can be repeated)
    #[arg(long, value_name = "KIND")]
    manage: Vec<OnAsking>,
    #[command(flatten)]
    online: OnlineArgs,
    #[command(flatten)]
    strict: StrictArgs,
    /// Say of each statement why it is there and why it stands where it stands
    #[arg(long)]
    explain: bool,
}

pub(crate) fn run(
    args: &DiffArgs,
    context: &Context,
    printer: &mut Printer,
) -> Result<ExitStatus, Problem> {
    // The process is about to end, and to take two large catalogs apart is a tenth of its work.
    let loaded = ManuallyDrop::new(block_on(load(args, context, printer))?);
    let Loaded {
        renamed,
        desired,
        said,
        guard,
    } = &*loaded;
    let current = &renamed.catalog;
    let changes = diff(current, desired);
    let options = PlanOptions {
        // One script that runs in one transaction is what SQL on stdout is expected to be.
        online: args.online.choose(false),
        explain: args.explain,
    };
    let plan = aludel_plan::plan(current, desired, &changes, &options)?;
    let mut plan = renamed.before(behind(guard.clone(), plan));
    warnings::unmodelled(&[current, desired], args.strict, printer)?;
    warnings::unasked(&[current, desired], printer);
    warnings::reordered(&changes, printer);
    for suggestion in suggestions(&changes, current, desired, said) {
        let caution = suggestion.caution();
        printer.warn(&caution.text, &[caution.hint]);
    }
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
    } else {
        enum_values::take_as_said(&mut plan, current, desired);
        let script = if options.online {
            script_in_transactions
        } else {
            script
        };
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

/// Both schemas, the one that is there after its renames; what the models do not speak for is as on the other side.
async fn load(
    args: &DiffArgs,
    context: &Context,
    printer: &mut Printer,
) -> Result<Loaded, Problem> {
    let project = context.project()?;
    let current_dir = current_dir()?;
    let from = Spec::parse(&args.from, &current_dir)?;
    let to = Spec::parse(&args.to, &current_dir)?;
    let needs_history = matches!(from, Spec::Head) || matches!(to, Spec::Head);
    let history = needs_history.then(|| context.headers()).transpose()?;
    let mut said = args.answers.said()?;
    let alone = said.renames.is_empty() && !printer.can_ask();
    let major = target_major(&from, &to, alone).await?;
    let catalogs = Catalogs::new(project, major)?.asking_for(&args.manage);
    let both = Box::pin(both(&catalogs, (&from, &to), history.as_ref(), printer)).await?;
    let mut stated = intents_of(&both.stated);
    stated.extend(intents_of(&both.stated_before).iter().map(Intent::reversed));
    let side = catalogs
        .side_of(&from, history.as_ref(), &both.desired)
        .await?;
    let sides = (both.current, &both.desired);
    let renamed = settled(&catalogs, &side, sides, (&mut said, &stated), printer).await?;
    drop(side);
    let mut desired = match &to {
        _ if renamed.renames.is_empty() => both.desired,
        // What is completed from the other side has its names too.
        Spec::Models => catalogs.models(&renamed.catalog).await?.catalog,
        _ => {
            let mut desired = catalogs.side(&to, history.as_ref()).await?;
            complete(
                &renamed.catalog,
                &mut desired,
                &catalogs.managed(SpokenFor::Everything),
            );
            desired
        }
    };
    same_major(&renamed.catalog, &desired)?;
    let schema = catalogs.runner().home_schema();
    let ways = [(&renamed.catalog, &desired)];
    enum_values::refuse_idle(&said.enum_maps, &ways, &schema)?;
    for stated in [&both.stated, &both.stated_before] {
        said.enum_maps.extend(enum_values::maps_of(stated));
    }
    enum_values::refuse_stuck(&renamed.catalog, &desired)?;
    let maps = &said.enum_maps;
    let mut guard = enum_values::guarded(maps, &renamed.catalog, &mut desired, &schema);
    if let Some(url) = from.url().filter(|_| renamed.renames.is_empty()) {
        // The rows are there to be looked at.
        enum_values::refuse_used(&catalogs, url, maps, &renamed.catalog, &desired).await?;
        guard = None;
    }
    catalogs.stop().await?;
    Ok(Loaded {
        renamed,
        desired,
        said,
        guard,
    })
}

/// The schemas to be compared, and what was said.
struct Loaded {
    renamed: Renamed,
    desired: Catalog,
    said: Said,
    /// What looks at rows that are not known.
    guard: Option<Step>,
}

/// Both schemas, and what each says that SQL cannot.
struct Both {
    current: Catalog,
    stated_before: Intents,
    desired: Catalog,
    stated: Intents,
}

async fn both(
    catalogs: &Catalogs<'_>,
    (from, to): (&Spec, &Spec),
    history: Option<&History>,
    printer: &mut Printer,
) -> Result<Both, Problem> {
    if matches!(to, Spec::Models) {
        let (current, stated_before) = catalogs.stated(from, history).await?;
        let models = catalogs.models(&current).await?;
        warnings::source(&models, printer);
        return Ok(Both {
            current,
            stated_before,
            desired: models.catalog,
            stated: models.intents,
        });
    }
    if matches!(from, Spec::Models) {
        let (desired, stated) = catalogs.stated(to, history).await?;
        let models = catalogs.models(&desired).await?;
        warnings::source(&models, printer);
        return Ok(Both {
            current: models.catalog,
            stated_before: models.intents,
            desired,
            stated,
        });
    }
    let ((current, stated_before), (mut desired, stated)) =
        tokio::try_join!(catalogs.stated(from, history), catalogs.stated(to, history))?;
    complete(
        &current,
        &mut desired,
        &catalogs.managed(SpokenFor::Everything),
    );
    Ok(Both {
        current,
        stated_before,
        desired,
        stated,
    })
}

/// The major version of the one database that is compared with something built on scratch, or of which a copy is.
async fn target_major(from: &Spec, to: &Spec, alone: bool) -> Result<Option<u32>, Problem> {
    let url = match (from.url(), to.url()) {
        (Some(_), Some(_)) if alone => return Ok(None),
        (Some(url), _) | (None, Some(url)) => url,
        (None, None) => return Ok(None),
    };
    let session = Session::connect(url, &database::options(Access::Read)).await?;
    Ok(Some(session.server_version_num() / 10_000))
}
