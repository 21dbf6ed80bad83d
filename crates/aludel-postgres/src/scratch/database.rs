//! What is done on a scratch server: create, copy and drop databases of ours, and none but ours.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::random;
use crate::session::{ConnectOptions, Session};
use crate::url::DatabaseUrl;

use super::ScratchError;

/// What the names of our databases begin with.
pub const NAME_PREFIX: &str = "aludel_scratch_";

/// `insufficient_privilege`
const MAY_NOT: &str = "42501";

/// How databases are made on this server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Custody {
    /// The server is ours: files are copied, nothing needs a mark.
    Private,
    /// Others use the server: each database carries this mark, by which a later run knows it.
    Shared { mark: String },
}

/// The session that gives orders, and what was made through it.
#[derive(Debug)]
pub(super) struct Administration {
    session: Session,
    custody: Custody,
    made: Mutex<BTreeSet<String>>,
    this: std::sync::Weak<Self>,
}

/// How administration connects: with limits, since the server may be the user's own.
pub(super) fn administration_options() -> ConnectOptions {
    ConnectOptions {
        application_name: "aludel scratch".to_owned(),
        settings: vec![
            ("lock_timeout".to_owned(), "10s".to_owned()),
            ("statement_timeout".to_owned(), "2min".to_owned()),
            ("client_min_messages".to_owned(), "warning".to_owned()),
        ],
        ..ConnectOptions::default()
    }
}

impl Administration {
    pub(super) fn new(session: Session, custody: Custody) -> Arc<Self> {
        Arc::new_cyclic(|this| Self {
            session,
            custody,
            made: Mutex::default(),
            this: this.clone(),
        })
    }

    pub(super) fn server_version_num(&self) -> u32 {
        self.session.server_version_num()
    }

    /// The names of the databases that still stand.
    pub(super) fn databases(&self) -> Vec<String> {
        self.with_made(|made| made.iter().cloned().collect())
    }

    /// Makes a database as a copy of another.
    pub(super) async fn create(&self, template: &str) -> Result<ScratchDatabase, ScratchError> {
        let name = format!("{NAME_PREFIX}{}", random::hexadecimal(8)?);
        let strategy = match self.custody {
            // Copying files forces checkpoints, which is nothing here and much on a busy server.
            Custody::Private if self.server_version_num() >= 150_000 => " STRATEGY file_copy",
            Custody::Private | Custody::Shared { .. } => "",
        };
        let sql = format!("CREATE DATABASE {name} TEMPLATE {template}{strategy}");
        if let Err(error) = self.session.execute(&sql).await {
            return Err(if error.is(MAY_NOT) {
                ScratchError::MayNotCreate {
                    role: self.session.user().to_owned(),
                    server: self.session.url().to_string(),
                }
            } else {
                error.into()
            });
        }
        self.with_made(|made| made.insert(name.clone()));
        if let Custody::Shared { mark } = &self.custody {
            let mark = crate::quote::literal(mark);
            self.session
                .execute(&format!("COMMENT ON DATABASE {name} IS {mark}"))
                .await?;
        }
        Ok(ScratchDatabase {
            url: self.session.url().with_database(&name),
            name,
            // The value that is borrowed here is inside that very `Arc`.
            administration: self.this.clone(),
        })
    }

    /// Waits for sessions that are just ending. PostgreSQL would wait too, in steps of 100 ms.
    pub(super) async fn wait_until_unused(&self, database: &str) -> Result<(), ScratchError> {
        let sql = format!(
            "SELECT count(*) FROM pg_catalog.pg_stat_activity WHERE datname = {}",
            crate::quote::literal(database)
        );
        let begun = Instant::now();
        loop {
            let sessions = self.session.scalar(&sql).await?.unwrap_or_default();
            if sessions == "0" {
                return Ok(());
            }
            if begun.elapsed() > Duration::from_secs(2) {
                return Err(ScratchError::InUse {
                    database: database.to_owned(),
                    sessions,
                });
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    }

    /// Ends the sessions on a database of ours.
    pub(super) async fn disconnect(&self, database: &str) -> Result<(), ScratchError> {
        let sql = format!(
            "SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity WHERE datname = {}",
            crate::quote::literal(database)
        );
        self.session.rows(&sql).await?;
        self.wait_until_unused(database).await
    }

    /// Drops one database of ours.
    async fn drop_database(&self, name: &str) -> Result<(), ScratchError> {
        assert!(
            name.starts_with(NAME_PREFIX),
            "only scratch databases are ever dropped"
        );
        let is_ours = self.with_made(|made| made.contains(name));
        if is_ours {
            self.session
                .execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
                .await?;
            self.with_made(|made| made.remove(name));
        }
        Ok(())
    }

    /// Drops all that still stand; the first error is returned after all were tried.
    pub(super) async fn drop_all(&self) -> Result<(), ScratchError> {
        let mut result = Ok(());
        for name in self.databases() {
            let dropped = self.drop_database(&name).await;
            result = result.and(dropped);
        }
        result
    }

    fn with_made<R>(&self, action: impl FnOnce(&mut BTreeSet<String>) -> R) -> R {
        action(&mut self.made.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// One scratch database. [`ScratchDatabase::close`] drops it now; otherwise it goes with its
/// [`Scratch`](super::Scratch).
#[derive(Debug)]
pub struct ScratchDatabase {
    url: DatabaseUrl,
    name: String,
    administration: std::sync::Weak<Administration>,
}

impl ScratchDatabase {
    /// Where it is.
    pub fn url(&self) -> &DatabaseUrl {
        &self.url
    }

    /// Its name, which begins with `aludel_scratch_` and needs no quotes.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Drops it, and the sessions that still use it. A failure is left to the end of the scratch.
    pub async fn close(self) {
        if let Some(administration) = self.administration.upgrade() {
            let _ = administration.drop_database(&self.name).await;
        }
    }
}
