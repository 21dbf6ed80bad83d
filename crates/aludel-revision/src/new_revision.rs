//! Writes new revision files.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use fs_err as fs;
use jiff::Timestamp;

use crate::error::{FileError, nearest};
use crate::header::Allow;
use crate::history::History;
use crate::id::{self, RevisionId};
use crate::placement::{PlacementError, Splice};
use crate::replaces::Replaces;
use crate::revision::Revision;
use crate::value::{write_list, write_text};

/// The name of a revision's file, unless the project says otherwise.
pub const DEFAULT_TEMPLATE: &str = "{date}_{time}_{id}_{slug}";

/// The longest slug, in characters.
const SLUG_MAX: usize = 40;

/// What a template may hold between braces.
const TOKENS: [&str; 11] = [
    "date", "time", "id", "slug", "year", "month", "day", "hour", "minute", "second", "epoch",
];

/// A revision to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRevision {
    /// Its id.
    pub id: RevisionId,
    /// The revisions it follows.
    pub parents: Vec<RevisionId>,
    /// When it is written.
    pub created: Timestamp,
    /// What it does, in words.
    pub message: String,
    /// Names of the branch that begins here.
    pub labels: Vec<String>,
    /// Revisions of other branches that must come first.
    pub depends_on: Vec<RevisionId>,
    /// Revisions of other branches that it comes behind where one run has both.
    pub after: Vec<RevisionId>,
    /// The data losses that are meant.
    pub allow: Vec<Allow>,
    /// The revisions whose place it takes.
    pub replaces: Replaces,
    /// What was recorded rather than run, and why.
    pub recorded: Option<String>,
    /// Why there is no way back.
    pub irreversible: Option<String>,
    /// The SQL and directives of the way up.
    pub upgrade: String,
    /// The SQL and directives of the way down: `None` writes no section, so the revision is
    /// irreversible; an empty text says that there is nothing to undo.
    pub downgrade: Option<String>,
}

/// Why a revision cannot be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// The template of file names has something unknown between braces.
    #[error("the file template has no token {{{token}}}{}", nearest.map(|name| format!("; did you mean {{{name}}}?")).unwrap_or_default())]
    Template {
        /// The token as written.
        token: String,
        /// The token that looks most like it.
        nearest: Option<&'static str>,
    },
    /// There is a file of this name.
    #[error("{} exists already", path.display())]
    Exists {
        /// The file.
        path: PathBuf,
    },
    /// The operating system would not take the file.
    #[error("{} cannot be written: {message}", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// The system's words.
        message: String,
    },
    /// The text would not read back as this revision.
    #[error("the revision would not read back: {0}")]
    Unreadable(#[from] FileError),
}

/// Why revisions cannot be merged.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MergeError {
    /// There is nothing to merge.
    #[error("a merge needs two heads, and there is only {}", id::list(heads))]
    TooFew {
        /// The revisions given.
        heads: Vec<RevisionId>,
    },
    /// A revision cannot be merged.
    #[error(transparent)]
    Placement(#[from] PlacementError),
}

impl History {
    /// Returns the revision that merges what the targets name; the caller writes it.
    ///
    /// Without a message it is called after the revisions.
    pub fn new_merge(
        &self,
        targets: &[&str],
        splice: Splice,
        message: Option<&str>,
        created: Timestamp,
    ) -> Result<NewRevision, MergeError> {
        let parents = self.parents_for(targets, splice)?;
        if parents.len() < 2 {
            return Err(MergeError::TooFew { heads: parents });
        }
        let names: Vec<&str> = parents.iter().map(RevisionId::as_str).collect();
        let message =
            message.map_or_else(|| format!("merge {}", names.join(" and ")), str::to_owned);
        let mut merge = NewRevision::new(self.new_id(), parents, created, message);
        merge.downgrade = Some(String::new());
        Ok(merge)
    }
}

impl NewRevision {
    /// Makes a revision that does nothing yet and has no downgrade section.
    pub fn new(
        id: RevisionId,
        parents: Vec<RevisionId>,
        created: Timestamp,
        message: impl Into<String>,
    ) -> Self {
        Self {
            id,
            parents,
            created,
            message: message.into(),
            labels: Vec::new(),
            depends_on: Vec::new(),
            after: Vec::new(),
            allow: Vec::new(),
            replaces: Replaces::default(),
            recorded: None,
            irreversible: None,
            upgrade: String::new(),
            downgrade: None,
        }
    }

