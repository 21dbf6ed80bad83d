//! The URI form: `postgresql://user:password@host:port/database?keyword=value`.

use std::fmt::Write as _;

use super::parameters::{Parameters, UrlError};

/// Whether the password is written.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Secrets {
    Written,
    LeftOut,
}

/// Parses libpq's URI and SQLAlchemy's variant with a driver in the scheme.
pub(super) fn parse(text: &str) -> Result<Parameters, UrlError> {
    let (scheme, rest) = text
        .split_once("://")
        .ok_or(UrlError::Malformed { reason: "no `://`" })?;
    let (base, driver) = match scheme.split_once('+') {
        Some((base, driver)) => (base, Some(driver)),
        None => (scheme, None),
    };
    if base != "postgresql" && base != "postgres" {
        return Err(UrlError::Scheme {
            scheme: scheme.to_owned(),
        });
    }
    let (rest, query) = match rest.split_once('?') {
        Some((rest, query)) => (rest, Some(query)),
        None => (rest, None),
    };
    let (authority, database) = split_database(rest);
    let mut parameters = Parameters::default();
    // The last `@` ends the password: people forget to escape the ones inside it.
    let servers = match authority.rsplit_once('@') {
        Some((user_info, servers)) => {
            parse_user_info(user_info, &mut parameters)?;
            servers
        }
        None => authority,
    };
    parse_servers(servers, &mut parameters)?;
    if let Some(database) = database
        && !database.is_empty()
    {
        parameters.set("dbname", decode(database)?);
    }
    if let Some(query) = query {
        parse_query(query, driver, &mut parameters)?;
    }
    Ok(parameters)
}

/// A password may hold `/`, so the path starts at the first `/` after the last `@`.
fn split_database(rest: &str) -> (&str, Option<&str>) {
    let after_user = rest.rfind('@').map_or(0, |at| at + 1);
    match rest[after_user..].find('/') {
        Some(slash) => {
            let slash = after_user + slash;
            (&rest[..slash], Some(&rest[slash + 1..]))
        }
        None => (rest, None),
    }
}

fn parse_user_info(user_info: &str, parameters: &mut Parameters) -> Result<(), UrlError> {
    let (user, password) = match user_info.split_once(':') {
        Some((user, password)) => (user, Some(password)),
        None => (user_info, None),
    };
    if !user.is_empty() {
        parameters.set("user", decode(user)?);
    }
    if let Some(password) = password
        && !password.is_empty()
    {
        parameters.set("password", decode(password)?);
    }
    Ok(())
}

fn parse_servers(servers: &str, parameters: &mut Parameters) -> Result<(), UrlError> {
    if servers.is_empty() {
        return Ok(());
    }
    let mut hosts = Vec::new();
    let mut ports = Vec::new();
    for server in servers.split(',') {
        let (host, port) = split_port(server)?;
        hosts.push(decode(host)?);
        ports.push(port.to_owned());
    }
    if hosts.iter().any(|host| !host.is_empty()) {
        parameters.set("host", hosts.join(","));
    }
    if ports.iter().any(|port| !port.is_empty()) {
        let filled: Vec<_> = ports
            .into_iter()
            .map(|port| {
                if port.is_empty() {
                    "5432".to_owned()
                } else {
                    port
                }
            })
            .collect();
        parameters.set("port", filled.join(","));
    }
    Ok(())
}

fn split_port(server: &str) -> Result<(&str, &str), UrlError> {
    if let Some(rest) = server.strip_prefix('[') {
        let (address, after) = rest.split_once(']').ok_or(UrlError::Malformed {
            reason: "an IPv6 address has no closing `]`",
        })?;
        return match after.strip_prefix(':') {
            Some(port) => Ok((address, port)),
            None if after.is_empty() => Ok((address, "")),
            None => Err(UrlError::Malformed {
                reason: "only a port may follow an IPv6 address",
            }),
        };
    }
    Ok(server.split_once(':').unwrap_or((server, "")))
}

