//! What is done with one project: adopted, judged, and timed beside Alembic.

use std::process::Command;
use std::time::{Duration, Instant};

use aludel_postgres::ScratchDatabase;
use serde::Deserialize;

use super::check::check;
use super::judge;
use super::project::{Workplace, finished};
use super::server::{Place, Server};
use super::table::{Only, Proof, Row, Times};
use crate::measure::median;
use crate::{Failure, say};

/// The document of `aludel adopt --format json`, as far as it is needed.
#[derive(Debug, Deserialize)]
struct Adopted {
    is_proven: bool,
    elapsed_ms: u64,
    revisions: Vec<Revision>,
    rows_differ: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Revision {
    #[serde(rename = "revision")]
    id: String,
    is_catalog_equal: bool,
    depends_on_data: Vec<String>,
    downgrade: String,
    downgrade_reason: Option<String>,
}

/// One project and the server.
pub(super) struct Walk<'a> {
    pub(super) workplace: &'a Workplace,
    pub(super) server: &'a Server,
    pub(super) runs: usize,
}

impl Walk<'_> {
    /// Fills the row as far as it goes; what stops it is the row's own.
    pub(super) async fn go(&self, row: &mut Row, asked: Only) {
        let stages = match asked {
            Only::Everything => self.stages(row).await,
            Only::Check => self.check_only(row).await,
        };
        if let Err(failure) = stages {
            row.failure = Some(failure.to_string());
        }
    }

    /// Asks both tools for `check` alone, in a folder that is adopted already.
    async fn check_only(&self, row: &mut Row) -> Result<(), Failure> {
        let (alembic, _) = self.upgraded_by_alembic().await?;
        let (aludel, _) = self.upgraded_by_aludel().await?;
        row.checks = Some(check(self.workplace, self.server, &alembic, &aludel).await?);
        alembic.close().await;
        aludel.close().await;
        Ok(())
    }

    async fn stages(&self, row: &mut Row) -> Result<(), Failure> {
        self.workplace.prepare(&Place::nowhere())?;
        match self.adopt() {
            Ok(proof) => row.adopted = Some(proof),
            Err(failure) => {
                // A history that does not run on PostgreSQL as shipped runs with neither.
                let theirs = self.upgraded_by_alembic().await;
                row.alembic_fails = theirs.err().map(|failure| failure.to_string());
                return Err(failure);
            }
        }
        let (alembic, first) = self.upgraded_by_alembic().await?;
        let (again, second) = self.upgraded_by_alembic().await?;
        let (aludel, _) = self.upgraded_by_aludel().await?;
        row.checks = Some(check(self.workplace, self.server, &alembic, &aludel).await?);
        row.dump = Some(judge::schemas(
            self.server,
            aludel.url(),
            alembic.url(),
            &self.workplace.kept,
        )?);
        row.rows = Some(judge::rows(
            self.server,
            aludel.url(),
            alembic.url(),
            again.url(),
        )?);
        again.close().await;
        let mut times = vec![first, second];
        while times.len() < self.runs.min(3) {
            let (database, elapsed) = self.upgraded_by_alembic().await?;
            times.push(elapsed);
            database.close().await;
        }
        let theirs = median(times);
        let mut times = Vec::new();
        for _ in 0..self.runs {
            let (database, elapsed) = self.upgraded_by_aludel().await?;
            times.push(elapsed);
            database.close().await;
        }
        row.upgrade = Some(Times {
            alembic: Some(theirs),
            aludel: median(times),
        });
        self.verbs(row, &alembic)?;
        alembic.close().await;
        aludel.close().await;
        Ok(())
    }

    fn adopt(&self) -> Result<Proof, Failure> {
        let workplace = self.workplace;
        let output = workplace.adopt(&Place::nowhere())?.output()?;
        fs_err::write(workplace.kept.join("adopt.txt"), &output.stderr)?;
        fs_err::write(workplace.kept.join("adopt.json"), &output.stdout)?;
        let document: Result<Adopted, _> = serde_json::from_slice(&output.stdout);
        let Ok(document) = document else {
            let said = String::from_utf8_lossy(&output.stderr);
            let from = said.find("error").unwrap_or_default();
            return Err(format!("`aludel adopt`: {}", said[from..].trim()).into());
        };
        if let Some(why) = document.rows_differ.first() {
            say(&format!("adopt-real: adopt says that rows differ: {why}"));
        }
        let count = |is: &dyn Fn(&Revision) -> bool| {
            document.revisions.iter().filter(|one| is(one)).count()
        };
        let irreversible = document.revisions.iter().filter_map(|one| {
            let reason = one.downgrade_reason.as_ref()?;
            (one.downgrade == "irreversible").then(|| (one.id.clone(), reason.clone()))
        });
        Ok(Proof {
            is_proven: document.is_proven,
            revisions: document.revisions.len(),
            dependent: count(&|one| !one.depends_on_data.is_empty()),
            equal: count(&|one| one.is_catalog_equal),
            irreversible: irreversible.collect(),
            elapsed: Duration::from_millis(document.elapsed_ms),
        })
    }

    /// A database at the head by Alembic's own means.
    async fn upgraded_by_alembic(&self) -> Result<(ScratchDatabase, Duration), Failure> {
        let database = self.server.scratch.database().await?;
        let place = self.server.place(&database);
        self.workplace.point_at(&place)?;
        self.workplace.baseline(&place)?;
        let target = &self.workplace.project.target;
        let mut command = self.workplace.alembic(&place, &["upgrade", target])?;
        let elapsed = time(&mut command)?;
        Ok((database, elapsed))
    }

    async fn upgraded_by_aludel(&self) -> Result<(ScratchDatabase, Duration), Failure> {
        let database = self.server.scratch.database().await?;
        let place = self.server.place(&database);
        let elapsed = time(&mut self.workplace.aludel(&place, &["upgrade", "heads"]))?;
        Ok((database, elapsed))
    }

    /// The verbs that should cost nothing, on the database that Alembic made: it is at Aludel's head.
    fn verbs(&self, row: &mut Row, at_head: &ScratchDatabase) -> Result<(), Failure> {
        let place = self.server.place(at_head);
        let workplace = self.workplace;
        let target = workplace.project.target.clone();
        let said = finished(&mut workplace.aludel(&place, &["status", "--format", "json"]))?;
        fs_err::write(workplace.kept.join("status.json"), said)?;
        let no_op = ["upgrade", target.as_str()];
        for (verb, theirs, ours) in [
            ("heads", Some(&["heads"][..]), &["heads"][..]),
            ("current", Some(&["current"][..]), &["current"][..]),
            ("no-op upgrade", Some(&no_op[..]), &["upgrade", "heads"][..]),
            ("status", None, &["status"][..]),
        ] {
            let alembic = match theirs {
                Some(words) => timed(2, || workplace.alembic(&place, words))?,
                None => None,
            };
            let ours = timed(self.runs, || Ok(workplace.aludel(&place, ours)))?;
            let aludel = ours.ok_or_else(|| format!("`aludel {verb}` fails"))?;
            row.verbs.push((verb, Times { alembic, aludel }));
        }
        Ok(())
    }
}

/// The median of some runs after one that warms up; nothing when the command fails.
fn timed(
    runs: usize,
    command: impl Fn() -> Result<Command, Failure>,
) -> Result<Option<Duration>, Failure> {
    let mut times = Vec::new();
    for run in 0..=runs {
        match time(&mut command()?) {
            Ok(elapsed) if run > 0 => times.push(elapsed),
            Ok(_) => {}
            Err(failure) => {
                let text = failure.to_string();
                say(&format!(
                    "adopt-real: {}",
                    text.lines().last().unwrap_or_default()
                ));
                return Ok(None);
            }
        }
    }
    Ok(Some(median(times)))
}

/// Runs a command to its end and says how long it took.
fn time(command: &mut Command) -> Result<Duration, Failure> {
    let begun = Instant::now();
    finished(command)?;
    Ok(begun.elapsed())
}
