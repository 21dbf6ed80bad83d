//! Names as they stand in SQL text: folding, dotted names, and when two of them mean one object.

use std::borrow::Cow;

use aludel_catalog::identifier::quote;

use crate::token::{Lexer, TokenKind};

/// Returns the name that an identifier token stands for: unquoted ones folded to lower case as the
/// server does (ASCII letters only), quoted ones without their quotes.
pub(crate) fn fold(token: &str) -> String {
    match token
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'))
    {
        Some(inside) => inside.replace("\"\"", "\""),
        None => token.to_ascii_lowercase(),
    }
}

/// Returns the parts as one dotted name, each quoted only when it must be.
pub(crate) fn join(parts: &[String]) -> String {
    let quoted: Vec<Cow<'_, str>> = parts.iter().map(|part| quote(part)).collect();
    quoted.join(".")
}

/// Returns whether the object that a header allows is the object that a statement loses.
///
/// Names are compared part by part, unquoted ones folded; where one side names no schema, it is
/// taken to mean `default_schema`.
pub fn object_matches(allowed: &str, found: &str, default_schema: &str) -> bool {
    let (Some(mut allowed), Some(mut found)) = (parts(allowed), parts(found)) else {
        return allowed.trim() == found.trim();
    };
    if allowed.len() + 1 == found.len() {
        allowed.insert(0, default_schema.to_owned());
    } else if found.len() + 1 == allowed.len() {
        found.insert(0, default_schema.to_owned());
    }
    allowed == found
}

/// Cuts a dotted name into its folded parts; `None` when it is not a name.
pub(crate) fn parts(name: &str) -> Option<Vec<String>> {
    let mut lexer = Lexer::new(name);
    let mut parts = Vec::new();
    loop {
        let token = lexer.next_token().ok()??;
        match token.kind {
            TokenKind::Word | TokenKind::QuotedIdentifier => parts.push(fold(&name[token.range])),
            _ => return None,
        }
        match lexer.next_token().ok()? {
            None => return Some(parts),
            Some(token) if token.kind == TokenKind::Symbol(b'.') => {}
            Some(_) => return None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_match_identifier_by_identifier() {
        for (allowed, found, expected) in [
            ("public.users", "public.users", true),
            ("Public.USERS", "public.users", true),
            ("users", "public.users", true),
            ("public.users", "users", true),
            ("app.users", "users", false),
            ("users.legacy", "public.users.legacy", true),
            ("\"Users\"", "users", false),
            ("\"a.b\"", "a.b", false),
            ("\"a \"\"🧪\"\"\"", "public.\"a \"\"🧪\"\"\"", true),
            ("users", "public.users.legacy", false),
            ("", "users", false),
            ("DO", "do", true),
            ("public.users; x", "public.users", false),
        ] {
            assert_eq!(
                object_matches(allowed, found, "public"),
                expected,
                "{allowed} {found}"
            );
        }
    }
}
