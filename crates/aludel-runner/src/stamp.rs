//! Stamping: the version rows change and nothing is run.

use std::time::Instant;

use aludel_revision::{History, Revision, RevisionId, RowChange};

use crate::error::{RunError, Standing};
use crate::event::Events;
use crate::log::{LogOutcome, NewEntry};
use crate::place::Place;
use crate::plan;
use crate::run::row_changes;
use crate::runner::{Outcome, Runner};
use crate::settings::RunnerSettings;
use crate::state::{State, VersionTable};

/// What a stamp may be told.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StampOptions {
    /// Empties the version table first, whatever stands in it, also rows that no file is.
    pub purge: bool,
}

impl Runner<'_> {
    /// Records the targets as applied without running anything.
    pub async fn stamp(
        &self,
        targets: &[&str],
        options: StampOptions,
        events: &mut Events<'_>,
    ) -> Result<Outcome, RunError> {
        let began = Instant::now();
        let state = self.state().await?;
        let change = self.stamp_change(&state, targets, options)?;
        if change == RowChange::default() && state.facts.version_exists {
            return Ok(Outcome {
                before: state.version_rows.clone(),
                after: state.version_rows,
                elapsed: began.elapsed(),
                ..Outcome::default()
            });
        }
        self.check_writable(&state.facts)?;
        let locked = self.lock(events).await?;
        let result = self.stamp_or_again(&locked, targets, options).await;
        self.unlock_after(result, began).await
    }

    /// Stamps; when another tenant's run made the log first, stamps once more.
    async fn stamp_or_again(
        &self,
        locked: &State,
        targets: &[&str],
        options: StampOptions,
    ) -> Result<Outcome, RunError> {
        let result = self.stamp_locked(locked, targets, options).await;
        let Err(RunError::Writing(error)) = &result else {
            return result;
        };
        if !Place::decide(&locked.facts, &self.version_table())?.lost_a_race(error) {
            return result;
        }
        self.stamp_locked(&self.state().await?, targets, options)
            .await
    }

    fn stamp_change(
        &self,
        state: &State,
        targets: &[&str],
        options: StampOptions,
    ) -> Result<RowChange, RunError> {
        let table = self.version_table();
        let current = plan::current(state);
        let known: Vec<RevisionId> = if options.purge {
            Vec::new()
        } else {
            current.clone()
        };
        let planned = self.history.plan_stamp(&known, targets);
        let mut change = planned.map_err(|error| plan::named(error, &table))?.rows();
        if options.purge {
            let stays = |id: &RevisionId| change.insert.contains(id);
            change.delete = current.iter().filter(|id| !stays(id)).cloned().collect();
            change.insert.retain(|id| !current.contains(id));
        }
        Ok(change)
    }

    async fn stamp_locked(
        &self,
        state: &State,
        targets: &[&str],
        options: StampOptions,
    ) -> Result<Outcome, RunError> {
        let table = self.version_table();
        let change = self.stamp_change(state, targets, options)?;
        let place = Place::decide(&state.facts, &table)?;
        let mut script = vec!["BEGIN".to_owned()];
        script.extend(place.setup.iter().cloned());
        let before = plan::current(state);
        script.extend(log_entries(
            self.history,
            &self.settings,
            &before,
            &change,
            &place.log,
        )?);
        let rows = row_changes(&table, &change);
        script.extend(
            rows.iter()
                .map(|sql| format!("{sql} RETURNING version_num")),
        );
        let changed = self.session.row_sets(&script.join(";\n")).await;
        let as_expected = changed
            .as_ref()
            .is_ok_and(|sets| sets.iter().all(|rows| rows.len() == 1));
        let end = if as_expected { "COMMIT" } else { "ROLLBACK" };
        let ended = self.session.execute(end).await;
        changed.map_err(RunError::Writing)?;
        ended.map_err(RunError::Writing)?;
        let after = State::read(self.session, &table)
            .await
            .map_err(RunError::reading)?;
        if !as_expected {
            return Err(RunError::HeadsMoved {
                version_table: table.qualified(),
                expected: state.version_rows.clone(),
                standing: Box::new(Standing {
                    version_rows: after.version_rows,
                    ..Standing::default()
                }),
            });
        }
        Ok(Outcome {
            revisions: change.insert,
            before: state.version_rows.clone(),
            after: after.version_rows,
            ..Outcome::default()
        })
    }
}

/// Returns the statements that add to the log: a row for each new version row, and one for each revision no
/// longer applied.
pub(crate) fn log_entries(
    history: &History,
    settings: &RunnerSettings,
    before: &[RevisionId],
    change: &RowChange,
    log: &str,
) -> Result<Vec<String>, RunError> {
    let stays = |id: &&RevisionId| !change.delete.contains(*id);
    let after = before.iter().filter(stays).chain(&change.insert);
    let after: Vec<RevisionId> = after.cloned().collect();
    let applied = history.applied(&after).unwrap_or_default();
    let gone = change.delete.iter().filter(|id| !applied.contains(id));
    let new = change.insert.iter().map(|id| (id, true));
    let mut entries = Vec::new();
    for (id, is_new) in new.chain(gone.map(|id| (id, false))) {
        let revision = history.get(id).filter(|_| is_new);
        let checksum = revision.map_or(Ok(String::new()), Revision::checksum)?;
        let entry = NewEntry {
            version_table: &VersionTable::of(settings).qualified(),
            revision: id.as_str(),
            direction: "stamp",
            segment: 0,
            segments: 0,
            outcome: LogOutcome::Done,
            checksum: &checksum,
            segment_checksum: "",
            duration_ms: Some(0),
            tool: &settings.tool,
            detail: (!is_new).then_some("no longer applied"),
        };
        entries.push(entry.insert_sql(log));
    }
    Ok(entries)
}
