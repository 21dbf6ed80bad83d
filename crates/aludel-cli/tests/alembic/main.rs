//! The differential oracle: Alembic's own code and `aludel plan` answer the same random questions.
//!
//! `oracle.py` makes the questions and asks both; nearly all go to one `aludel plan --questions`, and a sample
//! to `aludel plan` in a project with those files, as a person runs it. What may differ, and why, is in
//! `differences.py`. More cases by hand, with a seed of one's own:
//! `.venv/bin/python crates/aludel-cli/tests/alembic/oracle.py --cases 1000000 --seed 7 --aludel
//! target/debug/aludel`.

use std::path::PathBuf;
use std::process::Command;

const CASES: &str = "20000";

/// As many at once as there are processors, each with a seed of its own.
const PARTS: u32 = 2;

#[test]
fn alembic_and_aludel_agree() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let python = folder.join("../../.venv/bin/python");
    assert!(
        python.exists(),
        "{} is missing; make it with: make test-setup",
        python.display()
    );
    let cases = (CASES.parse::<u32>().unwrap() / PARTS).to_string();
    let parts: Vec<_> = (1..=PARTS)
        .map(|seed| {
            Command::new(&python)
                .arg(folder.join("tests/alembic/oracle.py"))
                .args(["--cases", &cases, "--seed", &seed.to_string()])
                .args(["--aludel", env!("CARGO_BIN_EXE_aludel"), "--sample", "40"])
                .env("PYTHONDONTWRITEBYTECODE", "1")
                .stderr(std::process::Stdio::piped())
                .spawn()
                .unwrap()
        })
        .collect();
    for part in parts {
        let output = part.wait_with_output().unwrap();
        let report = String::from_utf8_lossy(&output.stderr);
        assert!(
            output.status.success() && report.contains(&cases),
            "the oracle says (is alembic installed? make test-setup):\n{report}"
        );
    }
}
