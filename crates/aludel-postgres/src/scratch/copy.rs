//! Copies a data directory: about a thousand small files, as fast as the system allows.

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _, fchown};
use std::path::{Path, PathBuf};

use crate::account::Account;

/// Files are read whole; a WAL segment of the template is the largest.
const BUFFER: usize = 1 << 20;

/// Copies everything below `from` into a new directory `to` that the account owns.
pub(super) fn data_directory(from: &Path, to: &Path, account: Option<&Account>) -> io::Result<()> {
    let mut files = Vec::new();
    make_directories(from, to, account, &mut files)?;
    // Two threads: the work is system calls, and the smallest machine here has two cores.
    let middle = files.len() / 2;
    let (first, second) = files.split_at(middle);
    std::thread::scope(|scope| {
        let other = scope.spawn(|| copy_files(second, account));
        copy_files(first, account)?;
        other
            .join()
            .unwrap_or_else(|_| Err(io::Error::other("a copying thread panicked")))
    })
}

type Pair = (PathBuf, PathBuf);

fn make_directories(
    from: &Path,
    to: &Path,
    account: Option<&Account>,
    files: &mut Vec<Pair>,
) -> io::Result<()> {
    DirBuilder::new().mode(0o700).create(to)?;
    crate::cluster::give_to(to, account)?;
    for entry in fs_err::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            make_directories(&entry.path(), &target, account, files)?;
        } else {
            files.push((entry.path(), target));
        }
    }
    Ok(())
}

fn copy_files(files: &[Pair], account: Option<&Account>) -> io::Result<()> {
    let mut buffer = vec![0; BUFFER];
    for (from, to) in files {
        copy_file(from, to, account, &mut buffer)
            .map_err(|error| io::Error::new(error.kind(), format!("{}: {error}", to.display())))?;
    }
    Ok(())
}

fn copy_file(
    from: &Path,
    to: &Path,
    account: Option<&Account>,
    buffer: &mut [u8],
) -> io::Result<()> {
    let mut source = File::open(from)?;
    let mut target = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(to)?;
    loop {
        let count = source.read(buffer)?;
        if count == 0 {
            break;
        }
        target.write_all(&buffer[..count])?;
    }
    match account {
        Some(account) => fchown(&target, Some(account.uid), Some(account.gid)),
        None => Ok(()),
    }
}
