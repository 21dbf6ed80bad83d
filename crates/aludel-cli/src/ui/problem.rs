//! What went wrong, as a person reads it: one shape for every error, and one `From` per library error.

mod adopt;
mod plan;
mod postgres;
mod revision;
mod runner;
mod source;

use std::fmt::Write;
use std::io;
use std::path::Path;

use aludel_sql::Statement;
use serde::Serialize;

pub(crate) use runner::loss_text;

use crate::ui::exit::ExitStatus;
use crate::ui::snippet::Snippet;
use crate::ui::theme::{Role, Theme};

/// An error in the wording of PostgreSQL: primary, details, a piece of the file, hints with the next command.
#[derive(Clone, Debug)]
pub(crate) struct Problem(Box<Body>);

#[derive(Clone, Debug)]
struct Body {
    kind: &'static str,
    primary: String,
    details: Vec<String>,
    snippet: Option<Snippet>,
    /// A file, and a line of it, where no piece of it is shown.
    place: Option<(String, Option<u32>)>,
    hints: Vec<String>,
    revisions: Vec<String>,
    exit_status: ExitStatus,
    broken_pipe: bool,
}

/// What `--format json` prints of a problem.
#[derive(Serialize)]
pub(crate) struct ProblemJson {
    format: u32,
    error: ErrorJson,
}

/// What went wrong, for programs.
#[derive(Serialize)]
pub(crate) struct ErrorJson {
    kind: &'static str,
    message: String,
    details: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    hints: Vec<String>,
    revisions: Vec<String>,
}

impl Problem {
    /// A problem of a kind (kebab-case, for programs) with its primary message.
    pub(crate) fn new(kind: &'static str, primary: impl Into<String>) -> Self {
        Self(Box::new(Body {
            kind,
            primary: primary.into(),
            details: Vec::new(),
            snippet: None,
            place: None,
            hints: Vec::new(),
            revisions: Vec::new(),
            exit_status: ExitStatus::Error,
            broken_pipe: false,
        }))
    }

    /// A fault of the program itself.
    pub(crate) fn internal(primary: impl Into<String>) -> Self {
        Self::new("internal", primary)
            .hint("this is a fault of Aludel; please report it with the command you ran")
    }

    /// A file that could not be written, or a folder not made; the system's words name it.
    pub(crate) fn not_writable(error: &io::Error) -> Self {
        Self::new("not-writable", error.to_string())
            .hint("give yourself the right to write there, and run the command again")
    }

    /// An error of writing to stdout; a reader that went away is none.
    pub(crate) fn from_output(error: &io::Error) -> Self {
        let mut problem = Self::new("output", format!("writing to stdout: {error}"));
        problem.0.broken_pipe = error.kind() == io::ErrorKind::BrokenPipe;
        problem
    }

    /// Adds a line of detail.
    #[must_use]
    pub(crate) fn detail(mut self, text: impl Into<String>) -> Self {
        self.0.details.push(text.into());
        self
    }

    /// Adds a hint: a whole sentence or the next command.
    #[must_use]
    pub(crate) fn hint(mut self, text: impl Into<String>) -> Self {
        self.0.hints.push(text.into());
        self
    }

    /// Adds hints that there may be.
    #[must_use]
    pub(crate) fn hints(mut self, texts: impl IntoIterator<Item = String>) -> Self {
        self.0.hints.extend(texts);
        self
    }

    /// Says this next command instead of those that fit elsewhere.
    #[must_use]
    pub(crate) fn only_hint(mut self, text: impl Into<String>) -> Self {
        self.0.hints = vec![text.into()];
        self
    }

    /// Writes paths below the folder the command runs in as they are typed there.
    #[must_use]
    pub(crate) fn with_paths_from_here(mut self) -> Self {
        if let Ok(folder) = std::env::current_dir() {
            let folder = format!("{}/", folder.display());
            let body = &mut self.0;
            for text in body.details.iter_mut().chain([&mut body.primary]) {
                *text = text.replace(&folder, "");
            }
        }
        self
    }

    /// Shows the statement.
    #[must_use]
    pub(crate) fn snippet(mut self, snippet: Snippet) -> Self {
        self.0.snippet = Some(snippet);
        self
    }

    /// Says for programs which file the message is about.
    #[must_use]
    pub(crate) fn in_file(mut self, path: &Path, line: Option<u32>) -> Self {
        self.0.place = Some((path.display().to_string(), line));
        self
    }

    /// Names the revisions concerned, for programs.
    #[must_use]
    pub(crate) fn revisions(mut self, revisions: impl IntoIterator<Item = String>) -> Self {
        self.0.revisions.extend(revisions);
        self
    }

    /// Ends the program with another code than 2.
    #[must_use]
    pub(crate) fn exit(mut self, status: ExitStatus) -> Self {
        self.0.exit_status = status;
        self
    }

    /// Whether the reader of stdout went away.
    pub(crate) fn is_broken_pipe(&self) -> bool {
        self.0.broken_pipe
    }

    /// What kind it is, for programs.
    pub(crate) fn kind(&self) -> &'static str {
        self.0.kind
    }

    /// The revisions concerned.
    pub(crate) fn concerned(&self) -> &[String] {
        &self.0.revisions
    }

    /// How the program ends.
    pub(crate) fn exit_status(&self) -> ExitStatus {
        self.0.exit_status
    }

    /// The text a person reads.
    pub(crate) fn render(&self, theme: Theme) -> String {
        let body = &self.0;
        let mut out = format!("{}: {}\n", theme.paint(Role::Error, "error"), body.primary);
        if let Some(snippet) = &body.snippet {
            out.push_str(&snippet.render(theme));
        }
        for detail in &body.details {
            for line in detail.lines() {
                let _ = writeln!(out, "  {line}");
            }
        }
        for hint in &body.hints {
            let _ = writeln!(out, "{}: {hint}", theme.paint(Role::Hint, "hint"));
        }
        out
    }

    /// The primary message.
    pub(crate) fn primary(&self) -> &str {
        &self.0.primary
    }

    /// Says where it went wrong, when it could have been in several places.
    #[must_use]
    pub(crate) fn about(mut self, place: &str) -> Self {
        self.0.primary = format!("{place}: {}", self.0.primary);
        self
    }

    /// What a program reads.
    pub(crate) fn to_json(&self) -> ProblemJson {
        ProblemJson {
            format: 1,
            error: self.error_json(),
        }
    }

    /// The same as a part of another document.
    pub(crate) fn error_json(&self) -> ErrorJson {
        let body = &self.0;
        let (file, line) = match (&body.snippet, body.place.clone()) {
            (Some(snippet), _) => (snippet.file.clone(), Some(snippet.pointed_line())),
            (None, Some((file, line))) => (Some(file), line),
            (None, None) => (None, None),
        };
        ErrorJson {
            kind: body.kind,
            message: body.primary.clone(),
            details: body.details.clone(),
            file,
            line,
            hints: body.hints.clone(),
            revisions: body.revisions.clone(),
        }
    }
}

/// A statement as a snippet; `position` is the server's, counted in the statement.
fn snippet_of(statement: &Statement, position: Option<u32>) -> Snippet {
    Snippet {
        file: statement.origin.file.clone(),
        line: statement.origin.line,
        text: statement.text.clone(),
        position,
    }
}

#[cfg(test)]
mod tests;
