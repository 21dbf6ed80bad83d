//! The names that the text body of a routine uses, which PostgreSQL does not track.
//!
//! Names are found by where they stand (behind FROM, before a parenthesis, as the type of a variable), not by a full
//! grammar: what is found orders a plan, and decides nothing about what a statement means. Strings that EXECUTE runs are
//! left alone.

mod body;

use std::collections::BTreeSet;

use crate::cursor::Cursor;
use crate::needs::inside_string;
use crate::token::TokenKind;

/// Where a name stands, which tells what it can be the name of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// A table, view, materialized view or sequence.
    Relation,
    /// A type, or a relation's row type.
    Type,
    /// A function, procedure or aggregate.
    Routine,
    /// Any of them: a qualified name whose place says nothing.
    Any,
}

/// A name that a body uses.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Mention {
    /// What it can be.
    pub place: Place,
    /// Its parts, folded: `["app", "users"]`.
    pub parts: Vec<String>,
}

/// What a routine's body, kept as text, uses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Mentions {
    /// The language of the body.
    pub language: String,
    /// The schemas that the routine itself sets as its search path.
    pub search_path: Option<Vec<String>>,
    /// The names, without those of the body's own WITH queries and temporary tables.
    pub names: BTreeSet<Mention>,
}

/// Returns what the body of a `CREATE FUNCTION` or `CREATE PROCEDURE` uses.
pub fn mentions(create: &str) -> Mentions {
    let mut found = Mentions::default();
    let mut cursor = Cursor::new(create);
    while !cursor.at_end() {
        if cursor.eat("language") {
            found.language = cursor.identifier().unwrap_or_default();
        } else if cursor.eat_all("set search_path") {
            found.search_path = Some(path(&mut cursor));
        } else if cursor.eat("as") {
            let string = cursor
                .peek()
                .filter(|token| token.kind == TokenKind::String);
            if let Some(text) = string.and_then(|token| inside_string(cursor.token_text(token))) {
                found.names = body::names(text);
            }
            cursor.advance();
        } else {
            cursor.skip_one();
        }
    }
    found
}

/// Reads `TO 'app', public`.
fn path(cursor: &mut Cursor<'_>) -> Vec<String> {
    if !cursor.eat("to") {
        cursor.eat_symbol(b'=');
    }
    let mut schemas = Vec::new();
    while let Some(schema) = cursor.string().or_else(|| cursor.identifier()) {
        schemas.push(schema);
        if !cursor.eat_symbol(b',') {
            break;
        }
    }
    schemas
}

#[cfg(test)]
mod tests;
