//! One direction of one case: the SQL that `diff` prints runs, gives the wanted schema, keeps what stands on both sides, and
//! leaves nothing to do.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use aludel_postgres::programs::Search;
use aludel_postgres::{DatabaseUrl, Programs, Scratch, default_cache_dir, find_programs};

use crate::dump;

/// Tables, and of each column its number and type. Generated columns are left out: they hold nothing of their own, and
/// before 17 another expression means another column.
type Tables = BTreeMap<String, (String, BTreeMap<String, (String, String)>)>;

const TABLES: &str = "
SELECT c.oid, format('%I.%I', n.nspname, c.relname), a.attnum, a.attname,
    format_type(a.atttypid, a.atttypmod)
FROM pg_class c
JOIN pg_namespace n ON n.oid = c.relnamespace
JOIN pg_attribute a ON a.attrelid = c.oid
WHERE c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''
    AND n.nspname NOT IN ('pg_catalog', 'information_schema')";

/// What came out.
#[derive(Debug)]
pub(crate) enum Verdict {
    Right,
    /// One of the schemas does not load on this server.
    NotLoaded(String),
    /// Why the answer is not right; the first line says it.
    Wrong(String),
}

/// Which plan is judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// The one that `diff` prints.
    Plain,
    /// The one that `diff --online` prints.
    Online,
}

impl Way {
    pub(crate) const ALL: [Self; 2] = [Self::Plain, Self::Online];

    fn arguments(self) -> &'static [&'static str] {
        match self {
            Self::Plain => &[],
            Self::Online => &["--online"],
        }
    }
}

/// A server, and the client programs that judge.
pub(crate) struct Judge<'a> {
    pub(crate) scratch: &'a Scratch,
    /// A database of the server that no case is in.
    pub(crate) keeper: DatabaseUrl,
    pub(crate) client: Programs,
}

/// The first programs on this machine that have `psql` and `pg_dump`.
pub(crate) fn client_programs() -> Programs {
    let found = find_programs(&Search::new(Path::new("."), &default_cache_dir()));
    let has_both = |programs: &Programs| {
        programs.program("psql").is_some() && programs.program("pg_dump").is_some()
    };
    found
        .usable
        .into_iter()
        .find(has_both)
        .expect("psql and pg_dump are installed (make test-setup)")
}

impl Judge<'_> {
    /// Judges one direction of a case.
    pub(crate) async fn direction(&self, case: &Path, from: &str, to: &str, way: Way) -> Verdict {
        let current = self.scratch.database().await.unwrap();
        let desired = self.scratch.database().await.unwrap();
        let loaded = self
            .load(current.url(), &case.join(format!("{from}.sql")))
            .and_then(|()| self.load(desired.url(), &case.join(format!("{to}.sql"))));
        let extras = Extras::of(case, from, to);
        let verdict = match loaded {
            Err(why) => Verdict::NotLoaded(why),
            Ok(()) => match self.judge(&extras, current.url(), desired.url(), way) {
                Err(why) => Verdict::Wrong(why),
                Ok(()) => Verdict::Right,
            },
        };
        current.close().await;
        desired.close().await;
        self.drop_roles().unwrap();
        verdict
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
        let plan = diff(current, desired, way, &extras.flags)?;
        if way == Way::Online && plan == diff(current, desired, Way::Plain, &extras.flags)? {
            return Ok(()); // the plain plan is judged already
        }
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), &plan).unwrap();
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
        let again = diff(current, desired, way, &[])?;
        if again.is_empty() {
            Ok(())
        } else {
            Err(format!("a second plan is not empty\n{again}"))
        }
    }

    /// Roles are the cluster's, and the next case makes its own.
    fn drop_roles(&self) -> Result<(), String> {
        let statements = "SELECT format('DROP ROLE %I', rolname) FROM pg_roles \
                          WHERE rolname !~ '^pg_' AND rolname <> current_user";
        let mut psql = self.psql(&self.keeper);
        let listed = output(psql.args(["-At", "-c", statements]))?;
        for statement in listed.lines() {
            output(self.psql(&self.keeper).args(["-c", statement]))?;
        }
        Ok(())
    }

    /// What differs by `pg_dump`. It dumps no server newer than itself: there, the empty second plan has to do.
    fn difference(
        &self,
        current: &DatabaseUrl,
        desired: &DatabaseUrl,
    ) -> Result<Option<String>, String> {
        if self.scratch.server_version_num() / 10_000 > self.client.major() {
            return Ok(None);
        }
        Ok(dump::difference(&self.dump(current)?, &self.dump(desired)?))
    }

    fn load(&self, url: &DatabaseUrl, script: &Path) -> Result<(), String> {
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
                .or_insert_with(|| (oid.to_owned(), BTreeMap::new()));
            columns.insert(column.to_owned(), (number.to_owned(), kind.to_owned()));
        }
        Ok(tables)
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
    fn of(case: &Path, from: &str, to: &str) -> Self {
        let file = |name: String| Some(case.join(name)).filter(|path| path.is_file());
        let flags =
            file(format!("flags_{from}")).map(|path| std::fs::read_to_string(path).unwrap());
        Self {
            seed: file(format!("seed_{from}.sql")),
            flags: flags
                .iter()
                .flat_map(|text| text.lines())
                .map(str::to_owned)
                .collect(),
            rows_before: file(format!("rows_{from}.sql")),
            rows_after: file(format!("rows_{to}.sql")),
        }
    }
}

/// What Aludel would do.
fn diff(
    current: &DatabaseUrl,
    desired: &DatabaseUrl,
    way: Way,
    flags: &[String],
) -> Result<String, String> {
    let mut tool = Command::new(env!("CARGO_BIN_EXE_aludel"));
    tool.args(["diff", "--allow-data-loss"])
        .args(way.arguments())
        .args(flags)
        .args(["--from", &current.to_connection_string()])
        .args(["--to", &desired.to_connection_string()]);
    output(&mut tool)
}

/// Tables and columns that both sides have alike and that are not the same ones afterwards.
fn lost(before: &Tables, wanted: &Tables, after: &Tables) -> Vec<String> {
    let mut names = Vec::new();
    for (table, (oid, columns)) in before {
        let (Some((_, wanted)), Some((after_oid, after))) = (wanted.get(table), after.get(table))
        else {
            continue;
        };
        if oid != after_oid {
            names.push(table.clone());
            continue;
        }
        for (column, (number, kind)) in columns {
            let is_alike = wanted.get(column).is_some_and(|(_, wanted)| wanted == kind);
            if is_alike && after.get(column).is_none_or(|(after, _)| after != number) {
                names.push(format!("{table}.{column}"));
            }
        }
    }
    names
}

fn output(command: &mut Command) -> Result<String, String> {
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
