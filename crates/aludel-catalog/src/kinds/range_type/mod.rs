//! Range types. One that changes cannot stand beside its old form (its constructors share a name), so columns of it wait
//! as text meanwhile.

use crate::comparison::{Alteration, Clause, Comparison, Follow, Nature};
use crate::grants::GrantTarget;
use crate::identifier::{last_part, qualified, quote};
use crate::kind::{Kind, ObjectKind};
use crate::object_id::ObjectId;
use crate::online::{Online, Scene, Task};
use crate::renaming::Member;
use crate::row::{DecodeError, Fields};

/// A range type.
#[derive(Clone, Debug)]
pub struct RangeType {
    /// The options of CREATE TYPE … AS RANGE, written out.
    pub options: Vec<String>,
}

impl RangeType {
    fn option(&self, name: &str) -> Option<&str> {
        let value =
            |option: &'_ String| option.strip_prefix(name)?.strip_prefix(" = ").map(str::len);
        let (option, length) = self
            .options
            .iter()
            .find_map(|option| Some((option, value(option)?)))?;
        Some(&option[option.len() - length..])
    }

    /// Returns the name of the multirange type as a member.
    pub(crate) fn members(&self) -> Vec<Member> {
        let name = self.option("multirange_type_name");
        name.map(|name| Member::new("multirange type", unquote(last_part(name))))
            .into_iter()
            .collect()
    }

    /// Returns the multirange type when it has another name on the desired side.
    pub(crate) fn following_members(&self, desired: &Self) -> Vec<(Member, Member)> {
        let pairs = self.members().into_iter().zip(desired.members());
        pairs.filter(|(old, new)| old != new).collect()
    }

    /// Returns the statements that give the constructors the type's new name, which they do not follow by themselves.
    pub(crate) fn rename_constructors_sql(&self, id: &ObjectId, name: &str) -> Vec<String> {
        let subtype = self.option("subtype").unwrap_or_default();
        [
            format!("{subtype}, {subtype}"),
            format!("{subtype}, {subtype}, text"),
        ]
        .iter()
        .map(|arguments| constructor_sql(&id.qualified(), arguments, name))
        .collect()
    }

    /// Returns the statements that give the multirange type and its constructors another name.
    pub(crate) fn rename_member_sql(id: &ObjectId, multirange: &str, name: &str) -> Vec<String> {
        let (old, range) = (qualified(&id.schema, multirange), id.qualified());
        let mut sql = vec![format!("ALTER TYPE {old} RENAME TO {}", quote(name))];
        let arguments = [String::new(), range.clone(), format!("VARIADIC {range}[]")];
        sql.extend(
            arguments
                .iter()
                .map(|arguments| constructor_sql(&old, arguments, name)),
        );
        sql
    }
}

fn constructor_sql(old: &str, arguments: &str, name: &str) -> String {
    format!(
        "ALTER FUNCTION {old}({arguments}) RENAME TO {}",
        quote(name)
    )
}

/// Returns the name without quotes.
fn unquote(name: &str) -> String {
    let inner = name
        .strip_prefix('"')
        .and_then(|name| name.strip_suffix('"'));
    inner.map_or_else(|| name.to_owned(), |inner| inner.replace("\"\"", "\""))
}

impl Kind for RangeType {
    fn query(_: u32) -> String {
        include_str!("query.sql").to_owned()
    }

    fn listed_in() -> Option<&'static str> {
        Some("pg_range WHERE rngtypid >= 16384")
    }

    fn decode(fields: &Fields<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            options: fields.list()?,
        })
    }

    fn depends_on(&self, id: &ObjectId) -> Vec<ObjectId> {
        let shell = self
            .option("canonical")
            .map(|_| id.with_kind(ObjectKind::ShellType));
        shell.into_iter().collect()
    }

    fn untracked(&self) -> Option<&str> {
        None
    }

    fn compare(&self, desired: &Self) -> Comparison {
        let Self { options } = self;
        if *options == desired.options {
            Comparison::Same
        } else {
            Comparison::Recreate("the definition of a range type cannot be changed")
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
        vec![format!(
            "CREATE TYPE {} AS RANGE (\n    {}\n)",
            id.qualified(),
            self.options.join(",\n    ")
        )]
    }

    fn alter(&self, _: &Self, _: &ObjectId) -> Alteration {
        Alteration::default()
    }

    fn drop(&self, id: &ObjectId) -> Vec<String> {
        // It and its canonical function need each other.
        let cascade = if self.option("canonical").is_some() {
            " CASCADE"
        } else {
            ""
        };
        vec![format!("DROP TYPE {}{cascade}", id.qualified())]
    }

    fn disturbs(&self, _: &Self) -> bool {
        false
    }

    fn target(&self, id: &ObjectId) -> Option<String> {
        Some(format!("TYPE {}", id.qualified()))
    }

    fn hosts(&self, _: &ObjectId) -> Vec<ObjectId> {
        Vec::new()
    }

    fn grant_target(&self, id: &ObjectId) -> Option<GrantTarget> {
        Some(GrantTarget {
            object: format!("TYPE {}", id.qualified()),
            column: None,
        })
    }

    fn online(&self, _: &ObjectId, _: Task<'_, Self>, _: &Scene<'_>) -> Option<Online> {
        None
    }
}
