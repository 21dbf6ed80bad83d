//! `check` of both tools on a project at its head, and what `pg_dump` says of the models and of the history.
//!
//! The models' tables are made by SQLAlchemy's own DDL of the metadata that Alembic compares, taken in Alembic's own run.

use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

use aludel_postgres::{DatabaseUrl, ScratchDatabase};
use serde::Deserialize;

use super::entries::entries;
use super::judge;
use super::project::Workplace;
use super::server::Server;
use super::verdict::{Difference, LeftOut, Said, Verdict, judged};
use crate::Failure;

/// The module that watches Alembic.
const WATCHER: &str = include_str!("metadata.py");

/// What was seen.
#[derive(Default)]
pub(super) struct Checks {
    /// How many differences `alembic check` prints; nothing when it fails.
    pub(super) alembic: Option<usize>,
    /// Whether the project's Alembic, or what calls it, has no `check`, so that its comparison was asked for.
    pub(super) is_compared: bool,
    /// What `aludel check` prints, judged; nothing when it fails.
    pub(super) verdict: Option<Verdict>,
    /// What SQLAlchemy or PostgreSQL refuse of the models' own DDL.
    pub(super) refused: Vec<String>,
}

impl Checks {
    /// Whether every line is true, and none is missing. Where Alembic's own comparison fails there is nothing to ask for.
    pub(super) fn is_right(&self) -> bool {
        match &self.verdict {
            Some(verdict) => verdict.false_lines.is_empty() && verdict.missing.is_empty(),
            None => self.alembic.is_none(),
        }
    }

    /// The line of the table.
    pub(super) fn line(&self, name: &str) -> String {
        let shown = |count: usize| match count {
            0 => "clean".to_owned(),
            count => count.to_string(),
        };
        let star = if self.is_compared { " \\*" } else { "" };
        let alembic = self.alembic.map_or_else(|| "fails".to_owned(), shown) + star;
        let Some(verdict) = &self.verdict else {
            let aludel = if self.alembic.is_some() {
                "**fails**"
            } else {
                ""
            };
            return format!("| {name} | {alembic} | {aludel} | | | | | | |");
        };
        let wrong = verdict.false_lines.len();
        let truth = format!("{} of {}", verdict.lines - wrong, verdict.lines);
        format!(
            "| {name} | {alembic} | {} | {} | {} | {} | {} | {} | {} |",
            shown(verdict.lines),
            if wrong == 0 {
                truth
            } else {
                format!("**{truth}**")
            },
            verdict.missing.len(),
            verdict.renamed,
            verdict.left_out.len(),
            verdict.warned.len(),
            verdict.untold.len()
        )
    }

