//! Whether a change of a column's type narrows it: the only loss that the text of a statement cannot tell.

use std::collections::BTreeMap;

use aludel_catalog::identifier::{literal, quote};
use aludel_catalog::type_change::loses;
use aludel_postgres::{Session, StatementError};
use aludel_sql::{Hazard, Loss, TypeChange, replaced_values};

/// The types of columns as the server has them, and as the statements walked so far leave them.
#[derive(Clone, Debug, Default)]
pub(crate) struct ColumnTypes {
    types: BTreeMap<(String, String), ColumnType>,
}

#[derive(Clone, Debug)]
struct ColumnType {
    name: String,
    /// An enum's labels are kept by `text`.
    is_enum: bool,
    /// The enum that it is, or that its lists or domains are of.
    enum_name: Option<String>,
}

/// The enum behind a column's type, through domains and lists.
const BEHIND: &str = "WITH RECURSIVE behind (oid) AS ( \
         VALUES (attribute.atttypid) UNION ALL \
         SELECT CASE type.typtype WHEN 'd' THEN type.typbasetype ELSE type.typelem END \
         FROM behind JOIN pg_catalog.pg_type AS type ON type.oid = behind.oid \
         WHERE type.typtype = 'd' OR type.typelem <> 0) \
     SELECT pg_catalog.quote_ident(home.nspname) || '.' || pg_catalog.quote_ident(type.typname) \
     FROM behind JOIN pg_catalog.pg_type AS type ON type.oid = behind.oid \
     JOIN pg_catalog.pg_namespace AS home ON home.oid = type.typnamespace WHERE type.typtype = 'e'";

/// What is known of a change of type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Judgement {
    /// Every value is kept.
    Keeps,
    /// Values may change or be refused; the text says from what to what.
    Loses(String),
    /// Rows get another value instead of these of an enum: each as the hazard's object, and alone.
    Replaces(Vec<(String, String)>),
    /// The column is not there yet.
    Unknown,
}

impl ColumnTypes {
    /// Asks the server for the types of the columns that the changes name.
    pub(crate) async fn read(
        session: &Session,
        search_path: &str,
        changes: &[TypeChange],
    ) -> Result<Self, StatementError> {
        if changes.is_empty() {
            return Ok(Self::default());
        }
        // Which words need quotes is another question for each major version of the server.
        let wanted = changes.iter().map(|change| {
            let parts = [&change.table, &change.column, &bare(&change.column)];
            format!("({})", parts.map(|part| literal(part)).join(", "))
        });
        let query = format!(
            "SELECT pg_catalog.set_config('search_path', {}, true); \
             SELECT DISTINCT wanted.relation, wanted.name, \
                 pg_catalog.format_type(attribute.atttypid, attribute.atttypmod), type.typtype = 'e', \
                 ({BEHIND}) \
             FROM (VALUES {}) AS wanted (relation, name, bare) \
             JOIN pg_catalog.pg_attribute AS attribute \
                 ON attribute.attrelid = pg_catalog.to_regclass(wanted.relation) \
                 AND attribute.attname IN (wanted.name, wanted.bare) \
             JOIN pg_catalog.pg_type AS type ON type.oid = attribute.atttypid",
            literal(search_path),
            wanted.collect::<Vec<_>>().join(", "),
        );
        let sets = session.row_sets(&query).await?;
        let mut types = BTreeMap::new();
        for row in sets.last().map(Vec::as_slice).unwrap_or_default() {
            let column = ColumnType {
                name: row.text(2).to_owned(),
                is_enum: row.text(3) == "t",
                enum_name: row.get(4).map(str::to_owned),
            };
            types.insert((row.text(0).to_owned(), row.text(1).to_owned()), column);
        }
        Ok(Self { types })
    }

