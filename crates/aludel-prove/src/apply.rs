//! Runs a section of a revision on scratch: its segments in order, each committed on its own.
//!
//! The runner's care (lock, log, time-outs, probes) protects a database that is worth something; a scratch
//! database is not, and without it a thousand revisions take seconds.

use aludel_postgres::{Session, StatementError};
use aludel_revision::Section;
use aludel_sql::Statement;

/// A statement that the server refused.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{}: {}", statement.origin, error.message)]
pub struct ApplyError {
    /// The statement; for an error at the end of a transaction, the last one before it.
    pub statement: Statement,
    /// What the server said.
    pub error: StatementError,
}

/// Runs a section. When it fails, the transaction that failed is rolled back; segments before it stay.
pub async fn apply(
    session: &Session,
    section: &Section,
    search_path: &str,
) -> Result<(), ApplyError> {
    for segment in &section.segments {
        let Some(last) = segment.statements.last() else {
            continue;
        };
        let fail = |statement: &Statement, error| ApplyError {
            statement: statement.clone(),
            error,
        };
        let path = format!(
            "SELECT pg_catalog.set_config('search_path', {}, false)",
            literal(search_path)
        );
        session
            .execute(&path)
            .await
            .map_err(|error| fail(last, error))?;
        if !segment.alone {
            session
                .execute("BEGIN")
                .await
                .map_err(|error| fail(last, error))?;
        }
        for statement in &segment.statements {
            if let Err(error) = session.execute(&statement.text).await {
                if !segment.alone {
                    // Its own failure could only be a lost connection, which the first error tells already.
                    let _ = session.execute("ROLLBACK").await;
                }
                return Err(fail(statement, error));
            }
        }
        if !segment.alone {
            session
                .execute("COMMIT")
                .await
                .map_err(|error| fail(last, error))?;
        }
    }
    // What a revision sets must not reach the next one.
    let Some(last) = section.statements().last() else {
        return Ok(());
    };
    session
        .execute("RESET SESSION AUTHORIZATION; RESET ROLE; RESET ALL")
        .await
        .map_err(|error| ApplyError {
            statement: last.clone(),
            error,
        })
}

fn literal(text: &str) -> String {
    aludel_catalog::identifier::literal(text)
}
