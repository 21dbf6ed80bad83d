//! A recorded statement that names the scratch database it ran in: its file runs in databases of other names.

use aludel_postgres::SCRATCH_PREFIX;
use aludel_sql::token::{Lexer, TokenKind};

/// A statement that names the scratch database it ran in, as one that is about whatever database it runs in.
pub(crate) fn in_any_database(text: String) -> String {
    if !text.contains(SCRATCH_PREFIX) {
        return text;
    }
    let mut format = String::new();
    let mut copied = 0;
    let mut lexer = Lexer::new(&text);
    while let Ok(Some(token)) = lexer.next_token() {
        let part = &text[token.range.clone()];
        let named = |specifier: &str| -> Option<String> {
            let bare = part.trim_matches(['"', '\'']);
            let is_all = name_length(bare) == bare.len();
            is_all.then(|| specifier.to_owned())
        };
        let replaced = match token.kind {
            TokenKind::Word | TokenKind::QuotedIdentifier => named("%1$I"),
            TokenKind::String => named("%1$L").or_else(|| within(part)),
            _ => None,
        };
        if let Some(replaced) = replaced {
            format.push_str(&text[copied..token.range.start].replace('%', "%%"));
            format.push_str(&replaced);
            copied = token.range.end;
        }
    }
    if copied == 0 {
        return text;
    }
    format.push_str(&text[copied..].replace('%', "%%"));
    let tag = (0..).map(|count| format!("$run{count}$"));
    let tag = tag.into_iter().find(|tag| !format.contains(tag.as_str()));
    let tag = tag.unwrap_or_default();
    format!(
        "DO $database$\nBEGIN\n    EXECUTE pg_catalog.format({tag}{format}{tag}, pg_catalog.current_database());\nEND\n$database$"
    )
}

/// How many bytes of a text are the name of a scratch database at its beginning.
fn name_length(text: &str) -> usize {
    let Some(rest) = text.strip_prefix(SCRATCH_PREFIX) else {
        return 0;
    };
    let digits = rest.bytes().take_while(u8::is_ascii_hexdigit);
    SCRATCH_PREFIX.len() + digits.count()
}

/// A string in which the name stands among other text.
fn within(string: &str) -> Option<String> {
    let mut written = String::new();
    let mut rest = string;
    while let Some(place) = rest.find(SCRATCH_PREFIX) {
        written.push_str(&rest[..place].replace('%', "%%"));
        written.push_str("%1$s");
        rest = &rest[place + name_length(&rest[place..])..];
    }
    let has_any = !written.is_empty();
    written.push_str(&rest.replace('%', "%%"));
    has_any.then_some(written)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scratch_database_is_any_database() {
        for (text, format) in [
            (
                "ALTER DATABASE aludel_scratch_0123456789abcdef SET x.y TO 'a%'",
                "ALTER DATABASE %1$I SET x.y TO 'a%%'",
            ),
            (
                "COMMENT ON DATABASE \"aludel_scratch_0123456789abcdef\" IS 'on aludel_scratch_0123456789abcdef, 1%'",
                "COMMENT ON DATABASE %1$I IS 'on %1$s, 1%%'",
            ),
            (
                "INSERT INTO t VALUES ('aludel_scratch_0123456789abcdef')",
                "INSERT INTO t VALUES (%1$L)",
            ),
        ] {
            let written = in_any_database(text.to_owned());
            let wanted = format!("format($run0${format}$run0$, pg_catalog.current_database())");
            assert!(written.contains(&wanted), "{written}");
        }
        let other = "ALTER DATABASE shop SET x.y TO 'a%'";
        assert_eq!(in_any_database(other.to_owned()), other);
    }
}
