//! Renames: from what somebody said to the statements, never from a guess.
//!
//! What follows from a rename (views, policies, defaults that name the column) is not worked out here: the statements are
//! run on scratch, and the catalog is read again. Reading order: [`Intent`] is what somebody said, [`resolve`] finds out
//! which of it applies, [`steps`] writes it, [`following`] finds the names that PostgreSQL made from the old ones.

mod carried;
mod following;
mod intent;
mod resolve;
mod subject;
mod write;

pub use following::following;
pub use intent::{Intent, Name};
pub use resolve::{Idle, Resolution, resolve};
pub use subject::{Rename, Subject, reversed};
pub use write::steps;
