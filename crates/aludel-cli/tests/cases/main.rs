//! The pairs of schemas in `cases/`, judged in both directions by `psql` and `pg_dump`, on several major versions.
//!
//! `SNAPSHOTS=overwrite` writes the lines of `wrong.txt` anew; `CASES=text` judges only the cases whose path contains that
//! text. `cargo xtask cases` runs all majors.
#![expect(clippy::unwrap_used, reason = "tests fail loudly")]

use std::fmt::Write as _;
use std::path::Path;

use testkit::cases::{DUMP_OF, Judged, Options, judge, label, reloads};
use testkit::judge::case::{Verdict, ways};

#[test]
fn on_the_servers_of_this_machine() {
    let verdicts = all(None).verdicts;
    let overwrites = std::env::var("SNAPSHOTS").as_deref() == Ok("overwrite");
    let mut changed = Vec::new();
    for (case, verdicts) in &verdicts {
        let mut wrong = String::new();
        for ((from, to, way), verdict) in ways().zip(verdicts) {
            match verdict {
                Verdict::Right => {}
                Verdict::NotLoaded(why) => panic!("{} does not load: {why}", case.display()),
                Verdict::Wrong(why) => {
                    let first = why.lines().next().unwrap_or_default();
                    let label = label(from, to, way);
                    let _ = writeln!(wrong, "{label}{}", without_position(first));
                }
            }
        }
        let path = case.join("wrong.txt");
        let written = std::fs::read_to_string(&path).unwrap_or_default();
        let (elsewhere, here): (Vec<&str>, Vec<&str>) = written
            .lines()
            .partition(|line| line.starts_with("on ") || line.starts_with(DUMP_OF));
        if here.iter().copied().eq(wrong.lines()) {
            continue;
        }
        changed.push(format!(
            "{}\nwritten: {written}\nseen: {wrong}{verdicts:#?}",
            case.display()
        ));
        if overwrites {
            wrong.extend(elsewhere.iter().flat_map(|line| [line, "\n"]));
            let _ = std::fs::remove_file(&path);
            if !wrong.is_empty() {
                std::fs::write(&path, wrong).unwrap();
            }
        }
    }
    assert!(
        changed.is_empty() || overwrites,
        "{} cases are not as their wrong.txt says (SNAPSHOTS=overwrite writes it)\n{}",
        changed.len(),
        changed.join("\n")
    );
}

/// As text all cases; as folders those about order, where a dump has most to do.
#[test]
fn dumps_load_and_stay_the_same() {
    let wrong = reloads(&options(None), "order/").unwrap();
    assert!(
        wrong.is_empty(),
        "{} of them: {}",
        wrong.len(),
        wrong.join("\n")
    );
}

#[test]
fn on_the_oldest_major() {
    none_but_known(&all(Some(14)));
}

#[test]
fn on_the_newest_major() {
    none_but_known(&all(Some(18)));
}

/// Fails for a direction that is wrong here and is not known to be wrong anywhere.
fn none_but_known(judged: &Judged) {
    let (count, wrong) = (judged.count(), judged.unexpected());
    assert!(
        judged.dumped,
        "pg_dump is older than the server (make test-setup)"
    );
    assert!(
        count * 2 > judged.verdicts.len(),
        "only {count} directions load on this server"
    );
    assert!(
        wrong.is_empty(),
        "{} directions are wrong\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// Judges every case on one server.
fn all(major: Option<u32>) -> Judged {
    judge(&options(major)).unwrap()
}

fn options(major: Option<u32>) -> Options {
    Options {
        checkout: Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("../..")
            .canonicalize()
            .unwrap(),
        tool: env!("CARGO_BIN_EXE_aludel").into(),
        major,
        only: std::env::var("CASES").unwrap_or_default(),
    }
}

/// psql's message without the name of a temporary file.
fn without_position(message: &str) -> &str {
    message.find("ERROR:").map_or(message, |at| &message[at..])
}
