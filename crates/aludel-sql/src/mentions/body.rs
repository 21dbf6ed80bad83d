//! One pass over the tokens of a body.

use std::borrow::Cow;
use std::collections::BTreeSet;

use aludel_catalog::identifier::quote;

use super::{Mention, Place};
use crate::name::{fold, parts};
use crate::needs::inside_string;
use crate::token::{Lexer, TokenKind};

/// Returns the names that a body in SQL or PL/pgSQL uses.
pub(super) fn names(text: &str) -> BTreeSet<Mention> {
    let mut lexer = Lexer::new(text);
    let mut tokens = Vec::new();
    while let Ok(Some(token)) = lexer.next_token() {
        if !matches!(token.kind, TokenKind::LineComment | TokenKind::BlockComment) {
            tokens.push((token.kind, &text[token.range]));
        }
    }
    let mut walk = Walk {
        tokens,
        at: 0,
        scopes: vec![Scope::default()],
        wanted: Wanted::Nothing,
        declares: false,
        own: BTreeSet::new(),
        found: BTreeSet::new(),
    };
    walk.own_names();
    while walk.at < walk.tokens.len() {
        walk.step();
    }
    let Walk { own, mut found, .. } = walk;
    found.retain(|mention| {
        !matches!(mention.parts.as_slice(), [name] if mention.place == Place::Relation && own.contains(name))
    });
    found
}

/// What the next name is by its place.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Nothing,
    /// Behind FROM or JOIN: a relation, or a function that is called.
    Source,
    /// Behind INSERT INTO and its like: a relation, whatever follows.
    Target,
    /// Behind `::` or in a declaration.
    Type,
    /// The name of a variable that is declared.
    Variable,
}

/// What stands between two parentheses.
#[derive(Clone, Copy, Default)]
struct Scope {
    /// SELECT, DELETE or UPDATE stood here, so that FROM begins a list of relations.
    queries: bool,
    /// The list of relations goes on behind a comma.
    lists: bool,
    /// CAST opened it: AS is followed by a type.
    casts: bool,
}

struct Walk<'a> {
    tokens: Vec<(TokenKind, &'a str)>,
    at: usize,
    scopes: Vec<Scope>,
    wanted: Wanted,
    /// Between DECLARE and BEGIN.
    declares: bool,
    /// Names of WITH queries and of tables that the body makes.
    own: BTreeSet<String>,
    found: BTreeSet<Mention>,
}

/// Words that end a list of relations.
const ENDS_LIST: [&str; 18] = [
    "where",
    "group",
    "having",
    "order",
    "limit",
    "offset",
    "union",
    "intersect",
    "except",
    "window",
    "fetch",
    "for",
    "loop",
    "returning",
    "set",
    "values",
    "when",
    "into",
];

/// Words between the word that wants a relation and the relation.
const BEFORE_RELATION: [&str; 7] = [
    "only",
    "if",
    "not",
    "exists",
    "lateral",
    "concurrently",
    "table",
];

/// Functions whose argument is a relation's name as a string.
const TAKES_NAME: [&str; 5] = [
    "nextval",
    "currval",
    "setval",
    "to_regclass",
    "pg_get_serial_sequence",
];

