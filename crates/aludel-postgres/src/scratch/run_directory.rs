//! Directories of one run, and the sweep of those whose run was killed.
//!
//! A run directory holds a marker file that says which process made it. The process holds a lock
//! on the marker as long as it lives; the system lets go of it however the process ends. A
//! directory is swept only when all of this proves it ours and abandoned: its name, a complete
//! marker that the caller owns, the lock free, the process gone.

use std::fs::{File, TryLockError};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rustix::process::{Signal, geteuid};

use crate::account::Account;
use crate::process::{self, ProcessIdentity};
use crate::{cluster, random};

/// What the names of run directories begin with.
const PREFIX: &str = "aludel-run-";

/// The marker's name, and its first line.
const MARKER: &str = "owner";
const MARKER_HEAD: &str = "aludel scratch run, removed when its process has ended";

/// A directory that is removed with its value.
#[derive(Debug)]
pub(super) struct RunDirectory {
    path: PathBuf,
    /// Holds the lock.
    _marker: File,
}

impl RunDirectory {
    /// Makes a directory below `base` that the account may enter.
    pub(super) fn create(base: &Path, account: Option<&Account>) -> io::Result<Self> {
        let path = base.join(format!("{PREFIX}{}", random::hexadecimal(8)?));
        cluster::private_directory(&path, account)?;
        let mut marker = fs_err::File::create(path.join(MARKER))?.into_parts().0;
        // Locked before it is written: a sweeper that sees it complete finds it locked.
        marker.lock()?;
        let owner = ProcessIdentity::current();
        marker
            .write_all(format!("{MARKER_HEAD}\n{}\n{}\n", owner.pid, owner.started).as_bytes())?;
        Ok(Self {
            path,
            _marker: marker,
        })
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for RunDirectory {
    fn drop(&mut self) {
        remove(&self.path);
    }
}

/// Removes what killed runs left below these directories.
pub(super) fn sweep(bases: &[PathBuf]) {
    for base in bases {
        let Ok(entries) = std::fs::read_dir(base) else {
            continue;
        };
        for entry in entries.flatten() {
            if entry.file_name().to_string_lossy().starts_with(PREFIX) {
                sweep_one(&entry.path());
            }
        }
    }
}

fn sweep_one(directory: &Path) {
    // The lock is held until the directory is gone, so that two sweepers do not meet in it.
    let Some(_marker) = proof_of_abandonment(directory) else {
        return;
    };
    stop_orphan(&directory.join("data"));
    remove(directory);
}

/// The locked marker when the directory is provably ours and nobody's any more.
fn proof_of_abandonment(directory: &Path) -> Option<File> {
    let path = directory.join(MARKER);
    let metadata = std::fs::symlink_metadata(&path).ok()?;
    if !metadata.is_file() || metadata.uid() != geteuid().as_raw() {
        return None;
    }
    let mut marker = File::open(&path).ok()?;
    match marker.try_lock() {
        Ok(()) => {}
        Err(TryLockError::WouldBlock | TryLockError::Error(_)) => return None,
    }
    let mut text = String::new();
    marker.read_to_string(&mut text).ok()?;
    let mut lines = text.lines();
    if lines.next() != Some(MARKER_HEAD) {
        return None;
    }
    let owner = ProcessIdentity {
        pid: lines.next()?.parse().ok()?,
        started: lines.next()?.to_owned(),
    };
    owner.is_gone().then_some(marker)
}

/// Ends a server that still runs in the data directory: where the parent-death signal does not
/// exist, or while the signal is still at work.
fn stop_orphan(data_dir: &Path) {
    let Ok(text) = std::fs::read_to_string(data_dir.join("postmaster.pid")) else {
        return;
    };
    let Some(pid) = text
        .lines()
        .next()
        .and_then(|line| line.parse::<i32>().ok())
    else {
        return;
    };
    let is_ours = || process::working_directory(pid).is_some_and(|cwd| cwd == data_dir);
    if !is_ours() {
        return;
    }
    process::signal(pid, Signal::QUIT);
    let begun = Instant::now();
    while is_ours() && begun.elapsed() < Duration::from_secs(3) {
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// A server's last process may still write while the directory goes.
fn remove(directory: &Path) {
    for _ in 0..20 {
        match std::fs::remove_dir_all(directory) {
            Ok(()) => return,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return,
            Err(_) => std::thread::sleep(Duration::from_millis(5)),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::{MARKER, MARKER_HEAD, PREFIX, RunDirectory, sweep};

    fn base() -> (tempfile::TempDir, Vec<PathBuf>) {
        let directory = tempfile::tempdir().unwrap();
        let bases = vec![directory.path().to_owned()];
        (directory, bases)
    }

    fn abandoned(base: &tempfile::TempDir, name: &str, marker: &str) -> PathBuf {
        let directory = base.path().join(name);
        fs_err::create_dir_all(directory.join("data/base")).unwrap();
        fs_err::write(directory.join(MARKER), marker).unwrap();
        directory
    }

    #[test]
    fn a_run_removes_its_own_directory_and_survives_sweeps() {
        let (_directory, bases) = base();
        let run = RunDirectory::create(&bases[0], None).unwrap();
        let path = run.path().to_owned();
        sweep(&bases);
        assert!(path.exists());
        drop(run);
        assert!(!path.exists());
    }

    #[test]
    fn only_what_is_provably_abandoned_is_swept() {
        let (directory, bases) = base();
        let gone = format!("{MARKER_HEAD}\n{}\n1\n", i32::MAX);
        let here = std::process::id();
        let swept = abandoned(&directory, &format!("{PREFIX}1"), &gone);
        let kept = [
            abandoned(&directory, "somebody-else", &gone),
            abandoned(&directory, &format!("{PREFIX}2"), ""),
            abandoned(
                &directory,
                &format!("{PREFIX}3"),
                "another program's file\n1\n1\n",
            ),
            abandoned(
                &directory,
                &format!("{PREFIX}4"),
                &format!("{MARKER_HEAD}\n{here}\n\n"),
            ),
        ];
        let locked = abandoned(&directory, &format!("{PREFIX}5"), &gone);
        let lock = std::fs::File::open(locked.join(MARKER)).unwrap();
        lock.lock().unwrap();
        sweep(&bases);
        assert!(!swept.exists());
        assert!(kept.iter().all(|path| path.exists()));
        assert!(locked.exists());
        drop(lock);
        sweep(&bases);
        assert!(!locked.exists());
    }
}
