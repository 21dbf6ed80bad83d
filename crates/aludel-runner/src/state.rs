//! Where a database stands: version rows, log and the rights of the role, read in one query.
//!
//! The query works whether the tables exist or not and creates nothing. It reads them through `ts_stat`, because
//! a table that may be absent cannot stand in the text of a statement, and `ts_stat` is the one function of every
//! PostgreSQL that runs a query given as text (`query_to_xml` needs a server built with libxml).

use aludel_catalog::identifier::{literal, qualified};
use aludel_postgres::{Row, Session, StatementError};

use crate::log::{LOG_SCHEMA, LOG_TABLE, LogEntry, SIDE_LOG_TABLE, applied_checksum};
use crate::settings::RunnerSettings;

/// Name and schema of a version table; what the lock and the log know a history by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionTable {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// Characters that its column takes when it is made.
    pub id_length: usize,
}

impl VersionTable {
    /// Returns the version table that the settings name.
    pub fn of(settings: &RunnerSettings) -> Self {
        Self {
            schema: settings.home_schema(),
            name: settings.version_table.clone(),
            id_length: settings.id_length,
        }
    }

    /// Returns schema and name as SQL.
    pub fn qualified(&self) -> String {
        qualified(&self.schema, &self.name)
    }
}

/// What stands in a database and what the role may do with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct State {
    /// The rows of the version table, sorted; whether the files know them is another question.
    pub version_rows: Vec<String>,
    /// The log of this version table: for each revision its last complete row and all after it, sorted by revision,
    /// then oldest first.
    pub log: Vec<LogEntry>,
    /// What exists and what is allowed.
    pub facts: Facts,
}

/// What exists in the database and what the role may do with it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one independent answer of the server"
)]
pub struct Facts {
    /// The version table's schema exists.
    pub home_exists: bool,
    /// The role may create tables in it.
    pub home_create: bool,
    /// The version table exists.
    pub version_exists: bool,
    /// The role may read it.
    pub version_read: bool,
    /// The role may change its rows.
    pub version_write: bool,
    /// The schema `aludel` exists.
    pub log_schema_exists: bool,
    /// The role may create tables in it.
    pub log_schema_create: bool,
    /// The role may create schemas in this database.
    pub database_create: bool,
    /// `aludel.log` exists.
    pub log_exists: bool,
    /// The role may read it.
    pub log_read: bool,
    /// The role may add to it.
    pub log_insert: bool,
    /// `<version schema>.aludel_log` exists.
    pub side_log_exists: bool,
    /// The role may read it.
    pub side_log_read: bool,
    /// The role may add to it.
    pub side_log_insert: bool,
    /// The server is a standby.
    pub in_recovery: bool,
    /// Transactions of this session are read-only.
    pub read_only: bool,
    /// The role in force.
    pub role: String,
    /// The role that connected.
    pub session_role: String,
    /// The database's name.
    pub database: String,
}

impl State {
    /// Reads the state.
    pub(crate) async fn read(
        session: &Session,
        table: &VersionTable,
    ) -> Result<Self, StatementError> {
        let rows = session.rows(&state_query(table)).await?;
        Ok(Self::decode(&rows))
    }

    /// Decodes the rows of [`state_query`].
    pub(crate) fn decode(rows: &[Row]) -> Self {
        let mut state = Self::default();
        for row in rows {
            let value = row.text(1);
            match row.text(0) {
                "facts" => state.facts = Facts::decode(value),
                "version" => state
                    .version_rows
                    .push(value.get(1..).unwrap_or_default().to_owned()),
                _ => state.log.extend(LogEntry::decode(value)),
            }
        }
        state.version_rows.sort();
        state
            .log
            .sort_by(|one, other| (&one.revision, one.id).cmp(&(&other.revision, other.id)));
        state
    }
}

impl State {
    /// Returns the checksum of a revision's file as it was applied; `None` when the log knows of no such file in force.
    pub fn applied_checksum(&self, revision: &str) -> Option<&str> {
        applied_checksum(&self.log, revision)
    }
}

impl Facts {
    fn decode(value: &str) -> Self {
        let mut fields = value.split('\t');
        let mut next = || fields.next().unwrap_or_default();
        let mut flag = || next() == "t";
        Self {
            home_exists: flag(),
            home_create: flag(),
            version_exists: flag(),
            version_read: flag(),
            version_write: flag(),
            log_schema_exists: flag(),
            log_schema_create: flag(),
            database_create: flag(),
            log_exists: flag(),
            log_read: flag(),
            log_insert: flag(),
            side_log_exists: flag(),
            side_log_read: flag(),
            side_log_insert: flag(),
            in_recovery: flag(),
            read_only: flag(),
            role: next().to_owned(),
            session_role: next().to_owned(),
            database: next().to_owned(),
        }
    }
}

/// The one query. Its rows are `(kind, value)`: one `facts`, then `version` rows, then `log` rows.
pub(crate) fn state_query(table: &VersionTable) -> String {
    include_str!("state.sql")
        .replace("{home}", &literal(&table.schema))
        .replace("{version_name}", &literal(&table.name))
        .replace("{version_table}", &literal(&table.qualified()))
        .replace("{log_schema}", &literal(LOG_SCHEMA))
        .replace("{log_name}", &literal(LOG_TABLE))
        .replace("{side_log_name}", &literal(SIDE_LOG_TABLE))
}
