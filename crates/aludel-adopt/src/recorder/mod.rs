//! Runs Alembic's own steps: one Python process of the project's for the whole history.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use aludel_catalog::identifier::quote;
use aludel_postgres::ScratchDatabase;
use aludel_revision::RevisionId;
use aludel_source::{ConnectsTo, Frame, Interpreter};
use rustix::process::{Pid, Signal, kill_process_group};
use serde::Deserialize;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::process::{Child, ChildStdin, ChildStdout, Command};

use crate::error::AdoptError;
use crate::project::AlembicProject;

/// Python 3.7 or newer, the settings as its one argument.
const SCRIPT: &[&str] = &[
    include_str!("python/begin.py"),
    aludel_source::REDIRECT,
    include_str!("python/alembic.py"),
    include_str!("python/through.py"),
    include_str!("python/orders.py"),
];

/// What the revision itself begins with in the server's log.
pub(crate) const MARK: &str = "aludel: the revision begins";

/// What kind of error it is when Python itself has ended.
const ENDED: &str = "ended";

/// What to do when what was started is something else.
const NOT_PYTHON: &str =
    "name the command that runs the project's Python: aludel adopt --python .venv/bin/python";

/// Which way a step goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Direction {
    /// `upgrade()`.
    Upgrade,
    /// `downgrade()`.
    Downgrade,
}

/// Something that went wrong in Python.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct PythonError {
    /// `python`, `database`, or the name of what Aludel's own script found.
    pub kind: String,
    /// The exception as Python words it, or what was found.
    pub message: String,
    /// The statement that the server refused.
    #[serde(default)]
    pub statement: Option<String>,
    /// What to do about it.
    #[serde(default)]
    pub hint: Option<String>,
    /// The last frames of the project's own code.
    #[serde(default)]
    pub frames: Vec<Frame>,
}

impl std::fmt::Display for PythonError {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.message.lines().next().unwrap_or_default())
    }
}

impl PythonError {
    /// An exception of the project's own says that it came from loading the project.
    fn while_loading(mut self) -> Self {
        if matches!(self.kind.as_str(), "python" | "database") {
            self.message = format!("the project does not load: {}", self.message);
        }
        self
    }

    /// Whether something was missing in the database, as when a history does not start from an empty one.
    pub fn is_of_what_is_missing(&self) -> bool {
        let is_said_by_the_server =
            self.is_of_the_server() && self.message.contains("does not exist");
        // SQLAlchemy's own, of a table that was to be inspected.
        is_said_by_the_server || self.message.starts_with("NoSuchTableError")
    }

    /// Whether the revision is written so: it raises, or has no such function.
    pub(crate) fn is_meant(&self) -> bool {
        let raises = self
            .frames
            .last()
            .is_some_and(|frame| frame.code.starts_with("raise"));
        let ends_the_process = self.kind == ENDED && !self.frames.is_empty();
        raises || ends_the_process || self.message.contains("has no attribute 'downgrade'")
    }

    /// Adds what the server's log says of the last statement that it refused: to an error that says no more than that the
    /// transaction was aborted before, and to one that an application (as oslo.db) raises in the place of the driver's.
    pub(crate) fn add_refused(&mut self, statement: &str, message: &str) {
        if self.message.starts_with("InFailedSqlTransaction") {
            self.message.push_str("\naborted before: ");
            self.message.push_str(message);
            self.statement = Some(statement.to_owned());
        } else if self.kind == "python" && self.message.contains(message) {
            "database".clone_into(&mut self.kind);
            self.statement = Some(statement.to_owned());
        }
    }

    /// Names the files of the project as seen from its folder.
    pub(crate) fn name_files_from(&mut self, folder: &Path) {
        for frame in &mut self.frames {
            if let Ok(below) = Path::new(&frame.file).strip_prefix(folder) {
                frame.file = below.display().to_string();
            }
        }
    }

    /// Whether the server refused a statement.
    pub fn is_of_the_server(&self) -> bool {
        self.kind == "database"
    }

    /// What is known beyond the first line.
    pub fn details(&self) -> Vec<String> {
        let mut lines: Vec<String> = self.message.lines().skip(1).map(str::to_owned).collect();
        if let Some(statement) = &self.statement {
            lines.push(format!("statement: {}", statement.trim()));
        }
        lines.extend(self.frames.iter().map(ToString::to_string));
        lines
    }
}

/// The types that a run of Alembic's knows to have made or dropped, by their kinds: it does neither again.
pub(crate) type Memo = BTreeMap<String, Vec<Vec<Option<String>>>>;

