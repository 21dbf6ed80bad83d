//! Many random pairs of schemas, each judged in both directions.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use aludel_postgres::{EngineChoice, Programs, Scratch, ScratchOptions};

use crate::draw::Draw;
use crate::judge::pair::{Before, Fault, Verdict, judge};
use crate::judge::rows::changed_composites;
use crate::judge::side::{AnyError, Server, Side};
use crate::renames::{Names, intents};
use crate::schema::Schema;
use crate::{edit, generate, rows, shrink};

/// What to run.
#[derive(Clone, Debug)]
pub struct Options {
    /// How many pairs.
    pub pairs: u64,
    /// The seed of the first; the others follow.
    pub seed: u64,
    /// The server's major version; the machine's own otherwise.
    pub major: Option<u32>,
    /// Begin no pair after this time.
    pub time: Option<Duration>,
    /// How many servers at once.
    pub workers: u64,
    /// One pair in so many is judged by `pg_dump` too.
    pub dump_every: u64,
    /// `psql` and `pg_dump` of a version that reads the server.
    pub client: Option<Programs>,
    /// How many smaller pairs are tried for each that fails.
    pub tries: usize,
    /// Whether everything is drawn, also what does not hold for every pair yet: renames, sub-partitions, operators, casts,
    /// text search.
    pub wide: bool,
    /// Where failing pairs are written, made small.
    pub failures: PathBuf,
}

/// Two schemas and rows for both.
#[derive(Clone, Debug)]
pub struct Pair {
    /// Before the edits.
    pub old: Schema,
    /// After them.
    pub new: Schema,
    /// Rows for the old one.
    pub old_rows: Vec<String>,
    /// Rows for the new one.
    pub new_rows: Vec<String>,
}

impl Pair {
    /// The pair of a seed.
    pub fn draw(seed: u64, major: u32, wide: bool) -> Self {
        let mut draw = Draw::new(seed);
        let size = draw.between(2, 12);
        let old = generate::schema(&mut draw, major, size, wide);
        let edits = draw.between(1, 7);
        let new = edit::edited(&mut draw, &old, edits);
        let old_rows = rows::inserts(&mut draw, &old);
        let new_rows = rows::inserts(&mut draw, &new);
        Self {
            old,
            new,
            old_rows,
            new_rows,
        }
    }

    /// The pair the other way round.
    #[must_use]
    pub fn turned(self) -> Self {
        Self {
            old: self.new,
            new: self.old,
            old_rows: self.new_rows,
            new_rows: self.old_rows,
        }
    }
}

/// A pair that is wrong.
#[derive(Clone, Debug)]
pub struct Failure {
    /// Its seed.
    pub seed: u64,
    /// The major version.
    pub major: u32,
    /// What kind of wrong.
    pub fault: Fault,
    /// Where it was written.
    pub folder: PathBuf,
    /// Why it is wrong.
    pub why: String,
}

/// What was seen.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Pairs judged, each in both directions.
    pub pairs: u64,
    /// Directions judged by `pg_dump` too.
    pub dumped: u64,
    /// Items that were loaded.
    pub items: u64,
    /// Items that the server refused.
    pub refused: u64,
    /// Rows in the tables.
    pub rows: u64,
    /// Directions in which the rows did not fit into the wanted schema, judged without rows.
    pub rows_refused: u64,
    /// Renames that were stated.
    pub renames: u64,
    /// What was wrong.
    pub failures: Vec<Failure>,
}

impl Report {
    fn add(&mut self, other: Self) {
        let Self {
            pairs,
            dumped,
            items,
            refused,
            rows,
            rows_refused,
            renames,
            failures,
        } = other;
        self.pairs += pairs;
        self.dumped += dumped;
        self.items += items;
        self.refused += refused;
        self.rows += rows;
        self.rows_refused += rows_refused;
        self.renames += renames;
        self.failures.extend(failures);
    }
}

/// Runs the pairs, `workers` at a time, each worker with a server of its own.
pub fn run(options: &Options, say: &(dyn Fn(&str) + Sync)) -> Result<Report, AnyError> {
    let next = AtomicU64::new(0);
    let begun = Instant::now();
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..options.workers.max(1))
            .map(|_| {
                let next = &next;
                scope.spawn(move || -> Result<Report, AnyError> {
                    let runtime = tokio::runtime::Builder::new_current_thread()
                        .enable_all()
                        .build()?;
                    runtime.block_on(work(options, next, begun, say))
                })
            })
            .collect();
        let mut report = Report::default();
        for worker in workers {
            report.add(worker.join().map_err(|_| "a worker panicked")??);
        }
        report.failures.sort_by_key(|failure| failure.seed);
        Ok(report)
    })
}

