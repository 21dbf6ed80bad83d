//! What branches do to each other, as a person and as a program reads it; and how it is asked for.

use std::path::Path;

use aludel_prove::merge::{Branch, Comparison, Finding, FindingKind, Question, compare};
use aludel_revision::{History, NewRevision, Revision, RevisionId, Section};
use aludel_sql::covered;
use serde::Serialize;

use crate::catalogs::Catalogs;
use crate::context::Context;
use crate::running::counted;
use crate::runtime::block_on;
use crate::ui::printer::Printer;
use crate::ui::problem::Problem;
use crate::ui::theme::Role;

/// The longest piece of a statement that is shown.
const STATEMENT_MAX: usize = 100;

/// Runs the branches that a merge joins in every order, and the merge's own SQL behind each.
pub(crate) fn run(
    context: &Context,
    history: &History,
    parents: &[RevisionId],
    afterwards: Option<&Section>,
) -> Result<Comparison, Problem> {
    let parting = history.parting(parents)?;
    let find = |ids: &[RevisionId]| ids.iter().filter_map(|id| history.get(id)).collect();
    let shared: Vec<&Revision> = find(&parting.shared);
    let branches = parents
        .iter()
        .zip(&parting.branches)
        .map(|(head, own)| Branch {
            head: head.clone(),
            revisions: find(own),
        });
    let question = Question {
        base: shared,
        branches: branches.collect(),
        afterwards,
    };
    let mut statements = Vec::new();
    let branches = question
        .branches
        .iter()
        .flat_map(|branch| &branch.revisions);
    for revision in question.base.iter().chain(branches) {
        statements.extend(revision.body()?.upgrade.statements());
    }
    statements.extend(afterwards.into_iter().flat_map(Section::statements));
    block_on(async {
        let catalogs = Catalogs::new(context.project()?, None)?;
        let options = catalogs.stair_options(statements);
        let scratch = catalogs.builder().scratch().await?;
        let comparison = compare(scratch, &question, &options).await?;
        catalogs.stop().await?;
        Ok(comparison)
    })
}

/// The upgrade of a revision that is not written yet; its statements stand in `file`, where its SQL came from.
pub(crate) fn section_of(revision: &NewRevision, file: &Path) -> Result<Section, Problem> {
    let text = revision.render();
    let body = Revision::from_bytes(file.to_owned(), text.as_bytes())?
        .body()?
        .clone();
    let heading = text.lines().position(|line| line == "-- aludel: upgrade");
    let above = u32::try_from(heading.unwrap_or(0) + 1).unwrap_or(0);
    let mut section = body.upgrade;
    for segment in &mut section.segments {
        for statement in &mut segment.statements {
            statement.origin.line = statement.origin.line.saturating_sub(above).max(1);
        }
    }
    Ok(section)
}

/// Says on what the orders were run and what deserves a look.
pub(crate) fn say(found: &Comparison, printer: &mut Printer) {
    let filled = &found.filled;
    let orders = counted(found.orders.len(), "order");
    let rows = format!(
        "{} in {}",
        counted(filled.rows, "row"),
        counted(filled.tables, "table")
    );
    printer.say(&format!("run on scratch in {orders}, on {rows}"));
    for line in &filled.told {
        printer.say(&format!("  {line}"));
    }
    for (table, message) in &filled.without {
        printer.say(&format!("  without rows in {table}: {message}"));
    }
    for note in &found.notes {
        printer.say(&format!("note: {}", note.message));
        for line in statements(note) {
            printer.say(&line);
        }
    }
}

/// Prints the conflicts, each with its statements.
pub(crate) fn print(found: &Comparison, printer: &mut Printer) -> Result<(), Problem> {
    for conflict in &found.conflicts {
        let word = printer.theme().paint(Role::Error, "conflict");
        let objects: Vec<&str> = conflict.objects.iter().map(String::as_str).collect();
        let about = if objects.is_empty() {
            String::new()
        } else {
            format!(" over {}", objects.join(", "))
        };
        printer.line(&format!("{word}{about}"))?;
        printer.line(&format!("  {}", conflict.message))?;
        for line in statements(conflict) {
            printer.line(&line)?;
        }
    }
    Ok(())
}

/// The conflicts as lines of comment, for a person who writes the SQL that settles them.
pub(crate) fn comments(found: &Comparison) -> String {
    let mut text = String::new();
    for conflict in &found.conflicts {
        for line in std::iter::once(format!("  {}", conflict.message)).chain(statements(conflict)) {
            text.push_str(&format!("-- {}\n", line.trim_start()));
        }
    }
    text
}

/// Whether SQL that runs after all branches could settle the conflicts: not where one of them fails before it.
pub(crate) fn can_be_settled(found: &Comparison) -> bool {
    found
        .conflicts
        .iter()
        .all(|conflict| conflict.kind != FindingKind::Fails)
}

fn statements(finding: &Finding) -> Vec<String> {
    let line = |place: &aludel_prove::merge::Place| {
        let text = covered(&place.statement.text)
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        let shown: String = text.chars().take(STATEMENT_MAX).collect();
        let rest = if shown.len() < text.len() { "…" } else { "" };
        format!("  {}: {shown}{rest}", place.statement.origin)
    };
    finding.statements.iter().map(line).collect()
}

/// A comparison as a program reads it.
#[derive(Serialize)]
pub(crate) struct ComparisonJson {
    orders: Vec<OrderJson>,
    rows: RowsJson,
    conflicts: Vec<FindingJson>,
    notes: Vec<FindingJson>,
}

#[derive(Serialize)]
struct OrderJson {
    heads: Vec<String>,
    /// Why it does not run; null when it does.
    failure: Option<String>,
}

#[derive(Serialize)]
struct RowsJson {
    tables: usize,
    rows: usize,
    tables_without: Vec<String>,
    left_out: Vec<String>,
}

#[derive(Serialize)]
struct FindingJson {
    kind: &'static str,
    message: String,
    objects: Vec<String>,
    statements: Vec<PlaceJson>,
}

#[derive(Serialize)]
struct PlaceJson {
    branch: String,
    revision: String,
    file: Option<String>,
    line: u32,
    sql: String,
}

impl ComparisonJson {
    /// Makes the document.
    pub(crate) fn new(found: &Comparison) -> Self {
        Self {
            orders: found
                .orders
                .iter()
                .map(|order| OrderJson {
                    heads: order.heads.iter().map(ToString::to_string).collect(),
                    failure: order.failure.as_ref().map(ToString::to_string),
                })
                .collect(),
            rows: RowsJson {
                tables: found.filled.tables,
                rows: found.filled.rows,
                tables_without: found
                    .filled
                    .without
                    .iter()
                    .map(|(table, _)| table.clone())
                    .collect(),
                left_out: found.filled.told.clone(),
            },
            conflicts: found.conflicts.iter().map(FindingJson::new).collect(),
            notes: found.notes.iter().map(FindingJson::new).collect(),
        }
    }
}

impl FindingJson {
    fn new(finding: &Finding) -> Self {
        let place = |place: &aludel_prove::merge::Place| PlaceJson {
            branch: place.branch.to_string(),
            revision: place.revision.to_string(),
            file: place.statement.origin.file.clone(),
            line: place.statement.origin.line,
            sql: covered(&place.statement.text),
        };
        Self {
            kind: finding.kind.as_str(),
            message: finding.message.clone(),
            objects: finding.objects.iter().cloned().collect(),
            statements: finding.statements.iter().map(place).collect(),
        }
    }
}
