//! Text search dictionaries and their options.

use crate::comparison::{Alteration, Clause, Comparison, Follow, Nature};
use crate::grants::GrantTarget;
use crate::kind::{Kind, ObjectKind};
use crate::object_id::ObjectId;
use crate::online::{Online, Scene, Task};
use crate::row::{DecodeError, Fields};

/// A text search dictionary.
#[derive(Clone, Debug)]
pub struct TextSearchDictionary {
    /// Its template, qualified.
    pub template: String,
    /// Its options in order: name and value, each as it stands in SQL.
    pub options: Vec<(String, String)>,
}

fn option_sql((name, value): &(String, String)) -> String {
    format!("{name} = {value}")
}

/// Splits the list that `pg_ts_dict` keeps: `language = 'english', "stopWords" = E'a\\\\b'`.
fn options(text: &str) -> Vec<(String, String)> {
    let (mut found, mut start) = (Vec::new(), 0);
    let (mut quote, mut equals) = (None, None);
    let ends = text.char_indices().chain([(text.len(), ',')]);
    for (at, character) in ends {
        match (quote, character) {
            // A doubled quote ends one text and begins the next; a doubled backslash hides none.
            (Some(open), _) if open == character => quote = None,
            (None, '\'' | '"') => quote = Some(character),
            (None, '=') if equals.is_none() => equals = Some(at),
            (None, ',') => {
                if let Some(equals) = equals.take() {
                    let (name, value) = (&text[start..equals], &text[equals + 1..at]);
                    found.push((name.trim().to_owned(), value.trim().to_owned()));
                }
                start = at + 1;
            }
            _ => {}
        }
    }
    found
}

impl Kind for TextSearchDictionary {
    fn query(_: u32) -> String {
        include_str!("query.sql").to_owned()
    }

    fn listed_in() -> Option<&'static str> {
        Some("pg_ts_dict WHERE oid >= 16384")
    }

    fn decode(fields: &Fields<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            template: fields.text()?,
            options: options(&fields.optional().unwrap_or_default()),
        })
    }

    fn depends_on(&self, _: &ObjectId) -> Vec<ObjectId> {
        // A thesaurus asks another dictionary, which it knows by name alone.
        self.options
            .iter()
            .filter(|(name, _)| name == "dictionary")
            .filter_map(|(_, value)| value.trim_matches('\'').split_once('.'))
            .map(|(schema, name)| {
                let plain = |part: &str| part.trim_matches('"').to_owned();
                ObjectId::new(
                    ObjectKind::TextSearchDictionary,
                    &plain(schema),
                    &plain(name),
                )
            })
            .collect()
    }

    fn untracked(&self) -> Option<&str> {
        None
    }

    fn compare(&self, desired: &Self) -> Comparison {
        let Self { template, options } = self;
        if *template != desired.template {
            return Comparison::Recreate("the template of a dictionary cannot be changed");
        }
        Comparison::of(if *options == desired.options {
            Vec::new()
        } else {
            vec!["options"]
        })
    }

    fn nature(&self) -> Nature {
        Nature::Hanger
    }

    fn follow(&self, _: &ObjectId, _: &ObjectId, _: bool) -> Follow {
        Follow::Recreate
    }

    fn clause(&self, _: &ObjectId) -> Option<Clause> {
        None
    }

    fn create(&self, id: &ObjectId, _: &[String]) -> Vec<String> {
        let mut items = vec![format!("TEMPLATE = {}", self.template)];
        items.extend(self.options.iter().map(option_sql));
        vec![format!(
            "CREATE TEXT SEARCH DICTIONARY {} (\n    {}\n)",
            id.qualified(),
            items.join(",\n    ")
        )]
    }

    fn alter(&self, desired: &Self, id: &ObjectId) -> Alteration {
        // Each option that is named goes to the end of the list, so that naming all of them makes their order.
        let gone = self
            .options
            .iter()
            .map(|(name, _)| name)
            .filter(|name| desired.options.iter().all(|(kept, _)| kept != *name));
        let items: Vec<String> = gone
            .cloned()
            .chain(desired.options.iter().map(option_sql))
            .collect();
        vec![format!(
            "ALTER TEXT SEARCH DICTIONARY {} ({})",
            id.qualified(),
            items.join(", ")
        )]
        .into()
    }

    fn drop(&self, id: &ObjectId) -> Vec<String> {
        vec![format!("DROP TEXT SEARCH DICTIONARY {}", id.qualified())]
    }

    fn disturbs(&self, _: &Self) -> bool {
        false
    }

    fn target(&self, id: &ObjectId) -> Option<String> {
        Some(format!("TEXT SEARCH DICTIONARY {}", id.qualified()))
    }

    fn hosts(&self, _: &ObjectId) -> Vec<ObjectId> {
        Vec::new()
    }

    fn grant_target(&self, _: &ObjectId) -> Option<GrantTarget> {
        None
    }

    fn online(&self, _: &ObjectId, _: Task<'_, Self>, _: &Scene<'_>) -> Option<Online> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::options;

    #[test]
    fn options_are_cut_where_no_quote_is_open() {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(options(""), []);
        assert_eq!(
            options("language = 'x, y', \"a=b\" = 'it''s = c', minlength = 3"),
            [
                pair("language", "'x, y'"),
                pair("\"a=b\"", "'it''s = c'"),
                pair("minlength", "3"),
            ]
        );
        assert_eq!(
            options("f = E'a\\\\', g = '1'"),
            [pair("f", "E'a\\\\'"), pair("g", "'1'")]
        );
    }
}
