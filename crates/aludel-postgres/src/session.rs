//! One connection to a server, spoken to in the simple query protocol.
//!
//! Every value is text, a script of many statements is one round trip, and results stay in the
//! buffers they arrived in. The connection's own task runs beside the caller, on the same runtime,
//! and gathers what the server says meanwhile.

use std::future::poll_fn;
use std::mem;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures_util::StreamExt as _;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_postgres::error::DbError;
use tokio_postgres::{
    AsyncMessage, CancelToken, Client, Connection, NoTls, SimpleQueryMessage, SimpleQueryRow,
};

use crate::connect::{self, Encryption};
use crate::error::{ConnectError, ConnectFailure, Notice, StatementError};
use crate::tls;
use crate::url::DatabaseUrl;

/// How a session starts.
#[derive(Clone, Debug)]
pub struct ConnectOptions {
    /// Shown in `pg_stat_activity`, unless the URL names another.
    pub application_name: String,
    /// The longest wait for each server, unless the URL names another.
    pub connect_timeout: Duration,
    /// Session settings as `(name, value)`, set right after connecting; a list such as
    /// `search_path` is given in PostgreSQL's own notation.
    pub settings: Vec<(String, String)>,
    /// Every transaction is read-only.
    pub read_only: bool,
}

impl Default for ConnectOptions {
    fn default() -> Self {
        Self {
            application_name: "aludel".to_owned(),
            connect_timeout: Duration::from_secs(10),
            settings: Vec::new(),
            read_only: false,
        }
    }
}

/// One row of a result: text values, kept in the buffer they arrived in.
#[derive(Debug)]
pub struct Row(SimpleQueryRow);

impl Row {
    /// The value of a column, counted from 0; `None` for NULL and for a column that is not there.
    pub fn get(&self, index: usize) -> Option<&str> {
        self.0.try_get(index).ok().flatten()
    }

    /// The value of a column that cannot be NULL; the empty text otherwise.
    pub fn text(&self, index: usize) -> &str {
        self.get(index).unwrap_or_default()
    }

    /// The number of columns.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True when the row has no columns.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The name of a column, counted from 0.
    pub fn column_name(&self, index: usize) -> Option<&str> {
        self.0
            .columns()
            .get(index)
            .map(tokio_postgres::SimpleColumn::name)
    }
}

/// One connection; dropping it closes it.
#[derive(Debug)]
pub struct Session {
    client: Client,
    link: Link,
    url: DatabaseUrl,
    server_version_num: u32,
    encryption: Encryption,
}

impl Session {
    /// Connects, starts the connection's task on the current runtime and applies the settings.
    pub async fn connect(
        url: &DatabaseUrl,
        options: &ConnectOptions,
    ) -> Result<Self, ConnectError> {
        let opened = connect::open(url, options).await?;
        let session = Self {
            client: opened.client,
            link: opened.link,
            url: url.clone(),
            server_version_num: version_number(&opened.server_version),
            encryption: opened.encryption,
        };
        let settings = settings_script(options);
        if !settings.is_empty() {
            session
                .execute(&settings)
                .await
                .map_err(|error| failed(url, ConnectFailure::Settings(error)))?;
        }
        Ok(session)
    }

    /// Runs one statement or a script and drops its results. A script of several statements is one
    /// transaction unless it says otherwise.
    pub async fn execute(&self, sql: &str) -> Result<(), StatementError> {
        self.client
            .batch_execute(sql)
            .await
            .map_err(|error| self.explain(sql, &error))
    }

    /// Runs one statement and returns its rows.
    pub async fn rows(&self, sql: &str) -> Result<Vec<Row>, StatementError> {
        let mut sets = self.row_sets(sql).await?;
        Ok(sets.pop().unwrap_or_default())
    }

    /// Runs a script in one round trip and returns one set per statement that returns rows, in
    /// order, empty sets too; statements that return no rows (`SET`, `BEGIN`, DDL) have no set.
    pub async fn row_sets(&self, sql: &str) -> Result<Vec<Vec<Row>>, StatementError> {
        let mut sets: Vec<Vec<Row>> = Vec::new();
        let count = self
            .each_row_owned(sql, |set, row| {
                sets.resize_with(set + 1, Vec::new);
                sets[set].push(row);
            })
            .await?;
        sets.resize_with(count, Vec::new);
        Ok(sets)
    }

    /// Runs a script in one round trip and hands each row on as it comes, with the number of its set; returns how many
    /// sets there were.
    pub async fn each_row(
        &self,
        sql: &str,
        mut take: impl FnMut(usize, &Row),
    ) -> Result<usize, StatementError> {
        self.each_row_owned(sql, |set, row| take(set, &row)).await
    }

    async fn each_row_owned(
        &self,
        sql: &str,
        mut take: impl FnMut(usize, Row),
    ) -> Result<usize, StatementError> {
        let explain = |error| self.explain(sql, &error);
        let stream = self.client.simple_query_raw(sql).await.map_err(explain)?;
        let mut stream = pin!(stream);
        let mut sets = 0;
        while let Some(message) = stream.next().await {
            match message.map_err(explain)? {
                SimpleQueryMessage::RowDescription(_) => sets += 1,
                SimpleQueryMessage::Row(row) => take(sets - 1, Row(row)),
                _ => {}
            }
        }
        Ok(sets)
    }

    /// Runs one statement and returns the first value of its first row.
    pub async fn scalar(&self, sql: &str) -> Result<Option<String>, StatementError> {
        let rows = self.rows(sql).await?;
        Ok(rows.first().and_then(|row| row.get(0)).map(str::to_owned))
    }

    /// The server's version as `server_version_num` has it: 150018 for 15.18.
    pub fn server_version_num(&self) -> u32 {
        self.server_version_num
    }