/// What answers to an order.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Answer {
    pub(crate) error: Option<PythonError>,
    /// What was printed meanwhile.
    #[serde(default)]
    pub(crate) printed: String,
    /// Where the revision tried to connect on its own.
    #[serde(default)]
    pub(crate) asked: Vec<String>,
    /// The servers, not PostgreSQL's, that it tried to connect to.
    #[serde(default)]
    pub(crate) refused: Vec<String>,
    /// Where SQLAlchemy's engines would have connected.
    #[serde(default)]
    pub(crate) engines: Vec<String>,
    /// What the run knows after the step.
    #[serde(default)]
    pub(crate) memo: Memo,
    /// Why env.py, once loaded, would have run no revision.
    pub(crate) idle: Option<PythonError>,
    /// Alembic's version table.
    pub(crate) version: Option<VersionTable>,
    #[serde(default)]
    pub(crate) python: String,
    #[serde(default)]
    pub(crate) alembic: String,
    #[serde(default)]
    pub(crate) sqlalchemy: String,
    /// The ids that Alembic itself finds.
    #[serde(default)]
    pub(crate) revisions: Vec<String>,
    /// Where everything is, as Alembic has it; nothing of a step.
    #[serde(flatten)]
    pub(crate) places: Option<Places>,
}

/// Where Alembic has the parts of a project.
#[derive(Debug, Deserialize)]
pub(crate) struct Places {
    pub(crate) settings: Option<PathBuf>,
    pub(crate) section: String,
    pub(crate) script_location: PathBuf,
    pub(crate) version_locations: Vec<PathBuf>,
    pub(crate) is_recursive: bool,
    pub(crate) file_template: Option<String>,
}

/// Where Alembic keeps the revisions that a database is at.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct VersionTable {
    /// The table.
    pub table: String,
    /// Its schema; none is the first of the search path.
    pub schema: Option<String>,
}

impl Default for VersionTable {
    fn default() -> Self {
        Self {
            table: "alembic_version".to_owned(),
            schema: None,
        }
    }
}

impl VersionTable {
    /// Its name in SQL.
    pub(crate) fn shown(&self) -> String {
        let table = quote(&self.table);
        match &self.schema {
            Some(schema) => format!("{}.{table}", quote(schema)),
            None => table.into_owned(),
        }
    }
}

/// How a step ended.
pub(crate) enum Ended {
    /// Python answered.
    Answered(Box<Answer>),
    /// It did not within the limit, and was ended; where it was.
    TooLong(Vec<Frame>),
}

/// The Python process.
pub(crate) struct Recorder {
    child: Child,
    orders: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
    output: TempDir,
    /// What was started.
    command: String,
    /// The revisions that the last order has begun.
    began: Vec<String>,
}

/// A line of Python's.
enum Said {
    /// A revision of many begins.
    Began(String),
    Answer(Box<Answer>),
}

impl Drop for Recorder {
    fn drop(&mut self) {
        end(self.group());
    }
}

impl Recorder {
    /// Python and whatever it has started; none when its end is known.
    fn group(&self) -> Option<Pid> {
        let id = self.child.id()?;
        Pid::from_raw(id.cast_signed())
    }

    /// Whether nobody takes orders any more.
    pub(crate) fn has_ended(&self) -> bool {
        self.child.id().is_none()
    }

