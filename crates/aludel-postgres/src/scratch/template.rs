//! Template data directories: `initdb` runs once per installation, its result is copied per use.

use std::path::{Path, PathBuf};

use crate::account::Account;
use crate::cluster::{self, ClusterError, LOCALE};
use crate::programs::Programs;
use crate::random;

use super::SUPERUSER;

/// Changes whenever what is inside a template changes.
const FORMAT: u32 = 1;

/// The template for these programs and this account, made when it is not there yet.
pub(super) fn ensure(
    cache_dir: &Path,
    programs: &Programs,
    account: Option<&Account>,
) -> Result<PathBuf, ClusterError> {
    let directory = cache_dir.join("templates");
    let key = key(programs, account);
    let template = directory.join(&key);
    if template.join("PG_VERSION").exists() {
        return Ok(template);
    }
    fs_err::create_dir_all(&directory)?;
    // Another process may be making the same one; the lock ends with its holder.
    let lock = fs_err::File::create(directory.join(format!("{key}.lock")))?;
    lock.file().lock()?;
    if template.join("PG_VERSION").exists() {
        return Ok(template);
    }
    remove_half_made(&directory, &key);
    let making = directory.join(format!(".{key}.{}", random::hexadecimal(4)?));
    cluster::private_directory(&making, account)?;
    let mut more = vec!["--no-sync", "--wal-segsize=1", "--auth=trust"];
    if programs.major() >= 18 {
        // The default since 18; it protects against disks, which scratch does not use.
        more.push("--no-data-checksums");
    }
    let made = cluster::initialise(programs, account, &making, SUPERUSER, &more);
    if let Err(error) = made {
        let _ = fs_err::remove_dir_all(&making);
        return Err(error);
    }
    // Complete or absent, never half: that is what the rename is for.
    fs_err::rename(&making, &template)?;
    Ok(template)
}

/// What earlier makers left when they were killed; the caller holds the lock of the key.
fn remove_half_made(directory: &Path, key: &str) {
    let prefix = format!(".{key}.");
    let Ok(entries) = fs_err::read_dir(directory) else {
        return;
    };
    for entry in entries.flatten() {
        if entry.file_name().to_string_lossy().starts_with(&prefix) {
            let _ = fs_err::remove_dir_all(entry.path());
        }
    }
}

/// Version first, for the person who looks into the cache; then all that makes templates differ.
fn key(programs: &Programs, account: Option<&Account>) -> String {
    let account = account.map_or(0, |account| account.uid);
    let identity = format!(
        "{FORMAT} {} {LOCALE} {SUPERUSER} {account} {}",
        programs.version_num,
        programs.bin_dir.display()
    );
    format!("{}-{:08x}", programs.version(), hash(identity.as_bytes()))
}

/// FNV-1a: the same in every build, which the standard library's hash does not promise.
fn hash(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |hash, byte| {
        (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193)
    })
}
