//! SQL text: statements with positions, what each is, what it loses, which roles and extensions it names.
//!
//! Nothing here talks to a server and nothing here decides what SQL means: a script is cut into
//! statements exactly as `psql` would cut it, and each statement is classified only as far as the
//! gates of a migration tool need it. Reading order: [`token`] (the lexer), [`split`], [`directive`],
//! then [`alone`], [`loss`], [`effect`], [`lock`] and [`needs`], which classify.

pub mod alone;
pub mod annotation;
mod cursor;
pub mod directive;
pub mod effect;
pub mod hazard;
pub mod lock;
pub mod loss;
pub mod mentions;
pub mod name;
pub mod needs;
pub mod secrets;
pub mod shared;
pub mod split;
pub mod statement;
pub mod token;

pub use alone::{Alone, index_on, is_transaction_control, runs_alone};
pub use annotation::{Annotation, Named, annotations};
pub use directive::{Directive, directives};
pub use effect::{Effect, effect};
pub use hazard::{Hazard, UnknownHazard};
pub use lock::{LockMode, lock, works_long};
pub use loss::{Loss, TypeChange, losses, replaced_values, type_changes};
pub use mentions::{Mention, Mentions, Place, mentions};
pub use name::object_matches;
pub use needs::{Needs, needs};
pub use secrets::covered;
pub use shared::{Shared, shared};
pub use split::{Piece, SpannedStatement, SplitError, SplitFault, pieces, split, split_ranges};
pub use statement::{Origin, Statement};
