//! `aludel test`: every revision up, down and up again on scratch, and the models at the end.

use std::path::PathBuf;

use aludel_prove::{Finding, Walked, differences, junit, walk};
use aludel_revision::{History, Revision, Section};
use clap::Args;

use crate::catalogs::Catalogs;
use crate::context::Context;
use crate::running::counted;
use crate::runtime::block_on;
use crate::ui::exit::ExitStatus;
use crate::ui::json::{FORMAT, FindingJson, TestJson, milliseconds};
use crate::ui::printer::Printer;
use crate::ui::problem::Problem;
use crate::ui::progress::shown;
use crate::ui::theme::Role;

/// Test the history on scratch: up, down and up again, revision by revision
///
/// The catalog after the way down must equal the catalog before the way up, and the catalog at the head
/// must equal the models. Exits with 1 when something fails.
#[derive(Args, Debug)]
#[command(after_help = "Examples:\n  aludel test\n  aludel test --junit report.xml")]
pub(crate) struct TestArgs {
    /// Write a `JUnit` report
    #[arg(long, value_name = "FILE")]
    junit: Option<PathBuf>,
}

pub(crate) fn run(
    args: &TestArgs,
    context: &Context,
    printer: &mut Printer,
) -> Result<ExitStatus, Problem> {
    let history = context.headers()?;
    let (walked, models) = block_on(prove(context, &history, printer))?;
    let bad = walked
        .findings
        .iter()
        .filter(|finding| !finding.verdict.is_good())
        .count();
    let models_fail = models.as_ref().is_some_and(|left| !left.is_empty());
    if let Some(path) = &args.junit {
        let text = junit(&walked, models.as_deref());
        fs_err::write(path, text).map_err(|error| Problem::not_writable(&error))?;
    }
    if printer.is_json() {
        printer.json(&TestJson {
            format: FORMAT,
            is_good: bad == 0 && !models_fail,
            revisions: walked.findings.iter().map(finding_json).collect(),
            models_differ: models,
        })?;
    } else {
        print_models(models.as_deref(), printer)?;
        let total = counted(walked.findings.len(), "revision");
        printer.line(&format!(
            "{total}: {} good, {bad} failed",
            walked.findings.len() - bad
        ))?;
    }
    Ok(if bad == 0 && !models_fail {
        ExitStatus::Done
    } else {
        ExitStatus::No
    })
}

async fn prove(
    context: &Context,
    history: &History,
    printer: &mut Printer,
) -> Result<(Walked, Option<Vec<String>>), Problem> {
    let catalogs = Catalogs::new(context.project()?, None)?;
    let revisions: Vec<&Revision> = history.iter_as_run().collect();
    let mut statements = Vec::new();
    for revision in &revisions {
        let body = revision.body()?;
        statements.extend(
            body.upgrade
                .statements()
                .chain(body.downgrade.iter().flat_map(Section::statements)),
        );
    }
    let options = catalogs.stair_options(statements);
    let scratch = catalogs.builder().scratch().await?;
    let mut printed = Ok(());
    let mut on_finding = |finding: &Finding| {
        if printed.is_ok() && !printer.is_json() {
            printed = print_finding(finding, printer);
        }
    };
    let mut walked = walk(scratch, &revisions, &options, &mut on_finding).await?;
    printed?;
    let mut models = None;
    if let Some(end) = walked.end.as_mut().filter(|_| {
        !context
            .project()
            .is_ok_and(|project| project.models.sources.is_empty())
    }) {
        end.owners_unstated = true;
        let desired = catalogs.models(end).await?;
        models = Some(differences(end, &desired.catalog));
    }
    catalogs.stop().await?;
    Ok((walked, models))
}

fn print_finding(finding: &Finding, printer: &mut Printer) -> Result<(), Problem> {
    let theme = printer.theme();
    let good = finding.verdict.is_good();
    let word = if good {
        theme.paint(Role::Good, "ok  ")
    } else {
        theme.paint(Role::Error, "FAIL")
    };
    let time = theme.paint(Role::Dim, &format!("({})", shown(finding.elapsed)));
    printer.line(&format!(
        "{word} {} {}: {} {time}",
        finding.revision,
        finding.message,
        finding.verdict.summary()
    ))?;
    for line in finding.verdict.evidence() {
        printer.line(&format!("       {line}"))?;
    }
    // A line is worth most while the next revision runs.
    printer.finish()
}

fn print_models(models: Option<&[String]>, printer: &mut Printer) -> Result<(), Problem> {
    let theme = printer.theme();
    let Some(left) = models else { return Ok(()) };
    if left.is_empty() {
        return printer.line(&format!(
            "{} models: the catalog at the head equals the models",
            theme.paint(Role::Good, "ok  ")
        ));
    }
    printer.line(&format!(
        "{} models: the catalog at the head is not that of the models",
        theme.paint(Role::Error, "FAIL")
    ))?;
    for line in left {
        printer.line(&format!("       {line}"))?;
    }
    printer.hint("aludel revision --autogenerate -m \"…\"");
    Ok(())
}

fn finding_json(finding: &Finding) -> FindingJson {
    FindingJson {
        revision: finding.revision.to_string(),
        message: finding.message.clone(),
        is_good: finding.verdict.is_good(),
        verdict: finding.verdict.summary(),
        details: finding.verdict.evidence(),
        elapsed_ms: milliseconds(finding.elapsed),
    }
}
