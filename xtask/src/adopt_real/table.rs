//! The page that is printed and kept: a row for each project, and what the rows leave open.

use std::fmt::Write as _;
use std::time::Duration;

use super::judge::Rows;

/// What one tool takes, and the other.
#[derive(Clone, Copy)]
pub(super) struct Times {
    /// Nothing where Alembic has no such verb, or fails.
    pub(super) alembic: Option<Duration>,
    pub(super) aludel: Duration,
}

/// What `check` says.
#[derive(Clone, Copy, Default)]
pub(super) enum Checked {
    /// It was not asked.
    #[default]
    Unasked,
    /// It ended without an answer.
    Fails,
    Clean,
    Differs(usize),
}

/// What `adopt` says of itself.
pub(super) struct Proof {
    pub(super) is_proven: bool,
    pub(super) revisions: usize,
    pub(super) dependent: usize,
    /// Revisions after which the catalogs are equal.
    pub(super) equal: usize,
    /// Revisions without a way back, with the reason.
    pub(super) irreversible: Vec<(String, String)>,
    pub(super) elapsed: Duration,
}

/// One project.
#[derive(Default)]
pub(super) struct Row {
    pub(super) name: String,
    pub(super) requirement: String,
    pub(super) note: String,
    pub(super) adopted: Option<Proof>,
    /// What `pg_dump -s` has against it; empty when the databases are the same.
    pub(super) dump: Option<String>,
    pub(super) rows: Option<Rows>,
    pub(super) upgrade: Option<Times>,
    pub(super) verbs: Vec<(&'static str, Times)>,
    pub(super) alembic_check: Checked,
    pub(super) aludel_check: Checked,
    /// Where it ended.
    pub(super) failure: Option<String>,
    /// What Alembic says, where the history does not run with it either.
    pub(super) alembic_fails: Option<String>,
}

/// The verbs that should cost nothing take so long at most.
const VERB_LIMIT: Duration = Duration::from_millis(60);

impl Row {
    /// Whether everything is as it is wanted.
    pub(super) fn is_right(&self) -> bool {
        if self.alembic_fails.is_some() {
            return true;
        }
        let Some(proof) = &self.adopted else {
            return false;
        };
        self.failure.is_none()
            && proof.is_proven
            && self.dump.as_deref() == Some("")
            && self
                .rows
                .as_ref()
                .is_some_and(|rows| rows.differing.is_empty())
    }

