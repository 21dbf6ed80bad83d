//! What goes wrong between Aludel and a server: errors of statements and of connecting.
//!
//! Both carry the server's own fields as data, so that the binary can show PostgreSQL's message,
//! detail and hint beside the file and line of the statement.

use std::error::Error as _;
use std::fmt;
use std::ops::Deref;

use tokio_postgres::error::{DbError, ErrorPosition};

/// The condition PostgreSQL reports when the connection is gone.
const CONNECTION_FAILURE: &str = "08006";

/// A statement that the server refused, or whose outcome is unknown.
///
/// When [`connection_lost`](Self::connection_lost) is set, nothing is known of the statement's
/// effect: it may or may not have been committed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatementError(Box<StatementReport>);

/// The fields of a [`StatementError`], which dereferences to them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatementReport {
    /// The text that was sent.
    pub statement: String,
    /// The five characters of the condition; `08006` when the connection was lost.
    pub sqlstate: String,
    /// `ERROR`, `FATAL` or `PANIC`.
    pub severity: String,
    /// PostgreSQL's primary message.
    pub message: String,
    /// Its detail.
    pub detail: Option<String>,
    /// Its hint.
    pub hint: Option<String>,
    /// The call stack inside the server (`CONTEXT`).
    pub context: Option<String>,
    /// Where in [`statement`](Self::statement) it failed: a 1-based count of characters.
    pub position: Option<u32>,
    /// The text of the statement inside a function that failed, when it is not the one sent.
    pub internal_statement: Option<String>,
    /// The schema the error is about.
    pub schema: Option<String>,
    /// The table the error is about.
    pub table: Option<String>,
    /// The column the error is about.
    pub column: Option<String>,
    /// The type the error is about.
    pub data_type: Option<String>,
    /// The constraint that was violated.
    pub constraint: Option<String>,
    /// The connection is gone; whether the statement took effect is unknown.
    pub connection_lost: bool,
}

impl StatementError {
    /// True when the condition is the given one.
    pub fn is(&self, sqlstate: &str) -> bool {
        self.sqlstate == sqlstate
    }

    /// From the client's error; `last_words` is what the server said when it ended the connection.
    pub(crate) fn from_client(
        statement: &str,
        error: &tokio_postgres::Error,
        last_words: Option<Box<DbError>>,
    ) -> Self {
        StatementReport::from_client(statement, error, last_words).into()
    }
}

impl From<StatementReport> for StatementError {
    fn from(report: StatementReport) -> Self {
        Self(Box::new(report))
    }
}

impl Deref for StatementError {
    type Target = StatementReport;

    fn deref(&self) -> &StatementReport {
        &self.0
    }
}

impl StatementReport {
    fn from_client(
        statement: &str,
        error: &tokio_postgres::Error,
        last_words: Option<Box<DbError>>,
    ) -> Self {
        let server_error = error
            .as_db_error()
            .cloned()
            .or(last_words.map(|words| *words));
        let Some(server_error) = server_error else {
            return Self {
                statement: statement.to_owned(),
                sqlstate: CONNECTION_FAILURE.to_owned(),
                severity: "FATAL".to_owned(),
                message: format!("connection to the server was lost: {}", root_cause(error)),
                connection_lost: true,
                ..Self::default()
            };
        };
        let mut converted = Self::from_server(statement, &server_error);
        // Whatever the condition: after these severities the server closes the connection.
        converted.connection_lost =
            error.is_closed() || converted.severity == "FATAL" || converted.severity == "PANIC";
        converted
    }

    pub(crate) fn from_server(statement: &str, error: &DbError) -> Self {
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let (position, internal_statement) = match error.position() {
            Some(ErrorPosition::Original(position)) => (Some(*position), None),
            Some(ErrorPosition::Internal { query, .. }) => (None, Some(query.clone())),
            None => (None, None),
        };
        Self {
            statement: statement.to_owned(),
            sqlstate: error.code().code().to_owned(),
            severity: severity(error),
            message: error.message().to_owned(),
            detail: owned(error.detail()),
            hint: owned(error.hint()),
            context: owned(error.where_()),
            position,
            internal_statement,
            schema: owned(error.schema()),
            table: owned(error.table()),
            column: owned(error.column()),
            data_type: owned(error.datatype()),
            constraint: owned(error.constraint()),
            connection_lost: false,
        }
    }
}

