//! What stands in a project's `.aludel`: the data, its log, the remembered port, the lock.

use std::fs::File;
use std::io;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use rustix::process::geteuid;

use crate::url::DatabaseUrl;
use crate::{cluster, process, random};

use super::{DATABASE, SUPERUSER};

/// The paths of one local database.
#[derive(Clone, Debug)]
pub(super) struct Files {
    /// `.aludel`
    pub(super) directory: PathBuf,
    /// `.aludel/pgdata`
    pub(super) data_dir: PathBuf,
    /// `.aludel/server.log`
    pub(super) log: PathBuf,
}

/// What a running server says of itself in `postmaster.pid`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Running {
    pub(super) pid: i32,
    port: u16,
    socket_dir: PathBuf,
    listens: bool,
}

impl Running {
    pub(super) fn url(&self) -> DatabaseUrl {
        DatabaseUrl::for_socket(&self.socket_dir, self.port, SUPERUSER, DATABASE)
    }

    /// The port on the loopback interface, when it listens there.
    pub(super) fn tcp_port(&self) -> Option<u16> {
        self.listens.then_some(self.port)
    }
}

impl Files {
    pub(super) fn below(project_dir: &Path) -> Self {
        let directory = project_dir.join(".aludel");
        Self {
            data_dir: directory.join("pgdata"),
            log: directory.join("server.log"),
            directory,
        }
    }

    /// Keeps other commands from starting or stopping meanwhile.
    pub(super) fn lock(&self) -> io::Result<File> {
        fs_err::create_dir_all(&self.directory)?;
        let file = fs_err::File::create(self.directory.join("lock"))?
            .into_parts()
            .0;
        file.lock()?;
        Ok(file)
    }

    /// The major version that made the data.
    pub(super) fn major(&self) -> Option<u32> {
        let text = fs_err::read_to_string(self.data_dir.join("PG_VERSION")).ok()?;
        text.trim().parse().ok()
    }

    /// The server of this data, when it accepts connections.
    pub(super) fn running(&self) -> Option<Running> {
        let text = fs_err::read_to_string(self.data_dir.join("postmaster.pid")).ok()?;
        let running = parse_pid_file(&text)?;
        self.is_server(running.pid).then_some(running)
    }

    /// True when this process serves this data; its number alone could be a later process's.
    pub(super) fn is_server(&self, pid: i32) -> bool {
        if !process::exists(pid) {
            return false;
        }
        let data_dir = fs_err::canonicalize(&self.data_dir);
        match (process::working_directory(pid), data_dir) {
            (Some(directory), Ok(data_dir)) => directory == data_dir,
            // Where the system does not tell, the server's own file is all there is.
            (None, _) => !cfg!(target_os = "linux"),
            (Some(_), Err(_)) => false,
        }
    }

    /// Where the socket goes: beside the data, or, when that path is too long for a socket, below
    /// `/tmp` under a name that follows from the data's place.
    pub(super) fn socket_directory(&self) -> PathBuf {
        let beside = self.directory.join("socket");
        if !cluster::too_long_for_socket(&beside) {
            return beside;
        }
        let place = self.data_dir.as_os_str().as_encoded_bytes();
        let hash = place.iter().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3)
        });
        PathBuf::from(format!("/tmp/aludel-{}-{hash:016x}", geteuid().as_raw()))
    }

    /// The port that was asked for once.
    pub(super) fn port(&self) -> Option<u16> {
        let text = fs_err::read_to_string(self.directory.join("port")).ok()?;
        text.trim().parse().ok()
    }

    /// Remembers the port, or forgets it.
    pub(super) fn remember_port(&self, port: Option<u16>) -> io::Result<()> {
        let file = self.directory.join("port");
        match port {
            Some(port) => fs_err::write(file, format!("{port}\n")),
            None if file.exists() => fs_err::remove_file(file),
            None => Ok(()),
        }
    }

    /// The password for connections through TCP, which other accounts of the machine can try.
    pub(super) fn password(&self) -> io::Result<String> {
        let file = self.directory.join("password");
        if let Ok(text) = fs_err::read_to_string(&file) {
            return Ok(text.trim().to_owned());
        }
        let password = random::hexadecimal(16)?;
        let mut options = fs_err::OpenOptions::new();
        options.write(true).create(true).truncate(true);
        fs_err::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut target = options.open(&file)?;
        io::Write::write_all(&mut target, format!("{password}\n").as_bytes())?;
        Ok(password)
    }

    /// The URL for the application.
    pub(super) fn tcp_url(&self, port: u16) -> Option<DatabaseUrl> {
        let password = fs_err::read_to_string(self.directory.join("password")).ok()?;
        let url = DatabaseUrl::for_loopback(port, SUPERUSER, DATABASE);
        Some(url.with_password(password.trim()))
    }

    /// A fresh log; the one before is kept as `server.log.1`.
    pub(super) fn turn_log(&self) -> io::Result<()> {
        if self.log.exists() {
            fs_err::rename(&self.log, self.log.with_extension("log.1"))?;
        }
        // The server writes through a descriptor that we open, so the file stays ours.
        let mut options = File::options();
        options
            .create(true)
            .append(true)
            .mode(0o600)
            .open(&self.log)?;
        Ok(())
    }
}

/// Process, data, start, port, socket directory, address, memory key, state: one a line.
fn parse_pid_file(text: &str) -> Option<Running> {
    let lines: Vec<_> = text.lines().map(str::trim).collect();
    let [
        pid,
        _data,
        _start,
        port,
        socket_dir,
        address,
        _memory,
        state,
    ] = lines.as_slice()
    else {
        return None;
    };
    (*state == "ready").then_some(())?;
    Some(Running {
        pid: pid.parse().ok()?,
        port: port.parse().ok()?,
        socket_dir: PathBuf::from(socket_dir),
        listens: !address.is_empty(),
    })
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Files, parse_pid_file};

    #[test]
    fn a_ready_server_is_read_from_its_file() {
        let text =
            "8699\n/p/.aludel/pgdata\n1795000000\n5432\n/p/.aludel/socket\n\n  1 2\nready   \n";
        let running = parse_pid_file(text).unwrap();
        assert_eq!((running.pid, running.tcp_port()), (8699, None));
        assert_eq!(
            running.url().to_string(),
            "postgresql://postgres@/app?host=/p/.aludel/socket"
        );
        let listening = text.replace("socket\n\n", "socket\n127.0.0.1\n");
        assert_eq!(parse_pid_file(&listening).unwrap().tcp_port(), Some(5432));
        assert_eq!(parse_pid_file(&text.replace("ready", "starting")), None);
        assert_eq!(parse_pid_file("8699\n"), None);
    }

    #[test]
    fn a_long_path_has_its_socket_elsewhere() {
        let near = Files::below(Path::new("/home/me/app"));
        assert_eq!(
            near.socket_directory(),
            Path::new("/home/me/app/.aludel/socket")
        );
        let far = Files::below(&Path::new("/home").join("x".repeat(100)));
        assert!(far.socket_directory().as_os_str().len() < 60);
    }
}
