//! Annotations: directives in a schema file, and the object that each stands above.
//!
//! A directive above a statement means the object that the statement makes; one inside a statement means the column,
//! constraint, attribute or enum value that is named right after it.

use crate::cursor::Cursor;
use crate::directive::body_of;
use crate::name::join;
use crate::split::{SplitError, split_ranges};
use crate::token::{Lexer, TokenKind};

/// A directive and what it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Annotation {
    /// The directive's line, counted from 1.
    pub line: u32,
    /// The text after `-- aludel:`.
    pub body: String,
    /// What it stands above; `None` when that is nothing that has a name.
    pub of: Option<Named>,
}

/// Something that a statement names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Named {
    /// Its kind in PostgreSQL's words.
    pub kind: &'static str,
    /// What it is a part of, as a dotted name.
    pub container: Option<String>,
    /// Its name, dotted and quoted where SQL quotes it; argument types in parentheses behind it.
    pub name: String,
}

/// The words that may stand between CREATE and the kind.
const BEFORE_KIND: &[&str] = &[
    "or",
    "replace",
    "global",
    "local",
    "temp",
    "temporary",
    "unlogged",
    "unique",
    "recursive",
    "constraint",
    "trusted",
];

/// How statements call the kinds whose names stand right behind.
const KINDS: &[(&str, &str)] = &[
    ("foreign table", "table"),
    ("table", "table"),
    ("materialized view", "materialized view"),
    ("view", "view"),
    ("sequence", "sequence"),
    ("domain", "domain"),
    ("schema", "schema"),
    ("statistics", "statistics object"),
    ("collation", "collation"),
    ("publication", "publication"),
    ("subscription", "subscription"),
    ("event trigger", "event trigger"),
    ("server", "server"),
    ("foreign data wrapper", "foreign-data wrapper"),
    ("role", "role"),
    ("user", "role"),
    ("conversion", "conversion"),
    ("language", "language"),
    ("text search parser", "text search parser"),
    ("text search dictionary", "text search dictionary"),
    ("text search template", "text search template"),
    ("text search configuration", "text search configuration"),
    ("operator class", "operator class"),
    ("operator family", "operator family"),
];

/// Returns the directives of a schema file.
pub fn annotations(text: &str) -> Result<Vec<Annotation>, SplitError> {
    let mut lexer = Lexer::new(text);
    let mut found = Vec::new();
    while let Ok(Some(token)) = lexer.next_token() {
        if token.kind == TokenKind::LineComment
            && let Some(body) = body_of(&text[token.range.clone()])
        {
            found.push((token.range, body.to_owned()));
        }
    }
    if found.is_empty() {
        return Ok(Vec::new());
    }
    let statements = split_ranges(text)?;
    let annotation = |(range, body): (std::ops::Range<usize>, String)| {
        let breaks = text[..range.start].matches('\n').count();
        let inside = statements
            .iter()
            .find(|one| one.range.contains(&range.start));
        let below = statements.iter().find(|one| one.range.start >= range.end);
        let of = match (inside, below) {
            (Some(whole), _) => part(&text[whole.range.clone()], range.end - whole.range.start),
            (None, Some(below)) => made(&text[below.range.clone()]),
            (None, None) => None,
        };
        Annotation {
            line: u32::try_from(breaks).unwrap_or(u32::MAX).saturating_add(1),
            body,
            of,
        }
    };
    Ok(found.into_iter().map(annotation).collect())
}

