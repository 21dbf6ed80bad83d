//! A plan as text: the script that `diff` prints, and the sections of a revision file.

use std::fmt::Write;

use aludel_plan::{Explanation, Limit, Plan, Step, Transaction};
use aludel_sql::{Alone, Hazard, Statement, runs_alone};

/// What to do with statements that lose data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Losses {
    /// Print them like the others.
    AsTheyAre,
    /// Comment them out and say what they lose.
    CommentedOut,
}

/// How many reasons for a statement's place are printed; a program gets all.
const REASONS_SHOWN: usize = 4;

/// The plan as SQL for psql, in whatever transaction it is run.
pub(crate) fn script(plan: &Plan, losses: Losses) -> String {
    statements_or_comments(&plan.steps, losses)
}

/// The plan as SQL for psql with its own transactions: a step that runs in none would not run inside another one.
pub(crate) fn script_in_transactions(plan: &Plan, losses: Losses) -> String {
    let mut text = String::new();
    for together in plan.transactions() {
        if !text.is_empty() {
            text.push('\n');
        }
        let sql = statements_or_comments(together, losses);
        if together.len() > 1 {
            let _ = writeln!(text, "BEGIN;\n{sql}COMMIT;");
        } else {
            text.push_str(&sql);
        }
    }
    text
}

/// Some of a plan's steps as SQL.
pub(crate) fn statements(steps: &[Step]) -> String {
    statements_or_comments(steps, Losses::AsTheyAre)
}

fn statements_or_comments(steps: &[Step], losses: Losses) -> String {
    let mut text = String::new();
    for (index, step) in steps.iter().enumerate() {
        text.push_str(gap(&steps[..=index]));
        for line in step.explanation.iter().flat_map(|why| explanation(why)) {
            let _ = writeln!(text, "-- {line}");
        }
        for note in notes(step) {
            let _ = writeln!(text, "-- {note}");
        }
        if losses == Losses::CommentedOut && !step.losses.is_empty() {
            let _ = writeln!(text, "-- loses data: {}", losses_text(&step.losses));
            for line in format!("{};", step.sql).lines() {
                let _ = writeln!(text, "-- {line}");
            }
        } else {
            let _ = writeln!(text, "{};", step.sql);
        }
    }
    text
}

/// Why a statement is there and stands where it stands, as lines.
fn explanation(explanation: &Explanation) -> Vec<String> {
    let Explanation {
        cause,
        after,
        repair,
    } = explanation;
    let mut lines = vec![format!("why: {cause}")];
    lines.extend(
        after
            .iter()
            .take(REASONS_SHOWN)
            .map(|reason| format!("here: {reason}")),
    );
    if after.len() > REASONS_SHOWN {
        lines.push(format!("here: and {} more", after.len() - REASONS_SHOWN));
    }
    lines.extend(repair.iter().map(|repair| format!("repair: {repair}")));
    lines
}

/// The plan as a section of a revision file: statements that lose data have a comment above them, and a
/// new transaction begins, or none, where that must be.
pub(crate) fn section(plan: &Plan) -> String {
    let mut text = String::new();
    for (index, step) in plan.steps.iter().enumerate() {
        match step.transaction {
            Transaction::Outside if !runs_alone_anyway(step) => {
                text.push_str("\n-- aludel: no-transaction\n");
            }
            Transaction::New if commits(&plan.steps[..index]) => {
                text.push_str("\n-- aludel: commit\n");
            }
            Transaction::Outside | Transaction::New if index > 0 => text.push('\n'),
            _ => text.push_str(gap(&plan.steps[..=index])),
        }
        for note in notes(step) {
            let _ = writeln!(text, "-- {note}");
        }
        if !step.losses.is_empty() {
            let _ = writeln!(text, "-- loses data: {}", losses_text(&step.losses));
        }
        let _ = writeln!(text, "{};", step.sql);
    }
    text
}

/// What stands above a step: what a reader should know of it, and of one that works long what it holds up.
fn notes(step: &Step) -> Vec<String> {
    let mut notes = step.notes.clone();
    let long = step.timeouts().statement == Limit::Long;
    if let Some(lock) = step.lock().filter(|_| long) {
        notes.push(if lock.lets_writes_on() {
            format!("takes its time; reads and writes go on ({lock})")
        } else {
            format!("takes its time; reads go on, writes wait ({lock})")
        });
    }
    notes
}

/// Returns whether a new step begins a new transaction only when it is told to.
fn commits(before: &[Step]) -> bool {
    before
        .last()
        .is_some_and(|last| last.transaction != Transaction::Outside)
}

/// Returns whether the runner knows the statement as one that runs outside a transaction without being told.
fn runs_alone_anyway(step: &Step) -> bool {
    let alone = runs_alone(&Statement::new(step.sql.clone()));
    // A filling that somebody changes is one that is not known any more.
    !matches!(alone, None | Some(Alone::Backfill(_)))
}

/// What stands before the last of these steps: an empty line, unless it and the one before it are of one line each.
fn gap(steps: &[Step]) -> &'static str {
    let is_short = |step: &Step| {
        step.losses.is_empty()
            && notes(step).is_empty()
            && step.explanation.is_none()
            && !step.sql.contains('\n')
    };
    match steps {
        [.., before, step] if !(is_short(before) && is_short(step)) => "\n",
        _ => "",
    }
}

/// Every loss of a plan, once.
pub(crate) fn all_losses(plan: &Plan) -> Vec<(Hazard, String)> {
    let mut losses: Vec<(Hazard, String)> = Vec::new();
    for loss in plan.steps.iter().flat_map(|step: &Step| &step.losses) {
        if !losses.contains(loss) {
            losses.push(loss.clone());
        }
    }
    losses
}

fn losses_text(losses: &[(Hazard, String)]) -> String {
    let texts: Vec<String> = losses
        .iter()
        .map(|(hazard, object)| format!("{hazard} {object}"))
        .collect();
    texts.join(", ")
}
