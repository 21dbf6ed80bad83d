//! Errors of a run, each with the command or edit that goes on.

use std::collections::BTreeMap;

use aludel_runner::{DowngradeLoss, LossCount, Refusal, RunError, StatementFailure};
use aludel_sql::{Origin, Statement};

use crate::running::counted;
use crate::ui::exit::ExitStatus;
use crate::ui::problem::Problem;
use crate::ui::problem::revision::unknown_rows;

impl From<RunError> for Problem {
    fn from(error: RunError) -> Self {
        let primary = error.to_string();
        match error {
            RunError::Reading(error) | RunError::Writing(error) => Self::server("state", primary, &error),
            RunError::MayNotRead { grant, .. } | RunError::MayNotWrite { grant, .. } => {
                Self::new("rights", primary).hint(format!("as the owner: {grant};"))
            }
            RunError::ReadOnly { standby: true, .. } => Self::new("read-only", primary)
                .hint("connect to the primary server; `aludel status` says where the URL came from"),
            RunError::ReadOnly { standby: false, database } => Self::new("read-only", primary)
                .hint(format!("as its owner: ALTER DATABASE {database} RESET default_transaction_read_only;")),
            RunError::NoSchema { schema } => Self::new("schema", primary)
                .hint("is the name right? `aludel upgrade --create-schema` makes the schemas that are missing")
                .hint(format!("or make it as its owner wants it: CREATE SCHEMA {schema};")),
            RunError::UnknownRows { revisions, .. } => unknown_rows(primary, revisions),
            RunError::RowsNotHeads { row, covered_by, version_table } => {
                Self::new("rows-not-heads", primary)
                    .hint(format!("DELETE FROM {version_table} WHERE version_num = '{row}'; or: aludel stamp --purge {covered_by}"))
                    .revisions([row.to_string(), covered_by.to_string()])
            }
            RunError::Target(error) => error.into(),
            RunError::File(error) => error.into(),
            RunError::NotAllowed { refusals, standing } => {
                let rest = standing.map_or_else(|| "nothing was run".to_owned(), |standing| standing.to_string());
                not_allowed(&primary, &refusals, rest)
            }
            RunError::Irreversible { revision, path, reason } => {
                let problem = Self::new("irreversible", primary).detail(format!("its file is {}", path.display()));
                reason
                    .into_iter()
                    .fold(problem, |problem, reason| problem.detail(format!("the header says why: {reason}")))
                    .hint("write a section `-- aludel: downgrade` into the file (empty when there is nothing to undo)")
                    .revisions([revision.to_string()])
            }
            RunError::WouldLose(losses) => {
                would_lose(Self::new("data-loss", primary), &losses).hint("add --allow-data-loss if that is meant")
            }
            RunError::Declined(_) => Self::new("declined", primary),
            RunError::LockBusy { waited, .. } => Self::new("locked", primary)
                .detail(format!("waited {} s; nothing was run", waited.as_secs()))
                .hint("run the command again when it is done; wait-for-lock in [runner] sets how long to wait"),
            RunError::HeadsMoved { standing, .. } => Self::new("heads-moved", primary)
                .detail(standing.to_string())
                .hint("find out who changes it beside Aludel, then run the command again"),
            RunError::SegmentChanged { path, .. } => Self::new("segment-changed", primary)
                .detail(format!("its file is {}", path.display()))
                .hint("put the segment back as it was (git diff), run the command again, and add a revision for the change"),
            RunError::OutcomeUnknown { statement, origin, .. } => {
                Self::new("outcome-unknown", primary).at(&statement, &origin).hint(
                    "look whether it took effect; if so take it out of the file, if not run it by hand, then run the command again",
                )
            }
            RunError::Statement(failure) => statement_failed(primary, &failure),
            RunError::Cancelled { interrupted, standing } => {
                let problem = Self::new("interrupted", primary).exit(ExitStatus::Interrupted);
                let problem = match interrupted {
                    Some(revision) => problem.detail(format!("revision {revision} was rolled back")),
                    None => problem,
                };
                let _ = standing;
                problem.hint("run the same command to go on")
            }
            RunError::CancelledWaiting => Self::new("interrupted", primary)
                .exit(ExitStatus::Interrupted)
                .hint("run the same command when the other run is done"),
        }
    }
}

impl Problem {
    fn at(self, text: &str, origin: &Origin) -> Self {
        let statement = Statement {
            text: text.to_owned(),
            origin: origin.clone(),
        };
        self.snippet(super::snippet_of(&statement, None))
    }
}

fn statement_failed(primary: String, failure: &StatementFailure) -> Problem {
    let statement = Statement {
        text: failure.statement.clone(),
        origin: failure.origin.clone(),
    };
    let mut problem = Problem::statement("statement", primary, &statement, &failure.error);
    if failure.attempts > 1 {
        problem = problem.detail(format!("it was tried {} times", failure.attempts));
    }
    for blocker in &failure.blockers {
        problem = problem.detail(format!("in the way: {blocker}"));
    }
    problem
        .detail(failure.standing.to_string())
        .hint("mend the statement, then run the same command again")
        .revisions([failure.revision.to_string()])
}

fn not_allowed(primary: &str, refusals: &[Refusal], rest: String) -> Problem {
    let mut problem = Problem::new("data-loss", primary);
    let mut lines: BTreeMap<(String, Option<String>), &str> = BTreeMap::new();
    for refusal in refusals {
        let detail = refusal
            .detail
            .as_ref()
            .map_or_else(String::new, |detail| format!(" ({detail})"));
        problem = problem.detail(format!(
            "{}: {} {}{detail}",
            refusal.origin, refusal.hazard, refusal.object
        ));
        let key = (refusal.revision.to_string(), refusal.origin.file.clone());
        lines.insert(key, &refusal.allow_line);
    }
    for ((revision, file), line) in &lines {
        let file = file.clone().unwrap_or_else(|| revision.clone());
        problem = problem.hint(format!(
            "if the loss is meant, say why in the header of {file}:\n  {line}"
        ));
    }
    problem
        .detail(rest)
        .revisions(lines.into_keys().map(|(revision, _)| revision))
}

/// Lists what a downgrade would lose.
pub(crate) fn would_lose(problem: Problem, losses: &[DowngradeLoss]) -> Problem {
    losses
        .iter()
        .filter(|loss| loss.is_real())
        .fold(problem, |problem, loss| problem.detail(loss_text(loss)))
}

/// One loss of a downgrade, as in `drop-column public.users.legacy: 12 values (migrations/a.sql:9)`.
pub(crate) fn loss_text(loss: &DowngradeLoss) -> String {
    let size = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
    let count = match &loss.count {
        LossCount::Rows(count) => counted(size(*count), "row"),
        LossCount::Values(count) => counted(size(*count), "value"),
        LossCount::AtMost(count) => format!("at most {count} rows or values"),
        LossCount::Uncounted(why) => format!("not counted, {why}"),
    };
    format!("{} {}: {count} ({})", loss.hazard, loss.object, loss.origin)
}