    /// Returns the file's text.
    pub fn render(&self) -> String {
        let mut text = String::new();
        let mut key = |name: &str, value: String| {
            text.push_str("-- aludel: ");
            text.push_str(name);
            text.push_str(" = ");
            text.push_str(&value);
            text.push('\n');
        };
        key("revision", write_text(self.id.as_str()));
        key("parents", write_list(&self.parents));
        key(
            "created",
            write_text(&self.created.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()),
        );
        key("message", write_text(&self.message));
        if !self.labels.is_empty() {
            key("labels", write_list(&self.labels));
        }
        if !self.depends_on.is_empty() {
            key("depends-on", write_list(&self.depends_on));
        }
        if !self.after.is_empty() {
            key("after", write_list(&self.after));
        }
        if !self.replaces.is_empty() {
            key("replaces", self.replaces.write());
        }
        if !self.allow.is_empty() {
            key("allow", Allow::write(&self.allow));
        }
        let texts = [
            ("recorded", &self.recorded),
            ("irreversible", &self.irreversible),
        ];
        for (name, value) in texts {
            if let Some(value) = value {
                key(name, write_text(value));
            }
        }
        section(&mut text, "upgrade", &self.upgrade);
        if let Some(downgrade) = &self.downgrade {
            section(&mut text, "downgrade", downgrade);
        }
        text
    }

    /// Returns the file's name by a template such as [`DEFAULT_TEMPLATE`].
    pub fn file_name(&self, template: &str) -> Result<String, WriteError> {
        let mut name = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            name.push_str(before);
            let (token, after) = after.split_once('}').unwrap_or((after, ""));
            self.token(&mut name, token)?;
            rest = after;
        }
        name.push_str(rest);
        // An empty slug leaves its separator behind.
        let name = name.trim_end_matches(['_', '-']);
        Ok(format!("{}.sql", name.strip_suffix(".sql").unwrap_or(name)))
    }

    /// Writes the file into a folder and returns its path. A file that exists is never written over,
    /// and what would not read back as this revision is not written.
    pub fn write(&self, folder: &Path, template: &str) -> Result<PathBuf, WriteError> {
        let path = folder.join(self.file_name(template)?);
        let text = self.render();
        Revision::from_bytes(path.clone(), text.as_bytes())?.body()?;
        let unwritable = |error: &std::io::Error| match error.kind() {
            std::io::ErrorKind::AlreadyExists => WriteError::Exists { path: path.clone() },
            _ => WriteError::Unwritable {
                path: path.clone(),
                message: error.to_string(),
            },
        };
        let mut file = fs::OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&path)
            .map_err(|error| unwritable(&error))?;
        file.write_all(text.as_bytes())
            .map_err(|error| unwritable(&error))?;
        Ok(path)
    }

    fn token(&self, name: &mut String, token: &str) -> Result<(), WriteError> {
        let format = match token {
            "id" => {
                // An id of Alembic's may hold what a file name, or a shell, gives a meaning.
                let is_plain = |letter: char| letter.is_alphanumeric() || "._".contains(letter);
                let letters = self.id.as_str().chars();
                name.extend(letters.map(|one| if is_plain(one) { one } else { '_' }));
                return Ok(());
            }
            "slug" => {
                name.push_str(&slug(&self.message));
                return Ok(());
            }
            "date" => "%Y%m%d",
            "time" => "%H%M%S",
            "year" => "%Y",
            "month" => "%m",
            "day" => "%d",
            "hour" => "%H",
            "minute" => "%M",
            "second" => "%S",
            "epoch" => "%s",
            _ => {
                let nearest = nearest(token, TOKENS);
                return Err(WriteError::Template {
                    token: token.to_owned(),
                    nearest,
                });
            }
        };
        // Writing into a string cannot fail.
        let _ = write!(name, "{}", self.created.strftime(format));
        Ok(())
    }
}

impl Allow {
    /// Returns the list as the value of a header's `allow`.
    pub fn write(entries: &[Self]) -> String {
        let items: Vec<String> = entries.iter().map(Self::write_one).collect();
        format!("[{}]", items.join(", "))
    }

    fn write_one(&self) -> String {
        match self {
            Self::All => write_text("all"),
            Self::One {
                hazard,
                object,
                reason,
            } => {
                let (object, reason) = (write_text(object), write_text(reason));
                format!("{{ hazard = \"{hazard}\", object = {object}, reason = {reason} }}")
            }
        }
    }
}

fn section(text: &mut String, name: &str, sql: &str) {
    let sql = sql.trim_start_matches(['\n', '\r']).trim_end();
    text.push_str("\n-- aludel: ");
    text.push_str(name);
    text.push('\n');
    if !sql.is_empty() {
        text.push_str(sql);
        text.push('\n');
    }
}

/// Returns the words of a message, joined for a file's name.
fn slug(message: &str) -> String {
    let lower = message.to_lowercase();
    let words = lower
        .split(|letter: char| !letter.is_alphanumeric())
        .filter(|word| !word.is_empty());
    let mut slug = String::new();
    for word in words {
        let length = slug.chars().count();
        if length > 0 && length + 1 + word.chars().count() > SLUG_MAX {
            break;
        }
        if length > 0 {
            slug.push('_');
        }
        slug.extend(word.chars().take(SLUG_MAX));
    }
    slug
}

/// Returns why a text cannot be a revision file, for callers that let people edit one.
pub fn judge(path: &Path, text: &str) -> Result<(), FileError> {
    Revision::from_bytes(path.to_owned(), text.as_bytes())?.body()?;
    Ok(())
}

#[cfg(test)]
mod tests;
