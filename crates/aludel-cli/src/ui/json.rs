//! What programs read: own structures, each document with the number of its format.

pub(crate) mod adoption;

use std::time::Duration;

use aludel_catalog::ObjectId;
use aludel_diff::Change;
use aludel_plan::{Explanation, Step};
use aludel_runner::Outcome;
use serde::Serialize;

use crate::tenants::drift::SchemaDriftJson;

/// The number of every document's format; it changes when a field goes or changes its meaning.
pub(crate) const FORMAT: u32 = 1;

/// A span as every document has it.
pub(crate) fn milliseconds(span: Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}

/// A revision as `heads`, `history`, `show` and `current` list it.
#[derive(Serialize)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one independent answer for a program"
)]
pub(crate) struct RevisionJson {
    pub(crate) revision: String,
    pub(crate) parents: Vec<String>,
    pub(crate) depends_on: Vec<String>,
    pub(crate) labels: Vec<String>,
    pub(crate) branch_labels: Vec<String>,
    pub(crate) message: String,
    pub(crate) created: String,
    pub(crate) path: String,
    pub(crate) is_head: bool,
    pub(crate) is_effective_head: bool,
    pub(crate) is_branch_point: bool,
    pub(crate) is_merge_point: bool,
    pub(crate) is_current: bool,
}

/// `heads`.
#[derive(Serialize)]
pub(crate) struct HeadsJson {
    pub(crate) format: u32,
    pub(crate) heads: Vec<RevisionJson>,
}

/// `history` and `show`: newest first.
#[derive(Serialize)]
pub(crate) struct HistoryJson {
    pub(crate) format: u32,
    pub(crate) revisions: Vec<RevisionJson>,
}

/// `current`.
#[derive(Serialize)]
pub(crate) struct CurrentJson {
    pub(crate) format: u32,
    pub(crate) database: String,
    pub(crate) current: Vec<RevisionJson>,
    pub(crate) no_such_revision: Vec<String>,
    pub(crate) is_at_head: bool,
}

/// `branches`.
#[derive(Serialize)]
pub(crate) struct BranchesJson {
    pub(crate) format: u32,
    pub(crate) branches: Vec<BranchJson>,
}

/// A revision that several follow.
#[derive(Serialize)]
pub(crate) struct BranchJson {
    pub(crate) revision: RevisionJson,
    pub(crate) children: Vec<RevisionJson>,
}

/// `plan`; the form is fixed by those who compare it with other tools, so it has no number.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct PlanJson {
    pub(crate) steps: Vec<PlanStepJson>,
    pub(crate) version_table: Vec<RowJson>,
    pub(crate) heads: Vec<String>,
}

/// One step.
#[derive(Serialize)]
pub(crate) struct PlanStepJson {
    pub(crate) direction: &'static str,
    pub(crate) revision: String,
    pub(crate) from: Vec<String>,
    pub(crate) to: Vec<String>,
}

/// One change of the version table.
#[derive(Serialize)]
#[serde(tag = "op", rename_all = "kebab-case")]
pub(crate) enum RowJson {
    Insert { revision: String },
    Delete { revision: String },
    Update { from: String, to: String },
}

/// A range of revisions, newest first.
#[derive(Serialize)]
pub(crate) struct RangeJson {
    pub(crate) revisions: Vec<String>,
}

/// `ensure-version`.
#[derive(Serialize)]
pub(crate) struct EnsuredJson {
    pub(crate) format: u32,
    pub(crate) created: bool,
}

/// `revision` and `merge`; `revision` and `path` are null when there was nothing to write.
#[derive(Serialize)]
pub(crate) struct CreatedJson {
    pub(crate) format: u32,
    pub(crate) revision: Option<String>,
    pub(crate) parents: Vec<String>,
    pub(crate) path: Option<String>,
    pub(crate) detected: Vec<String>,
}

/// `db engines`.
#[derive(Serialize)]
pub(crate) struct EnginesJson {
    pub(crate) format: u32,
    pub(crate) engines: Vec<EngineJson>,
}

/// One server that scratch could use.
#[derive(Serialize)]
pub(crate) struct EngineJson {
    pub(crate) engine: &'static str,
    pub(crate) what: String,
    pub(crate) version_num: Option<u32>,
    pub(crate) is_picked: bool,
    pub(crate) reason: String,
}

/// `upgrade`, `downgrade` and `stamp`.
#[derive(Serialize)]
pub(crate) struct OutcomeJson {
    pub(crate) format: u32,
    pub(crate) revisions: Vec<String>,
    pub(crate) before: Vec<String>,
    pub(crate) after: Vec<String>,
    pub(crate) elapsed_ms: u64,
}

impl OutcomeJson {
    /// What a run did.
    pub(crate) fn new(outcome: &Outcome) -> Self {
        Self {
            format: FORMAT,
            revisions: outcome.revisions.iter().map(ToString::to_string).collect(),
            before: outcome.before.clone(),
            after: outcome.after.clone(),
            elapsed_ms: milliseconds(outcome.elapsed),
        }
    }
}

/// `db start`, `db stop` and `db status`; URLs are without password.
#[derive(Serialize)]
pub(crate) struct LocalJson {
    pub(crate) format: u32,
    pub(crate) exists: bool,
    pub(crate) pid: Option<i32>,
    pub(crate) data_dir: String,
    pub(crate) major: Option<u32>,
    pub(crate) url: Option<String>,
    pub(crate) tcp_url: Option<String>,
}

