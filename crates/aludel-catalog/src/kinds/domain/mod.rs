//! Domains and their constraints.

mod online;

use crate::comparison::{Alteration, Clause, Comparison, Follow, Nature};
use crate::grants::GrantTarget;
use crate::identifier::{literal, quote};
use crate::kind::{Kind, ObjectKind};
use crate::kinds::is_not_checked;
use crate::object_id::ObjectId;
use crate::online::{Online, Scene, Task};
use crate::renaming::Member;
use crate::row::{DecodeError, Fields};

/// A domain.
#[derive(Clone, Debug)]
pub struct Domain {
    /// The type underneath.
    pub base: String,
    /// Its collation, when not the base type's own.
    pub collation: Option<String>,
    /// Whether NULL is refused.
    pub not_null: bool,
    /// Its default expression.
    pub default: Option<String>,
    /// Its CHECK constraints by name.
    pub constraints: Vec<DomainConstraint>,
    /// Whether a column holds it inside of another type (an array, a row): then PostgreSQL adds nothing to look at.
    pub is_nested: bool,
}

/// One CHECK of a domain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DomainConstraint {
    /// Its name.
    pub name: String,
    /// `CHECK (…)`, with NOT VALID behind it when it is not validated.
    pub definition: String,
    /// Its comment.
    pub comment: Option<String>,
}

impl DomainConstraint {
    fn comment_sql(&self, id: &ObjectId) -> String {
        let comment = self
            .comment
            .as_ref()
            .map_or_else(|| "NULL".to_owned(), |text| literal(text));
        format!(
            "COMMENT ON CONSTRAINT {} ON DOMAIN {} IS {comment}",
            quote(&self.name),
            id.qualified()
        )
    }

    fn validate_sql(&self, id: &ObjectId) -> String {
        format!(
            "ALTER DOMAIN {} VALIDATE CONSTRAINT {}",
            id.qualified(),
            quote(&self.name)
        )
    }

    fn add_sql(&self, id: &ObjectId) -> String {
        format!(
            "ALTER DOMAIN {} ADD CONSTRAINT {} {}",
            id.qualified(),
            quote(&self.name),
            self.definition
        )
    }
}

impl Domain {
    /// Returns the constraints as members.
    pub(crate) fn members(&self) -> Vec<Member> {
        let constraint = |one: &DomainConstraint| Member::new("domain constraint", &one.name);
        self.constraints.iter().map(constraint).collect()
    }

    /// Returns the statement that gives a constraint another name.
    pub(crate) fn rename_member_sql(id: &ObjectId, constraint: &str, name: &str) -> String {
        format!(
            "ALTER DOMAIN {} RENAME CONSTRAINT {} TO {}",
            id.qualified(),
            quote(constraint),
            quote(name)
        )
    }

    /// Returns the constraints that the desired domain has under another name.
    pub(crate) fn following_members(&self, desired: &Self) -> Vec<(Member, Member)> {
        let only = |list: &[DomainConstraint], other: &[DomainConstraint]| {
            let gone = |one: &&DomainConstraint| other.iter().all(|two| two.name != one.name);
            list.iter().filter(gone).cloned().collect::<Vec<_>>()
        };
        let mut comes = only(&desired.constraints, &self.constraints);
        let mut found = Vec::new();
        for old in only(&self.constraints, &desired.constraints) {
            let same = |new: &DomainConstraint| new.definition == old.definition;
            if let Some(place) = comes.iter().position(same) {
                let member = |name| Member::new("domain constraint", name);
                found.push((member(old.name), member(comes.remove(place).name)));
            }
        }
        found
    }

    /// Returns whether the change to `desired` looks at values that are there.
    fn looks_at_values(&self, desired: &Self) -> bool {
        let is_new = |new: &DomainConstraint| {
            let same = |old: &DomainConstraint| {
                (&old.name, &old.definition) == (&new.name, &new.definition)
            };
            !is_not_checked(&new.definition) && !self.constraints.iter().any(same)
        };
        desired.not_null && !self.not_null || desired.constraints.iter().any(is_new)
    }

    fn let_go(&self, id: &ObjectId) -> Vec<String> {
        let head = format!("ALTER DOMAIN {}", id.qualified());
        let default = self.default.iter().map(|_| format!("{head} DROP DEFAULT"));
        let constraints = self
            .constraints
            .iter()
            .map(|one| format!("{head} DROP CONSTRAINT {}", quote(&one.name)));
        default.chain(constraints).collect()
    }

    fn take_hold(&self, id: &ObjectId) -> Vec<String> {
        let head = format!("ALTER DOMAIN {}", id.qualified());
        let default = self
            .default
            .iter()
            .map(|default| format!("{head} SET DEFAULT {default}"));
        let constraints = self.constraints.iter().flat_map(|one| {
            let comment = one.comment.as_ref().map(|_| one.comment_sql(id));
            std::iter::once(one.add_sql(id)).chain(comment)
        });
        default.chain(constraints).collect()
    }
}

impl Kind for Domain {
    fn query(_: u32) -> String {
        include_str!("query.sql").to_owned()
    }