    fn keeps_limits(&self) -> Option<bool> {
        let upgrade = self.upgrade?;
        let half = upgrade
            .alembic
            .is_none_or(|alembic| upgrade.aludel * 2 <= alembic);
        Some(
            half && self
                .verbs
                .iter()
                .all(|(_, times)| times.aludel <= VERB_LIMIT),
        )
    }
}

/// The page.
pub(super) fn page(rows: &[Row], version: u32, runs: usize) -> String {
    let mut page = format!(
        "# Adopted projects\n\n\
         Made by `cargo xtask adopt-real --write`: real applications from PyPI with the Alembic histories that they ship, each\n\
         adopted in full by `aludel adopt` and judged by the field's own tools on PostgreSQL {}.{}. One database is upgraded by\n\
         Alembic itself, another by Aludel from the adopted files; `pg_dump -s` of both, and the rows of every table, must be equal.\n\
         Another project is [a few lines](../../xtask/adopt-real.toml).\n\n",
        version / 10_000,
        version % 10_000,
    );
    proofs(&mut page, rows);
    times(&mut page, rows, runs);
    left(&mut page, rows);
    page
}

fn proofs(page: &mut String, rows: &[Row]) {
    page.push_str(
        "## What was adopted\n\n\
         *Catalogs*: revisions after which the catalog is the one after Alembic's. *Rows*: how many there are at the head; columns\n\
         that two runs of Alembic's own fill differently are left out and named below. *Irreversible*: Alembic's downgrade fails or\n\
         does not lead back, named below with the reason.\n\n\
         | project | revisions | data-dependent | irreversible | catalogs equal | `pg_dump` | rows | adopted in | `alembic check` | `aludel check` |\n\
         |---|---:|---:|---:|---:|---|---|---:|---|---|\n",
    );
    for row in rows {
        let _ = write!(page, "| {} ", row.requirement_shown());
        match &row.adopted {
            Some(proof) => {
                let _ = write!(
                    page,
                    "| {} | {} | {} | {} ",
                    proof.revisions,
                    proof.dependent,
                    proof.irreversible.len(),
                    proof.equal
                );
            }
            None if row.alembic_fails.is_some() => page.push_str("| Alembic itself fails | | | "),
            None => page.push_str("| | | | "),
        }
        let dump = match row.dump.as_deref() {
            None => "",
            Some("") => "equal",
            Some(_) => "**differs**",
        };
        let counted = row.rows.as_ref().map_or_else(String::new, |rows| {
            let star = if rows.unstable.is_empty() { "" } else { " \\*" };
            if rows.differing.is_empty() {
                format!("{} equal{star}", rows.count)
            } else {
                format!("**differ** in {}", rows.differing.len())
            }
        });
        let elapsed = row
            .adopted
            .as_ref()
            .map_or_else(String::new, |proof| shown(proof.elapsed));
        let _ = writeln!(
            page,
            "| {dump} | {counted} | {elapsed} | {} | {} |",
            row.alembic_check.shown(),
            row.aludel_check.shown()
        );
    }
}

fn times(page: &mut String, rows: &[Row], runs: usize) {
    let _ = write!(
        page,
        "\n## How long it takes\n\n\
         Wall times, Alembic's / Aludel's, on the same server through the same port: medians of {runs} runs of Aludel and of up to\n\
         three of Alembic, after one that warms up. Alembic's environment and revisions are byte-compiled, and it may keep what it\n\
         compiles. *Kept*: `heads`, `current`, `upgrade` with nothing to do and `status` within {} ms, `upgrade` of an empty database in\n\
         half of Alembic's time.\n\n\
         | project | `upgrade` of an empty database | `heads` | `current` | `upgrade`, nothing to do | `status` | kept |\n\
         |---|---:|---:|---:|---:|---:|---|\n",
        VERB_LIMIT.as_millis()
    );
    for row in rows {
        let Some(upgrade) = &row.upgrade else {
            continue;
        };
        let mut cells = vec![upgrade.shown()];
        cells.extend(row.verbs.iter().map(|(_, times)| times.shown()));
        cells.resize(5, String::new());
        let kept = match row.keeps_limits() {
            Some(true) => "yes",
            Some(false) => "no",
            None => "",
        };
        let _ = writeln!(page, "| {} | {} | {kept} |", row.name, cells.join(" | "));
    }
}

/// What the tables leave open, project by project.
fn left(page: &mut String, rows: &[Row]) {
    page.push_str("\n## Project by project\n");
    for row in rows {
        let _ = write!(page, "\n### {}\n\n", row.name);
        if !row.note.is_empty() {
            let _ = writeln!(page, "{}\n", row.note);
        }
        if let Some(failure) = &row.failure {
            let _ = writeln!(
                page,
                "It went no further than this:\n\n```text\n{failure}\n```\n"
            );
        }
        if let Some(failure) = &row.alembic_fails {
            let _ = writeln!(page, "Nor does Alembic:\n\n```text\n{failure}\n```\n");
        }
        if let Some(difference) = row.dump.as_ref().filter(|text| !text.is_empty()) {
            let _ = writeln!(page, "```diff\n{}\n```\n", head_of(difference, 60));
        }
        if let Some(rows) = &row.rows {
            if !rows.differing.is_empty() {
                let _ = writeln!(page, "Rows differ: {}\n", rows.differing.join(", "));
            }
            if !rows.unstable.is_empty() {
                let _ = writeln!(
                    page,
                    "Two runs of Alembic's own fill these differently: {}\n",
                    rows.unstable.join(", ")
                );
            }
        }
        match &row.adopted {
            Some(proof) if !proof.irreversible.is_empty() => {
                page.push_str("| irreversible | why |\n|---|---|\n");
                for (revision, reason) in &proof.irreversible {
                    let _ = writeln!(page, "| {revision} | {} |", cell(reason));
                }
            }
            Some(_) => page.push_str("Every downgrade leads back.\n"),
            None => {}
        }
    }
}

impl Row {
    fn requirement_shown(&self) -> String {
        let version = self
            .requirement
            .split_once("==")
            .map_or("", |(_, version)| version);
        format!("{} {version}", self.name).trim().to_owned()
    }
}

impl Checked {
    fn shown(self) -> String {
        match self {
            Self::Unasked => String::new(),
            Self::Fails => "fails".to_owned(),
            Self::Clean => "clean".to_owned(),
            Self::Differs(count) => format!("{count}"),
        }
    }
}

impl Times {
    fn shown(self) -> String {
        let alembic = self.alembic.map_or_else(|| "–".to_owned(), shown);
        format!("{alembic} / {}", shown(self.aludel))
    }
}

/// A text that may stand in a table.
fn cell(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let text: String = words.join(" ").chars().take(300).collect();
    text.replace('|', "\\|")
}

fn head_of(text: &str, lines: usize) -> String {
    text.lines().take(lines).collect::<Vec<_>>().join("\n")
}

fn shown(time: Duration) -> String {
    if time < Duration::from_secs(1) {
        format!("{} ms", time.as_millis())
    } else {
        format!("{:.1} s", time.as_secs_f64())
    }
}
