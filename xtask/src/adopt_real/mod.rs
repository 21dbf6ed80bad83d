//! Adopts real applications from `PyPI` with the Alembic histories that they ship, and judges and times the result.
//!
//! `project` reads `adopt-real.toml` and knows a project's folder, `environment` installs, `server` is what both tools work on,
//! `walk` is what is done with a project, `judge` compares databases by `pg_dump` and `psql`, `check` asks both tools whether the
//! models agree and `verdict` judges their lines by the `entries` of dumps, `table` says what came of it,
//! `page` keeps what earlier runs said of other projects.
//! Environments and folders are below `$ALUDEL_REAL`, else `target/adopt-real`.

mod check;
mod entries;
mod environment;
mod judge;
mod page;
mod project;
mod server;
mod table;
mod untold;
mod verdict;
mod walk;

use std::path::{Path, PathBuf};

use crate::places::{places, release_build};
use crate::{Failure, say};

use environment::Environment;
use page::Page;
use project::{Project, Workplace};
use server::Server;
use table::{Only, Row};
use walk::Walk;

/// What `cargo xtask adopt-real` was asked for.
struct Options {
    only: Vec<String>,
    runs: usize,
    write: bool,
    /// What is asked; `check` alone takes folders that an earlier run has adopted.
    asked: Only,
    /// Another program than the release build: what is timed then says little.
    tool: Option<PathBuf>,
}

/// Adopts every project, or those that are named.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let options = parse(arguments)?;
    let (checkout, target) = places()?;
    let tool = match &options.tool {
        Some(tool) => tool.canonicalize()?,
        None => release_build(&target)?,
    };
    let base =
        std::env::var_os("ALUDEL_REAL").map_or_else(|| target.join("adopt-real"), PathBuf::from);
    fs_err::create_dir_all(&base)?;
    let base = base.canonicalize()?;
    let mut projects = project::read(&checkout.join("xtask/adopt-real.toml"))?;
    let known: Vec<String> = projects
        .iter()
        .map(|project| project.name.clone())
        .collect();
    if !options.only.is_empty() {
        projects.retain(|project| options.only.contains(&project.name));
    }
    if projects.is_empty() {
        return Err(format!("no project is called {}", options.only.join(", ")).into());
    }
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let cache = base.join("cache");
        let server = Server::start(&checkout, &cache).await?;
        let mut rows = Vec::new();
        for project in &projects {
            say(&format!("adopt-real: {}", project.name));
            let row = one(project, &base, &tool, &server, &options).await;
            if let Some(failure) = &row.failure {
                say(&format!("adopt-real: {}: {failure}", project.name));
            }
            rows.push(row);
        }
        let version = server.scratch.server_version_num();
        server.scratch.stop().await?;
        let page = table::page(&rows, version, options.runs, options.asked);
        print(&page.text());
        if options.write {
            keep(&checkout, page, &known)?;
        }
        let wrong: Vec<&str> = rows
            .iter()
            .filter(|row| !row.is_right(options.asked))
            .map(|row| row.name.as_str())
            .collect();
        if wrong.is_empty() {
            Ok(())
        } else {
            Err(format!("not as wanted: {}", wrong.join(", ")).into())
        }
    })
}

/// Writes the page, with what it said before of projects that were not run.
fn keep(checkout: &Path, page: Page, known: &[String]) -> Result<(), Failure> {
    let path = checkout.join("docs/reference/adopted-projects.md");
    let old = if path.exists() {
        Page::read(&fs_err::read_to_string(&path)?)
    } else {
        Page::default()
    };
    fs_err::write(path, page.with_rest_of(old, known).text())?;
    Ok(())
}

/// One project; whatever fails stays in its row.
async fn one(
    project: &Project,
    base: &Path,
    tool: &Path,
    server: &Server,
    options: &Options,
) -> Row {
    let mut row = Row {
        name: project.name.clone(),
        requirement: project.requirements.first().cloned().unwrap_or_default(),
        note: project.note.clone(),
        ..Row::default()
    };
    let made = Environment::install(project, &base.join("envs")).and_then(|environment| {
        let kept = base.join("work").join(&project.name);
        match options.asked {
            Only::Everything => Workplace::make(project, environment, kept, tool),
            Only::Check => Workplace::adopted(project, environment, kept, tool),
        }
    });
    let workplace = match made {
        Ok(workplace) => workplace,
        Err(failure) => {
            row.failure = Some(failure.to_string());
            return row;
        }
    };
    let walk = Walk {
        workplace: &workplace,
        server,
        runs: options.runs,
    };
    walk.go(&mut row, options.asked).await;
    row
}

fn parse(arguments: &[String]) -> Result<Options, Failure> {
    let mut options = Options {
        only: Vec::new(),
        runs: 5,
        write: false,
        asked: Only::Everything,
        tool: None,
    };
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--write" => options.write = true,
            "--check" => options.asked = Only::Check,
            "--tool" => options.tool = Some(arguments.next().ok_or("--tool wants a file")?.into()),
            "--runs" => options.runs = arguments.next().ok_or("--runs wants a number")?.parse()?,
            "--only" => options
                .only
                .push(arguments.next().ok_or("--only wants a name")?.clone()),
            other => return Err(format!("adopt-real does not know {other}").into()),
        }
    }
    Ok(options)
}

#[expect(clippy::print_stdout, reason = "the table is the data of this task")]
fn print(page: &str) {
    println!("{page}");
}
