//! What upgrade, downgrade and stamp share: the runner's settings and the last words.

use aludel_runner::{Outcome, RunnerSettings};

use crate::config::Project;
use crate::config::file::Span;
use crate::ui::json::OutcomeJson;
use crate::ui::printer::Printer;
use crate::ui::problem::Problem;
use crate::ui::progress::shown;

/// The runner's settings of a project.
pub(crate) fn settings(project: &Project) -> RunnerSettings {
    let defaults = RunnerSettings::default();
    let database = project.database.clone();
    let runner = &project.runner;
    let span = |span: Option<Span>, default| span.map_or(default, |Span(span)| span);
    RunnerSettings {
        version_table: database.version_table.unwrap_or(defaults.version_table),
        version_schema: database.version_schema,
        id_length: database.version_length.unwrap_or(defaults.id_length),
        search_path: database.search_path.unwrap_or(defaults.search_path),
        lock_timeout: span(runner.lock_timeout, defaults.lock_timeout),
        statement_timeout: span(runner.statement_timeout, defaults.statement_timeout),
        long_statement_timeout: span(
            runner.long_statement_timeout,
            defaults.long_statement_timeout,
        ),
        idle_timeout: span(runner.idle_timeout, defaults.idle_timeout),
        wait_for_lock: span(runner.wait_for_lock, defaults.wait_for_lock),
        ..defaults
    }
}

/// What a stamp did.
pub(crate) const STAMPED: &str = "stamped";

/// Says what was done and where the database is.
pub(crate) fn report(verb: &str, outcome: &Outcome, printer: &mut Printer) -> Result<(), Problem> {
    if printer.is_json() {
        return printer.json(&OutcomeJson::new(outcome));
    }
    printer.say(&told(verb, outcome, "the database"));
    Ok(())
}

/// What was done, and where `place` is now.
pub(crate) fn told(verb: &str, outcome: &Outcome, place: &str) -> String {
    let at = if outcome.after.is_empty() {
        "base".to_owned()
    } else {
        outcome.after.join(", ")
    };
    if outcome.revisions.is_empty() && outcome.before == outcome.after {
        return format!("nothing to do: {place} is at {at}");
    }
    if verb == STAMPED || outcome.revisions.is_empty() {
        // Nothing was run, so neither a count nor a time says anything.
        return format!("{verb}: {place} is at {at}");
    }
    let count = counted(outcome.revisions.len(), "revision");
    let elapsed = shown(outcome.elapsed);
    format!("{verb} {count} in {elapsed}: {place} is at {at}")
}

/// "1 revision", "2 revisions", "2 policies", "2 indexes".
pub(crate) fn counted(count: usize, noun: &str) -> String {
    let several = match noun.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None if noun.ends_with(['x', 's']) => format!("{noun}es"),
        None => format!("{noun}s"),
    };
    format!("{count} {}", if count == 1 { noun } else { &several })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nouns_have_their_plural() {
        let said = ["table", "policy", "index"].map(|noun| counted(2, noun));
        assert_eq!(said, ["2 tables", "2 policies", "2 indexes"]);
        assert_eq!(counted(1, "policy"), "1 policy");
    }
}
