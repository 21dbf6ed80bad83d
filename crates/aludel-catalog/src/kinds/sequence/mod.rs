//! Sequences. Which column owns one is a kind of its own (`sequence_owner`), because it ties the two together late.

use crate::comparison::{Alteration, Clause, Comparison, Follow, Nature};
use crate::grants::GrantTarget;
use crate::kind::Kind;
use crate::kind::ObjectKind;
use crate::object_id::ObjectId;
use crate::online::{Online, Scene, Task};
use crate::row::{DecodeError, Fields};

/// A sequence.
#[derive(Clone, Debug)]
pub struct Sequence {
    /// `smallint`, `integer` or `bigint`.
    pub data_type: String,
    /// The first value.
    pub start: i64,
    /// The step.
    pub increment: i64,
    /// The smallest value.
    pub minimum: i64,
    /// The largest value.
    pub maximum: i64,
    /// How many values a session takes at once.
    pub cache: i64,
    /// Whether it begins again at its end.
    pub cycle: bool,
    /// The column that owns it: schema, table, column.
    pub owned_by: Option<(String, String, String)>,
    /// Whether it is the inside of an identity column: then only its comment and privileges are its own.
    pub identity: bool,
    /// `p` permanent, `u` unlogged (15).
    pub persistence: char,
    /// Whether it is so because the table that owns it is.
    pub persists_as_table: bool,
}

impl Sequence {
    fn limits(&self) -> (i64, i64) {
        let top = match self.data_type.as_str() {
            "smallint" => i64::from(i16::MAX),
            "integer" => i64::from(i32::MAX),
            _ => i64::MAX,
        };
        if self.increment > 0 {
            (1, top)
        } else {
            (-top - 1, -1)
        }
    }

    fn persistence_sql(&self, id: &ObjectId) -> String {
        let word = if self.persistence == 'u' {
            "UNLOGGED"
        } else {
            "LOGGED"
        };
        format!("ALTER SEQUENCE {} SET {word}", id.qualified())
    }

    /// Returns the options that differ from what PostgreSQL would choose.
    fn options(&self) -> String {
        let (low, high) = self.limits();
        let mut sql = String::new();
        if self.data_type != "bigint" {
            sql.push_str(&format!(" AS {}", self.data_type));
        }
        if self.increment != 1 {
            sql.push_str(&format!(" INCREMENT BY {}", self.increment));
        }
        if self.minimum != low {
            sql.push_str(&format!(" MINVALUE {}", self.minimum));
        }
        if self.maximum != high {
            sql.push_str(&format!(" MAXVALUE {}", self.maximum));
        }
        if self.start
            != if self.increment > 0 {
                self.minimum
            } else {
                self.maximum
            }
        {
            sql.push_str(&format!(" START WITH {}", self.start));
        }
        if self.cache != 1 {
            sql.push_str(&format!(" CACHE {}", self.cache));
        }
        if self.cycle {
            sql.push_str(" CYCLE");
        }
        sql
    }
}

impl Kind for Sequence {
    fn query(_: u32) -> String {
        include_str!("query.sql").to_owned()
    }

