//! The database a command works on: which, found how, and a session to it.

use std::time::Duration;

use aludel_catalog::identifier::{literal, quote};
use aludel_postgres::{ConnectOptions, DatabaseUrl, LocalCluster, Session};
use aludel_revision::{History, RevisionId};
use aludel_runner::{Runner, RunnerSettings};
use aludel_source::sqlalchemy::names_environment;
use aludel_source::{ForeignKeys, SourceContext};

use crate::config::Project;
use crate::config::database::{self, UrlSource};
use crate::context::Context;
use crate::listing::joined;
use crate::running;
use crate::runtime::block_on;
use crate::scratch;
use crate::tenants;
use crate::ui::printer::Printer;
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
}

/// Finds the database's URL, starting the local database when nothing names another.
pub(crate) async fn locate(context: &Context) -> Result<(DatabaseUrl, UrlSource), Problem> {
    let project = context.project()?;
    let (url, source) = database::choose(project, context.global.database_url.as_deref());
    let url = match (url, &source) {
        (Some(url), _) => DatabaseUrl::parse(&url)?,
        (None, UrlSource::Env(_)) => url_of_env(project).await?,
        (None, _) => local_database(project).await?,
    };
    Ok((url, source))
}

/// The URL that the project's Alembic `env.py` connects to.
async fn url_of_env(project: &Project) -> Result<DatabaseUrl, Problem> {
    let sources = project.models.sources.iter();
    let mut named = sources.filter_map(|source| source.sqlalchemy.as_deref());
    let is_env = |spec: &&str| names_environment(spec);
    let spec = named.find(is_env).unwrap_or("env");
    let found = aludel_source::sqlalchemy::url::url(spec, &source_context(project)).await?;
    let Some(url) = found else {
        let primary =
            "env.py names no database: neither context.configure nor sqlalchemy.url has a URL";
        return Err(Problem::new("config", primary)
            .hint("set DATABASE_URL, or url in [database] of aludel.toml"));
    };
    DatabaseUrl::parse(&url).map_err(|error| {
        Problem::from(error)
            .detail("it is that of env.py, as url = \"env\" in [database] says")
            .hint("set DATABASE_URL, or url in [database] of aludel.toml")
    })
}

/// What reading the models of a project depends on.
pub(crate) fn source_context(project: &Project) -> SourceContext {
    SourceContext {
        project_dir: project.root.clone(),
        python: project.models.python.clone(),
        cache_dir: scratch::cache_dir(project),
        entities: project.models.entities.clone(),
        arguments: project.arguments.clone(),
        schema_translate_map: project.schema_translate_map(),
        foreign_keys: ForeignKeys::Inside,
        ignore_cache: project.ignore_cache,
        connects_to: None,
    }
}

/// The project's local database server.
pub(crate) fn local(project: &Project) -> LocalCluster {
    LocalCluster::at(&project.root)
        .with_major(project.scratch.major)
        .with_cache_dir(&scratch::cache_dir(project))
}

/// The local database: `app`, or for a further history one called after it.
async fn local_database(project: &Project) -> Result<DatabaseUrl, Problem> {
    let url = local(project).ensure_started().await?;
    let Some(name) = &project.database_of else {
        return Ok(url);
    };
    let session = Session::connect(&url, &options(Access::Write)).await?;
    let exists = format!(
        "SELECT 1 FROM pg_catalog.pg_database WHERE datname = {}",
        literal(name)
    );
    if session.scalar(&exists).await?.is_none() {
        session
            .execute(&format!("CREATE DATABASE {}", quote(name)))
            .await?;
    }
    Ok(url.with_database(name))
}

/// Opens a session to the project's database, for what looks at one version table in it.
pub(crate) async fn open(context: &Context, access: Access) -> Result<OpenDatabase, Problem> {
    if context.project()?.is_placeholder() {
        return Err(tenants::one_schema(context));
    }
    connect(context, access).await
}

/// Opens a session to the project's database.
pub(crate) async fn connect(context: &Context, access: Access) -> Result<OpenDatabase, Problem> {
    let (url, _) = locate(context).await?;
    let session = Session::connect(&url, &options(access)).await?;
    Ok(OpenDatabase { session, url })
}

/// The rows of the version table, whether the files know them or not.
pub(crate) async fn rows(
    database: &OpenDatabase,
    history: &History,
    settings: RunnerSettings,
) -> Result<Vec<RevisionId>, Problem> {
    let state = Runner::new(&database.session, history, settings)
        .state()
        .await?;
    let rows = state.version_rows.iter().map(RevisionId::from_database);
    Ok(rows.collect())
}

/// The revisions the database is at, checked against the files.
pub(crate) fn current(context: &Context, history: &History) -> Result<Vec<RevisionId>, Problem> {
    let settings = running::settings(context.project()?);
    block_on(async {
        let database = open(context, Access::Read).await?;
        let runner = Runner::new(&database.session, history, settings);
        Ok(runner.current().await?)
    })
}

/// The same for a look at the history, which rows that no file is do not hinder.
pub(crate) fn known_rows(
    context: &Context,
    history: &History,
    printer: &mut Printer,
) -> Result<Vec<RevisionId>, Problem> {
    let settings = running::settings(context.project()?);
    let rows = block_on(async {
        let database = open(context, Access::Read).await?;
        rows(&database, history, settings).await
    })?;
    let (known, unknown): (Vec<RevisionId>, Vec<RevisionId>) = rows
        .into_iter()
        .partition(|row| history.standing_for(row).is_some());
    warn_of_unknown(&unknown, printer);
    Ok(known)
}

/// Warns of rows that no file is, with the way out.
pub(crate) fn warn_of_unknown(unknown: &[RevisionId], printer: &mut Printer) {
    if !unknown.is_empty() {
        printer.warn(
            &format!("the database is at {}, which no file is", joined(unknown)),
            &[
                "get the missing files back from git; aludel repair says where they are".to_owned(),
                "if the schema is as some revision has it: aludel stamp --purge REVISION"
                    .to_owned(),
            ],
        );
    }
}

/// The same when a target needs it: `current`, or steps counted from where the database is.
pub(crate) fn current_if_named(
    context: &Context,
    history: &History,
    target: &str,
) -> Result<Vec<RevisionId>, Problem> {
    let place = target.rsplit('@').next().unwrap_or(target);
    if place == "current" || place.starts_with(['+', '-']) {
        current(context, history)
    } else {
        Ok(Vec::new())
    }
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

/// The password of a URL, for the environment of a child program.
pub(crate) fn password(url: &DatabaseUrl) -> Option<String> {
    let text = url.to_connection_string();
    let (_, rest) = text.split_once("://")?;
    let (_, secret) = rest.split_once('@')?.0.split_once(':')?;
    let mut bytes = Vec::with_capacity(secret.len());
    let mut rest = secret.as_bytes();
    while let [first, tail @ ..] = rest {
        let escaped = match rest {
            [b'%', high, low, ..] => std::str::from_utf8(&[*high, *low])
                .ok()
                .and_then(|hex| u8::from_str_radix(hex, 16).ok()),
            _ => None,
        };
        bytes.push(escaped.unwrap_or(*first));
        rest = if escaped.is_some() { &rest[3..] } else { tail };
    }
    String::from_utf8(bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_password_is_found_whatever_it_holds() {
        let url = DatabaseUrl::parse("postgresql://u:p%40%2Fx%25é@h:5/d").unwrap();
        assert_eq!(password(&url).as_deref(), Some("p@/x%é"));
        assert!(!url.to_string().contains("p%40"));
    }
}
