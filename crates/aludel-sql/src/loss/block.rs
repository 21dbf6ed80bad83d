//! `DO` blocks that only look and refuse, as generated revisions have them: they change nothing and lose nothing.

use crate::cursor::Cursor;
use crate::token::TokenKind;

/// Returns whether the block behind DO does nothing but IF and RAISE over queries that call no function.
pub(super) fn only_raises(cursor: &Cursor<'_>) -> bool {
    let mut outer = cursor.clone();
    let Some(token) = outer.peek() else {
        return false;
    };
    let quoted = outer.token_text(token);
    outer.advance();
    // LANGUAGE may stand behind; nothing else is known here.
    if !outer.at_end() || !quoted.starts_with('$') {
        return false;
    }
    let Some(tag) = quoted[1..].find('$').map(|end| &quoted[..end + 2]) else {
        return false;
    };
    let Some(body) = quoted
        .strip_prefix(tag)
        .and_then(|body| body.strip_suffix(tag))
    else {
        return false;
    };
    let mut body = Cursor::new(body);
    body.eat("begin") && statements(&mut body)
}

/// What may begin a statement of such a block.
const BEGINNINGS: &[&str] = &["if", "raise", "end"];
/// Words that may stand before a parenthesis without calling anything.
const BEFORE_PARENTHESIS: &[&str] = &[
    "exists", "in", "any", "all", "and", "or", "not", "where", "if",
];

fn statements(body: &mut Cursor<'_>) -> bool {
    let mut begins = true;
    let mut word: Option<String> = None;
    while let Some(token) = body.peek() {
        let is_word = matches!(token.kind, TokenKind::Word | TokenKind::QuotedIdentifier);
        if begins && !BEGINNINGS.iter().any(|beginning| body.is(beginning)) {
            return false;
        }
        if token.kind == TokenKind::Symbol(b'(')
            && word
                .as_ref()
                .is_some_and(|word| !BEFORE_PARENTHESIS.contains(&word.as_str()))
        {
            return false;
        }
        begins = token.kind == TokenKind::Symbol(b';') || body.is("then");
        word = is_word.then(|| body.token_text(token).to_ascii_lowercase());
        body.advance();
    }
    true
}
