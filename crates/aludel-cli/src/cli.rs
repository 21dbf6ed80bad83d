//! What can be typed: the options every verb takes, and the verbs.

use std::ffi::OsString;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::error::{ContextKind, ContextValue};
use clap::{Args, Parser, ValueEnum};

use crate::commands::Command;
use crate::completion;
use crate::context::Context;
use crate::ui::printer::Printer;

/// PostgreSQL migrations from models to an applied and reversible change
///
/// Models are turned into SQL, migrations are SQL, and PostgreSQL itself says what either means.
#[derive(Parser, Debug)]
#[command(
    name = "aludel",
    version,
    propagate_version = true,
    max_term_width = 100
)]
#[command(
    after_help = "Exit codes: 0 done or clean, 1 the answer is no, 2 could not answer, 130 interrupted"
)]
pub(crate) struct Cli {
    #[command(flatten)]
    pub(crate) global: GlobalArgs,
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The options every verb takes, before or after its name.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Options of every command")]
pub(crate) struct GlobalArgs {
    /// Read this file instead of the aludel.toml found upwards from here
    #[arg(short, long, global = true, value_name = "FILE", env = "ALUDEL_CONFIG")]
    pub(crate) config: Option<PathBuf>,
    /// Use the history and database of [databases.NAME]
    #[arg(short, long, global = true, value_name = "NAME", add = completion::databases())]
    pub(crate) name: Option<String>,
    /// Use this schema, with a version table of its own, for what names none (can be repeated)
    #[arg(long, global = true, value_name = "SCHEMA")]
    pub(crate) schema: Vec<String>,
    /// Use this database (wins over `DATABASE_URL`, .env and aludel.toml)
    #[arg(long, global = true, value_name = "URL")]
    pub(crate) database_url: Option<String>,
    /// Ask Python for the models again, and PostgreSQL about what it refused, whatever is kept of an earlier answer
    #[arg(long, global = true)]
    pub(crate) no_cache: bool,
    /// Say nothing but errors and warnings; data still goes to stdout
    #[arg(short, long, global = true)]
    pub(crate) quiet: bool,
    /// Say more; the long form of heads, history and current
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub(crate) verbose: u8,
    /// Print for people or for programs
    #[arg(long, global = true, value_enum, default_value_t = Format::Human)]
    pub(crate) format: Format,
    /// Colour the output
    #[arg(long, global = true, value_enum, value_name = "WHEN", default_value_t = Color::Auto)]
    pub(crate) color: Color,
    /// What an env.py gets from `get_x_argument`, where it is asked for models or run; revisions here are SQL and read no arguments (can be repeated)
    #[arg(short = 'x', global = true, value_name = "KEY=VALUE")]
    pub(crate) extra: Vec<String>,
    /// Accepted because Alembic takes it; errors always say all there is to say
    #[arg(long, global = true, hide = true)]
    pub(crate) raiseerr: bool,
}

impl Cli {
    /// The options of every command among words that are no complete command yet.
    pub(crate) fn global_of(words: impl IntoIterator<Item = OsString>) -> GlobalArgs {
        let words: Vec<OsString> = words.into_iter().collect();
        let after = |names: [&str; 2]| {
            let place = words
                .iter()
                .position(|word| names.iter().any(|name| word == name))?;
            words.get(place + 1).cloned()
        };
        GlobalArgs {
            config: after(["-c", "--config"]).map(PathBuf::from),
            name: after(["-n", "--name"]).and_then(|name| name.into_string().ok()),
            schema: Vec::new(),
            database_url: None,
            no_cache: false,
            quiet: true,
            verbose: 0,
            format: Format::Human,
            color: Color::Never,
            extra: Vec::new(),
            raiseerr: false,
        }
    }
}

/// Whom the output is for.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// Lines for people
    Human,
    /// One JSON document on stdout
    Json,
}

/// When to colour.
#[derive(ValueEnum, Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Color {
    /// On a terminal, unless `NO_COLOR` is set
    Auto,
    /// Always
    Always,
    /// Never
    Never,
}

/// Parses the arguments, runs the verb, shows what went wrong and gives the exit code.
pub(crate) fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    if completion::answered(&arguments) {
        return ExitCode::SUCCESS;
    }
    let cli = match Cli::try_parse_from(as_alembic_reads(arguments)) {
        Ok(cli) => cli,
        Err(mut error) => {
            keep_nearest(&mut error);
            // Help and version are asked for (stdout, 0); the rest is usage (stderr, 2). A closed pipe is no error.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(2));
        }
    };
    let mut printer = Printer::new(&cli.global);
    let context = Context::new(cli.global);
    let result = cli.command.run(&context, &mut printer).and_then(|status| {
        printer.finish()?;
        Ok(status)
    });
    match result {
        Ok(status) => status.into(),
        Err(problem) => printer.problem(&problem).into(),
    }
}

/// Of several verbs that look like the one typed, only the likest is worth naming; clap has it last.
fn keep_nearest(error: &mut clap::Error) {
    let kind = ContextKind::SuggestedSubcommand;
    if let Some(ContextValue::Strings(verbs)) = error.get(kind)
        && let Some(nearest) = verbs.last().cloned()
    {
        error.insert(kind, ContextValue::Strings(vec![nearest]));
    }
}

/// Behind the verb `current`, a `-c` with nothing after it is Alembic's `--check-heads`.
fn as_alembic_reads(arguments: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = arguments.into_iter().collect();
    let is_flag = |text: &OsString| text.as_encoded_bytes().starts_with(b"-");
    if let Some(verb) = arguments.iter().position(|one| one == "current") {
        for place in verb + 1..arguments.len() {
            let is_bare = arguments.get(place + 1).is_none_or(is_flag);
            if arguments[place] == "-c" && is_bare {
                arguments[place] = "--check-heads".into();
            }
        }
    }
    arguments
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn arguments_are_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn current_takes_alembics_short_flag() {
        let read =
            |words: &[&str]| as_alembic_reads(words.iter().map(OsString::from)).join(" ".as_ref());
        assert_eq!(
            read(&["aludel", "current", "-c"]),
            "aludel current --check-heads"
        );
        assert_eq!(
            read(&["aludel", "current", "-c", "a.toml"]),
            "aludel current -c a.toml"
        );
        assert_eq!(
            read(&["aludel", "-c", "a.toml", "current"]),
            "aludel -c a.toml current"
        );
    }

    #[test]
    fn relative_targets_are_not_flags() {
        let parsed = Cli::try_parse_from(["aludel", "downgrade", "-1"]);
        assert!(parsed.is_ok(), "{parsed:?}");
    }
}