    /// Takes note that a table or a column is gone: what comes under its name is another one.
    pub(crate) fn forget(&mut self, loss: &Loss) {
        let bare = |name: &str| name.rsplit('.').next().unwrap_or_default().to_owned();
        self.types.retain(|(table, column), _| match loss.hazard {
            Hazard::DropTable => bare(table) != bare(&loss.object),
            Hazard::DropColumn => {
                let lost = loss.object.rsplit_once('.').unwrap_or_default();
                bare(table) != bare(lost.0) || column != lost.1
            }
            _ => true,
        });
    }

    /// Judges a change and takes note of the type that the column has afterwards.
    pub(crate) fn judge(&mut self, change: &TypeChange) -> Judgement {
        let key = (change.table.clone(), change.column.clone());
        let new = ColumnType {
            name: canonical(&change.new_type),
            is_enum: false,
            enum_name: None,
        };
        let Some(old) = self.types.insert(key.clone(), new) else {
            self.types.remove(&key);
            return Judgement::Unknown;
        };
        let Some(steps) = casts(change) else {
            let using = change.using.as_deref().unwrap_or_default();
            if let (Some(name), Some(values)) =
                (&old.enum_name, replaced_values(using, &change.column))
            {
                let named = |value: String| (format!("{name}.{}", quote(&value)), value);
                return Judgement::Replaces(values.into_iter().map(named).collect());
            }
            return Judgement::Loses(format!("{} is computed: USING {using}", change.column));
        };
        if is_made_again(&old.name, &steps) {
            return Judgement::Keeps;
        }
        let mut from = old.name.clone();
        let mut is_enum = old.is_enum;
        for to in steps {
            if narrows(&from, is_enum, &to) {
                return Judgement::Loses(format!("from {} to {}", old.name, change.new_type));
            }
            from = to;
            is_enum = false;
        }
        Judgement::Keeps
    }
}

/// A name without its quotes.
fn bare(name: &str) -> String {
    let inside = name
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    inside.map_or_else(|| name.to_owned(), |inside| inside.replace("\"\"", "\""))
}

/// Returns whether the values go through their text to a type of the same name: one that was made again under it. What
/// it does not have is refused by the server, nothing is changed silently.
fn is_made_again(old: &str, steps: &[String]) -> bool {
    let bare = |name: &str| name.rsplit('.').next().unwrap_or_default().to_owned();
    match steps {
        [text, again @ ..] if !again.is_empty() => {
            matches!(text.as_str(), "text" | "text[]")
                && again.iter().all(|name| bare(name) == bare(old))
        }
        _ => false,
    }
}

fn narrows(old: &str, old_is_enum: bool, new: &str) -> bool {
    let keeps_labels = matches!(new, "text" | "character varying");
    loses(old, new) && !(old_is_enum && keeps_labels)
}

/// Returns the types that a value passes through, the new one last; `None` when `USING` is more than casts.
fn casts(change: &TypeChange) -> Option<Vec<String>> {
    let mut steps = Vec::new();
    if let Some(using) = &change.using {
        let mut parts = using.split("::");
        let name = parts
            .next()?
            .trim()
            .trim_matches(|letter| matches!(letter, '(' | ')' | ' '));
        let name = name.trim_matches('"');
        if !name.eq_ignore_ascii_case(change.column.trim_matches('"')) {
            return None;
        }
        for part in parts {
            let part = part.trim();
            // A type, and nothing that follows it: an operator or a call would change values.
            let is_type = |letter: char| letter.is_alphanumeric() || " _(),.\"[]".contains(letter);
            let closed = part.matches('(').count() == part.matches(')').count();
            if !part.chars().all(is_type) || !closed {
                return None;
            }
            steps.push(canonical(part));
        }
    }
    steps.push(canonical(&change.new_type));
    Some(steps)
}

