//! Cuts a script into statements, exactly where `psql` would.
//!
//! A semicolon ends a statement unless it stands in parentheses (`CREATE RULE … DO (a; b)`) or in a
//! `BEGIN ATOMIC` body. [`Pieces`] is the one loop; everything else collects what it yields.

use std::ops::Range;

use crate::directive::{self, Directive};
use crate::statement::{Origin, Statement};
use crate::token::{Lexer, Token, TokenKind, Unclosed};

/// A statement as a place in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpannedStatement {
    /// From the first byte of the first token to the last byte of the last; no semicolon.
    pub range: Range<usize>,
    /// The line of the first token, counted from 1.
    pub line: u32,
}

/// What a script is made of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// A statement.
    Statement(SpannedStatement),
    /// A `-- aludel: …` comment.
    Directive(Directive),
}

/// A script that cannot be cut, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{origin}: {fault}")]
pub struct SplitError {
    /// The place of the fault.
    pub origin: Origin,
    /// The fault.
    pub fault: SplitFault,
}

/// Why a script cannot be cut.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SplitFault {
    /// A line for `psql`, which is not the one to read this script.
    #[error("{command} is a psql command, not SQL")]
    PsqlCommand {
        /// The command with its backslash, as far as the first space.
        command: String,
    },
    /// Rows in the script, which only a client's copy mode could send.
    #[error("COPY … FROM STDIN needs rows that stand in the script; use INSERT")]
    CopyFromStdin,
    /// Something is opened here and never closed.
    #[error("unterminated {}", .0.as_str())]
    Unterminated(Unclosed),
}

/// Splits a script; `file` is only for origins.
///
/// `\restrict` and `\unrestrict`, which `pg_dump` writes, are passed over; any other `psql` command
/// and `COPY … FROM STDIN` are errors with their line.
pub fn split(text: &str, file: Option<&str>) -> Result<Vec<Statement>, SplitError> {
    let owned_file = || file.map(str::to_owned);
    let spans = split_ranges(text).map_err(|mut error| {
        error.origin.file = owned_file();
        error
    })?;
    let statement = |span: SpannedStatement| Statement {
        text: text[span.range].to_owned(),
        origin: Origin {
            file: owned_file(),
            line: span.line,
        },
    };
    Ok(spans.into_iter().map(statement).collect())
}

/// Splits a script into byte ranges of its text. Directives are comments here.
pub fn split_ranges(text: &str) -> Result<Vec<SpannedStatement>, SplitError> {
    let statements = Pieces::new(text, false).filter_map(|piece| match piece {
        Ok(Piece::Statement(span)) => Some(Ok(span)),
        Ok(Piece::Directive(_)) => None,
        Err(error) => Some(Err(error)),
    });
    statements.collect()
}

/// Splits a script into statements and directives, in their order.
///
/// A directive also ends the statement it stands in, so that a section's last statement needs no
/// semicolon.
pub fn pieces(text: &str) -> Result<Vec<Piece>, SplitError> {
    Pieces::new(text, true).collect()
}

/// The cutting loop: yields pieces, and after an error nothing more.
pub(crate) struct Pieces<'a> {
    text: &'a str,
    lexer: Lexer<'a>,
    lines: LineCounter<'a>,
    directives_end_statements: bool,
    open: Open,
    waiting: Option<Piece>,
    finished: bool,
}

/// The statement being read.
#[derive(Default)]
struct Open {
    span: Option<SpannedStatement>,
    /// The first four words, as far as they tell `CREATE [OR REPLACE] FUNCTION` and `COPY`.
    words: u8,
    opening: [Opening; 4],
    parentheses: u32,
    /// `BEGIN ATOMIC` and the `CASE`s open in it.
    atomic: u32,
    atomic_start: usize,
    previous: Previous,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Opening {
    #[default]
    Other,
    Create,
    Or,
    Replace,
    Routine,
    Copy,
}

#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Previous {
    #[default]
    Other,
    As,
    Dot,
    Begin,
    From,
}

impl<'a> Pieces<'a> {
    pub(crate) fn new(text: &'a str, directives_end_statements: bool) -> Self {
        Self {
            text,
            lexer: Lexer::new(text),
            lines: LineCounter {
                bytes: text.as_bytes(),
                position: 0,
                line: 1,
            },
            directives_end_statements,
            open: Open::default(),
            waiting: None,
            finished: false,
        }
    }

    fn fail(&mut self, fault: SplitFault, at: usize) -> SplitError {
        self.finished = true;
        // The place may lie before the counted part, so it is counted anew.
        let line = LineCounter {
            bytes: self.text.as_bytes(),
            position: 0,
            line: 1,
        }
        .at(at);
        SplitError {
            origin: Origin { file: None, line },
            fault,
        }
    }

    fn close(&mut self) -> Option<Piece> {
        std::mem::take(&mut self.open).span.map(Piece::Statement)
    }

    fn step(&mut self) -> Result<Option<Piece>, SplitError> {
        let token = match self.lexer.next_token() {
            Ok(Some(token)) => token,
            Ok(None) => return self.end(),
            Err((unclosed, at)) => return Err(self.fail(SplitFault::Unterminated(unclosed), at)),
        };
        match token.kind {
            TokenKind::BlockComment => Ok(None),
            TokenKind::LineComment => Ok(self.comment(&token)),
            TokenKind::Backslash => self.backslash(&token),
            TokenKind::Symbol(b';') if self.open.parentheses == 0 && self.open.atomic == 0 => {
                Ok(self.close())
            }
            _ => self.extend(&token),
        }
    }