    /// Starts Python in the project's folder; nothing of the project is imported yet.
    pub(crate) fn start(
        project: &AlembicProject,
        interpreter: &Interpreter,
        arguments: &[String],
    ) -> Result<Self, AdoptError> {
        let output = tempfile::tempdir()?;
        let request = serde_json::json!({
            "output": output.path(),
            "settings": project.settings,
            "section": project.section,
            "script_location": project.script_location,
            "env": project.env(),
            "is_flask": project.is_flask,
            "database": project.database,
            "through": project.through,
            "x": arguments,
        });
        // What a wrapper says before Python takes over is shown where that does not come.
        let errors = fs_err::File::create(output.path().join("stderr"))?;
        let (program, words) = interpreter.command();
        let mut child = Command::new(program)
            .args(words)
            .args(["-c", &SCRIPT.concat(), &request.to_string()])
            .current_dir(&project.folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(errors.into_parts().0)
            // What it starts ends with it, below a wrapper such as `uv run` too.
            .process_group(0)
            .spawn()
            .map_err(|error| aludel_source::SourceError::Start {
                command: interpreter.shown(),
                source: error,
            })?;
        let (Some(orders), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(std::io::Error::other("Python has no standard input").into());
        };
        Ok(Self {
            child,
            orders,
            answers: BufReader::new(answers).lines(),
            output,
            command: interpreter.shown(),
            began: Vec::new(),
        })
    }

    /// Loads the project: its settings and its revision files.
    pub(crate) async fn begin(
        &mut self,
        database: &ScratchDatabase,
        limit: Duration,
    ) -> Result<Answer, AdoptError> {
        let order = serde_json::json!({ "do": "begin", "where": ConnectsTo::from(database) });
        match self.order(&order, limit).await? {
            Ended::Answered(answer) => match answer.error {
                Some(error) => Err(AdoptError::Begin(Box::new(error.while_loading()))),
                None => Ok(*answer),
            },
            Ended::TooLong(frames) => Err(AdoptError::Begin(Box::new(PythonError {
                kind: "too-long".to_owned(),
                message: format!("the project did not load within {} s", limit.as_secs()),
                hint: Some("give it longer: aludel adopt --time-limit 1800".to_owned()),
                frames,
                ..PythonError::default()
            }))),
        }
    }

    /// Runs one revision on a database, as a part of a run.
    pub(crate) async fn step(
        &mut self,
        revision: &RevisionId,
        direction: Direction,
        memo: &Memo,
        database: &ScratchDatabase,
        limit: Duration,
    ) -> Result<Ended, AdoptError> {
        let direction = match direction {
            Direction::Upgrade => "upgrade",
            Direction::Downgrade => "downgrade",
        };
        let order = serde_json::json!({
            "do": "step",
            "revision": revision.as_str(),
            "direction": direction,
            "memo": memo,
            "where": ConnectsTo::from(database),
        });
        self.order(&order, limit).await
    }

    /// Runs all revisions up to these in one go; each may take as long as the limit says.
    pub(crate) async fn upgrade(
        &mut self,
        targets: &[RevisionId],
        database: &ScratchDatabase,
        limit: Duration,
    ) -> Result<Ended, AdoptError> {
        let targets: Vec<&str> = targets.iter().map(RevisionId::as_str).collect();
        let order = serde_json::json!({
            "do": "upgrade",
            "targets": targets,
            "where": ConnectsTo::from(database),
        });
        self.order(&order, limit).await
    }

    /// The revisions that the last order has begun, as often as it did.
    pub(crate) fn began(&self) -> &[String] {
        &self.began
    }

    async fn order(
        &mut self,
        order: &serde_json::Value,
        limit: Duration,
    ) -> Result<Ended, AdoptError> {
        let mut order = order.clone();
        order["limit"] = limit.as_secs_f64().into();
        let line = format!("{order}\n");
        // A Python that ended reads nothing; what it said last is told below.
        let _ = self.orders.write_all(line.as_bytes()).await;
        let _ = self.orders.flush().await;
        self.began.clear();
        while let Ok(said) = tokio::time::timeout(limit, self.said()).await {
            match said? {
                Said::Began(revision) => self.began.push(revision),
                Said::Answer(answer) => return Ok(Ended::Answered(answer)),
            }
        }
        end(self.group());
        self.child.wait().await?;
        Ok(Ended::TooLong(self.frames("stuck")))
    }

    async fn said(&mut self) -> Result<Said, AdoptError> {
        while let Some(line) = self.answers.next_line().await? {
            // A wrapper may print lines of its own.
            if let Some(text) = line.split('\x1e').nth(1)
                && let Ok(answer) = serde_json::from_str(text)
            {
                return Ok(Said::Answer(answer));
            }
            if let Some(revision) = line.split('\x1d').nth(1) {
                return Ok(Said::Began(revision.to_owned()));
            }
        }
        let group = self.group();
        let status = self.child.wait().await?;
        end(group);
        let said = last_lines(&self.output.path().join("stderr"));
        Ok(Said::Answer(Box::new(Answer {
            error: Some(PythonError {
                kind: ENDED.to_owned(),
                message: format!("{} ended without an answer ({status})\n{said}", self.name()),
                hint: (!self.is_python()).then(|| NOT_PYTHON.to_owned()),
                frames: self.frames("ended"),
                ..PythonError::default()
            }),
            ..Answer::default()
        })))
    }

    /// Whether our script has run, which takes over standard output first.
    fn is_python(&self) -> bool {
        self.output.path().join("stdout").exists()
    }

    fn name(&self) -> Cow<'static, str> {
        if self.is_python() {
            "Python".into()
        } else {
            format!("`{}`", self.command).into()
        }
    }

    /// The frames that Python wrote down before its end.
    fn frames(&self, name: &str) -> Vec<Frame> {
        let frames = fs_err::read(self.output.path().join(name)).unwrap_or_default();
        serde_json::from_slice(&frames).unwrap_or_default()
    }
}

fn end(group: Option<Pid>) {
    if let Some(group) = group {
        // Who is gone needs no end.
        let _ = kill_process_group(group, Signal::KILL);
    }
}

fn last_lines(path: &Path) -> String {
    let text = fs_err::read(path).unwrap_or_default();
    let text = String::from_utf8_lossy(&text);
    let lines: Vec<&str> = text.lines().collect();
    // Of a crash the innermost frames come first.
    if let Some(place) = lines
        .iter()
        .position(|line| line.starts_with("Fatal Python error"))
    {
        return lines[place..]
            .iter()
            .take(8)
            .copied()
            .collect::<Vec<_>>()
            .join("\n");
    }
    lines[lines.len().saturating_sub(12)..].join("\n")
}
