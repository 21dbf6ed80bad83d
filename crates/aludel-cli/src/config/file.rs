//! The shape of `aludel.toml`. Every key has a default; unknown keys are refused.

use std::collections::BTreeMap;
use std::fmt;
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;
use serde::de::{self, Deserializer, SeqAccess, Visitor};

use crate::config::fault;
use crate::ui::problem::Problem;

/// The whole file.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(crate) struct ConfigFile {
    /// The folder, or folders, of revision files.
    pub(crate) migrations: Option<Folders>,
    /// Tokens of a new revision file's name.
    pub(crate) file_template: Option<String>,
    /// The one schema that generated SQL leaves unqualified, for histories run once per tenant: `$tenant`, or what the
    /// models call it.
    pub(crate) schema: Option<String>,
    pub(crate) models: ModelsSection,
    pub(crate) manage: ManageSection,
    pub(crate) database: DatabaseSection,
    pub(crate) scratch: ScratchSection,
    pub(crate) plan: PlanSection,
    pub(crate) runner: RunnerSection,
    /// Further histories, chosen with `-n`.
    pub(crate) databases: BTreeMap<String, HistorySection>,
    pub(crate) tenants: TenantsSection,
}

/// `[models]`: where the desired schema comes from.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(crate) struct ModelsSection {
    /// The sources, loaded in order.
    pub(crate) sources: Vec<Source>,
    /// The program that runs the project's Python.
    pub(crate) python: Option<String>,
    /// Kinds that Python models speak for beyond tables and what belongs to them.
    pub(crate) entities: Vec<String>,
    /// Schemas that Python models name, and where their tables are meant to be: SQLAlchemy's `schema_translate_map`.
    pub(crate) schema_translate_map: BTreeMap<String, String>,
}

/// One source; exactly one of its keys is given.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(crate) struct Source {
    /// `package.module:attribute` of a declarative base or a metadata.
    pub(crate) sqlalchemy: Option<String>,
    /// A `.sql` file or a folder of them.
    pub(crate) sql: Option<PathBuf>,
    /// A program that prints DDL.
    pub(crate) command: Option<String>,
    /// The URL of a database.
    pub(crate) database: Option<String>,
}

/// `[manage]`: what is compared and what is left alone.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(crate) struct ManageSection {
    /// Only these schemas.
    pub(crate) schemas: Vec<String>,
    /// Not these objects: `kind name`, `*` allowed.
    pub(crate) ignore: Vec<String>,
    /// Whether roles are compared, which are the cluster's.
    pub(crate) roles: bool,
    /// Whether subscriptions are compared.
    pub(crate) subscriptions: bool,
}

/// `[database]`.
#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(crate) struct DatabaseSection {
    pub(crate) url: Option<String>,
    pub(crate) search_path: Option<String>,
    pub(crate) version_table: Option<String>,
    pub(crate) version_schema: Option<String>,
    /// Characters that `version_num` takes in a new version table.
    pub(crate) version_length: Option<usize>,
}

impl fmt::Debug for DatabaseSection {
    /// Leaves the URL out: it may carry a password.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("DatabaseSection")
            .finish_non_exhaustive()
    }
}

/// `[databases.NAME]`: a further history.
#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(crate) struct HistorySection {
    pub(crate) migrations: Option<Folders>,
    pub(crate) url: Option<String>,
    pub(crate) search_path: Option<String>,
    pub(crate) version_table: Option<String>,
    pub(crate) version_schema: Option<String>,
    pub(crate) version_length: Option<usize>,
    /// Whether it stands in the database of the main history, which is run first on scratch.
    pub(crate) same_database: bool,
    pub(crate) schema: Option<String>,
    pub(crate) tenants: TenantsSection,
    pub(crate) models: Option<ModelsSection>,
    pub(crate) manage: Option<ManageSection>,
}

impl fmt::Debug for HistorySection {
    /// Leaves the URL out: it may carry a password.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("HistorySection")
            .finish_non_exhaustive()
    }
}

/// `[scratch]`: the server on which SQL is tried.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(crate) struct ScratchSection {
    pub(crate) engine: Engine,
    pub(crate) major: Option<u32>,
}

/// Which scratch engine.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Engine {
    /// The first that is there: url, native, embedded.
    #[default]
    Auto,
    /// PostgreSQL programs of this machine.
    Native,
    /// The server of `ALUDEL_SCRATCH_URL`.
    Url,
    /// PostgreSQL compiled to WebAssembly.
    Embedded,
}

/// `[plan]`.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(crate) struct PlanSection {
    /// Whether plans take the way that does not block a running application.
    pub(crate) online: bool,
}

impl Default for PlanSection {
    fn default() -> Self {
        Self { online: true }
    }
}

