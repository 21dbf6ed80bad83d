//! The gate: a statement that loses data runs on an upgrade only when its revision allows that hazard on that object.

use std::collections::BTreeSet;

use aludel_postgres::Session;
use aludel_revision::{Allow, Revision};
use aludel_sql::{Hazard, Origin, TypeChange, losses, object_matches, type_changes};

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
    let mut refused: Vec<(Hazard, String, Origin, Option<String>)> = Vec::new();
    for statement in planned.section.statements() {
        for loss in losses(statement) {
            let origin = Origin {
                file: statement.origin.file.clone(),
                line: loss.line,
            };
            refused.push((loss.hazard, loss.object, origin, None));
        }
        for change in type_changes(statement) {
            let detail =
                match types.judge(&change) {
                    Judgement::Keeps => continue,
                    Judgement::Unknown => {
                        planned.unjudged = true;
                        continue;
                    }
                    Judgement::Loses(detail) => Some(detail),
                    Judgement::Replaces(values) => {
                        let origin = &statement.origin;
                        refused.extend(values.into_iter().map(|(object, _)| {
                            (Hazard::DropEnumValue, object, origin.clone(), None)
                        }));
                        continue;
                    }
                };
            let object = column_object(&change);
            refused.push((Hazard::NarrowType, object, statement.origin.clone(), detail));
        }
    }
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
