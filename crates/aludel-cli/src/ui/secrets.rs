//! Secrets in SQL that is shown to a person: a statement that failed is shown as it stands in its file, and some hold
//! passwords.

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
pub(crate) fn covered(text: &str) -> String {
    let mut out: Vec<char> = text.chars().collect();
    let lower: Vec<char> = text
        .chars()
        .map(|character| character.to_ascii_lowercase())
        .collect();
    let mut at = 0;
    while at < out.len() {
        if out[at] == '\'' {
            let end = literal_end(&lower, at);
            if is_announced(&lower[..at]) {
                cover(&mut out[at + 1..end]);
            }
            cover_in_string(&lower[at + 1..end], &mut out[at + 1..end]);
            at = end + 1;
        } else {
            at += 1;
        }
    }
    cover_urls(&lower, &mut out);
    out.into_iter().collect()
}

fn cover(characters: &mut [char]) {
    for character in characters
        .iter_mut()
        .filter(|character| **character != '\n')
    {
        *character = '*';
    }
}

/// Returns where the literal that begins at `start` ends: its closing quote, or the end of the text.
fn literal_end(text: &[char], start: usize) -> usize {
    let mut at = start + 1;
    while at < text.len() {
        if text[at] == '\'' {
            if text.get(at + 1) != Some(&'\'') {
                return at;
            }
            at += 1;
        }
        at += 1;
    }
    text.len()
}

/// Returns whether what stands before a literal says that it is a secret.
fn is_announced(before: &[char]) -> bool {
    let text: String = before
        .iter()
        .rev()
        .take(80)
        .collect::<Vec<_>>()
        .into_iter()
        .rev()
        .collect();
    let text = text.trim_end_matches([' ', '\n', '\t', '=', '"']);
    let word = text.rsplit(|character: char| !character.is_alphanumeric() && character != '_');
    let word = word.into_iter().next().unwrap_or_default();
    WORDS.iter().any(|secret| word.ends_with(secret))
}

/// Covers `password=…` in a connection string.
fn cover_in_string(lower: &[char], out: &mut [char]) {
    let mut start = 0;
    while start < lower.len() {
        let end = lower[start..]
            .iter()
            .position(|character| character.is_whitespace() || *character == '&')
            .map_or(lower.len(), |length| start + length);
        let equals = lower[start..end]
            .iter()
            .position(|&character| character == '=');
        if let Some(equals) = equals.filter(|&equals| is_announced(&lower[start..start + equals])) {
            cover(&mut out[start + equals + 1..end]);
        }
        start = end + 1;
    }
}

/// Covers the password of `scheme://user:password@host`.
fn cover_urls(lower: &[char], out: &mut [char]) {
    for start in 0..lower.len() {
        if !lower[start..].starts_with(&[':', '/', '/']) {
            continue;
        }
        let authority = start + 3;
        let end = lower[authority..]
            .iter()
            .position(|character| {
                character.is_whitespace() || matches!(character, '/' | '\'' | '"')
            })
            .map_or(lower.len(), |length| authority + length);
        let Some(host) = lower[authority..end]
            .iter()
            .rposition(|&character| character == '@')
        else {
            continue;
        };
        let colon = lower[authority..authority + host]
            .iter()
            .position(|&character| character == ':');
        if let Some(colon) = colon {
            cover(&mut out[authority + colon + 1..authority + host]);
        }
    }
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
    }
}
