//! One schema in a database: loaded, and what judges need to know of it.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use aludel_catalog::Catalog;
use aludel_postgres::{
    ConnectOptions, DatabaseUrl, Hidden, Programs, Scratch, ScratchDatabase, Session, introspect,
};

use crate::name::quoted;
use crate::schema::{Key, ROLES, Schema};

/// What PostgreSQL says of each object.
pub type Fingerprint = BTreeSet<(String, String)>;

const FINGERPRINT: &str = include_str!("fingerprint.sql");

/// Something of the judge's own went wrong.
pub type AnyError = Box<dyn std::error::Error + Send + Sync>;

/// A server with the roles that schemas speak of.
#[derive(Debug)]
pub struct Server {
    /// The server.
    pub scratch: Scratch,
    /// Its major version.
    pub major: u32,
    /// `pg_dump` that is not older, when there is one.
    pub client: Option<Programs>,
}

impl Server {
    /// Makes the roles. `client` is dropped when it is older than the server.
    pub async fn new(scratch: Scratch, client: Option<Programs>) -> Result<Self, AnyError> {
        let major = scratch.server_version_num() / 10_000;
        let database = scratch.database().await?;
        let session = Session::connect(database.url(), &ConnectOptions::default()).await?;
        for role in ROLES {
            session
                .execute(&format!("CREATE ROLE {}", quoted(role)))
                .await?;
        }
        drop(session);
        database.close().await;
        let client = client.filter(|client| client.major() >= major);
        Ok(Self {
            scratch,
            major,
            client,
        })
    }
}

/// A database with a schema.
#[derive(Debug)]
pub struct Side {
    /// The database.
    pub database: ScratchDatabase,
    /// A session in it, with an empty search path.
    pub session: Session,
    /// The schema without what the server refused.
    pub schema: Schema,
    /// What the server refused, and why.
    pub refused: Vec<(Key, String)>,
    /// The rows that it took.
    pub rows: Vec<String>,
}

impl Side {
    /// Loads a schema, then rows.
    pub async fn load(server: &Server, schema: &Schema, rows: &[String]) -> Result<Self, AnyError> {
        let database = server.scratch.database().await?;
        let session = connect(database.url()).await?;
        let mut side = Self {
            database,
            session,
            schema: schema.clone(),
            refused: Vec::new(),
            rows: Vec::new(),
        };
        side.load_items().await;
        for row in rows {
            if side.session.execute(row).await.is_ok() {
                side.rows.push(row.clone());
            }
        }
        Ok(side)
    }

    /// What the server refuses leaves the schema, with all that needs it.
    async fn load_items(&mut self) {
        let mut loaded: BTreeSet<Key> = BTreeSet::new();
        loop {
            let statements = self.schema.statements();
            let mut refused = None;
            for (key, statements) in statements {
                if statements.is_empty() || !loaded.insert(key) {
                    continue;
                }
                if let Err(error) = self.session.execute(&statements.join(";\n")).await {
                    refused = Some((key, format!("{error}\n{}", statements.join(";\n"))));
                    break;
                }
            }
            let Some((key, why)) = refused else {
                return;
            };
            self.schema.items.remove(&key);
            self.schema.tidy();
            self.refused.push((key, why));
        }
    }

    /// The catalog that Aludel reads.
    pub async fn catalog(&self) -> Result<Catalog, AnyError> {
        Ok(introspect(&self.session, &Hidden::default()).await?)
    }

    /// What PostgreSQL says of it.
    pub async fn fingerprint(&self) -> Result<Fingerprint, AnyError> {
        let rows = self.session.rows(FINGERPRINT).await?;
        Ok(rows
            .iter()
            .map(|row| (row.text(0).to_owned(), row.text(1).to_owned()))
            .collect())
    }

    /// What `pg_dump -s` says of it, when there is one for this server.
    pub fn dump(&self, server: &Server) -> Result<Option<String>, AnyError> {
        server
            .client
            .as_ref()
            .map(|client| dump(client, self.database.url()))
            .transpose()
    }

    /// Drops the database.
    pub async fn close(self) {
        drop(self.session);
        self.database.close().await;
    }
}

async fn connect(url: &DatabaseUrl) -> Result<Session, AnyError> {
    let settings = [
        ("search_path", "''"),
        ("client_min_messages", "error"),
        ("statement_timeout", "30s"),
        ("lock_timeout", "10s"),
    ];
    let options = ConnectOptions {
        settings: settings
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .to_vec(),
        ..ConnectOptions::default()
    };
    Ok(Session::connect(url, &options).await?)
}

/// `pg_dump -s` of a database.
pub fn dump(client: &Programs, url: &DatabaseUrl) -> Result<String, AnyError> {
    let mut command: Command = client.command("pg_dump");
    let output = command
        .args(["-s", "-d", &url.to_connection_string()])
        .output()?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned().into())
    }
}

/// What differs, a line for each object: `-` what should not be, `+` what should.
pub fn difference(seen: &Fingerprint, wanted: &Fingerprint) -> Option<String> {
    let mut lines: BTreeMap<(&str, bool), &str> = BTreeMap::new();
    lines.extend(
        seen.difference(wanted)
            .map(|(what, value)| ((what.as_str(), false), value.as_str())),
    );
    lines.extend(
        wanted
            .difference(seen)
            .map(|(what, value)| ((what.as_str(), true), value.as_str())),
    );
    let text = lines
        .iter()
        .fold(String::new(), |text, ((what, is_wanted), value)| {
            text + if *is_wanted { "+ " } else { "- " } + what + ": " + value + "\n"
        });
    (!text.is_empty()).then_some(text)
}
