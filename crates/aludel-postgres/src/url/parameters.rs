//! The parameters of a connection: libpq's keywords, their variables, their defaults.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rustix::process::geteuid;

use super::{Environment, Host, ServerAddress, SslMode};

/// Why a connection string cannot be used. Never holds a password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UrlError {
    /// The scheme is not one of PostgreSQL's.
    #[error("database URL has the scheme `{scheme}`, not `postgresql`")]
    Scheme {
        /// What stands before `://`.
        scheme: String,
    },
    /// A keyword that PostgreSQL does not know.
    #[error("database URL has an unknown parameter `{name}`")]
    UnknownParameter {
        /// The keyword.
        name: String,
    },
    /// A keyword of libpq that Aludel cannot honour; to ignore it would weaken the connection.
    #[error("database URL has the parameter `{name}`, which is not supported")]
    UnsupportedParameter {
        /// The keyword.
        name: String,
    },
    /// A value outside what its keyword allows.
    #[error("database URL parameter `{name}` cannot be `{value}`: expected {expected}")]
    InvalidValue {
        /// The keyword.
        name: String,
        /// What was given.
        value: String,
        /// What would do.
        expected: &'static str,
    },
    /// The text does not follow the form; `reason` names the place, not the text.
    #[error("database URL is malformed: {reason}")]
    Malformed {
        /// What is wrong.
        reason: &'static str,
    },
    /// `service=` names a service that no service file defines.
    #[error("service `{service}` is not defined in {files}")]
    UnknownService {
        /// The service's name.
        service: String,
        /// The files that were read.
        files: String,
    },
    /// A service file with a line that cannot be read.
    #[error("{file}:{line}: {reason}")]
    ServiceFile {
        /// The file.
        file: String,
        /// The line, 1-based.
        line: usize,
        /// What is wrong with it.
        reason: String,
    },
}

/// What Aludel does with a keyword.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Use {
    Honoured,
    /// Harmless to ignore: it cannot change what the connection means or how safe it is.
    Ignored,
    Refused,
}

/// libpq's keywords, with the environment variable that stands in for each.
const KEYWORDS: &[(&str, Option<&str>, Use)] = &[
    ("application_name", Some("PGAPPNAME"), Use::Honoured),
    ("channel_binding", Some("PGCHANNELBINDING"), Use::Honoured),
    ("client_encoding", Some("PGCLIENTENCODING"), Use::Ignored),
    ("connect_timeout", Some("PGCONNECT_TIMEOUT"), Use::Honoured),
    ("dbname", Some("PGDATABASE"), Use::Honoured),
    ("fallback_application_name", None, Use::Ignored),
    ("gssdelegation", Some("PGGSSDELEGATION"), Use::Ignored),
    ("gssencmode", Some("PGGSSENCMODE"), Use::Ignored),
    ("gsslib", Some("PGGSSLIB"), Use::Ignored),
    ("host", Some("PGHOST"), Use::Honoured),
    ("hostaddr", Some("PGHOSTADDR"), Use::Honoured),
    ("keepalives", None, Use::Honoured),
    ("keepalives_count", None, Use::Ignored),
    ("keepalives_idle", None, Use::Honoured),
    ("keepalives_interval", None, Use::Ignored),
    ("krbsrvname", Some("PGKRBSRVNAME"), Use::Ignored),
    (
        "load_balance_hosts",
        Some("PGLOADBALANCEHOSTS"),
        Use::Ignored,
    ),
    (
        "max_protocol_version",
        Some("PGMAXPROTOCOLVERSION"),
        Use::Ignored,
    ),
    (
        "min_protocol_version",
        Some("PGMINPROTOCOLVERSION"),
        Use::Ignored,
    ),
    ("options", Some("PGOPTIONS"), Use::Honoured),
    ("passfile", Some("PGPASSFILE"), Use::Honoured),
    ("password", Some("PGPASSWORD"), Use::Honoured),
    ("port", Some("PGPORT"), Use::Honoured),
    ("replication", None, Use::Refused),
    ("require_auth", Some("PGREQUIREAUTH"), Use::Refused),
    ("requirepeer", Some("PGREQUIREPEER"), Use::Refused),
    ("service", Some("PGSERVICE"), Use::Honoured),
    (
        "ssl_max_protocol_version",
        Some("PGSSLMAXPROTOCOLVERSION"),
        Use::Ignored,
    ),
    (
        "ssl_min_protocol_version",
        Some("PGSSLMINPROTOCOLVERSION"),
        Use::Ignored,
    ),
    ("sslcert", Some("PGSSLCERT"), Use::Honoured),
    ("sslcertmode", Some("PGSSLCERTMODE"), Use::Ignored),
    ("sslcompression", Some("PGSSLCOMPRESSION"), Use::Ignored),
    ("sslcrl", Some("PGSSLCRL"), Use::Refused),
    ("sslcrldir", Some("PGSSLCRLDIR"), Use::Refused),
    ("sslkey", Some("PGSSLKEY"), Use::Honoured),
    ("sslmode", Some("PGSSLMODE"), Use::Honoured),
    ("sslnegotiation", Some("PGSSLNEGOTIATION"), Use::Honoured),
    ("sslpassword", None, Use::Refused),
    ("sslrootcert", Some("PGSSLROOTCERT"), Use::Honoured),
    ("sslsni", Some("PGSSLSNI"), Use::Ignored),
    (
        "target_session_attrs",
        Some("PGTARGETSESSIONATTRS"),
        Use::Honoured,
    ),
    ("tcp_user_timeout", None, Use::Ignored),
    ("user", Some("PGUSER"), Use::Honoured),
];

