//! The lexer: cuts SQL text into tokens by PostgreSQL's own rules for quotes and comments.
//!
//! It knows just enough to never mistake the inside of a string, a dollar quote, a quoted
//! identifier or a comment for SQL. `standard_conforming_strings` is taken to be on, as it has been
//! by default since PostgreSQL 9.1. Any byte above 127 is part of a word, as in the server's lexer.

use std::ops::Range;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// An unquoted identifier or a keyword.
    Word,
    /// A double-quoted identifier, quotes included.
    QuotedIdentifier,
    /// A string constant of any form, quotes and prefix `E` included.
    String,
    /// A number or a parameter such as `$1`.
    Number,
    /// One byte of punctuation or of an operator.
    Symbol(u8),
    /// A `--` comment, without its line end.
    LineComment,
    /// A block comment, nested ones included.
    BlockComment,
    /// A backslash outside strings and everything after it on its line: a `psql` command.
    Backslash,
}

/// A token: its kind and its bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: TokenKind,
    /// Its place in the text, in bytes.
    pub range: Range<usize>,
}

/// What was opened and never closed, for errors.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unclosed {
    /// `'…`
    String,
    /// `"…`
    QuotedIdentifier,
    /// `$tag$…`
    DollarQuote,
    /// `/* …`
    BlockComment,
    /// `BEGIN ATOMIC …`
    AtomicBody,
}

impl Unclosed {
    /// Names the construct for a person.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::String => "string",
            Self::QuotedIdentifier => "quoted identifier",
            Self::DollarQuote => "dollar-quoted string",
            Self::BlockComment => "block comment",
            Self::AtomicBody => "BEGIN ATOMIC body",
        }
    }
}

/// Reads tokens one after the other.
#[derive(Clone, Debug)]
pub struct Lexer<'a> {
    bytes: &'a [u8],
    position: usize,
}

impl<'a> Lexer<'a> {
    /// Starts at the beginning of the text, after a byte order mark if there is one.
    pub fn new(text: &'a str) -> Self {
        let position = if text.starts_with('\u{feff}') { 3 } else { 0 };
        Self {
            bytes: text.as_bytes(),
            position,
        }
    }

    /// Returns the next token, `None` at the end of the text.
    ///
    /// The error names what is never closed and the byte where it was opened.
    pub fn next_token(&mut self) -> Result<Option<Token>, (Unclosed, usize)> {
        while self.position < self.bytes.len() && is_space(self.bytes[self.position]) {
            self.position += 1;
        }
        let start = self.position;
        let Some(&byte) = self.bytes.get(start) else {
            return Ok(None);
        };
        let (kind, end) = self.measure(byte, start)?;
        self.position = end;
        Ok(Some(Token {
            kind,
            range: start..end,
        }))
    }

    fn measure(&self, byte: u8, start: usize) -> Result<(TokenKind, usize), (Unclosed, usize)> {
        let next = self.bytes.get(start + 1).copied();
        Ok(match byte {
            b'-' if next == Some(b'-') => (TokenKind::LineComment, self.line_end(start)),
            b'/' if next == Some(b'*') => (TokenKind::BlockComment, self.block_comment(start)?),
            b'\'' => (TokenKind::String, self.string(start, start + 1, false)?),
            b'e' | b'E' if next == Some(b'\'') => {
                (TokenKind::String, self.string(start, start + 2, true)?)
            }
            b'"' => (TokenKind::QuotedIdentifier, self.quoted_identifier(start)?),
            b'$' => self.dollar(start)?,
            b'\\' => (TokenKind::Backslash, self.line_end(start)),
            b'0'..=b'9' => {
                let is_part =
                    |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'.';
                (TokenKind::Number, self.run(start + 1, is_part))
            }
            _ if starts_word(byte) => (
                TokenKind::Word,
                self.run(start + 1, |byte| continues_word(byte) || byte == b'$'),
            ),
            _ => (TokenKind::Symbol(byte), start + 1),
        })
    }

    fn run(&self, from: usize, is_part: impl Fn(u8) -> bool) -> usize {
        let rest = self.bytes[from..].iter();
        from + rest.take_while(|byte| is_part(**byte)).count()
    }

    fn line_end(&self, from: usize) -> usize {
        self.run(from, |byte| byte != b'\n' && byte != b'\r')
    }

    fn block_comment(&self, start: usize) -> Result<usize, (Unclosed, usize)> {
        let mut depth = 1;
        let mut position = start + 2;
        while let (Some(first), Some(second)) =
            (self.bytes.get(position), self.bytes.get(position + 1))
        {
            match (first, second) {
                (b'/', b'*') => depth += 1,
                (b'*', b'/') => depth -= 1,
                _ => {
                    position += 1;
                    continue;
                }
            }
            position += 2;
            if depth == 0 {
                return Ok(position);
            }
        }
        Err((Unclosed::BlockComment, start))
    }

