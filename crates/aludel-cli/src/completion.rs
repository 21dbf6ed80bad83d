//! What the shell offers when Tab is pressed: revisions with their messages, labels, names of databases.
//!
//! The shell asks the program itself (`COMPLETE=bash aludel -- …`, see `aludel completion --help`), so that what
//! is offered is what the project's files say now. Nothing here may fail: a project that cannot be read offers
//! nothing.

use std::ffi::{OsStr, OsString};

use aludel_revision::{History, Revision};
use clap::CommandFactory as _;
use clap_complete::engine::{ArgValueCandidates, ArgValueCompleter, CompletionCandidate};
use clap_complete::env::CompleteEnv;

use crate::cli::Cli;
use crate::config::file::ConfigFile;
use crate::context::Context;

/// Answers the shell if it is the shell that asks.
pub(crate) fn answered(arguments: &[OsString]) -> bool {
    let current_dir = std::env::current_dir().ok();
    CompleteEnv::with_factory(Cli::command)
        .try_complete(arguments.iter().cloned(), current_dir.as_deref())
        .unwrap_or(true)
}

/// Completes targets such as `ae10`, `shop@head` and the end of `ae10:head`.
pub(crate) fn targets() -> ArgValueCompleter {
    ArgValueCompleter::new(|typed: &OsStr| complete(typed, &["head", "heads", "base"]))
}

/// Completes revisions, for verbs that look at one.
pub(crate) fn revisions() -> ArgValueCompleter {
    ArgValueCompleter::new(|typed: &OsStr| complete(typed, &["head", "heads", "current"]))
}

/// Offers the sections `[databases.NAME]`.
pub(crate) fn databases() -> ArgValueCandidates {
    ArgValueCandidates::new(|| {
        let read = || {
            let mut global = Cli::global_of(std::env::args_os());
            // The name is what is being typed.
            global.name = None;
            let context = Context::new(global);
            let path = context.project().ok()?.config_path.clone()?;
            ConfigFile::read(&path, "").ok()
        };
        let names = read().map(|file| file.databases).unwrap_or_default();
        names.into_keys().map(CompletionCandidate::new).collect()
    })
}

fn complete(typed: &OsStr, symbols: &[&str]) -> Vec<CompletionCandidate> {
    let Some(typed) = typed.to_str() else {
        return Vec::new();
    };
    let context = Context::new(Cli::global_of(std::env::args_os()));
    let Ok(history) = context.headers() else {
        return Vec::new();
    };
    // Before `:` and `@` something is said already; what follows is completed.
    let cut = typed.rfind([':', '@']).map_or(0, |at| at + 1);
    let (said, begun) = typed.split_at(cut);
    let mut offered = Vec::new();
    for revision in history.iter_topological().rev() {
        offer(&history, revision, begun, &mut offered);
    }
    let symbols = symbols.iter().filter(|symbol| symbol.starts_with(begun));
    let symbols = symbols.map(|symbol| ((*symbol).to_owned(), meaning(symbol).to_owned()));
    offered
        .into_iter()
        .chain(symbols)
        .enumerate()
        .map(|(place, (value, help))| {
            CompletionCandidate::new(format!("{said}{value}"))
                .help(Some(help.into()))
                .display_order(Some(place))
        })
        .collect()
}

fn offer(history: &History, revision: &Revision, begun: &str, offered: &mut Vec<(String, String)>) {
    let header = &revision.header;
    let message = header.message.lines().next().unwrap_or_default();
    let is_head = history.children(revision.id()).is_empty();
    let mark = if is_head { " (head)" } else { "" };
    if header.revision.as_str().starts_with(begun) {
        offered.push((header.revision.to_string(), format!("{message}{mark}")));
    }
    for label in header
        .labels
        .iter()
        .filter(|label| label.starts_with(begun))
    {
        offered.push((label.clone(), format!("label of {}", header.revision)));
    }
}

fn meaning(symbol: &str) -> &'static str {
    match symbol {
        "head" => "the one head",
        "heads" => "every head",
        "base" => "nothing applied",
        _ => "where the database is",
    }
}
