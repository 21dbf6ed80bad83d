//! What programs read of `adopt`.

use std::path::Path;

use aludel_adopt::{Adoption, Downgrade, InOneGo, Outcome};
use serde::Serialize;

use super::{FORMAT, milliseconds};
use crate::adopting::Destination;
use crate::config::shown;

/// The whole.
#[derive(Serialize)]
pub(crate) struct AdoptJson<'a> {
    format: u32,
    is_proven: bool,
    python: &'a str,
    alembic_version: &'a str,
    version_table: &'a str,
    version_schema: Option<&'a str>,
    migrations: String,
    elapsed_ms: u64,
    revisions: Vec<AdoptedJson>,
    rows_differ: &'a [String],
    in_one_go: OneGoJson,
}

/// What Alembic's own upgrade of all revisions in one go comes to.
#[derive(Serialize)]
struct OneGoJson {
    /// `same`, `elsewhere` (than one by one, which the files follow), or `fails`.
    outcome: &'static str,
    revision: Option<String>,
    error: Option<String>,
    differs: Vec<String>,
}

/// One revision.
#[derive(Serialize)]
struct AdoptedJson {
    revision: String,
    message: String,
    path: String,
    statements: usize,
    is_catalog_equal: bool,
    differs: Vec<String>,
    depends_on_data: Vec<String>,
    /// `leads-back`, `irreversible`, `repaired`, or `generated` for a baseline.
    downgrade: &'static str,
    /// Why Alembic's downgrade does not lead back.
    downgrade_reason: Option<String>,
    swallowed: Vec<String>,
    printed: String,
    connected_to: Vec<String>,
    refused_to_connect_to: Vec<String>,
    elapsed_ms: u64,
}

impl<'a> AdoptJson<'a> {
    /// The document of an adoption whose files were written there, as seen from a folder.
    pub(crate) fn new(
        adoption: &'a Adoption,
        destination: &Destination,
        written: &[String],
        folder: &Path,
    ) -> Self {
        let revisions = adoption.revisions.iter().zip(written);
        Self {
            format: FORMAT,
            is_proven: adoption.is_proven(),
            python: &adoption.python,
            alembic_version: &adoption.versions[1],
            version_table: &adoption.version.table,
            version_schema: adoption.version.schema.as_deref(),
            migrations: shown(folder, &destination.migrations),
            elapsed_ms: milliseconds(adoption.elapsed),
            revisions: revisions
                .map(|(outcome, path)| adopted(outcome, path))
                .collect(),
            rows_differ: &adoption.rows_differ,
            in_one_go: one_go(&adoption.in_one_go),
        }
    }
}

fn one_go(in_one_go: &InOneGo) -> OneGoJson {
    let (outcome, revision, error, differs) = match in_one_go {
        InOneGo::Same => ("same", None, None, Vec::new()),
        InOneGo::Elsewhere(differs) => ("elsewhere", None, None, differs.clone()),
        InOneGo::Fails { revision, error } => {
            let error = Some(error.message.clone());
            ("fails", revision.clone(), error, Vec::new())
        }
    };
    OneGoJson {
        outcome,
        revision,
        error,
        differs,
    }
}

fn adopted(outcome: &Outcome, path: &str) -> AdoptedJson {
    let (downgrade, downgrade_reason) = match &outcome.downgrade {
        Downgrade::LeadsBack(_) => ("leads-back", None),
        Downgrade::OfBaseline => ("generated", None),
        Downgrade::Irreversible(reason) => ("irreversible", Some(reason.clone())),
        Downgrade::Repaired(reason) => ("repaired", Some(reason.clone())),
    };
    let swallowed = outcome.recording.swallowed.iter();
    AdoptedJson {
        revision: outcome.revision.id.to_string(),
        message: outcome.revision.message.clone(),
        path: path.to_owned(),
        statements: outcome.recording.statements().count(),
        is_catalog_equal: outcome.differs.is_empty(),
        differs: outcome.differs.clone(),
        depends_on_data: outcome.dependent.clone(),
        downgrade,
        downgrade_reason,
        swallowed: swallowed
            .map(|(statement, failure)| format!("{statement}: {}", failure.message))
            .collect(),
        printed: outcome.printed.clone(),
        connected_to: outcome.asked.clone(),
        refused_to_connect_to: outcome.refused.clone(),
        elapsed_ms: milliseconds(outcome.elapsed),
    }
}
