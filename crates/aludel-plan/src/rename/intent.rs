//! What somebody said: two names, and perhaps the kind of what has them.

use aludel_catalog::identifier::quote;
use aludel_sql::Origin;

/// A rename as it was said on the command line, in a file of answers or in the models.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Intent {
    /// The kind in PostgreSQL's words.
    pub kind: Option<String>,
    /// The old name.
    pub from: Name,
    /// The new name, or its last part alone.
    pub to: Name,
    /// Where the models say it; `None` for what was said for this one time.
    pub origin: Option<Origin>,
}

/// A dotted name (`public.users.name`), its schema optional, perhaps with argument types behind it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Name {
    /// The parts, unquoted; never empty.
    pub parts: Vec<String>,
    /// What stands in parentheses behind them.
    pub arguments: Option<String>,
}

impl Intent {
    /// Reads `old:new` or `kind:old:new`; names are dotted, and quoted where SQL would quote them.
    pub fn parse(text: &str) -> Option<Self> {
        let parts = split(text, ':');
        let (kind, from, to) = match parts.as_slice() {
            [from, to] => (None, from, to),
            [kind, from, to] => (Some(kind.trim().to_owned()), from, to),
            _ => return None,
        };
        let is_said = |text: &String| !text.trim().is_empty();
        (is_said(from) && is_said(to)).then(|| Self {
            kind,
            from: Name::parse(from),
            to: Name::parse(to),
            origin: None,
        })
    }

    /// Returns the text that [`Intent::parse`] reads.
    pub fn text(&self) -> String {
        let kind = self.kind.iter().map(|kind| format!("{kind}:"));
        kind.chain([self.from.text(), ":".to_owned(), self.to.text()])
            .collect()
    }

    /// Returns the same with old and new turned round.
    #[must_use]
    pub fn reversed(&self) -> Self {
        // What is said of the new name alone stands where the old one stood.
        let (old, new) = (&self.from.parts, &self.to.parts);
        let missing = old.len().saturating_sub(new.len());
        let mut from = self.to.clone();
        from.parts = old[..missing].iter().chain(new).cloned().collect();
        Self {
            kind: self.kind.clone(),
            from,
            to: self.from.clone(),
            origin: self.origin.clone(),
        }
    }

    /// Returns whether the kind that was said, if any, means `word`.
    pub fn is_of(&self, word: &str) -> bool {
        let Some(kind) = &self.kind else {
            return true;
        };
        let plain = |text: &str| text.to_lowercase().replace(['-', '_'], " ");
        let (said, word) = (plain(kind), plain(word));
        let said = match said.as_str() {
            "procedure" | "routine" => "function",
            "value" => "enum value",
            "foreign table" => "table",
            "materialised view" => "materialized view",
            "statistics" => "statistics object",
            "check" | "unique" | "primary key" => "constraint",
            said => said,
        };
        let types = ["enum", "composite type", "range type", "domain"];
        said == word
            || said == "type" && types.contains(&word.as_str())
            || said == "constraint" && matches!(word.as_str(), "foreign key" | "domain constraint")
    }
}

impl Name {
    /// Reads a dotted name, unquoting its parts. A part without quotes stays as it is, capitals and all.
    pub fn parse(text: &str) -> Self {
        let text = text.trim();
        let (name, arguments) = match outside_quotes(text, '(') {
            Some(open) => {
                let inner = text[open + 1..].trim_end().trim_end_matches(')');
                (&text[..open], Some(inner.trim().to_owned()))
            }
            None => (text, None),
        };
        let parts = split(name, '.');
        Self {
            parts: parts.iter().map(|part| unquoted(part.trim())).collect(),
            arguments,
        }
    }

    /// Returns the name as SQL.
    pub fn text(&self) -> String {
        let parts: Vec<_> = self.parts.iter().map(|part| quote(part)).collect();
        let arguments = self
            .arguments
            .iter()
            .map(|arguments| format!("({arguments})"));
        parts.join(".") + &arguments.collect::<String>()
    }

    /// Returns the last part.
    pub fn last(&self) -> &str {
        self.parts.last().map_or("", String::as_str)
    }

    /// Returns whether these are the name's parts, the first of them optional when it is the default schema.
    pub(crate) fn is(&self, parts: &[&str], default_schema: &str) -> bool {
        let parts: Vec<&str> = parts
            .iter()
            .copied()
            .filter(|part| !part.is_empty())
            .collect();
        self.parts == parts
            || parts.len() > 1 && parts[0] == default_schema && self.parts == parts[1..]
    }
}

fn unquoted(part: &str) -> String {
    let inner = part
        .strip_prefix('"')
        .and_then(|part| part.strip_suffix('"'));
    inner.map_or_else(|| part.to_owned(), |inner| inner.replace("\"\"", "\""))
}

fn outside_quotes(text: &str, wanted: char) -> Option<usize> {
    let mut quoted = false;
    text.find(|character| {
        quoted ^= character == '"';
        character == wanted && !quoted
    })
}

/// Splits at a character that stands outside double quotes and parentheses.
fn split(text: &str, separator: char) -> Vec<String> {
    let (mut parts, mut quoted, mut depth) = (vec![String::new()], false, 0_u32);
    for character in text.chars() {
        match character {
            '"' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
        if character == separator && !quoted && depth == 0 {
            parts.push(String::new());
        } else if let Some(part) = parts.last_mut() {
            part.push(character);
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_intent_has_two_names_and_perhaps_a_kind() {
        let intent = Intent::parse("column:public.users.\"Na:me\":full_name").unwrap();
        assert_eq!(intent.kind.as_deref(), Some("column"));
        assert_eq!(intent.from.parts, ["public", "users", "Na:me"]);
        assert_eq!(intent.to.parts, ["full_name"]);
        assert_eq!(intent.text(), "column:public.users.\"Na:me\":full_name");
        assert_eq!(
            intent.reversed().text(),
            "column:public.users.full_name:public.users.\"Na:me\""
        );
        let overload = Intent::parse("app.f(public.status, \"a:b\".c):g").unwrap();
        assert_eq!(overload.from.parts, ["app", "f"]);
        assert_eq!(
            overload.from.arguments.as_deref(),
            Some("public.status, \"a:b\".c")
        );
        assert_eq!(Intent::parse("nonsense"), None);
        assert_eq!(Intent::parse("users:"), None);
    }

    #[test]
    fn kinds_may_be_said_in_several_ways() {
        let said = |kind: &str| Intent::parse(&format!("{kind}:a:b")).unwrap();
        assert!(said("enum-value").is_of("enum value"));
        assert!(said("type").is_of("domain"));
        assert!(said("constraint").is_of("foreign key"));
        assert!(said("materialised view").is_of("materialized view"));
        assert!(!said("table").is_of("view"));
    }

    #[test]
    fn the_default_schema_need_not_be_said() {
        let name = Name::parse("users.name");
        assert!(name.is(&["public", "users", "name"], "public"));
        assert!(!name.is(&["app", "users", "name"], "public"));
        assert!(name.is(&["users", "name"], "public"));
    }
}