/// `[runner]`: time-outs, as `5s`, `500ms`, `15min`, `1h`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(crate) struct RunnerSection {
    pub(crate) lock_timeout: Option<Span>,
    pub(crate) statement_timeout: Option<Span>,
    /// For what works while others go on: building CONCURRENTLY, validating, filling.
    pub(crate) long_statement_timeout: Option<Span>,
    pub(crate) idle_timeout: Option<Span>,
    /// How long to wait for another Aludel to finish.
    pub(crate) wait_for_lock: Option<Span>,
}

/// `[tenants]`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields, default)]
pub(crate) struct TenantsSection {
    /// The first column of its answer names the schemas.
    pub(crate) query: Option<String>,
    /// How many schemas are worked on at a time.
    pub(crate) jobs: Option<NonZeroUsize>,
}

/// One folder or several.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Folders(pub(crate) Vec<PathBuf>);

impl<'de> Deserialize<'de> for Folders {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct FoldersVisitor;
        impl<'de> Visitor<'de> for FoldersVisitor {
            type Value = Folders;

            fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                formatter.write_str("a folder or a list of folders")
            }

            fn visit_str<E: de::Error>(self, value: &str) -> Result<Folders, E> {
                Ok(Folders(vec![PathBuf::from(value)]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Folders, A::Error> {
                let mut folders = Vec::new();
                while let Some(folder) = access.next_element::<PathBuf>()? {
                    folders.push(folder);
                }
                if folders.is_empty() {
                    return Err(de::Error::invalid_length(0, &"at least one folder"));
                }
                Ok(Folders(folders))
            }
        }
        deserializer.deserialize_any(FoldersVisitor)
    }
}

/// A length of time written with its unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span(pub(crate) Duration);

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        parse_span(&text).map(Span).ok_or_else(|| {
            de::Error::custom(format!(
                "`{text}` is not a length of time such as 5s, 500ms, 15min or 1h"
            ))
        })
    }
}

fn parse_span(text: &str) -> Option<Duration> {
    let text = text.trim();
    let digits = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let number: u64 = text[..digits].parse().ok()?;
    let milliseconds = match text[digits..].trim() {
        "ms" => 1,
        "s" => 1000,
        "min" | "m" => 60_000,
        "h" => 3_600_000,
        "" if number == 0 => 0,
        _ => return None,
    };
    Some(Duration::from_millis(number.checked_mul(milliseconds)?))
}

impl ConfigFile {
    /// Reads the file; `shown` is its path as a person reads it.
    pub(crate) fn read(path: &Path, shown: &str) -> Result<Self, Problem> {
        let text = fs_err::read_to_string(path)
            .map_err(|error| Problem::new("config", error.to_string()))?;
        Self::parse(&text, shown)
    }

    /// Parses the text of the file.
    pub(crate) fn parse(text: &str, shown: &str) -> Result<Self, Problem> {
        let file: Self =
            toml::from_str(text).map_err(|error| fault::explain(&error, text, shown))?;
        let further = file
            .databases
            .values()
            .filter_map(|section| section.models.as_ref());
        for source in further
            .chain([&file.models])
            .flat_map(|models| &models.sources)
        {
            check_source(source, shown)?;
        }
        Ok(file)
    }
}

fn check_source(source: &Source, shown: &str) -> Result<(), Problem> {
    let Source {
        sqlalchemy,
        sql,
        command,
        database,
    } = source;
    let given = [
        sqlalchemy.is_some(),
        sql.is_some(),
        command.is_some(),
        database.is_some(),
    ];
    if given.iter().filter(|given| **given).count() == 1 {
        return Ok(());
    }
    Err(Problem::new("config", format!("{shown}: each entry of [models] sources has exactly one key"))
        .hint("write { sqlalchemy = \"app.models:Base\" }, { sql = \"schema\" }, { command = \"…\" } or { database = \"…\" }"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_example_of_the_design_is_accepted() {
        let text = r#"
migrations = "migrations"
[models]
sources = [{ sqlalchemy = "app.models:Base" }, { sql = "schema" }]
python = "uv run python"
entities = ["policy"]
[manage]
schemas = ["public"]
ignore = ["table public.spatial_ref_sys"]
[database]
url = "postgresql://localhost/app"
search-path = "public"
version-table = "alembic_version"
[scratch]
engine = "auto"
major = 15
[plan]
online = true
[runner]
lock-timeout = "5s"
[databases.analytics]
migrations = "migrations-analytics"
[tenants]
query = "select schema_name from public.tenants"
"#;
        let file = ConfigFile::parse(text, "aludel.toml").unwrap();
        assert_eq!(file.runner.lock_timeout, Some(Span(Duration::from_secs(5))));
        assert_eq!(file.models.sources.len(), 2);
    }

    #[test]
    fn spans_have_units() {
        assert_eq!(parse_span("15min"), Some(Duration::from_mins(15)));
        assert_eq!(parse_span("0"), Some(Duration::ZERO));
        assert_eq!(parse_span("5"), None);
        assert_eq!(parse_span("5 parsecs"), None);
    }
}
