//! What `init` finds out: where a project's models are, and the settings that differ from the defaults.
//!
//! Nothing is imported or run; files are read. What was found is printed with its reason, so that a
//! person can judge it.

use std::fmt::Write;
use std::path::Path;

use aludel_source::{Candidate, SourceSpec};

/// Where `.sql` schemas usually are.
const SQL_PLACES: [&str; 7] = [
    "schema",
    "schema.sql",
    "models",
    "models.sql",
    "db/schema",
    "db/schema.sql",
    "sql/schema",
];

/// Models that were found, and why they were taken for such.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct FoundModels {
    /// As a person reads it.
    pub(crate) shown: String,
    /// The entry for `[models] sources`.
    pub(crate) entry: String,
    /// What was seen.
    pub(crate) because: String,
}

/// The entry for a source named on the command line.
pub(crate) fn source_of(root: &Path, model: &str) -> FoundModels {
    let path = Path::new(model);
    let is_path =
        path.extension().is_some_and(|extension| extension == "sql") || root.join(path).is_dir();
    let key = if is_path { "sql" } else { "sqlalchemy" };
    found(key, model, "given".to_owned())
}

/// Looks for models: Python first, then the usual places of `.sql` schemas; the likeliest alone.
pub(crate) fn find_models(root: &Path) -> Option<FoundModels> {
    let python = aludel_source::discover(root)
        .into_iter()
        .find_map(|candidate| {
            let Candidate {
                spec: SourceSpec::Sqlalchemy(spec),
                reason,
            } = candidate
            else {
                return None;
            };
            Some(found("sqlalchemy", &spec, reason))
        });
    python.or_else(|| {
        let place = SQL_PLACES
            .into_iter()
            .find(|place| holds_sql(&root.join(place)))?;
        Some(found("sql", place, "holds .sql".to_owned()))
    })
}

/// The text of `aludel.toml`: only what differs from the defaults.
pub(crate) fn settings_text(
    directory: &Path,
    sources: &[FoundModels],
    major: Option<u32>,
) -> String {
    let mut text = String::from("# Settings of Aludel. Everything left out has its default.\n");
    if directory != Path::new("migrations") {
        let _ = writeln!(
            text,
            "migrations = {}",
            toml_string(&directory.display().to_string())
        );
    }
    let entries: Vec<&str> = sources.iter().map(|source| source.entry.as_str()).collect();
    let _ = write!(text, "\n[models]\nsources = [{}]\n", entries.join(", "));
    if let Some(major) = major {
        let _ = write!(
            text,
            "\n[scratch]\nmajor = {major} # the major version of PostgreSQL that SQL is tried on\n"
        );
    }
    text
}

fn found(key: &str, value: &str, because: String) -> FoundModels {
    FoundModels {
        shown: value.to_owned(),
        entry: format!("{{ {key} = {} }}", toml_string(value)),
        because,
    }
}

/// A text as TOML writes it.
pub(crate) fn toml_string(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

fn holds_sql(path: &Path) -> bool {
    let is_sql = |path: &Path| path.extension().is_some_and(|extension| extension == "sql");
    if path.is_file() {
        return is_sql(path);
    }
    fs_err::read_dir(path).is_ok_and(|entries| entries.flatten().any(|entry| is_sql(&entry.path())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::file::ConfigFile;

    #[test]
    fn only_what_differs_is_written() {
        let text = settings_text(Path::new("migrations"), &[], None);
        assert!(!text.contains("migrations ="), "{text}");
        assert!(settings_text(Path::new("db"), &[], None).contains("migrations = \"db\""));
    }

    #[test]
    fn what_is_written_is_read() {
        let sources = [found("sql", "a \"quoted\" place", String::new())];
        let text = settings_text(Path::new("db"), &sources, Some(15));
        let file = ConfigFile::parse(&text, "aludel.toml").unwrap();
        assert_eq!(file.scratch.major, Some(15));
        assert_eq!(
            file.models.sources[0].sql.as_deref(),
            Some(Path::new("a \"quoted\" place"))
        );
    }
}
