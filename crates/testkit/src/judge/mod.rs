//! Whether an answer is right, decided by PostgreSQL.

pub mod case;
pub mod client;
pub mod dump;
pub mod pair;
pub mod programs;
pub mod reload;
pub mod rows;
pub mod side;