    fn listed_in() -> Option<&'static str> {
        Some("pg_type WHERE typtype = 'd' AND oid >= 16384")
    }

    fn decode(fields: &Fields<'_>) -> Result<Self, DecodeError> {
        let (base, collation) = (fields.text()?, fields.optional());
        let (not_null, default) = (fields.boolean()?, fields.optional());
        let constraints = fields
            .table()?
            .into_iter()
            .map(|row| {
                let mut values = row.into_iter();
                let mut next = || values.next().flatten();
                DomainConstraint {
                    name: next().unwrap_or_default(),
                    definition: next().unwrap_or_default(),
                    comment: next(),
                }
            })
            .collect();
        Ok(Self {
            base,
            collation,
            not_null,
            default,
            constraints,
            is_nested: fields.boolean()?,
        })
    }

    fn depends_on(&self, _: &ObjectId) -> Vec<ObjectId> {
        Vec::new()
    }

    fn untracked(&self) -> Option<&str> {
        None
    }

    fn compare(&self, desired: &Self) -> Comparison {
        let Self {
            base,
            collation,
            not_null,
            default,
            constraints,
            is_nested,
        } = self;
        if *is_nested && self.looks_at_values(desired) {
            return Comparison::Recreate("columns hold the domain inside of other types");
        }
        if (base, collation) != (&desired.base, &desired.collation) {
            return Comparison::Recreate("the type under a domain cannot be changed");
        }
        let mut attributes = Vec::new();
        if *not_null != desired.not_null {
            attributes.push("not null");
        }
        if *default != desired.default {
            attributes.push("default");
        }
        if *constraints != desired.constraints {
            attributes.push("constraints");
        }
        Comparison::of(attributes)
    }

    fn nature(&self) -> Nature {
        Nature::Type
    }

    fn follow(&self, id: &ObjectId, dependency: &ObjectId, _: bool) -> Follow {
        match dependency.kind {
            ObjectKind::Schema | ObjectKind::Extension | ObjectKind::Collation => Follow::Recreate,
            kind if kind.is_type() => Follow::Recreate,
            _ if self.is_nested && !self.constraints.is_empty() => Follow::Recreate,
            // What it calls may go and come back; its columns need not move for that.
            _ => Follow::Release {
                before: self.let_go(id),
                after: self.take_hold(id),
            },
        }
    }

    fn clause(&self, _: &ObjectId) -> Option<Clause> {
        None
    }

    fn create(&self, id: &ObjectId, _: &[String]) -> Vec<String> {
        let mut sql = format!("CREATE DOMAIN {} AS {}", id.qualified(), self.base);
        if let Some(collation) = &self.collation {
            sql.push_str(&format!(" COLLATE {collation}"));
        }
        if let Some(default) = &self.default {
            sql.push_str(&format!(" DEFAULT {default}"));
        }
        if self.not_null {
            sql.push_str(" NOT NULL");
        }
        let (late, now): (Vec<_>, Vec<_>) = self
            .constraints
            .iter()
            .partition(|constraint| constraint.definition.ends_with(" NOT VALID"));
        for constraint in now {
            sql.push_str(&format!(
                "\n    CONSTRAINT {} {}",
                quote(&constraint.name),
                constraint.definition
            ));
        }
        let mut statements = vec![sql];
        statements.extend(late.iter().map(|constraint| constraint.add_sql(id)));
        statements.extend(
            self.constraints
                .iter()
                .filter(|one| one.comment.is_some())
                .map(|constraint| constraint.comment_sql(id)),
        );
        statements
    }

    fn alter(&self, desired: &Self, id: &ObjectId) -> Alteration {
        let name = id.qualified();
        let mut sql = Vec::new();
        if self.default != desired.default {
            sql.push(match &desired.default {
                Some(default) => format!("ALTER DOMAIN {name} SET DEFAULT {default}"),
                None => format!("ALTER DOMAIN {name} DROP DEFAULT"),
            });
        }
        if self.not_null != desired.not_null {
            sql.push(format!(
                "ALTER DOMAIN {name} {} NOT NULL",
                if desired.not_null { "SET" } else { "DROP" }
            ));
        }
        let find = |list: &[DomainConstraint], name: &str| {
            list.iter().find(|one| one.name == name).cloned()
        };
        for old in &self.constraints {
            let same = find(&desired.constraints, &old.name).is_some_and(|new| {
                new.definition == old.definition
                    || old.definition == format!("{} NOT VALID", new.definition)
            });
            if !same {
                sql.push(format!(
                    "ALTER DOMAIN {name} DROP CONSTRAINT {}",
                    quote(&old.name)
                ));
            }
        }
        for new in &desired.constraints {
            let old = find(&self.constraints, &new.name);
            match &old {
                Some(old) if old.definition == new.definition => {}
                Some(old) if old.definition == format!("{} NOT VALID", new.definition) => {
                    sql.push(new.validate_sql(id));
                }
                _ => sql.push(new.add_sql(id)),
            }
            let kept = old
                .filter(|old| old.definition == new.definition)
                .and_then(|old| old.comment);
            if kept != new.comment {
                sql.push(new.comment_sql(id));
            }
        }
        sql.into()
    }

    fn drop(&self, id: &ObjectId) -> Vec<String> {
        vec![format!("DROP DOMAIN {}", id.qualified())]
    }

    fn disturbs(&self, _: &Self) -> bool {
        false
    }

    fn target(&self, id: &ObjectId) -> Option<String> {
        Some(format!("DOMAIN {}", id.qualified()))
    }

    fn hosts(&self, _: &ObjectId) -> Vec<ObjectId> {
        Vec::new()
    }

    fn grant_target(&self, id: &ObjectId) -> Option<GrantTarget> {
        Some(GrantTarget {
            object: format!("DOMAIN {}", id.qualified()),
            column: None,
        })
    }

    fn online(&self, id: &ObjectId, task: Task<'_, Self>, scene: &Scene<'_>) -> Option<Online> {
        self.online_form(id, task, scene)
    }
}
