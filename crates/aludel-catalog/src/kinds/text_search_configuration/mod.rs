//! Text search configurations and their mappings, token type by token type.

use crate::comparison::{Alteration, Clause, Comparison, Follow, Nature};
use crate::grants::GrantTarget;
use crate::identifier::quote;
use crate::kind::{Kind, ObjectKind};
use crate::object_id::ObjectId;
use crate::online::{Online, Scene, Task};
use crate::row::{DecodeError, Fields};

/// A text search configuration.
#[derive(Clone, Debug)]
pub struct TextSearchConfiguration {
    /// Its parser, qualified.
    pub parser: String,
    /// Its mappings, by token type.
    pub mappings: Vec<Mapping>,
}

/// What becomes of one type of token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapping {
    /// The token type's name.
    pub token: String,
    /// The dictionaries that are asked, in that order, qualified.
    pub dictionaries: Vec<String>,
}

impl Mapping {
    /// Returns the statement that adds or alters the mapping.
    fn sql(&self, verb: &str, id: &ObjectId) -> String {
        format!(
            "ALTER TEXT SEARCH CONFIGURATION {} {verb} MAPPING FOR {} WITH {}",
            id.qualified(),
            quote(&self.token),
            self.dictionaries.join(", ")
        )
    }

    fn drop_sql(&self, id: &ObjectId) -> String {
        format!(
            "ALTER TEXT SEARCH CONFIGURATION {} DROP MAPPING FOR {}",
            id.qualified(),
            quote(&self.token)
        )
    }
}

impl TextSearchConfiguration {
    fn mapping(&self, token: &str) -> Option<&Mapping> {
        self.mappings.iter().find(|one| one.token == token)
    }
}

impl Kind for TextSearchConfiguration {
    fn query(_: u32) -> String {
        include_str!("query.sql").to_owned()
    }

    fn listed_in() -> Option<&'static str> {
        Some("pg_ts_config WHERE oid >= 16384")
    }

    fn decode(fields: &Fields<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            parser: fields.text()?,
            mappings: fields
                .table()?
                .into_iter()
                .filter_map(|row| {
                    let mut values = row.into_iter().flatten();
                    Some(Mapping {
                        token: values.next()?,
                        dictionaries: values.collect(),
                    })
                })
                .collect(),
        })
    }

    fn depends_on(&self, _: &ObjectId) -> Vec<ObjectId> {
        Vec::new()
    }

    fn untracked(&self) -> Option<&str> {
        None
    }

    fn compare(&self, desired: &Self) -> Comparison {
        let Self { parser, mappings } = self;
        if *parser != desired.parser {
            return Comparison::Recreate(
                "the parser of a text search configuration cannot be changed",
            );
        }
        Comparison::of(if *mappings == desired.mappings {
            Vec::new()
        } else {
            vec!["mappings"]
        })
    }

    fn nature(&self) -> Nature {
        Nature::Hanger
    }

    fn follow(&self, id: &ObjectId, dependency: &ObjectId, _: bool) -> Follow {
        if dependency.kind != ObjectKind::TextSearchDictionary {
            return Follow::Recreate;
        }
        let name = dependency.qualified();
        let with: Vec<&Mapping> = self
            .mappings
            .iter()
            .filter(|mapping| mapping.dictionaries.contains(&name))
            .collect();
        Follow::Release {
            before: with.iter().map(|mapping| mapping.drop_sql(id)).collect(),
            after: with.iter().map(|mapping| mapping.sql("ADD", id)).collect(),
        }
    }

    fn clause(&self, _: &ObjectId) -> Option<Clause> {
        None
    }

    fn create(&self, id: &ObjectId, _: &[String]) -> Vec<String> {
        let make = format!(
            "CREATE TEXT SEARCH CONFIGURATION {} (PARSER = {})",
            id.qualified(),
            self.parser
        );
        let mappings = self.mappings.iter().map(|mapping| mapping.sql("ADD", id));
        std::iter::once(make).chain(mappings).collect()
    }

    fn alter(&self, desired: &Self, id: &ObjectId) -> Alteration {
        let gone = self
            .mappings
            .iter()
            .filter(|old| desired.mapping(&old.token).is_none())
            .map(|old| old.drop_sql(id));
        let new = desired.mappings.iter().filter_map(|new| {
            let verb = match self.mapping(&new.token) {
                Some(old) if old == new => return None,
                Some(_) => "ALTER",
                None => "ADD",
            };
            Some(new.sql(verb, id))
        });
        gone.chain(new).collect::<Vec<_>>().into()
    }

    fn drop(&self, id: &ObjectId) -> Vec<String> {
        vec![format!("DROP TEXT SEARCH CONFIGURATION {}", id.qualified())]
    }

    fn disturbs(&self, _: &Self) -> bool {
        false
    }

    fn target(&self, id: &ObjectId) -> Option<String> {
        Some(format!("TEXT SEARCH CONFIGURATION {}", id.qualified()))
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
