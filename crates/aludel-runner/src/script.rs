//! A run as a script for `psql`, for those who let nobody but their own hands write to a database.
//!
//! The script does what the runner does, in the same transactions, and leaves the same version rows and log rows.
//! What a script cannot do is missing: waiting for the lock, trying again after a lock timeout, probes.

use aludel_catalog::identifier::{literal, quote};
use aludel_revision::{Direction, History, RevisionId};

use crate::error::RunError;
use crate::gate;
use crate::lock::LockKey;
use crate::log::{LOG_SCHEMA, LogOutcome, NewEntry, create_log_sql, create_version_table_sql};
use crate::plan::{self, PlannedMove};
use crate::run::{row_changes, segment_checksum};
use crate::runner::Gate;
use crate::settings::RunnerSettings;
use crate::stamp::log_entries;
use crate::state::{State, VersionTable};
use crate::timeouts::{Timeouts, changes_role};

/// Returns the script that takes a database from `current` to the target; it needs no connection.
///
/// Statements that lose data need leave in their header as in a run. A change of a column's type is not judged,
/// because only the database knows the old type.
pub fn upgrade_script(
    history: &History,
    settings: &RunnerSettings,
    current: &[RevisionId],
    target: &str,
    gate: Gate,
    tag: Option<&str>,
) -> Result<String, RunError> {
    let settings = &settings.clone().for_ids_of(history);
    let mut moves = script_moves(history, settings, current, target, Direction::Upgrade)?;
    if gate == Gate::Closed {
        let refusals = gate::judge_offline(settings, &mut moves);
        if !refusals.is_empty() {
            return Err(RunError::NotAllowed {
                refusals,
                standing: None,
            });
        }
    }
    Writer::new(settings, tag).write(current, &moves)
}

/// Returns the script that takes a database from `current` back to the target; it needs no connection.
pub fn downgrade_script(
    history: &History,
    settings: &RunnerSettings,
    current: &[RevisionId],
    target: &str,
    tag: Option<&str>,
) -> Result<String, RunError> {
    let moves = script_moves(history, settings, current, target, Direction::Downgrade)?;
    Writer::new(settings, tag).write(current, &moves)
}

/// Returns the script that stamps a database that stands at `current`; it needs no connection.
pub fn stamp_script(
    history: &History,
    settings: &RunnerSettings,
    current: &[RevisionId],
    targets: &[&str],
    tag: Option<&str>,
) -> Result<String, RunError> {
    let settings = &settings.clone().for_ids_of(history);
    let table = VersionTable::of(settings);
    let planned = history.plan_stamp(current, targets);
    let change = planned.map_err(|error| plan::named(error, &table))?.rows();
    let mut writer = Writer::new(settings, tag);
    writer.head("stamp", 0);
    writer.guard(current);
    writer.line("BEGIN;");
    writer.setup();
    for entry in log_entries(history, settings, current, &change, LOG)? {
        writer.line(&format!("{entry};"));
    }
    for statement in row_changes(&table, &change) {
        writer.line(&format!("{statement};"));
    }
    writer.line("COMMIT;");
    Ok(writer.end())
}

/// Returns the script that creates the version table if it is missing.
pub fn ensure_version_script(settings: &RunnerSettings) -> String {
    let table = VersionTable::of(settings);
    format!("BEGIN;\n{}\nCOMMIT;\n", create_version_table(&table))
}

/// The statements that create the version table and its schema where they are missing.
pub(crate) fn create_version_table(table: &VersionTable) -> String {
    format!(
        "CREATE SCHEMA IF NOT EXISTS {};\n{};",
        quote(&table.schema),
        create_version_table_sql(table).replacen("CREATE TABLE", "CREATE TABLE IF NOT EXISTS", 1)
    )
}

fn script_moves<'h>(
    history: &'h History,
    settings: &RunnerSettings,
    current: &[RevisionId],
    target: &str,
    direction: Direction,
) -> Result<Vec<PlannedMove<'h>>, RunError> {
    let state = State {
        version_rows: current.iter().map(|id| id.as_str().to_owned()).collect(),
        ..State::default()
    };
    plan::moves(
        history,
        &state,
        &VersionTable::of(settings),
        target,
        direction,
    )
}

struct Writer<'s> {
    settings: &'s RunnerSettings,
    table: VersionTable,
    tag: Option<&'s str>,
    text: String,
    /// The tables are not created yet.
    needs_setup: bool,
}

const LOG: &str = "aludel.log";

impl<'s> Writer<'s> {
    fn new(settings: &'s RunnerSettings, tag: Option<&'s str>) -> Self {
        Self {
            settings,
            table: VersionTable::of(settings),
            tag,
            text: String::new(),
            needs_setup: true,
        }
    }

