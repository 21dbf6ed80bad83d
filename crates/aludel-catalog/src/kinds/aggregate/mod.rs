//! Aggregates. PostgreSQL has no deparser for them, so the definition is put together from `pg_aggregate`.

use crate::comparison::{Alteration, Clause, Comparison, Follow, Nature};
use crate::grants::GrantTarget;
use crate::identifier::literal;
use crate::kind::Kind;
use crate::object_id::ObjectId;
use crate::online::{Online, Scene, Task};
use crate::row::{DecodeError, Fields};

/// An aggregate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Aggregate {
    /// The arguments as CREATE AGGREGATE wants them, with ORDER BY for ordered sets.
    pub arguments: String,
    /// The definition's `NAME = value` items.
    pub items: Vec<String>,
}

/// Reads what is said of a final function behind its name.
fn final_items(
    word: &str,
    function: Option<String>,
    sort: char,
    fields: &Fields<'_>,
) -> Result<Vec<String>, DecodeError> {
    let (extra, modifies) = (fields.boolean()?, fields.text()?);
    let Some(function) = function else {
        return Ok(Vec::new());
    };
    let mut items = vec![format!("{word} = {function}")];
    if extra {
        items.push(format!("{word}_EXTRA"));
    }
    let usual = if sort == 'n' { "r" } else { "w" };
    if modifies != usual {
        items.push(format!("{word}_MODIFY = {}", modify(&modifies)));
    }
    Ok(items)
}

fn modify(letter: &str) -> &'static str {
    match letter {
        "s" => "SHAREABLE",
        "w" => "READ_WRITE",
        _ => "READ_ONLY",
    }
}

impl Kind for Aggregate {
    fn query(_: u32) -> String {
        include_str!("query.sql").to_owned()
    }

    fn listed_in() -> Option<&'static str> {
        Some("pg_aggregate WHERE aggfnoid >= 16384")
    }

    fn decode(fields: &Fields<'_>) -> Result<Self, DecodeError> {
        let arguments = fields.text()?;
        let sort = fields.letter()?;
        let mut items = vec![
            format!("SFUNC = {}", fields.text()?),
            format!("STYPE = {}", fields.text()?),
        ];
        let space: i64 = fields.number()?;
        if space != 0 {
            items.push(format!("SSPACE = {space}"));
        }
        let finalfn = fields.optional();
        items.extend(final_items("FINALFUNC", finalfn, sort, fields)?);
        for name in ["COMBINEFUNC", "SERIALFUNC", "DESERIALFUNC"] {
            items.extend(fields.optional().map(|value| format!("{name} = {value}")));
        }
        items.extend(
            fields
                .optional()
                .map(|value| format!("INITCOND = {}", literal(&value))),
        );
        for name in ["MSFUNC", "MINVFUNC", "MSTYPE"] {
            items.extend(fields.optional().map(|value| format!("{name} = {value}")));
        }
        let finalfn = fields.optional();
        items.extend(final_items("MFINALFUNC", finalfn, sort, fields)?);
        let space: i64 = fields.number()?;
        if space != 0 {
            items.push(format!("MSSPACE = {space}"));
        }
        items.extend(
            fields
                .optional()
                .map(|value| format!("MINITCOND = {}", literal(&value))),
        );
        if let Some(operator) = fields.optional() {
            let symbol = operator.split('(').next().unwrap_or_default();
            items.push(match symbol.rsplit_once('.') {
                Some((schema, symbol)) => format!("SORTOP = OPERATOR({schema}.{symbol})"),
                None => format!("SORTOP = OPERATOR(pg_catalog.{symbol})"),
            });
        }
        match fields.letter()? {
            's' => items.push("PARALLEL = SAFE".to_owned()),
            'r' => items.push("PARALLEL = RESTRICTED".to_owned()),
            _ => {}
        }
        if sort == 'h' {
            items.push("HYPOTHETICAL".to_owned());
        }
        Ok(Self {
            arguments: if arguments.is_empty() {
                "*".to_owned()
            } else {
                arguments
            },
            items,
        })
    }

    fn depends_on(&self, _: &ObjectId) -> Vec<ObjectId> {
        Vec::new()
    }

    fn untracked(&self) -> Option<&str> {
        None
    }

    fn compare(&self, desired: &Self) -> Comparison {
        if self == desired {
            Comparison::Same
        } else {
            Comparison::Recreate("an aggregate cannot be changed")
        }
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
        let items = self.items.join(",\n    ");
        vec![format!(
            "CREATE AGGREGATE {}({}) (\n    {items}\n)",
            id.qualified(),
            self.arguments
        )]
    }

    fn alter(&self, _: &Self, _: &ObjectId) -> Alteration {
        Alteration::default()
    }

    fn drop(&self, id: &ObjectId) -> Vec<String> {
        vec![format!(
            "DROP AGGREGATE {}({})",
            id.qualified(),
            self.arguments
        )]
    }

    fn disturbs(&self, _: &Self) -> bool {
        false
    }

    fn target(&self, id: &ObjectId) -> Option<String> {
        Some(format!("AGGREGATE {}({})", id.qualified(), self.arguments))
    }

    fn hosts(&self, _: &ObjectId) -> Vec<ObjectId> {
        Vec::new()
    }

    fn grant_target(&self, id: &ObjectId) -> Option<GrantTarget> {
        Some(GrantTarget {
            object: format!("FUNCTION {}", id.path()),
            column: None,
        })
    }

    fn online(&self, _: &ObjectId, _: Task<'_, Self>, _: &Scene<'_>) -> Option<Online> {
        None
    }
}
