//! `diff` of databases of 100, 1,000 and 5,000 tables: how the cost grows.

use std::fmt::Write as _;

use super::rows::Bench;
use super::table::shown;
use crate::Failure;
use crate::measure::Measured;

/// What was measured at one size.
pub(super) struct Size {
    tables: &'static str,
    pg_dump: Measured,
    equal: Measured,
    added: Measured,
    dropped: Measured,
}

/// Measures each size.
pub(super) async fn measure(bench: &Bench<'_>) -> Result<Vec<Size>, Failure> {
    let mut sizes = Vec::new();
    let inputs = bench.inputs;
    for (tables, models) in [
        ("100", &inputs.models_100),
        ("1,000", &inputs.models),
        ("5,000", &inputs.models_5000),
    ] {
        let one = bench.loaded(&models.join("models.sql")).await?;
        let other = bench.scratch.clone_of(&one).await?;
        let empty = bench.scratch.database().await?;
        let url =
            |database: &aludel_postgres::ScratchDatabase| database.url().to_connection_string();
        let diff = |from: &str, to: &str| {
            bench.measure(|| Ok(bench.aludel(models, None, &["diff", "--from", from, "--to", to])))
        };
        let (one_url, other_url, nothing) = (url(&one), url(&other), url(&empty));
        sizes.push(Size {
            tables,
            pg_dump: bench.measure(|| {
                let mut command = bench.programs.command("pg_dump");
                command.args(["-s", "-d", &one_url]);
                Ok(command)
            })?,
            equal: diff(&one_url, &other_url)?,
            added: diff(&nothing, &one_url)?,
            dropped: diff(&one_url, &nothing)?,
        });
        for database in [one, other, empty] {
            database.close().await;
        }
    }
    Ok(sizes)
}

/// The part of the page.
pub(super) fn section(sizes: &[Size]) -> String {
    let mut text = String::from(
        "\n## How `diff` grows\n\n\
         Two equal databases, all tables added, all dropped. Wanted: equal ≤ 1.0 × `pg_dump -s` of one, and a cost that grows\n\
         linearly. *Memory* is that of the equal ones and of the dropped.\n\n\
         | tables | `pg_dump -s` | equal | ratio | kept | added | dropped | memory |\n\
         |---:|---:|---:|---:|---|---:|---:|---:|\n",
    );
    for size in sizes {
        let ratio = size.equal.time.as_secs_f64() / size.pg_dump.time.as_secs_f64();
        let _ = writeln!(
            text,
            "| {} | {} | {} | {ratio:.2} × | {} | {} | {} | {} / {} MB |",
            size.tables,
            shown(size.pg_dump.time),
            shown(size.equal.time),
            if ratio <= 1.0 { "yes" } else { "no" },
            shown(size.added.time),
            shown(size.dropped.time),
            size.equal.peak_kib / 1024,
            size.dropped.peak_kib / 1024,
        );
    }
    text
}
