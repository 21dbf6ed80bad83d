//! PostgreSQL's own programs on this machine: where they are and which version.
//!
//! A directory counts when `postgres` and `initdb` stand in it together and `postgres --version`
//! answers. Reading order: [`Programs`], [`find_programs`], then `places` (where is looked).

mod memory;
mod places;

use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::session::version_number;

use memory::Memory;
pub use places::Search;

/// The name of the variable through which a program finds shared libraries.
const LIBRARY_PATH: &str = if cfg!(target_os = "macos") {
    "DYLD_LIBRARY_PATH"
} else {
    "LD_LIBRARY_PATH"
};

/// Which kind of place the programs were found in; the order is the order of preference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FoundIn {
    /// A directory of `PATH`.
    Path,
    /// Where the operating system's packages put them.
    System,
    /// The directory that `pg_config` names.
    PgConfig,
    /// Fetched by `aludel db install`.
    Installed,
    /// Inside an installed Python package.
    PythonPackage,
    /// Inside an installed npm package.
    NodePackage,
}

impl fmt::Display for FoundIn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Path => "PATH",
            Self::System => "system packages",
            Self::PgConfig => "pg_config",
            Self::Installed => "aludel db install",
            Self::PythonPackage => "a Python package",
            Self::NodePackage => "an npm package",
        })
    }
}

/// One installation of PostgreSQL's server programs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Programs {
    /// The directory that holds `postgres` and `initdb`.
    pub bin_dir: PathBuf,
    /// The version as `server_version_num` has it: 150018 for 15.18.
    pub version_num: u32,
    /// The kind of place it was found in.
    pub found_in: FoundIn,
    /// Libraries that came with the programs and are found only when told.
    pub lib_dir: Option<PathBuf>,
}

/// A directory that looked like server programs and cannot be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unusable {
    /// The directory.
    pub bin_dir: PathBuf,
    /// Why not.
    pub reason: String,
}

/// All that a search found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Findings {
    /// Usable installations, best first.
    pub usable: Vec<Programs>,
    /// The others.
    pub unusable: Vec<Unusable>,
}

impl Programs {
    /// Looks at one directory, whose version may be remembered.
    fn remembered(
        bin_dir: &Path,
        found_in: FoundIn,
        memory: &mut Memory,
    ) -> Result<Self, Unusable> {
        let postgres = bin_dir.join("postgres");
        if let Some(version_num) = memory.version_num(&postgres)
            && bin_dir.join("initdb").exists()
        {
            return Ok(Self {
                bin_dir: bin_dir.to_owned(),
                version_num,
                found_in,
                lib_dir: own_libraries(bin_dir),
            });
        }
        let programs = Self::at(bin_dir, found_in)?;
        memory.keep(&postgres, programs.version_num);
        Ok(programs)
    }

    /// Looks at one directory and asks its programs for their version.
    pub fn at(bin_dir: &Path, found_in: FoundIn) -> Result<Self, Unusable> {
        let unusable = |reason: String| Unusable {
            bin_dir: bin_dir.to_owned(),
            reason,
        };
        if !bin_dir.join("initdb").exists() {
            return Err(unusable(
                "there is `postgres` but no `initdb` beside it".to_owned(),
            ));
        }
        let mut programs = Self {
            bin_dir: bin_dir.to_owned(),
            version_num: 0,
            found_in,
            lib_dir: own_libraries(bin_dir),
        };
        let output = programs
            .command("postgres")
            .arg("--version")
            .output()
            .map_err(|error| unusable(format!("`postgres --version` does not run: {error}")))?;
        let said = String::from_utf8_lossy(&output.stdout);
        let version = said
            .split_once("(PostgreSQL) ")
            .map_or("", |(_, version)| version);
        programs.version_num = version_number(version);
        if programs.version_num == 0 {
            let complaint = String::from_utf8_lossy(&output.stderr);
            return Err(unusable(format!(
                "`postgres --version` does not answer: {}",
                complaint.lines().next().unwrap_or("no output")
            )));
        }
        Ok(programs)
    }

    /// The major version.
    pub fn major(&self) -> u32 {
        self.version_num / 10_000
    }

