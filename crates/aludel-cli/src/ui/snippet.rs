//! The lines of a statement around the place PostgreSQL points at.

use aludel_sql::covered;
use std::fmt::Write;

use crate::ui::theme::{Role, Theme};

/// How many lines of a long statement are shown.
const LINES_MAX: usize = 6;

/// A statement, where it stands, and the character in it that the server pointed at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Snippet {
    /// `file:line` is shown above; empty when the statement has no file.
    pub(crate) file: Option<String>,
    /// The line of the statement's first token, from 1.
    pub(crate) line: u32,
    /// The statement.
    pub(crate) text: String,
    /// The server's position: a character of `text`, from 1.
    pub(crate) position: Option<u32>,
}

impl Snippet {
    /// The line of the file that is meant: the one pointed at, else the first.
    pub(crate) fn pointed_line(&self) -> u32 {
        self.line + u32::try_from(self.pointed().map_or(0, |(row, _)| row)).unwrap_or(0)
    }

    /// The row (from 0) and column (from 0, in characters) pointed at.
    fn pointed(&self) -> Option<(usize, usize)> {
        let position = usize::try_from(self.position?).ok()?.checked_sub(1)?;
        let before: String = self.text.chars().take(position).collect();
        let row = before.matches('\n').count();
        let column = before
            .rsplit('\n')
            .next()
            .map_or(0, |line| line.chars().count());
        Some((row, column))
    }

    /// The lines, numbered as in the file, with a caret below the character pointed at.
    pub(crate) fn render(&self, theme: Theme) -> String {
        let text = covered(&self.text);
        let lines: Vec<&str> = text.lines().collect();
        let pointed = self.pointed();
        let first = pointed.map_or(0, |(row, _)| row.saturating_sub(LINES_MAX / 2));
        let last = (first + LINES_MAX).min(lines.len());
        let number = |row: usize| self.line as usize + row;
        let width = number(last.saturating_sub(1)).to_string().len();
        let mut out = String::new();
        let place = match &self.file {
            Some(file) => format!("{file}:{}", self.pointed_line()),
            None => format!("line {}", self.pointed_line()),
        };
        let _ = writeln!(
            out,
            "{:width$}{} {place}",
            "",
            theme.paint(Role::Dim, "-->")
        );
        for (row, line) in lines.iter().enumerate().take(last).skip(first) {
            let margin = theme.paint(Role::Dim, &format!("{:>width$} |", number(row)));
            let _ = writeln!(out, "{margin} {}", line.replace('\t', " "));
            if let Some((at, column)) = pointed
                && at == row
            {
                let margin = theme.paint(Role::Dim, &format!("{:>width$} |", ""));
                let _ = writeln!(
                    out,
                    "{margin} {:column$}{}",
                    "",
                    theme.paint(Role::Error, "^")
                );
            }
        }
        if last < lines.len() {
            let margin = theme.paint(Role::Dim, &format!("{:>width$} |", ""));
            let more = crate::running::counted(lines.len() - last, "more line");
            let _ = writeln!(out, "{margin} … {more}");
        }
        out
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn caret_stands_below_the_character() {
        let snippet = Snippet {
            file: Some("migrations/a.sql".to_owned()),
            line: 9,
            text: "CREATE TABLE a (\n  é intt\n)".to_owned(),
            position: Some(22),
        };
        let plain = Theme::new(anstream::ColorChoice::Never);
        assert_eq!(
            snippet.render(plain),
            "  --> migrations/a.sql:10\n 9 | CREATE TABLE a (\n10 |   é intt\n   |     ^\n11 | )\n"
        );
    }
}
