//! A schema that can be built again with more statements behind it, so that PostgreSQL shows what they lead to.

use std::fmt::Debug;

use aludel_catalog::Catalog;
use aludel_diff::diff;
use aludel_plan::PlanOptions;
use aludel_revision::{History, Revision};
use aludel_source::SourceSpec;
use aludel_sql::Statement;

use crate::catalogs::Catalogs;
use crate::spec::Spec;
use crate::ui::problem::Problem;

/// Where a schema comes from.
pub(crate) enum Side<'a> {
    /// These revisions.
    Revisions(Vec<&'a Revision>),
    /// The models, completed from another schema with what they do not speak for.
    Models(&'a Catalog),
    /// Statements.
    Script(Vec<Statement>),
    /// A database, which is not to be touched.
    Database,
}

impl Catalogs<'_> {
    /// What the schema of `side`, which is `catalog`, is after these statements.
    pub(crate) async fn then(
        &self,
        side: &Side<'_>,
        catalog: &Catalog,
        statements: &[Statement],
    ) -> Result<Catalog, Problem> {
        match side {
            Side::Revisions(revisions) => self.revisions_then(revisions, statements).await,
            Side::Models(current) => Ok(self.models_then(current, statements).await?.catalog),
            Side::Script(script) => self.build(&[script.clone(), statements.to_vec()]).await,
            Side::Database => self.copy_then(catalog, statements).await,
        }
    }

    /// The side that a word on the command line names.
    pub(crate) async fn side_of<'a>(
        &self,
        spec: &Spec,
        history: Option<&'a History>,
        other: &'a Catalog,
    ) -> Result<Side<'a>, Problem> {
        Ok(match spec {
            Spec::Models => Side::Models(other),
            Spec::Head => {
                Side::Revisions(history.into_iter().flat_map(History::iter_as_run).collect())
            }
            Spec::Empty => Side::Script(Vec::new()),
            Spec::Database(_) => Side::Database,
            Spec::Sql(path) => {
                let source = SourceSpec::Sql(path.clone());
                let loaded = aludel_source::load(&source, &self.source_context()).await?;
                Side::Script(loaded.statements)
            }
        })
    }

    /// A copy of a database's schema, made on scratch, shows what the statements change; of everything else the
    /// database's own catalog is kept, which knows better what the copy cannot have.
    async fn copy_then(
        &self,
        original: &Catalog,
        statements: &[Statement],
    ) -> Result<Catalog, Problem> {
        let empty = self.empty().await?;
        let changes = diff(&empty, original);
        let plan = aludel_plan::plan(&empty, original, &changes, &PlanOptions::default())?;
        let mut copy = vec![Statement::new("SET check_function_bodies = off")];
        copy.extend(plan.steps.into_iter().map(|step| Statement::new(step.sql)));
        let before = self.build(std::slice::from_ref(&copy)).await?;
        let after = self.build(&[copy, statements.to_vec()]).await?;
        let mut catalog = original.clone();
        catalog
            .objects
            .retain(|id, _| after.get(id).is_some() || before.get(id).is_none());
        for (id, object) in after.objects {
            if before
                .get(&id)
                .is_none_or(|before| !is_same(before, &object))
            {
                catalog.objects.insert(id, object);
            }
        }
        Ok(catalog)
    }
}

/// Equality to the last field: both were read from the same server.
fn is_same(one: &impl Debug, other: &impl Debug) -> bool {
    format!("{one:?}") == format!("{other:?}")
}
