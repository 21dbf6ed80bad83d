//! Variables of the environment and of the project's `.env`.

use std::collections::BTreeMap;
use std::path::Path;

use crate::ui::problem::Problem;

/// Where a variable's value came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The environment of the process.
    Environment,
    /// The project's `.env` file.
    DotEnv,
}

/// The process's variables, and behind them those of `.env`.
#[derive(Clone, Default)]
pub(crate) struct Environment {
    dot_env: BTreeMap<String, String>,
}

impl std::fmt::Debug for Environment {
    /// Names only: the values may be secrets.
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_set().entries(self.dot_env.keys()).finish()
    }
}

impl Environment {
    /// Reads the project's `.env`, if there is one.
    pub(crate) fn read(root: &Path) -> Result<Self, Problem> {
        let path = root.join(".env");
        if !path.is_file() {
            return Ok(Self::default());
        }
        let bytes =
            fs_err::read(&path).map_err(|error| Problem::new("config", error.to_string()))?;
        Ok(Self {
            dot_env: parse(&String::from_utf8_lossy(&bytes)),
        })
    }

    /// The variable's value, unless empty, and where it came from.
    pub(crate) fn get(&self, name: &str) -> Option<(String, Origin)> {
        if let Some(value) = std::env::var_os(name).and_then(|value| value.into_string().ok())
            && !value.is_empty()
        {
            return Some((value, Origin::Environment));
        }
        let value = self.dot_env.get(name).filter(|value| !value.is_empty())?;
        Some((value.clone(), Origin::DotEnv))
    }
}

/// `KEY=value`, `export KEY="value"`, comments; lines that are none of these are left alone.
fn parse(text: &str) -> BTreeMap<String, String> {
    let mut variables = BTreeMap::new();
    for line in text.lines() {
        let line = line.trim();
        let line = line.strip_prefix("export ").unwrap_or(line);
        let Some((key, value)) = line.split_once('=') else {
            continue;
        };
        let key = key.trim();
        if key.is_empty() || !key.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
            continue;
        }
        variables.insert(key.to_owned(), unquote(value.trim()));
    }
    variables
}

fn unquote(value: &str) -> String {
    for quote in ['"', '\''] {
        if let Some(rest) = value.strip_prefix(quote)
            && let Some(end) = rest.find(quote)
        {
            return rest[..end].to_owned();
        }
    }
    match value.find(" #") {
        Some(comment) => value[..comment].trim_end().to_owned(),
        None => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dot_env_forms() {
        let read = parse(
            "# c\nA=1\nexport B=\"two # 2\"\nC='3'\nD=4 # four\nnot a line\nURL=postgresql://u:p@h/d?a=b\n",
        );
        let read: Vec<(&str, &str)> = read
            .iter()
            .map(|(key, value)| (key.as_str(), value.as_str()))
            .collect();
        assert_eq!(
            read,
            [
                ("A", "1"),
                ("B", "two # 2"),
                ("C", "3"),
                ("D", "4"),
                ("URL", "postgresql://u:p@h/d?a=b")
            ]
        );
    }
}