    fn listed_in() -> Option<&'static str> {
        None
    }

    fn decode(fields: &Fields<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            data_type: fields.text()?,
            start: fields.number()?,
            increment: fields.number()?,
            minimum: fields.number()?,
            maximum: fields.number()?,
            cache: fields.number()?,
            cycle: fields.boolean()?,
            owned_by: fields.table()?.into_iter().next().and_then(|row| {
                let mut parts = row.into_iter().flatten();
                Some((parts.next()?, parts.next()?, parts.next()?))
            }),
            identity: fields.boolean()?,
            persistence: fields.letter()?,
            persists_as_table: fields.boolean()?,
        })
    }

    fn depends_on(&self, id: &ObjectId) -> Vec<ObjectId> {
        if self.identity {
            self.hosts(id)
        } else {
            Vec::new()
        }
    }

    fn untracked(&self) -> Option<&str> {
        None
    }

    fn compare(&self, desired: &Self) -> Comparison {
        let Self {
            data_type,
            start,
            increment,
            minimum,
            maximum,
            cache,
            cycle,
            owned_by: _,
            identity,
            persistence,
            persists_as_table,
        } = self;
        if *identity != desired.identity {
            return Comparison::Recreate("an identity column has a sequence of its own");
        }
        let with_table = *persists_as_table && desired.persists_as_table;
        let is_logged_otherwise = *persistence != desired.persistence && !with_table;
        if *identity {
            // The column says the rest.
            return Comparison::of(
                is_logged_otherwise
                    .then_some("logging")
                    .into_iter()
                    .collect(),
            );
        }
        let mut attributes = Vec::new();
        if *data_type != desired.data_type {
            attributes.push("type");
        }
        if (start, increment, minimum, maximum)
            != (
                &desired.start,
                &desired.increment,
                &desired.minimum,
                &desired.maximum,
            )
        {
            attributes.push("range");
        }
        if (cache, cycle) != (&desired.cache, &desired.cycle) {
            attributes.push("cache or cycle");
        }
        if is_logged_otherwise {
            attributes.push("logging");
        }
        Comparison::of(attributes)
    }

    fn nature(&self) -> Nature {
        if self.identity {
            Nature::Implicit
        } else {
            Nature::Container
        }
    }

    fn follow(&self, _: &ObjectId, _: &ObjectId, retyped: bool) -> Follow {
        if self.identity && !retyped {
            Follow::Recreate
        } else {
            Follow::Keep
        }
    }

    fn clause(&self, id: &ObjectId) -> Option<Clause> {
        let is_logged_otherwise = self.identity && !self.persists_as_table;
        is_logged_otherwise.then(|| Clause {
            place: u32::MAX,
            sql: String::new(),
            then: vec![self.persistence_sql(id)],
            merges: None,
        })
    }

    fn create(&self, id: &ObjectId, _: &[String]) -> Vec<String> {
        vec![format!(
            "CREATE {}SEQUENCE {}{}",
            if self.persistence == 'u' {
                "UNLOGGED "
            } else {
                ""
            },
            id.qualified(),
            self.options()
        )]
    }

    fn alter(&self, desired: &Self, id: &ObjectId) -> Alteration {
        let mut sql = String::new();
        let logging = self.persistence != desired.persistence
            && !(self.persists_as_table && desired.persists_as_table);
        if self.identity {
            let logging = logging.then(|| desired.persistence_sql(id));
            return logging.into_iter().collect::<Vec<_>>().into();
        }
        if self.data_type != desired.data_type {
            sql.push_str(&format!(" AS {}", desired.data_type));
        }
        if self.increment != desired.increment {
            sql.push_str(&format!(" INCREMENT BY {}", desired.increment));
        }
        // A change of type moves limits that stood at the old type's ends by itself, so they are always stated.
        if self.minimum != desired.minimum || self.data_type != desired.data_type {
            sql.push_str(&format!(" MINVALUE {}", desired.minimum));
        }
        if self.maximum != desired.maximum || self.data_type != desired.data_type {
            sql.push_str(&format!(" MAXVALUE {}", desired.maximum));
        }
        if self.start != desired.start {
            sql.push_str(&format!(" START WITH {}", desired.start));
        }
        if self.cache != desired.cache {
            sql.push_str(&format!(" CACHE {}", desired.cache));
        }
        if self.cycle != desired.cycle {
            sql.push_str(if desired.cycle { " CYCLE" } else { " NO CYCLE" });
        }
        let mut statements = Vec::new();
        if !sql.is_empty() {
            statements.push(format!("ALTER SEQUENCE {}{sql}", id.qualified()));
        }
        if logging {
            statements.push(desired.persistence_sql(id));
        }
        statements.into()
    }

    fn drop(&self, id: &ObjectId) -> Vec<String> {
        vec![format!("DROP SEQUENCE {}", id.qualified())]
    }

    fn disturbs(&self, _: &Self) -> bool {
        false
    }

    fn target(&self, id: &ObjectId) -> Option<String> {
        Some(format!("SEQUENCE {}", id.qualified()))
    }

    fn hosts(&self, _: &ObjectId) -> Vec<ObjectId> {
        let Some((schema, table, column)) = &self.owned_by else {
            return Vec::new();
        };
        vec![
            ObjectId::part(ObjectKind::Column, schema, table, column),
            ObjectId::new(ObjectKind::Table, schema, table),
        ]
    }

    fn grant_target(&self, id: &ObjectId) -> Option<GrantTarget> {
        Some(GrantTarget {
            object: format!("SEQUENCE {}", id.qualified()),
            column: None,
        })
    }

    fn online(&self, _: &ObjectId, _: Task<'_, Self>, _: &Scene<'_>) -> Option<Online> {
        None
    }
}
