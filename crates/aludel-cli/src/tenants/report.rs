//! The last words about many schemas: what was done in each, what failed, what was not begun.

use aludel_runner::Outcome;
use serde::Serialize;

use super::{Ended, exit_status};
use crate::running::{counted, told};
use crate::ui::exit::ExitStatus;
use crate::ui::json::{FORMAT, OutcomeJson};
use crate::ui::printer::Printer;
use crate::ui::problem::{ErrorJson, Problem};

/// `upgrade`, `downgrade` and `stamp` in several schemas.
#[derive(Serialize)]
struct SchemasJson {
    format: u32,
    schemas: Vec<SchemaJson>,
}

/// One schema: `done`, `failed` or `not-begun`.
#[derive(Serialize)]
struct SchemaJson {
    schema: String,
    state: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    outcome: Option<OutcomeJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<ErrorJson>,
}

/// Says what was done in each schema, and what failed.
pub(crate) fn report(
    verb: &str,
    ended: &[Ended<Outcome>],
    printer: &mut Printer,
) -> Result<ExitStatus, Problem> {
    if printer.is_json() {
        let schemas = ended.iter().map(schema_json).collect();
        printer.json(&SchemasJson {
            format: FORMAT,
            schemas,
        })?;
        return Ok(tell_failures(ended, printer));
    }
    let mut idle = 0;
    let mut worked = 0;
    for one in ended {
        let Some(Ok(outcome)) = &one.result else {
            continue;
        };
        let text = format!("{}: {}", one.schema, told(verb, outcome, "it"));
        if outcome.revisions.is_empty() && outcome.before == outcome.after {
            idle += 1;
            printer.detail(&text);
        } else {
            worked += 1;
            printer.say(&text);
        }
    }
    let mut parts = Vec::new();
    if worked > 0 {
        parts.push(format!("{verb} {worked}"));
    }
    if idle > 0 {
        parts.push(format!("nothing to do in {idle}"));
    }
    if parts.is_empty() {
        parts.push("nothing done".to_owned());
    }
    printer.say(&format!(
        "{}: {}",
        counted(ended.len(), "schema"),
        parts.join(", ")
    ));
    Ok(tell_failures(ended, printer))
}

fn schema_json(one: &Ended<Outcome>) -> SchemaJson {
    let (state, outcome, error) = match &one.result {
        None => ("not-begun", None, None),
        Some(Ok(outcome)) => ("done", Some(OutcomeJson::new(outcome)), None),
        Some(Err(problem)) => ("failed", None, Some(problem.error_json())),
    };
    SchemaJson {
        schema: one.schema.clone(),
        state,
        outcome,
        error,
    }
}

/// Tells of each failure in full, names what was not begun and says how the command ends.
pub(crate) fn tell_failures<T>(ended: &[Ended<T>], printer: &mut Printer) -> ExitStatus {
    let mut failed = Vec::new();
    for one in ended {
        if let Some(Err(problem)) = &one.result {
            printer.tell(&problem.clone().about(&one.schema));
            failed.push(one.schema.as_str());
        }
    }
    if failed.is_empty() {
        return ExitStatus::Done;
    }
    let not_begun: Vec<&str> = ended
        .iter()
        .filter(|one| one.result.is_none())
        .map(|one| one.schema.as_str())
        .collect();
    let total = counted(ended.len(), "schema");
    let status = exit_status(ended);
    let (word, hint) = if status == ExitStatus::Interrupted {
        (
            "were stopped",
            "run the command again: what is done has nothing to do",
        )
    } else {
        (
            "failed",
            "mend it and run the command again: it goes on where it stopped, and what is done has nothing to do",
        )
    };
    let count = failed.len();
    let primary = format!("{count} of {total} {word}: {}", failed.join(", "));
    let mut problem = Problem::new("tenants", primary);
    if !not_begun.is_empty() {
        problem = problem.detail(format!("not begun: {}", not_begun.join(", ")));
        if status != ExitStatus::Interrupted {
            problem = problem.hint("--keep-going goes on with the others when one fails");
        }
    }
    printer.tell(&problem.hint(hint));
    status
}
