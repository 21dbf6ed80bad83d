//! The page as text: parts with a row or a section for each project, so that a run of some projects keeps those of the others.

use std::fmt::Write as _;

/// What stands under a heading of the second level.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Part {
    pub(super) title: String,
    /// What stands above the first row or section; a table's head belongs to it.
    pub(super) head: String,
    /// Lines of the table, by project.
    pub(super) rows: Vec<(String, String)>,
    /// Texts below headings of the third level, by project.
    pub(super) sections: Vec<(String, String)>,
    /// The projects that this run has asked; none in a page that is read.
    pub(super) asked: Vec<String>,
}

/// The page: what stands above the parts, and the parts.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Page {
    pub(super) head: String,
    pub(super) parts: Vec<Part>,
}

impl Page {
    /// Reads what [`Page::text`] has written.
    pub(super) fn read(text: &str) -> Self {
        let mut parts = text.split("\n## ");
        let head = parts.next().unwrap_or_default().trim().to_owned();
        Self {
            head,
            parts: parts.map(Part::read).collect(),
        }
    }

    /// The page with what `old` says of projects that were not asked; projects that are not `known` any more are left out.
    pub(super) fn with_rest_of(mut self, old: Self, known: &[String]) -> Self {
        let place = |name: &String| known.iter().position(|one| one == name);
        for part in old.parts {
            let Some(new) = self.parts.iter_mut().find(|one| one.title == part.title) else {
                continue;
            };
            if new.asked.is_empty() {
                new.head = part.head;
            }
            let asked = std::mem::take(&mut new.asked);
            let stays = |name: &String| known.contains(name) && !asked.contains(name);
            for (kept, lines) in [
                (part.rows, &mut new.rows),
                (part.sections, &mut new.sections),
            ] {
                lines.extend(kept.into_iter().filter(|(name, _)| stays(name)));
                lines.sort_by_key(|(name, _)| place(name));
            }
        }
        self
    }

    pub(super) fn text(&self) -> String {
        let mut text = format!("{}\n", self.head);
        for part in &self.parts {
            let _ = write!(text, "\n## {}\n", part.title);
            if !part.head.is_empty() {
                let _ = write!(text, "\n{}\n", part.head);
            }
            for (_, row) in &part.rows {
                let _ = writeln!(text, "{row}");
            }
            for (name, section) in &part.sections {
                let _ = write!(text, "\n### {name}\n\n{section}\n");
            }
        }
        text
    }
}

impl Part {
    fn read(text: &str) -> Self {
        let (title, text) = text.split_once('\n').unwrap_or((text, ""));
        let mut sections = text.split("\n### ");
        let above = sections.next().unwrap_or_default();
        let (mut head, mut rows) = (String::new(), Vec::new());
        let mut is_below_rule = false;
        for line in above.lines() {
            if is_below_rule && line.starts_with('|') {
                let name = line.split_whitespace().nth(1).unwrap_or_default();
                rows.push((name.to_owned(), line.to_owned()));
            } else {
                head.push_str(line);
                head.push('\n');
            }
            is_below_rule |= line.starts_with("|--");
        }
        let sections = sections.map(|section| {
            let (name, text) = section.split_once('\n').unwrap_or((section, ""));
            (name.trim().to_owned(), text.trim().to_owned())
        });
        Self {
            title: title.trim().to_owned(),
            head: head.trim().to_owned(),
            rows,
            sections: sections.collect(),
            asked: Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Page;

    const OLD: &str = "# Title\n\nHead.\n\n## Rows\n\nWhat it is.\n\n| project | n |\n|---|---:|\n| one 1.0 | 1 |\n| two 2.0 | 2 |\n| \
                       gone 1 | 3 |\n\n## Left\n\n### one\n\nOf one.\n\n| a | b |\n|---|---|\n| x | y |\n\n### two\n\nOf two.\n";

    #[test]
    fn a_page_is_read_as_it_was_written() {
        assert_eq!(Page::read(OLD).text(), OLD);
    }

    #[test]
    fn projects_that_were_not_run_keep_what_is_said_of_them() {
        const NEW: &str = "# Title\n\nNew head.\n\n## Rows\n\nNew.\n\n| project | n |\n|---|---:|\n| two 2.1 | 4 |\n\n## Left\n\n### two\n\nNew.\n";
        let known = ["one", "two", "three"].map(str::to_owned);
        let mut new = Page::read(NEW);
        for part in &mut new.parts {
            part.asked = vec!["two".to_owned()];
        }
        let page = new.with_rest_of(Page::read(OLD), &known);
        let wanted = "# Title\n\nNew head.\n\n## Rows\n\nNew.\n\n| project | n |\n|---|---:|\n| one 1.0 | 1 |\n| two 2.1 | 4 |\n\n## Left\n\n\
                      ### one\n\nOf one.\n\n| a | b |\n|---|---|\n| x | y |\n\n### two\n\nNew.\n";
        assert_eq!(page.text(), wanted);
    }
}
