//! The pairs of schemas in `cases/`: which there are, what is known to be wrong, and all of them judged on one server.
//!
//! Each is judged twice: the plan of `diff`, and that of `diff --online`, which must end in the same schema.
//! A case is a folder with `old.sql` and `new.sql`, and rows in `seed_old.sql` and `seed_new.sql` where it matters.
//! `flags_old` and `flags_new` are said to `diff`; the answers to `rows_old.sql` and `rows_new.sql` must be the same before
//! and after, which is how cases with renames show that nothing was made again. What Aludel gets wrong today stands in `wrong.txt`, a line for each direction; a line that begins with `on 14: ` is for that
//! major alone. A case whose name ends in a major version needs that one; a case that an older server cannot load is none
//! there.

use std::path::{Path, PathBuf};

use aludel_postgres::{
    EngineChoice, Programs, Scratch, ScratchOptions, default_cache_dir, install,
};

use crate::judge::case::{Judge, Verdict, Way};
use crate::judge::client::client_programs;
use crate::judge::side::AnyError;

/// The directions, as `wrong.txt` has them.
const DIRECTIONS: [(&str, &str); 2] = [("old", "new"), ("new", "old")];

/// Every direction in every way, in the order of a case's verdicts.
pub fn ways() -> impl Iterator<Item = (&'static str, &'static str, Way)> {
    Way::ALL
        .into_iter()
        .flat_map(|way| DIRECTIONS.map(|(from, to)| (from, to, way)))
}

/// What a line of `wrong.txt` begins with.
pub fn label(from: &str, to: &str, way: Way) -> String {
    match way {
        Way::Plain => format!("{from} to {to}: "),
        Way::Online => format!("{from} to {to} online: "),
    }
}

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

/// Starts the server, and finds the programs that judge.
async fn start(options: &Options) -> Result<(Scratch, Programs), AnyError> {
    if let Some(major) = options.major {
        install(Some(major), &default_cache_dir(), &mut |_| ())?;
    }
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
    Ok((scratch, client))
}

/// Dumps and loads each side of every case on one server, the folder by kind of the one and by schema of the other; returns
/// what does not stay the same.
pub async fn reloads(options: &Options) -> Result<Vec<String>, AnyError> {
    let (scratch, client) = start(options).await?;
    let keeper = scratch.database().await?;
    let judge = Judge {
        scratch: &scratch,
        keeper: keeper.url().clone(),
        client,
        tool: options.tool.clone(),
    };
    let mut wrong = Vec::new();
    for case in cases(&options.checkout, scratch.server_version_num() / 10_000)? {
        if !case.to_string_lossy().contains(&options.only) {
            continue;
        }
        for (side, split) in [("old.sql", "kind"), ("new.sql", "schema")] {
            if let Some(why) = judge.reload(&case.join(side), split).await? {
                wrong.push(format!("{}/{side}: {why}", case.display()));
            }
        }
    }
    drop(keeper);
    scratch.stop().await?;
    Ok(wrong)
}

/// Judges every case on one server.
pub async fn judge(options: &Options) -> Result<Judged, AnyError> {
    let (scratch, client) = start(options).await?;
    let major = scratch.server_version_num() / 10_000;
    let keeper = scratch.database().await?;
    let judge = Judge {
        scratch: &scratch,
        keeper: keeper.url().clone(),
        client,
        tool: options.tool.clone(),
    };
    let mut verdicts = Vec::new();
    for case in cases(&options.checkout, major)? {
        if !case.to_string_lossy().contains(&options.only) {
            continue;
        }
        let mut both = Vec::new();
        for (from, to, way) in ways() {
            both.push(judge.direction(&case, from, to, way).await?);
        }
        verdicts.push((case, both));
    }
    let dumped = judge.client.major() >= major;
    drop(keeper);
    scratch.stop().await?;
    if verdicts.is_empty() {
        return Err(format!("no case is called {}", options.only).into());
    }
    Ok(Judged {
        major,
        dumped,
        verdicts,
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

/// The folders `cases/<kind>/<what changes>`, those left out that need a newer server.
fn cases(checkout: &Path, major: u32) -> Result<Vec<PathBuf>, AnyError> {
    let mut cases = Vec::new();
    for kind in folders(&checkout.join("cases"))? {
        // Pairs of branches are judged elsewhere.
        if !kind.ends_with("merge") {
            cases.extend(folders(&kind)?);
        }
    }
    cases.retain(|case| needs(case).is_none_or(|needed| needed <= major));
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
