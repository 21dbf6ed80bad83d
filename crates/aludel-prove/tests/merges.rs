//! The pairs of branches in `cases/merge/`, each judged as a careful reviewer would.
//!
//! A case is a folder with `base.sql`, `ours.sql` and `theirs.sql`, and `verdict.toml`: the verdict, the objects that
//! must be named in a conflict, what must be said, and the objects that must be named in notes. They are judged on this
//! machine's server, on PostgreSQL 14 and on 18. `CASES=enum` runs only those with that in their name.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on should stop where it stands"
)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use aludel_postgres::{EngineChoice, Hidden, Scratch, ScratchOptions, default_cache_dir, install};
use aludel_prove::StairOptions;
use aludel_prove::merge::{Branch, Comparison, Finding, Question, compare};
use aludel_revision::Revision;
use aludel_sql::needs;
use serde::Deserialize;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    verdict: String,
    #[serde(default)]
    objects: Vec<String>,
    #[serde(default)]
    says: Vec<String>,
    #[serde(default)]
    notes: Vec<String>,
}

fn cases() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases/merge");
    let wanted = std::env::var("CASES").unwrap_or_default();
    let entries = std::fs::read_dir(&root).unwrap();
    let mut cases: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    cases.retain(|case| case.to_string_lossy().contains(&wanted));
    cases.sort();
    cases
}

fn revision(id: &str, parent: &str, case: &Path) -> Revision {
    let sql = std::fs::read_to_string(case.join(format!("{id}.sql"))).unwrap();
    let text = format!(
        "-- aludel: revision = \"{id}_side\"\n-- aludel: parents = [{parent}]\n\n-- aludel: upgrade\n{sql}"
    );
    Revision::from_bytes(PathBuf::from(format!("{id}.sql")), text.as_bytes()).unwrap()
}

async fn compared(scratch: &Scratch, case: &Path) -> Comparison {
    let [base, ours, theirs] = [
        ("base", ""),
        ("ours", "\"base_side\""),
        ("theirs", "\"base_side\""),
    ]
    .map(|(id, parent)| revision(id, parent, case));
    let all = [&base, &ours, &theirs];
    let statements = all
        .iter()
        .flat_map(|revision| revision.body().unwrap().upgrade.statements());
    let options = StairOptions {
        search_path: "public".to_owned(),
        hidden: Hidden::default(),
        needs: needs(statements),
        beneath: Vec::new(),
    };
    let branch = |revision| {
        let revision: &Revision = revision;
        Branch {
            head: revision.id().clone(),
            revisions: vec![revision],
        }
    };
    let question = Question {
        base: vec![&base],
        branches: vec![branch(&ours), branch(&theirs)],
        afterwards: None,
    };
    compare(scratch, &question, &options).await.unwrap()
}

/// What is wrong with an answer.
fn judge(found: &Comparison, expected: &Expected) -> Vec<String> {
    let mut wrong = Vec::new();
    let is = if found.conflicts.is_empty() {
        "clean"
    } else {
        "conflict"
    };
    if is != expected.verdict {
        wrong.push(format!("{is}, not {}", expected.verdict));
    }
    let named = |findings: &[Finding], object: &String| {
        findings.iter().any(|finding| {
            finding
                .objects
                .iter()
                .any(|found| found.contains(object.as_str()))
        })
    };
    let objects = expected
        .objects
        .iter()
        .filter(|object| !named(&found.conflicts, object));
    wrong.extend(objects.map(|object| format!("does not name {object}")));
    let notes = expected
        .notes
        .iter()
        .filter(|object| !named(&found.notes, object));
    wrong.extend(notes.map(|object| format!("does not note {object}")));
    let all = || found.conflicts.iter().chain(&found.notes);
    let says = expected
        .says
        .iter()
        .filter(|text| !all().any(|one| one.message.contains(text.as_str())));
    wrong.extend(says.map(|text| format!("does not say {text:?}")));
    for conflict in &found.conflicts {
        for side in ["ours", "theirs"] {
            let is_there = |finding: &Finding| {
                finding
                    .statements
                    .iter()
                    .any(|place| place.branch.as_str().starts_with(side))
            };
            if !is_there(conflict) {
                wrong.push(format!(
                    "names no statement of {side}: {}",
                    conflict.message
                ));
            }
        }
    }
    if !found.filled.without.is_empty() {
        wrong.push(format!("no rows in {:?}", found.filled.without));
    }
    wrong
}

fn shown(found: &Comparison) -> String {
    let mut text = format!("    rows: {:?}\n", found.filled);
    for finding in found.conflicts.iter().chain(&found.notes) {
        let _ = writeln!(
            text,
            "    {}: {} {:?}",
            finding.kind.as_str(),
            finding.message,
            finding.objects
        );
        for place in &finding.statements {
            let _ = writeln!(
                text,
                "      {}: {}",
                place.statement.origin, place.statement.text
            );
        }
    }
    text
}

#[tokio::test]
async fn each_pair_of_branches_has_its_verdict() {
    judge_all(None).await;
}

#[tokio::test]
async fn on_the_oldest_major() {
    judge_all(Some(14)).await;
}

#[tokio::test]
async fn on_the_newest_major() {
    judge_all(Some(18)).await;
}

/// Judges every pair on a server of this major version, or on this machine's.
async fn judge_all(major: Option<u32>) {
    let cases = cases();
    assert!(!cases.is_empty(), "cases/merge holds no case");
    let mut options = ScratchOptions::default();
    if major.is_some() {
        install(major, &default_cache_dir(), &mut |_| ()).unwrap();
        options.engine = EngineChoice::Native;
        options.major = major;
    }
    let scratch = Scratch::start(&options).await.unwrap();
    let mut wrong = String::new();
    for case in &cases {
        let name = case.file_name().unwrap().to_string_lossy();
        let text = std::fs::read_to_string(case.join("verdict.toml")).unwrap();
        let expected: Expected = toml::from_str(&text).unwrap();
        let found = compared(&scratch, case).await;
        let faults = judge(&found, &expected);
        if !faults.is_empty() {
            let _ = writeln!(wrong, "{name}: {}\n{}", faults.join("; "), shown(&found));
        }
    }
    scratch.stop().await.unwrap();
    assert!(wrong.is_empty(), "{wrong}");
}
