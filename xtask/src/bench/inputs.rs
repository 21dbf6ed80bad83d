//! The inputs: histories of 10,000, 5,000 and 1,000 revisions and models of 1,000 tables, each for Alembic and for Aludel.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::generators;
use crate::{Failure, say};

/// Where everything is.
pub(super) struct Inputs {
    /// The tool under test.
    pub(super) tool: PathBuf,
    /// A cache of its own.
    pub(super) cache: PathBuf,
    /// The Python that has Alembic.
    pub(super) python: PathBuf,
    /// Alembic projects; `aludel/` inside is the same history for Aludel.
    pub(super) history_10000: PathBuf,
    pub(super) history_5000: PathBuf,
    pub(super) history_1000: PathBuf,
    /// An Alembic project with models of 1,000 tables, `models.sql` and `models_pending.sql`.
    pub(super) models: PathBuf,
    /// The same of 100 and of 5,000 tables.
    pub(super) models_100: PathBuf,
    pub(super) models_5000: PathBuf,
}

/// Makes what is not there yet.
pub(super) fn make(checkout: &Path, folder: &Path, tool: &Path) -> Result<Inputs, Failure> {
    let scripts = generators(checkout)?;
    fs_err::create_dir_all(folder)?;
    let inputs = Inputs {
        tool: tool.to_path_buf(),
        cache: folder.join("cache"),
        python: folder.join("venv/bin/python"),
        history_10000: folder.join("history_10000"),
        history_5000: folder.join("history_5000"),
        history_1000: folder.join("history_1000"),
        models: folder.join("models"),
        models_100: folder.join("models_100"),
        models_5000: folder.join("models_5000"),
    };
    fs_err::create_dir_all(&inputs.cache)?;
    environment(checkout, folder, &inputs.python)?;
    let generate = |script: &str, size: &str, out: &Path| -> Result<(), Failure> {
        if out.join("complete").is_file() {
            return Ok(());
        }
        say(&format!("bench: {script} {size}"));
        run(Command::new(&inputs.python)
            .arg(scripts.join(script))
            .arg(size)
            .arg(out))?;
        // As a project has it that is used every day: read once, so byte-compiled.
        run(Command::new(&inputs.python)
            .args(["-m", "compileall", "-q"])
            .arg(out))?;
        fs_err::write(out.join("complete"), "")?;
        Ok(())
    };
    generate("gen_history.py", "10000", &inputs.history_10000)?;
    generate("gen_history.py", "5000", &inputs.history_5000)?;
    generate("gen_history.py", "1000", &inputs.history_1000)?;
    generate("gen_models.py", "100", &inputs.models_100)?;
    generate("gen_models.py", "1000", &inputs.models)?;
    generate("gen_models.py", "5000", &inputs.models_5000)?;
    for history in [
        &inputs.history_10000,
        &inputs.history_5000,
        &inputs.history_1000,
    ] {
        fs_err::write(history.join("aludel/aludel.toml"), "")?;
    }
    Ok(inputs)
}

/// Alembic and SQLAlchemy, pinned.
fn environment(checkout: &Path, folder: &Path, python: &Path) -> Result<(), Failure> {
    let requirements = checkout.join("tests/requirements-bench.txt");
    let installed = folder.join("venv/installed.txt");
    let wanted = fs_err::read_to_string(&requirements)?;
    if fs_err::read_to_string(&installed).is_ok_and(|text| text == wanted) {
        return Ok(());
    }
    say("bench: Python packages");
    run(Command::new("python3")
        .args(["-m", "venv"])
        .arg(folder.join("venv")))?;
    run(Command::new(python)
        .args(["-m", "pip", "install", "--quiet", "--requirement"])
        .arg(&requirements))?;
    fs_err::write(installed, wanted)?;
    Ok(())
}

/// Runs a program to its end.
pub(super) fn run(command: &mut Command) -> Result<(), Failure> {
    let output = command.output()?;
    if output.status.success() {
        return Ok(());
    }
    let said = String::from_utf8_lossy(&output.stderr);
    Err(format!("{command:?} failed:\n{said}").into())
}