    /// The role that connected.
    pub fn user(&self) -> &str {
        self.url.user()
    }

    /// Where this session is connected to.
    pub fn url(&self) -> &DatabaseUrl {
        &self.url
    }

    /// What the server said beside its answers since the last call.
    pub fn take_notices(&self) -> Vec<Notice> {
        self.link.take_notices()
    }

    /// A handle that interrupts the running statement from another task.
    pub fn cancel_handle(&self) -> CancelHandle {
        CancelHandle {
            token: self.client.cancel_token(),
            url: self.url.clone(),
            encryption: self.encryption,
        }
    }

    /// True when the connection is gone.
    pub fn is_closed(&self) -> bool {
        self.client.is_closed()
    }

    fn explain(&self, sql: &str, error: &tokio_postgres::Error) -> StatementError {
        let last_words = error
            .as_db_error()
            .is_none()
            .then(|| self.link.last_words())
            .flatten();
        StatementError::from_client(sql, error, last_words)
    }
}

/// Interrupts what a session is running.
#[derive(Clone)]
pub struct CancelHandle {
    token: CancelToken,
    url: DatabaseUrl,
    encryption: Encryption,
}

impl CancelHandle {
    /// Asks the server to interrupt the running statement, which then fails with `57014`. That the
    /// request was delivered does not mean that anything was interrupted.
    pub async fn cancel(&self) -> Result<(), ConnectError> {
        let unreachable = |reason| failed(&self.url, ConnectFailure::Unreachable(reason));
        let result = if self.encryption == Encryption::Tls {
            let connector = tls::connector(&self.url).map_err(unreachable)?;
            self.token.cancel_query(connector).await
        } else {
            self.token.cancel_query(NoTls).await
        };
        result.map_err(|error| unreachable(crate::error::root_cause(&error)))
    }
}

fn failed(url: &DatabaseUrl, failure: ConnectFailure) -> ConnectError {
    ConnectError {
        target: url.to_string(),
        server: url.host().to_owned(),
        failure: Box::new(failure),
    }
}

/// What the connection's task shares with its session.
#[derive(Clone, Debug, Default)]
pub(crate) struct Link {
    heard: Arc<Mutex<Heard>>,
}

#[derive(Debug, Default)]
struct Heard {
    notices: Vec<Notice>,
    /// The error with which the server ended the connection.
    last_words: Option<Box<DbError>>,
}

impl Link {
    /// Runs the connection until the server or the session ends it.
    pub(crate) fn spawn<S, T>(mut connection: Connection<S, T>) -> Self
    where
        S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
        T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    {
        let link = Self::default();
        let task_link = link.clone();
        tokio::spawn(async move {
            while let Some(message) = poll_fn(|context| connection.poll_message(context)).await {
                match message {
                    Ok(AsyncMessage::Notice(notice)) => {
                        let notice = Notice::from_server(&notice);
                        task_link.with(|heard| heard.notices.push(notice));
                    }
                    Ok(_) => {}
                    Err(error) => {
                        let words = error.as_db_error().cloned().map(Box::new);
                        task_link.with(|heard| heard.last_words = words);
                        break;
                    }
                }
            }
        });
        link
    }

    fn take_notices(&self) -> Vec<Notice> {
        self.with(|heard| mem::take(&mut heard.notices))
    }

    fn last_words(&self) -> Option<Box<DbError>> {
        self.with(|heard| heard.last_words.clone())
    }

    fn with<R>(&self, action: impl FnOnce(&mut Heard) -> R) -> R {
        // A panic elsewhere leaves only complete values behind, so poisoning means nothing here.
        action(&mut self.heard.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// `set_config` rather than `SET`, because it takes a list such as `search_path` as one text.
fn settings_script(options: &ConnectOptions) -> String {
    let read_only = options
        .read_only
        .then_some(("default_transaction_read_only", "on"));
    let stated = options
        .settings
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()));
    let calls: Vec<_> = read_only
        .into_iter()
        .chain(stated)
        .map(|(name, value)| {
            format!(
                "pg_catalog.set_config({}, {}, false)",
                crate::quote::literal(name),
                crate::quote::literal(value)
            )
        })
        .collect();
    if calls.is_empty() {
        return String::new();
    }
    format!("SELECT {}", calls.join(", "))
}

/// `15.18 (Debian 15.18-0+deb12u1)` → 150018; `19devel` and `18beta1` count as minor 0.
pub(crate) fn version_number(text: &str) -> u32 {
    let mut parts = text
        .split(|character: char| !character.is_ascii_digit() && character != '.')
        .next()
        .unwrap_or_default()
        .split('.')
        .map(|part| part.parse::<u32>().unwrap_or(0));
    let major = parts.next().unwrap_or(0);
    let minor = parts.next().unwrap_or(0);
    major * 10_000 + minor
}

#[cfg(test)]
mod tests {
    use super::{ConnectOptions, settings_script, version_number};

    #[test]
    fn versions_as_servers_write_them() {
        assert_eq!(version_number("15.18 (Debian 15.18-0+deb12u1)"), 150_018);
        assert_eq!(version_number("18.4"), 180_004);
        assert_eq!(version_number("19devel"), 190_000);
        assert_eq!(version_number("18beta1"), 180_000);
    }

    #[test]
    fn settings_are_quoted() {
        let options = ConnectOptions {
            settings: vec![("search_path".to_owned(), "\"it's\", public".to_owned())],
            read_only: true,
            ..ConnectOptions::default()
        };
        assert_eq!(
            settings_script(&options),
            "SELECT pg_catalog.set_config('default_transaction_read_only', 'on', false), \
             pg_catalog.set_config('search_path', '\"it''s\", public', false)"
        );
    }
}
