//! Reading the rows that PostgreSQL answered, whatever client or file they came through.

use std::cell::Cell;

/// One row of text values, as the simple query protocol gives them.
pub trait RowRead {
    /// Returns the value of column `index`, `None` for NULL.
    fn get(&self, index: usize) -> Option<&str>;
    /// Returns how many columns the row has.
    fn width(&self) -> usize;
}

impl RowRead for Vec<Option<String>> {
    fn get(&self, index: usize) -> Option<&str> {
        self.as_slice().get(index).and_then(Option::as_deref)
    }

    fn width(&self) -> usize {
        self.len()
    }
}

/// A row's value is not what the query promises: a fault of Aludel, never of the user.
#[derive(Debug, thiserror::Error)]
#[error("column {column} of the {kind} query holds {value:?}, which is not {wanted}")]
pub struct DecodeError {
    /// The kind whose query it was.
    pub kind: &'static str,
    /// 0-based number of the column.
    pub column: usize,
    /// What stood there.
    pub value: Option<String>,
    /// What was wanted.
    pub wanted: &'static str,
}

/// Reads a row's values in the order in which the query lists them.
pub struct Fields<'a> {
    row: &'a dyn RowRead,
    kind: &'static str,
    next: Cell<usize>,
}

impl<'a> Fields<'a> {
    /// Begins at column `first` of `row`.
    pub fn new(row: &'a dyn RowRead, kind: &'static str, first: usize) -> Self {
        Self {
            row,
            kind,
            next: Cell::new(first),
        }
    }

    fn take(&self) -> Option<&'a str> {
        let column = self.next.get();
        self.next.set(column + 1);
        self.row.get(column)
    }

    fn wrong(&self, value: Option<&str>, wanted: &'static str) -> DecodeError {
        DecodeError {
            kind: self.kind,
            column: self.next.get() - 1,
            value: value.map(str::to_owned),
            wanted,
        }
    }

    /// Reads text or NULL.
    pub fn optional(&self) -> Option<String> {
        self.take().map(str::to_owned)
    }

    /// Reads text.
    pub fn text(&self) -> Result<String, DecodeError> {
        let value = self.take();
        value
            .map(str::to_owned)
            .ok_or_else(|| self.wrong(value, "text"))
    }

    /// Reads a boolean (`t` or `f`).
    pub fn boolean(&self) -> Result<bool, DecodeError> {
        match self.take() {
            Some("t" | "true") => Ok(true),
            Some("f" | "false") => Ok(false),
            other => Err(self.wrong(other, "a boolean")),
        }
    }

    /// Reads a number.
    pub fn number<T: std::str::FromStr>(&self) -> Result<T, DecodeError> {
        let value = self.take();
        value
            .and_then(|text| text.parse().ok())
            .ok_or_else(|| self.wrong(value, "a number"))
    }

    /// Reads a number or NULL.
    pub fn optional_number<T: std::str::FromStr>(&self) -> Result<Option<T>, DecodeError> {
        match self.take() {
            None => Ok(None),
            Some(text) => text
                .parse()
                .map(Some)
                .map_err(|_| self.wrong(Some(text), "a number or NULL")),
        }
    }

    /// Reads one character; an empty `"char"` is a space.
    pub fn letter(&self) -> Result<char, DecodeError> {
        let value = self.take();
        value
            .map(|text| text.chars().next().unwrap_or(' '))
            .ok_or_else(|| self.wrong(value, "a letter"))
    }

    /// Reads a `text[]`, NULL as an empty list.
    pub fn list(&self) -> Result<Vec<String>, DecodeError> {
        match self.take() {
            None => Ok(Vec::new()),
            Some(text) => array(text).ok_or_else(|| self.wrong(Some(text), "an array of text")),
        }
    }

    /// Reads a JSON array of arrays of text, NULL as an empty list.
    pub fn table(&self) -> Result<Vec<Vec<Option<String>>>, DecodeError> {
        match self.take() {
            None => Ok(Vec::new()),
            Some(text) => serde_json::from_str(text)
                .map_err(|_| self.wrong(Some(text), "a JSON table of text")),
        }
    }
}

/// Reads PostgreSQL's text form of a one-dimensional array without NULLs (manual, "Array Input and Output Syntax").
pub(crate) fn array(text: &str) -> Option<Vec<String>> {
    let inner = text.strip_prefix('{')?.strip_suffix('}')?;
    let mut elements = Vec::new();
    let mut characters = inner.chars().peekable();
    while characters.peek().is_some() {
        let mut element = String::new();
        if characters.next_if_eq(&'"').is_some() {
            loop {
                match characters.next()? {
                    '"' => break,
                    '\\' => element.push(characters.next()?),
                    other => element.push(other),
                }
            }
        } else {
            while let Some(other) = characters.next_if(|&character| character != ',') {
                element.push(other);
            }
        }
        elements.push(element);
        if characters.next_if_eq(&',').is_none() {
            break;
        }
    }
    Some(elements)
}

#[cfg(test)]
mod tests {
    use super::array;

    #[test]
    fn arrays_are_read_as_postgresql_writes_them() {
        assert_eq!(array("{}").unwrap(), Vec::<String>::new());
        assert_eq!(array("{a,b}").unwrap(), ["a", "b"]);
        assert_eq!(
            array(r#"{"a,b","say \"hi\"","back\\slash"}"#).unwrap(),
            ["a,b", "say \"hi\"", "back\\slash"]
        );
    }
}
