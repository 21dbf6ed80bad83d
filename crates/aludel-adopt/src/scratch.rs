//! What both sides do on a scratch database: connect, look, and make ready.

use std::collections::BTreeSet;

use aludel_catalog::Catalog;
use aludel_postgres::{ConnectOptions, Hidden, ScratchDatabase, Session, introspect};
use aludel_revision::Section;
use aludel_runner::first_schema;

use crate::error::AdoptError;
use crate::recorder::VersionTable;

/// What is the tools' own in a database.
pub(crate) fn hidden(version: &VersionTable, search_path: &str) -> Hidden {
    let schema = version.schema.clone();
    let schema = schema.unwrap_or_else(|| first_schema(search_path));
    Hidden {
        version_table: (schema, version.table.clone()),
        ..Hidden::default()
    }
}

/// Opens a session.
pub(crate) async fn connect(database: &ScratchDatabase) -> Result<Session, AdoptError> {
    Ok(Session::connect(database.url(), &ConnectOptions::default()).await?)
}

/// Reads the catalog.
pub(crate) async fn look(
    database: &ScratchDatabase,
    hidden: &Hidden,
) -> Result<Catalog, AdoptError> {
    let session = connect(database).await?;
    Ok(introspect(&session, hidden).await?)
}

/// Makes the roles that a section names and the server does not have.
pub(crate) async fn make_roles(session: &Session, section: &Section) -> Result<(), AdoptError> {
    for role in &aludel_sql::needs(section.statements()).roles {
        let known = format!(
            "SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = {}",
            aludel_catalog::identifier::literal(role)
        );
        if session.scalar(&known).await?.is_none() {
            let role = aludel_catalog::identifier::quote(role);
            session.execute(&format!("CREATE ROLE {role}")).await?;
        }
    }
    Ok(())
}

/// The names of the functions that may change something when a query calls them.
pub(crate) async fn volatile_functions(
    database: &ScratchDatabase,
) -> Result<BTreeSet<String>, AdoptError> {
    let session = connect(database).await?;
    let rows = session
        .rows("SELECT DISTINCT proname FROM pg_catalog.pg_proc WHERE provolatile = 'v' AND prokind <> 'p'")
        .await?;
    Ok(rows.iter().map(|row| row.text(0).to_owned()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_version_table_is_looked_for_where_names_without_a_schema_go() {
        for (path, schema) in [
            ("\"$user\", public", "public"),
            ("\"My App\", public", "My App"),
        ] {
            let (found, _) = hidden(&VersionTable::default(), path).version_table;
            assert_eq!(found, schema, "{path}");
        }
    }
}
