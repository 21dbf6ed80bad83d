//! Which database a command works on, and what said so.

use std::fmt;

use crate::config::Project;
use crate::config::environment::Origin;

/// What stands in the place of a URL that an Alembic `env.py` knows.
const ASK_ENV: &str = "env";

/// What named the database.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum UrlSource {
    /// `--database-url`.
    Flag,
    /// A variable of the environment.
    Environment(String),
    /// A variable of the project's `.env`.
    DotEnv(String),
    /// `url` in the settings file, with the file and the section.
    File(String, String),
    /// An Alembic `env.py`, as `url = "env"` in the settings file asks for.
    Env(String),
    /// Nothing: the local database in `.aludel/pgdata`; of a further history, the variable that could say another.
    Local(Option<String>),
}

impl fmt::Display for UrlSource {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag => formatter.write_str("--database-url"),
            Self::Environment(name) => write!(formatter, "{name} in the environment"),
            Self::DotEnv(name) => write!(formatter, "{name} in .env"),
            Self::File(file, section) => write!(formatter, "url in [{section}] of {file}"),
            Self::Env(section) => write!(formatter, "env.py, as url = \"env\" in [{section}] says"),
            Self::Local(None) => formatter.write_str("the local database, as no URL is set"),
            Self::Local(Some(variable)) => {
                write!(
                    formatter,
                    "the local database, as neither url nor {variable} is set"
                )
            }
        }
    }
}

impl UrlSource {
    /// Whether it is the local database.
    pub(crate) fn is_local(&self) -> bool {
        matches!(self, Self::Local(_))
    }
}

/// The URL as it was written, and what said so; `None` means that of `env.py`, or the local database.
pub(crate) fn choose(project: &Project, flag: Option<&str>) -> (Option<String>, UrlSource) {
    if let Some(url) = flag {
        return (Some(url.to_owned()), UrlSource::Flag);
    }
    let variable = variable_name(project.database_of.as_deref());
    if let Some((url, origin)) = project.environment.get(&variable) {
        let source = match origin {
            Origin::Environment => UrlSource::Environment(variable),
            Origin::DotEnv => UrlSource::DotEnv(variable),
        };
        return (Some(url), source);
    }
    if let Some(url) = &project.database.url {
        let file = project
            .config_path
            .as_deref()
            .map_or_else(String::new, |path| project.shown(path));
        let section = project
            .database_of
            .as_ref()
            .map_or_else(|| "database".to_owned(), |name| format!("databases.{name}"));
        if url == ASK_ENV {
            return (None, UrlSource::Env(section));
        }
        return (Some(url.clone()), UrlSource::File(file, section));
    }
    let further = project.database_of.is_some().then_some(variable);
    (None, UrlSource::Local(further))
}

/// `DATABASE_URL`, or for a further history `NAME_DATABASE_URL`: the one must never stand in for the other.
fn variable_name(name: Option<&str>) -> String {
    match name {
        None => "DATABASE_URL".to_owned(),
        Some(name) => {
            let upper: String = name
                .chars()
                .map(|c| {
                    if c.is_ascii_alphanumeric() {
                        c.to_ascii_uppercase()
                    } else {
                        '_'
                    }
                })
                .collect();
            format!("{upper}_DATABASE_URL")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_named_history_has_a_variable_of_its_own() {
        assert_eq!(variable_name(None), "DATABASE_URL");
        assert_eq!(
            variable_name(Some("analytics-eu")),
            "ANALYTICS_EU_DATABASE_URL"
        );
    }
}
