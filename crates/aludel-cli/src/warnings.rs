//! What a person is told beside the answer: warnings of sources and of catalogs.

use std::collections::{BTreeMap, BTreeSet};

use aludel_catalog::{Catalog, ObjectId};
use aludel_diff::Changes;
use aludel_source::SourceWarning;

use crate::catalogs::Desired;
use crate::running::counted;
use crate::strict::StrictArgs;
use crate::ui::printer::Printer;
use crate::ui::problem::Problem;

/// How many names of a kind are listed without `-v`.
const NAMES_MAX: usize = 3;

/// What a source is warned of, each with its place.
pub(crate) fn of_source(warnings: &[SourceWarning], printer: &mut Printer) {
    for warning in warnings {
        let place = warning
            .file
            .as_ref()
            .map_or_else(String::new, |file| format!("{file}:{}: ", warning.line));
        let hints: Vec<String> = warning.hint.iter().cloned().collect();
        printer.warn(&format!("{place}{}", warning.message), &hints);
    }
}

/// Warns of what the models' loading found.
pub(crate) fn source(desired: &Desired, printer: &mut Printer) {
    of_source(&desired.warnings, printer);
    if !desired.left_alone.is_empty() {
        let counts: Vec<String> = desired
            .left_alone
            .iter()
            .map(|(kind, count)| counted(*count, kind))
            .collect();
        printer.detail(&format!(
            "left alone, as no source speaks for them: {}",
            counts.join(", ")
        ));
    }
}

/// Warns of what the schemas hold and Aludel does not model; with `--strict` it is an error.
pub(crate) fn unmodelled(
    catalogs: &[&Catalog],
    strict: StrictArgs,
    printer: &mut Printer,
) -> Result<(), Problem> {
    let mut by_kind: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for found in catalogs.iter().flat_map(|catalog| &catalog.unmodelled) {
        by_kind.entry(&found.kind).or_default().insert(&found.name);
    }
    if strict.strict && !by_kind.is_empty() {
        let problem = Problem::new(
            "not-compared",
            "the schema holds what Aludel does not compare",
        );
        let list = |(kind, names): (&str, BTreeSet<&str>)| {
            let names: Vec<&str> = names.into_iter().collect();
            format!("{kind} {}", names.join(", "))
        };
        return Err(by_kind
            .into_iter()
            .map(list)
            .fold(problem, Problem::detail)
            .hint("without --strict it is left alone, with a warning"));
    }
    for (kind, names) in by_kind {
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        printer.warn(
            &format!(
                "not compared, as Aludel does not model it: {kind} {}",
                some_of(&names, printer)
            ),
            &[],
        );
    }
    Ok(())
}

/// Names what is left alone because nobody asked for it.
pub(crate) fn unasked(catalogs: &[&Catalog], printer: &mut Printer) {
    let ids: BTreeSet<&ObjectId> = catalogs
        .iter()
        .flat_map(|catalog| &catalog.unasked)
        .collect();
    for id in ids {
        printer.say(&format!(
            "note: {id} is left alone, as nobody asked for it (`{}s = true` under [manage])",
            id.kind.name()
        ));
    }
}

/// Says which tables differ in the order of their columns alone.
pub(crate) fn reordered(changes: &Changes, printer: &mut Printer) {
    let tables: Vec<String> = changes.reordered.iter().map(ObjectId::path).collect();
    if !tables.is_empty() {
        printer.say(&format!(
            "note: the columns stand in another order, which no ALTER changes: {}",
            some_of(&tables, printer)
        ));
    }
}

/// The first names, or with -v all of them.
fn some_of(names: &[String], printer: &Printer) -> String {
    let shown = if printer.is_verbose() {
        names.len()
    } else {
        names.len().min(NAMES_MAX)
    };
    let listed = names[..shown].join(", ");
    match names.len() - shown {
        0 => listed,
        more => format!("{listed} and {more} more"),
    }
}