impl fmt::Display for StatementError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} ({})", self.message, self.sqlstate)
    }
}

impl std::error::Error for StatementError {}

/// A message of the server that is not an error: `NOTICE`, `WARNING`, `INFO` and the like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// `NOTICE`, `WARNING`, `INFO`, `LOG` or `DEBUG`.
    pub severity: String,
    /// The five characters of the condition.
    pub sqlstate: String,
    /// PostgreSQL's message.
    pub message: String,
    /// Its detail.
    pub detail: Option<String>,
    /// Its hint.
    pub hint: Option<String>,
}

impl Notice {
    pub(crate) fn from_server(notice: &DbError) -> Self {
        Self {
            severity: severity(notice),
            sqlstate: notice.code().code().to_owned(),
            message: notice.message().to_owned(),
            detail: notice.detail().map(str::to_owned),
            hint: notice.hint().map(str::to_owned),
        }
    }
}

/// The severity in English, whatever language the server speaks.
fn severity(error: &DbError) -> String {
    error.parsed_severity().map_or_else(
        || error.severity().to_owned(),
        |severity| severity.to_string(),
    )
}

/// Why there is no connection.
#[derive(Clone, Debug)]
pub struct ConnectError {
    /// The URL without its password.
    pub target: String,
    /// The server that was tried: host and port, or the socket file.
    pub server: String,
    /// What happened.
    pub failure: Box<ConnectFailure>,
}

/// What happened on the way to a connection.
#[derive(Clone, Debug)]
pub enum ConnectFailure {
    /// Nothing answers there; the system's own words.
    Unreachable(String),
    /// Nothing answered within this many seconds.
    TimedOut(u64),
    /// The server refused the role or its password.
    Authentication {
        /// The role.
        user: String,
        /// PostgreSQL's message.
        message: String,
        /// What may mend it.
        hint: Option<String>,
    },
    /// The database of this name is not there.
    NoDatabase(String),
    /// TLS was asked for and could not be had; what failed.
    Tls(String),
    /// The server answered with another error: starting up, too many connections, …
    Server(StatementError),
    /// The connection stood, but a session setting was refused.
    Settings(StatementError),
}

impl fmt::Display for ConnectError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let server = &self.server;
        match self.failure.as_ref() {
            ConnectFailure::Unreachable(reason) => {
                write!(formatter, "cannot reach {server}: {reason}")
            }
            ConnectFailure::TimedOut(seconds) => {
                write!(
                    formatter,
                    "no answer from {server} within {seconds} seconds"
                )
            }
            ConnectFailure::Authentication { user, message, .. } => {
                write!(formatter, "{server} refused the role `{user}`: {message}")
            }
            ConnectFailure::NoDatabase(database) => {
                write!(
                    formatter,
                    "database `{database}` does not exist on {server}"
                )
            }
            ConnectFailure::Tls(reason) => {
                write!(formatter, "no TLS connection to {server}: {reason}")
            }
            ConnectFailure::Server(error) => {
                write!(formatter, "{server} refused the connection: {error}")
            }
            ConnectFailure::Settings(error) => {
                write!(
                    formatter,
                    "{server} refused the session's settings: {error}"
                )
            }
        }
    }
}

impl std::error::Error for ConnectError {}

/// The innermost cause of a client error, which says what happened; the outer ones say only where.
pub(crate) fn root_cause(error: &tokio_postgres::Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(inner) = cause.source() {
        cause = inner;
    }
    if error.source().is_none() && error.is_closed() {
        return "it was closed".to_owned();
    }
    cause.to_string()
}
