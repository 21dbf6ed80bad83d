//! Migration files and their graph.
//!
//! A revision is one SQL file with a header, an upgrade and perhaps a downgrade ([`header`],
//! [`body`]); the files of the version folders make a [`History`], which is a directed acyclic graph
//! ([`graph`]). [`resolve`] turns what a person types into revisions, [`path`](mod@path) turns two states into
//! ordered moves with their version rows, [`new_revision`] writes files and [`edit`] changes a header
//! without touching another byte. Nothing here opens a connection.

pub mod body;
pub mod edit;
pub mod error;
pub mod graph;
pub mod header;
pub mod history;
pub mod id;
pub mod new_revision;
pub mod path;
pub mod resolve;
pub mod revision;
#[cfg(test)]
mod testing;
mod value;

pub use body::{Body, Section, Segment};
pub use error::{FileError, FileFault, HistoryError, Place};
pub use header::{Allow, Header};
pub use history::History;
pub use id::RevisionId;
pub use new_revision::{DEFAULT_TEMPLATE, MergeError, NewRevision, WriteError};
pub use path::{Direction, Move, PathError, RowChange};
pub use resolve::{Goal, ResolveError, Target};
pub use revision::Revision;
