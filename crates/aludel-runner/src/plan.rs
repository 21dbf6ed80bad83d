//! From a database's state and a target to the moves of a run, each with its file's section.

use aludel_revision::{
    Direction, History, Revision, RevisionId, RowChange, Section, Step, TargetError,
};

use crate::error::RunError;
use crate::event::{Event, Events};
use crate::log::{applied_checksum, progress};
use crate::state::{State, VersionTable};

/// One revision to be run.
#[derive(Clone, Debug)]
pub(crate) struct PlannedMove<'h> {
    pub(crate) direction: Direction,
    pub(crate) revision: &'h Revision,
    pub(crate) section: &'h Section,
    pub(crate) rows: RowChange,
    /// Its type changes could not all be judged beforehand.
    pub(crate) unjudged: bool,
}

/// Returns the revisions that the database stands at.
pub(crate) fn current(state: &State) -> Vec<RevisionId> {
    let rows = state.version_rows.iter();
    rows.map(RevisionId::from_database).collect()
}

/// Returns the moves to the target.
pub(crate) fn moves<'h>(
    history: &'h History,
    state: &State,
    table: &VersionTable,
    target: &str,
    direction: Direction,
) -> Result<Vec<PlannedMove<'h>>, RunError> {
    let current = current(state);
    let plan = match direction {
        Direction::Upgrade => history.plan_upgrade(&current, target),
        Direction::Downgrade => history.plan_downgrade(&current, target),
    };
    let steps = plan.map_err(|error| named(error, table))?.steps.into_iter();
    steps
        .map(|step| planned(history, direction, step))
        .collect()
}

fn planned(
    history: &History,
    direction: Direction,
    step: Step,
) -> Result<PlannedMove<'_>, RunError> {
    let unknown = || {
        RunError::Target(TargetError::UnknownCurrent {
            revisions: vec![step.revision.clone()],
        })
    };
    let revision = history.get(&step.revision).ok_or_else(unknown)?;
    let body = revision.body()?;
    let section = match direction {
        Direction::Upgrade => &body.upgrade,
        Direction::Downgrade => body
            .downgrade
            .as_ref()
            .ok_or_else(|| RunError::Irreversible {
                revision: step.revision.clone(),
                path: revision.path.clone(),
                reason: revision.header.irreversible.clone(),
            })?,
    };
    Ok(PlannedMove {
        direction,
        revision,
        section,
        rows: step.rows,
        unjudged: false,
    })
}

/// Puts the version table's name to what is wrong with it.
pub(crate) fn named(error: TargetError, table: &VersionTable) -> RunError {
    match error {
        TargetError::UnknownCurrent { revisions } => RunError::UnknownRows {
            version_table: table.qualified(),
            revisions: revisions.iter().map(|id| id.as_str().to_owned()).collect(),
        },
        TargetError::CurrentNotHeads { row, covered_by } => RunError::RowsNotHeads {
            version_table: table.qualified(),
            row,
            covered_by,
        },
        other => RunError::Target(other),
    }
}

/// Tells of files that are not what was applied, and of unfinished attempts that this run leaves alone.
pub(crate) fn warn(
    history: &History,
    state: &State,
    moves: &[PlannedMove<'_>],
    events: &mut Events<'_>,
) -> Result<(), RunError> {
    let mut seen = std::collections::BTreeSet::new();
    for entry in &state.log {
        let id = RevisionId::from_database(entry.revision.as_str());
        let Some(revision) = history.get(&id).filter(|_| seen.insert(id.clone())) else {
            continue;
        };
        if let Some(applied) = applied_checksum(&state.log, id.as_str()) {
            let found = revision.checksum()?;
            if applied != found {
                events(&Event::ChecksumDiffers {
                    revision: id.clone(),
                    path: revision.path.clone(),
                    applied: applied.to_owned(),
                    found,
                });
            }
        }
        for direction in [Direction::Upgrade, Direction::Downgrade] {
            let done = progress(&state.log, id.as_str(), direction).done.len();
            let is_continued = |planned: &PlannedMove<'_>| {
                planned.direction == direction && *planned.revision.id() == id
            };
            if done > 0 && !moves.iter().any(is_continued) {
                events(&Event::Unfinished {
                    revision: id.clone(),
                    direction,
                    done,
                });
            }
        }
    }
    Ok(())
}
