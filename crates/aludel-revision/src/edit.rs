//! Changes one key of a header and leaves every other byte of the file as it is.

use aludel_sql::directive::body_of;
use aludel_sql::token::{Lexer, TokenKind};

use crate::header::Allow;
use crate::id::RevisionId;
use crate::value::{end_of, write_list};

/// Returns the text with other parents in its header.
pub fn set_parents(text: &str, parents: &[RevisionId]) -> String {
    set(text, "parents", &write_list(parents))
}

/// Returns the text with another list of allowed losses in its header.
pub fn set_allow(text: &str, allow: &[Allow]) -> String {
    set(text, "allow", &Allow::write(allow))
}

/// Replaces a key's value, or adds the key below the last one. A comment after the value stays.
fn set(text: &str, key: &str, value: &str) -> String {
    let mut lexer = Lexer::new(text);
    let mut last = None;
    while let Ok(Some(token)) = lexer.next_token() {
        let comment = &text[token.range.clone()];
        let body = match token.kind {
            TokenKind::BlockComment => continue,
            TokenKind::LineComment => body_of(comment),
            _ => break,
        };
        let Some((found, raw)) = body.and_then(|body| body.split_once('=')) else {
            if body.is_some() {
                break;
            }
            continue;
        };
        last = Some(token.range.end);
        if found.trim() == key {
            // The value is the end of the comment, white space at the end of the line aside.
            let end = token.range.start + comment.trim_end().len();
            let start = end - raw.trim_start().len();
            let value_end = start + end_of(&text[start..end]);
            return [&text[..start], value, &text[value_end..]].concat();
        }
    }
    let at = last.unwrap_or(0);
    let line_end = if text[at..].starts_with("\r\n") {
        "\r\n"
    } else {
        "\n"
    };
    let line = format!("-- aludel: {key} = {value}");
    match last {
        Some(_) => [&text[..at], line_end, &line, &text[at..]].concat(),
        None => [&line, line_end, text].concat(),
    }
}
