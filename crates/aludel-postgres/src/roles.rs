//! Makes ready on scratch what a script names and does not make: roles, and the extensions' files.

use aludel_catalog::identifier::{literal, quote};
use aludel_sql::Needs;

use crate::error::StatementError;
use crate::extension_package::debian_package;
use crate::session::Session;

/// Scratch lacks something that a script needs.
#[derive(Debug, thiserror::Error)]
pub enum PrepareError {
    /// Roles are missing on a server that is not Aludel's own.
    #[error("the scratch server has no role {}, and Aludel makes no roles on a server that is not its own", .0.join(", "))]
    Roles(Vec<String>),
    /// The server has no files for an extension.
    #[error("the scratch server does not offer the extension \"{name}\"")]
    Extension {
        /// The extension.
        name: String,
        /// The server's major version.
        major: u32,
    },
    /// The server refused.
    #[error(transparent)]
    Statement(#[from] StatementError),
}

impl PrepareError {
    /// Returns what the user can do.
    pub fn hints(&self) -> Vec<String> {
        match self {
            Self::Roles(names) => vec![
                format!("create them there: `{}`", create_roles(names)),
                "or let Aludel use its own server: `engine = \"native\"` under `[scratch]` in aludel.toml".to_owned(),
            ],
            Self::Extension { name, major } => vec![
                format!(
                    "install it for PostgreSQL {major} (Debian: `apt-get install {}`)",
                    debian_package(name, *major)
                ),
                "or point ALUDEL_SCRATCH_URL at a server that has it".to_owned(),
            ],
            Self::Statement(_) => Vec::new(),
        }
    }
}

/// Makes the missing roles as bare `NOLOGIN` roles and the missing schemas, and checks that each extension can be had.
pub async fn prepare(
    session: &Session,
    needs: &Needs,
    may_create_roles: bool,
) -> Result<(), PrepareError> {
    let missing = missing(
        session,
        needs.roles.iter(),
        "SELECT rolname FROM pg_catalog.pg_roles WHERE rolname IN",
    )
    .await?;
    if !missing.is_empty() {
        if !may_create_roles {
            return Err(PrepareError::Roles(missing));
        }
        session.execute(&create_roles(&missing)).await?;
        session.execute(&mark(&missing)).await?;
    }
    let known = "SELECT name FROM pg_catalog.pg_available_extensions WHERE name IN";
    if let Some(name) = self::missing(session, needs.extensions.iter(), known)
        .await?
        .into_iter()
        .next()
    {
        return Err(PrepareError::Extension {
            name,
            major: session.server_version_num() / 10_000,
        });
    }
    for schema in &needs.schemas {
        let statement = format!("CREATE SCHEMA IF NOT EXISTS {}", quote(schema));
        session.execute(&statement).await?;
    }
    Ok(())
}

/// Bare roles: they own nothing, may do nothing and cannot log in.
fn create_roles(names: &[String]) -> String {
    let statements: Vec<_> = names
        .iter()
        .map(|name| format!("CREATE ROLE {} NOLOGIN", quote(name)))
        .collect();
    statements.join("; ")
}

/// The comment of a role that is there only to be named.
pub(crate) const PLACEHOLDER: &str = "made by Aludel on scratch, to be named";

fn mark(names: &[String]) -> String {
    let comment = literal(PLACEHOLDER);
    let statements: Vec<_> = names
        .iter()
        .map(|name| format!("COMMENT ON ROLE {} IS {comment}", quote(name)))
        .collect();
    statements.join("; ")
}

async fn missing<'a>(
    session: &Session,
    names: impl Iterator<Item = &'a String> + Clone,
    query: &str,
) -> Result<Vec<String>, StatementError> {
    let list: Vec<String> = names.clone().map(|name| literal(name)).collect();
    if list.is_empty() {
        return Ok(Vec::new());
    }
    let rows = session
        .rows(&format!("{query} ({})", list.join(", ")))
        .await?;
    let found: Vec<&str> = rows.iter().map(|row| row.text(0)).collect();
    Ok(names
        .filter(|name| !found.contains(&name.as_str()))
        .cloned()
        .collect())
}
