//! `aludel models`: what the models say, as SQL, and where each statement came from.

use aludel_source::sqlalchemy::environment::AlembicEnvironment;
use aludel_source::{Loaded, ModelTable, SpeaksFor};
use aludel_sql::Statement;
use clap::Args;
use serde::Serialize;

use crate::catalogs::Catalogs;
use crate::context::Context;
use crate::runtime::block_on;
use crate::ui::exit::ExitStatus;
use crate::ui::json::FORMAT;
use crate::ui::printer::Printer;
use crate::ui::problem::Problem;
use crate::ui::theme::Role;
use crate::warnings;

/// Print the SQL that the models are turned into, and where each table is defined
///
/// The SQL is what the sources say, before any server has read it. Nothing connects; of Python models the answer is
/// kept until a file, a package or a variable that it was made of changes (--no-cache asks Python again).
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  aludel models\n  aludel models --tables\n  aludel models --no-cache --format json"
)]
pub(crate) struct ModelsArgs {
    /// List the tables of Python models and where each is defined, instead of the SQL
    #[arg(long)]
    tables: bool,
}

#[derive(Serialize)]
struct ModelsJson<'a> {
    format: u32,
    statements: Vec<StatementJson<'a>>,
    tables: Vec<TableJson<'a>>,
    /// The kinds that the models speak for; absent when that is every kind.
    #[serde(skip_serializing_if = "Option::is_none")]
    speaks_for: Option<Vec<&'a str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    environment: Option<&'a AlembicEnvironment>,
}

#[derive(Serialize)]
struct StatementJson<'a> {
    sql: &'a str,
    file: Option<&'a str>,
    line: u32,
}

#[derive(Serialize)]
struct TableJson<'a> {
    schema: Option<&'a str>,
    name: &'a str,
    file: Option<&'a str>,
    line: Option<u32>,
}

pub(crate) fn run(
    args: &ModelsArgs,
    context: &Context,
    printer: &mut Printer,
) -> Result<ExitStatus, Problem> {
    let catalogs = Catalogs::new(context.project()?, None)?;
    let loaded = block_on(async { catalogs.loaded().await })?;
    warnings::of_source(&loaded.warnings, printer);
    if printer.is_json() {
        printer.json(&ModelsJson::new(&loaded))?;
    } else if args.tables {
        print_tables(&loaded, printer)?;
    } else {
        for statement in &loaded.statements {
            print_statement(statement, printer)?;
        }
    }
    Ok(ExitStatus::Done)
}

fn print_statement(statement: &Statement, printer: &mut Printer) -> Result<(), Problem> {
    if statement.origin.file.is_some() {
        let place = format!("-- {}", statement.origin);
        let place = printer.theme().paint(Role::Dim, &place);
        printer.line(&place)?;
    }
    let text: Vec<&str> = statement.text.lines().map(str::trim_end).collect();
    printer.line(&format!("{};\n", text.join("\n")))
}

fn print_tables(loaded: &Loaded, printer: &mut Printer) -> Result<(), Problem> {
    let name = |table: &ModelTable| match &table.schema {
        Some(schema) => format!("{schema}.{}", table.name),
        None => table.name.clone(),
    };
    let width = loaded.tables.iter().map(|table| name(table).len()).max();
    for table in &loaded.tables {
        let place = match (&table.file, table.line) {
            (Some(file), Some(line)) => format!("{file}:{line}"),
            (file, _) => file.clone().unwrap_or_default(),
        };
        let text = format!(
            "{:<width$}  {place}",
            name(table),
            width = width.unwrap_or(0)
        );
        printer.line(text.trim_end())?;
    }
    Ok(())
}

impl<'a> ModelsJson<'a> {
    fn new(loaded: &'a Loaded) -> Self {
        let statement = |statement: &'a Statement| StatementJson {
            sql: &statement.text,
            file: statement.origin.file.as_deref(),
            line: statement.origin.line,
        };
        let table = |table: &'a ModelTable| TableJson {
            schema: table.schema.as_deref(),
            name: &table.name,
            file: table.file.as_deref(),
            line: table.line,
        };
        Self {
            format: FORMAT,
            statements: loaded.statements.iter().map(statement).collect(),
            tables: loaded.tables.iter().map(table).collect(),
            speaks_for: match &loaded.speaks_for {
                SpeaksFor::Everything => None,
                SpeaksFor::Kinds(kinds) => Some(kinds.iter().map(String::as_str).collect()),
            },
            environment: loaded.environment.as_ref(),
        }
    }
}
