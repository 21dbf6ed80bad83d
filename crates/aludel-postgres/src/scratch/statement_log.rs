//! What a scratch server was told: its own log of statements, read back.
//!
//! The server writes a statement down before it runs it, with the values of its parameters as literals, whatever the
//! driver and the protocol; an answer reaches the client after that, so whoever has the answer finds the line. The log is
//! text in which each entry begins with our prefix, and lines that go on begin with a tab.

use std::collections::HashMap;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use aludel_catalog::identifier::literal;
use aludel_sql::token::{Lexer, TokenKind};
use fs_err as fs;

/// `log_line_prefix`: session, error code, database, between bytes that no text holds.
pub(super) const LINE_PREFIX: &str = "\x1e%p\x1f%e\x1f%d\x1f";

/// The log, and how far it was read.
#[derive(Debug)]
pub struct StatementLog {
    path: PathBuf,
    position: u64,
}

/// One statement, or several that were sent as one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logged {
    /// The session.
    pub session: u32,
    /// The text as sent, parameters put in their places as literals.
    pub text: String,
    /// How it failed.
    pub failure: Option<LoggedFailure>,
}

/// What the server said to a statement that failed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct LoggedFailure {
    /// The five letters.
    pub sqlstate: String,
    /// The message.
    pub message: String,
    /// Its detail.
    pub detail: Option<String>,
    /// Its hint.
    pub hint: Option<String>,
}

impl StatementLog {
    pub(super) fn new(path: &Path) -> Self {
        let position = fs::metadata(path).map_or(0, |file| file.len());
        Self {
            path: path.to_owned(),
            position,
        }
    }

    /// Passes over what was logged so far.
    pub fn skip(&mut self) {
        *self = Self::new(&self.path);
    }

    /// Returns what was sent to a database since the last call, in order.
    pub fn read(&mut self, database: &str) -> io::Result<Vec<Logged>> {
        let mut file = fs::File::open(&self.path)?;
        file.seek(SeekFrom::Start(self.position))?;
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes)?;
        self.position += u64::try_from(bytes.len()).unwrap_or(0);
        Ok(statements(&String::from_utf8_lossy(&bytes), database))
    }
}

/// One message of the server.
struct Entry<'a> {
    session: u32,
    sqlstate: &'a str,
    label: &'a str,
    text: String,
}

fn statements(log: &str, database: &str) -> Vec<Logged> {
    let mut found: Vec<Logged> = Vec::new();
    // Of each session: the place of its last statement, and the failure that is being told.
    let mut last: HashMap<u32, usize> = HashMap::new();
    let mut failing: HashMap<u32, LoggedFailure> = HashMap::new();
    for entry in log.split('\x1e').filter_map(|text| entry(text, database)) {
        let session = entry.session;
        match entry.label {
            "LOG" => {
                if let Some(text) = sent(&entry.text) {
                    last.insert(session, found.len());
                    found.push(Logged {
                        session,
                        text: text.to_owned(),
                        failure: None,
                    });
                }
                failing.remove(&session);
            }
            "ERROR" | "FATAL" => {
                let failure = LoggedFailure {
                    sqlstate: entry.sqlstate.to_owned(),
                    message: entry.text,
                    ..LoggedFailure::default()
                };
                failing.insert(session, failure);
            }
            "DETAIL" => match (failing.get_mut(&session), last.get(&session)) {
                (Some(failure), _) => failure.detail = Some(entry.text),
                (None, Some(place)) => {
                    if let Some(values) = parameters(&entry.text) {
                        found[*place].text = with_values(&found[*place].text, &values);
                    }
                }
                (None, None) => {}
            },
            "HINT" => {
                if let Some(failure) = failing.get_mut(&session) {
                    failure.hint = Some(entry.text);
                }
            }
            "STATEMENT" => {
                let Some(failure) = failing.remove(&session) else {
                    continue;
                };
                // What the server cannot even parse is not logged before its error.
                match last.get(&session).map(|place| &mut found[*place]) {
                    Some(one) if one.failure.is_none() && same(&one.text, &entry.text) => {
                        one.failure = Some(failure);
                    }
                    _ => {
                        last.insert(session, found.len());
                        found.push(Logged {
                            session,
                            text: entry.text,
                            failure: Some(failure),
                        });
                    }
                }
            }
            _ => {}
        }
    }
    found
}

/// Whether a logged statement, whose parameters may stand as literals by now, is the one that the error names.
fn same(logged: &str, named: &str) -> bool {
    logged == named || (named.contains('$') && logged.get(..8) == named.get(..8))
}

