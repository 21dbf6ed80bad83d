//! `docs/reference/cli.md` is made from the command line's own definition, and `docs/reference/configuration.md` shows only
//! settings that are accepted. `SNAPSHOTS=overwrite` writes the former.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use clap::{Arg, Command, CommandFactory as _};

use crate::cli::Cli;
use crate::config::file::ConfigFile;

const HEAD: &str = "\
# Commands

<!-- Made from the program by `cargo xtask generate`. -->

Data goes to stdout, talk to stderr. Exit codes: 0 done or clean; 1 the answer is no (drift, models ahead, a revision that
fails its proof, several heads); 2 could not answer; 130 interrupted.
";

#[test]
fn commands_are_as_the_reference_says() {
    let path = document("cli.md");
    let mut command = Cli::command();
    command.build();
    let mut page = HEAD.to_owned();
    page.push_str("\n## Options of every command\n");
    options(&command, &mut page, |_| true);
    for verb in command.get_subcommands() {
        section(verb, "aludel", 2, &mut page);
    }
    let written = fs_err::read_to_string(&path).unwrap_or_default();
    if written == page {
        return;
    }
    if std::env::var_os("SNAPSHOTS").is_some_and(|value| value == "overwrite") {
        fs_err::write(&path, page).unwrap();
        return;
    }
    let difference = similar::TextDiff::from_lines(&written, &page)
        .unified_diff()
        .header("written", "the program says")
        .to_string();
    panic!(
        "SNAPSHOTS=overwrite corrects {}:\n{difference}",
        path.display()
    );
}

#[test]
fn every_verb_has_examples() {
    fn look(command: &Command, name: &str) {
        let verbs: Vec<&Command> = command.get_subcommands().collect();
        let examples = command.get_after_help().map(ToString::to_string);
        assert!(
            !verbs.is_empty() || examples.is_some_and(|text| text.starts_with("Examples:\n  ")),
            "{name} has no examples"
        );
        for verb in verbs.into_iter().filter(|verb| verb.get_name() != "help") {
            look(verb, &format!("{name} {}", verb.get_name()));
        }
    }
    look(&Cli::command(), "aludel");
}

#[test]
fn the_settings_shown_are_accepted() {
    let text = fs_err::read_to_string(document("configuration.md")).unwrap();
    let blocks: Vec<&str> = text
        .split("```toml\n")
        .skip(1)
        .filter_map(|rest| rest.split("```").next())
        .collect();
    assert!(!blocks.is_empty());
    for block in blocks {
        if let Err(problem) = ConfigFile::parse(block, "configuration.md") {
            panic!("{problem:?}\n{block}");
        }
    }
}

fn document(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../docs/reference")
        .join(name)
}

/// A verb and the verbs below it.
fn section(command: &Command, above: &str, level: usize, page: &mut String) {
    if command.get_name() == "help" || command.is_hide_set() {
        return;
    }
    let name = format!("{above} {}", command.get_name());
    let _ = write!(page, "\n{} `{name}`\n\n", "#".repeat(level));
    let about = command.get_long_about().or(command.get_about());
    let _ = writeln!(
        page,
        "{}",
        about.map(ToString::to_string).unwrap_or_default()
    );
    options(command, page, |argument| {
        !argument.is_global_set() && !matches!(argument.get_id().as_str(), "help" | "version")
    });
    if let Some(examples) = command.get_after_help() {
        let _ = write!(page, "\n```text\n{examples}\n```\n");
    }
    for verb in command.get_subcommands() {
        section(verb, &name, level + 1, page);
    }
}

/// A table of arguments and options.
fn options(command: &Command, page: &mut String, wanted: impl Fn(&Arg) -> bool) {
    let mut rows = String::new();
    for argument in command.get_arguments() {
        if argument.is_hide_set() || !wanted(argument) {
            continue;
        }
        let help = argument
            .get_help()
            .map(ToString::to_string)
            .unwrap_or_default();
        let _ = writeln!(
            rows,
            "| `{}` | {}{} |",
            spelled(argument),
            help.replace('|', "\\|"),
            extras(argument)
        );
    }
    if !rows.is_empty() {
        let _ = write!(page, "\n| argument | meaning |\n|---|---|\n{rows}");
    }
}

/// `-m, --message <TEXT>`.
fn spelled(argument: &Arg) -> String {
    let takes_value = argument.get_action().takes_values();
    let value: String = argument
        .get_value_names()
        .unwrap_or_default()
        .iter()
        .map(|name| format!("<{name}>"))
        .collect::<Vec<_>>()
        .join(" ");
    let short = argument.get_short().map(|short| format!("-{short}"));
    let long = argument.get_long().map(|long| format!("--{long}"));
    let flags: Vec<String> = short.into_iter().chain(long).collect();
    match (flags.is_empty(), takes_value) {
        (true, _) if argument.is_required_set() => value,
        (true, _) => format!("[{}]", value.trim_matches(['<', '>'])),
        (false, true) => format!("{} {value}", flags.join(", ")),
        (false, false) => flags.join(", "),
    }
}

/// Possible values, the default, the variable.
fn extras(argument: &Arg) -> String {
    let mut text = String::new();
    if !argument.get_action().takes_values() {
        return text;
    }
    let values: Vec<String> = argument
        .get_possible_values()
        .iter()
        .map(|value| format!("`{}`", value.get_name()))
        .collect();
    if !values.is_empty() {
        let _ = write!(text, "; one of {}", values.join(", "));
    }
    let defaults: Vec<String> = argument
        .get_default_values()
        .iter()
        .map(|value| format!("`{}`", value.to_string_lossy()))
        .collect();
    if !defaults.is_empty() {
        let _ = write!(text, "; default {}", defaults.join(", "));
    }
    if let Some(variable) = argument.get_env() {
        let _ = write!(text, "; variable `{}`", variable.to_string_lossy());
    }
    text
}
