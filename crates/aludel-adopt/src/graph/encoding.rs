//! A Python file's text: UTF-8, unless one of its first two lines says otherwise.

use std::path::Path;

/// Encodings of which Latin-1 is the common part, as far as ids go.
const LATIN: [&str; 7] = [
    "latin-1",
    "latin1",
    "iso-8859-1",
    "iso8859-1",
    "iso-8859-15",
    "cp1252",
    "windows-1252",
];

/// Reads the file. What is not in its encoding is for Python to complain about; ids are ASCII as a rule, and found all the same.
pub(super) fn read(path: &Path) -> std::io::Result<String> {
    Ok(text(fs_err::read(path)?))
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8(bytes).unwrap_or_else(|error| {
        let bytes = error.into_bytes();
        let is_latin = declared(&bytes).is_some_and(|name| LATIN.contains(&name.as_str()));
        if is_latin {
            bytes.into_iter().map(char::from).collect()
        } else {
            String::from_utf8_lossy(&bytes).into_owned()
        }
    })
}

/// What `# -*- coding: NAME -*-` names.
fn declared(bytes: &[u8]) -> Option<String> {
    let mut lines = bytes.split(|byte| *byte == b'\n').take(2);
    lines.find_map(|line| {
        let line = String::from_utf8_lossy(line).to_lowercase();
        let (_, name) = line.strip_prefix('#')?.split_once("coding")?;
        let name = name.strip_prefix([':', '='])?.trim_start();
        let is_of_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let end = name.find(|c| !is_of_name(c)).unwrap_or(name.len());
        Some(name[..end].replace('_', "-"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_line_may_name_the_encoding() {
        for (bytes, wanted) in [
            (
                &b"#!/usr/bin/python\n# -*- coding: Latin_1 -*-\nx = 'caf\xe9'"[..],
                "café",
            ),
            (b"x = 'caf\xc3\xa9'", "café"),
            (b"x = 'caf\xe9'", "caf\u{fffd}"),
            (b"\n\n# coding: latin-1\nx = 'caf\xe9'", "caf\u{fffd}"),
        ] {
            let text = text(bytes.to_vec());
            assert!(text.contains(&format!("'{wanted}'")), "{text}");
        }
    }
}
