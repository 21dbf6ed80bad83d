//! Runs the script with the project's Python.

use std::process::{ExitStatus, Stdio};
use std::time::Duration;

use tokio::process::Command;

use super::document::Document;
use super::script::{MARKER, SCRIPT};
use crate::command::ended;
use crate::error::SourceError;
use crate::python_project::Interpreter;
use crate::source::SourceContext;

/// An application that takes longer to import than this waits for something that is not there.
const TIME_LIMIT: Duration = Duration::from_mins(2);

/// Runs the script in the project folder; `request` is its argument.
pub(crate) async fn run(
    interpreter: &Interpreter,
    request: &str,
    context: &SourceContext,
) -> Result<Document, SourceError> {
    let shown = interpreter.shown();
    let (program, arguments) =
        interpreter
            .words
            .split_first()
            .ok_or_else(|| SourceError::NoPython {
                project_dir: context.project_dir.clone(),
            })?;
    let output = Command::new(program)
        .args(arguments)
        .args(["-c", SCRIPT, request])
        .current_dir(&context.project_dir)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output();
    let output = tokio::time::timeout(TIME_LIMIT, output)
        .await
        .map_err(|_| SourceError::Ended {
            command: shown.clone(),
            outcome: format!(
                "did not answer within {} s: does importing the models connect somewhere?",
                TIME_LIMIT.as_secs()
            ),
            output: String::new(),
        })?;
    let output = output.map_err(|source| SourceError::Start {
        command: shown.clone(),
        source,
    })?;
    answer(&output.stdout).ok_or_else(|| without_answer(&shown, output.status, &output.stderr))
}

/// Reads the answer behind the last marker; a wrapper may have printed before it.
fn answer(stdout: &[u8]) -> Option<Document> {
    let start = stdout
        .windows(MARKER.len())
        .rposition(|window| window == MARKER)?;
    serde_json::from_slice(stdout.get(start + MARKER.len()..)?).ok()
}

fn without_answer(shown: &str, status: ExitStatus, stderr: &[u8]) -> SourceError {
    let mut error = ended(shown, status, stderr);
    if let SourceError::Ended { outcome, .. } = &mut error {
        outcome.push_str(" and gave no answer");
    }
    error
}
