//! What can be wrong with revision files, each fault with the place it was found at.

use std::path::{Path, PathBuf};

use aludel_sql::SplitFault;

use crate::id::{self, InvalidId, RevisionId};

/// A fault in a revision file, with its place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}{}: {fault}", path.display(), line.map(|line| format!(":{line}")).unwrap_or_default())]
pub struct FileError {
    /// The file.
    pub path: PathBuf,
    /// The line, counted from 1; `None` where the fault has no place in the file.
    pub line: Option<u32>,
    /// The fault.
    pub fault: FileFault,
}

/// What is wrong with a revision file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FileFault {
    /// The operating system would not give the file.
    #[error("the file cannot be read: {message}")]
    Unreadable {
        /// The system's words.
        message: String,
    },
    /// The file is not text.
    #[error("the file is not UTF-8: byte {offset} does not fit")]
    NotUtf8 {
        /// The place of the first byte that does not fit, counted from 0.
        offset: usize,
    },
    /// The file has no header at all.
    #[error("the file has no header; its first line would be `-- aludel: revision = \"…\"`")]
    NotARevision,
    /// The header lacks a key that it must have.
    #[error("the header has no \"{key}\"")]
    MissingKey {
        /// The key.
        key: &'static str,
    },
    /// The header has a key that does not exist.
    #[error("the header key \"{key}\" does not exist{}", suggest(*nearest))]
    UnknownKey {
        /// The key as written.
        key: String,
        /// The key that looks most like it.
        nearest: Option<&'static str>,
    },
    /// The header has a key twice.
    #[error("the header has \"{key}\" twice")]
    DuplicateKey {
        /// The key.
        key: &'static str,
    },
    /// A value is not of the kind that its key wants.
    #[error("\"{key}\" wants {wanted}")]
    WrongValue {
        /// The key.
        key: String,
        /// What it wants, in words.
        wanted: &'static str,
    },
    /// A value is not TOML.
    #[error("the value of \"{key}\" is not TOML: {message}")]
    NotToml {
        /// The key.
        key: String,
        /// The reader's words.
        message: String,
    },
    /// An entry of `allow` names a hazard that does not exist.
    #[error("the hazard \"{name}\" does not exist{}", suggest(*nearest))]
    UnknownHazard {
        /// The name as written.
        name: String,
        /// The name that looks most like it.
        nearest: Option<&'static str>,
    },
    /// A revision id that cannot be one.
    #[error(transparent)]
    InvalidId(#[from] InvalidId),
    /// A label that a target could not name.
    #[error(
        "\"{label}\" cannot be a label: it is empty, a word such as head, begins with a sign or has one of @ : , or a space in it"
    )]
    InvalidLabel {
        /// The label.
        label: String,
    },
    /// A directive that does not exist.
    #[error("the directive \"{name}\" does not exist{}", suggest(*nearest))]
    UnknownDirective {
        /// The directive as written.
        name: String,
        /// The directive that looks most like it.
        nearest: Option<&'static str>,
    },
    /// A header key below the first section.
    #[error(
        "the header key \"{key}\" stands below the first section; it belongs above `-- aludel: upgrade`"
    )]
    KeyInSection {
        /// The key.
        key: String,
    },
    /// A directive of sections above the first of them.
    #[error(
        "\"{name}\" belongs into a section, below `-- aludel: upgrade` or `-- aludel: downgrade`"
    )]
    DirectiveOutsideSection {
        /// The directive.
        name: String,
    },
    /// A directive with SQL before it on its line.
    #[error("the directive \"{name}\" must stand on a line of its own")]
    DirectiveAfterSql {
        /// The directive.
        name: String,
    },
    /// `no-transaction` with no statement after it.
    #[error("no statement follows \"no-transaction\"")]
    NothingAlone,
    /// A section that is there twice.
    #[error("the section \"{name}\" is there twice")]
    DuplicateSection {
        /// The section.
        name: &'static str,
    },
    /// There is no upgrade section.
    #[error("the file has no `-- aludel: upgrade`")]
    NoUpgrade,
    /// SQL above the first section.
    #[error("SQL stands above the first section; it belongs below `-- aludel: upgrade`")]
    SqlOutsideSection,
    /// The header says that there is no way back, and the file has one.
    #[error("the header says \"irreversible\", yet the file has a downgrade section")]
    IrreversibleWithDowngrade,
    /// A statement that begins or ends a transaction.
    #[error(
        "{statement} cannot stand in a revision, whose transactions are Aludel's; `-- aludel: commit` starts a new one"
    )]
    TransactionControl {
        /// The statement's first words.
        statement: String,
    },
    /// SQL that cannot be cut into statements.
    #[error(transparent)]
    Split(#[from] SplitFault),
}

