//! The gate: a statement that loses data runs on an upgrade only when its revision allows that hazard on that object.

use std::collections::BTreeSet;

use aludel_postgres::{Session, StatementError};
use aludel_revision::{Allow, Revision};
use aludel_sql::{Hazard, Origin, Statement, TypeChange, losses, object_matches, type_changes};

use crate::error::{Refusal, RunError};
use crate::plan::PlannedMove;
use crate::settings::RunnerSettings;
use crate::type_gate::{ColumnTypes, Judgement};

/// What the header line says where a person must give the reason.
const REASON: &str = "say why nobody needs it";

/// Judges the moves of an upgrade. What cannot be judged yet, because an earlier move makes the column, is marked.
pub(crate) async fn judge(
    session: &Session,
    settings: &RunnerSettings,
    moves: &mut [PlannedMove<'_>],
) -> Result<Vec<Refusal>, RunError> {
    let changes = wanted(moves);
    let mut types = ColumnTypes::read(session, &settings.search_path_sql(), &changes)
        .await
        .map_err(RunError::Reading)?;
    Ok(moves
        .iter_mut()
        .flat_map(|planned| judge_move(planned, &mut types, settings))
        .collect())
}

/// Judges without a server: a change of type is never a loss here, because nothing is known of the old one.
pub(crate) fn judge_offline(
    settings: &RunnerSettings,
    moves: &mut [PlannedMove<'_>],
) -> Vec<Refusal> {
    let mut types = ColumnTypes::default();
    moves
        .iter_mut()
        .flat_map(|planned| judge_move(planned, &mut types, settings))
        .collect()
}

/// Returns the changes of type that the headers do not allow outright.
fn wanted(moves: &[PlannedMove<'_>]) -> Vec<TypeChange> {
    let strict = moves
        .iter()
        .filter(|planned| !planned.revision.header.allow.contains(&Allow::All));
    strict
        .flat_map(|planned| planned.section.statements())
        .flat_map(type_changes)
        .collect()
}

fn judge_move(
    planned: &mut PlannedMove<'_>,
    types: &mut ColumnTypes,
    settings: &RunnerSettings,
) -> Vec<Refusal> {
    planned.unjudged = false;
    let header = &planned.revision.header;
    if header.allow.contains(&Allow::All) {
        return Vec::new();
    }
    let schema = settings.first_schema();
    let Found {
        losses: mut refused,
        has_unknown,
    } = find(planned.section.statements(), types);
    planned.unjudged = has_unknown;
    let mut seen = BTreeSet::new();
    refused.retain(|(hazard, object, ..)| {
        // Every column of an enum loses its values; that they go is one thing to allow.
        let is_known = *hazard == Hazard::DropEnumValue && !seen.insert(object.clone());
        !is_known && !header.allows(*hazard, object, &schema)
    });
    let missing = refused
        .iter()
        .map(|(hazard, object, ..)| (*hazard, object.as_str()));
    let allow_line = allow_line(planned.revision, missing, &schema);
    refused
        .into_iter()
        .map(|(hazard, object, origin, detail)| Refusal {
            revision: planned.revision.id().clone(),
            origin,
            hazard,
            object,
            detail,
            allow_line: allow_line.clone(),
        })
        .collect()
}

/// What statements lose.
struct Found {
    losses: Vec<(Hazard, String, Origin, Option<String>)>,
    /// The type of a column that is not there yet is changed.
    has_unknown: bool,
}

fn find<'s>(statements: impl Iterator<Item = &'s Statement>, types: &mut ColumnTypes) -> Found {
    let mut found = Found {
        losses: Vec::new(),
        has_unknown: false,
    };
    for statement in statements {
        for loss in losses(statement) {
            types.forget(&loss);
            let origin = Origin {
                file: statement.origin.file.clone(),
                line: loss.line,
            };
            found.losses.push((loss.hazard, loss.object, origin, None));
        }
        for change in type_changes(statement) {
            let origin = &statement.origin;
            match types.judge(&change) {
                Judgement::Keeps => {}
                Judgement::Unknown => found.has_unknown = true,
                Judgement::Loses(detail) => {
                    let object = column_object(&change);
                    let loss = (Hazard::NarrowType, object, origin.clone(), Some(detail));
                    found.losses.push(loss);
                }
                Judgement::Replaces(values) => {
                    found.losses.extend(
                        values.into_iter().map(|(object, _)| {
                            (Hazard::DropEnumValue, object, origin.clone(), None)
                        }),
                    );
                }
            }
        }
    }
    found
}

/// Returns the losses that a revision of these statements has to allow on the database as it is, each once.
pub async fn hazards(
    session: &Session,
    search_path: &str,
    statements: &[Statement],
) -> Result<Vec<(Hazard, String)>, StatementError> {
    let changes: Vec<TypeChange> = statements.iter().flat_map(type_changes).collect();
    let mut types = ColumnTypes::read(session, search_path, &changes).await?;
    let mut hazards = Vec::new();
    for (hazard, object, ..) in find(statements.iter(), &mut types).losses {
        if !hazards.contains(&(hazard, object.clone())) {
            hazards.push((hazard, object));
        }
    }
    Ok(hazards)
}

/// Returns the column as the hazard's object: `public.users.name`.
pub(crate) fn column_object(change: &TypeChange) -> String {
    format!("{}.{}", change.table, change.column)
}

/// Returns the header line that keeps what is allowed and adds what is missing, each once.
fn allow_line<'m>(
    revision: &Revision,
    missing: impl Iterator<Item = (Hazard, &'m str)>,
    schema: &str,
) -> String {
    let mut entries: Vec<(Hazard, &str, &str)> = Vec::new();
    for allow in &revision.header.allow {
        if let Allow::One {
            hazard,
            object,
            reason,
        } = allow
        {
            entries.push((*hazard, object, reason));
        }
    }
    for (hazard, object) in missing {
        let known = |(other, name, _): &(Hazard, &str, &str)| {
            *other == hazard && object_matches(name, object, schema)
        };
        if !entries.iter().any(known) {
            entries.push((hazard, object, REASON));
        }
    }
    let entries = entries.into_iter().map(|(hazard, object, reason)| {
        format!(
            "{{ hazard = \"{hazard}\", object = {}, reason = {} }}",
            toml_string(object),
            toml_string(reason)
        )
    });
    format!(
        "-- aludel: allow = [{}]",
        entries.collect::<Vec<_>>().join(", ")
    )
}

fn toml_string(text: &str) -> String {
    let mut quoted = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => quoted.extend(['\\', letter]),
            _ if letter.is_control() => quoted.push_str(&format!("\\u{:04X}", u32::from(letter))),
            _ => quoted.push(letter),
        }
    }
    quoted.push('"');
    quoted
}

impl crate::run::Run<'_, '_> {
    /// Judges the changes of type that could not be judged before the run, now that their columns are there.
    pub(crate) async fn judge(&mut self, planned: &PlannedMove<'_>) -> Result<(), RunError> {
        if !planned.unjudged {
            return Ok(());
        }
        let mut now = [planned.clone()];
        let refusals = judge(self.session, self.settings, &mut now).await?;
        if refusals.is_empty() {
            return Ok(());
        }
        Err(RunError::NotAllowed {
            refusals,
            standing: Some(Box::new(self.standing())),
        })
    }
}