fn parse_query(
    query: &str,
    driver: Option<&str>,
    parameters: &mut Parameters,
) -> Result<(), UrlError> {
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').ok_or(UrlError::Malformed {
            reason: "a parameter after `?` has no `=`",
        })?;
        let (name, value) = (decode(name)?, decode(value)?);
        match (name.as_str(), value.as_str()) {
            ("ssl", "true") => parameters.set("sslmode", "require".to_owned()),
            // asyncpg's word for sslmode.
            ("ssl", _) if driver.is_some() => parameters.set("sslmode", value),
            // SQLAlchemy's form of several hosts: `host=a:5432&host=b:5433`.
            ("host", _) if driver.is_some() && !value.starts_with('/') => {
                add_driver_host(&value, parameters)?;
            }
            _ => match parameters.state(&name, value) {
                // The rest of a SQLAlchemy URL is for the Python driver.
                Err(UrlError::UnknownParameter { .. }) if driver.is_some() => {}
                result => result?,
            },
        }
    }
    Ok(())
}

fn add_driver_host(value: &str, parameters: &mut Parameters) -> Result<(), UrlError> {
    let mut added = Parameters::default();
    parse_servers(value, &mut added)?;
    let join = |present: Option<&str>, new: &str| match present {
        Some(present) => format!("{present},{new}"),
        None => new.to_owned(),
    };
    let had_host = parameters.get("host").is_some();
    if let Some(host) = added.get("host") {
        parameters.set("host", join(parameters.get("host"), host));
    }
    match added.get("port") {
        Some(port) => parameters.set("port", join(parameters.get("port"), port)),
        None if had_host => parameters.set("port", join(parameters.get("port"), "5432")),
        None => {}
    }
    Ok(())
}

/// Writes the URI that [`parse`] reads back.
pub(super) fn write(parameters: &Parameters, secrets: Secrets) -> String {
    let mut text = "postgresql://".to_owned();
    if let Some(user) = parameters.get("user") {
        text.push_str(&encode(user));
        if secrets == Secrets::Written
            && let Some(password) = parameters.get("password")
        {
            text.push(':');
            text.push_str(&encode(password));
        }
        text.push('@');
    }
    let in_query = write_servers(parameters, &mut text);
    text.push('/');
    text.push_str(&encode(parameters.get("dbname").unwrap_or_default()));
    let mut separator = '?';
    for (keyword, value) in parameters.iter() {
        let written = match keyword {
            "user" | "password" | "dbname" => true,
            "port" if value == "5432" => true,
            "host" | "port" => !in_query,
            // It says where the secret is, which only a child program needs to know.
            "passfile" => secrets == Secrets::LeftOut,
            // Implied by the socket.
            "sslmode" => in_query && value == "disable",
            _ => false,
        };
        if !written {
            let _ = write!(text, "{separator}{keyword}={}", encode(value));
            separator = '&';
        }
    }
    text
}

/// Writes `host:port`; true when host and port must stand in the query instead.
fn write_servers(parameters: &Parameters, text: &mut String) -> bool {
    let servers = parameters.servers();
    let [server] = servers.as_slice() else {
        return true;
    };
    match &server.host {
        super::Host::SocketDirectory(_) => true,
        super::Host::Name(name) => {
            if name.contains(':') {
                let _ = write!(text, "[{name}]");
            } else {
                text.push_str(&encode(name));
            }
            let _ = write!(text, ":{}", server.port);
            false
        }
    }
}

fn decode(text: &str) -> Result<String, UrlError> {
    let malformed = UrlError::Malformed {
        reason: "`%` must be followed by two hexadecimal digits; write a literal `%` as `%25`",
    };
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        if byte != b'%' {
            bytes.push(byte);
            rest = after;
            continue;
        }
        let value = after
            .get(..2)
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        let Some(value) = value.filter(|value| *value != 0) else {
            return Err(malformed);
        };
        bytes.push(value);
        rest = &after[2..];
    }
    String::from_utf8(bytes).map_err(|_| UrlError::Malformed {
        reason: "a percent-encoded part is not UTF-8",
    })
}

fn encode(text: &str) -> String {
    let mut encoded = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/,".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}
