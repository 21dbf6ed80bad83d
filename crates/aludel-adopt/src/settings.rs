//! The settings of a project of Alembic's: `alembic.ini` and the `[tool.alembic]` of a `pyproject.toml`, as one.

use std::path::Path;

use crate::error::AdoptError;
use crate::ini::{Ini, interpolated};

/// The table `[tool.alembic]`.
pub(crate) fn alembic_table(text: &str) -> Option<toml::Table> {
    let table: toml::Table = text.parse().ok()?;
    table.get("tool")?.get("alembic")?.as_table().cloned()
}

/// Whether it is a `pyproject.toml`.
pub(crate) fn is_toml(settings: &Path) -> bool {
    settings
        .extension()
        .is_some_and(|extension| extension == "toml")
}

/// The settings of both kinds of file: what `alembic.ini` does not say, the `pyproject.toml` beside it does.
pub(crate) struct Values {
    pub(crate) ini: Option<Ini>,
    pub(crate) table: toml::Table,
}

impl Values {
    pub(crate) fn read(settings: &Path) -> Result<Self, AdoptError> {
        let text = fs_err::read_to_string(settings)?;
        if is_toml(settings) {
            return Ok(Self {
                ini: None,
                table: alembic_table(&text).unwrap_or_default(),
            });
        }
        let beside = fs_err::read_to_string(settings.with_file_name("pyproject.toml"));
        Ok(Self {
            ini: Some(Ini::parse(&text)),
            table: beside
                .ok()
                .and_then(|text| alembic_table(&text))
                .unwrap_or_default(),
        })
    }

    pub(crate) fn has(&self, section: &str) -> bool {
        match &self.ini {
            Some(ini) => ini.has(section),
            None => section == "alembic",
        }
    }

    /// The sections that stand for a history.
    pub(crate) fn histories(&self) -> Vec<String> {
        let Some(ini) = &self.ini else {
            return Vec::new();
        };
        let mut found = ini.with_any(&["script_location", "version_locations"]);
        found.retain(|name| name != "DEFAULT");
        found
    }

    pub(crate) fn text(&self, section: &str, key: &str, here: &Path) -> Option<String> {
        let here = here.display().to_string();
        let of_ini = self
            .ini
            .as_ref()
            .and_then(|ini| ini.get(section, key, &here));
        let value = match of_ini {
            Some(value) => value,
            None => match self.table.get(key)? {
                toml::Value::String(text) => interpolated(text, &|_| here.clone(), 0),
                other => other.to_string(),
            },
        };
        Some(value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    pub(crate) fn is_true(&self, section: &str, key: &str, here: &Path) -> bool {
        let value = self.text(section, key, here);
        value.is_some_and(|value| value.eq_ignore_ascii_case("true"))
    }

    /// A list, cut at what the file says cuts it, else at white space, commas and colons.
    pub(crate) fn list(&self, section: &str, key: &str, here: &Path) -> Vec<String> {
        let of_ini = self.ini.as_ref().and_then(|ini| ini.get(section, key, ""));
        if of_ini.is_none()
            && let Some(toml::Value::Array(items)) = self.table.get(key)
        {
            let here = here.display().to_string();
            let texts = items.iter().filter_map(toml::Value::as_str);
            return texts
                .map(|text| interpolated(text, &|_| here.clone(), 0))
                .collect();
        }
        let Some(text) = self.text(section, key, here) else {
            return Vec::new();
        };
        let separator = self
            .text(section, "path_separator", here)
            .or_else(|| self.text(section, "version_path_separator", here));
        let cuts: &[char] = match separator.as_deref() {
            Some("os" | ":") => &[':', '\n'],
            Some(";") => &[';', '\n'],
            Some("newline") => &['\n'],
            Some("space") => &[' ', '\n'],
            _ => &[' ', ',', '\n', '\t'],
        };
        let parts = text.split(cuts).map(str::trim);
        parts
            .filter(|part| !part.is_empty())
            .map(str::to_owned)
            .collect()
    }
}