    fn write(
        mut self,
        current: &[RevisionId],
        moves: &[PlannedMove<'_>],
    ) -> Result<String, RunError> {
        let count = moves.len();
        let what = moves
            .first()
            .map_or("nothing to do", |first| first.direction.as_str());
        self.head(what, count);
        self.guard(current);
        for (index, planned) in moves.iter().enumerate() {
            self.revision(planned, index + 1, count)?;
        }
        Ok(self.end())
    }

    /// Says what the script is, and for what.
    fn head(&mut self, what: &str, count: usize) {
        let count = match count {
            0 => String::new(),
            1 => " of 1 revision".to_owned(),
            count => format!(" of {count} revisions"),
        };
        self.line(&format!(
            "-- {what}{count}, written by {}",
            self.settings.tool
        ));
        if let Some(tag) = self.tag {
            self.line(&format!("-- tag: {}", tag.replace(['\n', '\r'], " ")));
        }
        self.line("-- Run it with: psql -X -v ON_ERROR_STOP=1 -f <this file>");
        self.line("\\set ON_ERROR_STOP on");
    }

    fn end(mut self) -> String {
        let key = LockKey::of(&self.table).0;
        self.line(&format!(
            "\nDO $aludel$ BEGIN PERFORM pg_catalog.pg_advisory_unlock({key}); END $aludel$;"
        ));
        self.text
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// Takes the lock and checks that the database stands where the script begins.
    fn guard(&mut self, current: &[RevisionId]) {
        let name = self.table.qualified();
        let mut rows: Vec<&str> = current.iter().map(RevisionId::as_str).collect();
        rows.sort_unstable();
        let expected: Vec<String> = rows.iter().map(|row| literal(row)).collect();
        let standing = if rows.is_empty() {
            "base".to_owned()
        } else {
            rows.join(", ")
        };
        let refusal = literal(&format!(
            "{name} does not stand at {standing}, where this script begins"
        ));
        let text = format!(
            "
DO $aludel$
DECLARE
    found text[] := '{{}}';
BEGIN
    IF NOT pg_catalog.pg_try_advisory_lock({key}) THEN
        RAISE EXCEPTION USING MESSAGE = {busy};
    END IF;
    IF pg_catalog.to_regclass({regclass}) IS NOT NULL THEN
        SELECT coalesce(pg_catalog.array_agg(version_num::text ORDER BY version_num::text COLLATE \"C\"), '{{}}')
        INTO found FROM {name};
    END IF;
    IF found <> ARRAY[{expected}]::text[] THEN
        RAISE EXCEPTION USING MESSAGE = {refusal};
    END IF;
END
$aludel$;",
            key = LockKey::of(&self.table).0,
            busy = literal(&format!("another run holds the lock of {name}")),
            regclass = literal(&name),
            expected = expected.join(", "),
        );
        self.line(&text);
    }

    fn revision(
        &mut self,
        planned: &PlannedMove<'_>,
        index: usize,
        count: usize,
    ) -> Result<(), RunError> {
        let revision = planned.revision;
        let message = revision.header.message.replace(['\n', '\r'], " ");
        self.line(&format!(
            "\n-- {index} of {count}: {} {}: {message}",
            planned.direction.as_str(),
            revision.id()
        ));
        let segments = planned.section.segments.len().max(1);
        let mut timeouts = Timeouts::of(self.settings);
        let mut role_changed = false;
        let checksum = revision.checksum()?;
        for number in 1..=segments {
            let segment = planned.section.segments.get(number - 1);
            let statements = segment.map_or(&[][..], |segment| segment.statements.as_slice());
            let is_alone = segment.is_some_and(|segment| segment.alone);
            if is_alone {
                self.alone(&statements[0], &timeouts);
            }
            self.line("BEGIN;");
            self.text.push_str(&timeouts.prelude(self.settings, true));
            for statement in statements {
                role_changed |= changes_role(statement);
                let again = timeouts.observe(statement, self.settings);
                if !is_alone {
                    let own = timeouts.during(statement, self.settings);
                    let differs = own != timeouts;
                    if differs {
                        self.text.push_str(&own.again(true));
                    }
                    self.line(&format!("{};", statement.text));
                    if again || differs {
                        self.text.push_str(&timeouts.again(true));
                    }
                }
            }
            if role_changed {
                self.line("SET LOCAL SESSION AUTHORIZATION DEFAULT;\nSET LOCAL ROLE NONE;");
            }
            self.setup();
            let entry = NewEntry {
                version_table: &self.table.qualified(),
                revision: revision.id().as_str(),
                direction: planned.direction.as_str(),
                segment: number,
                segments,
                outcome: LogOutcome::Done,
                checksum: &checksum,
                segment_checksum: &segment_checksum(statements),
                duration_ms: None,
                tool: &self.settings.tool,
                detail: None,
            };
            self.line(&format!("{};", entry.insert_sql(LOG)));
            if number == segments {
                for change in row_changes(&self.table, &planned.rows) {
                    self.line(&format!("{change};"));
                }
            }
            self.line("COMMIT;");
        }
        self.line("RESET SESSION AUTHORIZATION;\nRESET ROLE;\nRESET ALL;");
        Ok(())
    }

    fn alone(&mut self, statement: &aludel_sql::Statement, timeouts: &Timeouts) {
        let timeouts = timeouts.during(statement, self.settings);
        self.setup();
        self.text.push_str(&timeouts.prelude(self.settings, false));
        self.line(&format!("{};", statement.text));
    }

    /// Creates the tables that are missing, after the first statements, as a run does.
    fn setup(&mut self) {
        if !std::mem::replace(&mut self.needs_setup, false) {
            return;
        }
        let name = self.table.qualified();
        let text = format!(
            "DO $aludel$
BEGIN
    IF pg_catalog.to_regnamespace({home}) IS NULL THEN
        CREATE SCHEMA {schema};
    END IF;
    IF pg_catalog.to_regclass({version}) IS NULL THEN
        {create_version};
    END IF;
    IF pg_catalog.to_regnamespace('{LOG_SCHEMA}') IS NULL THEN
        CREATE SCHEMA {LOG_SCHEMA};
    END IF;
    IF pg_catalog.to_regclass('{LOG}') IS NULL THEN
        {create_log};
    END IF;
END
$aludel$;",
            home = literal(&quote(&self.table.schema)),
            schema = quote(&self.table.schema),
            version = literal(&name),
            create_version = create_version_table_sql(&self.table),
            create_log = create_log_sql(LOG),
        );
        self.line(&text);
    }
}
