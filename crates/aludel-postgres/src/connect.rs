//! Opens the connection of a [`Session`](crate::Session): each server of the URL in turn, with the
//! TLS that `sslmode` asks for.

use std::net::IpAddr;
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio_postgres::config::{
    ChannelBinding, Config, SslMode as ClientSslMode, SslNegotiation, TargetSessionAttrs,
};
use tokio_postgres::{Client, Connection, NoTls};

use crate::error::{ConnectError, ConnectFailure, StatementReport, root_cause};
use crate::session::{ConnectOptions, Link};
use crate::tls;
use crate::url::{DatabaseUrl, Host, Password, ServerAddress, SslMode};

/// A connection that stands, before its task runs.
pub(crate) struct Opened {
    pub(crate) client: Client,
    pub(crate) link: Link,
    pub(crate) server_version: String,
    pub(crate) encryption: Encryption,
}

/// Whether TLS was asked for: a cancel request then asks for it too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encryption {
    None,
    Tls,
}

/// Tries the servers in order; the error is the last server's.
pub(crate) async fn open(
    url: &DatabaseUrl,
    options: &ConnectOptions,
) -> Result<Opened, ConnectError> {
    let mut last = (
        String::new(),
        ConnectFailure::Unreachable("no server is named".to_owned()),
    );
    for server in url.servers() {
        match open_server(url, &server, options).await {
            Ok(opened) => return Ok(opened),
            Err(failure) => last = (server.to_string(), failure),
        }
    }
    let (server, failure) = last;
    Err(ConnectError {
        target: url.to_string(),
        server,
        failure: Box::new(failure),
    })
}

async fn open_server(
    url: &DatabaseUrl,
    server: &ServerAddress,
    options: &ConnectOptions,
) -> Result<Opened, ConnectFailure> {
    let (first, second) = match (&server.host, url.ssl_mode()) {
        (Host::SocketDirectory(_), _) | (_, SslMode::Disable) => (ClientSslMode::Disable, None),
        (_, SslMode::Allow) => (ClientSslMode::Disable, Some(ClientSslMode::Require)),
        // The second try is for a server that offers TLS and then fails at it.
        (_, SslMode::Prefer) => (ClientSslMode::Prefer, Some(ClientSslMode::Disable)),
        (_, SslMode::Require | SslMode::VerifyCa | SslMode::VerifyFull) => {
            (ClientSslMode::Require, None)
        }
    };
    let failure = match attempt(url, server, first, options).await {
        Ok(opened) => return Ok(opened),
        Err(failure) => failure,
    };
    match second {
        // The first failure is the one to report: the second try only rules TLS out.
        Some(mode) if worth_other_tls(&failure) => attempt(url, server, mode, options)
            .await
            .map_err(|_| failure),
        _ => Err(failure),
    }
}

/// `pg_hba.conf` answers "no entry … no encryption" (28000) to the wrong kind of connection.
fn worth_other_tls(failure: &ConnectFailure) -> bool {
    match failure {
        ConnectFailure::Tls(_) => true,
        ConnectFailure::Authentication { message, .. } => message.contains("pg_hba.conf"),
        _ => false,
    }
}

async fn attempt(
    url: &DatabaseUrl,
    server: &ServerAddress,
    mode: ClientSslMode,
    options: &ConnectOptions,
) -> Result<Opened, ConnectFailure> {
    let timeout = url.connect_timeout().unwrap_or(options.connect_timeout);
    let config = client_config(url, server, mode, options)?;
    let opening = async {
        let explain = |error| explain(url, server, &error);
        if mode == ClientSslMode::Disable {
            let (client, connection) = config.connect(NoTls).await.map_err(explain)?;
            Ok(finish(client, connection, Encryption::None))
        } else {
            let connector = tls::connector(url).map_err(ConnectFailure::Tls)?;
            let (client, connection) = config.connect(connector).await.map_err(explain)?;
            Ok(finish(client, connection, Encryption::Tls))
        }
    };
    tokio::time::timeout(timeout, opening)
        .await
        .unwrap_or(Err(ConnectFailure::TimedOut(timeout.as_secs())))
}

