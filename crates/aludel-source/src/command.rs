//! Any program that prints DDL.

use std::process::{ExitStatus, Stdio};

use tokio::process::Command;

use crate::error::SourceError;
use crate::source::{Loaded, SourceContext};
use crate::sql_files;

/// As many of a program's last lines as an error shows.
const SHOWN_LINES: usize = 20;

/// Runs the command with the shell in the project folder and reads what it prints.
pub(crate) async fn load(command: &str, context: &SourceContext) -> Result<Loaded, SourceError> {
    let output = Command::new("sh")
        .args(["-c", command])
        .current_dir(&context.project_dir)
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .output()
        .await
        .map_err(|source| SourceError::Start {
            command: command.to_owned(),
            source,
        })?;
    if !output.status.success() {
        return Err(ended(command, output.status, &output.stderr));
    }
    let shown = format!("output of `{command}`");
    Ok(Loaded::everything(sql_files::statements_of(
        &output.stdout,
        &shown,
    )?))
}

/// Makes the error for a program that ended without an answer.
pub(crate) fn ended(command: &str, status: ExitStatus, stderr: &[u8]) -> SourceError {
    let text = String::from_utf8_lossy(stderr);
    let lines: Vec<&str> = text.lines().collect();
    let last = lines.iter().skip(lines.len().saturating_sub(SHOWN_LINES));
    let outcome = match status.code() {
        Some(code) => format!("ended with exit code {code}"),
        None => "was ended by a signal".to_owned(),
    };
    SourceError::Ended {
        command: command.to_owned(),
        outcome,
        output: last.copied().collect::<Vec<_>>().join("\n"),
    }
}
