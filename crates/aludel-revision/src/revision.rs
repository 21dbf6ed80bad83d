//! One revision: its header, read at once, and its body, read when someone asks.

use std::fmt::Write as _;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use aludel_sql::directive::body_of;
use fs_err as fs;
use sha2::{Digest as _, Sha256};

use crate::body::{self, Body};
use crate::error::{FileError, FileFault};
use crate::header::{self, Header};
use crate::id::RevisionId;

/// As much of a file as one read takes; nearly every header, and most files, are shorter.
const HEAD_BYTES: usize = 4096;

/// A revision file.
#[derive(Debug)]
pub struct Revision {
    /// Its header.
    pub header: Header,
    /// Its file.
    pub path: PathBuf,
    text: OnceLock<Result<String, FileError>>,
    body: OnceLock<Result<Body, FileError>>,
}

impl Revision {
    /// Reads the header of an open file, and no more of the file than that takes; the buffer is for use
    /// by the next file again.
    pub(crate) fn read(
        file: std::fs::File,
        path: PathBuf,
        buffer: &mut Vec<u8>,
    ) -> Result<Self, FileError> {
        let whole =
            read_head(file, buffer).map_err(|error| FileError::unreadable(&path, &error))?;
        if !whole {
            let text = usable_part(buffer).map_err(|fault| FileError::whole(&path, fault))?;
            let read = header::read(text, true).map_err(|located| FileError::at(&path, located))?;
            if let Some(header) = read {
                return Ok(Self {
                    header,
                    path,
                    text: OnceLock::new(),
                    body: OnceLock::new(),
                });
            }
            *buffer = fs::read(&path).map_err(|error| FileError::unreadable(&path, &error))?;
        }
        Self::from_bytes(path, buffer)
    }

    /// Makes a revision of a file's bytes.
    pub fn from_bytes(path: PathBuf, bytes: &[u8]) -> Result<Self, FileError> {
        let text = decode(bytes).map_err(|fault| FileError::whole(&path, fault))?;
        match header::read(text, false).map_err(|located| FileError::at(&path, located))? {
            Some(header) => {
                let text = OnceLock::from(Ok(text.to_owned()));
                Ok(Self {
                    header,
                    path,
                    text,
                    body: OnceLock::new(),
                })
            }
            None => Err(FileError::whole(&path, FileFault::NotARevision)),
        }
    }

    /// Returns the revision's id.
    pub fn id(&self) -> &RevisionId {
        &self.header.revision
    }

    /// Returns the file's text, byte for byte.
    pub fn text(&self) -> Result<&str, FileError> {
        let read = || read_text(&self.path);
        self.text
            .get_or_init(read)
            .as_ref()
            .map(String::as_str)
            .map_err(Clone::clone)
    }

    /// Returns what the revision does, both ways.
    pub fn body(&self) -> Result<&Body, FileError> {
        let read = || {
            let file = self.path.display().to_string();
            body::read(self.text()?, &file, &self.header)
                .map_err(|located| FileError::at(&self.path, located))
        };
        self.body.get_or_init(read).as_ref().map_err(Clone::clone)
    }

    /// Returns the comment lines directly above a line of the file.
    pub fn comment_above(&self, line: u32) -> Result<Vec<&str>, FileError> {
        let above = usize::try_from(line)
            .unwrap_or(usize::MAX)
            .saturating_sub(1);
        let lines: Vec<&str> = self.text()?.lines().take(above).collect();
        let is_comment = |line: &&&str| line.starts_with("--") && body_of(line).is_none();
        let count = lines.iter().rev().take_while(is_comment).count();
        Ok(lines[lines.len() - count..].to_vec())
    }

    /// Returns the SHA-256 of the file in hexadecimal, line ends read as LF.
    pub fn checksum(&self) -> Result<String, FileError> {
        self.text().map(checksum)
    }
}

/// Returns the SHA-256 of a text in hexadecimal, line ends read as LF.
pub fn checksum(text: &str) -> String {
    let mut hash = Sha256::new();
    let mut rest = text;
    while let Some(at) = rest.find("\r\n") {
        hash.update(&rest[..at]);
        rest = &rest[at + 1..];
    }
    hash.update(rest);
    let mut written = String::with_capacity(64);
    for byte in hash.finalize() {
        // Writing into a string cannot fail.
        let _ = write!(written, "{byte:02x}");
    }
    written
}

/// Fills the buffer with the file's beginning; returns whether that is the whole file.
fn read_head(mut file: std::fs::File, buffer: &mut Vec<u8>) -> std::io::Result<bool> {
    buffer.resize(HEAD_BYTES, 0);
    // A short read of a regular file is its end, so one read tells both.
    let count = file.read(buffer)?;
    buffer.truncate(count);
    Ok(count < HEAD_BYTES)
}

fn read_text(path: &Path) -> Result<String, FileError> {
    let bytes = fs::read(path).map_err(|error| FileError::unreadable(path, &error))?;
    match decode(&bytes) {
        Ok(text) => Ok(text.to_owned()),
        Err(fault) => Err(FileError::whole(path, fault)),
    }
}

fn decode(bytes: &[u8]) -> Result<&str, FileFault> {
    std::str::from_utf8(bytes).map_err(|error| FileFault::NotUtf8 {
        offset: error.valid_up_to(),
    })
}

/// The beginning of a file, without a last character that the read may have cut.
fn usable_part(bytes: &[u8]) -> Result<&str, FileFault> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(text),
        Err(error) if error.error_len().is_none() => decode(&bytes[..error.valid_up_to()]),
        Err(error) => Err(FileFault::NotUtf8 {
            offset: error.valid_up_to(),
        }),
    }
}
