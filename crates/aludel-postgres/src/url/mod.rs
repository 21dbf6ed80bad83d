//! Where a database is: every form of connection string that people already have.
//!
//! A [`DatabaseUrl`] is parsed from a URI (`postgresql://`, `postgres://`, SQLAlchemy's
//! `postgresql+driver://`) or from libpq's `keyword=value` form, then completed as libpq does it: a
//! named service, the `PG*` variables, defaults. It never shows its password.
//!
//! Reading order: [`DatabaseUrl::parse`], then `uri`, `keywords`, `parameters` (what may be said),
//! `service` and `passfile` (the two files of libpq).

mod keywords;
mod parameters;
mod passfile;
mod service;
mod uri;

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use parameters::Parameters;

pub use parameters::UrlError;

/// How much TLS a connection asks for; the meanings are libpq's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SslMode {
    /// Never TLS.
    Disable,
    /// Plain first, TLS when the server insists.
    Allow,
    /// TLS when the server offers it, else plain; certificates are not checked.
    Prefer,
    /// TLS or nothing; certificates are checked only when a root certificate file exists.
    Require,
    /// TLS with a certificate of a known authority.
    VerifyCa,
    /// TLS with a certificate of a known authority for this very host name.
    VerifyFull,
}

/// One server a URL names: the place, the port and the address to use in place of a look-up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ServerAddress {
    /// A host name, or the directory of a unix socket.
    pub host: Host,
    /// An address that replaces the look-up of the host name (`hostaddr`).
    pub address: Option<String>,
    /// The port, also part of a socket's file name.
    pub port: u16,
}

/// A host name or a socket directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Host {
    /// Reached through TCP.
    Name(String),
    /// Reached through the socket file in this directory.
    SocketDirectory(PathBuf),
}

/// Where a database is and as whom to connect; its password is never shown by `Display` or `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct DatabaseUrl {
    parameters: Parameters,
}

/// Looks up an environment variable; tests pass their own.
pub(crate) type Environment<'a> = dyn Fn(&str) -> Option<String> + 'a;

impl DatabaseUrl {
    /// Parses any accepted form and completes it from the service file and the `PG*` variables of
    /// this process; the empty text means "all from the environment".
    pub fn parse(text: &str) -> Result<Self, UrlError> {
        Self::parse_with(text, &|name| std::env::var(name).ok())
    }

    /// As [`DatabaseUrl::parse`] with the environment given by the caller.
    pub(crate) fn parse_with(text: &str, environment: &Environment) -> Result<Self, UrlError> {
        let text = text.trim();
        let mut parameters = if text.contains("://") {
            uri::parse(text)?
        } else {
            keywords::parse(text)?
        };
        service::complete(&mut parameters, environment)?;
        parameters.complete_from_environment(environment);
        parameters.complete_defaults(environment);
        parameters.validate()?;
        Ok(Self { parameters })
    }

    /// A connection through the socket in `directory`, with nothing taken from the environment.
    pub fn for_socket(directory: &Path, port: u16, user: &str, database: &str) -> Self {
        let mut parameters = Parameters::default();
        parameters.set("host", directory.display().to_string());
        parameters.set("port", port.to_string());
        parameters.set("user", user.to_owned());
        parameters.set("dbname", database.to_owned());
        parameters.set("sslmode", "disable".to_owned());
        Self { parameters }
    }

    /// A connection to the loopback interface, with nothing taken from the environment.
    pub fn for_loopback(port: u16, user: &str, database: &str) -> Self {
        let mut url = Self::for_socket(Path::new("127.0.0.1"), port, user, database);
        url.parameters.remove("sslmode");
        url
    }

    /// The same server and user with another database.
    #[must_use]
    pub fn with_database(&self, database: &str) -> Self {
        let mut url = self.clone();
        url.parameters.set("dbname", database.to_owned());
        url
    }

    /// The same with a password.
    #[must_use]
    pub fn with_password(&self, password: &str) -> Self {
        let mut url = self.clone();
        url.parameters.set("password", password.to_owned());
        url
    }

    /// The database's name.
    pub fn database(&self) -> &str {
        self.parameters.get("dbname").unwrap_or_default()
    }

    /// The role that connects.
    pub fn user(&self) -> &str {
        self.parameters.get("user").unwrap_or_default()
    }

    /// The host (or socket directory) as written; several are separated by commas.
    pub fn host(&self) -> &str {
        self.parameters.get("host").unwrap_or_default()
    }

    /// The port of the first server.
    pub fn port(&self) -> u16 {
        self.servers().first().map_or(5432, |server| server.port)
    }

    /// Every server named, in the order they are tried.
    pub fn servers(&self) -> Vec<ServerAddress> {
        self.parameters.servers()
    }

    /// True when each server is reached through a socket file on this machine.
    pub fn is_socket(&self) -> bool {
        self.servers()
            .iter()
            .all(|server| matches!(server.host, Host::SocketDirectory(_)))
    }

    /// The TLS that is asked for.
    pub fn ssl_mode(&self) -> SslMode {
        self.parameters.ssl_mode()
    }

    /// How long to wait for a connection, when the URL says so.
    pub fn connect_timeout(&self) -> Option<Duration> {
        let seconds = self.parameters.get("connect_timeout")?.parse().ok()?;
        (seconds > 0).then(|| Duration::from_secs(seconds))
    }

    /// One of libpq's other parameters, by its keyword.
    pub(crate) fn parameter(&self, keyword: &str) -> Option<&str> {
        self.parameters.get(keyword)
    }

    /// The password for one of the servers: stated, from `PGPASSWORD`, or from the password file.
    pub(crate) fn password_for(&self, server: &ServerAddress) -> Password {
        if let Some(password) = self.parameters.get("password") {
            return Password::Known(password.to_owned());
        }
        let Some(file) = self.parameters.get("passfile") else {
            return Password::None;
        };
        passfile::look_up(Path::new(file), server, self.database(), self.user())
    }

    /// The whole URI with its password: for the environment of child programs, never for a person.
    pub fn to_connection_string(&self) -> String {
        let mut complete = self.clone();
        if let [server] = self.servers().as_slice()
            && let Password::Known(password) = self.password_for(server)
        {
            complete.parameters.set("password", password);
        }
        uri::write(&complete.parameters, uri::Secrets::Written)
    }
}

/// What is known of a password.
pub(crate) enum Password {
    Known(String),
    None,
    /// The password file exists but others may read it, so it is not used, as in libpq.
    FileTooOpen(PathBuf),
}

impl fmt::Display for DatabaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&uri::write(&self.parameters, uri::Secrets::LeftOut))
    }
}

impl fmt::Debug for DatabaseUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "DatabaseUrl({self})")
    }
}

impl FromStr for DatabaseUrl {
    type Err = UrlError;

    fn from_str(text: &str) -> Result<Self, UrlError> {
        Self::parse(text)
    }
}

impl fmt::Display for ServerAddress {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.host {
            Host::Name(name) => write!(formatter, "{name} port {}", self.port),
            Host::SocketDirectory(directory) => {
                write!(
                    formatter,
                    "socket {}/.s.PGSQL.{}",
                    directory.display(),
                    self.port
                )
            }
        }
    }
}

#[cfg(test)]
mod tests;
