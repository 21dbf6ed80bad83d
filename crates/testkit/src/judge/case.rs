//! One case: in each direction the SQL that `diff` prints runs, gives the wanted schema, keeps what stands on both sides, and
//! leaves nothing to do; and so does the SQL of `diff --online`.
//!
//! Each side is loaded once; when all is known of both, each is changed into what the other one was, or a copy of it where there
//! are two answers. Answers are asked of the program; whether two of them are the same and whether nothing is left is asked of its
//! libraries, since a process would read both databases again.

use std::path::{Path, PathBuf};

use aludel_catalog::Catalog;
use aludel_diff::diff;
use aludel_plan::{Plan, PlanOptions, plan};
use aludel_postgres::{ConnectOptions, DatabaseUrl, Hidden, ScratchDatabase, Session, introspect};

use crate::judge::dump;
use crate::judge::programs::Judge;
use crate::judge::rows::{Tables, lost, tables};
use crate::judge::side::AnyError;

/// What came out.
#[derive(Clone, Debug)]
pub enum Verdict {
    /// The oracle's rules hold.
    Right,
    /// One of the schemas does not load on this server.
    NotLoaded(String),
    /// Why the answer is not right; the first line says it.
    Wrong(String),
}

/// Which plan is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// The one that `diff` prints.
    Plain,
    /// The one that `diff --online` prints.
    Online,
}

impl Way {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Plain, Self::Online];
}

/// The directions, as files are called and as `wrong.txt` has them.
const DIRECTIONS: [(&str, &str); 2] = [("old", "new"), ("new", "old")];

/// Every direction in every way, in the order of a case's verdicts.
pub fn ways() -> impl Iterator<Item = (&'static str, &'static str, Way)> {
    Way::ALL
        .into_iter()
        .flat_map(|way| DIRECTIONS.map(|(from, to)| (from, to, way)))
}

/// One schema of a case, and what judges need to know of it before anything is done to it.
struct Side {
    database: ScratchDatabase,
    catalog: Catalog,
    tables: Tables,
    /// Of one that is wanted, where `pg_dump` can judge.
    dump: Option<String>,
}

/// What Aludel would do; the plain script where it has other steps than the online one.
struct Answers {
    online: Result<String, String>,
    plain: Option<Result<String, String>>,
}

impl Judge {
    /// Judges a case: a verdict for each of [`ways`].
    pub async fn case(&self, case: &Path) -> Result<Vec<Verdict>, AnyError> {
        let up = Direction::of(case, "old", "new")?;
        let down = Direction::of(case, "new", "old")?;
        let sides = (self.side(&up).await?, self.side(&down).await?);
        let verdicts = match sides {
            (Ok(old), Ok(new)) => {
                let starts = [
                    self.seeded(&old, &up).await?,
                    self.seeded(&new, &down).await?,
                ];
                let up_answers = self.answers(starts[0].as_ref().unwrap_or(&old), &new, &up);
                let down_answers = self.answers(starts[1].as_ref().unwrap_or(&new), &old, &down);
                let [up_start, down_start] = starts;
                let up = self.both_ways(&old, up_start, &new, up_answers, &up);
                let [up, up_online] = up.await?;
                let down = self.both_ways(&new, down_start, &old, down_answers, &down);
                let [down, down_online] = down.await?;
                self.close(old.database).await?;
                self.close(new.database).await?;
                vec![up, down, up_online, down_online]
            }
            (one, other) => {
                let mut whys = Vec::new();
                for side in [one, other] {
                    match side {
                        Ok(side) => self.close(side.database).await?,
                        Err(why) => whys.push(why),
                    }
                }
                ways()
                    .map(|_| Verdict::NotLoaded(whys.join("\n")))
                    .collect()
            }
        };
        self.drop_roles().await?;
        Ok(verdicts)
    }

    /// Loads the schema that a direction begins with, without rows; the inner error is what the server has against it.
    async fn side(&self, direction: &Direction) -> Result<Result<Side, String>, AnyError> {
        let database = match self.loaded(&direction.script).await? {
            Ok(database) => database,
            Err(why) => return Ok(Err(why)),
        };
        let dump = self.dump(database.url())?;
        let side = described(database).await?;
        Ok(Ok(Side { dump, ..side }))
    }

    /// A side with the rows that the direction begins with, where it has some; the side itself stays as it is wanted.
    async fn seeded(&self, side: &Side, direction: &Direction) -> Result<Option<Side>, AnyError> {
        Ok(match direction.seed {
            Some(_) => Some(self.another(side, direction).await?),
            None => None,
        })
    }

    /// Another database of a side, with the rows. What the cluster keeps for a database is in no copy of its files, so where there is
    /// such a thing the side is loaded again.
    async fn another(&self, side: &Side, direction: &Direction) -> Result<Side, AnyError> {
        let database = if self.is_kept_outside(&side.database).await? {
            self.loaded(&direction.script).await??
        } else {
            self.clone_of(&side.database).await?
        };
        if let Some(seed) = &direction.seed {
            self.load(database.url(), seed)?;
        }
        described(database).await
    }

    fn answers(&self, from: &Side, to: &Side, direction: &Direction) -> Answers {
        let answer = |more: &[&str]| {
            let urls = [from, to].map(|side| side.database.url().to_connection_string());
            let mut arguments = vec![
                "diff",
                "--allow-data-loss",
                "--from",
                &urls[0],
                "--to",
                &urls[1],
            ];
            arguments.extend(more);
            arguments.extend(direction.flags.iter().map(String::as_str));
            self.aludel(arguments)
        };
        let is_one = direction.flags.is_empty() && is_the_same_online(from, to);
        Answers {
            online: answer(&["--online"]),
            plain: (!is_one).then(|| answer(&[])),
        }
    }