fn finish<S, T>(client: Client, connection: Connection<S, T>, encryption: Encryption) -> Opened
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
    T: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let server_version = connection
        .parameter("server_version")
        .unwrap_or_default()
        .to_owned();
    Opened {
        client,
        link: Link::spawn(connection),
        server_version,
        encryption,
    }
}

fn client_config(
    url: &DatabaseUrl,
    server: &ServerAddress,
    mode: ClientSslMode,
    options: &ConnectOptions,
) -> Result<Config, ConnectFailure> {
    let mut config = Config::new();
    config.user(url.user()).dbname(url.database());
    match &server.host {
        Host::Name(name) => config.host(name),
        Host::SocketDirectory(directory) => config.host_path(directory),
    };
    if let Some(address) = &server.address {
        let address: IpAddr = address.parse().map_err(|_| {
            ConnectFailure::Unreachable(format!("`hostaddr` is not an address: {address}"))
        })?;
        config.hostaddr(address);
    }
    config.port(server.port).ssl_mode(mode);
    if let Password::Known(password) = url.password_for(server) {
        config.password(password);
    }
    config.application_name(
        url.parameter("application_name")
            .unwrap_or(&options.application_name),
    );
    if let Some(settings) = url.parameter("options") {
        config.options(settings);
    }
    if url.parameter("sslnegotiation") == Some("direct") && mode == ClientSslMode::Require {
        config.ssl_negotiation(SslNegotiation::Direct);
    }
    if url.parameter("keepalives") == Some("0") {
        config.keepalives(false);
    }
    let idle = url
        .parameter("keepalives_idle")
        .and_then(|text| text.parse().ok());
    // A statement may run for an hour in silence; routers forget a connection sooner than that.
    config.keepalives_idle(Duration::from_secs(idle.unwrap_or(60)));
    config.channel_binding(match url.parameter("channel_binding") {
        Some("disable") => ChannelBinding::Disable,
        Some("require") => ChannelBinding::Require,
        _ => ChannelBinding::Prefer,
    });
    config.target_session_attrs(match url.parameter("target_session_attrs") {
        Some("read-write" | "primary") => TargetSessionAttrs::ReadWrite,
        Some("read-only" | "standby") => TargetSessionAttrs::ReadOnly,
        _ => TargetSessionAttrs::Any,
    });
    Ok(config)
}

fn explain(
    url: &DatabaseUrl,
    server: &ServerAddress,
    error: &tokio_postgres::Error,
) -> ConnectFailure {
    let Some(answer) = error.as_db_error() else {
        return explain_client(url, server, error);
    };
    match answer.code().code() {
        "28P01" | "28000" => refused(url, server, answer.message().to_owned()),
        "3D000" => ConnectFailure::NoDatabase(url.database().to_owned()),
        _ => ConnectFailure::Server(StatementReport::from_server("", answer).into()),
    }
}

/// The client reports its own failures in words only, with a stable prefix for each kind.
fn explain_client(
    url: &DatabaseUrl,
    server: &ServerAddress,
    error: &tokio_postgres::Error,
) -> ConnectFailure {
    let whole = error.to_string();
    let reason = root_cause(error);
    if whole.starts_with("error performing TLS handshake") {
        ConnectFailure::Tls(reason)
    } else if whole.starts_with("authentication error") || reason.contains("password") {
        refused(url, server, reason)
    } else {
        ConnectFailure::Unreachable(reason)
    }
}

fn refused(url: &DatabaseUrl, server: &ServerAddress, message: String) -> ConnectFailure {
    ConnectFailure::Authentication {
        user: url.user().to_owned(),
        message,
        hint: password_hint(url, server),
    }
}

fn password_hint(url: &DatabaseUrl, server: &ServerAddress) -> Option<String> {
    match url.password_for(server) {
        Password::Known(_) => None,
        Password::None => Some(
            "no password was given: put one in the URL, in PGPASSWORD or in ~/.pgpass".to_owned(),
        ),
        Password::FileTooOpen(file) => Some(format!(
            "{0} was not used because others may read it: run `chmod 600 {0}`",
            file.display()
        )),
    }
}
