//! The sessions in the documents (blocks marked `console`) are run from top to bottom in a fresh folder, and what they show is
//! what is printed, but for ids, dates, lengths of time and the folder's name. A `sql`, `toml` or `python` block whose first line is
//! a comment with a file's name is that file. `SNAPSHOTS=overwrite` writes what was printed into the document.

use std::fmt::Write as _;
use std::path::Path;

use crate::markdown::{Block, blocks};
use crate::project::{Project, checkout};

/// What the folder is called in the documents.
const SHOWN_FOLDER: &str = "/home/you/project";

#[test]
fn readme() {
    check("README.md");
}

#[test]
fn getting_started() {
    check("docs/guide/getting-started.md");
}

#[test]
fn dump() {
    check("docs/guide/dump.md");
}

#[test]
fn data_loss_gates() {
    check("docs/concepts/data-loss-gates.md");
}

#[test]
fn branches() {
    check("docs/concepts/branches.md");
}

#[test]
fn tenants() {
    check("docs/guide/tenants.md");
}

#[test]
fn rebase_and_merge() {
    check("docs/concepts/rebase-and-merge.md");
}

#[test]
fn squash_and_repair() {
    check("docs/concepts/squash-and-repair.md");
}

#[test]
fn online_changes() {
    check("docs/concepts/online-changes.md");
}

fn check(name: &str) {
    let path = checkout().join(name);
    let document = std::fs::read_to_string(&path).unwrap();
    let project = Project::new();
    let mut seen = String::new();
    let mut copied = 0;
    let mut ran = 0;
    for block in blocks(&document) {
        seen.push_str(&document[copied..block.range.start]);
        copied = block.range.end;
        if block.language == "console" {
            ran += 1;
            seen.push_str(&run(&block, &project));
        } else {
            write_file(&block, project.path());
            seen.push_str(block.text);
        }
    }
    seen.push_str(&document[copied..]);
    assert!(ran > 0, "{name} has no session");
    if stable(&seen) == stable(&document) {
        return;
    }
    if std::env::var("SNAPSHOTS").as_deref() == Ok("overwrite") {
        std::fs::write(&path, seen).unwrap();
        return;
    }
    let difference = similar::TextDiff::from_lines(stable(&document), stable(&seen))
        .unified_diff()
        .header("written", "seen")
        .to_string();
    panic!("{name} does not show what happens (SNAPSHOTS=overwrite corrects it):\n{difference}");
}

/// A block that begins with `-- path/name.sql`, `# name.toml` or `# path/name.py` is that file.
fn write_file(block: &Block<'_>, folder: &Path) {
    let (mark, extension) = match block.language {
        "sql" => ("-- ", "sql"),
        "toml" => ("# ", "toml"),
        "python" => ("# ", "py"),
        _ => return,
    };
    let first = block.text.lines().next();
    let named = first.and_then(|line| line.strip_prefix(mark));
    let is_file = |name: &&str| {
        Path::new(name)
            .extension()
            .is_some_and(|end| end == extension)
    };
    let Some(name) = named.filter(is_file) else {
        return;
    };
    let path = folder.join(name);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    let body = block.text.split_once('\n').unwrap().1;
    std::fs::write(path, body).unwrap();
}

/// Runs the commands of a session; returns the session with what they printed.
fn run(block: &Block<'_>, project: &Project) -> String {
    let mut session = String::new();
    for line in block.text.lines() {
        let Some(command) = line.strip_prefix("$ ") else {
            continue;
        };
        let (output, _) = project.shell(command);
        let folder = project.path().to_str().unwrap();
        let _ = writeln!(session, "$ {command}");
        session.push_str(&output.replace(folder, SHOWN_FOLDER));
    }
    session
}

/// The text with everything that differs from run to run replaced by marks.
fn stable(text: &str) -> String {
    let mut result = String::new();
    for line in text.lines() {
        let words: Vec<&str> = line.split(' ').collect();
        for (index, word) in words.iter().enumerate() {
            let is_time = words
                .get(index + 1)
                .is_some_and(|next| next.starts_with("ms"));
            let is_major = index >= 2 && words[index - 2] == "major";
            result.push_str(&stable_word(word, is_time || is_major));
            result.push(if index + 1 == words.len() { '\n' } else { ' ' });
        }
    }
    result
}

/// Ids, dates, versions with a full stop in them, and numbers where these vary: lengths of time, the server's major version.
fn stable_word(word: &str, number_varies: bool) -> String {
    let is_clock = word.len() == 22 && word.starts_with("\"20") && word.ends_with("Z\"");
    if is_clock {
        return "<varies>".to_owned();
    }
    let is_inner = |c: char| c.is_ascii_alphanumeric() || c == '.';
    let mut result = String::new();
    for piece in word.split_inclusive(|c| !is_inner(c)) {
        let core = piece.trim_end_matches(|c| !is_inner(c));
        let digits = core.chars().filter(char::is_ascii_digit).count();
        let is_number = digits > 0 && core.chars().all(|c| c.is_ascii_digit() || c == '.');
        let is_id = core.len() == 12 && core.chars().all(|c| c.is_ascii_hexdigit());
        let is_date = is_number && digits >= 6;
        let is_version = is_number && core.trim_end_matches('.').contains('.');
        if is_id || is_date || is_version || is_number && number_varies {
            result.push_str("<varies>");
        } else {
            result.push_str(core);
        }
        result.push_str(&piece[core.len()..]);
    }
    result
}

#[test]
fn only_what_varies_is_passed_over() {
    let first = "[1/4] upgrade 37f90e38f857, two at 5433 (10 ms), migrations/20261102_091500_37f90e38f857_a.sql";
    let second = "[1/4] upgrade 9f50d24aeaf5, two at 5433 (9 ms), migrations/20261119_160000_9f50d24aeaf5_a.sql";
    assert_eq!(stable(first), stable(second));
    assert_eq!(
        stable("created = \"2026-11-23T01:21:08Z\""),
        stable("created = \"2027-01-01T00:00:00Z\"")
    );
    assert_ne!(stable("4 revisions"), stable("5 revisions"));
    assert_ne!(stable("upgrade"), stable("downgrade"));
}
