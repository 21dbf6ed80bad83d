//! TOML values of header lines: a quick reader for plain strings and lists of them, and the `toml`
//! crate for everything else.

use crate::error::FileFault;

/// A value of a header line.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    /// A string.
    Text(String),
    /// A list of strings only.
    List(Vec<String>),
    /// Anything else.
    Other(toml::Value),
}

/// Reads a value; a comment may follow it.
pub(crate) fn parse(key: &str, raw: &str) -> Result<Value, FileFault> {
    if let Some(value) = quick(raw) {
        return Ok(value);
    }
    let mut table: toml::Table =
        toml::from_str(&format!("value = {raw}")).map_err(|error| FileFault::NotToml {
            key: key.to_owned(),
            message: error.message().to_owned(),
        })?;
    Ok(match table.remove("value") {
        Some(toml::Value::String(text)) => Value::Text(text),
        Some(toml::Value::Array(items)) if items.iter().all(toml::Value::is_str) => Value::List(
            items
                .iter()
                .filter_map(|item| item.as_str().map(str::to_owned))
                .collect(),
        ),
        Some(other) => Value::Other(other),
        None => {
            return Err(FileFault::WrongValue {
                key: key.to_owned(),
                wanted: "a value",
            });
        }
    })
}

/// Reads the two common forms; `None` means that the `toml` crate must judge.
fn quick(raw: &str) -> Option<Value> {
    let raw = raw.trim_start();
    if raw.starts_with('"') {
        let (text, rest) = quick_string(raw)?;
        return ends(rest).then(|| Value::Text(text.to_owned()));
    }
    let mut rest = raw.strip_prefix('[')?.trim_start();
    let mut items = Vec::new();
    while !rest.starts_with(']') {
        let (text, after) = quick_string(rest)?;
        items.push(text.to_owned());
        let after = after.trim_start();
        rest = match after.strip_prefix(',') {
            Some(next) => next.trim_start(),
            None if after.starts_with(']') => after,
            None => return None,
        };
    }
    ends(&rest[1..]).then_some(Value::List(items))
}

/// Reads a string without escapes and returns what follows it.
fn quick_string(raw: &str) -> Option<(&str, &str)> {
    let inside = raw.strip_prefix('"')?;
    let end = inside.find(|letter: char| letter == '"' || letter == '\\' || letter.is_control())?;
    let rest = inside[end..].strip_prefix('"')?;
    Some((&inside[..end], rest))
}

fn ends(rest: &str) -> bool {
    let rest = rest.trim_start();
    rest.is_empty() || rest.starts_with('#')
}

/// Writes a string as TOML, on one line.
pub(crate) fn write_text(text: &str) -> String {
    use std::fmt::Write as _;
    let mut written = String::with_capacity(text.len() + 2);
    written.push('"');
    for letter in text.chars() {
        match letter {
            '"' => written.push_str("\\\""),
            '\\' => written.push_str("\\\\"),
            '\n' => written.push_str("\\n"),
            '\r' => written.push_str("\\r"),
            '\t' => written.push_str("\\t"),
            letter if letter.is_control() => {
                // Writing into a string cannot fail.
                let _ = write!(written, "\\u{:04X}", u32::from(letter));
            }
            letter => written.push(letter),
        }
    }
    written.push('"');
    written
}

/// Writes strings as a TOML list, on one line.
pub(crate) fn write_list<T: AsRef<str>>(texts: &[T]) -> String {
    let items: Vec<String> = texts.iter().map(|text| write_text(text.as_ref())).collect();
    format!("[{}]", items.join(", "))
}

/// Returns where a value ends and its comment, if any, may begin.
pub(crate) fn end_of(raw: &str) -> usize {
    let mut quote = None;
    let mut escaped = false;
    let mut end = raw.len();
    for (at, letter) in raw.char_indices() {
        match quote {
            Some('"') if escaped => escaped = false,
            Some('"') if letter == '\\' => escaped = true,
            Some(open) if letter == open => quote = None,
            Some(_) => {}
            None if letter == '"' || letter == '\'' => quote = Some(letter),
            None if letter == '#' => {
                end = at;
                break;
            }
            None => {}
        }
    }
    raw[..end].trim_end().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(raw: &str) -> Option<Value> {
        let mut table: toml::Table = toml::from_str(&format!("value = {raw}")).ok()?;
        Some(match table.remove("value")? {
            toml::Value::String(text) => Value::Text(text),
            toml::Value::Array(items) if items.iter().all(toml::Value::is_str) => Value::List(
                items
                    .iter()
                    .map(|item| item.as_str().unwrap().to_owned())
                    .collect(),
            ),
            other => Value::Other(other),
        })
    }

    #[test]
    fn the_quick_reader_agrees_with_the_judge() {
        for raw in [
            r#""a""#,
            r#" "" "#,
            r#""a" # c"#,
            r#""a" b"#,
            r#""a\"b""#,
            r#""""a""""#,
            "'a'",
            "\"a\tb\"",
            r#""🦀""#,
            "[]",
            "[ ]",
            r#"["a"]"#,
            r#"["a",]"#,
            r#"["a", "b"] # c"#,
            r#"["a" "b"]"#,
            "[,]",
            r#"["a",,]"#,
            r#"["a\n"]"#,
            r#"[["a"]]"#,
            "1",
            "true",
            "2020-01-01T00:00:00Z",
            r#"["a", 1]"#,
            "",
            "[",
            "\"",
            "a",
            r#"[{ hazard = "x" }]"#,
            r#""a"#,
            "\"\u{7f}\"",
        ] {
            if let Some(value) = quick(raw) {
                assert_eq!(Some(value), judged(raw), "{raw}");
            }
            assert_eq!(parse("k", raw).ok(), judged(raw), "{raw}");
        }
        assert_eq!(
            quick(r#"["a", "b"] # c"#),
            Some(Value::List(vec!["a".into(), "b".into()]))
        );
    }

    #[test]
    fn what_is_written_is_read_back() {
        for text in [
            "",
            "plain",
            "a \"b\" \\ c\n\t\r\u{1}\u{7f}🦀",
            "# no comment",
            "é'",
        ] {
            assert_eq!(
                parse("k", &write_text(text)).unwrap(),
                Value::Text(text.to_owned())
            );
            let list = write_list(&[text, "x"]);
            assert_eq!(
                parse("k", &list).unwrap(),
                Value::List(vec![text.to_owned(), "x".to_owned()])
            );
            assert_eq!(end_of(&format!("{list} # \"c")), list.len());
        }
    }
}
