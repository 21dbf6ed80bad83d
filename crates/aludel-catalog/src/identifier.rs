//! Names in SQL text: the only code that quotes an identifier or a literal.

use std::borrow::Cow;

/// Words that PostgreSQL does not accept as a bare column or table name, and the type words whose bare use as a
/// name reads wrongly (`pg_get_keywords()` of 14 to 18, categories R, T and C).
const KEYWORDS: &str = " all analyse analyze and any array as asc asymmetric authorization between bigint binary bit \
boolean both case cast char character check coalesce collate collation column concurrently constraint create cross \
current_catalog current_date current_role current_schema current_time current_timestamp current_user dec decimal \
default deferrable desc distinct do else end except exists extract false fetch float for foreign freeze from full \
grant greatest group grouping having ilike in initially inner inout int integer intersect interval into is isnull \
join json json_array json_arrayagg json_exists json_object json_objectagg json_query json_scalar json_serialize \
json_table json_value lateral leading least left like limit localtime localtimestamp merge_action national natural \
nchar none normalize not notnull null nullif numeric offset on only or order out outer overlaps overlay placing \
position precision primary real references returning right row select session_user setof similar smallint some \
substring symmetric system_user table tablesample then time timestamp to trailing treat trim true union unique user \
using values varchar variadic verbose when where window with xmlattributes xmlconcat xmlelement xmlexists xmlforest \
xmlnamespaces xmlparse xmlpi xmlroot xmlserialize xmltable ";

/// Returns `name` as SQL, quoted only when it must be.
pub fn quote(name: &str) -> Cow<'_, str> {
    let plain = name
        .bytes()
        .next()
        .is_some_and(|first| first.is_ascii_lowercase() || first == b'_')
        && name
            .bytes()
            .all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_')
        && !KEYWORDS.contains(&format!(" {name} "));
    if plain {
        Cow::Borrowed(name)
    } else {
        Cow::Owned(format!("\"{}\"", name.replace('"', "\"\"")))
    }
}

/// Returns `schema.name`, or the name alone for what stands in no schema.
pub fn qualified(schema: &str, name: &str) -> String {
    if schema.is_empty() {
        quote(name).into_owned()
    } else {
        format!("{}.{}", quote(schema), quote(name))
    }
}

/// Returns a string literal that reads the same whatever `standard_conforming_strings` says.
pub fn literal(text: &str) -> String {
    let escaped = text.replace('\'', "''");
    if escaped.contains('\\') {
        format!("E'{}'", escaped.replace('\\', "\\\\"))
    } else {
        format!("'{escaped}'")
    }
}

/// Returns the name behind the schema of a qualified name.
pub(crate) fn last_part(name: &str) -> &str {
    let mut quoted = false;
    let dot = name.find(|character| {
        quoted ^= character == '"';
        character == '.' && !quoted
    });
    dot.map_or(name, |dot| &name[dot + 1..])
}

/// Returns the names as a comma-separated list of identifiers.
pub fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    names.into_iter().map(quote).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_only_when_they_must_be() {
        for (name, sql) in [
            ("users", "users"),
            ("_x1", "_x1"),
            ("order", "\"order\""),
            ("User", "\"User\""),
            ("two words", "\"two words\""),
            ("say \"hi\"", "\"say \"\"hi\"\"\""),
            ("🧪", "\"🧪\""),
            ("1st", "\"1st\""),
            ("", "\"\""),
        ] {
            assert_eq!(quote(name), sql);
        }
    }

    #[test]
    fn literals_survive_quotes_and_backslashes() {
        assert_eq!(literal("it's"), "'it''s'");
        assert_eq!(literal("a\\b"), "E'a\\\\b'");
    }
}
