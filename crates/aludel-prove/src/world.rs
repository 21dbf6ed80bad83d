//! A database with generated rows in it, from which something is tried, and its copies.

pub mod rows;
mod seed;

use std::collections::BTreeSet;

use aludel_catalog::Catalog;
use aludel_catalog::identifier::quote;
use aludel_postgres::{ConnectOptions, Scratch, ScratchDatabase, Session, introspect};
use aludel_revision::{Revision, Section};
use aludel_sql::needs;

use crate::apply::{ApplyError, apply};
use crate::error::TrialError;
use crate::stairway::StairOptions;

use rows::Rows;
pub use seed::Filled;
pub(crate) use seed::Wish;

/// The database, with rows in it.
pub(crate) struct World<'a> {
    scratch: &'a Scratch,
    pub(crate) options: &'a StairOptions,
    base: ScratchDatabase,
    /// Its catalog.
    pub(crate) catalog: Catalog,
    /// Its rows.
    pub(crate) filled: Filled,
    /// Roles that what is tried makes: the cluster's, so each run takes those of the run before away.
    roles: BTreeSet<String>,
}

/// What a database holds.
pub(crate) struct State {
    pub(crate) catalog: Catalog,
    pub(crate) rows: Rows,
}

/// A copy to run something in.
pub(crate) struct Copy {
    pub(crate) session: Session,
    database: ScratchDatabase,
}

impl<'a> World<'a> {
    /// Makes the database out of some revisions and fills it, for others to be tried on.
    pub(crate) async fn open(
        scratch: &'a Scratch,
        (base_revisions, later): (&[&Revision], &[&Revision]),
        options: &'a StairOptions,
        wish: &Wish,
    ) -> Result<Self, TrialError> {
        let base = scratch.database().await?;
        let session = Session::connect(base.url(), &ConnectOptions::default()).await?;
        options.make_ready(&session, scratch).await?;
        let own_roles = created_roles(base_revisions)?;
        drop_roles(&session, &own_roles).await?;
        for revision in base_revisions {
            apply(&session, &revision.body()?.upgrade, &options.search_path)
                .await
                .map_err(|error| TrialError::Base(Box::new(error)))?;
        }
        let mut catalog = introspect(&session, &options.hidden).await?;
        catalog.owners_unstated = true;
        let filled = seed::fill(&session, wish, &catalog).await?;
        drop(session);
        let roles = created_roles(later)?;
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
    pub(crate) async fn copy(&self) -> Result<Copy, TrialError> {
        let copy = self.copy_of(&self.base).await?;
        drop_roles(&copy.session, &self.roles).await?;
        Ok(copy)
    }

    /// Makes a copy of a database that came of a copy.
    pub(crate) async fn copy_of(&self, database: &ScratchDatabase) -> Result<Copy, TrialError> {
        let database = self.scratch.clone_of(database).await?;
        let session = Session::connect(database.url(), &ConnectOptions::default()).await?;
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
    pub(crate) async fn catalog(&self, options: &StairOptions) -> Result<Catalog, TrialError> {
        let mut catalog = introspect(&self.session, &options.hidden).await?;
        catalog.owners_unstated = true;
        Ok(catalog)
    }

    /// Reads its catalog and its rows.
    pub(crate) async fn state(&self, options: &StairOptions) -> Result<State, TrialError> {
        Ok(State {
            catalog: self.catalog(options).await?,
            rows: rows::read(&self.session).await?,
        })
    }

    /// Leaves it, to make copies of it.
    pub(crate) fn left(self) -> ScratchDatabase {
        self.database
    }

    /// Drops it.
    pub(crate) async fn close(self) {
        drop(self.session);
        self.database.close().await;
    }
}

fn created_roles(revisions: &[&Revision]) -> Result<BTreeSet<String>, TrialError> {
    let mut statements = Vec::new();
    for revision in revisions {
        statements.extend(revision.body()?.upgrade.statements());
    }
    Ok(needs(statements).created_roles)
}

async fn drop_roles(session: &Session, roles: &BTreeSet<String>) -> Result<(), TrialError> {
    for role in roles {
        session
            .execute(&format!("DROP ROLE IF EXISTS {}", quote(role)))
            .await?;
    }
    Ok(())
}
