//! Where the connections of an application lead while Aludel runs it.

use aludel_postgres::ScratchDatabase;
use serde::Serialize;

/// Python that leads every connection to one database of a PostgreSQL server, whatever the application's settings say: a part of
/// a script that has an `AludelFailure(kind, message, hint)`, calls `aludel_redirect()` and points `ALUDEL_TARGET`.
pub const REDIRECT: &str = include_str!("redirect.py");

/// The database that every connection leads to, as [`REDIRECT`] takes it.
#[derive(Clone, Debug, Serialize)]
pub struct ConnectsTo {
    /// The folder of the server's socket.
    host: String,
    port: String,
    user: String,
    database: String,
}

impl From<&ScratchDatabase> for ConnectsTo {
    fn from(database: &ScratchDatabase) -> Self {
        let url = database.url();
        Self {
            host: url.host().to_owned(),
            port: url.port().to_string(),
            user: url.user().to_owned(),
            database: database.name().to_owned(),
        }
    }
}