/// A revision and its file, for messages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The revision.
    pub revision: RevisionId,
    /// Its file.
    pub path: PathBuf,
}

/// Why a history cannot be made of the files.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HistoryError {
    /// A folder cannot be read.
    #[error("the migrations folder {} cannot be read: {message}", path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// The system's words.
        message: String,
    },
    /// A file is faulty.
    #[error(transparent)]
    File(#[from] FileError),
    /// Two files carry one id.
    #[error("two files are revision {revision}: {} and {}", first.display(), second.display())]
    DuplicateId {
        /// The id.
        revision: RevisionId,
        /// The one file.
        first: PathBuf,
        /// The other file.
        second: PathBuf,
    },
    /// A file names a parent or dependency that no file is.
    #[error("{}: the {relation} {missing} of revision {revision} is in no file{}", path.display(), suggest(nearest.as_ref().map(RevisionId::as_str)))]
    Missing {
        /// The revision that names it.
        revision: RevisionId,
        /// Its file.
        path: PathBuf,
        /// `parent` or `dependency`.
        relation: &'static str,
        /// The id that no file carries.
        missing: RevisionId,
        /// The id that looks most like it.
        nearest: Option<RevisionId>,
    },
    /// A squash stands beside some of what it replaces.
    #[error("{}: revision {revision} replaces {}, of which only {} are there", path.display(), id::list(replaces), id::list(present))]
    PartlyReplaced {
        /// The squash.
        revision: RevisionId,
        /// Its file.
        path: PathBuf,
        /// What it replaces.
        replaces: Vec<RevisionId>,
        /// Those of them that have a file.
        present: Vec<RevisionId>,
    },
    /// Revisions that come before themselves.
    #[error("the revisions form a cycle: {}", describe_cycle(members))]
    Cycle {
        /// Its members, each a parent or dependency of the next, the last of the first.
        members: Vec<Place>,
    },
    /// Two revisions carry one label.
    #[error("the label \"{label}\" is used twice: in {} and {}", first.display(), second.display())]
    DuplicateLabel {
        /// The label.
        label: String,
        /// The one file.
        first: PathBuf,
        /// The other file.
        second: PathBuf,
    },
}

/// A fault with its line, before the file's name is known.
pub(crate) type Located = (u32, FileFault);

impl FileError {
    pub(crate) fn at(path: &Path, (line, fault): Located) -> Self {
        Self {
            path: path.to_owned(),
            line: Some(line),
            fault,
        }
    }

    pub(crate) fn whole(path: &Path, fault: FileFault) -> Self {
        Self {
            path: path.to_owned(),
            line: None,
            fault,
        }
    }

    pub(crate) fn unreadable(path: &Path, error: &std::io::Error) -> Self {
        Self::whole(
            path,
            FileFault::Unreadable {
                message: error.to_string(),
            },
        )
    }
}

/// Returns the candidate that looks most like the text, if any looks like it at all.
pub(crate) fn nearest<T: AsRef<str>>(
    text: &str,
    candidates: impl IntoIterator<Item = T>,
) -> Option<T> {
    let scored = candidates.into_iter().map(|candidate| {
        (
            strsim::damerau_levenshtein(text, candidate.as_ref()),
            candidate,
        )
    });
    let length = text.chars().count();
    let limit = (length / 3).max(2).min(length.saturating_sub(1));
    let best = scored.min_by_key(|(distance, _)| *distance)?;
    (best.0 <= limit).then_some(best.1)
}

fn suggest(nearest: Option<&str>) -> String {
    nearest
        .map(|name| format!("; did you mean \"{name}\"?"))
        .unwrap_or_default()
}

fn describe_cycle(members: &[Place]) -> String {
    let mut text = String::new();
    for place in members {
        text.push_str(&format!("{} ({}) → ", place.revision, place.path.display()));
    }
    text + members.first().map_or("", |place| place.revision.as_str())
}
