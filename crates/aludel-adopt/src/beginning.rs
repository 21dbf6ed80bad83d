//! What stands before the first revision that is taken: nothing, what the application makes itself, or what was adopted.

use std::path::PathBuf;
use std::process::Stdio;

use aludel_catalog::identifier::{literal, quote};
use aludel_postgres::ScratchDatabase;
use aludel_prove::apply;
use aludel_revision::{Revision, RevisionId};
use aludel_source::SourceError;
use jiff::{Timestamp, ToSpan as _};
use tokio::process::Command;

use crate::alembic_side::AlembicSide;
use crate::error::AdoptError;
use crate::graph::AlembicRevision;
use crate::recorder::VersionTable;
use crate::recording::{Recording, Transaction};
use crate::scratch::{connect, make_roles, volatile_functions};

/// The id of the revision that a baseline becomes.
pub(crate) const BASELINE: &str = "baseline";

/// Where the walk begins.
#[derive(Debug)]
pub enum Beginning<'a> {
    /// In an empty database.
    Empty,
    /// With what the application makes before Alembic's first revision.
    Baseline(Baseline),
    /// With what the application makes while it is loaded.
    Loaded,
    /// Behind revisions that were adopted earlier.
    Adopted {
        /// Those revisions, in order.
        revisions: Vec<&'a Revision>,
        /// The rows of the version table then.
        rows: Vec<RevisionId>,
        /// The version table.
        version: VersionTable,
    },
}

/// What makes the tables that Alembic's first revision finds.
#[derive(Clone, Debug)]
pub enum Baseline {
    /// A script.
    File(PathBuf),
    /// A command for the shell, which finds the database in `DATABASE_URL` and in libpq's variables.
    Command(String),
}

impl AlembicSide<'_> {
    /// Brings the database to where the walk begins; returns what a baseline did.
    pub(crate) async fn begin(
        &mut self,
        beginning: &Beginning<'_>,
        search_path: &str,
    ) -> Result<Option<Recording>, AdoptError> {
        self.has_baseline = matches!(beginning, Beginning::Baseline(_));
        if let (Beginning::Empty | Beginning::Loaded, Some(error)) = (beginning, &self.loaded.idle)
        {
            return Err(AdoptError::Begin(Box::new(error.clone())));
        }
        match beginning {
            Beginning::Empty => Ok(None),
            Beginning::Loaded => {
                self.database = self.scratch.clone_of(&self.loading).await?;
                Ok(Some(self.made_by_loading.clone()))
            }
            Beginning::Baseline(Baseline::File(path)) => {
                let statements = script(path)?;
                let session = connect(&self.database).await?;
                for statement in &statements {
                    session.execute(statement).await?;
                }
                Ok(Some(Recording {
                    transactions: vec![Transaction {
                        statements,
                        is_autocommit: false,
                    }],
                    ..Recording::default()
                }))
            }
            Beginning::Baseline(Baseline::Command(command)) => {
                Ok(Some(self.command(command).await?))
            }
            Beginning::Adopted {
                revisions,
                rows,
                version,
            } => {
                run_all(&self.database, revisions, search_path).await?;
                self.version = version.clone();
                self.stamp(rows).await?;
                Ok(None)
            }
        }
    }

    async fn command(&mut self, command: &str) -> Result<Recording, AdoptError> {
        self.log.skip();
        let url = self.database.url();
        let (host, port) = (url.host().to_owned(), url.port().to_string());
        let (user, name) = (url.user().to_owned(), self.database.name().to_owned());
        let output = Command::new("sh")
            .args(["-c", command])
            .current_dir(&self.project.folder)
            .env(
                "DATABASE_URL",
                format!("postgresql://{user}@/{name}?host={host}&port={port}"),
            )
            .envs([
                ("PGHOST", &host),
                ("PGPORT", &port),
                ("PGUSER", &user),
                ("PGDATABASE", &name),
            ])
            .stdin(Stdio::null())
            .kill_on_drop(true)
            .output()
            .await?;
        if !output.status.success() {
            return Err(AdoptError::Python(SourceError::Ended {
                command: command.to_owned(),
                outcome: format!("failed ({})", output.status),
                output: String::from_utf8_lossy(&output.stderr).into_owned(),
            }));
        }
        let logged = self.log.read(self.database.name())?;
        self.scratch.disconnect(&self.database).await?;
        let volatile = volatile_functions(&self.database).await?;
        Ok(Recording::whole(&logged, &self.version, &volatile))
    }

    /// Writes the version table as Alembic would have it.
    async fn stamp(&self, rows: &[RevisionId]) -> Result<(), AdoptError> {
        let session = connect(&self.database).await?;
        if let Some(schema) = &self.version.schema {
            let schema = quote(schema);
            session
                .execute(&format!("CREATE SCHEMA IF NOT EXISTS {schema}"))
                .await?;
        }
        let table = self.version.shown();
        session
            .execute(&format!(
                "CREATE TABLE IF NOT EXISTS {table} (version_num varchar(255) NOT NULL PRIMARY KEY)"
            ))
            .await?;
        for row in rows {
            let row = literal(row.as_str());
            session
                .execute(&format!("INSERT INTO {table} VALUES ({row})"))
                .await?;
        }
        Ok(())
    }
}

/// Runs revisions that were adopted earlier.
pub(crate) async fn run_all(
    database: &ScratchDatabase,
    revisions: &[&Revision],
    search_path: &str,
) -> Result<(), AdoptError> {
    let session = connect(database).await?;
    for revision in revisions {
        let section = &revision.body()?.upgrade;
        make_roles(&session, section).await?;
        apply(&session, section, search_path)
            .await
            .map_err(|error| AdoptError::Replay {
                revision: revision.id().clone(),
                error: Box::new(error),
            })?;
    }
    Ok(())
}

/// The statements of a script, without the lines that only `psql` reads.
fn script(path: &PathBuf) -> Result<Vec<String>, AdoptError> {
    let text = fs_err::read_to_string(path)?;
    let lines: Vec<&str> = text
        .lines()
        .filter(|line| !line.starts_with('\\'))
        .collect();
    let file = path.display().to_string();
    let statements =
        aludel_sql::split(&lines.join("\n"), Some(&file)).map_err(SourceError::from)?;
    Ok(statements.into_iter().map(|one| one.text).collect())
}

/// The revision that a baseline becomes, before the first one of Alembic's; none when there is no baseline.
pub(crate) fn revision(
    beginning: &Beginning<'_>,
    first: Timestamp,
) -> Result<Option<AlembicRevision>, AdoptError> {
    let (path, what) = match beginning {
        Beginning::Empty | Beginning::Adopted { .. } => return Ok(None),
        Beginning::Loaded => (
            PathBuf::new(),
            "made by the application while it is loaded".to_owned(),
        ),
        // The message stands in the team's file: where the script is on this machine does not.
        Beginning::Baseline(Baseline::File(path)) => {
            let name = path.file_name().unwrap_or(path.as_os_str());
            (path.clone(), name.display().to_string())
        }
        Beginning::Baseline(Baseline::Command(command)) => (PathBuf::new(), command.clone()),
    };
    Ok(Some(AlembicRevision {
        id: RevisionId::new(BASELINE).map_err(|source| AdoptError::InvalidId {
            path: path.clone(),
            source,
        })?,
        parents: Vec::new(),
        labels: Vec::new(),
        depends_on: Vec::new(),
        after: Vec::new(),
        message: format!("what stood before Alembic's first revision ({what})"),
        created: first.checked_sub(1.second()).unwrap_or(first),
        path,
        checksum: String::new(),
    }))
}
