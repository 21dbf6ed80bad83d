//! Errors of connecting and of statements.

use aludel_postgres::install::InstallError;
use aludel_postgres::{
    BuildError, ConnectError, ConnectFailure, IntrospectError, LocalError, PrepareError,
    ScratchError, StatementError, UrlError,
};
use aludel_sql::Statement;
use aludel_sql::covered;

use crate::ui::problem::Problem;

impl From<UrlError> for Problem {
    fn from(error: UrlError) -> Self {
        Self::new("url", format!("the database URL cannot be read: {error}"))
            .hint("a URL has the form postgresql://user@host:5432/database")
    }
}

impl From<ConnectError> for Problem {
    fn from(error: ConnectError) -> Self {
        let primary = error.to_string();
        let problem = |kind| {
            Self::new(kind, primary.clone()).detail(format!("connecting to {}", error.target))
        };
        match error.failure.as_ref() {
            ConnectFailure::Unreachable(_) | ConnectFailure::TimedOut(_) => problem("unreachable").hint(
                "check that the server runs and listens there; `aludel status` says where the URL came from",
            ),
            ConnectFailure::Authentication { hint, .. } => {
                let hint = hint.clone().unwrap_or_else(|| {
                    "check the role and the password in the URL, PGPASSWORD or ~/.pgpass".to_owned()
                });
                problem("authentication").hint(hint)
            }
            ConnectFailure::NoDatabase(database) => {
                problem("no-database").hint(format!("create it with `createdb {database}`, or correct the URL"))
            }
            ConnectFailure::Tls(_) => problem("tls")
                .hint("correct sslmode or the certificates in the URL; sslmode=disable only on a network you trust"),
            ConnectFailure::Server(server) => problem("server").server_words(server).server_hints(server),
            ConnectFailure::Settings(server) => {
                problem("settings").server_words(server).hint("check search-path in [database]")
            }
        }
    }
}

impl From<StatementError> for Problem {
    fn from(error: StatementError) -> Self {
        Self::server(
            "statement",
            format!("PostgreSQL says: {}", error.message),
            &error,
        )
    }
}

impl From<IntrospectError> for Problem {
    fn from(error: IntrospectError) -> Self {
        let primary = error.to_string();
        match error {
            IntrospectError::Query(error) => Self::server("catalog", primary, &error),
            IntrospectError::Assemble(_) => Self::new("catalog", primary)
                .hint("this is a fault of Aludel; please report it with the version of the server"),
        }
    }
}

impl From<ScratchError> for Problem {
    fn from(error: ScratchError) -> Self {
        let hints = error.hints();
        let problem = match error {
            ScratchError::Connect(error) => Self::from(error),
            ScratchError::Statement(error) => Self::server(
                "scratch",
                "the scratch server refused a statement of Aludel's own",
                &error,
            ),
            other => Self::new("scratch", other.to_string()),
        };
        hints.into_iter().fold(problem, Self::hint)
    }
}

impl From<LocalError> for Problem {
    fn from(error: LocalError) -> Self {
        let hints = error.hints();
        let problem = match error {
            LocalError::Connect(error) => Self::from(error),
            LocalError::Statement(error) => Self::server(
                "local",
                "the local server refused a statement of Aludel's own",
                &error,
            ),
            other => Self::new("local", other.to_string()),
        };
        hints.into_iter().fold(problem, Self::hint)
    }
}

impl From<InstallError> for Problem {
    fn from(error: InstallError) -> Self {
        let hints = error.hints();
        let problem = Self::new("install", error.to_string());
        hints.into_iter().fold(problem, Self::hint)
    }
}

impl From<PrepareError> for Problem {
    fn from(error: PrepareError) -> Self {
        let hints = error.hints();
        let problem = match error {
            PrepareError::Statement(error) => {
                Self::server("scratch", "a role could not be made on scratch", &error)
            }
            other => Self::new("scratch", other.to_string()),
        };
        hints.into_iter().fold(problem, Self::hint)
    }
}

