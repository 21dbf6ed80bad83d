//! Operators. Two that name each other as commutator or negator may be made in any order: PostgreSQL keeps a shell.

use crate::comparison::{Alteration, Clause, Comparison, Follow, Nature};
use crate::grants::GrantTarget;
use crate::identifier::quote;
use crate::kind::{Kind, ObjectKind};
use crate::object_id::ObjectId;
use crate::online::{Online, Scene, Task};
use crate::row::{DecodeError, Fields};

/// An operator.
#[derive(Clone, Debug)]
pub struct Operator {
    /// The function behind it, qualified where it must be.
    pub function: String,
    /// The type of the left operand; `None` for a prefix operator.
    pub left: Option<String>,
    /// The type of the right operand.
    pub right: String,
    /// What it is to other operators and to the planner.
    pub links: Links,
    /// The restriction selectivity estimator.
    pub restrict: Option<String>,
    /// The join selectivity estimator.
    pub join: Option<String>,
    /// Whether the server can add links in place (17).
    pub can_link: bool,
}

/// What ALTER OPERATOR can add (from 17 on) and nothing can take away.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Links {
    /// The commutator: schema and symbol.
    pub commutator: Option<(String, String)>,
    /// The negator: schema and symbol.
    pub negator: Option<(String, String)>,
    /// Whether it serves hash joins.
    pub hashes: bool,
    /// Whether it serves merge joins.
    pub merges: bool,
}

fn named((schema, symbol): &(String, String)) -> String {
    format!("OPERATOR({}.{symbol})", quote(schema))
}

impl Links {
    /// Returns the items that these links have and `before` has not.
    fn items(&self, before: &Self) -> Vec<String> {
        let mut items = Vec::new();
        for (word, other, old) in [
            ("COMMUTATOR", &self.commutator, &before.commutator),
            ("NEGATOR", &self.negator, &before.negator),
        ] {
            let new = other.as_ref().filter(|_| other != old);
            items.extend(new.map(|other| format!("{word} = {}", named(other))));
        }
        for (word, is, was) in [
            ("HASHES", self.hashes, before.hashes),
            ("MERGES", self.merges, before.merges),
        ] {
            if is && !was {
                items.push(word.to_owned());
            }
        }
        items
    }

    /// Returns whether every one of these links is among `more`.
    fn are_kept_by(&self, more: &Self) -> bool {
        (self.commutator.is_none() || self.commutator == more.commutator)
            && (self.negator.is_none() || self.negator == more.negator)
            && self.hashes <= more.hashes
            && self.merges <= more.merges
    }
}

impl Kind for Operator {
    fn query(server_version: u32) -> String {
        let can_link = (server_version >= 170_000).to_string();
        include_str!("query.sql").replace("/*can_link*/", &can_link)
    }

    fn listed_in() -> Option<&'static str> {
        Some("pg_operator WHERE oid >= 16384")
    }

    fn decode(fields: &Fields<'_>) -> Result<Self, DecodeError> {
        let (function, left, right) = (fields.text()?, fields.optional(), fields.text()?);
        let links = Links {
            commutator: fields.optional().zip(fields.optional()),
            negator: fields.optional().zip(fields.optional()),
            hashes: fields.boolean()?,
            merges: fields.boolean()?,
        };
        Ok(Self {
            function,
            left,
            right,
            links,
            restrict: fields.optional(),
            join: fields.optional(),
            can_link: fields.boolean()?,
        })
    }

    fn depends_on(&self, _: &ObjectId) -> Vec<ObjectId> {
        // Naming an operator that is not there yet makes a shell of it, in its schema.
        [&self.links.commutator, &self.links.negator]
            .into_iter()
            .flatten()
            .map(|(schema, _)| ObjectId::new(ObjectKind::Schema, "", schema))
            .collect()
    }

    fn untracked(&self) -> Option<&str> {
        None
    }

    fn compare(&self, desired: &Self) -> Comparison {
        let Self {
            function,
            left: _,
            right: _,
            links,
            restrict,
            join,
            can_link,
        } = self;
        if *function != desired.function {
            return Comparison::Recreate("the function behind an operator cannot be changed");
        }
        if *links != desired.links && !(*can_link && links.are_kept_by(&desired.links)) {
            return Comparison::Recreate("what an operator is to others cannot be changed");
        }
        let mut attributes = Vec::new();
        let mut differ = |differs: bool, name| {
            if differs {
                attributes.push(name);
            }
        };
        differ(*links != desired.links, "links");
        differ(*restrict != desired.restrict, "restriction estimator");
        differ(*join != desired.join, "join estimator");
        Comparison::of(attributes)
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
        let mut items = vec![format!("FUNCTION = {}", self.function)];
        items.extend(self.left.iter().map(|left| format!("LEFTARG = {left}")));
        items.push(format!("RIGHTARG = {}", self.right));
        items.extend(self.links.items(&Links::default()));
        for (word, function) in [("RESTRICT", &self.restrict), ("JOIN", &self.join)] {
            items.extend(function.iter().map(|name| format!("{word} = {name}")));
        }
        vec![format!(
            "CREATE OPERATOR {} (\n    {}\n)",
            id.qualified(),
            items.join(",\n    ")
        )]
    }

    fn alter(&self, desired: &Self, id: &ObjectId) -> Alteration {
        let set = |items: &[String]| {
            let sql = format!("ALTER OPERATOR {} SET ({})", id.path(), items.join(", "));
            (!items.is_empty()).then_some(sql).into_iter().collect()
        };
        let mut items = Vec::new();
        for (word, old, new) in [
            ("RESTRICT", &self.restrict, &desired.restrict),
            ("JOIN", &self.join, &desired.join),
        ] {
            if old != new {
                let function = new.as_deref().unwrap_or("NONE");
                items.push(format!("{word} = {function}"));
            }
        }
        Alteration {
            first: Vec::new(),
            change: set(&items),
            // Unlike CREATE OPERATOR, ALTER makes no shell of an operator that is not there yet.
            last: set(&desired.links.items(&self.links)),
        }
    }

    fn drop(&self, id: &ObjectId) -> Vec<String> {
        vec![format!("DROP OPERATOR {}", id.path())]
    }

    fn disturbs(&self, _: &Self) -> bool {
        false
    }

    fn target(&self, id: &ObjectId) -> Option<String> {
        Some(format!("OPERATOR {}", id.path()))
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
