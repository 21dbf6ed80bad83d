//! The differential oracle: Alembic's own code and this crate answer the same random questions.
//!
//! `oracle.py` makes the questions, asks Alembic and writes them to its standard output; this test answers
//! them there. What may differ, and why, is in `differences.py`. More cases by hand, with a seed of one's own:
//! `.venv/bin/python crates/aludel-revision/tests/alembic/oracle.py --cases 1000000 --seed 7 --aludel
//! target/debug/examples/plan`.

use std::io::{BufReader, Read as _};
use std::path::PathBuf;
use std::process::{Command, Stdio};

mod answer;

const CASES: &str = "4000";

#[test]
fn alembic_and_aludel_agree() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let python = folder.join("../../.venv/bin/python");
    assert!(
        python.exists(),
        "{} is missing; make it with: make test-setup",
        python.display()
    );
    let mut oracle = Command::new(python)
        .arg(folder.join("tests/alembic/oracle.py"))
        .args(["--cases", CASES])
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let (questions, answers) = (oracle.stdout.take().unwrap(), oracle.stdin.take().unwrap());
    let mut talk = oracle.stderr.take().unwrap();
    let report = std::thread::spawn(move || {
        let mut report = String::new();
        talk.read_to_string(&mut report).map(|_| report)
    });
    let served = answer::serve(BufReader::new(questions), answers);
    let status = oracle.wait().unwrap();
    let report = report.join().unwrap().unwrap();
    served.unwrap_or_else(|error| panic!("{error}\n{report}"));
    assert!(
        status.success() && report.contains(CASES),
        "the oracle says (is alembic installed? make test-setup):\n{report}"
    );
}
