//! What a column's values become when an enum in its type loses some of them.

use crate::identifier::{literal, quote};

/// Values that are replaced while the column moves to a type made again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ValueMap {
    /// The enum, as hazards name it.
    pub enum_type: String,
    /// The old values and the new ones.
    pub pairs: Vec<(String, String)>,
    /// Whether the column holds lists of them.
    pub array: bool,
    /// The attributes that hold them, when the column is of a composite type.
    pub attributes: Vec<String>,
}

impl ValueMap {
    /// Returns one that replaces nothing yet.
    pub fn of(array: bool) -> Self {
        Self {
            array,
            ..Self::default()
        }
    }

    /// Returns the values that go, as hazards name them.
    pub fn gone(&self) -> impl Iterator<Item = String> + '_ {
        let name = |(old, _): &(String, String)| format!("{}.{}", self.enum_type, quote(old));
        self.pairs.iter().map(name)
    }

    /// Returns the expression for the column's text with the values replaced.
    pub(super) fn text_sql(&self, column: &str) -> String {
        if self.array {
            let text = format!("{column}::text[]");
            return self.pairs.iter().fold(text, |text, (old, new)| {
                format!(
                    "pg_catalog.array_replace({text}, {}, {})",
                    literal(old),
                    literal(new)
                )
            });
        }
        format!(
            "(CASE {column}::text{} ELSE {column}::text END)",
            self.whens()
        )
    }

    /// Returns the expression for the column as JSON with the values replaced.
    pub(super) fn json_sql(&self, json: &str) -> String {
        self.attributes.iter().fold(json.to_owned(), |sql, name| {
            let key = literal(name);
            let value = format!("{json} ->> {key}");
            format!(
                "{sql} || pg_catalog.jsonb_build_object({key}, CASE {value}{} ELSE {value} END)",
                self.whens()
            )
        })
    }

    fn whens(&self) -> String {
        let when =
            |(old, new): &(String, String)| format!(" WHEN {} THEN {}", literal(old), literal(new));
        self.pairs.iter().map(when).collect()
    }
}

/// Returns `USING` values as text, each map applied.
pub(super) fn mapped(maps: &[ValueMap], column: &str, array: bool) -> String {
    match maps.first() {
        Some(map) => map.text_sql(column),
        None => format!("{column}::{}", if array { "text[]" } else { "text" }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_replaced_in_columns_lists_and_attributes() {
        let map = ValueMap {
            pairs: vec![("a".to_owned(), "b".to_owned())],
            ..ValueMap::default()
        };
        assert_eq!(
            map.text_sql("s"),
            "(CASE s::text WHEN 'a' THEN 'b' ELSE s::text END)"
        );
        let array = ValueMap {
            array: true,
            ..map.clone()
        };
        assert_eq!(
            array.text_sql("s"),
            "pg_catalog.array_replace(s::text[], 'a', 'b')"
        );
        let composite = ValueMap {
            attributes: vec!["x".to_owned()],
            ..map
        };
        assert_eq!(
            composite.json_sql("j"),
            "j || pg_catalog.jsonb_build_object('x', CASE j ->> 'x' WHEN 'a' THEN 'b' ELSE j ->> 'x' END)"
        );
    }
}