/// Where PostgreSQL's builds put their socket; the first that has one is used.
const SOCKET_DIRECTORIES: &[&str] = &["/var/run/postgresql", "/run/postgresql", "/tmp"];

/// Keyword → value; ordered, so that whatever is written from it is stable.
#[derive(Clone, Default, PartialEq, Eq)]
pub(super) struct Parameters(BTreeMap<String, String>);

impl Parameters {
    pub(super) fn get(&self, keyword: &str) -> Option<&str> {
        self.0.get(keyword).map(String::as_str)
    }

    pub(super) fn set(&mut self, keyword: &str, value: String) {
        self.0.insert(keyword.to_owned(), value);
    }

    pub(super) fn remove(&mut self, keyword: &str) {
        self.0.remove(keyword);
    }

    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0
            .iter()
            .map(|(keyword, value)| (keyword.as_str(), value.as_str()))
    }

    /// Takes a keyword that a person wrote; unknown ones are errors, harmless ones are dropped.
    pub(super) fn state(&mut self, keyword: &str, value: String) -> Result<(), UrlError> {
        let known = KEYWORDS.iter().find(|(name, _, _)| *name == keyword);
        match known.map(|(_, _, usage)| *usage) {
            Some(Use::Honoured) => self.set(keyword, value),
            Some(Use::Ignored) => {}
            Some(Use::Refused) => {
                return Err(UrlError::UnsupportedParameter {
                    name: keyword.to_owned(),
                });
            }
            None => {
                return Err(UrlError::UnknownParameter {
                    name: keyword.to_owned(),
                });
            }
        }
        Ok(())
    }

    pub(super) fn complete_from_environment(&mut self, environment: &Environment) {
        for (keyword, variable, usage) in KEYWORDS {
            // A stated host without its address must not meet the address of another host.
            let belongs_to_other_host = *keyword == "hostaddr" && self.0.contains_key("host");
            if *usage == Use::Honoured
                && !belongs_to_other_host
                && !self.0.contains_key(*keyword)
                && let Some(value) = variable.and_then(environment)
                && !value.is_empty()
            {
                self.set(keyword, value);
            }
        }
    }

    pub(super) fn complete_defaults(&mut self, environment: &Environment) {
        self.remove("service");
        let present = |parameters: &Self, keyword| {
            parameters
                .get(keyword)
                .is_some_and(|value| !value.is_empty())
        };
        if !present(self, "port") {
            self.set("port", "5432".to_owned());
        }
        if !present(self, "user") {
            self.set("user", operating_system_user(environment));
        }
        if !present(self, "dbname") {
            let user = self.get("user").unwrap_or_default().to_owned();
            self.set("dbname", user);
        }
        if !present(self, "host") {
            let host = match self.get("hostaddr") {
                Some(address) => address.to_owned(),
                None => default_host(self.get("port").unwrap_or("5432")),
            };
            self.set("host", host);
        }
        if !present(self, "passfile")
            && let Some(home) = environment("HOME")
        {
            let file = Path::new(&home).join(".pgpass");
            if file.is_file() {
                self.set("passfile", file.display().to_string());
            }
        }
    }

    pub(super) fn validate(&self) -> Result<(), UrlError> {
        let port_count = self.list("port").len();
        let host_count = self.list("host").len();
        if port_count > 1 && port_count != host_count {
            return Err(UrlError::Malformed {
                reason: "the number of ports differs from the number of hosts",
            });
        }
        for port in self.list("port") {
            if port.parse::<u16>().is_ok_and(|number| number > 0) || port.is_empty() {
                continue;
            }
            return Err(invalid("port", port, "a number from 1 to 65535"));
        }
        if let Some(mode) = self.get("sslmode")
            && parse_ssl_mode(mode).is_none()
        {
            return Err(invalid(
                "sslmode",
                mode,
                "disable, allow, prefer, require, verify-ca or verify-full",
            ));
        }
        if let Some(seconds) = self.get("connect_timeout")
            && seconds.parse::<i64>().is_err()
        {
            return Err(invalid("connect_timeout", seconds, "a number of seconds"));
        }
        Ok(())
    }

    pub(super) fn ssl_mode(&self) -> SslMode {
        let stated = self.get("sslmode").and_then(parse_ssl_mode);
        let system_authorities = self.get("sslrootcert") == Some("system");
        // libpq: the system's authorities are meaningless without a check of the host name.
        let default = if system_authorities {
            SslMode::VerifyFull
        } else {
            SslMode::Prefer
        };
        stated.unwrap_or(default)
    }

    fn list(&self, keyword: &str) -> Vec<&str> {
        self.get(keyword)
            .map(|value| value.split(',').map(str::trim).collect())
            .unwrap_or_default()
    }

    pub(super) fn servers(&self) -> Vec<ServerAddress> {
        let ports = self.list("port");
        let addresses = self.list("hostaddr");
        self.list("host")
            .into_iter()
            .enumerate()
            .map(|(index, host)| ServerAddress {
                host: if host.starts_with('/') || host.starts_with('@') {
                    Host::SocketDirectory(PathBuf::from(host))
                } else {
                    Host::Name(host.to_owned())
                },
                address: addresses
                    .get(index)
                    .filter(|address| !address.is_empty())
                    .map(|address| (*address).to_owned()),
                port: ports
                    .get(index)
                    .or(ports.first())
                    .and_then(|port| port.parse().ok())
                    .unwrap_or(5432),
            })
            .collect()
    }
}

fn invalid(name: &str, value: &str, expected: &'static str) -> UrlError {
    UrlError::InvalidValue {
        name: name.to_owned(),
        value: value.to_owned(),
        expected,
    }
}

fn parse_ssl_mode(text: &str) -> Option<SslMode> {
    Some(match text {
        "disable" => SslMode::Disable,
        "allow" => SslMode::Allow,
        "prefer" => SslMode::Prefer,
        "require" => SslMode::Require,
        "verify-ca" => SslMode::VerifyCa,
        "verify-full" => SslMode::VerifyFull,
        _ => return None,
    })
}

fn default_host(port: &str) -> String {
    SOCKET_DIRECTORIES
        .iter()
        .find(|directory| {
            Path::new(directory)
                .join(format!(".s.PGSQL.{port}"))
                .exists()
        })
        .map_or_else(
            || "localhost".to_owned(),
            |directory| (*directory).to_owned(),
        )
}

fn operating_system_user(environment: &Environment) -> String {
    crate::account::Account::by_uid(geteuid().as_raw())
        .map(|account| account.name)
        .or_else(|| environment("USER"))
        .unwrap_or_else(|| "postgres".to_owned())
}
