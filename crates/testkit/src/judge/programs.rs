//! The programs that judge and are judged, on one server: `psql`, `pg_dump` and `aludel`.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use aludel_postgres::{ConnectOptions, DatabaseUrl, Programs, Scratch, ScratchDatabase, Session};

use crate::judge::side::AnyError;

/// A server, and the programs.
#[derive(Debug)]
pub struct Judge {
    scratch: Scratch,
    /// In a database that no case is in.
    keeper: Session,
    client: Programs,
    tool: PathBuf,
}

impl Judge {
    /// `client` holds `psql` and `pg_dump`, `tool` is `aludel`.
    pub async fn new(scratch: Scratch, client: Programs, tool: PathBuf) -> Result<Self, AnyError> {
        let database = scratch.database().await?;
        let keeper = Session::connect(database.url(), &ConnectOptions::default()).await?;
        Ok(Self {
            scratch,
            keeper,
            client,
            tool,
        })
    }

    /// Ends the server.
    pub async fn stop(self) -> Result<(), AnyError> {
        drop(self.keeper);
        Ok(self.scratch.stop().await?)
    }

    /// The server's major version.
    pub fn major(&self) -> u32 {
        self.scratch.server_version_num() / 10_000
    }

    /// Whether `pg_dump` can judge: it dumps no server newer than itself.
    pub fn dumps(&self) -> bool {
        self.client.major() >= self.major()
    }

    /// A database with what a script makes; the inner error is what the server has against it.
    pub(super) async fn loaded(
        &self,
        script: &Path,
    ) -> Result<Result<ScratchDatabase, String>, AnyError> {
        let database = self.scratch.database().await?;
        match self.load(database.url(), script) {
            Ok(()) => Ok(Ok(database)),
            Err(why) => {
                self.close(database).await?;
                Ok(Err(why))
            }
        }
    }

    /// A copy of a database, which no session may be using.
    pub(super) async fn clone_of(
        &self,
        original: &ScratchDatabase,
    ) -> Result<ScratchDatabase, AnyError> {
        Ok(self.scratch.clone_of(original).await?)
    }

    /// Whether the cluster keeps something for a database that is not in its files: subscriptions, settings.
    pub(super) async fn is_kept_outside(
        &self,
        database: &ScratchDatabase,
    ) -> Result<bool, AnyError> {
        let outside = format!(
            "SELECT EXISTS (SELECT FROM pg_subscription WHERE subdbid = d.oid) \
             OR EXISTS (SELECT FROM pg_db_role_setting WHERE setdatabase = d.oid) \
             FROM pg_database d WHERE datname = '{}'",
            database.name()
        );
        Ok(self.keeper.scalar(&outside).await?.as_deref() == Some("t"))
    }

    /// Drops a database; one with a subscription cannot be dropped before that is gone, nor the role that owns it.
    pub(super) async fn close(&self, database: ScratchDatabase) -> Result<(), AnyError> {
        let subscriptions = format!(
            "SELECT quote_ident(subname) FROM pg_subscription s JOIN pg_database d ON d.oid = s.subdbid \
             WHERE d.datname = '{}'",
            database.name()
        );
        let names = self.keeper.rows(&subscriptions).await?;
        if !names.is_empty() {
            let session = Session::connect(database.url(), &ConnectOptions::default()).await?;
            for row in &names {
                let name = row.text(0);
                for statement in [
                    format!("ALTER SUBSCRIPTION {name} DISABLE"),
                    format!("ALTER SUBSCRIPTION {name} SET (slot_name = NONE)"),
                    format!("DROP SUBSCRIPTION {name}"),
                ] {
                    session.execute(&statement).await?;
                }
            }
        }
        database.close().await;
        Ok(())
    }

    /// Roles are the cluster's, and the next case makes its own.
    pub(super) async fn drop_roles(&self) -> Result<(), AnyError> {
        let statements = "SELECT format('DROP ROLE %I', rolname) FROM pg_roles \
                          WHERE rolname !~ '^pg_' AND rolname <> current_user";
        for row in self.keeper.rows(statements).await? {
            self.keeper.execute(row.text(0)).await?;
        }
        Ok(())
    }

    /// Runs a script with `psql`.
    pub(super) fn load(&self, url: &DatabaseUrl, script: &Path) -> Result<(), String> {
        let mut psql = self.psql(url);
        psql.arg("-f").arg(script);
        output(&mut psql).map(drop)
    }

    /// What `psql` answers to the queries of a file.
    pub(super) fn answers_of(&self, url: &DatabaseUrl, queries: &Path) -> Result<String, String> {
        let mut psql = self.psql(url);
        output(psql.arg("-At").arg("-f").arg(queries))
    }

    fn psql(&self, url: &DatabaseUrl) -> Command {
        let mut psql = self.client.command("psql");
        psql.args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d"])
            .arg(url.to_connection_string());
        psql
    }

    /// What `pg_dump -s` says, where it can judge.
    pub(super) fn dump(&self, url: &DatabaseUrl) -> Result<Option<String>, String> {
        if !self.dumps() {
            return Ok(None);
        }
        let mut pg_dump = self.client.command("pg_dump");
        output(pg_dump.args(["-s", "-d", &url.to_connection_string()])).map(Some)
    }

    /// What `aludel` prints.
    pub(super) fn aludel<I: AsRef<std::ffi::OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = I>,
    ) -> Result<String, String> {
        output(Command::new(&self.tool).args(arguments))
    }
}

fn output(command: &mut Command) -> Result<String, String> {
    let Output {
        status,
        stdout,
        stderr,
    } = command
        .output()
        .map_err(|error| format!("{command:?}: {error}"))?;
    if status.success() {
        Ok(String::from_utf8_lossy(&stdout).into_owned())
    } else {
        Err(String::from_utf8_lossy(&stderr).into_owned())
    }
}
