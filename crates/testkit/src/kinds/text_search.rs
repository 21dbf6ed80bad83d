//! Dictionaries and configurations of text search.

use crate::draw::Draw;
use crate::kinds::{Granted, Kind, Part, redraw};
use crate::schema::{Key, Schema};

/// A dictionary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dictionary {
    /// Whether it takes every word, when that is said.
    pub accepts: Option<bool>,
}

impl Part for Dictionary {
    fn needs(&self) -> Vec<Key> {
        Vec::new()
    }

    fn let_go(&mut self, _: Key) -> bool {
        false
    }

    fn create(&self, schema: &Schema, key: Key) -> Vec<String> {
        let accepts = self.accepts.map(|accepts| format!(", accept = {accepts}"));
        vec![format!(
            "CREATE TEXT SEARCH DICTIONARY {} (TEMPLATE = pg_catalog.simple{})",
            schema.qualified(key),
            accepts.unwrap_or_default()
        )]
    }

    fn target(&self, schema: &Schema, key: Key) -> String {
        format!("TEXT SEARCH DICTIONARY {}", schema.qualified(key))
    }

    fn privileges(&self, _: &Schema, _: Key) -> Option<Granted> {
        None
    }

    fn is_owned(&self) -> bool {
        true
    }

    fn change(&mut self, draw: &mut Draw, _: &Schema, _: Key) {
        redraw(&mut self.accepts, || draw.maybe(70, |draw| draw.chance(50)));
    }
}

/// Token types of PostgreSQL's own parser.
const TOKENS: [&str; 5] = ["asciiword", "word", "numword", "email", "url"];

/// A configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Configuration {
    /// Which dictionaries take the tokens of each type; PostgreSQL's own simple one behind them.
    pub mappings: Vec<(usize, Vec<Key>)>,
}

impl Configuration {
    /// A configuration with some mappings.
    pub fn draw(draw: &mut Draw, schema: &Schema) -> Self {
        let dictionaries = schema.keys(|kind| matches!(kind, Kind::Dictionary(_)));
        let tokens = draw.some(&[0, 1, 2, 3, 4], 3);
        let mapping = |token| {
            let own = if dictionaries.is_empty() {
                Vec::new()
            } else {
                draw.some(&dictionaries, 2)
            };
            (token, own)
        };
        Self {
            mappings: tokens.into_iter().map(mapping).collect(),
        }
    }
}

impl Part for Configuration {
    fn needs(&self) -> Vec<Key> {
        let own = self.mappings.iter();
        own.flat_map(|(_, dictionaries)| dictionaries)
            .copied()
            .collect()
    }

    fn let_go(&mut self, gone: Key) -> bool {
        for (_, dictionaries) in &mut self.mappings {
            dictionaries.retain(|own| *own != gone);
        }
        true
    }

    fn create(&self, schema: &Schema, key: Key) -> Vec<String> {
        let name = schema.qualified(key);
        let mut sql = vec![format!(
            "CREATE TEXT SEARCH CONFIGURATION {name} (PARSER = pg_catalog.\"default\")"
        )];
        for (token, dictionaries) in &self.mappings {
            let own = dictionaries.iter().map(|own| schema.qualified(*own));
            let all: Vec<String> = own.chain(["pg_catalog.simple".to_owned()]).collect();
            sql.push(format!(
                "ALTER TEXT SEARCH CONFIGURATION {name} ADD MAPPING FOR {} WITH {}",
                TOKENS[*token],
                all.join(", ")
            ));
        }
        sql
    }

    fn target(&self, schema: &Schema, key: Key) -> String {
        format!("TEXT SEARCH CONFIGURATION {}", schema.qualified(key))
    }

    fn privileges(&self, _: &Schema, _: Key) -> Option<Granted> {
        None
    }

    fn is_owned(&self) -> bool {
        true
    }

    fn change(&mut self, draw: &mut Draw, schema: &Schema, _: Key) {
        redraw(self, || Self::draw(draw, schema));
    }
}
