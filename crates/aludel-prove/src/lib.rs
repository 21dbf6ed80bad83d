//! Evidence from scratch: a history goes up, down and up again and reaches the models.
//!
//! Nothing is claimed here that was not observed on a server: each verdict names what was seen. Reading
//! order: [`stairway`] (one revision after the other), [`merge`] (branches in every order), [`squash`] (one revision in the
//! place of many), `world` (a database with rows, and its copies), `apply` (how a section is run), [`difference`] (what two
//! catalogs differ in, in words).

mod apply;
pub mod difference;
mod error;
mod evidence;
mod junit;
pub mod merge;
pub mod squash;
pub mod stairway;
mod world;

pub use apply::{ApplyError, apply};
pub use difference::{Left, differences, left_behind};
pub use error::TrialError;
pub use junit::junit;
pub use stairway::{Finding, Stage, StairOptions, Verdict, Walked, walk};
pub use world::{Filled, rows};
