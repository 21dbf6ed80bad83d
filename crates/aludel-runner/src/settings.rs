//! What a run may be told: where the version table stands, how long anything may wait.

use std::time::Duration;

use aludel_revision::History;
use aludel_revision::id::LENGTH_NEW;

use aludel_catalog::identifier::list;

/// The settings of a runner; `Default` is what a project without configuration gets.
#[derive(Clone, Debug)]
pub struct RunnerSettings {
    /// Name of the version table.
    pub version_table: String,
    /// Characters that the column of a new version table takes, or more where an id of [`Runner`](crate::Runner)'s
    /// history has more.
    pub id_length: usize,
    /// Schema of the version table; `None` means the first schema of the search path.
    pub version_schema: Option<String>,
    /// What to do when that schema is missing.
    pub missing_schema: MissingSchema,
    /// The search path set before each segment, as in `SET search_path`.
    pub search_path: String,
    /// How long a statement waits for one lock before its segment is rolled back and tried again.
    pub lock_timeout: Duration,
    /// How long one statement may run.
    pub statement_timeout: Duration,
    /// How long a statement may run that works while others go on: one that builds CONCURRENTLY, validates or fills.
    pub long_statement_timeout: Duration,
    /// How long a transaction may stand idle.
    pub idle_timeout: Duration,
    /// How often a segment that met a lock timeout or a deadlock is tried, the first time included.
    pub lock_attempts: u32,
    /// The pause before the second attempt; it doubles with each further one, up to 30 s.
    pub retry_pause: Duration,
    /// How long `CONCURRENTLY` may wait for other sessions, work not included.
    pub concurrent_wait: Duration,
    /// How long to wait for another upgrade of the same version table.
    pub wait_for_lock: Duration,
    /// Whether a second connection may be opened when a statement waits, to see who blocks it and to stop a
    /// `CONCURRENTLY` that waits too long.
    pub watch: bool,
    /// What to do about a statement outside a transaction whose outcome nobody can tell.
    pub doubtful: Doubtful,
    /// Program and version, as written in the log.
    pub tool: String,
}

/// What to do when the schema of the version table is missing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MissingSchema {
    /// Create it with the version table, behind the first revision's statements, which may create it themselves.
    #[default]
    CreateLast,
    /// Create it before anything else: the revisions name no schema and need it.
    CreateFirst,
    /// Stop and say so: its name may be a slip.
    Refuse,
}

/// What to do about a statement outside a transaction whose connection was lost and that no probe can judge.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Doubtful {
    /// Stop and say so.
    #[default]
    Stop,
    /// Run it again.
    RunAgain,
    /// Take it as done.
    TakeAsDone,
}

impl Default for RunnerSettings {
    fn default() -> Self {
        Self {
            version_table: "alembic_version".to_owned(),
            id_length: LENGTH_NEW,
            version_schema: None,
            missing_schema: MissingSchema::default(),
            search_path: "public".to_owned(),
            lock_timeout: Duration::from_secs(5),
            statement_timeout: Duration::from_mins(15),
            long_statement_timeout: Duration::from_hours(24),
            idle_timeout: Duration::from_mins(1),
            lock_attempts: 8,
            retry_pause: Duration::from_millis(500),
            concurrent_wait: Duration::from_mins(10),
            wait_for_lock: Duration::from_mins(15),
            watch: true,
            doubtful: Doubtful::Stop,
            tool: concat!("aludel ", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }
}

impl RunnerSettings {
    /// The same, with a new version table that takes every id of the history.
    #[must_use]
    pub(crate) fn for_ids_of(mut self, history: &History) -> Self {
        let lengths = history.revisions().iter().map(|one| one.id().length());
        self.id_length = lengths.max().unwrap_or_default().max(self.id_length);
        self
    }

    /// Returns the schema in which the version table stands, as far as it can be told without the server.
    ///
    /// The first name of the search path counts whether that schema exists or not: a tenant whose schema is not
    /// made yet must not be taken for the next schema in line. Only `"$user"` is passed over, because PostgreSQL's
    /// own default path starts with it and almost no database has such a schema.
    pub fn home_schema(&self) -> String {
        let configured = self.version_schema.clone();
        configured.unwrap_or_else(|| self.first_schema())
    }

    /// Returns the search path as `SET search_path TO` takes it.
    pub(crate) fn search_path_sql(&self) -> String {
        let names = search_path_names(&self.search_path);
        if names.is_empty() {
            "''".to_owned()
        } else {
            list(names.iter().map(String::as_str))
        }
    }

    /// Returns the first schema of the search path, in which unqualified names are created.
    pub fn first_schema(&self) -> String {
        first_schema(&self.search_path)
    }
}

/// Returns the first schema of a search path, in which unqualified names are created; `"$user"` is passed over.
pub fn first_schema(search_path: &str) -> String {
    let mut names = search_path_names(search_path).into_iter();
    names
        .find(|name| name != "$user")
        .unwrap_or_else(|| "public".to_owned())
}

/// Cuts a search path into names: quotes removed, unquoted names folded to lower case.
fn search_path_names(path: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut name = String::new();
    let mut quoted = false;
    let mut characters = path.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => {
                characters.next();
                name.push('"');
            }
            '"' | '\'' if !quoted => quoted = true,
            '"' | '\'' if quoted => quoted = false,
            ',' if !quoted => names.push(std::mem::take(&mut name)),
            _ if quoted => name.push(character),
            _ if character.is_whitespace() => {}
            _ => name.extend(character.to_lowercase()),
        }
    }
    names.push(name);
    names.retain(|name| !name.is_empty());
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_schema_of_the_search_path_is_home() {
        for (path, home) in [
            ("public", "public"),
            ("\"$user\", public", "public"),
            ("$user", "public"),
            ("App, public", "app"),
            ("\"Tenant, 1\" , public", "Tenant, 1"),
            ("\"say \"\"hi\"\"\"", "say \"hi\""),
            ("", "public"),
        ] {
            let settings = RunnerSettings {
                search_path: path.to_owned(),
                ..RunnerSettings::default()
            };
            assert_eq!(settings.home_schema(), home, "{path}");
        }
    }

    #[test]
    fn a_configured_schema_wins() {
        let settings = RunnerSettings {
            version_schema: Some("meta".to_owned()),
            ..RunnerSettings::default()
        };
        assert_eq!(settings.home_schema(), "meta");
    }
}
