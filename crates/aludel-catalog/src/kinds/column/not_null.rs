//! NOT NULL: a mark of the column, and from 18 on a constraint with a name and attributes of its own.

use crate::identifier::{literal, quote};
use crate::kinds::column::Column;
use crate::object_id::ObjectId;
use crate::online::Stage;

/// The constraint behind NOT NULL.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotNull {
    /// Its name.
    pub name: String,
    /// NO INHERIT: no child table gets it.
    pub no_inherit: bool,
    /// Whether the rows are known to hold it.
    pub valid: bool,
    /// Its comment.
    pub comment: Option<String>,
}

impl NotNull {
    /// Reads name, NO INHERIT, validity and comment.
    pub(super) fn read(row: Vec<Option<String>>) -> Option<Self> {
        let mut values = row.into_iter();
        let mut next = || values.next().flatten();
        Some(Self {
            name: next()?,
            no_inherit: next()? == "true",
            valid: next()? == "true",
            comment: next(),
        })
    }

    /// Returns the constraint that PostgreSQL makes when nothing more is said.
    pub(super) fn usual(id: &ObjectId) -> Self {
        Self {
            name: format!("{}_{}_not_null", id.relation, id.name),
            no_inherit: false,
            valid: true,
            comment: None,
        }
    }

    /// Returns the statement that keeps new NULLs out, and what makes the constraint whole once the rows are looked at.
    pub(super) fn add_online(&self, id: &ObjectId) -> (String, Vec<Stage>) {
        let unchecked = Self {
            valid: false,
            ..self.clone()
        };
        let validate = self.valid.then(|| self.alter_sql(id, "VALIDATE"));
        let comment = self.comment.iter().map(|_| self.comment_sql(id));
        let rest: Vec<String> = validate.into_iter().chain(comment).collect();
        let rest = (!rest.is_empty()).then_some(Stage::Transaction(rest));
        (unchecked.add_sql(id), rest.into_iter().collect())
    }

    /// Returns `CONSTRAINT name` unless the name is the one that PostgreSQL chooses.
    fn name_sql(&self, id: &ObjectId) -> Option<String> {
        (self.name != Self::usual(id).name).then(|| format!("CONSTRAINT {}", quote(&self.name)))
    }

    fn add_sql(&self, id: &ObjectId) -> String {
        let (table, name, column) = (id.relation(), quote(&self.name), id.quoted());
        let no_inherit = if self.no_inherit { " NO INHERIT" } else { "" };
        let not_valid = if self.valid { "" } else { " NOT VALID" };
        format!(
            "ALTER TABLE {table} ADD CONSTRAINT {name} NOT NULL {column}{no_inherit}{not_valid}"
        )
    }

    fn alter_sql(&self, id: &ObjectId, what: &str) -> String {
        let (table, name) = (id.relation(), quote(&self.name));
        format!("ALTER TABLE {table} {what} CONSTRAINT {name}")
    }

    fn comment_sql(&self, id: &ObjectId) -> String {
        let comment = self.comment.as_deref();
        let comment = comment.map_or_else(|| "NULL".to_owned(), literal);
        let (table, name) = (id.relation(), quote(&self.name));
        format!("COMMENT ON CONSTRAINT {name} ON {table} IS {comment}")
    }

    /// Returns the statements that take the constraint to `desired`. One that children have is made again to be the
    /// table's alone: its children would keep it otherwise.
    fn changes_sql(&self, desired: &Self, id: &ObjectId) -> Vec<String> {
        let again = desired.no_inherit && !self.no_inherit || self.valid && !desired.valid;
        if again {
            let mut sql = vec![self.alter_sql(id, "DROP"), desired.add_sql(id)];
            sql.extend(desired.comment.iter().map(|_| desired.comment_sql(id)));
            return sql;
        }
        let mut sql = Vec::new();
        if self.name != desired.name {
            let name = quote(&desired.name);
            sql.push(format!("{} TO {name}", self.alter_sql(id, "RENAME")));
        }
        if self.no_inherit && !desired.no_inherit {
            sql.push(format!("{} INHERIT", desired.alter_sql(id, "ALTER")));
        }
        if desired.valid && !self.valid {
            sql.push(desired.alter_sql(id, "VALIDATE"));
        }
        if self.comment != desired.comment {
            sql.push(desired.comment_sql(id));
        }
        sql
    }
}

impl Column {
    /// Returns whether child tables get the column's NOT NULL.
    pub(super) fn passes_not_null_on(&self) -> bool {
        let alone = self.not_null_constraint.as_ref();
        self.not_null && !alone.is_some_and(|constraint| constraint.no_inherit)
    }

    /// Returns ` NOT NULL` as a clause of the column, nothing when rows may break it: then it is added afterwards.
    pub(super) fn not_null_clause(&self, id: &ObjectId) -> String {
        match &self.not_null_constraint {
            _ if !self.not_null => String::new(),
            Some(constraint) if !constraint.valid => String::new(),
            Some(constraint) => {
                let name = constraint.name_sql(id).map(|name| format!(" {name}"));
                let no_inherit = if constraint.no_inherit {
                    " NO INHERIT"
                } else {
                    ""
                };
                format!("{} NOT NULL{no_inherit}", name.unwrap_or_default())
            }
            None => " NOT NULL".to_owned(),
        }
    }

    /// Returns the statements for what the clause cannot say.
    pub(super) fn not_null_extras(&self, id: &ObjectId) -> Vec<String> {
        let Some(constraint) = self.not_null_constraint.as_ref().filter(|_| self.not_null) else {
            return Vec::new();
        };
        let mut sql = Vec::new();
        if !constraint.valid {
            sql.push(constraint.add_sql(id));
        }
        sql.extend(
            constraint
                .comment
                .iter()
                .map(|_| constraint.comment_sql(id)),
        );
        sql
    }

    /// Returns whether NOT NULL stays and its constraint is another; an inherited one is what the parent's is.
    pub(super) fn constraint_differs(&self, desired: &Self) -> bool {
        !self.follows_parent(desired)
            && self.not_null
            && desired.not_null
            && self.not_null_constraint.is_some()
            && desired.not_null_constraint.is_some()
            && self.not_null_constraint != desired.not_null_constraint
    }

    pub(super) fn not_null_sql(&self, desired: &Self, id: &ObjectId) -> Vec<String> {
        let head = desired.alter_head(id);
        if self.not_null && !desired.not_null {
            return vec![format!("{head} DROP NOT NULL")];
        }
        if !self.not_null && desired.not_null {
            let Some(constraint) = &desired.not_null_constraint else {
                return vec![format!("{head} SET NOT NULL")];
            };
            let special = constraint.no_inherit || !constraint.valid;
            let mut sql = vec![if special || constraint.name_sql(id).is_some() {
                constraint.add_sql(id)
            } else {
                format!("{head} SET NOT NULL")
            }];
            sql.extend(
                constraint
                    .comment
                    .iter()
                    .map(|_| constraint.comment_sql(id)),
            );
            return sql;
        }
        match (&self.not_null_constraint, &desired.not_null_constraint) {
            (Some(old), Some(new)) if self.constraint_differs(desired) => old.changes_sql(new, id),
            _ => Vec::new(),
        }
    }
}
