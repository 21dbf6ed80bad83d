//! The works that are timed.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use aludel_postgres::{DatabaseUrl, Programs, Scratch, ScratchDatabase};

use super::inputs::{Inputs, run};
use super::table::{Row, Wanted};
use super::wait_for_quiet;
use crate::measure::{Measured, median, peak, time};
use crate::{Failure, say};

/// One server, the inputs, and how often.
pub(super) struct Bench<'a> {
    pub(super) scratch: &'a Scratch,
    /// The server's own `psql` and `pg_dump`: what is on the path may be a wrapper that costs time.
    pub(super) programs: &'a Programs,
    pub(super) inputs: &'a Inputs,
    pub(super) runs: usize,
}

impl Bench<'_> {
    /// Every work, or those whose name holds a text.
    pub(super) async fn all(&self, only: Option<&str>) -> Result<Vec<Row>, Failure> {
        let mut rows = Vec::new();
        let wanted = |work: &str| only.is_none_or(|text| work.contains(text));
        for count in [5_000, 10_000] {
            for verb in ["heads", "history", "plan"] {
                if wanted(verb) {
                    rows.push(self.reading(verb, count)?);
                }
            }
        }
        if wanted("current") {
            rows.push(self.current().await?);
        }
        if wanted("nothing to do") {
            rows.push(self.nothing_to_do().await?);
        }
        if wanted("upgrade head") {
            rows.push(self.upgrade().await?);
        }
        if wanted("diff") {
            rows.push(self.diff().await?);
        }
        if wanted("autogenerate") {
            rows.push(self.autogenerate().await?);
        }
        Ok(rows)
    }

    /// `heads`, `history` and `plan`: files only.
    fn reading(&self, verb: &str, count: u64) -> Result<Row, Failure> {
        let (history, number) = match count {
            5_000 => (&self.inputs.history_5000, "5,000"),
            _ => (&self.inputs.history_10000, "10,000"),
        };
        let ours = match verb {
            "plan" => &["plan", "--from", "base", "heads", "--format", "json"][..],
            _ => &[verb],
        };
        Ok(Row {
            work: format!("`{verb}`, {number} revisions"),
            alembic: self.measure(|| match verb {
                "plan" => Ok(self.alembic_plan(history)),
                _ => Ok(self.alembic(history, &[verb])),
            })?,
            aludel: self.measure(|| Ok(self.aludel(&history.join("aludel"), None, ours)))?,
            yardstick: None,
            wanted: Wanted::Within(Duration::from_millis(8) * u32::try_from(count / 1_000)?),
        })
    }

    /// Alembic has no such command; this is what its `upgrade` does before it runs anything.
    fn alembic_plan(&self, project: &Path) -> Command {
        const PLAN: &str = "from alembic.config import Config\n\
                            from alembic.script import ScriptDirectory\n\
                            script = ScriptDirectory.from_config(Config('alembic.ini'))\n\
                            for step in script._upgrade_revs('heads', ()): print(step.revision.revision)\n";
        let mut command = Command::new(&self.inputs.python);
        command
            .args(["-c", PLAN])
            .current_dir(project)
            .env_remove("PYTHONDONTWRITEBYTECODE");
        command
    }

    async fn current(&self) -> Result<Row, Failure> {
        let history = &self.inputs.history_5000;
        let database = self.scratch.database().await?;
        let url = database.url();
        set_url(history, url)?;
        run(&mut self.aludel(&history.join("aludel"), Some(url), &["stamp", "head"]))?;
        let row = Row {
            work: "`current` at the head, 5,000 revisions".to_owned(),
            alembic: self.measure(|| Ok(self.alembic(history, &["current"])))?,
            aludel: self
                .measure(|| Ok(self.aludel(&history.join("aludel"), Some(url), &["current"])))?,
            yardstick: Some(("one query by psql", self.one_query(url)?)),
            wanted: Wanted::Beyond(Duration::from_millis(40)),
        };
        database.close().await;
        Ok(row)
    }

    async fn nothing_to_do(&self) -> Result<Row, Failure> {
        let history = &self.inputs.history_1000;
        let database = self.scratch.database().await?;
        let url = database.url();
        set_url(history, url)?;
        run(&mut self.aludel(&history.join("aludel"), Some(url), &["upgrade"]))?;
        let row = Row {
            work: "`upgrade` with nothing to do, 1,000 revisions".to_owned(),
            alembic: self.measure(|| Ok(self.alembic(history, &["upgrade", "head"])))?,
            aludel: self
                .measure(|| Ok(self.aludel(&history.join("aludel"), Some(url), &["upgrade"])))?,
            yardstick: Some(("one query by psql", self.one_query(url)?)),
            wanted: Wanted::Beyond(Duration::from_millis(30)),
        };
        database.close().await;
        Ok(row)
    }

    /// The whole history on an empty database, a fresh one for each run.
    async fn upgrade(&self) -> Result<Row, Failure> {
        let history = &self.inputs.history_1000;
        let project = history.join("aludel");
        let script = history.join("upgrade.sql");
        let printed = self
            .aludel(&project, None, &["upgrade", "--sql"])
            .output()?;
        if !printed.status.success() {
            return Err(String::from_utf8_lossy(&printed.stderr).into());
        }
        fs_err::write(&script, printed.stdout)?;
        Ok(Row {
            work: "`upgrade`, 1,000 revisions, empty database".to_owned(),
            alembic: self
                .measure_on_empty(|url| {
                    set_url(history, url)?;
                    Ok(self.alembic(history, &["upgrade", "head"]))
                })
                .await?,
            aludel: self
                .measure_on_empty(|url| Ok(self.aludel(&project, Some(url), &["upgrade"])))
                .await?,
            yardstick: Some((
                "psql running `upgrade --sql`",
                self.measure_on_empty(|url| Ok(self.psql(url, &script)))
                    .await?,
            )),
            wanted: Wanted::Times(1.3),
        })
    }

    async fn diff(&self) -> Result<Row, Failure> {
        let models = &self.inputs.models;
        let one = self.loaded(&models.join("models.sql")).await?;
        let other = self.scratch.clone_of(&one).await?;
        let third = self.scratch.clone_of(&one).await?;
        set_url(models, third.url())?;
        run(&mut self.alembic(models, &["stamp", "head"]))?;
        let (from, to) = (
            one.url().to_connection_string(),
            other.url().to_connection_string(),
        );
        let arguments = ["diff", "--exit-code", "--from", &from, "--to", &to];
        let row = Row {
            work: "`diff` of two equal databases of 1,000 tables (`alembic check`)".to_owned(),
            alembic: self.measure(|| {
                let mut command = self.alembic(models, &["check"]);
                command.env("PENDING", "0");
                Ok(command)
            })?,
            aludel: self.measure(|| Ok(self.aludel(models, None, &arguments)))?,
            yardstick: Some((
                "`pg_dump -s` of one",
                self.measure(|| {
                    let mut command = self.programs.command("pg_dump");
                    command.args(["-s", "-d", &from]);
                    Ok(command)
                })?,
            )),
            wanted: Wanted::Times(1.0),
        };
        for database in [one, other, third] {
            database.close().await;
        }
        Ok(row)
    }

    /// A history that makes the 1,000 tables, and models that have one column more; another one in each run, since the
    /// answer to the same question is remembered.
    async fn autogenerate(&self) -> Result<Row, Failure> {
        let models = &self.inputs.models;
        let project = self.project_of_models()?;
        let database = self.loaded(&models.join("models.sql")).await?;
        set_url(models, database.url())?;
        run(&mut self.alembic(models, &["stamp", "head"]))?;
        let pending = fs_err::read_to_string(models.join("models_pending.sql"))?;
        let mut count = 0;
        let row = Row {
            work: "`revision --autogenerate`, 1,000 tables, one change".to_owned(),
            alembic: self.measure(|| {
                remove_all_but_first(&models.join("migrations/versions"), "py")?;
                Ok(self.alembic(models, &["revision", "--autogenerate", "-m", "one"]))
            })?,
            aludel: self.measure(|| {
                count += 1;
                remove_all_but_first(&project.join("migrations"), "sql")?;
                let text = pending.replace("pending_note", &format!("pending_note_{count}"));
                fs_err::write(project.join("models.sql"), text)?;
                Ok(self.aludel(&project, None, &["revision", "--autogenerate", "-m", "one"]))
            })?,
            yardstick: Some((
                "psql loading the models",
                self.measure_on_empty(|url| Ok(self.psql(url, &models.join("models_pending.sql"))))
                    .await?,
            )),
            wanted: Wanted::Beyond(Duration::from_millis(1500)),
        };
        remove_all_but_first(&models.join("migrations/versions"), "py")?;
        database.close().await;
        Ok(row)
    }

    /// An Aludel project whose history has the models before the change.
    fn project_of_models(&self) -> Result<PathBuf, Failure> {
        let models = &self.inputs.models;
        let project = models.join("aludel");
        let _ = fs_err::remove_dir_all(&project);
        fs_err::create_dir_all(project.join("migrations"))?;
        fs_err::write(
            project.join("aludel.toml"),
            "[models]\nsources = [{ sql = \"models.sql\" }]\n",
        )?;
        fs_err::copy(models.join("models.sql"), project.join("models.sql"))?;
        run(&mut self.aludel(&project, None, &["revision", "--autogenerate", "-m", "all"]))?;
        Ok(project)
    }

    pub(super) async fn loaded(&self, script: &Path) -> Result<ScratchDatabase, Failure> {
        let database = self.scratch.database().await?;
        run(&mut self.psql(database.url(), script))?;
        Ok(database)
    }

    fn one_query(&self, url: &DatabaseUrl) -> Result<Measured, Failure> {
        self.measure(|| {
            let mut command = self.programs.command("psql");
            command.args([
                "-X",
                "-d",
                &url.to_connection_string(),
                "-c",
                "SELECT version_num FROM alembic_version",
            ]);
            Ok(command)
        })
    }

    fn psql(&self, url: &DatabaseUrl, script: &Path) -> Command {
        let mut command = self.programs.command("psql");
        command
            .args(["-X", "-q", "-v", "ON_ERROR_STOP=1"])
            .args(["-d", &url.to_connection_string(), "-f"])
            .arg(script);
        command
    }

    pub(super) fn aludel(
        &self,
        project: &Path,
        url: Option<&DatabaseUrl>,
        arguments: &[&str],
    ) -> Command {
        let mut command = Command::new(&self.inputs.tool);
        command
            .args(arguments)
            .current_dir(project)
            .env("ALUDEL_CACHE_DIR", &self.inputs.cache)
            .env_remove("ALUDEL_SCRATCH_URL")
            .env_remove("DATABASE_URL");
        if let Some(url) = url {
            command.env("DATABASE_URL", url.to_connection_string());
        }
        command
    }

    fn alembic(&self, project: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.inputs.python);
        command
            .args(["-m", "alembic"])
            .args(arguments)
            .current_dir(project)
            .env_remove("PYTHONDONTWRITEBYTECODE");
        command
    }

    /// One run that warms up, the timed ones, and one for the memory.
    pub(super) fn measure(
        &self,
        mut command: impl FnMut() -> Result<Command, Failure>,
    ) -> Result<Measured, Failure> {
        wait_for_quiet()?;
        let mut times = Vec::new();
        for run in 0..=self.runs {
            let elapsed = time(&mut command()?)?;
            if run > 0 {
                times.push(elapsed);
            }
        }
        let peak_kib = peak(&mut command()?)?;
        let measured = Measured {
            time: median(times),
            peak_kib,
        };
        say(&format!("bench: {measured:?}"));
        Ok(measured)
    }

    /// The same with a fresh empty database for each run.
    async fn measure_on_empty(
        &self,
        command: impl Fn(&DatabaseUrl) -> Result<Command, Failure>,
    ) -> Result<Measured, Failure> {
        wait_for_quiet()?;
        let mut times = Vec::new();
        let mut peak_kib = 0;
        for run in 0..self.runs + 2 {
            let database = self.scratch.database().await?;
            let mut command = command(database.url())?;
            if run > self.runs {
                peak_kib = peak(&mut command)?;
            } else {
                let elapsed = time(&mut command)?;
                if run > 0 {
                    times.push(elapsed);
                }
            }
            database.close().await;
        }
        let measured = Measured {
            time: median(times),
            peak_kib,
        };
        say(&format!("bench: on an empty database: {measured:?}"));
        Ok(measured)
    }
}

/// Points an Alembic project at a database.
fn set_url(project: &Path, url: &DatabaseUrl) -> Result<(), Failure> {
    let path = project.join("alembic.ini");
    let line = format!(
        "sqlalchemy.url = postgresql+psycopg2://{}@/{}?host={}&port={}",
        url.user(),
        url.database(),
        url.host(),
        url.port()
    );
    let text: String = fs_err::read_to_string(&path)?
        .lines()
        .map(|old| {
            if old.starts_with("sqlalchemy.url") {
                line.as_str()
            } else {
                old
            }
        })
        .fold(String::new(), |text, line| text + line + "\n");
    fs_err::write(path, text)?;
    Ok(())
}

/// Leaves the first revision file of a folder only.
fn remove_all_but_first(folder: &Path, extension: &str) -> Result<(), Failure> {
    let mut files: Vec<PathBuf> = fs_err::read_dir(folder)?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<Result<_, _>>()?;
    files.retain(|path| path.extension().is_some_and(|found| found == extension));
    files.sort();
    for path in files.iter().skip(1) {
        fs_err::remove_file(path)?;
    }
    Ok(())
}
