//! Functions and procedures. A body or attribute is a CREATE OR REPLACE; another result makes the routine again.

mod row;

use crate::comparison::{Alteration, Clause, Comparison, Follow, Nature};
use crate::grants::GrantTarget;
use crate::kind::{Kind, ObjectKind};
use crate::object_id::ObjectId;
use crate::online::{Online, Scene, Task};
use crate::row::{DecodeError, Fields};

/// A function, window function or procedure.
#[derive(Clone, Debug)]
pub struct Routine {
    /// `f` function, `p` procedure, `w` window function.
    pub sort: char,
    /// `CREATE OR REPLACE …`, as `pg_get_functiondef` writes it; a query for the whole rows of the relation whose rows it
    /// returns says `*` again.
    pub definition: String,
    /// The columns that stood in the place of that `*`, sorted.
    pub row: Vec<String>,
    /// Result, argument names, modes and types: what CREATE OR REPLACE may not change.
    pub signature: String,
    /// How many arguments have defaults; CREATE OR REPLACE may only add some.
    pub defaults: u32,
    /// Whether the body is text that PostgreSQL does not track the dependencies of.
    pub text_body: bool,
    /// The types that it reads, writes or handles for PostgreSQL, and that need it as it needs them: schema and name.
    pub serves: Vec<(String, String)>,
    /// Whether it is a constructor, which comes and goes with its range type.
    pub constructs: bool,
}

impl Routine {
    fn word(&self) -> &'static str {
        if self.sort == 'p' {
            "PROCEDURE"
        } else {
            "FUNCTION"
        }
    }
}

impl Kind for Routine {
    fn query(_: u32) -> String {
        include_str!("query.sql").to_owned()
    }

    fn listed_in() -> Option<&'static str> {
        Some("pg_proc WHERE oid >= 16384")
    }

    fn decode(fields: &Fields<'_>) -> Result<Self, DecodeError> {
        let (sort, definition) = (fields.letter()?, fields.text()?);
        let (signature, defaults) = (fields.text()?, fields.number()?);
        let text_body = fields.boolean()?;
        let (relation, columns) = (fields.optional(), fields.list()?);
        let (definition, row) = row::folded(definition, relation.as_deref(), columns);
        Ok(Self {
            sort,
            definition,
            row,
            signature,
            defaults,
            text_body,
            constructs: fields.boolean()?,
            serves: fields
                .table()?
                .into_iter()
                .filter_map(|row| {
                    let mut values = row.into_iter().flatten();
                    Some((values.next()?, values.next()?))
                })
                .collect(),
        })
    }

    fn depends_on(&self, _: &ObjectId) -> Vec<ObjectId> {
        Vec::new()
    }

    fn untracked(&self) -> Option<&str> {
        self.text_body.then_some(self.definition.as_str())
    }

    fn compare(&self, desired: &Self) -> Comparison {
        let Self {
            sort,
            definition,
            row,
            signature,
            defaults,
            text_body: _,
            serves: _,
            constructs: _,
        } = self;
        if (definition, row) == (&desired.definition, &desired.row) {
            return Comparison::Same;
        }
        if *sort != desired.sort {
            return Comparison::Recreate("a function and a procedure are not the same");
        }
        if *signature != desired.signature {
            return Comparison::Recreate("the result or an argument's name or type changes");
        }
        if *defaults > desired.defaults {
            return Comparison::Recreate("a default of an argument goes");
        }
        Comparison::Alter(vec!["definition"])
    }

    fn nature(&self) -> Nature {
        if self.constructs {
            Nature::Implicit
        } else {
            Nature::Hanger
        }
    }

    fn follow(&self, _: &ObjectId, _: &ObjectId, _: bool) -> Follow {
        Follow::Recreate
    }

    fn clause(&self, _: &ObjectId) -> Option<Clause> {
        None
    }

    fn create(&self, _: &ObjectId, _: &[String]) -> Vec<String> {
        vec![
            self.definition
                .trim_end()
                .replacen("CREATE OR REPLACE ", "CREATE ", 1),
        ]
    }

    fn alter(&self, desired: &Self, _: &ObjectId) -> Alteration {
        vec![desired.definition.trim_end().to_owned()].into()
    }

    fn drop(&self, id: &ObjectId) -> Vec<String> {
        vec![format!("DROP {} {}", self.word(), id.path())]
    }

    fn disturbs(&self, _: &Self) -> bool {
        false
    }

    fn target(&self, id: &ObjectId) -> Option<String> {
        Some(format!("{} {}", self.word(), id.path()))
    }

    fn hosts(&self, _: &ObjectId) -> Vec<ObjectId> {
        let types = self.serves.iter().flat_map(|(schema, name)| {
            [ObjectKind::BaseType, ObjectKind::RangeType]
                .map(|kind| ObjectId::new(kind, schema, name))
        });
        types.collect()
    }

    fn grant_target(&self, id: &ObjectId) -> Option<GrantTarget> {
        Some(GrantTarget {
            object: format!("{} {}", self.word(), id.path()),
            column: None,
        })
    }

    fn online(&self, _: &ObjectId, _: Task<'_, Self>, _: &Scene<'_>) -> Option<Online> {
        None
    }
}