    fn end(&mut self) -> Result<Option<Piece>, SplitError> {
        if self.open.atomic > 0 {
            let fault = SplitFault::Unterminated(Unclosed::AtomicBody);
            return Err(self.fail(fault, self.open.atomic_start));
        }
        self.finished = true;
        Ok(self.close())
    }

    fn comment(&mut self, token: &Token) -> Option<Piece> {
        if !self.directives_end_statements || self.open.atomic > 0 {
            return None;
        }
        let body = directive::body_of(&self.text[token.range.clone()])?.to_owned();
        let before = self.text[..token.range.start].bytes().rev();
        let own_line = before
            .take_while(|byte| !matches!(byte, b'\n' | b'\r'))
            .all(|byte| byte.is_ascii_whitespace());
        let line = self.lines.at(token.range.start);
        let found = Piece::Directive(Directive {
            line,
            range: token.range.clone(),
            body,
            own_line,
        });
        match self.close() {
            Some(statement) => {
                self.waiting = Some(found);
                Some(statement)
            }
            None => Some(found),
        }
    }

    fn backslash(&mut self, token: &Token) -> Result<Option<Piece>, SplitError> {
        let command = self.text[token.range.clone()]
            .split_whitespace()
            .next()
            .unwrap_or("\\");
        if self.open.span.is_none() && matches!(command, "\\restrict" | "\\unrestrict") {
            return Ok(None);
        }
        let fault = SplitFault::PsqlCommand {
            command: command.to_owned(),
        };
        Err(self.fail(fault, token.range.start))
    }

    fn extend(&mut self, token: &Token) -> Result<Option<Piece>, SplitError> {
        let span = self.open.span.get_or_insert_with(|| SpannedStatement {
            range: token.range.clone(),
            line: self.lines.at(token.range.start),
        });
        span.range.end = token.range.end;
        let start = span.range.start;
        let previous = std::mem::take(&mut self.open.previous);
        match token.kind {
            TokenKind::Word => {
                let word = &self.text[token.range.clone()];
                if self.open.word(word, previous, token.range.start) {
                    return Err(self.fail(SplitFault::CopyFromStdin, start));
                }
            }
            TokenKind::Symbol(b'(') => self.open.parentheses += 1,
            TokenKind::Symbol(b')') => {
                self.open.parentheses = self.open.parentheses.saturating_sub(1);
            }
            TokenKind::Symbol(b'.') => self.open.previous = Previous::Dot,
            _ => {}
        }
        Ok(None)
    }
}

impl Open {
    /// Takes a word in; returns whether the statement is now known to be `COPY … FROM STDIN`.
    fn word(&mut self, word: &str, previous: Previous, at: usize) -> bool {
        let is = |keyword: &str| word.eq_ignore_ascii_case(keyword);
        if let Some(slot) = self.opening.get_mut(usize::from(self.words)) {
            self.words += 1;
            *slot = match () {
                () if is("create") => Opening::Create,
                () if is("or") => Opening::Or,
                () if is("replace") => Opening::Replace,
                () if is("function") || is("procedure") => Opening::Routine,
                () if is("copy") => Opening::Copy,
                () => Opening::Other,
            };
        }
        if self.parentheses > 0 {
            return false;
        }
        if self.atomic > 0 {
            self.atomic_word(word, previous);
        } else if self.opening[0] == Opening::Copy {
            if previous == Previous::From && is("stdin") {
                return true;
            }
            if is("from") {
                self.previous = Previous::From;
            }
        } else if self.creates_routine() {
            if previous == Previous::Begin && is("atomic") {
                self.atomic = 1;
                self.atomic_start = at;
            } else if is("begin") {
                self.previous = Previous::Begin;
            }
        }
        false
    }

    fn atomic_word(&mut self, word: &str, previous: Previous) {
        let is = |keyword: &str| word.eq_ignore_ascii_case(keyword);
        // `AS end` and `row.case` are names although the words are reserved.
        let is_name = matches!(previous, Previous::As | Previous::Dot);
        if is("case") && !is_name {
            self.atomic += 1;
        } else if is("end") && !is_name {
            self.atomic -= 1;
        } else if is("as") {
            self.previous = Previous::As;
        }
    }

    fn creates_routine(&self) -> bool {
        use Opening::{Create, Or, Replace, Routine};
        matches!(
            self.opening,
            [Create, Routine, ..] | [Create, Or, Replace, Routine]
        )
    }
}

impl Iterator for Pieces<'_> {
    type Item = Result<Piece, SplitError>;

    fn next(&mut self) -> Option<Self::Item> {
        if let Some(piece) = self.waiting.take() {
            return Some(Ok(piece));
        }
        while !self.finished {
            match self.step() {
                Ok(None) => {}
                Ok(Some(piece)) => return Some(Ok(piece)),
                Err(error) => return Some(Err(error)),
            }
        }
        None
    }
}

/// Counts lines forward, each byte once.
struct LineCounter<'a> {
    bytes: &'a [u8],
    position: usize,
    line: u32,
}

impl LineCounter<'_> {
    fn at(&mut self, position: usize) -> u32 {
        let passed = &self.bytes[self.position..position];
        let breaks: usize = passed.iter().map(|byte| usize::from(*byte == b'\n')).sum();
        self.position = position;
        self.line += u32::try_from(breaks).unwrap_or(u32::MAX);
        self.line
    }
}

#[cfg(test)]
mod tests;
