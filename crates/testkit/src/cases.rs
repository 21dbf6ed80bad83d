//! The pairs of schemas in `cases/`: which there are, what is known to be wrong, and all of them judged on one kind of server.
//!
//! Each is judged twice: the plan of `diff`, and that of `diff --online`, which must end in the same schema.
//! A case is a folder with `old.sql` and `new.sql`, and rows in `seed_old.sql` and `seed_new.sql` where it matters.
//! `flags_old` and `flags_new` are said to `diff`; the answers to `rows_old.sql` and `rows_new.sql` must be the same before
//! and after, which is how cases with renames show that nothing was made again. What Aludel gets wrong today stands in
//! `wrong.txt`, a line for each direction; a line that begins with `on 14: ` is for that major alone, one that begins with
//! `dump of old: ` is about the dump of that side. A case whose name ends in a major version needs that one; a case that an
//! older server cannot load is none there.

use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};

use aludel_postgres::{EngineChoice, Scratch, ScratchOptions, default_cache_dir, install};

use crate::judge::case::{Verdict, Way, ways};
use crate::judge::client::client_programs;
use crate::judge::programs::Judge;
use crate::judge::reload::Depth;
use crate::judge::side::AnyError;

/// What a line of `wrong.txt` begins with.
pub fn label(from: &str, to: &str, way: Way) -> String {
    match way {
        Way::Plain => format!("{from} to {to}: "),
        Way::Online => format!("{from} to {to} online: "),
    }
}

/// What a line of `wrong.txt` begins with that is about the dump of one side.
pub const DUMP_OF: &str = "dump of ";

/// What to judge.
#[derive(Clone, Debug)]
pub struct Options {
    /// The checkout, where `cases/` and `.venv/clients` are.
    pub checkout: PathBuf,
    /// The program `aludel`.
    pub tool: PathBuf,
    /// The server's major version, fetched when it is missing; the machine's own otherwise.
    pub major: Option<u32>,
    /// Only cases whose path contains this.
    pub only: String,
}

/// What came out, in both directions of each case.
#[derive(Debug)]
pub struct Judged {
    /// The server's major version.
    pub major: u32,
    /// Whether `pg_dump` judged.
    pub dumped: bool,
    /// The cases with a verdict for each of [`ways`].
    pub verdicts: Vec<(PathBuf, Vec<Verdict>)>,
}

/// Starts a server, and finds the programs that judge.
async fn start(options: &Options) -> Result<Judge, AnyError> {
    let scratch = ScratchOptions {
        engine: EngineChoice::Native,
        major: options.major,
        ..ScratchOptions::default()
    };
    let scratch = Scratch::start(&scratch).await?;
    let major = scratch.server_version_num() / 10_000;
    let client = client_programs(&options.checkout, major)
        .or_else(|| client_programs(&options.checkout, 0))
        .ok_or("psql and pg_dump are not installed (make test-setup)")?;
    Judge::new(scratch, client, options.tool.clone()).await
}

/// Does the same with every case, on as many servers at once as there are processors, and returns what came out in the order of
/// the cases.
fn each_case<T: Send>(
    options: &Options,
    work: impl AsyncFn(&Judge, &Path) -> Result<T, AnyError> + Sync,
) -> Result<Vec<(PathBuf, T)>, AnyError> {
    if let Some(major) = options.major {
        install(Some(major), &default_cache_dir(), &mut |_| ())?;
    }
    let mut cases = cases(&options.checkout)?;
    cases.retain(|case| case.to_string_lossy().contains(&options.only));
    if cases.is_empty() {
        return Err(format!("no case is called {}", options.only).into());
    }
    let next = AtomicUsize::new(0);
    let worker = async || -> Result<Vec<(PathBuf, T)>, AnyError> {
        let judge = start(options).await?;
        let mut done = Vec::new();
        while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
            if needs(case).is_none_or(|needed| needed <= judge.major()) {
                let came_out = work(&judge, case).await;
                let came_out = came_out.map_err(|error| format!("{}: {error}", case.display()))?;
                done.push((case.clone(), came_out));
            }
        }
        judge.stop().await?;
        Ok(done)
    };
    let processors = std::thread::available_parallelism().map_or(1, NonZero::get);
    let mut all = std::thread::scope(|scope| {
        let run = || {
            let runtime = tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()?;
            runtime.block_on(worker())
        };
        let threads: Vec<_> = (0..processors.min(cases.len()))
            .map(|_| scope.spawn(run))
            .collect();
        let mut all = Vec::new();
        for thread in threads {
            all.extend(thread.join().map_err(|_| "a worker panicked")??);
        }
        Ok::<_, AnyError>(all)
    })?;
    all.sort_by(|(one, _), (other, _)| one.cmp(other));
    Ok(all)
}

