//! The pairs of schemas in `cases/`, judged in both directions by `psql` and `pg_dump`, on several major versions.
//!
//! Each is judged twice: the plan of `diff`, and that of `diff --online`, which must end in the same schema.
//! A case is a folder with `old.sql` and `new.sql`, and rows in `seed_old.sql` and `seed_new.sql` where it matters.
//! `flags_old` and `flags_new` are said to `diff`; the answers to `rows_old.sql` and `rows_new.sql` must be the same before and
//! after, which is how cases with renames show that nothing was made again. What
//! Aludel gets wrong today stands in `wrong.txt`, a line for each direction; the test fails when that is no longer so, and
//! `SNAPSHOTS=overwrite` writes these lines anew. A line that begins with `on 14: ` is for that major alone and written by hand.
//! `CASES=index/` judges only the cases with that in their path. A case whose name ends in a major version needs that one; a case that an older server cannot load is none there.
//!
//! Reading order: [`judge`] (one direction of one case), [`dump`] (when two dumps are equal).
#![expect(clippy::unwrap_used, reason = "tests fail loudly")]

mod dump;
mod judge;

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use aludel_postgres::{EngineChoice, Scratch, ScratchOptions, default_cache_dir, install};

use judge::{Judge, Verdict, Way, client_programs};

/// The directions, as `wrong.txt` has them.
const DIRECTIONS: [(&str, &str); 2] = [("old", "new"), ("new", "old")];

/// Every direction in every way, in the order of a case's verdicts, as `wrong.txt` has them.
fn ways() -> impl Iterator<Item = (&'static str, &'static str, Way)> {
    Way::ALL
        .into_iter()
        .flat_map(|way| DIRECTIONS.map(|(from, to)| (from, to, way)))
}

/// What a line of `wrong.txt` begins with.
fn label(from: &str, to: &str, way: Way) -> String {
    match way {
        Way::Plain => format!("{from} to {to}: "),
        Way::Online => format!("{from} to {to} online: "),
    }
}

#[tokio::test]
async fn on_the_servers_of_this_machine() {
    let verdicts = all(None).await;
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
        let (elsewhere, here): (Vec<&str>, Vec<&str>) =
            written.lines().partition(|line| line.starts_with("on "));
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

#[tokio::test]
async fn on_the_oldest_major() {
    none_but_known(&all(Some(14)).await, 14);
}

#[tokio::test]
async fn on_the_newest_major() {
    none_but_known(&all(Some(18)).await, 18);
}

/// Fails for a direction that is wrong here and is not known to be wrong anywhere.
fn none_but_known(verdicts: &[(PathBuf, Vec<Verdict>)], major: u32) {
    let mut wrong = Vec::new();
    let mut judged = 0;
    for (case, verdicts) in verdicts {
        let known = std::fs::read_to_string(case.join("wrong.txt")).unwrap_or_default();
        let is_known = |from: &str, to: &str, way: Way| {
            let there = label(from, to, way);
            let here = format!("on {major}: {there}");
            known
                .lines()
                .any(|line| line.starts_with(&here) || line.starts_with(&there))
        };
        for ((from, to, way), verdict) in ways().zip(verdicts) {
            judged += usize::from(!matches!(verdict, Verdict::NotLoaded(_)));
            if let Verdict::Wrong(why) = verdict
                && !is_known(from, to, way)
            {
                let label = label(from, to, way);
                wrong.push(format!("{} {label}{why}", case.display()));
            }
        }
    }
    assert!(
        judged * 2 > verdicts.len(),
        "only {judged} directions load on this server"
    );
    assert!(
        wrong.is_empty(),
        "{} directions are wrong\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// Judges every case on one server.
async fn all(major: Option<u32>) -> Vec<(PathBuf, Vec<Verdict>)> {
    if let Some(major) = major {
        install(Some(major), &default_cache_dir(), &mut |_| ()).unwrap();
    }
    let options = ScratchOptions {
        engine: EngineChoice::Native,
        major,
        ..ScratchOptions::default()
    };
    let scratch = Scratch::start(&options).await.unwrap();
    let keeper = scratch.database().await.unwrap();
    let judge = Judge {
        scratch: &scratch,
        keeper: keeper.url().clone(),
        client: client_programs(),
    };
    let mut verdicts = Vec::new();
    for case in cases(scratch.server_version_num() / 10_000) {
        let mut both = Vec::new();
        for way in Way::ALL {
            for (from, to) in DIRECTIONS {
                both.push(judge.direction(&case, from, to, way).await);
            }
        }
        verdicts.push((case, both));
    }
    drop(keeper);
    scratch.stop().await.unwrap();
    assert!(!verdicts.is_empty(), "cases/ holds no case");
    verdicts
}

/// psql's message without the name of a temporary file.
fn without_position(message: &str) -> &str {
    message.find("ERROR:").map_or(message, |at| &message[at..])
}

/// The folders `cases/<kind>/<what changes>`, those left out that need a newer server.
fn cases(major: u32) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../cases")
        .canonicalize()
        .unwrap();
    let mut cases: Vec<PathBuf> = folders(&root)
        .iter()
        .flat_map(|kind| folders(kind))
        .collect();
    let chosen = std::env::var("CASES").unwrap_or_default();
    // Pairs of branches are judged elsewhere.
    cases.retain(|case| !case.starts_with(root.join("merge")));
    cases.retain(|case| {
        needs(case).is_none_or(|needed| needed <= major) && case.to_string_lossy().contains(&chosen)
    });
    cases.sort();
    cases
}

/// The major version at the end of a case's name.
fn needs(case: &Path) -> Option<u32> {
    case.file_name()?.to_str()?.rsplit_once('-')?.1.parse().ok()
}

fn folders(parent: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(parent)
        .unwrap()
        .map(|entry| entry.unwrap().path());
    entries.filter(|path| path.is_dir()).collect()
}
