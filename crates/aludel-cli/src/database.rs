//! The database a command works on: which, found how, and a session to it.

use std::time::Duration;

use aludel_postgres::{ConnectOptions, DatabaseUrl, Session};

use crate::config::database::{self, UrlSource};
use crate::context::Context;
use crate::ui::problem::Problem;

/// How long to wait for a server to answer.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

/// What a command does with the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Access {
    /// It only looks; the server refuses anything else.
    Read,
    /// It runs revisions.
    Write,
}

/// A session and where it leads.
pub(crate) struct OpenDatabase {
    /// The session.
    pub(crate) session: Session,
    /// Where it leads; shows no password.
    pub(crate) url: DatabaseUrl,
    /// What named it.
    pub(crate) source: UrlSource,
}

/// Finds the database's URL, starting the local database when nothing names another.
pub(crate) async fn locate(context: &Context) -> Result<(DatabaseUrl, UrlSource), Problem> {
    let project = context.project()?;
    let (url, source) = database::choose(project, context.global.database_url.as_deref());
    let url = match url {
        Some(url) => DatabaseUrl::parse(&url)?,
        None => return Err(Problem::new("local", "no local database yet")),
    };
    Ok((url, source))
}

/// Opens a session to the project's database.
pub(crate) async fn open(context: &Context, access: Access) -> Result<OpenDatabase, Problem> {
    let (url, source) = locate(context).await?;
    let session = Session::connect(&url, &options(access)).await?;
    Ok(OpenDatabase {
        session,
        url,
        source,
    })
}

/// How sessions of commands start.
pub(crate) fn options(access: Access) -> ConnectOptions {
    ConnectOptions {
        application_name: concat!("aludel ", env!("CARGO_PKG_VERSION")).to_owned(),
        connect_timeout: CONNECT_TIMEOUT,
        settings: Vec::new(),
        read_only: access == Access::Read,
    }
}
