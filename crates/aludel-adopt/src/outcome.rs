//! What came of each revision, and of the whole.

use std::time::Duration;

use aludel_revision::NewRevision;

use crate::graph::AlembicRevision;
use crate::recorder::{PythonError, VersionTable};
use crate::recording::Recording;

/// What came of a revision.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Alembic's revision.
    pub revision: AlembicRevision,
    /// The file that takes its place.
    pub file: NewRevision,
    /// What its upgrade did.
    pub recording: Recording,
    /// What its statements depend on besides the schema: reads of rows, or that two runs differ.
    pub dependent: Vec<String>,
    /// What differs between the catalogs after the file and after Alembic's upgrade.
    pub differs: Vec<String>,
    /// What became of its downgrade.
    pub downgrade: Downgrade,
    /// What it printed.
    pub printed: String,
    /// Where it tried to connect on its own.
    pub asked: Vec<String>,
    /// Servers, not PostgreSQL's, that it tried to connect to; it did without, or it would have failed.
    pub refused: Vec<String>,
    /// How long Alembic took for the upgrade.
    pub elapsed: Duration,
}

/// What became of a downgrade.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Downgrade {
    /// It leads back, with Alembic and with the file; what stays, for it may have been there before.
    LeadsBack(Vec<String>),
    /// It does not; why.
    Irreversible(String),
    /// It does not, and a plan took its place; why it does not.
    Repaired(String),
    /// There was none: the revision is a baseline, and the plan is its way back.
    OfBaseline,
}

/// What came of a project.
#[derive(Clone, Debug)]
pub struct Adoption {
    /// The revisions in the order in which they run.
    pub revisions: Vec<Outcome>,
    /// Where the revisions of a database are kept.
    pub version: VersionTable,
    /// Characters that `version_num` takes when the first revision has run, unless it is as many as Alembic's own.
    pub version_length: Option<usize>,
    /// The search path of the files.
    pub search_path: String,
    /// The versions of Python, Alembic and SQLAlchemy.
    pub versions: [String; 3],
    /// The command that ran Python.
    pub python: String,
    /// PostgreSQL's version, as `server_version_num` has it.
    pub server_version_num: u32,
    /// Where engines would have connected; all of it was led to scratch.
    pub engines: Vec<String>,
    /// Where the rows at the head differ from Alembic's, by table.
    pub rows_differ: Vec<String>,
    /// Columns whose values differ between two runs of Alembic's own, by table.
    pub unstable: Vec<String>,
    /// Where Alembic's own upgrade leads when it runs all revisions in one go; the files were recorded one by one.
    pub in_one_go: InOneGo,
    /// How long it all took.
    pub elapsed: Duration,
}

/// What an upgrade of all revisions in one go comes to, beside the same revisions one by one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum InOneGo {
    /// The same schema and rows.
    Same,
    /// Another schema or other rows: what differs, the one go's side told first.
    Elsewhere(Vec<String>),
    /// It does not come to its end; in which revision, and Alembic's error.
    Fails {
        /// The revision, if one had begun.
        revision: Option<String>,
        /// The error.
        error: Box<PythonError>,
    },
}

impl Adoption {
    /// Returns whether everything that was recorded leads where Alembic's history leads.
    pub fn is_proven(&self) -> bool {
        self.rows_differ.is_empty() && self.revisions.iter().all(|one| one.differs.is_empty())
    }
}
