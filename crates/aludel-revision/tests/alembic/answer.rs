//! Answers questions about plans in JSON, one question a line: what the oracle asks on its pipe, and what
//! `examples/plan.rs` prints.
//!
//! A question is `{"revisions": [{"id", "parents", "depends-on", "labels"}], "current": [ids], "verb":
//! "upgrade" | "downgrade" | "toward" | "stamp" | "range" | "labels", "targets": [texts]}`. A question without
//! `revisions` is about the same history as the one before.

use std::io::{BufRead, Write};
use std::path::PathBuf;

use aludel_revision::{
    History, HistoryError, Plan, Revision, RevisionId, RowOperation, TargetError,
};
use serde_json::{Value, json};

/// Answers every line of the input.
pub(crate) fn serve(input: impl BufRead, mut output: impl Write) -> std::io::Result<()> {
    let mut history: Result<History, Value> = Err(error("no-history", "none was given", &[]));
    for line in input.lines() {
        let question: Value = serde_json::from_str(&line?)?;
        if question.get("revisions").is_some() {
            history = read_history(&question).map_err(|fault| history_error(&fault));
        }
        let reply = match &history {
            Ok(history) => {
                let targets = texts(&question["targets"]);
                let targets: Vec<&str> = targets.iter().map(String::as_str).collect();
                let current = ids(&question["current"]);
                let verb = question["verb"].as_str().unwrap_or_default();
                answer(history, verb, &current, &targets)
            }
            Err(fault) => fault.clone(),
        };
        writeln!(output, "{reply}")?;
        output.flush()?;
    }
    Ok(())
}

/// Answers one question.
pub(crate) fn answer(
    history: &History,
    verb: &str,
    current: &[RevisionId],
    targets: &[&str],
) -> Value {
    if verb == "labels" {
        let labels = current.iter().map(|id| history.branch_labels(id));
        return json!({ "labels": labels.collect::<Vec<_>>() });
    }
    let plan = match (verb, targets) {
        ("stamp", targets) => history.plan_stamp(current, targets),
        ("upgrade", [target]) => history.plan_upgrade(current, target),
        ("downgrade", [target]) => history.plan_downgrade(current, target),
        ("toward", [target]) => history.plan_toward(current, target),
        ("range", [target]) => {
            return match history.range(target, current) {
                Ok(found) => json!({ "revisions": names(&found) }),
                Err(fault) => target_error(&fault),
            };
        }
        _ => return error("usage", "one target is wanted", &[]),
    };
    match plan {
        Ok(plan) => plan_json(&plan),
        Err(fault) => target_error(&fault),
    }
}

fn plan_json(plan: &Plan) -> Value {
    let steps = plan.steps.iter().map(|step| {
        json!({
            "direction": step.action.as_str(),
            "revision": step.revision.as_str(),
            "from": names(&step.from),
            "to": names(&step.to),
        })
    });
    let operations = plan.steps.iter().flat_map(|step| step.rows.operations());
    let operations = operations.map(|operation| match operation {
        RowOperation::Insert(row) => json!({ "op": "insert", "revision": row.as_str() }),
        RowOperation::Delete(row) => json!({ "op": "delete", "revision": row.as_str() }),
        RowOperation::Update { from, to } => {
            json!({ "op": "update", "from": from.as_str(), "to": to.as_str() })
        }
    });
    json!({
        "steps": steps.collect::<Vec<Value>>(),
        "version-table": operations.collect::<Vec<Value>>(),
        "heads": names(&plan.heads),
    })
}

fn target_error(fault: &TargetError) -> Value {
    let mut reply = error(fault.kind(), &fault.to_string(), &fault.revisions());
    reply["error"]["hint"] = json!(fault.hint());
    reply
}

fn history_error(fault: &HistoryError) -> Value {
    error("history", &fault.to_string(), &[])
}

fn error(kind: &str, message: &str, revisions: &[RevisionId]) -> Value {
    json!({ "error": { "kind": kind, "message": message, "revisions": names(revisions) } })
}

fn names(ids: &[RevisionId]) -> Vec<&str> {
    ids.iter().map(RevisionId::as_str).collect()
}

fn texts(list: &Value) -> Vec<String> {
    let items = list.as_array().into_iter().flatten();
    items
        .filter_map(|item| item.as_str().map(str::to_owned))
        .collect()
}

fn ids(list: &Value) -> Vec<RevisionId> {
    let texts = texts(list).into_iter();
    texts.map(RevisionId::from_database).collect()
}

fn read_history(question: &Value) -> Result<History, HistoryError> {
    let mut revisions = Vec::new();
    for one in question["revisions"].as_array().into_iter().flatten() {
        let text = format!(
            "-- aludel: revision = {}\n-- aludel: parents = {}\n-- aludel: depends-on = {}\n\
             -- aludel: labels = {}\n-- aludel: upgrade\n-- aludel: downgrade\n",
            one["id"], one["parents"], one["depends-on"], one["labels"]
        );
        let path = PathBuf::from(format!("{}.sql", one["id"].as_str().unwrap_or_default()));
        revisions.push(Revision::from_bytes(path, text.as_bytes())?);
    }
    History::new(revisions)
}
