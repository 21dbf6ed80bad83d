//! What a PostgreSQL schema is: identifiers, object ids, the catalog, one folder per object kind.
//!
//! Everything about one kind (its query, decoding, comparison and SQL) lives in `kinds/<kind>/`; the engines
//! that use this crate (introspect, diff, plan) know no kind by name. The crate is pure: no I/O, no clock.
//!
//! Reading order: `identifier`, `object_id`, `object`, `catalog`, `kind`, one kind (`kinds/policy` is a good first),
//! then `assemble`, which turns the rows that PostgreSQL answered into a [`Catalog`].

mod assemble;
pub mod backfill;
mod catalog;
mod comparison;
mod copies;
pub mod expression;
pub mod grants;
pub mod identifier;
mod inheritance;
mod kind;
pub mod kinds;
mod object;
mod object_id;
pub mod online;
mod renaming;
mod row;
mod shell;
pub mod snapshot;
pub mod type_change;
mod unmodelled;

pub use assemble::{AssembleError, Assembler, assemble, presence_query, queries, queries_of};
pub use catalog::{Catalog, Unmodelled};
pub use comparison::{Alteration, Clause, Comparison, Follow, Nature};
pub use kind::{Definition, Kind, Naming, ObjectKind};
pub use object::Object;
pub use object_id::{ObjectId, ObjectName};
pub use online::{Online, Scene, Stage, Task};
pub use renaming::{Member, Renaming};
pub use row::{DecodeError, Fields, RowRead};