impl Problem {
    /// A script that did not lead to a catalog; the statements are those that were to be run.
    pub(crate) fn from_build(error: BuildError, groups: &[Vec<Statement>]) -> Self {
        match error {
            BuildError::Scratch(error) => error.into(),
            BuildError::Connect(error) => error.into(),
            BuildError::Prepare(error) => error.into(),
            BuildError::Introspect(error) => error.into(),
            BuildError::Statement { origin, error } => {
                let is_it = |statement: &&Statement| {
                    statement.origin == origin && statement.text == error.statement
                };
                let statement = groups.iter().flatten().find(is_it).cloned();
                let statement = statement.unwrap_or_else(|| Statement {
                    text: error.statement.clone(),
                    origin,
                });
                Self::statement(
                    "sql",
                    "PostgreSQL refused a statement on scratch",
                    &statement,
                    &error,
                )
                .hint("mend the statement; nothing but scratch was touched")
                .hints(extension_of(&error.message).map(|extension| {
                    format!(
                        "it is of the extension {extension}: make a revision with it (aludel revision --empty), \
                         CREATE EXTENSION {extension};"
                    )
                }))
            }
        }
    }

    /// A problem with what the server said beneath it.
    pub(crate) fn server(
        kind: &'static str,
        primary: impl Into<String>,
        error: &StatementError,
    ) -> Self {
        Self::new(kind, primary)
            .server_words(error)
            .server_hints(error)
    }

    /// A statement of a file that the server refused: the statement with its line, the server's words.
    pub(crate) fn statement(
        kind: &'static str,
        primary: impl Into<String>,
        statement: &Statement,
        error: &StatementError,
    ) -> Self {
        // The position counts in what was sent, which is the statement itself when it was sent alone.
        let position = error.position.filter(|_| error.statement == statement.text);
        Self::server(kind, primary, error).snippet(super::snippet_of(statement, position))
    }

    fn server_words(self, error: &StatementError) -> Self {
        let mut problem = self.detail(format!(
            "{}: {} ({})",
            error.severity, error.message, error.sqlstate
        ));
        if let Some(detail) = &error.detail {
            problem = problem.detail(format!("DETAIL: {detail}"));
        }
        if let Some(hint) = &error.hint {
            problem = problem.detail(format!("HINT: {hint}"));
        }
        if let Some(context) = &error.context {
            problem = problem.detail(format!("CONTEXT: {}", covered(context)));
        }
        problem
    }

    fn server_hints(self, error: &StatementError) -> Self {
        match error.sqlstate.as_str() {
            "25006" => self.hint("the database or the session is read-only: connect to the primary server"),
            "22023" if error.message.starts_with("security label provider") => self.hint(
                "load the provider's library on a server of your own and name that as scratch: ALUDEL_SCRATCH_URL",
            ),
            "42501" => self.hint("the role lacks this right: connect as the owner, or have the owner grant it"),
            "55P03" => self.hint("another session holds the lock; raise lock-timeout in [runner], or try when it is quiet"),
            _ => self.hints(of_missing_extension(&error.message)),
        }
    }
}

/// What to do where the server that was chosen has not the files of an extension.
pub(super) fn of_missing_extension(message: &str) -> Option<String> {
    let (_, rest) = message.split_once("extension \"")?;
    let (extension, rest) = rest.split_once('"')?;
    rest.starts_with(" is not available").then(|| {
        format!(
            "install {extension} for that PostgreSQL; on scratch another that has it is taken from PATH first: \
             PATH=/usr/lib/postgresql/17/bin:$PATH (aludel db engines shows what is there)"
        )
    })
}

/// Types and operator classes that models use, by the extension that brings them.
const OF_EXTENSIONS: &[(&str, &[&str])] = &[
    ("citext", &["citext"]),
    ("hstore", &["hstore"]),
    ("ltree", &["ltree", "lquery", "ltxtquery"]),
    ("vector", &["vector", "halfvec", "sparsevec"]),
    ("postgis", &["geometry", "geography"]),
    ("postgis_raster", &["raster"]),
    ("cube", &["cube"]),
    ("pg_trgm", &["gin_trgm_ops", "gist_trgm_ops"]),
];

/// The extension that brings what the server does not know.
fn extension_of(message: &str) -> Option<&'static str> {
    if !message.contains("does not exist") {
        return None;
    }
    let quoted = message.split('"').nth(1)?;
    let name = quoted.rsplit('.').next()?;
    let found = OF_EXTENSIONS
        .iter()
        .find(|(_, names)| names.contains(&name));
    found.map(|(extension, _)| *extension)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_extension_whose_files_are_missing_is_named() {
        let hint = of_missing_extension("extension \"vector\" is not available").unwrap();
        assert!(hint.starts_with("install vector for that PostgreSQL"));
        assert_eq!(
            of_missing_extension("extension \"vector\" already exists"),
            None
        );
    }
}
