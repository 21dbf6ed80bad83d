//! Two catalogs to the changes between them.
//!
//! [`managed`] first completes the desired catalog with what no source speaks for, so that everything after it sees
//! two whole schemas; [`change`] then walks both and lists what differs. Catalogs only: this crate never sees SQL.

pub mod change;
mod column_order;
pub mod managed;
mod wording;

pub use change::{Action, Change, Changes, diff};
pub use managed::{Managed, SpokenFor, complete};
pub use wording::keep_wording;
