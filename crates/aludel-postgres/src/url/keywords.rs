//! libpq's `keyword = 'value'` form.

use super::parameters::{Parameters, UrlError};

pub(super) fn parse(text: &str) -> Result<Parameters, UrlError> {
    let mut parameters = Parameters::default();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let end = rest
            .find(|character: char| character == '=' || character.is_whitespace())
            .unwrap_or(rest.len());
        let keyword = &rest[..end];
        rest = rest[end..].trim_start();
        rest = rest.strip_prefix('=').ok_or(UrlError::Malformed {
            reason: "a word is followed by no `=`; expected `postgresql://…` or `keyword=value`",
        })?;
        let (value, after) = parse_value(rest.trim_start())?;
        if keyword.is_empty() {
            return Err(UrlError::Malformed {
                reason: "`=` follows no keyword",
            });
        }
        if keyword == "dbname" && value.contains("://") {
            return Err(UrlError::Malformed {
                reason: "`dbname` holds a URL; give the URL alone",
            });
        }
        parameters.state(keyword, value)?;
        rest = after.trim_start();
    }
    Ok(parameters)
}

/// A bare word or a quoted text; a backslash takes the next character as it is, in both.
fn parse_value(text: &str) -> Result<(String, &str), UrlError> {
    let quoted = text.starts_with('\'');
    let mut value = String::new();
    let mut characters = text.char_indices();
    if quoted {
        characters.next();
    }
    while let Some((at, character)) = characters.next() {
        match character {
            '\\' => match characters.next() {
                Some((_, escaped)) => value.push(escaped),
                None => break,
            },
            '\'' if quoted => return Ok((value, &text[at + 1..])),
            character if !quoted && character.is_whitespace() => return Ok((value, &text[at..])),
            character => value.push(character),
        }
    }
    if quoted {
        return Err(UrlError::Malformed {
            reason: "a quoted value has no closing quote",
        });
    }
    Ok((value, ""))
}
