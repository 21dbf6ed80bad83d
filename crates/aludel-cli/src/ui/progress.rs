//! What a run does, as a person watches it: one living line on a terminal, plain lines elsewhere.

use aludel_sql::covered;
use std::path::Path;
use std::time::Duration;

use aludel_revision::RevisionId;
use aludel_runner::{DowngradeLoss, Event, OtherSession};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::ui::printer::Printer;
use crate::ui::problem::loss_text;
use crate::ui::theme::{Role, Theme};

/// How many characters of a statement stand on the living line.
const STATEMENT_MAX: usize = 60;

/// Turns the runner's events into lines.
pub(crate) struct Progress<'a> {
    printer: &'a mut Printer,
    bar: Option<ProgressBar>,
    title: String,
}

impl<'a> Progress<'a> {
    /// Shows nothing until the first event.
    pub(crate) fn new(printer: &'a mut Printer) -> Self {
        Self {
            bar: living_line(printer),
            printer,
            title: String::new(),
        }
    }

    /// Shows one event.
    pub(crate) fn event(&mut self, event: &Event) {
        let theme = self.printer.talk_theme();
        match event {
            Event::RevisionStarted {
                index,
                total,
                direction,
                revision,
                message,
            } => {
                self.title = format!(
                    "[{index}/{total}] {} {revision}, {message}",
                    direction.as_str()
                );
                self.live(&self.title.clone());
            }
            Event::StatementStarted {
                text, index, total, ..
            } => self.statement(text, *index, *total),
            Event::StatementFinished { .. } => {}
            Event::RevisionFinished { elapsed, .. } => {
                let line = format!(
                    "{} {}",
                    self.title,
                    theme.paint(Role::Dim, &format!("({})", shown(*elapsed)))
                );
                self.line(&line);
            }
            Event::ChecksumDiffers { revision, path, .. } => {
                let (text, hint) = checksum_text(revision, path);
                self.warning(&text, &[hint]);
            }
            other => self.line(&text(other, theme)),
        }
    }

    /// Whether somebody is there to answer.
    pub(crate) fn can_ask(&self) -> bool {
        self.printer.can_ask()
    }

    /// Shows what would be lost and asks whether that is meant.
    pub(crate) fn confirm_loss(&mut self, losses: &[DowngradeLoss]) -> bool {
        self.warning("this downgrade loses data:", &[]);
        for loss in losses.iter().filter(|loss| loss.is_real()) {
            self.line(&format!("  {}", loss_text(loss)));
        }
        let printer = &mut *self.printer;
        let mut ask = || printer.confirm("Go on and lose it?").unwrap_or(false);
        match &self.bar {
            Some(bar) => bar.suspend(ask),
            None => ask(),
        }
    }

    /// Takes the living line away.
    pub(crate) fn finish(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    fn statement(&mut self, text: &str, index: usize, total: usize) {
        let first: String = covered(text)
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ");
        let cut: String = first.chars().take(STATEMENT_MAX).collect();
        let ellipsis = if cut.len() < first.len() { "…" } else { "" };
        if self.bar.is_some() {
            let count = if total > 1 {
                format!(" {index}/{total}")
            } else {
                String::new()
            };
            self.live(&format!("{}:{count} {cut}{ellipsis}", self.title));
        } else {
            self.printer.detail(&format!("  {cut}{ellipsis}"));
        }
    }

    fn live(&self, text: &str) {
        if let Some(bar) = &self.bar {
            bar.set_message(text.to_owned());
            bar.enable_steady_tick(Duration::from_millis(120));
        }
    }

    fn line(&mut self, text: &str) {
        let printer = &mut *self.printer;
        match &self.bar {
            Some(bar) => bar.suspend(|| printer.say(text)),
            None => printer.say(text),
        }
    }

    fn warning(&mut self, text: &str, hints: &[String]) {
        let printer = &mut *self.printer;
        match &self.bar {
            Some(bar) => bar.suspend(|| printer.warn(text, hints)),
            None => printer.warn(text, hints),
        }
    }
}

impl Drop for Progress<'_> {
    fn drop(&mut self) {
        self.finish();
    }
}

/// The line that rewrites itself, on a terminal.
pub(crate) fn living_line(printer: &Printer) -> Option<ProgressBar> {
    printer.is_live().then(|| {
        let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
        if let Ok(style) = ProgressStyle::with_template("{spinner} {wide_msg} {elapsed}") {
            bar.set_style(style);
        }
        bar
    })
}

/// What is said of a file that is not what was applied, and the next command.
pub(crate) fn checksum_text(revision: &RevisionId, path: &Path) -> (String, String) {
    let text = format!(
        "{} was changed after revision {revision} was applied; the log has another checksum",
        path.display()
    );
    let hint = "the database keeps what was applied; aludel repair shows the difference";
    (text, hint.to_owned())
}

/// What happens besides the work itself: what the server said, what is waited for, what is gone on with.
pub(crate) fn text(event: &Event, theme: Theme) -> String {
    let text = match event {
        Event::Notice { severity, message } => return format!("{severity}: {message}"),
        Event::WaitingForLock { holder, waited } => {
            let who = holder
                .as_ref()
                .map_or_else(|| "another run".to_owned(), OtherSession::to_string);
            format!("waiting for {who} to finish ({})", shown(*waited))
        }
        Event::Unfinished {
            revision,
            direction,
            done,
        } => format!(
            "an earlier {} of {revision} stopped after {done} segments; this run does not continue it",
            direction.as_str()
        ),
        Event::Resumed {
            revision,
            done,
            segments,
        } => {
            format!("going on with {revision}: {done} of {segments} segments were done before")
        }
        Event::Blocked { by, waited } => {
            let who: Vec<String> = by.iter().map(ToString::to_string).collect();
            format!(
                "the statement has waited {} for {}",
                shown(*waited),
                who.join("; ")
            )
        }
        Event::Retrying {
            revision,
            attempt,
            attempts,
            pause,
            reason,
        } => format!(
            "{revision}: {reason}; rolled back, attempt {attempt} of {attempts} in {}",
            shown(*pause)
        ),
        Event::AlreadyDone { revision, finding } => format!("{revision}: done before, {finding}"),
        Event::DebrisRemoved {
            revision,
            statement,
        } => {
            format!("{revision}: cleaning up after an interrupted attempt: {statement}")
        }
        _ => String::new(),
    };
    theme.paint(Role::Warning, &text)
}

/// A length of time as a person reads it.
pub(crate) fn shown(elapsed: Duration) -> String {
    let milliseconds = elapsed.as_millis();
    match milliseconds {
        0..1000 => format!("{milliseconds} ms"),
        1000..60_000 => format!("{:.1} s", elapsed.as_secs_f64()),
        _ => format!(
            "{} min {} s",
            elapsed.as_secs() / 60,
            elapsed.as_secs() % 60
        ),
    }
}
