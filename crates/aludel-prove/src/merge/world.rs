//! The database where the branches part, and its copies.

use std::collections::BTreeSet;

use aludel_catalog::Catalog;
use aludel_catalog::identifier::quote;
use aludel_postgres::{ConnectOptions, Scratch, ScratchDatabase, Session, introspect};
use aludel_revision::{Revision, Section};
use aludel_sql::needs;

use crate::apply::{ApplyError, apply};
use crate::merge::seed::{self, Filled, Wish};
use crate::merge::{MergeProofError, Question};
use crate::stairway::StairOptions;

/// The database where the branches part, with rows in it.
pub(crate) struct World<'a> {
    scratch: &'a Scratch,
    pub(crate) options: &'a StairOptions,
    base: ScratchDatabase,
    /// Its catalog.
    pub(crate) catalog: Catalog,
    /// Its rows.
    pub(crate) filled: Filled,
    /// Roles that the branches make: the cluster's, so each run takes those of the run before away.
    roles: BTreeSet<String>,
}

/// A copy to run something in.
pub(crate) struct Copy {
    pub(crate) session: Session,
    database: ScratchDatabase,
}

impl<'a> World<'a> {
    /// Makes the database and fills it.
    pub(crate) async fn open(
        scratch: &'a Scratch,
        question: &Question<'_>,
        options: &'a StairOptions,
        wish: &Wish,
    ) -> Result<Self, MergeProofError> {
        let base = scratch.database().await?;
        let session = Session::connect(base.url(), &ConnectOptions::default()).await?;
        options.make_ready(&session, scratch).await?;
        let own_roles = created_roles(&question.base)?;
        drop_roles(&session, &own_roles).await?;
        for revision in &question.base {
            apply(&session, &revision.body()?.upgrade, &options.search_path)
                .await
                .map_err(|error| MergeProofError::Base(Box::new(error)))?;
        }
        let catalog = introspect(&session, &options.hidden).await?;
        let filled = seed::fill(&session, wish, &catalog).await?;
        drop(session);
        let mut roles = BTreeSet::new();
        for branch in &question.branches {
            roles.extend(created_roles(&branch.revisions)?);
        }
        Ok(Self {
            scratch,
            options,
            base,
            catalog,
            filled,
            roles: roles.difference(&own_roles).cloned().collect(),
        })
    }

    /// Makes a copy.
    pub(crate) async fn copy(&self) -> Result<Copy, MergeProofError> {
        let database = self.scratch.clone_of(&self.base).await?;
        let session = Session::connect(database.url(), &ConnectOptions::default()).await?;
        drop_roles(&session, &self.roles).await?;
        Ok(Copy { session, database })
    }

    /// Drops the database, to make another.
    pub(crate) async fn close(self) {
        self.base.close().await;
    }
}

impl Copy {
    /// Runs a section as an upgrade would.
    pub(crate) async fn apply(
        &self,
        section: &Section,
        options: &StairOptions,
    ) -> Result<(), Box<ApplyError>> {
        apply(&self.session, section, &options.search_path)
            .await
            .map_err(Box::new)
    }

    /// Reads its catalog.
    pub(crate) async fn catalog(&self, options: &StairOptions) -> Result<Catalog, MergeProofError> {
        let mut catalog = introspect(&self.session, &options.hidden).await?;
        catalog.owners_unstated = true;
        Ok(catalog)
    }

    /// Drops it.
    pub(crate) async fn close(self) {
        drop(self.session);
        self.database.close().await;
    }
}

fn created_roles(revisions: &[&Revision]) -> Result<BTreeSet<String>, MergeProofError> {
    let mut statements = Vec::new();
    for revision in revisions {
        statements.extend(revision.body()?.upgrade.statements());
    }
    Ok(needs(statements).created_roles)
}

async fn drop_roles(session: &Session, roles: &BTreeSet<String>) -> Result<(), MergeProofError> {
    for role in roles {
        session
            .execute(&format!("DROP ROLE IF EXISTS {}", quote(role)))
            .await?;
    }
    Ok(())
}