    /// The verdicts on the plain answer and on the online one. Where both have the same steps, the online one stands for both: it
    /// runs in transactions.
    async fn both_ways(
        &self,
        side: &Side,
        seeded: Option<Side>,
        to: &Side,
        answers: Answers,
        direction: &Direction,
    ) -> Result<[Verdict; 2], AnyError> {
        let Answers { online, plain } = answers;
        let copy = match &plain {
            Some(_) => Some(self.another(side, direction).await?),
            None => None,
        };
        let from = seeded.as_ref().unwrap_or(side);
        let online = self
            .judge(copy.as_ref().unwrap_or(from), to, online, direction)
            .await;
        let plain = match plain {
            Some(plain) => self.judge(from, to, plain, direction).await,
            None => online.clone(),
        };
        for own in [copy, seeded].into_iter().flatten() {
            self.close(own.database).await?;
        }
        Ok([plain, online])
    }

    /// Judges what was answered.
    async fn judge(
        &self,
        from: &Side,
        to: &Side,
        answer: Result<String, String>,
        direction: &Direction,
    ) -> Verdict {
        let script = match answer {
            Err(why) => return Verdict::Wrong(why),
            Ok(script) => script,
        };
        match self.run(from, to, &script, direction).await {
            Err(why) => Verdict::Wrong(format!("{why}\n{script}")),
            Ok(()) => Verdict::Right,
        }
    }

    async fn run(
        &self,
        from: &Side,
        to: &Side,
        script: &str,
        direction: &Direction,
    ) -> Result<(), String> {
        let current = from.database.url();
        let said = |error: AnyError| error.to_string();
        let answers = |queries: &Option<PathBuf>| {
            let queries = queries.as_deref();
            queries.map_or(Ok(String::new()), |queries| {
                self.answers_of(current, queries)
            })
        };
        let rows = answers(&direction.rows_before)?;
        let file = tempfile::NamedTempFile::new().map_err(|error| error.to_string())?;
        fs_err::write(file.path(), script).map_err(|error| error.to_string())?;
        self.load(current, file.path())?;
        if let (Some(seen), Some(wanted)) = (self.dump(current)?, &to.dump)
            && let Some(difference) = dump::difference(&seen, wanted)
        {
            return Err(format!("the schemas differ\n{difference}"));
        }
        let kept = answers(&direction.rows_after)?;
        if rows != kept {
            return Err(format!("rows differ\nbefore:\n{rows}after:\n{kept}"));
        }
        let session = connect(current).await.map_err(said)?;
        let lost = lost(
            &from.tables,
            &to.tables,
            &tables(&session).await.map_err(said)?,
        );
        // Names may have been passed on; then the rows have said it.
        if !lost.is_empty() && direction.rows_after.is_none() {
            return Err(format!("made again, rows lost: {}", lost.join(", ")));
        }
        let again = planned(&catalog(&session).await.map_err(said)?, &to.catalog, false)?;
        let again = again.steps.iter().map(|step| step.sql.as_str());
        let again: Vec<&str> = again.collect();
        if again.is_empty() {
            Ok(())
        } else {
            let again = again.join(";\n");
            Err(format!("a second plan is not empty\n{again}"))
        }
    }
}

/// Whether the online plan has the steps of the plain one.
fn is_the_same_online(from: &Side, to: &Side) -> bool {
    let steps = |online| {
        let plan = planned(&from.catalog, &to.catalog, online).ok()?;
        let steps = plan.steps.into_iter();
        Some(
            steps
                .map(|step| (step.sql, step.transaction))
                .collect::<Vec<_>>(),
        )
    };
    steps(true).is_some_and(|online| Some(online) == steps(false))
}

fn planned(current: &Catalog, desired: &Catalog, online: bool) -> Result<Plan, String> {
    let options = PlanOptions {
        online,
        ..PlanOptions::default()
    };
    plan(current, desired, &diff(current, desired), &options).map_err(|error| error.to_string())
}

async fn described(database: ScratchDatabase) -> Result<Side, AnyError> {
    let session = connect(database.url()).await?;
    Ok(Side {
        catalog: catalog(&session).await?,
        tables: tables(&session).await?,
        dump: None,
        database,
    })
}

async fn catalog(session: &Session) -> Result<Catalog, AnyError> {
    Ok(introspect(session, &Hidden::default()).await?)
}

async fn connect(url: &DatabaseUrl) -> Result<Session, AnyError> {
    Ok(Session::connect(url, &ConnectOptions::default()).await?)
}

/// What a case has for one direction.
struct Direction {
    /// The schema that it begins with.
    script: PathBuf,
    /// `seed_old.sql`: rows.
    seed: Option<PathBuf>,
    /// `flags_old`: what is said on the command line, a word each line.
    flags: Vec<String>,
    /// `rows_old.sql`: a query whose answer must be that of `rows_new.sql` afterwards.
    rows_before: Option<PathBuf>,
    rows_after: Option<PathBuf>,
}

impl Direction {
    fn of(case: &Path, from: &str, to: &str) -> Result<Self, AnyError> {
        let file = |name: String| Some(case.join(name)).filter(|path| path.is_file());
        let flags = file(format!("flags_{from}"))
            .map(fs_err::read_to_string)
            .transpose()?;
        Ok(Self {
            script: case.join(from).with_extension("sql"),
            seed: file(format!("seed_{from}.sql")),
            flags: flags
                .iter()
                .flat_map(|text| text.lines())
                .map(str::to_owned)
                .collect(),
            rows_before: file(format!("rows_{from}.sql")),
            rows_after: file(format!("rows_{to}.sql")),
        })
    }
}
