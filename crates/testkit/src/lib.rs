//! Development only: random schemas and edits of them, and the judge of `diff` and `plan`.
//!
//! The schemas are a model of their own ([`schema`], [`kinds`]) that shares no code with Aludel's catalog, and the judge asks
//! PostgreSQL: what is equal is decided by `pg_dump` and by queries that Aludel does not use.
//!
//! Reading order: [`schema`] (items and what they need), [`kinds`] (one file for kinds that belong together), [`generate`] and
//! [`edit`] (random schemas, random edits), [`renames`], [`rows`], [`judge`] (is the answer right?), [`shrink`] and [`soak`] (many pairs, and
//! what is left of one that is wrong).

pub mod cases;
pub mod draw;
pub mod edit;
pub mod expression;
pub mod generate;
pub mod judge;
pub mod kinds;
pub mod name;
pub mod renames;
pub mod rows;
pub mod schema;
pub mod shrink;
pub mod soak;
pub mod types;
