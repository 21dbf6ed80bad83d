//! Times Aludel beside Alembic, `psql` and `pg_dump` on the same work, and prints the ratios.
//!
//! `inputs` makes the histories and models, `rows` are the works, `sizes` shows how `diff` grows,
//! `table` is what is printed.
//! Medians of at least five runs after one that warms up; a machine with a load above 3 is waited for.

mod inputs;
mod rows;
mod sizes;
mod table;

use std::path::{Path, PathBuf};
use std::time::Duration;

use aludel_postgres::{EngineChoice, Scratch, ScratchOptions};

use crate::places::{places, release_build};
use crate::{Failure, say};

/// What `cargo xtask bench` was asked for.
struct Options {
    runs: usize,
    only: Option<String>,
    write: bool,
}

/// Runs the benchmark.
pub(crate) fn run(arguments: &[String]) -> Result<(), Failure> {
    let options = parse(arguments)?;
    let (checkout, target) = places()?;
    let tool = release_build(&target)?;
    let inputs = inputs::make(&checkout, &target.join("bench"), &tool)?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let plan = Scratch::plan(&ScratchOptions {
            engine: EngineChoice::Native,
            cache_dir: Some(inputs.cache.clone()),
            ..ScratchOptions::default()
        })
        .await?;
        let programs = plan
            .programs()
            .ok_or("no server programs were found")?
            .clone();
        let scratch = plan.start().await?;
        let bench = rows::Bench {
            scratch: &scratch,
            programs: &programs,
            inputs: &inputs,
            runs: options.runs,
        };
        let result = bench.all(options.only.as_deref()).await;
        let sized = options
            .only
            .as_deref()
            .is_none_or(|text| "sizes".contains(text));
        let sizes = if sized {
            Some(sizes::measure(&bench).await)
        } else {
            None
        };
        let version = scratch.server_version_num();
        scratch.stop().await?;
        let mut page = table::page(&result?, version, options.runs);
        if let Some(sizes) = sizes {
            page.push_str(&sizes::section(&sizes?));
        }
        print(&page);
        if options.write {
            fs_err::write(checkout.join("docs/reference/benchmarks.md"), page)?;
        }
        Ok(())
    })
}

fn parse(arguments: &[String]) -> Result<Options, Failure> {
    let mut options = Options {
        runs: 5,
        only: None,
        write: false,
    };
    let mut arguments = arguments.iter();
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--write" => options.write = true,
            "--runs" => options.runs = arguments.next().ok_or("--runs wants a number")?.parse()?,
            "--only" => options.only = Some(arguments.next().ok_or("--only wants a text")?.clone()),
            other => return Err(format!("bench does not know {other}").into()),
        }
    }
    Ok(options)
}

/// Waits until the load is below 3, two minutes at most; says so when it is not.
fn wait_for_quiet() -> Result<(), Failure> {
    for _ in 0..24 {
        let load: f64 = fs_err::read_to_string("/proc/loadavg")?
            .split(' ')
            .next()
            .unwrap_or_default()
            .parse()?;
        if load < 3.0 {
            return Ok(());
        }
        say(&format!(
            "bench: waiting for a quiet machine, the load is {load}"
        ));
        std::thread::sleep(Duration::from_secs(5));
    }
    say("bench: the machine is not quiet; the numbers are too large");
    Ok(())
}

#[expect(clippy::print_stdout, reason = "the table is the data of this task")]
fn print(page: &str) {
    println!("{page}");
}

/// The folder of the generators, which lie beside the checkout.
fn generators(checkout: &Path) -> Result<PathBuf, Failure> {
    let folder = std::env::var_os("BENCH_GENERATORS")
        .map_or_else(|| checkout.join("../shared/bench"), PathBuf::from);
    if folder.join("gen_history.py").is_file() {
        return Ok(folder);
    }
    Err(format!(
        "no gen_history.py in {}: name its folder in BENCH_GENERATORS",
        folder.display()
    )
    .into())
}