fn entry<'a>(text: &'a str, database: &str) -> Option<Entry<'a>> {
    let mut parts = text.splitn(4, '\x1f');
    let session = parts.next()?.parse().ok()?;
    let sqlstate = parts.next()?;
    if parts.next()? != database {
        return None;
    }
    let (label, text) = parts.next()?.split_once(":  ")?;
    let text = text.strip_suffix('\n').unwrap_or(text);
    Some(Entry {
        session,
        sqlstate,
        label,
        text: text.replace("\n\t", "\n"),
    })
}

/// Returns the statement of `statement: …` and `execute name: …`; a later part of the same answer is none.
fn sent(message: &str) -> Option<&str> {
    if let Some(text) = message.strip_prefix("statement: ") {
        return Some(text);
    }
    let rest = message.strip_prefix("execute ")?;
    if rest.starts_with("fetch from ") {
        return None;
    }
    rest.split_once(": ").map(|(_, text)| text)
}

/// Reads `parameters: $1 = 'it''s', $2 = NULL`.
fn parameters(detail: &str) -> Option<Vec<Option<String>>> {
    let (_, mut rest) = detail
        .split_once("arameters: ")
        .filter(|(before, _)| before.len() == 1)?;
    let mut values = Vec::new();
    while let Some((_, after)) = rest.split_once(" = ") {
        let Some(mut quoted) = after.strip_prefix('\'') else {
            values.push(None);
            rest = after.strip_prefix("NULL").unwrap_or(after);
            continue;
        };
        let mut value = String::new();
        loop {
            let end = quoted.find('\'')?;
            value.push_str(&quoted[..end]);
            quoted = &quoted[end + 1..];
            match quoted.strip_prefix('\'') {
                Some(more) => {
                    value.push('\'');
                    quoted = more;
                }
                None => break,
            }
        }
        values.push(Some(value));
        rest = quoted;
    }
    Some(values)
}

/// Puts values in the places of `$1`, `$2`.
fn with_values(text: &str, values: &[Option<String>]) -> String {
    let mut written = String::new();
    let mut copied = 0;
    let mut lexer = Lexer::new(text);
    while let Ok(Some(token)) = lexer.next_token() {
        let number = text[token.range.clone()].strip_prefix('$');
        let place = number
            .filter(|_| token.kind == TokenKind::Number)
            .and_then(|number| number.parse::<usize>().ok());
        let Some(value) = place.and_then(|place| values.get(place.checked_sub(1)?)) else {
            continue;
        };
        written.push_str(&text[copied..token.range.start]);
        match value {
            Some(value) => written.push_str(&literal(value)),
            None => written.push_str("NULL"),
        }
        copied = token.range.end;
    }
    written.push_str(&text[copied..]);
    written
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(session: u32, sqlstate: &str, text: &str) -> String {
        format!("\x1e{session}\x1f{sqlstate}\x1fd\x1f{text}\n")
    }

    #[test]
    fn parameters_stand_in_their_places_as_literals() {
        let log = line(
            7,
            "00000",
            "LOG:  execute <unnamed>: INSERT INTO t\n\tVALUES ($1, $2, '$1')",
        ) + &line(
            7,
            "00000",
            "DETAIL:  Parameters: $1 = 'it''s\n\t\\', $2 = NULL",
        );
        let found = statements(&log, "d");
        assert_eq!(
            found[0].text,
            "INSERT INTO t\nVALUES (E'it''s\n\\\\', NULL, '$1')"
        );
        assert_eq!(statements(&log, "other"), []);
    }

    #[test]
    fn an_error_belongs_to_its_session_and_statement() {
        let log = line(1, "00000", "LOG:  statement: SELECT 1/0")
            + &line(2, "00000", "LOG:  statement: SELECT 2")
            + &line(1, "22012", "ERROR:  division by zero")
            + &line(1, "22012", "STATEMENT:  SELECT 1/0")
            + &line(2, "42601", "ERROR:  syntax error at or near \"x\"")
            + &line(2, "42601", "STATEMENT:  x");
        let found = statements(&log, "d");
        let failures: Vec<_> = found
            .iter()
            .map(|one| (&*one.text, one.failure.as_ref().map(|why| &*why.sqlstate)))
            .collect();
        assert_eq!(
            failures,
            [
                ("SELECT 1/0", Some("22012")),
                ("SELECT 2", None),
                ("x", Some("42601"))
            ]
        );
    }
}
