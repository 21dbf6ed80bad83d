//! Makes the local data when it is not there, and starts its server.

use std::fs::Permissions;
use std::net::{Ipv4Addr, TcpListener};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::path::Path;

use rustix::process::geteuid;

use crate::account::Account;
use crate::cluster::{self, ClusterError, Launch, child::Lifetime};
use crate::programs::{self, Programs, Search};
use crate::session::{ConnectOptions, Session};
use crate::url::DatabaseUrl;
use crate::{quote, random};

use super::{DATABASE, LocalCluster, LocalError, SUPERUSER};

/// The name of the socket when no port was asked for.
const SOCKET_PORT: u16 = 5432;

/// The extension of a data directory in the making.
const MAKING: &str = "making-";

/// The caller holds the lock and has seen that nothing runs.
pub(super) async fn start(cluster: &LocalCluster, port: Option<u16>) -> Result<(), LocalError> {
    let files = &cluster.files;
    let account = account(cluster)?;
    let programs = choose_programs(cluster)?;
    if let Some(account) = &account
        && let Some(directory) = account.first_unreachable(&files.data_dir)
    {
        return Err(ClusterError::Unreachable {
            account: account.name.clone(),
            directory,
        }
        .into());
    }
    if let Some(port) = port
        && TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_err()
    {
        return Err(LocalError::PortTaken { port });
    }
    if files.major().is_none() {
        make_data(cluster, &programs, account.as_ref())?;
    }
    let socket_dir = files.socket_directory();
    prepare_socket_directory(&socket_dir, account.as_ref())?;
    files.turn_log()?;
    let url = serve(cluster, &programs, account.as_ref(), &socket_dir, port).await?;
    if port.is_some() {
        let session = Session::connect(&url, &ConnectOptions::default()).await?;
        let password = quote::literal(&files.password()?);
        session
            .execute(&format!("ALTER ROLE {SUPERUSER} PASSWORD {password}"))
            .await?;
    }
    files.remember_port(port)?;
    Ok(())
}

/// Starts the server and makes the database when it is missing.
async fn serve(
    cluster: &LocalCluster,
    programs: &Programs,
    account: Option<&Account>,
    socket_dir: &Path,
    port: Option<u16>,
) -> Result<DatabaseUrl, LocalError> {
    let files = &cluster.files;
    let address = port.map_or("", |_| "127.0.0.1");
    let settings = [
        ("listen_addresses", address.to_owned()),
        // A schema of several hundred tables is dropped in one statement in tests.
        ("max_locks_per_transaction", "1024".to_owned()),
    ];
    let socket_port = port.unwrap_or(SOCKET_PORT);
    let mut child = cluster::launch(&Launch {
        programs,
        account,
        data_dir: &files.data_dir,
        socket_dir,
        port: socket_port,
        settings: &settings,
        lifetime: Lifetime::Own,
        log: &files.log,
    })?;
    let administration = DatabaseUrl::for_socket(socket_dir, socket_port, SUPERUSER, "postgres");
    let options = ConnectOptions::default();
    let session =
        cluster::wait_until_ready(&mut child, &administration, &options, &files.log).await?;
    let sql = format!("SELECT 1 FROM pg_catalog.pg_database WHERE datname = '{DATABASE}'");
    if session.scalar(&sql).await?.is_none() {
        session
            .execute(&format!("CREATE DATABASE {DATABASE}"))
            .await?;
    }
    Ok(administration)
}

/// Who runs the server: the owner of the data, else as everywhere.
fn account(cluster: &LocalCluster) -> Result<Option<Account>, LocalError> {
    let data_dir = &cluster.files.data_dir;
    let Ok(metadata) = fs_err::metadata(data_dir) else {
        return Ok(Account::for_servers(&cluster.project_dir));
    };
    let owner = metadata.uid();
    if !geteuid().is_root() {
        if owner == geteuid().as_raw() {
            return Ok(None);
        }
        return Err(LocalError::NotOurs {
            data_dir: data_dir.clone(),
            owner,
        });
    }
    if owner == 0 {
        return Ok(Account::for_servers(&cluster.project_dir));
    }
    let name = Account::by_uid(owner).map_or_else(|| format!("uid {owner}"), |found| found.name);
    Ok(Some(Account {
        name,
        uid: owner,
        gid: metadata.gid(),
    }))
}

/// Programs of the data's own major version.
fn choose_programs(cluster: &LocalCluster) -> Result<Programs, LocalError> {
    let search = Search::new(&cluster.project_dir, &cluster.cache_dir);
    let data_major = cluster.files.major();
    let wanted = data_major.or(cluster.major);
    let programs = programs::choose_programs(&search, wanted).ok_or(LocalError::NoPrograms)?;
    match data_major {
        Some(data_major) if programs.major() != data_major => Err(LocalError::WrongMajor {
            data_dir: cluster.files.data_dir.clone(),
            data_major,
            program_major: programs.major(),
        }),
        _ => Ok(programs),
    }
}

/// Runs `initdb` beside the final place and renames: the data is complete or absent.
fn make_data(
    cluster: &LocalCluster,
    programs: &Programs,
    account: Option<&Account>,
) -> Result<(), LocalError> {
    let data_dir = &cluster.files.data_dir;
    if data_dir.exists() {
        return Err(LocalError::NotData {
            data_dir: data_dir.clone(),
        });
    }
    remove_half_made(&cluster.files.directory);
    let making = data_dir.with_extension(format!("{MAKING}{}", random::hexadecimal(4)?));
    cluster::private_directory(&making, account)?;
    let more = ["--auth-local=trust", "--auth-host=scram-sha-256"];
    let made = cluster::initialise(programs, account, &making, SUPERUSER, &more);
    if let Err(error) = made {
        // Never served, so nothing of the user's can be in it.
        let _ = fs_err::remove_dir_all(&making);
        return Err(error.into());
    }
    fs_err::rename(&making, data_dir)?;
    Ok(())
}

/// What a start that was killed during `initdb` left: never served, so nothing of the user's is in
/// it. The caller holds the lock.
fn remove_half_made(directory: &Path) {
    let Ok(entries) = fs_err::read_dir(directory) else {
        return;
    };
    for entry in entries.flatten() {
        let name = entry.file_name();
        if name
            .to_string_lossy()
            .starts_with(&format!("pgdata.{MAKING}"))
        {
            let _ = fs_err::remove_dir_all(entry.path());
        }
    }
}

/// The directory is the server account's alone: whoever enters it is the superuser.
fn prepare_socket_directory(directory: &Path, account: Option<&Account>) -> Result<(), LocalError> {
    match fs_err::symlink_metadata(directory) {
        Err(_) => cluster::private_directory(directory, account)?,
        Ok(metadata) => {
            let owner = account.map_or(geteuid().as_raw(), |account| account.uid);
            if !metadata.is_dir() || (metadata.uid() != owner && metadata.uid() != 0) {
                return Err(LocalError::NotOurs {
                    data_dir: directory.to_owned(),
                    owner: metadata.uid(),
                });
            }
            cluster::give_to(directory, account)?;
            fs_err::set_permissions(directory, Permissions::from_mode(0o700))?;
        }
    }
    Ok(())
}
