//! What is said of each project: its rows, and what the rows leave open.

use std::fmt::Write as _;
use std::time::Duration;

use super::check::Checks;
use super::judge::Rows;
use super::page::{Page, Part};

/// What one tool takes, and the other.
#[derive(Clone, Copy)]
pub(super) struct Times {
    /// Nothing where Alembic has no such verb, or fails.
    pub(super) alembic: Option<Duration>,
    pub(super) aludel: Duration,
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
    pub(super) checks: Option<Checks>,
    /// Where it ended.
    pub(super) failure: Option<String>,
    /// What Alembic says, where the history does not run with it either.
    pub(super) alembic_fails: Option<String>,
}

/// What of a project was asked.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Only {
    Everything,
    Check,
}

/// The verbs that should cost nothing take so long at most.
const VERB_LIMIT: Duration = Duration::from_millis(60);

impl Row {
    /// Whether everything is as it is wanted.
    pub(super) fn is_right(&self, asked: Only) -> bool {
        if asked == Only::Check {
            return self.checks.as_ref().is_some_and(Checks::is_right);
        }
        if self.alembic_fails.is_some() {
            return true;
        }
        let Some(proof) = &self.adopted else {
            return false;
        };
        self.failure.is_none()
            && proof.is_proven
            && self.checks.as_ref().is_none_or(Checks::is_right)
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

/// The page of these projects, of which `check` alone may have been asked.
pub(super) fn page(rows: &[Row], version: u32, runs: usize, asked: Only) -> Page {
    let head = format!(
        "# Adopted projects\n\n\
         Made by `cargo xtask adopt-real --write`: real applications from PyPI with the Alembic histories that they ship, each\n\
         adopted in full by `aludel adopt` and judged by the field's own tools on PostgreSQL {}.{}. One database is upgraded by\n\
         Alembic itself, another by Aludel from the adopted files; `pg_dump -s` of both, and the rows of every table, must be equal.\n\
         Another project is [a few lines](../../xtask/adopt-real.toml).",
        version / 10_000,
        version % 10_000,
    );
    let rest = match asked {
        Only::Everything => rows,
        Only::Check => &[],
    };
    Page {
        head,
        parts: vec![proofs(rest), checks(rows), times(rest, runs), left(rest)],
    }
}

fn checks(rows: &[Row]) -> Part {
    let sections = rows.iter().filter_map(|row| {
        let text = row.checks.as_ref()?.left();
        (!text.is_empty()).then(|| (row.name.clone(), text))
    });
    Part {
        title: "What `check` says".to_owned(),
        head: "Of a database at the head. The models' own tables are made by SQLAlchemy's `create_all` from the metadata that Alembic\n\
               compares, in a database beside the one that Alembic has upgraded. *True*: lines of `aludel check` whose object `pg_dump -s`\n\
               tells differently of the two; a table that comes or goes is one line with all its parts. *Missing*: what `alembic check`\n\
               prints and `aludel check` does not. *By name only*: constraints that the models leave unnamed and the history names, which is\n\
               no difference. *Left out*: what `include_object` or `include_name` of `env.py` refuses. *Warned*: what PostgreSQL refuses of\n\
               the models is compared as the history has it, and a warning says so. *Without a line*: whatever else differs: SQLAlchemy's\n\
               models do not speak of functions and triggers, nor does a plain one of partitions. \\*: the project's Alembic or\n\
               Flask-Migrate is older than `check`; its `compare_metadata` was asked for.\n\n\
               | project | `alembic check` | `aludel check` | true | missing | by name only | left out | warned | without a line |\n\
               |---|---:|---:|---|---:|---:|---:|---:|---:|"
            .to_owned(),
        rows: rows.iter().filter_map(|row| Some((row.name.clone(), row.checks.as_ref()?.line(&row.name)))).collect(),
        sections: sections.collect(),
        asked: names(rows),
    }
}

fn proofs(rows: &[Row]) -> Part {
    Part {
        title: "What was adopted".to_owned(),
        head: "*Catalogs*: revisions after which the catalog is the one after Alembic's. *Rows*: how many there are at the head; columns\n\
               that two runs of Alembic's own fill differently are left out and named below. *Irreversible*: Alembic's downgrade fails or\n\
               does not lead back, named below with the reason.\n\n\
               | project | revisions | data-dependent | irreversible | catalogs equal | `pg_dump` | rows | adopted in |\n\
               |---|---:|---:|---:|---:|---|---|---:|"
            .to_owned(),
        rows: rows.iter().map(|row| (row.name.clone(), proof(row))).collect(),
        asked: names(rows),
        ..Part::default()
    }
}

fn names(rows: &[Row]) -> Vec<String> {
    rows.iter().map(|row| row.name.clone()).collect()
}

fn proof(row: &Row) -> String {
    let proof = match &row.adopted {
        Some(proof) => format!(
            "{} | {} | {} | {}",
            proof.revisions,
            proof.dependent,
            proof.irreversible.len(),
            proof.equal
        ),
        None if row.alembic_fails.is_some() => "Alembic itself fails | | |".to_owned(),
        None => "| | |".to_owned(),
    };
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
    format!(
        "| {} | {proof} | {dump} | {counted} | {elapsed} |",
        row.requirement_shown()
    )
}

fn times(rows: &[Row], runs: usize) -> Part {
    let head = format!(
        "Wall times, Alembic's / Aludel's, on the same server through the same port: medians of {runs} runs of Aludel and of up to\n\
         three of Alembic, after one that warms up. Alembic's environment and revisions are byte-compiled, and it may keep what it\n\
         compiles. *Kept*: `heads`, `current`, `upgrade` with nothing to do and `status` within {} ms, `upgrade` of an empty database in\n\
         half of Alembic's time.\n\n\
         | project | `upgrade` of an empty database | `heads` | `current` | `upgrade`, nothing to do | `status` | kept |\n\
         |---|---:|---:|---:|---:|---:|---|",
        VERB_LIMIT.as_millis()
    );
    let line = |row: &Row| {
        let mut cells = vec![row.upgrade?.shown()];
        cells.extend(row.verbs.iter().map(|(_, times)| times.shown()));
        cells.resize(5, String::new());
        let kept = match row.keeps_limits() {
            Some(true) => "yes",
            Some(false) => "no",
            None => "",
        };
        let line = format!("| {} | {} | {kept} |", row.name, cells.join(" | "));
        Some((row.name.clone(), line))
    };
    Part {
        title: "How long it takes".to_owned(),
        head,
        rows: rows.iter().filter_map(line).collect(),
        asked: names(rows),
        ..Part::default()
    }
}

/// What the tables leave open, project by project.
fn left(rows: &[Row]) -> Part {
    Part {
        title: "Project by project".to_owned(),
        sections: rows
            .iter()
            .map(|row| (row.name.clone(), left_of(row)))
            .collect(),
        asked: names(rows),
        ..Part::default()
    }
}

fn left_of(row: &Row) -> String {
    let mut said = Vec::new();
    if !row.note.is_empty() {
        said.push(row.note.clone());
    }
    if let Some(failure) = &row.failure {
        said.push(format!(
            "It went no further than this:\n\n```text\n{failure}\n```"
        ));
    }
    if let Some(failure) = &row.alembic_fails {
        said.push(format!("Nor does Alembic:\n\n```text\n{failure}\n```"));
    }
    if let Some(difference) = row.dump.as_ref().filter(|text| !text.is_empty()) {
        said.push(format!("```diff\n{}\n```", head_of(difference, 60)));
    }
    if let Some(rows) = &row.rows {
        if !rows.differing.is_empty() {
            said.push(format!("Rows differ: {}", rows.differing.join(", ")));
        }
        if !rows.unstable.is_empty() {
            said.push(format!(
                "Two runs of Alembic's own fill these differently: {}",
                rows.unstable.join(", ")
            ));
        }
    }
    match &row.adopted {
        Some(proof) if !proof.irreversible.is_empty() => {
            let mut table = "| irreversible | why |\n|---|---|".to_owned();
            for (revision, reason) in &proof.irreversible {
                let _ = write!(table, "\n| {revision} | {} |", cell(reason));
            }
            said.push(table);
        }
        Some(_) => said.push("Every downgrade leads back.".to_owned()),
        None => {}
    }
    said.join("\n\n")
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