    /// What the line leaves open.
    pub(super) fn left(&self) -> String {
        let listed = |title: &str, lines: &[String]| {
            let lines: Vec<String> = lines.iter().map(|line| format!("- `{line}`")).collect();
            (!lines.is_empty()).then(|| format!("{title}:\n\n{}", lines.join("\n")))
        };
        let none = Verdict::default();
        let verdict = self.verdict.as_ref().unwrap_or(&none);
        let parts = [
            listed("False", &verdict.false_lines),
            listed("Missing", &verdict.missing),
            listed("Left out by `env.py`", &verdict.left_out),
            listed("Told by a warning", &verdict.warned),
            listed("Without a line", &verdict.untold),
            listed(
                "SQLAlchemy or PostgreSQL refuse of the models",
                &self.refused,
            ),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join("\n\n")
    }
}

/// What the watcher writes.
#[derive(Debug, Deserialize)]
struct Seen {
    tables: usize,
    statements: Vec<String>,
    refused: Vec<String>,
    differences: Vec<Difference>,
    left_out: Vec<LeftOut>,
}

/// Runs both, `alembic` on the database that Alembic made, and judges what they say.
pub(super) async fn check(
    workplace: &Workplace,
    server: &Server,
    alembic: &ScratchDatabase,
    aludel: &ScratchDatabase,
) -> Result<Checks, Failure> {
    let kept = &workplace.kept;
    let mut checks = Checks::default();
    let mut seen = watched(workplace, server, alembic, "check")?;
    if seen.is_none() {
        seen = watched(workplace, server, alembic, "current")?;
        checks.is_compared = true;
    }
    let Some(seen) = seen else {
        return Ok(checks);
    };
    checks.alembic = Some(seen.differences.len());
    let Some(said) = by_aludel(workplace, server, aludel)? else {
        return Ok(checks);
    };
    let models = server.scratch.database().await?;
    checks.refused.clone_from(&seen.refused);
    let refused = make(server, &seen, alembic.url(), models.url(), kept)?;
    for refused in refused {
        if !checks.refused.contains(&refused) {
            checks.refused.push(refused);
        }
    }
    if seen.tables == 0 {
        checks.refused.push("the metadata has no table".to_owned());
    }
    let mut dumps = Vec::new();
    for (url, name) in [(models.url(), "models.sql"), (alembic.url(), "history.sql")] {
        let dump = judge::dumped(server, url, &["--schema-only", "--no-owner", "--no-acl"])?;
        fs_err::write(kept.join(name), &dump)?;
        dumps.push(entries(&dump));
    }
    models.close().await;
    let verdict = judged(
        &said,
        &seen.differences,
        &seen.left_out,
        (&dumps[0], &dumps[1]),
    );
    fs_err::write(
        kept.join("check.txt"),
        format!("{verdict:#?}\n{:#?}\n", checks.refused),
    )?;
    checks.verdict = Some(verdict);
    Ok(checks)
}

/// What a command of Alembic's finds, and what it compares; nothing when it fails.
fn watched(
    workplace: &Workplace,
    server: &Server,
    database: &ScratchDatabase,
    verb: &str,
) -> Result<Option<Seen>, Failure> {
    let folder = workplace.kept.join("watcher");
    fs_err::create_dir_all(&folder)?;
    fs_err::write(folder.join("sitecustomize.py"), WATCHER)?;
    let keeps = workplace.kept.join(format!("alembic-{verb}.json"));
    if keeps.exists() {
        fs_err::remove_file(&keeps)?;
    }
    let mut command = workplace.alembic(&server.place(database), &[verb])?;
    prepend_python_path(&mut command, &folder);
    let output = command
        .env("ADOPT_REAL_KEEPS", &keeps)
        .env("ADOPT_REAL_VERB", verb)
        .output()?;
    let mut said = String::from_utf8_lossy(&output.stdout).into_owned();
    said.push_str(&String::from_utf8_lossy(&output.stderr));
    fs_err::write(workplace.kept.join(format!("alembic-{verb}.txt")), &said)?;
    // `check` ends as it does when it fails when it has something to tell.
    let has_answer = output.status.success() || said.contains("New upgrade operations detected: ");
    if !has_answer || !keeps.exists() {
        return Ok(None);
    }
    Ok(Some(serde_json::from_str(&fs_err::read_to_string(keeps)?)?))
}

fn prepend_python_path(command: &mut Command, folder: &Path) {
    let before = command
        .get_envs()
        .find_map(|(name, value)| (name == "PYTHONPATH").then_some(value?))
        .map(ToOwned::to_owned);
    let mut path = folder.as_os_str().to_owned();
    if let Some(before) = before {
        path.push(":");
        path.push(before);
    }
    command.env("PYTHONPATH", path);
}

/// What `aludel check` says; nothing when it fails.
fn by_aludel(
    workplace: &Workplace,
    server: &Server,
    database: &ScratchDatabase,
) -> Result<Option<Said>, Failure> {
    #[derive(Deserialize)]
    struct Document {
        models_ahead: Option<Vec<String>>,
    }
    let mut command = workplace.aludel(&server.place(database), &["check", "--format", "json"]);
    let output = command.output()?;
    let warnings = String::from_utf8_lossy(&output.stderr).into_owned();
    let kept = &workplace.kept;
    fs_err::write(kept.join("aludel-check.json"), &output.stdout)?;
    fs_err::write(kept.join("aludel-check.txt"), &warnings)?;
    let document: Option<Document> = serde_json::from_slice(&output.stdout).ok();
    let lines = document.and_then(|document| document.models_ahead);
    Ok(lines.map(|lines| Said { lines, warnings }))
}

/// Runs the models' DDL, statement by statement; returns what PostgreSQL refuses.
fn make(
    server: &Server,
    seen: &Seen,
    history: &DatabaseUrl,
    models: &DatabaseUrl,
    kept: &Path,
) -> Result<Vec<String>, Failure> {
    // Models say nothing of extensions; they find those of the history.
    const EXTENSIONS: &str = "SELECT extname, quote_ident(extname) FROM pg_catalog.pg_extension WHERE extname <> 'plpgsql'";
    let mut script = "SET client_min_messages = error;\n".to_owned();
    for (_, extension) in judge::asked::<Vec<_>>(server, history, EXTENSIONS)? {
        let _ = writeln!(script, "CREATE EXTENSION IF NOT EXISTS {extension};");
    }
    for statement in &seen.statements {
        let _ = writeln!(script, "{};", statement.trim().trim_end_matches(';'));
    }
    let path = kept.join("models-ddl.sql");
    fs_err::write(&path, script)?;
    let mut psql = server.client.command("psql");
    psql.args(["-X", "-q", "-d", &models.to_connection_string(), "-f"])
        .arg(path);
    let output = psql.output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    let refused = said
        .lines()
        .filter_map(|line| Some(line.split_once("ERROR:  ")?.1.to_owned()));
    Ok(refused.collect())
}
