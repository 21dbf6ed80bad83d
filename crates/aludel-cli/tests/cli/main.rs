//! End-to-end tests: the program is run as a person runs it, in a project of its own.
//!
//! `support.rs` has the project folder and the server; then one module for each part of the work:
//! `files` (verbs that need no server), `models` and `models_say` (SQLAlchemy), `env_py` (what an Alembic environment
//! leaves out), `workflow` (models to an applied and reversible migration), `tenants` (one history in many schemas),
//! `database` (the local database), `asked` (what is left alone unless asked for), `secrets` (in no output), `scripts`
//! (`--sql`, run by psql), `order` (why statements stand where they stand),
//! `bad_input` (each error's text, and that nothing was changed).

#![expect(clippy::unwrap_used, reason = "tests fail loudly")]

mod adopted_models;
mod asked;
mod bad_input;
mod branches;
mod database;
mod enums;
mod env_py;
mod files;
mod merges;
mod models;
mod models_say;
mod order;
mod renames;
mod repairs;
mod scripts;
mod secrets;
mod squashes;
mod support;
mod tenants;
mod terminal;
mod typing;
mod workflow;
