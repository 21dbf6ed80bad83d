//! The binary `aludel`: PostgreSQL migrations from models to an applied and reversible change.
//!
//! Reading order: `cli.rs` (what can be typed), `commands/` (a file per verb, each a short walk along
//! the route), `config.rs` (the settings and where each came from), `ui/` (what a person reads).

mod adopted_settings;
mod adopting;
mod answers;
mod autogenerate;
mod catalogs;
mod caution;
mod cli;
mod commands;
mod comparison;
mod completion;
mod config;
mod context;
mod database;
mod drawing;
mod drift;
mod dump_folder;
mod enum_values;
mod env_filters;
mod git;
mod head_file;
mod init;
mod listing;
mod new_file;
mod online;
mod plan_text;
mod readopting;
#[cfg(test)]
mod reference;
mod renames;
mod running;
mod runtime;
mod scratch;
mod sides;
mod spec;
mod spent;
mod squashed;
mod standing;
mod strict;
mod suggestions;
mod tenants;
mod ui;
mod unnamed;
mod warnings;

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::run(std::env::args_os())
}
