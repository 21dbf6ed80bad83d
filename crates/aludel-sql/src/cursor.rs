//! A reader over a statement's tokens, comments left out: the classifiers' view of SQL.

use std::ops::Range;

use crate::name;
use crate::token::{Lexer, Token, TokenKind};

/// Walks over the tokens of one statement.
#[derive(Clone)]
pub(crate) struct Cursor<'a> {
    text: &'a str,
    tokens: Vec<Token>,
    position: usize,
}

impl<'a> Cursor<'a> {
    /// Reads all tokens; what cannot be read ends the statement.
    pub(crate) fn new(text: &'a str) -> Self {
        let mut lexer = Lexer::new(text);
        let mut tokens = Vec::new();
        while let Ok(Some(token)) = lexer.next_token() {
            if !matches!(token.kind, TokenKind::LineComment | TokenKind::BlockComment) {
                tokens.push(token);
            }
        }
        Self {
            text,
            tokens,
            position: 0,
        }
    }

    pub(crate) fn peek(&self) -> Option<&Token> {
        self.tokens.get(self.position)
    }

    pub(crate) fn advance(&mut self) {
        self.position += 1;
    }

    /// Whether the statement's last word is this keyword.
    pub(crate) fn ends_with(&self, keyword: &str) -> bool {
        let last = self.tokens.last();
        last.is_some_and(|last| {
            last.kind == TokenKind::Word && self.token_text(last).eq_ignore_ascii_case(keyword)
        })
    }

    /// Whether the keyword stands anywhere from here on.
    pub(crate) fn holds(&self, keyword: &str) -> bool {
        let rest = self.tokens.get(self.position..).unwrap_or_default();
        rest.iter().any(|token| {
            token.kind == TokenKind::Word && self.token_text(token).eq_ignore_ascii_case(keyword)
        })
    }

    /// Whether the keywords stand one after the other anywhere from here on.
    pub(crate) fn holds_all(&self, keywords: &str) -> bool {
        let mut cursor = self.clone();
        while !cursor.at_end() {
            if cursor.eat_all(keywords) {
                return true;
            }
            cursor.advance();
        }
        false
    }

    /// The byte at which the token before the next one ends.
    pub(crate) fn end_of_previous(&self) -> usize {
        let previous = self.position.min(self.tokens.len()).checked_sub(1);
        previous.map_or(0, |previous| self.tokens[previous].range.end)
    }

    pub(crate) fn at_end(&self) -> bool {
        self.position >= self.tokens.len()
    }

    /// The byte at which the next token starts.
    pub(crate) fn offset(&self) -> usize {
        self.peek()
            .map_or(self.text.len(), |token| token.range.start)
    }

    /// The text between two bytes, trimmed.
    pub(crate) fn slice(&self, range: Range<usize>) -> &'a str {
        self.text.get(range).unwrap_or_default().trim()
    }

    pub(crate) fn token_text(&self, token: &Token) -> &'a str {
        &self.text[token.range.clone()]
    }

    /// The next token when it is an unquoted word.
    pub(crate) fn word(&self) -> Option<&'a str> {
        let token = self.peek()?;
        (token.kind == TokenKind::Word).then(|| self.token_text(token))
    }

    /// The next word in small letters; empty when something else is next.
    pub(crate) fn lower_word(&self) -> String {
        self.word().map(str::to_ascii_lowercase).unwrap_or_default()
    }

    pub(crate) fn is(&self, keyword: &str) -> bool {
        self.word()
            .is_some_and(|word| word.eq_ignore_ascii_case(keyword))
    }

    /// Passes over the keyword if it is next.
    pub(crate) fn eat(&mut self, keyword: &str) -> bool {
        let found = self.is(keyword);
        if found {
            self.position += 1;
        }
        found
    }

    /// Passes over the keywords, written with spaces between, if all of them are next.
    pub(crate) fn eat_all(&mut self, keywords: &str) -> bool {
        let start = self.position;
        let found = keywords.split(' ').all(|keyword| self.eat(keyword));
        if !found {
            self.position = start;
        }
        found
    }

    /// Passes over one of the keywords if it is next.
    pub(crate) fn eat_any(&mut self, keywords: &[&str]) -> bool {
        keywords.iter().any(|keyword| self.eat(keyword))
    }

    pub(crate) fn is_symbol(&self, symbol: u8) -> bool {
        self.peek()
            .is_some_and(|token| token.kind == TokenKind::Symbol(symbol))
    }

    pub(crate) fn eat_symbol(&mut self, symbol: u8) -> bool {
        let found = self.is_symbol(symbol);
        if found {
            self.position += 1;
        }
        found
    }

    /// Reads one identifier, folded.
    pub(crate) fn identifier(&mut self) -> Option<String> {
        let token = self.peek()?;
        if !matches!(token.kind, TokenKind::Word | TokenKind::QuotedIdentifier) {
            return None;
        }
        let name = name::fold(self.token_text(token));
        self.position += 1;
        Some(name)
    }

    /// Reads a plain string constant, without its quotes.
    pub(crate) fn string(&mut self) -> Option<String> {
        let text = self.token_text(self.peek()?);
        let inside = text
            .strip_prefix('\'')?
            .strip_suffix('\'')?
            .replace("''", "'");
        self.position += 1;
        Some(inside)
    }

    /// Passes over everything up to and with the keyword; returns whether it is there.
    pub(crate) fn skip_past(&mut self, keyword: &str) -> bool {
        while !self.at_end() {
            if self.eat(keyword) {
                return true;
            }
            self.skip_one();
        }
        false
    }

    /// Reads a dotted name as its folded parts; empty when none is next.
    pub(crate) fn name_parts(&mut self) -> Vec<String> {
        let mut parts = Vec::new();
        while let Some(part) = self.identifier() {
            parts.push(part);
            if !self.eat_symbol(b'.') {
                break;
            }
        }
        parts
    }

    /// Reads a dotted name, its parts quoted only where they must be.
    pub(crate) fn name(&mut self) -> Option<String> {
        let parts = self.name_parts();
        (!parts.is_empty()).then(|| name::join(&parts))
    }

    /// Passes over everything up to the end of the current list item: a comma outside parentheses
    /// (passed over too: returns true), or the end.
    pub(crate) fn skip_item(&mut self) -> bool {
        while !self.at_end() {
            if self.eat_symbol(b',') {
                return true;
            }
            self.skip_one();
        }
        false
    }

    /// Passes over one token, or over a whole group in parentheses or brackets.
    pub(crate) fn skip_one(&mut self) {
        let mut depth = 0_u32;
        while let Some(token) = self.peek() {
            match token.kind {
                TokenKind::Symbol(b'(' | b'[') => depth += 1,
                TokenKind::Symbol(b')' | b']') => depth = depth.saturating_sub(1),
                _ => {}
            }
            self.position += 1;
            if depth == 0 {
                return;
            }
        }
    }
}