async fn work(
    options: &Options,
    next: &AtomicU64,
    begun: Instant,
    say: &(dyn Fn(&str) + Sync),
) -> Result<Report, AnyError> {
    let scratch = ScratchOptions {
        engine: EngineChoice::Native,
        major: options.major,
        ..ScratchOptions::default()
    };
    let server = Server::new(Scratch::start(&scratch).await?, options.client.clone()).await?;
    let mut report = Report::default();
    loop {
        let place = next.fetch_add(1, Ordering::Relaxed);
        if place >= options.pairs || options.time.is_some_and(|time| begun.elapsed() > time) {
            break;
        }
        let seed = options.seed + place;
        let dumps = place.is_multiple_of(options.dump_every.max(1));
        let pair = Pair::draw(seed, server.major, options.wide);
        let faults = both(&server, &pair, dumps, &mut report).await?;
        for (way, fault, why) in faults {
            let pair = if way == 0 {
                pair.clone()
            } else {
                pair.clone().turned()
            };
            let small = shrink::shrink(&server, pair, fault, &why, options.tries).await?;
            let folder = options
                .failures
                .join(format!("{seed}-{}", ["up", "down"][way]));
            shrink::write(&folder, &small, seed, server.major, fault)?;
            say(&format!(
                "seed {seed} on {}, {}: {fault:?}: {}\n  {}",
                server.major,
                ["old to new", "new to old"][way],
                first_line(&small.why),
                folder.display()
            ));
            report.failures.push(Failure {
                seed,
                major: server.major,
                fault,
                folder,
                why: small.why,
            });
        }
    }
    server.scratch.stop().await?;
    Ok(report)
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

/// Judges both directions of a pair: each database is changed into what the other one was.
async fn both(
    server: &Server,
    pair: &Pair,
    dumps: bool,
    report: &mut Report,
) -> Result<Vec<(usize, Fault, String)>, AnyError> {
    let old = Side::load(server, &pair.old, &pair.old_rows).await?;
    let new = Side::load(server, &pair.new, &pair.new_rows).await?;
    report.pairs += 1;
    report.items += (old.schema.items.len() + new.schema.items.len()) as u64;
    report.refused += (old.refused.len() + new.refused.len()) as u64;
    report.rows += (old.rows.len() + new.rows.len()) as u64;
    let ignored = changed_composites(&old.session, &new.session).await?;
    let old_before = Before::of(&old, server, dumps).await?;
    let new_before = Before::of(&new, server, dumps).await?;
    if dumps && server.client.is_some() {
        report.dumped += 2;
    }
    let mut faults = Vec::new();
    for (way, (side, before, wanted)) in [
        (&old, &old_before, &new_before),
        (&new, &new_before, &old_before),
    ]
    .into_iter()
    .enumerate()
    {
        let other = if way == 0 { &new } else { &old };
        let said = intents(&side.schema, &other.schema);
        let names = Names::of(&side.schema, &other.schema);
        report.renames += said.len() as u64;
        let said = (said.as_slice(), &names);
        match judge(server, side, before, wanted, said, &ignored).await? {
            Verdict::Right => {}
            Verdict::RowsRefused => {
                report.rows_refused += 1;
                let bare = Side::load(server, &side.schema, &[]).await?;
                let before = Before::of(&bare, server, dumps).await?;
                if let Verdict::Wrong(fault, why) =
                    judge(server, &bare, &before, wanted, said, &ignored).await?
                {
                    faults.push((way, fault, why));
                }
                bare.close().await;
            }
            Verdict::Wrong(fault, why) => faults.push((way, fault, why)),
        }
    }
    old.close().await;
    new.close().await;
    Ok(faults)
}

/// Judges one direction of a pair from its beginning.
pub async fn one_way(server: &Server, pair: &Pair, dumps: bool) -> Result<Verdict, AnyError> {
    let old = Side::load(server, &pair.old, &pair.old_rows).await?;
    let new = Side::load(server, &pair.new, &pair.new_rows).await?;
    let ignored = changed_composites(&old.session, &new.session).await?;
    let before = Before::of(&old, server, dumps).await?;
    let wanted = Before::of(&new, server, dumps).await?;
    let said = intents(&old.schema, &new.schema);
    let names = Names::of(&old.schema, &new.schema);
    let verdict = judge(server, &old, &before, &wanted, (&said, &names), &ignored).await;
    old.close().await;
    new.close().await;
    verdict
}

/// The folder that failing pairs go to.
pub fn failures_folder(checkout: &Path) -> PathBuf {
    checkout.join("target/soak")
}