    /// Finds the end of a string whose first byte inside the quotes is at `position`.
    fn string(
        &self,
        start: usize,
        mut position: usize,
        escapes: bool,
    ) -> Result<usize, (Unclosed, usize)> {
        while let Some(&byte) = self.bytes.get(position) {
            match byte {
                b'\\' if escapes => position += 2,
                b'\'' if self.bytes.get(position + 1) == Some(&b'\'') => position += 2,
                b'\'' => match self.continuation(position + 1) {
                    // Only an escape string's next part needs care: it keeps the backslash rule.
                    Some(inside) if escapes => position = inside,
                    _ => return Ok(position + 1),
                },
                _ => position += 1,
            }
        }
        Err((Unclosed::String, start))
    }

    /// `'a'` newline `'b'` is one string: returns where the next part's inside begins.
    fn continuation(&self, from: usize) -> Option<usize> {
        let mut position = from;
        let mut newline = false;
        loop {
            match *self.bytes.get(position)? {
                b'\n' | b'\r' => newline = true,
                byte if is_space(byte) => {}
                b'-' if newline && self.bytes.get(position + 1) == Some(&b'-') => {
                    position = self.line_end(position);
                    continue;
                }
                b'\'' if newline => return Some(position + 1),
                _ => return None,
            }
            position += 1;
        }
    }

    fn quoted_identifier(&self, start: usize) -> Result<usize, (Unclosed, usize)> {
        let mut position = start + 1;
        while let Some(&byte) = self.bytes.get(position) {
            match byte {
                b'"' if self.bytes.get(position + 1) == Some(&b'"') => position += 2,
                b'"' => return Ok(position + 1),
                _ => position += 1,
            }
        }
        Err((Unclosed::QuotedIdentifier, start))
    }

    fn dollar(&self, start: usize) -> Result<(TokenKind, usize), (Unclosed, usize)> {
        let first = self.bytes.get(start + 1).copied();
        if first.is_some_and(|byte| byte.is_ascii_digit()) {
            return Ok((
                TokenKind::Number,
                self.run(start + 1, |byte| byte.is_ascii_digit()),
            ));
        }
        let tag_end = match first {
            Some(byte) if starts_word(byte) => self.run(start + 1, continues_word),
            _ => start + 1,
        };
        if self.bytes.get(tag_end) != Some(&b'$') {
            return Ok((TokenKind::Symbol(b'$'), start + 1));
        }
        let tag = &self.bytes[start..=tag_end];
        let mut position = tag_end + 1;
        loop {
            position = self.run(position, |byte| byte != b'$');
            if position >= self.bytes.len() {
                return Err((Unclosed::DollarQuote, start));
            }
            if self.bytes[position..].starts_with(tag) {
                return Ok((TokenKind::String, position + tag.len()));
            }
            position += 1;
        }
    }
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0b | 0x0c)
}

fn starts_word(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || byte >= 0x80
}

fn continues_word(byte: u8) -> bool {
    starts_word(byte) || byte.is_ascii_digit()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tokens(text: &str) -> Vec<(&str, TokenKind)> {
        let mut lexer = Lexer::new(text);
        let mut found = Vec::new();
        while let Some(token) = lexer.next_token().unwrap() {
            found.push((&text[token.range], token.kind));
        }
        found
    }

    #[test]
    fn a_dollar_inside_a_word_opens_no_quote() {
        assert_eq!(
            tokens("a$b$ c"),
            [("a$b$", TokenKind::Word), ("c", TokenKind::Word)]
        );
    }

    #[test]
    fn dollar_quotes_close_only_with_their_own_tag() {
        assert_eq!(
            tokens("$a$ $$ ' $b$ $a$"),
            [("$a$ $$ ' $b$ $a$", TokenKind::String)]
        );
        assert_eq!(tokens("$1"), [("$1", TokenKind::Number)]);
    }

    #[test]
    fn escape_strings_keep_their_rule_over_a_line_break() {
        let text = "E'a\\'b'\n -- note\n 'c\\';d'";
        assert_eq!(tokens(text), [(text, TokenKind::String)]);
        assert_eq!(tokens("'a\\' E'\\\\'").len(), 2);
    }

    #[test]
    fn block_comments_nest() {
        assert_eq!(tokens("/* a /* b */ ; */x").len(), 2);
        assert_eq!(
            Lexer::new(" /* /* */").next_token(),
            Err((Unclosed::BlockComment, 1))
        );
    }
}