/// Returns what the statement makes.
fn made(statement: &str) -> Option<Named> {
    let mut cursor = Cursor::new(statement);
    let cursor = &mut cursor;
    if cursor.eat_all("alter table") {
        return added(cursor);
    }
    if !cursor.eat("create") {
        return None;
    }
    while cursor.eat_any(BEFORE_KIND) {}
    if let Some((_, kind)) = KINDS.iter().find(|(words, _)| cursor.eat_all(words)) {
        return named(cursor, kind);
    }
    if cursor.eat("type") {
        let mut of = named(cursor, "composite type")?;
        of.kind = match cursor.eat("as") {
            true if cursor.is("enum") => "enum",
            true if cursor.is("range") => "range type",
            true => "composite type",
            false => "base type",
        };
        return Some(of);
    }
    if cursor.eat("index") {
        cursor.eat("concurrently");
        let index = named(cursor, "index")?;
        let mut parts = relation(cursor, "on")?;
        parts.pop();
        parts.push(index.name);
        // The index's own name is quoted already.
        let last = parts.pop()?;
        let schema = join(&parts);
        let dot = if schema.is_empty() { "" } else { "." };
        return Some(Named {
            name: format!("{schema}{dot}{last}"),
            ..index
        });
    }
    for (word, kind, before) in [
        ("policy", "policy", "on"),
        ("trigger", "trigger", "on"),
        ("rule", "rule", "to"),
    ] {
        if cursor.eat(word) {
            let of = named(cursor, kind)?;
            return Some(Named {
                container: Some(join(&relation(cursor, before)?)),
                ..of
            });
        }
    }
    for (word, kind) in [
        ("function", "function"),
        ("procedure", "function"),
        ("aggregate", "aggregate"),
    ] {
        if cursor.eat(word) {
            let of = named(cursor, kind)?;
            let start = cursor.offset();
            cursor.skip_one();
            let arguments = arguments(cursor.slice(start..cursor.end_of_previous()));
            return Some(Named {
                name: of.name + &arguments,
                ..of
            });
        }
    }
    None
}

/// Reads the name that is next.
fn named(cursor: &mut Cursor<'_>, kind: &'static str) -> Option<Named> {
    cursor.eat_all("if not exists");
    Some(Named {
        kind,
        container: None,
        name: cursor.name()?,
    })
}

/// Returns the relation behind the word, as its parts.
fn relation(cursor: &mut Cursor<'_>, word: &str) -> Option<Vec<String>> {
    while !cursor.at_end() {
        if cursor.eat(word) {
            // A trigger's events and a rule's are followed by the relation; `ON UPDATE TO t` is a rule's.
            cursor.eat("only");
            let parts = cursor.name_parts();
            return (!parts.is_empty()).then_some(parts);
        }
        cursor.skip_one();
    }
    None
}

/// Returns what ALTER TABLE adds.
fn added(cursor: &mut Cursor<'_>) -> Option<Named> {
    cursor.eat_all("if exists");
    cursor.eat("only");
    let container = cursor.name()?;
    if !cursor.eat("add") {
        return None;
    }
    let kind = if cursor.eat("constraint") {
        "constraint"
    } else {
        cursor.eat("column");
        cursor.eat_all("if not exists");
        "column"
    };
    Some(Named {
        kind,
        container: Some(container),
        name: cursor.name()?,
    })
}

/// Returns the arguments without their defaults and without those that only come out.
fn arguments(list: &str) -> String {
    let inner = list.trim().trim_start_matches('(').trim_end_matches(')');
    let mut cursor = Cursor::new(inner);
    let mut kept = Vec::new();
    loop {
        let start = cursor.offset();
        if cursor.at_end() {
            break;
        }
        let (mut end, mut open) = (start, true);
        let out = cursor.is("out");
        let mut more = false;
        while !cursor.at_end() {
            if cursor.eat_symbol(b',') {
                more = true;
                break;
            }
            open &= !(cursor.is("default") || cursor.is_symbol(b'='));
            cursor.skip_one();
            if open {
                end = cursor.end_of_previous();
            }
        }
        if !out {
            kept.push(cursor.slice(start..end).to_owned());
        }
        if !more {
            break;
        }
    }
    format!("({})", kept.join(", "))
}