impl Walk<'_> {
    fn word(&self, at: usize) -> Option<String> {
        let (kind, text) = self.tokens.get(at)?;
        (*kind == TokenKind::Word).then(|| text.to_ascii_lowercase())
    }

    /// The word before the token at hand, skipping nothing.
    fn before(&self, steps: usize) -> String {
        self.at
            .checked_sub(steps)
            .and_then(|at| self.word(at))
            .unwrap_or_default()
    }

    fn is_symbol(&self, at: usize, symbol: u8) -> bool {
        self.tokens
            .get(at)
            .is_some_and(|(kind, _)| *kind == TokenKind::Symbol(symbol))
    }

    fn is_word(&self, at: usize, word: &str) -> bool {
        self.tokens
            .get(at)
            .is_some_and(|(kind, text)| *kind == TokenKind::Word && text.eq_ignore_ascii_case(word))
    }

    /// `WITH a AS (`, `, b AS MATERIALIZED (`, `CREATE TEMP TABLE c`.
    fn own_names(&mut self) {
        for at in 0..self.tokens.len() {
            let is_name = matches!(
                self.tokens[at].0,
                TokenKind::Word | TokenKind::QuotedIdentifier
            );
            let previous = at.checked_sub(1).and_then(|at| self.word(at));
            let with = matches!(previous.as_deref(), Some("with" | "recursive"));
            let mut next = at + 1;
            let defined = self.is_word(next, "as") && {
                next += 1;
                while self.is_word(next, "not") || self.is_word(next, "materialized") {
                    next += 1;
                }
                self.is_symbol(next, b'(')
            };
            let made = self.is_word(at, "create")
                && ["temp", "temporary", "unlogged", "local"]
                    .iter()
                    .any(|word| self.is_word(at + 1, word));
            if made {
                let name = (at..at + 8).find(|&at| self.is_word(at, "table"));
                let mut name = name.map_or(at, |table| table + 1);
                while ["if", "not", "exists"]
                    .iter()
                    .any(|word| self.is_word(name, word))
                {
                    name += 1;
                }
                if let Some((_, text)) = self.tokens.get(name) {
                    self.own.insert(fold(text));
                }
            }
            if is_name && (with || defined) {
                self.own.insert(fold(self.tokens[at].1));
            }
        }
    }

    fn scope(&mut self) -> &mut Scope {
        if self.scopes.is_empty() {
            self.scopes.push(Scope::default());
        }
        let last = self.scopes.len() - 1;
        &mut self.scopes[last]
    }

    fn step(&mut self) {
        let (kind, text) = self.tokens[self.at];
        match kind {
            TokenKind::Symbol(symbol) => self.symbol(symbol),
            TokenKind::String => self.string(text),
            TokenKind::Word if self.keyword() => self.at += 1,
            TokenKind::Word | TokenKind::QuotedIdentifier => self.name(),
            _ => {
                self.wanted = Wanted::Nothing;
                self.at += 1;
            }
        }
    }

    fn symbol(&mut self, symbol: u8) {
        let wanted = std::mem::replace(&mut self.wanted, Wanted::Nothing);
        match symbol {
            b'(' => {
                let casts = self.before(1) == "cast";
                let joined = wanted == Wanted::Source;
                self.scopes.push(Scope {
                    queries: joined,
                    lists: joined,
                    casts,
                });
                self.wanted = if joined { wanted } else { Wanted::Nothing };
            }
            b')' => {
                self.scopes.pop();
            }
            b';' => {
                self.scopes = vec![Scope::default()];
                if self.declares {
                    self.wanted = Wanted::Variable;
                }
            }
            b',' if self.scope().lists => self.wanted = Wanted::Source,
            b':' if self.at > 0 && self.is_symbol(self.at - 1, b':') => self.wanted = Wanted::Type,
            _ => {}
        }
        self.at += 1;
    }

    fn string(&mut self, text: &str) {
        let called = self.is_symbol(self.at.wrapping_sub(1), b'(')
            && TAKES_NAME.contains(&self.before(2).as_str());
        let cast = self.is_symbol(self.at + 1, b':')
            && self.is_symbol(self.at + 2, b':')
            && self.is_word(self.at + 3, "regclass");
        if (called || cast)
            && let Some(parts) = inside_string(text).and_then(parts)
        {
            self.mention(Place::Relation, parts);
        }
        self.wanted = Wanted::Nothing;
        self.at += 1;
    }

    fn mention(&mut self, place: Place, parts: Vec<String>) {
        self.found.insert(Mention { place, parts });
    }

    /// Takes in a keyword that says what follows; returns whether the word is one.
    fn keyword(&mut self) -> bool {
        let Some(word) = self.word(self.at) else {
            return false;
        };
        let (one, two) = (self.before(1), self.before(2));
        if self.at > 0 && self.is_symbol(self.at - 1, b'.') {
            return false;
        }
        match word.as_str() {
            "declare" => {
                self.declares = true;
                self.wanted = Wanted::Variable;
            }
            "begin" => self.declares = false,
            "select" | "delete" | "perform" | "merge" => {
                *self.scope() = Scope {
                    queries: true,
                    ..Scope::default()
                };
            }
            "from" if one == "distinct" && matches!(two.as_str(), "is" | "not") => {}
            "from" => {
                let queries = self.scope().queries;
                self.scope().lists = queries;
                self.wanted = if queries {
                    Wanted::Source
                } else {
                    Wanted::Nothing
                };
            }
            "join" => self.wanted = Wanted::Source,
            "using" if !self.is_symbol(self.at + 1, b'(') => self.wanted = Wanted::Source,
            "update" if !matches!(one.as_str(), "for" | "key" | "do" | "on") => {
                self.scope().queries = true;
                self.wanted = Wanted::Target;
            }
            "into" if matches!(one.as_str(), "insert" | "merge") => self.wanted = Wanted::Target,
            "truncate" | "references" | "view" => self.wanted = Wanted::Target,
            "table" if self.wanted != Wanted::Target => self.wanted = Wanted::Target,
            "as" if self.scope().casts => self.wanted = Wanted::Type,
            "constant" if self.wanted == Wanted::Type => {}
            word if self.wanted != Wanted::Nothing && BEFORE_RELATION.contains(&word) => {}
            word if ENDS_LIST.contains(&word) => {
                self.scope().lists = false;
                self.wanted = Wanted::Nothing;
            }
            _ => return false,
        }
        true
    }

    /// Reads a dotted name and files it by its place.
    fn name(&mut self) {
        let start = self.at;
        let mut parts = vec![fold(self.tokens[start].1)];
        self.at += 1;
        while self.is_symbol(self.at, b'.')
            && let Some((TokenKind::Word | TokenKind::QuotedIdentifier, text)) =
                self.tokens.get(self.at + 1)
        {
            parts.push(fold(text));
            self.at += 2;
        }
        let wanted = std::mem::replace(&mut self.wanted, Wanted::Nothing);
        // A keyword before a parenthesis calls nothing.
        let reserved = self.at == start + 1
            && self.tokens[start].0 == TokenKind::Word
            && matches!(quote(&parts[0]), Cow::Owned(_));
        let called = self.is_symbol(self.at, b'(') && !reserved;
        if self.is_symbol(self.at, b'%') && self.is_word(self.at + 1, "type") {
            parts.pop();
            if !parts.is_empty() {
                self.mention(Place::Type, parts);
            }
            self.at += 2;
            return;
        }
        match wanted {
            Wanted::Variable => self.wanted = Wanted::Type,
            Wanted::Target => self.mention(Place::Relation, parts),
            Wanted::Source if !called => self.mention(Place::Relation, parts),
            Wanted::Type => self.mention(Place::Type, parts),
            _ if called => self.mention(Place::Routine, parts),
            _ if parts.len() > 1 => self.mention(Place::Any, parts),
            _ => {}
        }
    }
}
