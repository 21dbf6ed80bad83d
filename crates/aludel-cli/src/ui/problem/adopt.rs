//! Errors of adopting an Alembic project.

use std::path::Path;

use aludel_adopt::{AdoptError, PythonError};
use aludel_revision::RevisionId;
use aludel_source::{Frame, SourceError};

use crate::config::shown;
use crate::context::current_dir;
use crate::ui::problem::Problem;

use super::postgres::of_missing_extension;

/// What every error of an adoption leaves.
const UNCHANGED: &str = "the folder is as it was";

/// What helps where Alembic is never typed, or there is no `env.py`.
const THROUGH: &str = "where a command of the application upgrades its database, name that: aludel adopt --through \"shopctl db upgrade\"";

impl From<AdoptError> for Problem {
    fn from(error: AdoptError) -> Self {
        let primary = error.to_string();
        let problem = Self::new("adopt", primary).with_paths_from_here();
        match error {
            AdoptError::File(error) => error.into(),
            AdoptError::History(error) => Self::from(error).with_paths_from_here().only_hint(
                "Alembic must be able to read its folder too: correct down_revision or depends_on in one of its files, until `alembic history` works",
            ),
            AdoptError::Python(error @ SourceError::Start { .. }) => Self::from(error).detail(UNCHANGED).only_hint(
                "name the command that runs the project's Python: aludel adopt --python .venv/bin/python",
            ),
            AdoptError::Python(error) => Self::from(error).detail(UNCHANGED),
            AdoptError::Scratch(error) => error.into(),
            AdoptError::Connect(error) => error.into(),
            AdoptError::Introspect(error) => error.into(),
            AdoptError::Statement(error) => error.into(),
            AdoptError::NoProject { below, .. } => {
                let problem = problem.detail("looked for alembic.ini, [tool.alembic] in pyproject.toml, migrations/ and alembic/ with an env.py");
                let there = below.iter().map(|folder| format!("there is one: cd {} && aludel adopt", here(folder)));
                let problem = there.fold(problem, Self::hint);
                problem
                    .hint("run it where you run `alembic`, or name the folder of env.py: aludel adopt --script-location app/db")
                    .hint(THROUGH)
            }
            AdoptError::Unreadable { .. } => problem,
            AdoptError::Unread { folders, .. } => folders
                .iter()
                .fold(problem, |problem, folder| problem.detail(format!("looked in {}", here(folder))))
                .detail(UNCHANGED)
                .hint("name the folders in alembic.ini: version_locations = alembic/versions more/versions"),
            AdoptError::NoSection { others, .. } if others.is_empty() => {
                problem.hint("run it where you run `alembic`; -n names another section")
            }
            AdoptError::NoSection { others: names, .. } | AdoptError::SeveralDatabases { names } => {
                let commands = names.iter().map(|name| format!("aludel adopt -n {name} migrations-{name}"));
                commands.fold(problem, Self::hint)
            }
            AdoptError::NoScriptLocation { .. } | AdoptError::NoEnv { .. } => problem
                .hint("name the folder of env.py: aludel adopt --script-location app/db")
                .hint(THROUGH),
            AdoptError::NoRevisions { .. } => problem.hint("there is nothing to adopt; `aludel init` begins anew"),
            AdoptError::Compiled { .. } => problem
                .hint("adopt where the sources are; a deployment with `sourceless = true` needs only what is written there"),
            AdoptError::Computed { .. } => problem.hint("write the id itself, as in down_revision = \"ae1027a6acf0\""),
            AdoptError::InvalidId { .. } => problem
                .hint("give it another id, in the files that follow it too; in databases: UPDATE alembic_version SET version_num = '…'"),
            AdoptError::NoLog => problem.hint("unset ALUDEL_SCRATCH_URL; `aludel db install` fetches server programs"),
            AdoptError::Begin(error) => of_python(problem, &error).detail(UNCHANGED),
            AdoptError::Upgrade { path, before, has_baseline, error, .. } => {
                let problem = of_python(problem.detail(format!("file: {}", here(&path))), &error).detail(UNCHANGED);
                let problem = problem.hint(to_go_up(&error, has_baseline, before.as_ref()));
                with_until(problem, before.as_ref())
            }
            AdoptError::TooLong { path, before, statement, frames, .. } => {
                let problem = problem.detail(format!("file: {}", here(&path)));
                let problem = match statement {
                    Some(statement) => problem.detail(format!("last statement: {}", statement.trim())),
                    None => problem.detail("no statement of it reached the server"),
                };
                let problem = of_frames(problem, frames).detail(UNCHANGED).hint("give it longer: aludel adopt --time-limit 1800");
                with_until(problem, before.as_ref())
            }
            AdoptError::Replay { error, .. } => {
                let problem = Self::statement("adopt", primary_of_replay(), &error.statement, &error.error);
                problem.detail(UNCHANGED)
            }
            AdoptError::Unrecordable { .. } => problem.detail(UNCHANGED).hint(
                "let it write the same rows with op.bulk_insert, for databases that have run it do not run it again; or adopt what stands before it: --until",
            ),
            AdoptError::Unknown { .. } | AdoptError::Io(_) => problem.detail(UNCHANGED),
        }
    }
}

/// What lets a revision go up.
fn to_go_up(error: &PythonError, has_baseline: bool, before: Option<&RevisionId>) -> String {
    let hint = if has_baseline && error.is_of_what_is_missing() {
        "the baseline makes no such thing: let it leave what the release had that the history begins behind, for the tables of a newer one may lack what a revision drops"
    } else if starts_elsewhere(error, before) {
        "the history may not start from an empty database; name what makes the first tables: aludel adopt --baseline \"python -m app create-tables\", or --baseline schema.sql"
    } else if let Some(hint) = of_missing_extension(&error.message) {
        return hint;
    } else if error.is_of_the_server() {
        "PostgreSQL refuses that from Alembic too: correct it in the file, for databases that are past it do not run it again"
    } else {
        "what `alembic upgrade` needs on an empty database, it needs here: variables, -x arguments, files"
    };
    hint.to_owned()
}

/// Whether nothing that ran before made what is missing: the application does, as many that only stamp a new database.
fn starts_elsewhere(error: &PythonError, before: Option<&RevisionId>) -> bool {
    let is_of_a_table = || {
        let message = &error.message;
        let is_of_the_server =
            message.contains("relation \"") && !message.contains("constraint \"");
        is_of_the_server || message.starts_with("NoSuchTableError")
    };
    error.is_of_what_is_missing() && (before.is_none() || is_of_a_table())
}

fn primary_of_replay() -> &'static str {
    "what was recorded of a revision does not run again; this is a fault of Aludel"
}

/// A path as a person finds it from here.
fn here(path: &Path) -> String {
    current_dir().map_or_else(
        |_| path.display().to_string(),
        |folder| shown(&folder, path),
    )
}

fn of_python(problem: Problem, error: &PythonError) -> Problem {
    let mut error = error.clone();
    for frame in &mut error.frames {
        frame.file = here(Path::new(&frame.file));
    }
    let problem = error.details().into_iter().fold(problem, Problem::detail);
    error.hint.iter().cloned().fold(problem, Problem::hint)
}

fn of_frames(problem: Problem, frames: Vec<Frame>) -> Problem {
    frames.into_iter().fold(problem, |problem, mut frame| {
        frame.file = here(Path::new(&frame.file));
        problem.detail(frame.to_string())
    })
}

fn with_until(problem: Problem, before: Option<&RevisionId>) -> Problem {
    match before {
        Some(before) => problem.hint(format!("adopt what works: aludel adopt --until {before}")),
        None => problem,
    }
}