/// Returns the part of what the statement makes that is named right behind `at`.
fn part(statement: &str, at: usize) -> Option<Named> {
    let whole = made(statement)?;
    let mut cursor = Cursor::new(statement);
    let mut before = None;
    while cursor.offset() < at && !cursor.at_end() {
        before = cursor.peek().map(|token| token.kind);
        cursor.advance();
    }
    let begins = matches!(before, Some(TokenKind::Symbol(b'(' | b',')));
    let kind = match whole.kind {
        "domain" if cursor.eat("constraint") => "domain constraint",
        "table" if cursor.eat("constraint") => "constraint",
        "table" | "view" | "materialized view" if begins => {
            let keys = ["primary", "unique", "check", "foreign", "exclude", "like"];
            if whole.kind == "table" && keys.iter().any(|word| cursor.is(word)) {
                return None; // it has no name of its own here
            }
            "column"
        }
        "composite type" if begins => "attribute",
        "enum" if begins => {
            return Some(Named {
                kind: "enum value",
                container: Some(whole.name),
                name: join(&[cursor.string()?]),
            });
        }
        _ => return None,
    };
    Some(Named {
        kind,
        container: Some(whole.name),
        name: join(&[cursor.identifier()?]),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(text: &str) -> Vec<String> {
        let told = |one: Annotation| match one.of {
            Some(of) => {
                let container = of.container.map_or_else(String::new, |name| name + " > ");
                format!("{} {} {container}{}", one.line, of.kind, of.name)
            }
            None => format!("{} nothing", one.line),
        };
        annotations(text).unwrap().into_iter().map(told).collect()
    }

    #[test]
    fn a_directive_above_a_statement_means_what_it_makes() {
        for (statement, expected) in [
            ("CREATE TABLE app.t (a int)", "table app.t"),
            (
                "create unlogged table if not exists \"T\" ()",
                "table \"T\"",
            ),
            ("CREATE TYPE s AS ENUM ('a')", "enum s"),
            ("CREATE TYPE s AS (a int)", "composite type s"),
            (
                "CREATE UNIQUE INDEX CONCURRENTLY i ON ONLY app.t (a)",
                "index app.i",
            ),
            ("CREATE POLICY p ON app.t USING (true)", "policy app.t > p"),
            (
                "CREATE TRIGGER tr BEFORE UPDATE OF a ON t EXECUTE FUNCTION f()",
                "trigger t > tr",
            ),
            (
                "CREATE RULE r AS ON DELETE TO v DO INSTEAD NOTHING",
                "rule v > r",
            ),
            (
                "CREATE OR REPLACE FUNCTION app.f(a int DEFAULT 1, OUT b text, c numeric(3, 1) = 2) RETURNS x",
                "function app.f(a int, c numeric(3, 1))",
            ),
            (
                "ALTER TABLE ONLY t ADD CONSTRAINT k UNIQUE (a)",
                "constraint t > k",
            ),
            ("ALTER TABLE t ADD b int", "column t > b"),
            (
                "CREATE MATERIALIZED VIEW m AS SELECT 1",
                "materialized view m",
            ),
            ("SELECT 1", "nothing"),
        ] {
            let text = format!("SELECT 0;\n-- aludel: x\n-- a remark\n{statement};\nSELECT 2;");
            assert_eq!(told(&text), [format!("2 {expected}")], "{statement}");
        }
        assert_eq!(told("SELECT 1; -- aludel: x"), ["1 nothing"]);
        assert!(told("SELECT '-- aludel: x'").is_empty());
    }

    #[test]
    fn a_directive_inside_a_statement_means_the_part_behind_it() {
        let table = "CREATE TABLE t (\n  -- aludel: x\n  a int,\n  -- aludel: x\n  \"B c\" int\n  -- aludel: x\n  \
                     CONSTRAINT k CHECK (a > 0),\n  -- aludel: x\n  UNIQUE (a), -- aludel: x\n  CONSTRAINT u UNIQUE (a)\n);";
        assert_eq!(
            told(table),
            [
                "2 column t > a",
                "4 column t > \"B c\"",
                "6 constraint t > k",
                "8 nothing",
                "9 constraint t > u"
            ]
        );
        let types = "CREATE TYPE e AS ENUM ('a', -- aludel: x\n 'in use');\nCREATE TYPE c AS (\n-- aludel: x\nn int);";
        assert_eq!(
            told(types),
            ["1 enum value e > \"in use\"", "4 attribute c > n"]
        );
        let domain = "CREATE DOMAIN d AS int\n-- aludel: x\nCONSTRAINT k CHECK (VALUE > 0);";
        assert_eq!(told(domain), ["2 domain constraint d > k"]);
    }
}
