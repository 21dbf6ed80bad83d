//! As much of Python's `configparser` as an `alembic.ini` needs: sections, values over several lines, `%(name)s`.

use std::collections::BTreeMap;

/// Some editors begin a file with it.
const BYTE_ORDER_MARK: char = '\u{feff}';

/// The sections of a file, with their keys in lower case.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ini {
    sections: BTreeMap<String, BTreeMap<String, String>>,
}

impl Ini {
    /// Reads a text; what is no section and no key is left out.
    pub(crate) fn parse(text: &str) -> Self {
        let mut ini = Self::default();
        let mut section = String::new();
        let mut key: Option<String> = None;
        for line in text.trim_start_matches(BYTE_ORDER_MARK).lines() {
            let bare = line.trim();
            if bare.is_empty() || bare.starts_with(['#', ';']) {
                continue;
            }
            let goes_on = line.starts_with([' ', '\t']);
            if goes_on && let Some(key) = &key {
                let value = ini.sections.entry(section.clone()).or_default();
                let value = value.entry(key.clone()).or_default();
                value.push('\n');
                value.push_str(bare);
            } else if let Some(name) = bare
                .strip_prefix('[')
                .and_then(|rest| rest.strip_suffix(']'))
            {
                name.clone_into(&mut section);
                ini.sections.entry(section.clone()).or_default();
                key = None;
            } else if let Some((name, value)) = bare.split_once(['=', ':']) {
                let name = name.trim().to_lowercase();
                let values = ini.sections.entry(section.clone()).or_default();
                values.insert(name.clone(), value.trim().to_owned());
                key = Some(name);
            }
        }
        ini
    }

    /// Whether the section is there.
    pub(crate) fn has(&self, section: &str) -> bool {
        self.sections.contains_key(section)
    }

    /// The sections in which one of the keys has a value of their own.
    pub(crate) fn with_any(&self, keys: &[&str]) -> Vec<String> {
        let sections = self.sections.iter();
        sections
            .filter(|(_, values)| keys.iter().any(|key| values.contains_key(*key)))
            .map(|(name, _)| name.clone())
            .collect()
    }

    /// The value of a key, `%(name)s` replaced by other values of the section, `here` by the file's folder; what has no value
    /// stays as it is.
    pub(crate) fn get(&self, section: &str, key: &str, here: &str) -> Option<String> {
        let defaults = self.sections.get("DEFAULT");
        let find = |key: &str| {
            let own = self
                .sections
                .get(section)
                .and_then(|values| values.get(key));
            own.or_else(|| defaults.and_then(|values| values.get(key)))
        };
        let named = |name: &str| match name {
            "here" => here.to_owned(),
            _ => find(&name.to_lowercase())
                .cloned()
                .unwrap_or_else(|| format!("%({name})s")),
        };
        Some(interpolated(find(key)?, &named, 0))
    }
}

/// A value with its `%(name)s` replaced, and `%%` as the `%` it stands for.
pub(crate) fn interpolated(value: &str, named: &dyn Fn(&str) -> String, depth: u32) -> String {
    const DEEPEST: u32 = 8;
    let mut text = String::with_capacity(value.len());
    let mut rest = value;
    while let Some((before, after)) = rest.split_once('%') {
        text.push_str(before);
        if let Some(after) = after.strip_prefix('%') {
            text.push('%');
            rest = after;
        } else if let Some((name, after)) = after
            .strip_prefix('(')
            .and_then(|name| name.split_once(")s"))
            && depth < DEEPEST
        {
            text.push_str(&interpolated(&named(name), named, depth + 1));
            rest = after;
        } else {
            text.push('%');
            rest = after;
        }
    }
    text + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_go_on_and_refer_to_others() {
        let ini = Ini::parse(
            "[alembic]\n# a comment\nscript_location = %(here)s/db\nversion_locations =\n    %(here)s/a\n    \
             %(here)s/b\nSQLAlchemy.url: driver://u:p%%40@h/d\nfile_template = %%(rev)s_%%(slug)s\n[loggers]\n",
        );
        assert_eq!(
            ini.get("alembic", "script_location", "/p").as_deref(),
            Some("/p/db")
        );
        assert_eq!(
            ini.get("alembic", "version_locations", "/p").as_deref(),
            Some("\n/p/a\n/p/b")
        );
        assert_eq!(
            ini.get("alembic", "sqlalchemy.url", "/p").as_deref(),
            Some("driver://u:p%40@h/d")
        );
        assert_eq!(
            ini.get("alembic", "file_template", "/p").as_deref(),
            Some("%(rev)s_%(slug)s")
        );
    }
}