    /// The version as people write it: `15.18`.
    pub fn version(&self) -> String {
        format!("{}.{}", self.major(), self.version_num % 10_000)
    }

    /// A program of this installation (`psql`, `pg_dump`), when it is there; npm's packages hold
    /// the server alone.
    pub fn program(&self, name: &str) -> Option<PathBuf> {
        let path = self.bin_dir.join(name);
        path.exists().then_some(path)
    }

    /// A command that runs one of the programs, speaking English and finding its libraries.
    pub fn command(&self, name: &str) -> Command {
        let mut command = Command::new(self.bin_dir.join(name));
        command.env("LC_ALL", "C");
        if let Some(directory) = &self.lib_dir {
            let mut value = OsString::from(directory);
            if let Some(present) = std::env::var_os(LIBRARY_PATH) {
                value.push(":");
                value.push(present);
            }
            command.env(LIBRARY_PATH, value);
        }
        command
    }

    /// The version of an extension that `CREATE EXTENSION` would install; `None` when this
    /// installation does not have it. Read from the control file: no server is needed.
    pub fn extension_version(&self, extension: &str) -> Option<String> {
        // The name becomes part of a path.
        if extension.contains(['/', '\0']) {
            return None;
        }
        let file = format!("{extension}.control");
        let text = self
            .share_directories()
            .iter()
            .find_map(|share| fs_err::read_to_string(share.join("extension").join(&file)).ok())?;
        text.lines().find_map(|line| {
            let (key, value) = line.split_once('=')?;
            (key.trim() == "default_version").then(|| value.trim().trim_matches('\'').to_owned())
        })
    }

    fn share_directories(&self) -> Vec<PathBuf> {
        let mut directories = Vec::new();
        if let Some(prefix) = self.bin_dir.parent() {
            directories.push(prefix.join("share/postgresql"));
            directories.push(prefix.join("share"));
        }
        // Debian's packages keep the architecture-independent part elsewhere.
        directories.push(PathBuf::from(format!(
            "/usr/share/postgresql/{}",
            self.major()
        )));
        directories
    }
}

/// The `lib` directory beside `bin` when it holds libraries of its own, as in npm's packages,
/// whose programs carry no path to them.
fn own_libraries(bin_dir: &Path) -> Option<PathBuf> {
    let lib_dir = bin_dir.parent()?.join("lib");
    let bundled = ["libcrypto", "libicuuc", "libssl"];
    let holds_bundled = fs_err::read_dir(&lib_dir).ok()?.flatten().any(|entry| {
        let name = entry.file_name();
        bundled
            .iter()
            .any(|prefix| name.to_string_lossy().starts_with(prefix))
    });
    holds_bundled.then_some(lib_dir)
}

/// Every installation, the preferred place first and newer versions first within a place.
pub fn find_programs(search: &Search) -> Findings {
    let mut findings = Findings::default();
    let mut memory = Memory::open(&search.cache_dir);
    for place in places::ALL {
        let mut found = places::look(search, *place, &mut findings, &mut memory);
        findings.usable.append(&mut found);
    }
    findings
}

/// The installation to use: the first place that has the wanted major version, else the best there
/// is. Looks no further than it must, because each look costs.
pub fn choose_programs(search: &Search, major: Option<u32>) -> Option<Programs> {
    let mut findings = Findings::default();
    let mut memory = Memory::open(&search.cache_dir);
    for place in places::ALL {
        let mut found = places::look(search, *place, &mut findings, &mut memory);
        findings.usable.append(&mut found);
        let fits = |programs: &&Programs| major.is_none_or(|major| programs.major() == major);
        if let Some(programs) = findings.usable.iter().find(fits) {
            return Some(programs.clone());
        }
    }
    findings.usable.into_iter().next()
}

/// What `aludel db install` fetched of a major version.
pub(crate) fn find_installed(search: &Search, major: u32) -> Option<Programs> {
    let mut memory = Memory::open(&search.cache_dir);
    places::look(
        search,
        FoundIn::Installed,
        &mut Findings::default(),
        &mut memory,
    )
    .into_iter()
    .find(|programs| programs.major() == major)
}

#[cfg(test)]
mod tests;
