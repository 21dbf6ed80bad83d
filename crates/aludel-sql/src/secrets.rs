//! Secrets in SQL that is shown to a person: a statement that failed is shown as it stands in its file, and some hold
//! passwords.

use crate::token::Lexer;

/// Words before a literal that make it a secret, at the end of the name of an option or a clause.
const WORDS: &[&str] = &[
    "password",
    "passwd",
    "pass",
    "secret",
    "token",
    "key",
    "connection",
];

/// Returns the text with every secret in it covered, character by character, so that positions stay.
pub fn covered(text: &str) -> String {
    literals_covered(&urls_covered(text))
}

/// Covers secrets in string constants, also in those of a function's body and of statements in comments.
fn literals_covered(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    let mut lexer = Lexer::new(text);
    while copied < text.len() {
        let range = match lexer.next_token() {
            Ok(Some(token)) => token.range,
            Ok(None) => break,
            // What is shown may be cut short.
            Err((_, start)) => start..text.len(),
        };
        let (before, token) = (&text[..range.start], &text[range.clone()]);
        out.push_str(&text[copied..range.start]);
        copied = range.end;
        let opened = opening(token);
        let closing = match &token[..opened] {
            "" | "--" => "",
            "/*" => "*/",
            quote => quote.trim_start_matches(['e', 'E']),
        };
        let inside = &token[opened..];
        let inside = inside.strip_suffix(closing).unwrap_or(inside);
        let end = opened + inside.len();
        out.push_str(&token[..opened]);
        match token.as_bytes() {
            _ if opened == 0 => out.push_str(inside),
            [b'-' | b'/', ..] => out.push_str(&literals_covered(inside)),
            _ if is_announced(before) => out.extend(inside.chars().map(stars)),
            [b'$', ..] => out.push_str(&literals_covered(inside)),
            _ => out.push_str(&parameters_covered(inside)),
        }
        out.push_str(&token[end..]);
    }
    out.push_str(&text[copied..]);
    out
}

/// Returns how many bytes open a comment or a string; 0 for any other token.
fn opening(token: &str) -> usize {
    let tag = |rest: &str| rest.find('$').map_or(0, |end| end + 2);
    match token.as_bytes() {
        [b'\'', ..] => 1,
        [b'e' | b'E', b'\'', ..] | [b'-', b'-', ..] | [b'/', b'*', ..] => 2,
        [b'$', ..] => tag(&token[1..]),
        _ => 0,
    }
}

fn stars(character: char) -> char {
    if character == '\n' { '\n' } else { '*' }
}

/// Returns whether what stands before a value says that it is a secret.
fn is_announced(before: &str) -> bool {
    let name = before.trim_end_matches([' ', '\n', '\t', '=', '"']);
    let start = name
        .rfind(|character: char| !character.is_alphanumeric() && character != '_')
        .map_or(0, |at| {
            at + name[at..].chars().next().map_or(0, char::len_utf8)
        });
    let word = name[start..].to_ascii_lowercase();
    WORDS.iter().any(|secret| word.ends_with(secret))
}

/// Covers `password=…` in a connection string.
fn parameters_covered(text: &str) -> String {
    let is_end = |character: char| character.is_whitespace() || character == '&';
    let mut out = String::with_capacity(text.len());
    for piece in text.split_inclusive(is_end) {
        match piece.split_once('=') {
            Some((name, value)) if is_announced(name) => {
                out.push_str(name);
                out.push('=');
                let kept = |c: char| if is_end(c) { c } else { '*' };
                out.extend(value.chars().map(kept));
            }
            _ => out.push_str(piece),
        }
    }
    out
}

/// Covers the password of `scheme://user:password@host`.
fn urls_covered(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("://") {
        let (scheme, behind) = rest.split_at(at + 3);
        out.push_str(scheme);
        let end = behind
            .find(|c: char| c.is_whitespace() || matches!(c, '/' | '\'' | '"'))
            .unwrap_or(behind.len());
        let (authority, after) = behind.split_at(end);
        match authority.rsplit_once('@') {
            Some((login, host)) => {
                let (user, password) = login.split_once(':').unwrap_or((login, ""));
                out.push_str(user);
                out.push_str(&login[user.len()..].chars().take(1).collect::<String>());
                out.extend(password.chars().map(stars));
                out.push('@');
                out.push_str(host);
            }
            None => out.push_str(authority),
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::covered;

    #[test]
    fn secrets_are_covered_and_the_rest_stays() {
        assert_eq!(
            covered("CREATE USER MAPPING FOR a SERVER s OPTIONS (user 'bob', password 'hun''ter')"),
            "CREATE USER MAPPING FOR a SERVER s OPTIONS (user 'bob', password '********')"
        );
        assert_eq!(
            covered("CREATE ROLE r PASSWORD 'x' LOGIN"),
            "CREATE ROLE r PASSWORD '*' LOGIN"
        );
        assert_eq!(
            covered("CREATE SUBSCRIPTION s CONNECTION 'host=h password=pw' PUBLICATION p"),
            "CREATE SUBSCRIPTION s CONNECTION '******************' PUBLICATION p"
        );
        assert_eq!(
            covered("SELECT dblink('host=h password=pw user=u')"),
            "SELECT dblink('host=h password=** user=u')"
        );
        assert_eq!(
            covered("-- postgresql://u:pw@h/d"),
            "-- postgresql://u:**@h/d"
        );
        assert_eq!(covered("SELECT 'key value'"), "SELECT 'key value'");
        for (text, shown) in [
            (
                "-- don't\nCREATE ROLE r PASSWORD 'é'",
                "-- don't\nCREATE ROLE r PASSWORD '*'",
            ),
            (
                "DO $$ -- don't\nALTER ROLE r PASSWORD 'x' $$",
                "DO $$ -- don't\nALTER ROLE r PASSWORD '*' $$",
            ),
            (
                "-- ALTER ROLE r PASSWORD 'x'",
                "-- ALTER ROLE r PASSWORD '*'",
            ),
            (
                "/* ALTER ROLE r PASSWORD 'x' */",
                "/* ALTER ROLE r PASSWORD '*' */",
            ),
            (
                "ALTER ROLE r PASSWORD $a$x$y$a$",
                "ALTER ROLE r PASSWORD $a$***$a$",
            ),
            (
                "ALTER ROLE r PASSWORD E'x\\'y'",
                "ALTER ROLE r PASSWORD E'****'",
            ),
            (
                "ALTER ROLE r PASSWORD 'cut sh",
                "ALTER ROLE r PASSWORD '******",
            ),
            (
                "OPTIONS (\"Password\" 'x', a 'b')",
                "OPTIONS (\"Password\" '*', a 'b')",
            ),
        ] {
            assert_eq!(covered(text), shown);
        }
    }
}