/// Dumps and loads each side of every case, of those whose path contains `folders` also as folders: by kind the one side, by
/// schema the other. Returns what does not stay the same.
pub fn reloads(options: &Options, folders: &str) -> Result<Vec<String>, AnyError> {
    let wrong = each_case(options, async |judge, case| {
        let depth = if case.to_string_lossy().contains(folders) {
            Depth::Folder
        } else {
            Depth::Text
        };
        let written = fs_err::read_to_string(case.join("wrong.txt")).unwrap_or_default();
        let mut wrong = Vec::new();
        for (side, split) in [("old", "kind"), ("new", "schema")] {
            let label = format!("{DUMP_OF}{side}: ");
            let is_known = written.lines().any(|line| line.starts_with(&label));
            let script = case.join(side).with_extension("sql");
            match judge.reload(&script, split, depth).await? {
                Some(why) if !is_known => wrong.push(format!("{}: {why}", script.display())),
                None if is_known => {
                    wrong.push(format!(
                        "{}: its dump is right, take the line out of wrong.txt",
                        script.display()
                    ));
                }
                _ => {}
            }
        }
        Ok(wrong)
    })?;
    Ok(wrong.into_iter().flat_map(|(_, wrong)| wrong).collect())
}

/// Judges every case.
pub fn judge(options: &Options) -> Result<Judged, AnyError> {
    let judged = each_case(options, async |judge, case| {
        Ok((judge.major(), judge.dumps(), judge.case(case).await?))
    })?;
    let (major, dumped) = judged
        .first()
        .map(|(_, (major, dumped, _))| (*major, *dumped))
        .ok_or("no case is for this server")?;
    let verdicts = judged
        .into_iter()
        .map(|(case, (_, _, verdicts))| (case, verdicts));
    Ok(Judged {
        major,
        dumped,
        verdicts: verdicts.collect(),
    })
}

impl Judged {
    /// How many directions were judged.
    pub fn count(&self) -> usize {
        let all = self.verdicts.iter().flat_map(|(_, both)| both);
        all.filter(|verdict| !matches!(verdict, Verdict::NotLoaded(_)))
            .count()
    }

    /// The directions that are wrong here and are not known to be wrong anywhere, with the reason.
    pub fn unexpected(&self) -> Vec<String> {
        let mut wrong = Vec::new();
        for (case, verdicts) in &self.verdicts {
            let known = fs_err::read_to_string(case.join("wrong.txt")).unwrap_or_default();
            for ((from, to, way), verdict) in ways().zip(verdicts) {
                let there = label(from, to, way);
                let here = format!("on {}: {there}", self.major);
                let is_known = known
                    .lines()
                    .any(|line| line.starts_with(&here) || line.starts_with(&there));
                if let (Verdict::Wrong(why), false) = (verdict, is_known) {
                    wrong.push(format!("{} {there}{why}", case.display()));
                }
            }
        }
        wrong
    }
}

/// The folders `cases/<kind>/<what changes>`.
fn cases(checkout: &Path) -> Result<Vec<PathBuf>, AnyError> {
    let mut cases = Vec::new();
    for kind in folders(&checkout.join("cases"))? {
        // Pairs of branches and projects of Alembic's are judged elsewhere.
        if !kind.ends_with("merge") && !kind.ends_with("adopt") {
            cases.extend(folders(&kind)?);
        }
    }
    cases.sort();
    Ok(cases)
}

/// The major version at the end of a case's name.
fn needs(case: &Path) -> Option<u32> {
    case.file_name()?.to_str()?.rsplit_once('-')?.1.parse().ok()
}

fn folders(parent: &Path) -> Result<Vec<PathBuf>, AnyError> {
    let mut folders = Vec::new();
    for entry in fs_err::read_dir(parent)? {
        let path = entry?.path();
        if path.is_dir() {
            folders.push(path);
        }
    }
    Ok(folders)
}
