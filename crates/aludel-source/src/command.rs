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
    let (statements, intents) = sql_files::read(&output.stdout, &shown)?;
    Ok(Loaded {
        intents,
        ..Loaded::everything(statements)
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    fn run(command: &str) -> Result<Loaded, SourceError> {
        let project = tempfile::tempdir().unwrap();
        let context = SourceContext {
            project_dir: project.path().to_owned(),
            python: None,
            cache_dir: project.path().to_owned(),
            entities: Vec::new(),
            arguments: Vec::new(),
            schema_translate_map: std::collections::BTreeMap::new(),
            foreign_keys: crate::source::ForeignKeys::Inside,
            ignore_cache: false,
            connects_to: None,
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(load(command, &context))
    }

    #[test]
    fn what_a_command_prints_is_the_schema() {
        let loaded = run("echo noise >&2; printf 'select 1;\\nselect 2'").unwrap();
        let places: Vec<String> = loaded
            .statements
            .iter()
            .map(|statement| format!("{} {}", statement.origin, statement.text))
            .collect();
        let shown = "output of `echo noise >&2; printf 'select 1;\\nselect 2'`";
        assert_eq!(
            places,
            [format!("{shown}:1 select 1"), format!("{shown}:2 select 2")]
        );
    }

    #[test]
    fn a_command_that_fails_shows_its_last_words() {
        let error = run("echo 'no schema today' >&2; exit 3").unwrap_err();
        assert_eq!(
            error.to_string(),
            "`echo 'no schema today' >&2; exit 3` ended with exit code 3"
        );
        assert_eq!(error.details(), ["no schema today"]);
    }
}
