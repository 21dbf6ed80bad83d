//! One revision in the place of many: both ways lead to the same schema and the same rows, and back.

use aludel_catalog::Catalog;
use aludel_postgres::{ConnectOptions, Scratch, Session, introspect};
use aludel_revision::{Revision, Section};

use crate::apply::{ApplyError, apply};
use crate::difference::differences;
use crate::merge::MergeProofError;
use crate::merge::rows::{self, LeftOut, Rows, shown};
use crate::stairway::StairOptions;

/// What was seen.
#[derive(Debug, Default)]
pub struct SquashProof {
    /// A statement of the new revision that fails.
    pub failure: Option<Box<ApplyError>>,
    /// What differs after the new revision, from what the old ones lead to.
    pub differs: Vec<String>,
    /// What its way down does not put back; nothing when it has none.
    pub left_behind: Vec<String>,
}

impl SquashProof {
    /// Returns whether both ways lead to the same.
    pub fn is_good(&self) -> bool {
        self.failure.is_none() && self.differs.is_empty() && self.left_behind.is_empty()
    }
}

/// Runs what comes before, then the old revisions in one database and the new one in another.
pub async fn prove(
    scratch: &Scratch,
    before: &[&Revision],
    old: &[&Revision],
    new: &Revision,
    options: &StairOptions,
) -> Result<SquashProof, MergeProofError> {
    let old_sections = sections(&[before, old].concat())?;
    let (expected, expected_rows) = match run(scratch, &old_sections, options).await? {
        Ok(end) => end,
        Err(error) => return Err(MergeProofError::Base(error)),
    };
    let before_sections = sections(before)?;
    let (begin, _) = match run(scratch, &before_sections, options).await? {
        Ok(end) => end,
        Err(error) => return Err(MergeProofError::Base(error)),
    };
    let body = new.body()?;
    let up = [before_sections.as_slice(), &[&body.upgrade]].concat();
    let mut proof = SquashProof::default();
    match run(scratch, &up, options).await? {
        Ok((found, found_rows)) => {
            proof.differs = differences(&found, &expected);
            if !rows::differences(&expected_rows, &found_rows, &LeftOut::new()).is_empty() {
                let Ok((_, again)) = run(scratch, &old_sections, options).await? else {
                    return Ok(proof);
                };
                let unstable = rows::unstable(&expected_rows, &again);
                let left = rows::differences(&expected_rows, &found_rows, &unstable).into_iter();
                proof.differs.extend(
                    left.map(|one| {
                        format!("rows of {} differ: {}", shown(&one.table), one.message)
                    }),
                );
            }
        }
        Err(failure) => {
            proof.failure = Some(failure);
            return Ok(proof);
        }
    }
    if let Some(downgrade) = &body.downgrade {
        let round = [up.as_slice(), &[downgrade]].concat();
        match run(scratch, &round, options).await? {
            Ok((found, _)) => proof.left_behind = differences(&found, &begin),
            Err(failure) => proof.failure = Some(failure),
        }
    }
    Ok(proof)
}

fn sections<'a>(revisions: &[&'a Revision]) -> Result<Vec<&'a Section>, MergeProofError> {
    let mut sections = Vec::with_capacity(revisions.len());
    for revision in revisions {
        sections.push(&revision.body()?.upgrade);
    }
    Ok(sections)
}

async fn run(
    scratch: &Scratch,
    sections: &[&Section],
    options: &StairOptions,
) -> Result<Result<(Catalog, Rows), Box<ApplyError>>, MergeProofError> {
    let database = scratch.database().await?;
    let session = Session::connect(database.url(), &ConnectOptions::default()).await?;
    options.make_ready(&session, scratch).await?;
    // Roles are the cluster's: those of the run before would be in the way.
    for role in &options.needs.created_roles {
        let role = aludel_catalog::identifier::quote(role);
        session
            .execute(&format!("DROP ROLE IF EXISTS {role}"))
            .await?;
    }
    let mut end = Ok(());
    for section in sections {
        end = apply(&session, section, &options.search_path).await;
        if end.is_err() {
            break;
        }
    }
    let end = match end {
        Ok(()) => {
            let mut catalog = introspect(&session, &options.hidden).await?;
            catalog.owners_unstated = true;
            Ok((catalog, rows::read(&session).await?))
        }
        Err(error) => Err(Box::new(error)),
    };
    drop(session);
    database.close().await;
    Ok(end)
}
