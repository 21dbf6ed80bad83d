//! A statement and the place it came from.

use std::fmt;

/// Where a statement came from.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Origin {
    /// The path as it is shown to a person; `None` for text that was never in a file.
    pub file: Option<String>,
    /// The line of the first token, counted from 1.
    pub line: u32,
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.file {
            Some(file) => write!(formatter, "{file}:{}", self.line),
            None => write!(formatter, "line {}", self.line),
        }
    }
}

/// One SQL statement, from its first token to its last.
///
/// Comments before the first token and the ending semicolon are not part of the text; comments
/// between its tokens are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// The statement as written, without the ending semicolon.
    pub text: String,
    /// Where it was written.
    pub origin: Origin,
}

impl Statement {
    /// Makes a statement that was not read from a file; its line is 1.
    pub fn new(text: impl Into<String>) -> Self {
        let origin = Origin {
            file: None,
            line: 1,
        };
        Self {
            text: text.into(),
            origin,
        }
    }
}
