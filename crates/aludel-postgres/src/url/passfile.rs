//! libpq's password file: `host:port:database:user:password`, `*` for any.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use super::{Host, Password, ServerAddress};

/// The password of the first line that fits; a file that others may read is not used, as in libpq.
pub(super) fn look_up(file: &Path, server: &ServerAddress, database: &str, user: &str) -> Password {
    let Ok(metadata) = fs_err::metadata(file) else {
        return Password::None;
    };
    if !metadata.is_file() {
        return Password::None;
    }
    if metadata.permissions().mode() & 0o077 != 0 {
        return Password::FileTooOpen(file.to_owned());
    }
    let Ok(text) = fs_err::read_to_string(file) else {
        return Password::None;
    };
    let host = match &server.host {
        Host::Name(name) => name.clone(),
        Host::SocketDirectory(directory) => directory.display().to_string(),
    };
    let is_default_socket = ["/var/run/postgresql", "/run/postgresql", "/tmp"].contains(&&*host);
    let port = server.port.to_string();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        let fields = split(line);
        let [line_host, line_port, line_database, line_user, password] = fields.as_slice() else {
            continue;
        };
        let fits = |pattern: &str, value: &str| pattern == "*" || pattern == value;
        let host_fits = fits(line_host, &host) || (is_default_socket && line_host == "localhost");
        if host_fits
            && fits(line_port, &port)
            && fits(line_database, database)
            && fits(line_user, user)
        {
            return Password::Known(password.clone());
        }
    }
    Password::None
}

/// Five fields; `\:` and `\\` stand for the character itself.
fn split(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut characters = line.chars();
    while let Some(character) = characters.next() {
        let last = fields.len() - 1;
        match character {
            '\\' => fields[last].extend(characters.next()),
            ':' if last < 4 => fields.push(String::new()),
            character => fields[last].push(character),
        }
    }
    fields
}
