//! The identifier of a revision.

use std::collections::hash_map::RandomState;
use std::fmt;
use std::hash::{BuildHasher, Hasher};
use std::sync::Arc;

/// The identifier of a revision: 1 to 255 characters, none of which has a meaning in a target; white space, commas and
/// quotes may stand inside, for Alembic's may have them. A copy shares the text: a plan of thousands of steps names each
/// revision several times.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RevisionId(Arc<str>);

/// The longest identifier that is given to a new revision, in characters: what the column of Alembic's version table holds.
pub const LENGTH_NEW: usize = 32;

/// The longest identifier that is read: a history of Alembic's may have widened the column.
pub const LENGTH_MAX: usize = 255;

/// Words that name a place in the history and so cannot name a revision.
pub(crate) const RESERVED: [&str; 4] = ["head", "heads", "base", "current"];

/// A text that cannot be a revision's identifier.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidId {
    /// There is nothing in it.
    #[error("a revision id cannot be empty")]
    Empty,
    /// It is longer than may be.
    #[error("the revision id \"{0}\" has more than {1} characters")]
    TooLong(String, usize),
    /// The character has a meaning in a target such as `head-1` or `branch@head`.
    #[error("the revision id {0:?} contains {1:?}, which a target gives another meaning")]
    Character(String, char),
    /// The word is a target itself.
    #[error("\"{0}\" names a place in the history and cannot be a revision id")]
    Reserved(String),
}

impl RevisionId {
    /// Makes an identifier of a text.
    pub fn new(text: impl Into<String>) -> Result<Self, InvalidId> {
        let text = text.into();
        let has_meaning = |letter: &char| "@+-:".contains(*letter) || letter.is_control();
        if text.is_empty() {
            return Err(InvalidId::Empty);
        }
        let ends = [text.chars().next(), text.chars().next_back()];
        let outer = ends.into_iter().flatten().find(|end| end.is_whitespace());
        if let Some(letter) = text.chars().find(has_meaning).or(outer) {
            return Err(InvalidId::Character(text, letter));
        }
        if RESERVED.contains(&text.as_str()) {
            return Err(InvalidId::Reserved(text));
        }
        Self(text.into()).within(LENGTH_MAX)
    }

    /// Makes the identifier of a revision that is about to be written: one that nobody has to quote.
    pub fn for_new(text: impl Into<String>) -> Result<Self, InvalidId> {
        let id = Self::new(text)?.within(LENGTH_NEW)?;
        match id.0.chars().find(|letter| is_quoted_for(*letter)) {
            Some(letter) => Err(InvalidId::Character(id.0.to_string(), letter)),
            None => Ok(id),
        }
    }

    fn within(self, most: usize) -> Result<Self, InvalidId> {
        if self.0.len() > most && self.length() > most {
            return Err(InvalidId::TooLong(self.0.to_string(), most));
        }
        Ok(self)
    }

    /// Returns how many characters it has.
    pub fn length(&self) -> usize {
        self.0.chars().count()
    }

    /// Makes an identifier of what a database's version table holds, which nothing has checked.
    pub fn from_database(text: impl Into<String>) -> Self {
        Self(text.into().into())
    }

    /// Makes a new identifier of 12 random hexadecimal digits, the form that Alembic gives.
    pub fn random() -> Self {
        // The standard library seeds each hasher's keys from the operating system's randomness.
        let random = RandomState::new().build_hasher().finish();
        Self(format!("{:012x}", random >> 16).into())
    }

    /// Returns the text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for RevisionId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(&self.0)
    }
}

impl AsRef<str> for RevisionId {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

/// Whether a text with the letter has to be quoted where it is typed or written.
fn is_quoted_for(letter: char) -> bool {
    ",\"'\\".contains(letter) || letter.is_whitespace()
}

/// Returns whether a text can be a label: a dash may be in it, unlike in an id, for Alembic's may have one.
pub(crate) fn is_label(text: &str) -> bool {
    let has_meaning = |letter: char| "@:".contains(letter) || letter.is_control();
    !text.is_empty()
        && text.trim() == text
        && !text.starts_with(['+', '-'])
        && !text.contains(has_meaning)
        && !RESERVED.contains(&text)
}

/// Writes identifiers one after the other with commas, for messages.
pub(crate) fn list(ids: &[RevisionId]) -> String {
    let texts: Vec<&str> = ids.iter().map(RevisionId::as_str).collect();
    texts.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_target_means_is_no_id() {
        for text in [
            "",
            "head",
            "a+1",
            "a-1",
            "x@y",
            "a:b",
            " a",
            "a ",
            "a\tb",
            "a\n",
            "é".repeat(256).as_str(),
        ] {
            assert!(RevisionId::new(text).is_err(), "{text}");
        }
        for text in [
            "ae1027a6acf0",
            "0001_initial",
            "v1.2",
            "a b, \"c\"\\",
            "é".repeat(255).as_str(),
        ] {
            assert!(RevisionId::new(text).is_ok(), "{text}");
        }
        assert!(RevisionId::for_new("é".repeat(32)).is_ok());
        assert!(RevisionId::for_new("é".repeat(33)).is_err());
        assert!(RevisionId::for_new("a b").is_err());
    }

    #[test]
    fn random_ids_are_twelve_digits_and_differ() {
        let ids: std::collections::BTreeSet<RevisionId> =
            (0..1000).map(|_| RevisionId::random()).collect();
        assert_eq!(ids.len(), 1000);
        assert!(
            ids.iter()
                .all(|id| id.0.len() == 12 && id.0.bytes().all(|byte| byte.is_ascii_hexdigit()))
        );
    }
}
