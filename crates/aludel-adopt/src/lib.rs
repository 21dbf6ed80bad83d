//! A project of Alembic's moves in: its history is run by Alembic itself, recorded, written as SQL and proven.
//!
//! A history cannot be translated by reading it: revisions read the database, call the application, and branch. So it is
//! run, one revision after the other, by the project's own Python on scratch, and what reached the server is taken from
//! the server's own log. Reading order: [`project`] (where things are), [`graph`] (what follows what, read without running
//! anything), `recorder` (the Python side), `recording`, `statement` and `any_database` (from the log to what a revision did), `write`
//! (a file of it), `walk` (each revision up, down, and proven), `beginning` (what stands before), `again` (the history run in one go), [`adopt`](mod@adopt) (the whole), `outcome`, `report`.

pub mod adopt;
mod again;
mod alembic_side;
mod any_database;
mod beginning;
pub mod error;
pub mod export;
pub mod graph;
mod ini;
pub mod outcome;
mod packages;
pub mod project;
mod recorder;
mod recording;
mod repair;
pub mod report;
mod scratch;
mod settings;
mod statement;
mod walk;
mod way_back;
mod write;

pub use adopt::{AdoptOptions, Event, adopt, located, native};
pub use beginning::{Baseline, Beginning};
pub use error::AdoptError;
pub use graph::AlembicRevision;
pub use outcome::{Adoption, Downgrade, InOneGo, Outcome};
pub use packages::Packages;
pub use project::{AlembicProject, Wanted};
pub use recorder::{PythonError, VersionTable};
pub use recording::{Recording, Transaction};
pub use walk::WalkOptions;
pub use write::{DATA_DEPENDENT, changed_from};
