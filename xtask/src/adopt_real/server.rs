//! The server that both tools work on, reached through TCP as an application reaches one.

use std::io;
use std::net::{Shutdown, TcpListener, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};

use aludel_postgres::{
    DatabaseUrl, EngineChoice, Programs, Scratch, ScratchDatabase, ScratchOptions,
};
use testkit::judge::client::client_programs;

use crate::Failure;

/// Where a database is, as an application is told.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) user: String,
    pub(super) database: String,
}

impl Place {
    /// Where nothing is: who connects there on its own fails.
    pub(super) fn nowhere() -> Self {
        Self {
            host: "127.0.0.1".to_owned(),
            port: 1,
            user: "nobody".to_owned(),
            database: "nothing".to_owned(),
        }
    }

    pub(super) fn url(&self) -> String {
        format!("postgresql://{}", self.at())
    }

    pub(super) fn at(&self) -> String {
        // Some applications take no URL without a password; the server asks for none.
        format!(
            "{}:any@{}:{}/{}",
            self.user, self.host, self.port, self.database
        )
    }
}

/// The server, and the programs that judge.
pub(super) struct Server {
    pub(super) scratch: Scratch,
    pub(super) client: Programs,
    port: u16,
}

impl Server {
    pub(super) async fn start(checkout: &Path, cache: &Path) -> Result<Self, Failure> {
        let scratch = Scratch::start(&ScratchOptions {
            engine: EngineChoice::Native,
            cache_dir: Some(cache.to_owned()),
            ..ScratchOptions::default()
        })
        .await?;
        let major = scratch.server_version_num() / 10_000;
        let client = client_programs(checkout, major)
            .ok_or("pg_dump is missing: make test-setup installs it")?;
        let first = scratch.database().await?;
        let port = forward(socket(first.url()))?;
        first.close().await;
        Ok(Self {
            scratch,
            client,
            port,
        })
    }

    /// Where an application finds a database.
    pub(super) fn place(&self, database: &ScratchDatabase) -> Place {
        Place {
            host: "127.0.0.1".to_owned(),
            port: self.port,
            user: database.url().user().to_owned(),
            database: database.name().to_owned(),
        }
    }
}

fn socket(url: &DatabaseUrl) -> PathBuf {
    Path::new(url.host()).join(format!(".s.PGSQL.{}", url.port()))
}

/// Leads a port of this machine to a socket, as long as this program runs.
fn forward(socket: PathBuf) -> io::Result<u16> {
    let listener = TcpListener::bind(("127.0.0.1", 0))?;
    let port = listener.local_addr()?.port();
    std::thread::spawn(move || {
        for client in listener.incoming().flatten() {
            if let Ok(server) = UnixStream::connect(&socket) {
                // What breaks off ends both ways, and whoever talks sees it.
                let _ = join(&client, &server);
            }
        }
    });
    Ok(port)
}

fn join(client: &TcpStream, server: &UnixStream) -> io::Result<()> {
    client.set_nodelay(true)?;
    let (mut from_client, mut to_server) = (client.try_clone()?, server.try_clone()?);
    let (mut from_server, mut to_client) = (server.try_clone()?, client.try_clone()?);
    std::thread::spawn(move || {
        let _ = io::copy(&mut from_client, &mut to_server);
        let _ = to_server.shutdown(Shutdown::Write);
    });
    std::thread::spawn(move || {
        let _ = io::copy(&mut from_server, &mut to_client);
        let _ = to_client.shutdown(Shutdown::Both);
    });
    Ok(())
}
