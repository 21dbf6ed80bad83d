//! What a person watches while many schemas are worked on: one living line on a terminal, a line per schema elsewhere.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use aludel_runner::Event;
use indicatif::ProgressBar;

use crate::ui::printer::Printer;
use crate::ui::problem::Problem;
use crate::ui::progress::{self, living_line};
use crate::ui::theme::Role;

/// The schemas in work and those that are done.
pub(crate) struct Board<'a> {
    printer: RefCell<&'a mut Printer>,
    bar: Option<ProgressBar>,
    total: usize,
    done: Cell<usize>,
    failed: Cell<usize>,
    running: RefCell<Vec<(String, String)>>,
}

impl<'a> Board<'a> {
    /// Shows nothing until the first schema begins.
    pub(crate) fn new(total: usize, printer: &'a mut Printer) -> Self {
        Self {
            bar: living_line(printer),
            printer: RefCell::new(printer),
            total,
            done: Cell::new(0),
            failed: Cell::new(0),
            running: RefCell::default(),
        }
    }

    /// A schema is begun.
    pub(super) fn begin(&self, schema: &str) {
        let entry = (schema.to_owned(), schema.to_owned());
        self.running.borrow_mut().push(entry);
        self.draw();
    }

    /// Something happens in a schema.
    pub(super) fn event(&self, schema: &str, event: &Event) {
        match event {
            Event::RevisionStarted {
                index,
                total,
                direction,
                revision,
                message,
            } => {
                let text = format!(
                    "{schema} [{index}/{total}] {} {revision}, {message}",
                    direction.as_str()
                );
                self.detail(&text);
                for (name, shown) in self.running.borrow_mut().iter_mut() {
                    if name == schema {
                        shown.clone_from(&text);
                    }
                }
                self.draw();
            }
            Event::StatementStarted { .. }
            | Event::StatementFinished { .. }
            | Event::RevisionFinished { .. } => {}
            Event::ChecksumDiffers { revision, path, .. } => {
                let (text, hint) = progress::checksum_text(revision, path);
                self.above(|printer| printer.warn(&format!("{schema}: {text}"), &[hint]));
            }
            other => {
                let theme = self.printer.borrow().talk_theme();
                self.line(&format!("{schema}: {}", progress::text(other, theme)));
            }
        }
    }

    /// A schema has ended; what was done is told by the report.
    pub(super) fn end(&self, schema: &str, problem: Option<&Problem>) {
        self.running.borrow_mut().retain(|(name, _)| name != schema);
        self.done.set(self.done.get() + 1);
        if let Some(problem) = problem {
            self.failed.set(self.failed.get() + 1);
            let word = self
                .printer
                .borrow()
                .talk_theme()
                .paint(Role::Error, "FAIL");
            self.line(&format!("{word} {schema}: {}", problem.primary()));
        }
        self.draw();
    }

    /// Says something above the living line.
    pub(crate) fn line(&self, text: &str) {
        self.above(|printer| printer.say(text));
    }

    fn detail(&self, text: &str) {
        self.above(|printer| printer.detail(text));
    }

    fn above(&self, say: impl FnOnce(&mut Printer)) {
        let mut printer = self.printer.borrow_mut();
        match &self.bar {
            Some(bar) => bar.suspend(|| say(&mut printer)),
            None => say(&mut printer),
        }
    }

    fn draw(&self) {
        let Some(bar) = &self.bar else { return };
        let running = self.running.borrow();
        let shown: Vec<&str> = running.iter().map(|(_, text)| text.as_str()).collect();
        let failed = match self.failed.get() {
            0 => String::new(),
            failed => format!(", {failed} failed"),
        };
        bar.set_message(format!(
            "{}/{} schemas{failed}: {}",
            self.done.get(),
            self.total,
            shown.join("; ")
        ));
        bar.enable_steady_tick(Duration::from_millis(120));
    }
}

impl Drop for Board<'_> {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}
