//! Migration files and their graph.
//!
//! A revision is one SQL file with a header, an upgrade and perhaps a downgrade ([`header`],
//! [`body`]); the files of the version folders make a [`History`], which is a directed acyclic graph
//! ([`graph`]). [`resolve`] turns what a person types into revisions, [`range`](mod@range) does so for `A:B`,
//! [`path`](mod@path) turns two states into ordered moves with their version rows, [`stamp`] changes rows
//! alone, and [`plan`] puts it together for the command line. [`placement`] and [`new_revision`] write
//! files, [`edit`] changes a header without touching another byte, [`rebase`] moves revisions on top of others, and
//! [`head_file`] lets git see two heads. Nothing here opens a connection.

pub mod body;
pub mod edit;
pub mod error;
pub mod fault;
mod folder;
pub mod graph;
pub mod head_file;
pub mod header;
pub mod history;
pub mod id;
pub mod labels;
pub mod new_revision;
mod order;
pub mod parting;
pub mod path;
pub mod placement;
pub mod plan;
pub mod range;
pub mod rebase;
pub mod replaces;
pub mod resolve;
pub mod revision;
pub mod rows;
pub mod squash;
pub mod stamp;
#[cfg(test)]
mod testing;
mod value;
mod walk;

pub use body::{Body, Section, Segment};
pub use error::{FileError, FileFault, HistoryError, Place};
pub use fault::TargetError;
pub use head_file::{HEAD_FILE, HeadFile, HeadFileState};
pub use header::{Allow, Header};
pub use history::History;
pub use id::RevisionId;
pub use new_revision::{DEFAULT_TEMPLATE, MergeError, NewRevision, WriteError};
pub use parting::Parting;
pub use path::Direction;
pub use placement::{PlacementError, Splice};
pub use plan::{Action, Plan, Step};
pub use rebase::{RebaseError, Reparent};
pub use replaces::Replaces;
pub use resolve::{Goal, Target};
pub use revision::Revision;
pub use rows::{RowChange, RowOperation};
pub use squash::{Squash, SquashError};
