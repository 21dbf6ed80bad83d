//! Row-security policies. Whether a table enforces them is the table's own attribute.

use crate::comparison::{Alteration, Clause, Comparison, Follow, Nature};
use crate::grants::GrantTarget;
use crate::kind::Kind;
use crate::kinds::role;
use crate::object_id::ObjectId;
use crate::online::{Online, Scene, Task};
use crate::row::{DecodeError, Fields};

/// A policy.
#[derive(Clone, Debug)]
pub struct Policy {
    /// `r` select, `a` insert, `w` update, `d` delete, `*` all.
    pub command: char,
    /// Whether it widens (permissive) or narrows (restrictive).
    pub permissive: bool,
    /// The roles it is for, sorted; the empty name is PUBLIC.
    pub roles: Vec<String>,
    /// The USING expression.
    pub using: Option<String>,
    /// The WITH CHECK expression.
    pub check: Option<String>,
}

impl Policy {
    fn roles_sql(&self) -> String {
        self.roles
            .iter()
            .map(|name| role(name))
            .collect::<Vec<_>>()
            .join(", ")
    }
}

impl Kind for Policy {
    fn query(_: u32) -> String {
        include_str!("query.sql").to_owned()
    }

    fn listed_in() -> Option<&'static str> {
        Some("pg_policy")
    }

    fn decode(fields: &Fields<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            command: fields.letter()?,
            permissive: fields.boolean()?,
            roles: fields.list()?,
            using: fields.optional(),
            check: fields.optional(),
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
            command,
            permissive,
            roles,
            using,
            check,
        } = self;
        if *command != desired.command || *permissive != desired.permissive {
            return Comparison::Recreate("the command or the sort of a policy cannot be changed");
        }
        if using.is_some() && desired.using.is_none() || check.is_some() && desired.check.is_none()
        {
            return Comparison::Recreate("an expression of a policy cannot be taken away");
        }
        let mut attributes = Vec::new();
        if *roles != desired.roles {
            attributes.push("roles");
        }
        if *using != desired.using {
            attributes.push("using");
        }
        if *check != desired.check {
            attributes.push("with check");
        }
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
        let mut sql = format!("CREATE POLICY {} ON {}", id.quoted(), id.relation());
        if !self.permissive {
            sql.push_str(" AS RESTRICTIVE");
        }
        sql.push_str(match self.command {
            'r' => " FOR SELECT",
            'a' => " FOR INSERT",
            'w' => " FOR UPDATE",
            'd' => " FOR DELETE",
            _ => "",
        });
        if self.roles != [""] {
            sql.push_str(&format!(" TO {}", self.roles_sql()));
        }
        if let Some(using) = &self.using {
            sql.push_str(&format!("\n    USING ({using})"));
        }
        if let Some(check) = &self.check {
            sql.push_str(&format!("\n    WITH CHECK ({check})"));
        }
        vec![sql]
    }

    fn alter(&self, desired: &Self, id: &ObjectId) -> Alteration {
        let mut sql = format!("ALTER POLICY {} ON {}", id.quoted(), id.relation());
        if self.roles != desired.roles {
            sql.push_str(&format!(" TO {}", desired.roles_sql()));
        }
        if let Some(using) = desired
            .using
            .as_ref()
            .filter(|_| self.using != desired.using)
        {
            sql.push_str(&format!("\n    USING ({using})"));
        }
        if let Some(check) = desired
            .check
            .as_ref()
            .filter(|_| self.check != desired.check)
        {
            sql.push_str(&format!("\n    WITH CHECK ({check})"));
        }
        vec![sql].into()
    }

    fn drop(&self, id: &ObjectId) -> Vec<String> {
        vec![format!("DROP POLICY {} ON {}", id.quoted(), id.relation())]
    }

    fn disturbs(&self, _: &Self) -> bool {
        false
    }

    fn target(&self, id: &ObjectId) -> Option<String> {
        Some(format!("POLICY {} ON {}", id.quoted(), id.relation()))
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
