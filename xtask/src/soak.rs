//! `cargo xtask soak`: random pairs of schemas by hand, more than the tests have time for.

use std::error::Error;
use std::path::Path;
use std::time::Duration;

use testkit::judge::client::client_programs;
use testkit::soak::{Options, failures_folder, run as soak};

use crate::say;

/// Runs pairs until there are enough or time is up.
pub(crate) fn run(arguments: &[String]) -> Result<(), Box<dyn Error>> {
    let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut options = Options {
        pairs: 1000,
        seed: 1,
        major: None,
        time: None,
        workers: 1,
        dump_every: 5,
        tries: 120,
        wide: true,
        client: None,
        failures: failures_folder(&checkout.canonicalize()?),
    };
    for pair in arguments.chunks(2) {
        let [name, value] = pair else {
            return Err(format!("{} needs a value", pair[0]).into());
        };
        let number: u64 = value
            .parse()
            .map_err(|_| format!("{name} takes a number, not {value}"))?;
        match name.as_str() {
            "--pairs" => options.pairs = number,
            "--seed" => options.seed = number,
            "--major" => options.major = Some(u32::try_from(number)?),
            "--seconds" => {
                options.time = Some(Duration::from_secs(number));
                options.pairs = u64::MAX - options.seed;
            }
            "--workers" => options.workers = number,
            "--tries" => options.tries = usize::try_from(number)?,
            "--dump-every" => options.dump_every = number,
            _ => return Err(format!("no such option: {name}").into()),
        }
    }
    options.client = client_programs(&checkout, options.major.unwrap_or(0));
    let report = soak(&options, &say).map_err(|error| error.to_string())?;
    say(&format!(
        "{} pairs both ways from seed {}, {} directions by pg_dump too; {} items, {} refused by the server; {} rows, in {} directions they did not fit; {} renames; {} wrong",
        report.pairs,
        options.seed,
        report.dumped,
        report.items,
        report.refused,
        report.rows,
        report.rows_refused,
        report.renames,
        report.failures.len()
    ));
    if report.failures.is_empty() {
        Ok(())
    } else {
        Err(format!(
            "{} directions are wrong, see {}",
            report.failures.len(),
            options.failures.display()
        )
        .into())
    }
}
