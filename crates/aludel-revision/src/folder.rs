//! The files of the version folders: found, opened and their headers read.
//!
//! With thousands of files the time goes into opening them. So a file is opened by its name alone in a
//! folder that is open already, one read takes nearly every file whole, and every processor opens its share.

use std::ffi::OsString;
use std::os::fd::OwnedFd;
use std::path::PathBuf;

use fs_err as fs;
use rustix::fs::{Mode, OFlags, openat};

use crate::error::{FileError, HistoryError};
use crate::revision::Revision;

/// From this many files on, another processor earns its thread.
const FILES_PER_THREAD: usize = 256;

/// The most threads that open files; more only wait for each other.
const THREADS_MAX: usize = 4;

struct Folder {
    path: PathBuf,
    handle: OwnedFd,
}

/// A file by its folder's place and its name.
type File = (usize, OsString);

/// Reads all headers; of several faulty files the first by folder and name is reported.
pub(crate) fn read_headers(folders: &[PathBuf]) -> Result<Vec<Revision>, HistoryError> {
    let mut opened = Vec::with_capacity(folders.len());
    let mut files = Vec::new();
    for path in folders {
        let folder = list(path.clone(), opened.len(), &mut files);
        opened.push(folder.map_err(|error| HistoryError::Folder {
            path: path.clone(),
            message: error.to_string(),
        })?);
    }
    files.sort_unstable();
    Ok(open_all(&opened, &files)?)
}

/// Adds the folder's `.sql` files, hidden ones (an editor's) left out.
fn list(path: PathBuf, place: usize, files: &mut Vec<File>) -> std::io::Result<Folder> {
    for entry in fs::read_dir(&path)? {
        let entry = entry?;
        let name = entry.file_name();
        let bytes = name.as_encoded_bytes();
        if bytes.ends_with(b".sql") && !bytes.starts_with(b".") && !entry.file_type()?.is_dir() {
            files.push((place, name));
        }
    }
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
    let handle = rustix::fs::open(&path, flags, Mode::empty())?;
    Ok(Folder { path, handle })
}

fn open_all(folders: &[Folder], files: &[File]) -> Result<Vec<Revision>, FileError> {
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let threads = processors
        .min(THREADS_MAX)
        .min(files.len() / FILES_PER_THREAD)
        .max(1);
    let mut revisions = Vec::with_capacity(files.len());
    let (own, others) = files.split_at(files.len().div_ceil(threads));
    std::thread::scope(|scope| {
        let size = others.len().div_ceil(threads.max(2) - 1).max(1);
        let workers: Vec<_> = others
            .chunks(size)
            .map(|part| {
                scope.spawn(move || {
                    let mut revisions = Vec::with_capacity(part.len());
                    open_some(folders, part, &mut revisions).map(|()| revisions)
                })
            })
            .collect();
        open_some(folders, own, &mut revisions)?;
        for worker in workers {
            let opened = worker
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            revisions.append(&mut opened?);
        }
        Ok(revisions)
    })
}

fn open_some(
    folders: &[Folder],
    files: &[File],
    revisions: &mut Vec<Revision>,
) -> Result<(), FileError> {
    let mut buffer = Vec::new();
    for (folder, name) in files {
        let folder = &folders[*folder];
        let path = folder.path.join(name);
        let flags = OFlags::RDONLY | OFlags::CLOEXEC;
        match openat(&folder.handle, name, flags, Mode::empty()) {
            Ok(file) => revisions.push(Revision::read(file.into(), path, &mut buffer)?),
            Err(error) => return Err(FileError::unreadable(&path, &error.into())),
        }
    }
    Ok(())
}
