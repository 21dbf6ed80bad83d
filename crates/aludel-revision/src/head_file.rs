//! The file `HEAD` of the first version folder: the heads of the history, an id a line.
//!
//! It says nothing that the revisions do not say themselves. It is there so that two branches that both add a
//! revision change the same line, and conflict in git at once rather than in production.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use fs_err as fs;

use crate::error::FileError;
use crate::history::History;
use crate::id::RevisionId;
use crate::new_revision::WriteError;

/// The file's name in its folder.
pub const HEAD_FILE: &str = "HEAD";

/// What the file says at its top.
const EXPLANATION: &str = "\
# The heads of this history, written by aludel. Two branches that both add a revision conflict here, in time:
# `aludel rebase` puts yours on top of theirs, `aludel merge heads` joins them.
";

/// The beginnings of the lines that git leaves around a conflict.
const MARKERS: [&str; 3] = ["<<<<<<<", "=======", ">>>>>>>"];

/// What the file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeadFile {
    /// There is none.
    Missing,
    /// It names these, in the file's order.
    Heads(Vec<RevisionId>),
    /// Git left a conflict in it.
    Conflict {
        /// The line of the first marker, counted from 1.
        line: usize,
    },
}

/// How the file compares with the revisions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeadFileState {
    /// It names the heads.
    Agrees,
    /// There is none.
    Missing,
    /// It names others than the heads.
    Stale(Vec<RevisionId>),
    /// Git left a conflict in it, at this line.
    Conflict(usize),
}

impl HeadFile {
    /// Reads the file of a folder.
    pub fn read(folder: &Path) -> Result<Self, FileError> {
        let path = folder.join(HEAD_FILE);
        match fs::read(&path) {
            Ok(bytes) => Ok(Self::parse(&String::from_utf8_lossy(&bytes))),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Self::Missing),
            Err(error) => Err(FileError::unreadable(&path, &error)),
        }
    }

    fn parse(text: &str) -> Self {
        let is_marker = |line: &str| MARKERS.iter().any(|marker| line.starts_with(marker));
        if let Some(line) = text.lines().position(is_marker) {
            return Self::Conflict { line: line + 1 };
        }
        let ids = text.lines().map(str::trim);
        let ids = ids.filter(|line| !line.is_empty() && !line.starts_with('#'));
        Self::Heads(ids.map(RevisionId::from_database).collect())
    }

    /// Compares it with the heads of a history.
    pub fn state(self, history: &History) -> HeadFileState {
        match self {
            Self::Missing => HeadFileState::Missing,
            Self::Conflict { line } => HeadFileState::Conflict(line),
            Self::Heads(mut named) => {
                named.sort();
                if named == sorted_heads(history) {
                    HeadFileState::Agrees
                } else {
                    HeadFileState::Stale(named)
                }
            }
        }
    }
}

impl History {
    /// Writes the file of a folder; returns its path.
    pub fn write_head_file(&self, folder: &Path) -> Result<PathBuf, WriteError> {
        let path = folder.join(HEAD_FILE);
        let mut text = EXPLANATION.to_owned();
        for id in sorted_heads(self) {
            // Writing into a string cannot fail.
            let _ = writeln!(text, "{id}");
        }
        match fs::write(&path, text) {
            Ok(()) => Ok(path),
            Err(error) => Err(WriteError::Unwritable {
                path,
                message: error.to_string(),
            }),
        }
    }
}

fn sorted_heads(history: &History) -> Vec<RevisionId> {
    let heads = history.heads().into_iter();
    let mut heads: Vec<RevisionId> = heads.map(|head| head.id().clone()).collect();
    heads.sort();
    heads
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(names: &[&str]) -> Vec<RevisionId> {
        names
            .iter()
            .map(|name| RevisionId::from_database(*name))
            .collect()
    }

    #[test]
    fn comments_and_empty_lines_are_no_ids() {
        let read = HeadFile::parse("# words\n\n a1 \nb2\r\n");
        assert_eq!(read, HeadFile::Heads(ids(&["a1", "b2"])));
    }

    #[test]
    fn what_git_leaves_is_a_conflict() {
        let text = "# words\n<<<<<<< HEAD\na1\n=======\nb2\n>>>>>>> main\n";
        assert_eq!(HeadFile::parse(text), HeadFile::Conflict { line: 2 });
    }

    #[test]
    fn it_is_written_as_it_is_read() {
        let folder = tempfile::TempDir::new().unwrap();
        let read = || HeadFile::read(folder.path()).unwrap();
        let history = crate::testing::history("a1:\nc1: a1\nb1: a1").unwrap();
        assert_eq!(read().state(&history), HeadFileState::Missing);
        history.write_head_file(folder.path()).unwrap();
        assert_eq!(read(), HeadFile::Heads(ids(&["b1", "c1"])));
        assert_eq!(read().state(&history), HeadFileState::Agrees);
        let other = crate::testing::history("a1:\nc1: a1").unwrap();
        assert_eq!(
            read().state(&other),
            HeadFileState::Stale(ids(&["b1", "c1"]))
        );
    }
}
