//! One direction of one case: the SQL that `diff` prints runs, gives the wanted schema, keeps what stands on both sides, and
//! leaves nothing to do.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use aludel_postgres::{DatabaseUrl, Programs, Scratch};

use crate::judge::dump;
use crate::judge::rows::{TABLES, Tables, lost};
use crate::judge::side::AnyError;

/// What came out.
#[derive(Debug)]
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

    fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Plain => &[],
            Self::Online => &["--online"],
        }
    }
}

/// A server, and the programs that judge and are judged.
#[derive(Debug)]
pub struct Judge<'a> {
    /// The server.
    pub scratch: &'a Scratch,
    /// A database of the server that no case is in.
    pub keeper: DatabaseUrl,
    /// `psql` and `pg_dump`.
    pub client: Programs,
    /// `aludel`.
    pub tool: PathBuf,
}

impl Judge<'_> {
    /// Judges one direction of a case.
    pub async fn direction(
        &self,
        case: &Path,
        from: &str,
        to: &str,
        way: Way,
    ) -> Result<Verdict, AnyError> {
        let current = self.scratch.database().await?;
        let desired = self.scratch.database().await?;
        let loaded = self
            .load(current.url(), &case.join(format!("{from}.sql")))
            .and_then(|()| self.load(desired.url(), &case.join(format!("{to}.sql"))));
        let extras = Extras::of(case, from, to)?;
        let verdict = match loaded {
            Err(why) => Verdict::NotLoaded(why),
            Ok(()) => match self.judge(&extras, current.url(), desired.url(), way) {
                Err(why) => Verdict::Wrong(why),
                Ok(()) => Verdict::Right,
            },
        };
        self.drop_subscriptions(&[current.url(), desired.url()])?;
        current.close().await;
        desired.close().await;
        self.drop_roles()?;
        Ok(verdict)
    }

    fn judge(
        &self,
        extras: &Extras,
        current: &DatabaseUrl,
        desired: &DatabaseUrl,
        way: Way,
    ) -> Result<(), String> {
        if let Some(seed) = &extras.seed {
            self.load(current, seed)?;
        }
        let before = self.tables(current)?;
        let rows = self.rows(current, extras.rows_before.as_deref())?;
        let plan = self.diff(current, desired, way, &extras.flags)?;
        if way == Way::Online && plan == self.diff(current, desired, Way::Plain, &extras.flags)? {
            return Ok(()); // the plain plan is judged already
        }
        let said = |error: std::io::Error| error.to_string();
        let file = tempfile::NamedTempFile::new().map_err(said)?;
        fs_err::write(file.path(), &plan).map_err(said)?;
        self.load(current, file.path())
            .map_err(|error| format!("{error}\n{plan}"))?;

        if let Some(difference) = self.difference(current, desired)? {
            return Err(format!("the schemas differ\n{difference}\n{plan}"));
        }
        let kept = self.rows(current, extras.rows_after.as_deref())?;
        if rows != kept {
            return Err(format!(
                "rows differ\nbefore:\n{rows}after:\n{kept}\n{plan}"
            ));
        }
        let lost = lost(&before, &self.tables(desired)?, &self.tables(current)?);
        // Names may have been passed on; then the rows have said it.
        if !lost.is_empty() && extras.rows_after.is_none() {
            return Err(format!(
                "made again, rows lost: {}\n{plan}",
                lost.join(", ")
            ));
        }
        let again = self.diff(current, desired, way, &[])?;
        if again.is_empty() {
            Ok(())
        } else {
            Err(format!("a second plan is not empty\n{again}"))
        }
    }

    /// A database with a subscription cannot be dropped, nor the role that owns it.
    fn drop_subscriptions(&self, databases: &[&DatabaseUrl]) -> Result<(), String> {
        let any = "SELECT subname FROM pg_subscription";
        let mut psql = self.psql(&self.keeper);
        if output(psql.args(["-At", "-c", any]))?.is_empty() {
            return Ok(());
        }
        let statements = "SELECT format(statement, subname) FROM pg_subscription, unnest(ARRAY[\
                          'ALTER SUBSCRIPTION %I DISABLE', 'ALTER SUBSCRIPTION %I SET (slot_name = NONE)', \
                          'DROP SUBSCRIPTION %I']) WITH ORDINALITY AS each (statement, place) \
                          WHERE subdbid = (SELECT oid FROM pg_database WHERE datname = current_database()) \
                          ORDER BY subname, place";
        databases
            .iter()
            .try_for_each(|url| self.run_listed(url, statements))
    }

    /// Roles are the cluster's, and the next case makes its own.
    pub(super) fn drop_roles(&self) -> Result<(), String> {
        let statements = "SELECT format('DROP ROLE %I', rolname) FROM pg_roles \
                          WHERE rolname !~ '^pg_' AND rolname <> current_user";
        self.run_listed(&self.keeper, statements)
    }

    /// Runs the statements that the query lists.
    fn run_listed(&self, url: &DatabaseUrl, query: &str) -> Result<(), String> {
        let listed = output(self.psql(url).args(["-At", "-c", query]))?;
        for statement in listed.lines() {
            output(self.psql(url).args(["-c", statement]))?;
        }
        Ok(())
    }

    /// What differs by `pg_dump`. It dumps no server newer than itself: there, the empty second plan has to do.
    pub(super) fn difference(
        &self,
        current: &DatabaseUrl,
        desired: &DatabaseUrl,
    ) -> Result<Option<String>, String> {
        if self.scratch.server_version_num() / 10_000 > self.client.major() {
            return Ok(None);
        }
        Ok(dump::difference(&self.dump(current)?, &self.dump(desired)?))
    }

    pub(super) fn load(&self, url: &DatabaseUrl, script: &Path) -> Result<(), String> {
        let mut psql = self.psql(url);
        psql.arg("-f").arg(script);
        output(&mut psql).map(drop)
    }

    fn dump(&self, url: &DatabaseUrl) -> Result<String, String> {
        let mut pg_dump = self.client.command("pg_dump");
        output(pg_dump.args(["-s", "-d", &url.to_connection_string()]))
    }

    fn rows(&self, url: &DatabaseUrl, query: Option<&Path>) -> Result<String, String> {
        let Some(query) = query else {
            return Ok(String::new());
        };
        let mut psql = self.psql(url);
        output(psql.arg("-At").arg("-f").arg(query))
    }

    fn tables(&self, url: &DatabaseUrl) -> Result<Tables, String> {
        let mut psql = self.psql(url);
        let listed = output(psql.args(["-At", "-F", "\u{1f}", "-c", TABLES]))?;
        let mut tables = Tables::new();
        for row in listed.lines() {
            let [oid, table, number, column, kind] = row.split('\u{1f}').collect::<Vec<_>>()[..]
            else {
                return Err(format!("an unexpected row: {row}"));
            };
            let (_, columns) = tables
                .entry(table.to_owned())
                .or_insert_with(|| (oid.to_owned(), std::collections::BTreeMap::new()));
            columns.insert(column.to_owned(), (number.to_owned(), kind.to_owned()));
        }
        Ok(tables)
    }

    /// What Aludel would do.
    fn diff(
        &self,
        current: &DatabaseUrl,
        desired: &DatabaseUrl,
        way: Way,
        flags: &[String],
    ) -> Result<String, String> {
        let mut tool = Command::new(&self.tool);
        tool.args(["diff", "--allow-data-loss"])
            .args(way.arguments())
            .args(flags)
            .args(["--from", &current.to_connection_string()])
            .args(["--to", &desired.to_connection_string()]);
        output(&mut tool)
    }

    fn psql(&self, url: &DatabaseUrl) -> Command {
        let mut psql = self.client.command("psql");
        psql.args([
            "-X",
            "-q",
            "-v",
            "ON_ERROR_STOP=1",
            "-d",
            &url.to_connection_string(),
        ]);
        psql
    }
}

/// What a case may have besides its two schemas.
struct Extras {
    /// `seed_old.sql`: rows.
    seed: Option<PathBuf>,
    /// `flags_old`: what is said on the command line, a word each line.
    flags: Vec<String>,
    /// `rows_old.sql`: a query whose answer must be that of `rows_new.sql` afterwards.
    rows_before: Option<PathBuf>,
    rows_after: Option<PathBuf>,
}

impl Extras {
    fn of(case: &Path, from: &str, to: &str) -> Result<Self, AnyError> {
        let file = |name: String| Some(case.join(name)).filter(|path| path.is_file());
        let flags = file(format!("flags_{from}"))
            .map(fs_err::read_to_string)
            .transpose()?;
        Ok(Self {
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

pub(super) fn output(command: &mut Command) -> Result<String, String> {
    let Output {
        status,
        stdout,
        stderr,
    } = command
        .output()
        .map_err(|error| format!("{command:?}: {error}"))?;
    if status.success() {
        Ok(String::from_utf8_lossy(&stdout).into_owned())
    } else {
        Err(String::from_utf8_lossy(&stderr).into_owned())
    }
}
