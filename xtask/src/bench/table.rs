//! The page that is printed and kept: a table with ratios.

use std::fmt::Write as _;
use std::time::Duration;

use crate::measure::Measured;

/// What Aludel is wanted to keep within.
#[derive(Clone, Copy)]
pub(super) enum Wanted {
    /// So long.
    Within(Duration),
    /// So long beyond the yardstick.
    Beyond(Duration),
    /// So many times the yardstick.
    Times(f64),
}

/// One work.
pub(super) struct Row {
    pub(super) work: String,
    pub(super) alembic: Measured,
    pub(super) aludel: Measured,
    /// Another program on the same work, or on a part of it.
    pub(super) yardstick: Option<(&'static str, Measured)>,
    pub(super) wanted: Wanted,
}

impl Row {
    fn limit(&self) -> Duration {
        let yardstick = self
            .yardstick
            .as_ref()
            .map_or(Duration::ZERO, |(_, measured)| measured.time);
        match self.wanted {
            Wanted::Within(limit) => limit,
            Wanted::Beyond(more) => yardstick + more,
            Wanted::Times(factor) => yardstick.mul_f64(factor),
        }
    }

    fn wanted(&self) -> String {
        let name = self.yardstick.as_ref().map_or("", |(name, _)| name);
        match self.wanted {
            Wanted::Within(limit) => format!("≤ {}", shown(limit)),
            Wanted::Beyond(more) => format!("≤ {} + {name}", shown(more)),
            Wanted::Times(factor) => format!("≤ {factor:.1} × {name}"),
        }
    }
}

/// The page.
pub(super) fn page(rows: &[Row], version: u32, runs: usize) -> String {
    let mut page = format!(
        "# Benchmarks\n\n\
         Made by `cargo xtask bench --write`: Aludel and Alembic 1.20.1 on the same work, one after the other on the same\n\
         PostgreSQL {}.{}; medians of {runs} runs after one that warms up; two cores. Alembic's environment and revisions are\n\
         byte-compiled. *Memory* is the peak of the process itself; what is wanted of it is 150 MB.\n\n\
         | work | Alembic | Aludel | ratio | wanted | measured beside it | kept | memory |\n\
         |---|---:|---:|---:|---|---:|---|---:|\n",
        version / 10_000,
        version % 10_000,
    );
    for row in rows {
        let ratio = row.alembic.time.as_secs_f64() / row.aludel.time.as_secs_f64();
        let beside = row
            .yardstick
            .as_ref()
            .map_or_else(String::new, |(_, measured)| shown(measured.time));
        let kept = if row.aludel.time <= row.limit() {
            "yes"
        } else {
            "no"
        };
        let _ = writeln!(
            page,
            "| {} | {} | {} | {ratio:.0} × | {} | {beside} | {kept} | {} MB |",
            row.work,
            shown(row.alembic.time),
            shown(row.aludel.time),
            row.wanted(),
            row.aludel.peak_kib / 1024,
        );
    }
    page
}

pub(super) fn shown(time: Duration) -> String {
    if time < Duration::from_secs(1) {
        format!("{} ms", time.as_millis())
    } else {
        format!("{:.2} s", time.as_secs_f64())
    }
}
