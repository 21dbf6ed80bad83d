//! The whole of an adoption but for writing: the walk, what a further run does otherwise, the rows at the head.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::{Duration, Instant};

use aludel_postgres::{EngineChoice, Scratch, ScratchOptions};
use aludel_prove::rows;
use aludel_revision::RevisionId;
use aludel_source::{Interpreter, python_project};

use crate::again::{First, again};
use crate::alembic_side::AlembicSide;
use crate::beginning::{self, Beginning};
use crate::error::AdoptError;
use crate::graph::{self, AlembicRevision};
use crate::outcome::{Adoption, InOneGo, Outcome};
use crate::project::AlembicProject;
use crate::recorder::{PythonError, Recorder};
use crate::recording::Recording;
use crate::scratch::connect;
use crate::walk::{AludelSide, Walk, WalkOptions};

/// What an adoption tells while it goes on.
#[derive(Clone, Debug)]
pub enum Event<'a> {
    /// The project is loaded; the versions of Python, Alembic and SQLAlchemy.
    Loaded(&'a [String; 3]),
    /// A revision is next: its place, counted from 0, and how many there are.
    Revision(&'a AlembicRevision, usize, usize),
    /// A revision is done.
    Done(&'a Outcome),
    /// The history is run a second time, in one go.
    Again,
    /// That led elsewhere, or did not come to its end; it is run once more, revision by revision.
    Differs,
    /// A revision needs what the application makes while it is loaded; the walk begins anew with that.
    NeedsLoading(&'a RevisionId, &'a PythonError),
}

/// How an adoption is done.
#[derive(Clone, Debug)]
pub struct AdoptOptions {
    /// The command that runs the project's Python.
    pub python: Option<String>,
    /// Every revision that was read, those too that are not run.
    pub read: BTreeSet<String>,
    /// The walk's own.
    pub walk: WalkOptions,
    /// The scratch server; a native one is taken whatever the engine says.
    pub scratch: ScratchOptions,
}

/// Finds the project's Python.
pub fn interpreter(
    project: &AlembicProject,
    python: Option<&str>,
) -> Result<Interpreter, AdoptError> {
    let below = project.script_location.parent().map(Path::to_owned);
    Ok(python_project::find(
        &project.folder,
        below.as_deref(),
        python,
    )?)
}

/// Asks Alembic where the parts of the project are, for an `env.py` or a command that says so itself: it is run on scratch,
/// without a revision.
pub async fn located(
    project: AlembicProject,
    python: Option<&str>,
    arguments: &[String],
    scratch: &ScratchOptions,
) -> Result<AlembicProject, AdoptError> {
    let interpreter = interpreter(&project, python)?;
    let scratch = Scratch::start(&native(scratch)).await?;
    let database = scratch.database().await?;
    let mut recorder = Recorder::start(&project, &interpreter, arguments)?;
    let loaded = recorder.begin(&database, LOADING_LIMIT).await?;
    drop(recorder);
    scratch.stop().await?;
    Ok(match loaded.places {
        Some(places) => project.at(places),
        None => project,
    })
}

/// An application that takes longer to load waits for something that is not there.
const LOADING_LIMIT: Duration = Duration::from_mins(2);

/// The scratch that a project's own code is led to: a server of this program's on a socket, whatever the settings choose.
pub fn native(scratch: &ScratchOptions) -> ScratchOptions {
    ScratchOptions {
        engine: EngineChoice::Native,
        url: None,
        logs_statements: false,
        ..scratch.clone()
    }
}

/// Runs, records and proves the revisions, which are in order. Nothing of the project is changed.
pub async fn adopt(
    project: &AlembicProject,
    revisions: &[AlembicRevision],
    beginning: &Beginning<'_>,
    options: &AdoptOptions,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<Adoption, AdoptError> {
    let mut makes_tables = false;
    let all = (project, revisions, options);
    let first = match from(all, beginning, &mut makes_tables, tell).await {
        Err(first) if makes_tables => first,
        ended => return ended,
    };
    match &first {
        AdoptError::Upgrade {
            revision, error, ..
        } if error.is_of_what_is_missing() => tell(Event::NeedsLoading(revision, error)),
        _ => return Err(first),
    }
    match from(all, &Beginning::Loaded, &mut makes_tables, tell).await {
        // What the application makes was not what was missing.
        Err(AdoptError::Upgrade { .. }) => Err(first),
        ended => ended,
    }
}

/// The same from one beginning; says besides whether an empty one could be another: the application makes tables when loaded.
async fn from(
    (project, revisions, options): (&AlembicProject, &[AlembicRevision], &AdoptOptions),
    beginning: &Beginning<'_>,
    makes_tables: &mut bool,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<Adoption, AdoptError> {
    let began = Instant::now();
    let interpreter = interpreter(project, options.python.as_deref())?;
    let without_log = native(&options.scratch);
    let with_log = ScratchOptions {
        logs_statements: true,
        ..without_log.clone()
    };
    let scratch = Scratch::start(&with_log).await?;
    let own = Scratch::start(&without_log).await?;
    let alembic = AlembicSide::open(project, &interpreter, &options.walk, &scratch).await?;
    all_are_known(revisions, &alembic.loaded.revisions)?;
    all_are_read(project, &options.read, &alembic.loaded.revisions)?;
    let revisions = &graph::as_alembic_runs(revisions, &alembic.loaded.revisions)?;
    let loaded = &alembic.loaded;
    let versions = [&loaded.python, &loaded.alembic, &loaded.sqlalchemy].map(String::clone);
    tell(Event::Loaded(&versions));
    let is_empty = matches!(beginning, Beginning::Empty);
    *makes_tables = is_empty && !alembic.made_by_loading.transactions.is_empty();
    let (mut walk, baseline) = begin(alembic, &own, beginning, options).await?;
    let mut outcomes = Vec::with_capacity(revisions.len() + 1);
    let first = revisions.iter().map(|one| one.created).min();
    let revision = beginning::revision(beginning, first.unwrap_or_default())?;
    if let (Some(revision), Some(recording)) = (revision, baseline) {
        outcomes.push(walk.baseline(revision, recording).await?);
    }
    walk_up(&mut walk, revisions, &mut outcomes, tell).await?;
    let expected = rows::read(&connect(&walk.alembic.database).await?).await?;
    let found = rows::read(&connect(&walk.aludel.database).await?).await?;
    let mut adoption = Adoption {
        revisions: outcomes,
        version: walk.alembic.version.clone(),
        version_length: walk.version_length,
        search_path: walk.search_path.clone(),
        versions,
        python: interpreter.shown(),
        server_version_num: scratch.server_version_num(),
        engines: walk.alembic.engines.iter().cloned().collect(),
        rows_differ: Vec::new(),
        unstable: Vec::new(),
        in_one_go: InOneGo::Same,
        elapsed: Duration::ZERO,
    };
    let first = First {
        project,
        interpreter: &interpreter,
        options,
        with_log: &with_log,
        beginning,
        roles: walk.alembic.roles.clone(),
        volatile: walk.alembic.volatile.clone(),
        search_path: walk.search_path.clone(),
        targets: graph::tips(revisions),
        catalog: walk.catalog.clone(),
        rows: &expected,
    };
    drop(walk);
    own.stop().await?;
    scratch.stop().await?;
    let again = again(&first, &mut adoption, tell).await?;
    compare_rows(&mut adoption, &expected, &found, &again);
    adoption.elapsed = began.elapsed();
    Ok(adoption)
}

fn all_are_known(revisions: &[AlembicRevision], known: &[String]) -> Result<(), AdoptError> {
    let unknown = |one: &&AlembicRevision| !known.iter().any(|known| known == one.id.as_str());
    match revisions.iter().find(unknown) {
        Some(unknown) => Err(AdoptError::Unknown {
            revision: unknown.id.clone(),
            path: unknown.path.clone(),
        }),
        None => Ok(()),
    }
}

/// What stands where nothing was looked for must not be missed in silence.
fn all_are_read(
    project: &AlembicProject,
    read: &BTreeSet<String>,
    known: &[String],
) -> Result<(), AdoptError> {
    match known.iter().find(|known| !read.contains(*known)) {
        Some(unread) => Err(AdoptError::Unread {
            revision: unread.clone(),
            folders: project.version_locations.clone(),
        }),
        None => Ok(()),
    }
}

/// Brings both sides to where the first revision begins; returns what a baseline did.
async fn begin<'a>(
    mut alembic: AlembicSide<'a>,
    own: &'a Scratch,
    beginning: &Beginning<'_>,
    options: &AdoptOptions,
) -> Result<(Walk<'a>, Option<Recording>), AdoptError> {
    let search_path = options.walk.search_path.clone();
    let database = own.database().await?;
    let mut prologue = BTreeSet::new();
    if let Beginning::Adopted { revisions, .. } = beginning {
        beginning::run_all(&database, revisions, &search_path).await?;
        for revision in revisions {
            let known = revision.body()?.upgrade.statements();
            prologue.extend(known.map(|one| one.text.trim().to_owned()));
        }
    }
    let mut catalog = alembic.look(&alembic.database, &search_path).await?;
    let baseline = alembic.begin(beginning, &search_path).await?;
    if baseline.is_none() {
        catalog = alembic.look(&alembic.database, &search_path).await?;
    }
    let walk = Walk {
        alembic,
        aludel: AludelSide {
            scratch: own,
            database,
        },
        search_path,
        version_length: None,
        catalog,
        prologue,
    };
    Ok((walk, baseline))
}

/// Takes every revision; those without parents follow the baseline, if there is one.
async fn walk_up(
    walk: &mut Walk<'_>,
    revisions: &[AlembicRevision],
    outcomes: &mut Vec<Outcome>,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<(), AdoptError> {
    let baseline = outcomes.first().map(|one| one.revision.id.clone());
    for (place, revision) in revisions.iter().enumerate() {
        tell(Event::Revision(revision, place, revisions.len()));
        let before = place.checked_sub(1).map(|place| &revisions[place].id);
        let mut outcome = walk.revision(revision, before).await?;
        if outcome.file.parents.is_empty() {
            outcome.file.parents.extend(baseline.clone());
        }
        tell(Event::Done(&outcome));
        outcomes.push(outcome);
    }
    Ok(())
}

/// Compares the rows at the head, columns that two runs of Alembic's own fill differently left out.
fn compare_rows(
    adoption: &mut Adoption,
    expected: &rows::Rows,
    found: &rows::Rows,
    again: &rows::Rows,
) {
    let unstable = rows::unstable(expected, again);
    let version_table = adoption.version.table.clone();
    adoption.unstable = unstable
        .iter()
        .filter(|(table, _)| table.1 != version_table)
        .map(|(table, columns)| {
            let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
            format!("{}: {}", rows::shown(table), columns.join(", "))
        })
        .collect();
    adoption.rows_differ = rows::differences(expected, found, &unstable)
        .into_iter()
        .filter(|one| one.table.1 != version_table)
        .map(|one| format!("{}: {}", rows::shown(&one.table), one.message))
        .collect();
}
