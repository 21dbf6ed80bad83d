//! Do the schemas of tenants have what the history gives them? The database is read once, then looked at schema by schema.

use aludel_catalog::Catalog;
use aludel_postgres::Session;
use aludel_revision::{History, RevisionId};
use aludel_runner::Runner;
use serde::Serialize;

use super::{Ended, TenantArgs, several};
use crate::catalogs::Catalogs;
use crate::context::Context;
use crate::drift::drift;
use crate::listing::strings;
use crate::running::{counted, settings};

use crate::ui::printer::Printer;
use crate::ui::problem::{ErrorJson, Problem};

/// What differs in one schema.
pub(crate) struct SchemaDrift {
    /// The revisions that it lacks.
    pub(crate) pending: Vec<RevisionId>,
    /// How it differs from what its revisions made.
    pub(crate) drift: Vec<String>,
}

impl SchemaDrift {
    /// Whether it is as it should be.
    pub(crate) fn is_clean(&self) -> bool {
        self.pending.is_empty() && self.drift.is_empty()
    }
}

/// Asks every schema; a failure in one keeps none of the others from being asked.
pub(crate) async fn in_each(
    context: &Context,
    history: &History,
    session: &Session,
    catalogs: &Catalogs<'_>,
) -> Result<Vec<Ended<SchemaDrift>>, Problem> {
    let names = match several(context, &TenantArgs::default()).await? {
        Some(schemas) => schemas.names,
        None => Vec::new(),
    };
    let found = catalogs.session(session).await?;
    let mut ended = Vec::new();
    for schema in names {
        let asked = ask(context, history, session, catalogs, &found, &schema);
        let result = Some(Box::pin(asked).await);
        ended.push(Ended { schema, result });
    }
    Ok(ended)
}

async fn ask(
    context: &Context,
    history: &History,
    session: &Session,
    catalogs: &Catalogs<'_>,
    found: &Catalog,
    schema: &str,
) -> Result<SchemaDrift, Problem> {
    let project = context.project()?.clone().in_schema(schema);
    let catalogs = catalogs.beside(&project)?;
    let runner = Runner::new(session, history, settings(&project));
    let current = runner.current().await?;
    let mut found = within(found, schema);
    catalogs.hide_own(&mut found);
    Ok(SchemaDrift {
        pending: history.pending(&current)?,
        drift: drift(&catalogs, &found, history, &current).await?,
    })
}

/// The part of a catalog that stands in one schema, or in none.
fn within(catalog: &Catalog, schema: &str) -> Catalog {
    let own = catalog.objects.iter();
    let own = own.filter(|(id, _)| id.schema == schema || id.schema.is_empty());
    Catalog {
        server_version: catalog.server_version,
        session_user: catalog.session_user.clone(),
        owners_unstated: catalog.owners_unstated,
        objects: own
            .map(|(id, object)| (id.clone(), object.clone()))
            .collect(),
        ..Catalog::default()
    }
}

/// What is found in the schemas: how many lack revisions, and each that is not as its revisions made it.
pub(crate) fn print(ended: &[Ended<SchemaDrift>], printer: &mut Printer) -> Result<(), Problem> {
    let asked = ended.iter().filter_map(|one| match &one.result {
        Some(Ok(found)) => Some((one.schema.as_str(), found)),
        _ => None,
    });
    let asked: Vec<(&str, &SchemaDrift)> = asked.collect();
    printer.line(&format!("schemas   {}", counted(ended.len(), "schema")))?;
    for (schema, found) in asked.iter().filter(|(_, found)| !found.pending.is_empty()) {
        let count = counted(found.pending.len(), "revision");
        printer.line(&format!("behind    {schema}: lacks {count}"))?;
        printer.hint("aludel upgrade");
    }
    let drifted = asked.iter().filter(|(_, found)| !found.drift.is_empty());
    let drifted: Vec<_> = drifted.collect();
    if drifted.is_empty() {
        return printer.line("drift     none: each schema is as its revisions made it");
    }
    for (schema, found) in drifted {
        let count = counted(found.drift.len(), "difference");
        printer.line(&format!("drift     {schema}: {count}:"))?;
        for difference in &found.drift {
            printer.line(&format!("  {difference}"))?;
        }
        printer.hint(&format!(
            "aludel diff --schema {schema} --from \"$DATABASE_URL\" --to head shows the SQL"
        ));
    }
    Ok(())
}

/// One schema, for programs.
#[derive(Serialize)]
pub(crate) struct SchemaDriftJson {
    schema: String,
    pending: Option<Vec<String>>,
    drift: Option<Vec<String>>,
    /// Why it could not be asked.
    error: Option<ErrorJson>,
}

impl SchemaDriftJson {
    pub(crate) fn new(one: &Ended<SchemaDrift>) -> Self {
        let found = one.result.as_ref().and_then(|result| result.as_ref().ok());
        let error = one.result.as_ref().and_then(|result| result.as_ref().err());
        Self {
            schema: one.schema.clone(),
            pending: found.map(|found| strings(&found.pending)),
            drift: found.map(|found| found.drift.clone()),
            error: error.map(Problem::error_json),
        }
    }
}
