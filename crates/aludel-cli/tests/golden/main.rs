//! What every verb prints, as files to be read: on a linear, a branched, a merged history and one with several
//! bases; piped, as JSON and on a terminal. And every error of the graph and of what can be typed.
//!
//! `histories/` holds the revision files, `*.txt` beside this file what was printed. A difference fails;
//! `SNAPSHOTS=overwrite` writes what was printed. Ids, times, addresses and folders that change from run to
//! run are replaced by words. The local database (`db`) differs from machine to machine and is tested elsewhere.

#![expect(clippy::unwrap_used, reason = "tests fail loudly")]

mod errors;
#[path = "../cli/support.rs"]
#[expect(dead_code, reason = "the module serves other tests too")]
mod support;
mod terminal;
mod verbs;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// How a command is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Piped,
    Json,
    Terminal,
}

/// Runs commands in a project and writes down what they print.
struct Session<'p> {
    project: &'p support::Project,
    mode: Mode,
    text: String,
}

impl<'p> Session<'p> {
    fn new(project: &'p support::Project, mode: Mode) -> Self {
        Self {
            project,
            mode,
            text: String::new(),
        }
    }

    /// Runs `aludel` with these words; quoted words are one.
    fn run(&mut self, command: &str) {
        let words = words(command);
        let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
        if self.mode == Mode::Json {
            words.extend(["--format", "json"]);
        }
        let _ = writeln!(self.text, "$ aludel {command}");
        let (printed, code) = if self.mode == Mode::Terminal {
            terminal::run(self.project, &words)
        } else {
            let ran = self.project.run(&words);
            // A program reads stdout alone; what a person is told beside it stands in the other file.
            let told = match self.mode {
                Mode::Json => String::new(),
                Mode::Piped | Mode::Terminal => marked(&ran.stderr),
            };
            (format!("{}{told}", ran.stdout), ran.code)
        };
        self.text.push_str(&stable(&printed));
        if code != 0 {
            let _ = writeln!(self.text, "[exit {code}]");
        }
        self.text.push('\n');
    }
}

/// Lines of stderr are marked.
fn marked(stderr: &str) -> String {
    stderr.lines().fold(String::new(), |mut text, line| {
        let _ = writeln!(text, "! {line}");
        text
    })
}

fn words(command: &str) -> Vec<String> {
    let parts = command.split('"').enumerate();
    let words = parts.flat_map(|(place, part)| {
        if place % 2 == 1 {
            vec![part.to_owned()]
        } else {
            part.split_whitespace().map(str::to_owned).collect()
        }
    });
    words.collect()
}

/// Replaces what changes from run to run.
fn stable(text: &str) -> String {
    let mut out = String::new();
    for line in text.replace('\u{1b}', "\\e").split_inclusive('\n') {
        // What a progress line showed before it was wiped depends on the machine.
        let line = line.rsplit("\\e[2K").next().unwrap_or_default();
        out.push_str(&stable_line(line));
    }
    out
}

fn stable_line(line: &str) -> String {
    let mut line = line.to_owned();
    for (name, ends) in [
        ("postgresql://", &[' ', ';', ')', '"', ':', '\n'][..]),
        ("\"elapsed_ms\": ", &[',', '\n'][..]),
        ("\"server_version_num\": ", &[',', '\n'][..]),
        ("(PostgreSQL ", &[';', ')'][..]),
    ] {
        if let Some(at) = line.find(name) {
            let begin = at + name.len();
            let rest = &line[begin..];
            // A socket's folder may hold a colon only before the database's name.
            let end = rest.find(ends).unwrap_or(rest.len());
            line = format!("{}[…]{}", &line[..begin], &rest[end..]);
        }
    }
    for pattern in ["(0 ms)", "(00 ms)", "(000 ms)", "(0.0 s)", "(0.00 s)"] {
        line = replaced(&line, pattern, "([TIME])");
    }
    let line = replaced(&line, "00000000_000000", "[STAMP]");
    // The files of the histories have one time; another is now.
    let fixed = "2026-11-22T18:30:00Z";
    let parts = line
        .split(fixed)
        .map(|part| replaced(part, "0000-00-00T00:00:00Z", "[NOW]"));
    parts.collect::<Vec<_>>().join(fixed)
}

/// Replaces what looks like the pattern; a 0 in the pattern stands for any digit.
fn replaced(text: &str, pattern: &str, by: &str) -> String {
    let (text, pattern): (Vec<char>, Vec<char>) =
        (text.chars().collect(), pattern.chars().collect());
    let fits = |at: usize| {
        let part = text.get(at..at + pattern.len()).unwrap_or_default();
        let mut pairs = part.iter().zip(&pattern);
        part.len() == pattern.len()
            && pairs.all(|(letter, wanted)| match wanted {
                '0' => letter.is_ascii_digit(),
                wanted => letter == wanted,
            })
    };
    let mut out = String::new();
    let mut at = 0;
    while at < text.len() {
        if fits(at) {
            out.push_str(by);
            at += pattern.len();
        } else {
            out.push(text[at]);
            at += 1;
        }
    }
    out
}

/// Compares with the file, or writes it.
fn check(name: &str, seen: &str) {
    let path = folder().join(name);
    let written = fs_err::read_to_string(&path).unwrap_or_default();
    if written == seen {
        return;
    }
    if std::env::var("SNAPSHOTS").as_deref() == Ok("overwrite") {
        fs_err::write(&path, seen).unwrap();
        return;
    }
    let difference = similar::TextDiff::from_lines(&written, seen)
        .unified_diff()
        .header("written", "seen")
        .to_string();
    panic!("{name} is not what is printed (SNAPSHOTS=overwrite corrects it):\n{difference}");
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden")
}

/// A project with the files of a history.
fn project(history: &str, with_database: bool) -> support::Project {
    let project = if with_database {
        support::Project::with_database()
    } else {
        support::Project::new()
    };
    let text = fs_err::read_to_string(folder().join("histories").join(history)).unwrap();
    for line in text.lines().filter(|line| !line.starts_with('#')) {
        write_revision(&project, line);
    }
    project
}

/// Writes a revision as a line has it: `id < parents | dependencies # labels; message; table`.
fn write_revision(project: &support::Project, line: &str) {
    let mut fields = line.split(';').map(str::trim);
    let graph = fields.next().unwrap_or_default();
    let message = fields.next().unwrap_or_default();
    let table = fields.next().unwrap_or_default();
    let (graph, labels) = graph.split_once('#').unwrap_or((graph, ""));
    let (graph, needs) = graph.split_once('|').unwrap_or((graph, ""));
    let (id, parents) = graph.split_once('<').unwrap_or((graph, ""));
    let id = id.trim();
    let list = |words: &str| {
        let words: Vec<String> = words
            .split_whitespace()
            .map(|word| format!("\"{word}\""))
            .collect();
        words.join(", ")
    };
    let (up, down) = match table {
        "" => (String::new(), String::new()),
        table => (
            format!("CREATE TABLE public.{table} (id integer PRIMARY KEY);"),
            format!("DROP TABLE public.{table};"),
        ),
    };
    let text = format!(
        "-- aludel: revision = \"{id}\"\n-- aludel: parents = [{}]\n-- aludel: depends-on = [{}]\n\
         -- aludel: labels = [{}]\n-- aludel: created = \"2026-11-22T18:30:00Z\"\n\
         -- aludel: message = \"{message}\"\n\n-- aludel: upgrade\n{up}\n\n-- aludel: downgrade\n{down}\n",
        list(parents),
        list(needs),
        list(labels),
    );
    project.write(&format!("migrations/{id}.sql"), &text);
}