/// Returns a built-in type's name as `format_type` writes it, as far as `loses` tells types apart by it.
fn canonical(name: &str) -> String {
    let lower = name
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .to_ascii_lowercase();
    let lower = lower.strip_prefix("pg_catalog.").unwrap_or(&lower);
    let (rest, array) = match lower.strip_suffix("[]") {
        Some(rest) => (rest.trim_end(), "[]"),
        None => (lower, ""),
    };
    let (base, size) = match (rest.find('('), rest.find(')')) {
        (Some(open), Some(close)) if open < close => {
            let base = format!(
                "{} {}",
                rest[..open].trim_end(),
                rest[close + 1..].trim_start()
            );
            let size = rest[open..=close].replace(' ', "");
            (base.trim_end().to_owned(), size)
        }
        _ => (rest.to_owned(), String::new()),
    };
    let base = match base.as_str() {
        "varchar" | "char varying" => "character varying",
        "char" | "bpchar" => "character",
        "int" | "int4" => "integer",
        "int2" => "smallint",
        "int8" => "bigint",
        "decimal" | "dec" => "numeric",
        "float4" => "real",
        "float8" | "float" => "double precision",
        "bool" => "boolean",
        "timestamptz" => "timestamp with time zone",
        "timestamp" => "timestamp without time zone",
        "timetz" => "time with time zone",
        "time" => "time without time zone",
        "varbit" => "bit varying",
        other => other,
    };
    format!("{base}{size}{array}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(new_type: &str, using: Option<&str>) -> TypeChange {
        TypeChange {
            table: "t".to_owned(),
            column: "c".to_owned(),
            new_type: new_type.to_owned(),
            using: using.map(str::to_owned),
        }
    }

    fn judge(old: &str, is_enum: bool, change: &TypeChange) -> Judgement {
        let column = ColumnType {
            name: old.to_owned(),
            is_enum,
            enum_name: is_enum.then(|| format!("public.{old}")),
        };
        let types = BTreeMap::from([(("t".to_owned(), "c".to_owned()), column)]);
        ColumnTypes { types }.judge(change)
    }

    #[test]
    fn types_are_judged_by_what_the_server_has() {
        for (old, new, using, keeps) in [
            ("character varying(200)", "varchar(300)", None, true),
            ("character varying(300)", "VARCHAR(200)", None, false),
            ("integer", "int8", None, true),
            ("bigint", "INT", None, false),
            ("numeric(10,2)", "decimal(12, 2)", None, true),
            ("timestamp(3) with time zone", "timestamptz", None, true),
            (
                "timestamp with time zone",
                "timestamp(3) with time zone",
                None,
                false,
            ),
            ("integer", "bigint", Some("c::bigint"), true),
            ("integer", "bigint", Some("c::smallint::bigint"), false),
            ("integer", "bigint", Some("c * 2"), false),
            ("integer", "bigint", Some("\"c\""), true),
            ("integer", "text", Some("coalesce(c, 0)::text"), false),
        ] {
            let judged = judge(old, false, &change(new, using));
            assert_eq!(
                judged == Judgement::Keeps,
                keeps,
                "{old} {new} {using:?}: {judged:?}"
            );
        }
        assert_eq!(judge("mood", true, &change("text", None)), Judgement::Keeps);
        let again = change("public.mood", Some("c::text::public.mood"));
        assert_eq!(judge("mood", true, &again), Judgement::Keeps);
        let mapped = change(
            "public.mood",
            Some("(CASE c::text WHEN 'So so' THEN 'ok' ELSE c::text END)::public.mood"),
        );
        assert_eq!(
            judge("mood", true, &mapped),
            Judgement::Replaces(vec![(
                "public.mood.\"So so\"".to_owned(),
                "So so".to_owned()
            )])
        );
        assert!(matches!(judge("text", false, &mapped), Judgement::Loses(_)));
        let again = change("public.mood[]", Some("c::text[]::public.mood[]"));
        assert_eq!(judge("mood[]", false, &again), Judgement::Keeps);
        assert_ne!(
            judge(
                "feeling",
                true,
                &change("public.mood", Some("c::text::public.mood"))
            ),
            Judgement::Keeps
        );
        assert_ne!(
            judge("text", false, &change("mood", None)),
            Judgement::Keeps
        );
    }

    #[test]
    fn a_column_that_is_not_there_cannot_be_judged() {
        let mut types = ColumnTypes::default();
        assert_eq!(types.judge(&change("text", None)), Judgement::Unknown);
    }
}
