//! Directives: `-- aludel: …` comment lines.

use std::ops::Range;

use crate::split::{Piece, Pieces};

/// A `-- aludel: …` comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    /// The line it stands on, counted from 1.
    pub line: u32,
    /// Its bytes, from the two dashes to the end of the line, line end excluded.
    pub range: Range<usize>,
    /// The text after `-- aludel:`, trimmed.
    pub body: String,
    /// Whether nothing but white space stands before it on its line. A directive after SQL on the
    /// same line is a mistake that the reader of a revision reports.
    pub own_line: bool,
}

/// Returns every directive of a text: those outside strings, dollar quotes, `BEGIN ATOMIC` bodies
/// and block comments. Reading stops at the first thing that cannot be read.
pub fn directives(text: &str) -> Vec<Directive> {
    let found = Pieces::new(text, true).map_while(Result::ok);
    found
        .filter_map(|piece| match piece {
            Piece::Directive(directive) => Some(directive),
            Piece::Statement(_) => None,
        })
        .collect()
}

/// Returns what follows `-- aludel:` when the comment is a directive.
pub fn body_of(comment: &str) -> Option<&str> {
    let rest = comment.strip_prefix("--")?.trim_start();
    rest.strip_prefix("aludel:").map(str::trim)
}
