//! The timeouts in force during a revision, and what a `SET` in a script does to them.
//!
//! A script may make a timeout longer or shorter for its revision; it may not switch one off, as the first lines
//! of every `pg_dump` do. What cannot be read is answered by setting our own again.

use std::fmt::Write as _;
use std::time::Duration;

use aludel_catalog::identifier::literal;
use aludel_sql::{Statement, runs_alone, works_long};

use crate::probe::leaves_debris;
use crate::settings::RunnerSettings;

/// Settings of one session, as values of `set_config`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Timeouts {
    values: [(&'static str, String); 3],
}

const LOCK: usize = 0;
const STATEMENT: usize = 1;

impl Timeouts {
    pub(crate) fn of(settings: &RunnerSettings) -> Self {
        Self {
            values: [
                ("lock_timeout", milliseconds(settings.lock_timeout)),
                (
                    "statement_timeout",
                    milliseconds(settings.statement_timeout),
                ),
                (
                    "idle_in_transaction_session_timeout",
                    milliseconds(settings.idle_timeout),
                ),
            ],
        }
    }

    /// Returns the timeouts for a statement.
    pub(crate) fn during(&self, statement: &Statement, settings: &RunnerSettings) -> Self {
        if leaves_debris(runs_alone(statement).as_ref()) {
            self.concurrently(settings)
        } else if works_long(statement) {
            self.long(settings)
        } else {
            self.clone()
        }
    }

    /// Returns the timeouts for `CONCURRENTLY`: no lock timeout, because one would leave debris; the waiting has
    /// a limit of its own.
    fn concurrently(&self, settings: &RunnerSettings) -> Self {
        let mut timeouts = self.long(settings);
        "0".clone_into(&mut timeouts.values[LOCK].1);
        timeouts
    }

    /// Returns the timeouts for a statement that works while others go on, unless the script has set its own.
    fn long(&self, settings: &RunnerSettings) -> Self {
        let mut timeouts = self.clone();
        if timeouts.values[STATEMENT].1 == milliseconds(settings.statement_timeout) {
            timeouts.values[STATEMENT].1 = milliseconds(settings.long_statement_timeout);
        }
        timeouts
    }

    /// Returns the statements that set search path and timeouts; `local` keeps them to the transaction.
    ///
    /// `SET` costs a third of what `set_config` does, and prints nothing in `psql`.
    pub(crate) fn prelude(&self, settings: &RunnerSettings, local: bool) -> String {
        let set = if local { "SET LOCAL" } else { "SET" };
        let path = settings.search_path_sql();
        format!("{set} search_path TO {path};\n{}", self.again(local))
    }

    /// Returns the statements that set the timeouts.
    pub(crate) fn again(&self, local: bool) -> String {
        let set = if local { "SET LOCAL" } else { "SET" };
        let mut script = String::new();
        for (name, value) in &self.values {
            // Writing to a String cannot fail.
            let _ = writeln!(script, "{set} {name} = {};", literal(value));
        }
        script
    }

    /// Takes note of a statement of the script; returns whether the timeouts must be set again after it.
    pub(crate) fn observe(&mut self, statement: &Statement, settings: &RunnerSettings) -> bool {
        let text = statement.text.to_ascii_lowercase();
        let mut words = text
            .split(|letter: char| letter.is_whitespace() || letter == '=')
            .filter(|word| !word.is_empty())
            .peekable();
        match words.next() {
            Some("set") => {
                let scope = words.next_if(|word| matches!(*word, "local" | "session"));
                let Some(name) = words.next() else {
                    return true;
                };
                let Some(slot) = self.values.iter_mut().find(|(known, _)| *known == name) else {
                    return false;
                };
                words.next_if_eq(&"to");
                let value = words.next().unwrap_or_default().trim_matches('\'');
                if is_off(value) {
                    return true;
                }
                if scope != Some("local") {
                    value.clone_into(&mut slot.1);
                }
                false
            }
            Some("reset" | "discard") => {
                *self = Self::of(settings);
                true
            }
            Some("do" | "call" | "select" | "with") => {
                text.contains("set_config") || text.contains("timeout")
            }
            _ => false,
        }
    }
}

/// Returns whether a value of a timeout switches it off, or cannot be told not to.
fn is_off(value: &str) -> bool {
    let digits = value.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
    digits.parse::<f64>().map_or(true, |number| number <= 0.0)
}

fn milliseconds(duration: Duration) -> String {
    format!("{}ms", duration.as_millis())
}

/// Returns whether a statement may change the role in force, so that our own rows must be written as ourselves.
pub(crate) fn changes_role(statement: &Statement) -> bool {
    let text = statement.text.to_ascii_lowercase();
    let mut words = text.split_whitespace();
    match words.next() {
        Some("set") => {
            let mut words = words.filter(|word| !matches!(*word, "local" | "session"));
            matches!(words.next(), Some("role" | "authorization"))
        }
        Some("select" | "do" | "call") => text.contains("role") || text.contains("authorization"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn after(script: &[&str]) -> (Timeouts, Vec<bool>) {
        let settings = RunnerSettings::default();
        let mut timeouts = Timeouts::of(&settings);
        let again = script
            .iter()
            .map(|sql| timeouts.observe(&Statement::new(*sql), &settings))
            .collect();
        (timeouts, again)
    }

    #[test]
    fn a_timeout_may_be_changed_but_not_switched_off() {
        for (sql, again, lock) in [
            ("SET lock_timeout = 0", true, "5000ms"),
            ("set session lock_timeout to '0ms'", true, "5000ms"),
            ("SET lock_timeout TO DEFAULT", true, "5000ms"),
            ("SET lock_timeout='2min'", false, "2min"),
            ("SET LOCAL lock_timeout = 90", false, "5000ms"),
            ("SET search_path = app", false, "5000ms"),
            ("RESET ALL", true, "5000ms"),
            (
                "SELECT pg_catalog.set_config('lock_timeout', '0', false)",
                true,
                "5000ms",
            ),
            ("DO $$ BEGIN SET lock_timeout = 0; END $$", true, "5000ms"),
            ("UPDATE t SET lock_timeout = 0", false, "5000ms"),
        ] {
            let (timeouts, told) = after(&[sql]);
            assert_eq!(
                (told[0], timeouts.values[LOCK].1.as_str()),
                (again, lock),
                "{sql}"
            );
        }
    }

    #[test]
    fn concurrently_has_no_lock_timeout() {
        let (timeouts, _) = after(&["SET statement_timeout = '4h'"]);
        let concurrently = timeouts.concurrently(&RunnerSettings::default());
        assert_eq!(concurrently.values[LOCK].1, "0");
        assert_eq!(concurrently.values[STATEMENT].1, "4h");
        let settings = RunnerSettings::default();
        let long = Timeouts::of(&settings).long(&settings);
        assert_eq!(
            (
                long.values[LOCK].1.as_str(),
                long.values[STATEMENT].1.as_str()
            ),
            ("5000ms", "86400000ms")
        );
    }

    #[test]
    fn statements_that_change_the_role_are_seen() {
        for (sql, changes) in [
            ("SET ROLE app", true),
            ("set local role app", true),
            ("SET SESSION AUTHORIZATION app", true),
            ("SET search_path = role", false),
            ("CREATE ROLE app", false),
        ] {
            assert_eq!(changes_role(&Statement::new(sql)), changes, "{sql}");
        }
    }
}
