//! The one object that prints: data to stdout, talk to stderr.

use std::io::{self, BufWriter, IsTerminal, Write};

use serde::Serialize;

use crate::cli::{Color, Format, GlobalArgs};
use crate::ui::exit::ExitStatus;
use crate::ui::problem::Problem;
use crate::ui::theme::{Role, Theme};

/// Prints data to stdout and talk to stderr, obeying `--quiet`, `--format` and `--color`.
pub(crate) struct Printer {
    stdout: BufWriter<io::Stdout>,
    stdout_theme: Theme,
    stderr_theme: Theme,
    format: Format,
    quiet: bool,
    verbose: u8,
    terminal: bool,
}

impl Printer {
    /// A printer as the options ask for.
    pub(crate) fn new(global: &GlobalArgs) -> Self {
        match global.color {
            Color::Auto => {}
            Color::Always => anstream::ColorChoice::Always.write_global(),
            Color::Never => anstream::ColorChoice::Never.write_global(),
        }
        let stdout = io::stdout();
        let stdout_theme = Theme::new(anstream::AutoStream::choice(&stdout));
        let stderr_theme = Theme::new(anstream::AutoStream::choice(&io::stderr()));
        Self {
            stdout: BufWriter::with_capacity(64 * 1024, stdout),
            stdout_theme,
            stderr_theme,
            format: global.format,
            quiet: global.quiet,
            verbose: global.verbose,
            terminal: io::stderr().is_terminal(),
        }
    }

    /// The colours of stdout.
    pub(crate) fn theme(&self) -> Theme {
        self.stdout_theme
    }

    /// The colours of stderr.
    pub(crate) fn talk_theme(&self) -> Theme {
        self.stderr_theme
    }

    /// Whether a program reads the output.
    pub(crate) fn is_json(&self) -> bool {
        self.format == Format::Json
    }

    /// Whether more was asked for with `-v`.
    pub(crate) fn is_verbose(&self) -> bool {
        self.verbose > 0
    }

    /// Whether a progress line that rewrites itself may be shown.
    pub(crate) fn is_live(&self) -> bool {
        self.terminal && !self.quiet && self.verbose == 0
    }

    /// Writes one line of data to stdout.
    pub(crate) fn line(&mut self, text: &str) -> Result<(), Problem> {
        writeln!(self.stdout, "{text}").map_err(|error| Problem::from_output(&error))
    }

    /// Writes data to stdout as it is.
    pub(crate) fn text(&mut self, text: &str) -> Result<(), Problem> {
        self.stdout
            .write_all(text.as_bytes())
            .map_err(|error| Problem::from_output(&error))
    }

    /// Writes one JSON document to stdout.
    pub(crate) fn json(&mut self, document: &impl Serialize) -> Result<(), Problem> {
        let text = serde_json::to_string_pretty(document)
            .map_err(|error| Problem::internal(error.to_string()))?;
        self.line(&text)
    }

    /// Says something on stderr, unless quiet. Data written before it appears before it.
    pub(crate) fn say(&mut self, text: &str) {
        if !self.quiet {
            self.talk(text);
        }
    }

    /// Says something on stderr only when more was asked for.
    pub(crate) fn detail(&mut self, text: &str) {
        if self.is_verbose() {
            self.talk(text);
        }
    }

    /// Warns on stderr, with hints; also when quiet.
    pub(crate) fn warn(&mut self, text: &str, hints: &[String]) {
        let label = self.stderr_theme.paint(Role::Warning, "warning");
        self.talk(&format!("{label}: {text}"));
        for hint in hints {
            let line = self.hint_line(hint);
            self.talk(&line);
        }
    }

    /// Gives a hint on stderr, unless quiet.
    pub(crate) fn hint(&mut self, text: &str) {
        let line = self.hint_line(text);
        self.say(&line);
    }

    fn hint_line(&self, text: &str) -> String {
        format!("{}: {text}", self.stderr_theme.paint(Role::Hint, "hint"))
    }

    /// Writes what is still buffered.
    pub(crate) fn finish(&mut self) -> Result<(), Problem> {
        self.stdout
            .flush()
            .map_err(|error| Problem::from_output(&error))
    }

    /// Tells of something wrong that does not end the program, also when quiet.
    pub(crate) fn tell(&mut self, problem: &Problem) {
        let text = problem.render(self.stderr_theme);
        self.talk(text.trim_end());
    }

    /// Shows what went wrong and says how the program ends.
    pub(crate) fn problem(&mut self, problem: &Problem) -> ExitStatus {
        if problem.is_broken_pipe() {
            return ExitStatus::Done;
        }
        if self.is_json() {
            // A reader that went away gets no second error about it.
            let _ = self.json(&problem.to_json());
            let _ = self.finish();
        }
        self.tell(problem);
        problem.exit_status()
    }

    /// Whether somebody is there to answer a question.
    pub(crate) fn can_ask(&self) -> bool {
        self.terminal && io::stdin().is_terminal() && !self.is_json()
    }

    /// Asks a yes-or-no question on a terminal; elsewhere the answer is `None`.
    pub(crate) fn confirm(&mut self, question: &str) -> Option<bool> {
        if !self.can_ask() {
            return None;
        }
        let mut stderr = io::stderr();
        let _ = write!(stderr, "{question} [y/N] ");
        let _ = stderr.flush();
        let mut answer = String::new();
        io::stdin().read_line(&mut answer).ok()?;
        Some(matches!(answer.trim(), "y" | "Y" | "yes"))
    }

    /// Asks for one of several choices on a terminal and returns its place; elsewhere, and where no answer comes, `None`.
    pub(crate) fn choose(&mut self, question: &str, choices: &[String]) -> Option<usize> {
        if !self.can_ask() {
            return None;
        }
        self.talk(question);
        for (place, choice) in choices.iter().enumerate() {
            self.talk(&format!("  {}  {choice}", place + 1));
        }
        loop {
            let mut stderr = io::stderr();
            let _ = write!(stderr, "choice [1-{}]: ", choices.len());
            let _ = stderr.flush();
            let mut answer = String::new();
            if io::stdin().read_line(&mut answer).ok()? == 0 {
                return None;
            }
            let choice = answer.trim().parse::<usize>().ok();
            let place = choice.and_then(|choice| choice.checked_sub(1));
            if let Some(place) = place.filter(|place| *place < choices.len()) {
                return Some(place);
            }
        }
    }

    fn talk(&mut self, text: &str) {
        // Talk is worth nothing if nobody reads it: errors of stderr have no place to go.
        let _ = self.stdout.flush();
        let _ = writeln!(io::stderr(), "{text}");
    }
}