/// `diff`.
#[derive(Serialize)]
pub(crate) struct DiffJson {
    pub(crate) format: u32,
    pub(crate) is_equal: bool,
    pub(crate) changes: Vec<ChangeJson>,
    pub(crate) steps: Vec<StepJson>,
}

/// What changes about one object.
#[derive(Serialize)]
pub(crate) struct ChangeJson {
    pub(crate) kind: &'static str,
    pub(crate) name: String,
    pub(crate) change: String,
}

impl ChangeJson {
    pub(crate) fn new((id, change): (&ObjectId, &Change)) -> Self {
        Self {
            kind: id.kind.name(),
            name: id.path(),
            change: change.to_string(),
        }
    }
}

/// One statement of a plan.
#[derive(Serialize)]
pub(crate) struct StepJson {
    pub(crate) sql: String,
    pub(crate) object: String,
    pub(crate) losses: Vec<LossJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) explanation: Option<ExplanationJson>,
    /// Which transaction it runs in: `same` as the step before, a `new` one, `none`.
    pub(crate) transaction: &'static str,
    /// The strongest lock on the relation it is about, if any.
    pub(crate) lock: Option<String>,
    /// The limits of the runner's that it runs under: `short`, `long` or `none`.
    pub(crate) lock_timeout: &'static str,
    pub(crate) statement_timeout: &'static str,
    pub(crate) notes: Vec<String>,
}

/// Why a statement is there and stands where it stands.
#[derive(Serialize)]
pub(crate) struct ExplanationJson {
    pub(crate) cause: String,
    pub(crate) after: Vec<String>,
    pub(crate) repair: Option<RepairJson>,
}

/// How a loop of objects that need each other was undone.
#[derive(Serialize)]
pub(crate) struct RepairJson {
    pub(crate) name: &'static str,
    pub(crate) text: String,
}

impl ExplanationJson {
    fn new(explanation: &Explanation) -> Self {
        Self {
            cause: explanation.cause.clone(),
            after: explanation.after.clone(),
            repair: explanation.repair.as_ref().map(|repair| RepairJson {
                name: repair.name(),
                text: repair.to_string(),
            }),
        }
    }
}

/// What a statement loses.
#[derive(Serialize)]
pub(crate) struct LossJson {
    pub(crate) hazard: &'static str,
    pub(crate) object: String,
}

impl StepJson {
    pub(crate) fn new(step: &Step) -> Self {
        let losses = step
            .losses
            .iter()
            .map(|(hazard, object)| LossJson {
                hazard: hazard.as_str(),
                object: object.clone(),
            })
            .collect();
        Self {
            sql: step.sql.clone(),
            object: step.object.to_string(),
            losses,
            explanation: step.explanation.as_deref().map(ExplanationJson::new),
            transaction: step.transaction.as_str(),
            lock: step.lock().map(|lock| lock.to_string()),
            lock_timeout: step.timeouts().lock.as_str(),
            statement_timeout: step.timeouts().statement.as_str(),
            notes: step.notes.clone(),
        }
    }
}

/// `check`; a question that was not asked is null.
#[derive(Serialize)]
pub(crate) struct CheckJson {
    pub(crate) format: u32,
    pub(crate) is_clean: bool,
    pub(crate) heads: Vec<String>,
    pub(crate) models_ahead: Option<Vec<String>>,
    pub(crate) pending: Option<Vec<String>>,
    pub(crate) drift: Option<Vec<String>>,
    /// The schemas of tenants, where the history is run in each.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) schemas: Option<Vec<SchemaDriftJson>>,
}

/// `test`.
#[derive(Serialize)]
pub(crate) struct TestJson {
    pub(crate) format: u32,
    pub(crate) is_good: bool,
    pub(crate) revisions: Vec<FindingJson>,
    pub(crate) models_differ: Option<Vec<String>>,
}

/// What was seen of one revision.
#[derive(Serialize)]
pub(crate) struct FindingJson {
    pub(crate) revision: String,
    pub(crate) message: String,
    pub(crate) is_good: bool,
    pub(crate) verdict: String,
    pub(crate) details: Vec<String>,
    pub(crate) elapsed_ms: u64,
}

/// `db install`.
#[derive(Serialize)]
pub(crate) struct InstalledJson {
    pub(crate) format: u32,
    pub(crate) version: String,
    pub(crate) bin_dir: String,
}

/// `status`; what could not be asked is null.
#[derive(Serialize)]
pub(crate) struct StatusJson {
    pub(crate) format: u32,
    pub(crate) config: Option<String>,
    pub(crate) migrations: Vec<String>,
    pub(crate) revisions: usize,
    pub(crate) heads: Vec<String>,
    pub(crate) database: Option<String>,
    pub(crate) url_source: String,
    pub(crate) server_version_num: Option<u32>,
    pub(crate) current: Option<Vec<String>>,
    pub(crate) no_such_revision: Vec<String>,
    pub(crate) pending: Option<Vec<String>>,
    pub(crate) changed_files: Vec<String>,
    pub(crate) unmanaged: Vec<UnmanagedJson>,
    pub(crate) spent_renames: Vec<String>,
    pub(crate) next: String,
}

/// The objects of a kind that no source speaks for.
#[derive(Serialize)]
pub(crate) struct UnmanagedJson {
    pub(crate) kind: String,
    pub(crate) names: Vec<String>,
}
