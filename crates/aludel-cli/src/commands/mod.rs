//! The verbs, a file each: its arguments, and `run`, which reads as the route it walks.

mod adopt;
mod branches;
mod check;
mod completion;
mod current;
mod db;
mod diff;
mod downgrade;
mod dump;
mod edit;
mod ensure_version;
mod export_alembic;
mod heads;
mod history;
mod init;
mod man;
mod merge;
mod models;
mod plan;
mod rebase;
mod repair;
mod revision;
mod show;
mod squash;
mod stamp;
mod status;
mod test;
mod upgrade;

use clap::Subcommand;

use crate::context::Context;
use crate::ui::exit::ExitStatus;
use crate::ui::printer::Printer;
use crate::ui::problem::Problem;

/// The verbs, in the order in which help lists them.
#[derive(Subcommand, Debug)]
pub(crate) enum Command {
    Adopt(adopt::AdoptArgs),
    Branches(branches::BranchesArgs),
    Check(check::CheckArgs),
    Completion(completion::CompletionArgs),
    Current(current::CurrentArgs),
    Db(db::DbArgs),
    Diff(diff::DiffArgs),
    Downgrade(downgrade::DowngradeArgs),
    Dump(dump::DumpArgs),
    Edit(edit::EditArgs),
    #[command(alias = "ensure_version")]
    EnsureVersion(ensure_version::EnsureVersionArgs),
    ExportAlembic(export_alembic::ExportAlembicArgs),
    Heads(heads::HeadsArgs),
    History(history::HistoryArgs),
    Init(init::InitArgs),
    #[command(hide = true)]
    Man(man::ManArgs),
    Merge(merge::MergeArgs),
    Models(models::ModelsArgs),
    Plan(plan::PlanArgs),
    Rebase(rebase::RebaseArgs),
    Repair(repair::RepairArgs),
    Revision(revision::RevisionArgs),
    Show(show::ShowArgs),
    Squash(squash::SquashArgs),
    Stamp(stamp::StampArgs),
    Status(status::StatusArgs),
    Test(test::TestArgs),
    Upgrade(upgrade::UpgradeArgs),
}

impl Command {
    /// Runs the verb.
    pub(crate) fn run(
        self,
        context: &Context,
        printer: &mut Printer,
    ) -> Result<ExitStatus, Problem> {
        match self {
            Self::Adopt(args) => adopt::run(&args, context, printer),
            Self::Branches(args) => branches::run(&args, context, printer),
            Self::Check(args) => check::run(&args, context, printer),
            Self::Completion(args) => completion::run(&args, context, printer),
            Self::Current(args) => current::run(&args, context, printer),
            Self::Db(args) => db::run(&args, context, printer),
            Self::Diff(args) => diff::run(&args, context, printer),
            Self::Downgrade(args) => downgrade::run(&args, context, printer),
            Self::Dump(args) => dump::run(&args, context, printer),
            Self::Edit(args) => edit::run(&args, context, printer),
            Self::EnsureVersion(args) => ensure_version::run(&args, context, printer),
            Self::ExportAlembic(args) => export_alembic::run(&args, context, printer),
            Self::Heads(args) => heads::run(&args, context, printer),
            Self::History(args) => history::run(&args, context, printer),
            Self::Init(args) => init::run(&args, context, printer),
            Self::Man(args) => man::run(&args, context, printer),
            Self::Merge(args) => merge::run(&args, context, printer),
            Self::Models(args) => models::run(&args, context, printer),
            Self::Plan(args) => plan::run(&args, context, printer),
            Self::Rebase(args) => rebase::run(&args, context, printer),
            Self::Repair(args) => repair::run(&args, context, printer),
            Self::Revision(args) => revision::run(&args, context, printer),
            Self::Show(args) => show::run(&args, context, printer),
            Self::Squash(args) => squash::run(&args, context, printer),
            Self::Stamp(args) => stamp::run(&args, context, printer),
            Self::Status(args) => status::run(&args, context, printer),
            Self::Test(args) => test::run(&args, context, printer),
            Self::Upgrade(args) => upgrade::run(&args, context, printer),
        }
    }
}
