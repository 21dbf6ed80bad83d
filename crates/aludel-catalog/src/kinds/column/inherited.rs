//! Columns that come from a parent table: what the parent's change makes of them, and what they say for themselves.

use crate::comparison::Follow;
use crate::kind::ObjectKind;
use crate::kinds::column::{Column, Generation};
use crate::object_id::ObjectId;

/// What the column at the top of the inheritance says and passes on to every child when it changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Root {
    /// The default.
    pub expression: Option<String>,
    /// NOT NULL.
    pub not_null: bool,
    /// The storage.
    pub storage: Option<char>,
    /// The statistics target.
    pub statistics: Option<i32>,
    /// The tables on the way there, with what ties each to the next: once a tie is cut, nothing is passed on.
    pub ties: Vec<String>,
}

impl Root {
    /// Returns what `column` passes on.
    pub(crate) fn of(column: &Column, ties: Vec<String>) -> Self {
        Self {
            ties,
            expression: column.expression.clone(),
            not_null: column.passes_not_null_on(),
            storage: column.storage,
            statistics: column.statistics,
        }
    }
}

impl Column {
    /// Returns whether the parent's change reaches this column before its own.
    pub(super) fn follows_parent(&self, desired: &Self) -> bool {
        match (&self.root, &desired.root) {
            (Some(before), Some(after)) => before.ties == after.ties,
            _ => false,
        }
    }

    /// Returns how an inherited column makes way for what it depends on. The parent's column does it for both; what hangs on
    /// this one makes way too, and a default of its own comes back.
    pub(super) fn follow_with_parent(&self, id: &ObjectId, dependency: &ObjectId) -> Follow {
        let passed_on = self.root.as_ref().and_then(|root| root.expression.clone());
        let has_own = self.expression != passed_on;
        let head = self
            .alter_head(id)
            .replacen("ALTER TABLE ", "ALTER TABLE ONLY ", 1);
        let drop = format!("{head} DROP DEFAULT");
        let before: Vec<String> = self
            .expression
            .iter()
            .filter(|_| has_own)
            .map(|_| drop.clone())
            .collect();
        let after: Vec<String> = match &self.expression {
            _ if !has_own => Vec::new(),
            Some(expression) => vec![format!("{head} SET DEFAULT {expression}")],
            None => vec![drop],
        };
        match dependency.kind {
            ObjectKind::Collation => Follow::Rebuild { before, after },
            // The values go with the parent's.
            kind if kind.is_type() => Follow::Move {
                before,
                across: after.clone(),
                out: Vec::new(),
                back: after,
            },
            ObjectKind::Extension | ObjectKind::Schema => Follow::Keep,
            _ => Follow::Release { before, after },
        }
    }

    /// Returns the column as the parent's change to `desired` leaves it: everything that only the parent can change is
    /// done, and what the parent passes on has replaced what the column said for itself.
    pub(super) fn reached(&self, desired: &Self) -> Self {
        let (Some(before), Some(after)) = (&self.root, &desired.root) else {
            return self.clone();
        };
        let mut reached = Self {
            type_name: desired.type_name.clone(),
            collation: desired.collation.clone(),
            ..self.clone()
        };
        if !matches!(self.generation, Generation::Plain)
            || !matches!(desired.generation, Generation::Plain)
        {
            reached.generation = desired.generation.clone();
            reached.expression.clone_from(&desired.expression);
        }
        let retyped = self.is_retyped(desired);
        if before.expression != after.expression || retyped && before.expression.is_some() {
            reached.expression.clone_from(&after.expression);
        }
        if before.not_null != after.not_null {
            reached.not_null = after.not_null;
        }
        if before.storage != after.storage {
            reached.storage = after.storage;
        }
        if before.statistics != after.statistics {
            reached.statistics = after.statistics;
        }
        reached
    }

    /// Returns the names of what the column says for itself and the parent's change does not bring about.
    pub(super) fn own_differences(&self, desired: &Self) -> Vec<&'static str> {
        let reached = self.reached(desired);
        [
            (reached.expression != desired.expression, "default"),
            (reached.not_null != desired.not_null, "not null"),
            (reached.storage != desired.storage, "storage"),
            (reached.compression != desired.compression, "compression"),
            (
                reached.statistics != desired.statistics,
                "statistics target",
            ),
            (reached.options != desired.options, "options"),
        ]
        .into_iter()
        .filter_map(|(differs, name)| differs.then_some(name))
        .collect()
    }

    /// Returns the statements for [`Column::own_differences`]. ONLY: its children say for themselves too.
    pub(super) fn own_sql(&self, desired: &Self, id: &ObjectId) -> Vec<String> {
        let reached = self.reached(desired);
        let head = desired.alter_head(id);
        let mut sql = Vec::new();
        if reached.expression != desired.expression {
            sql.push(match &desired.expression {
                Some(expression) => format!("{head} SET DEFAULT {expression}"),
                None => format!("{head} DROP DEFAULT"),
            });
        }
        sql.extend(reached.physical_sql(desired, id));
        let mut sql: Vec<String> = sql
            .iter()
            .map(|one| one.replacen("ALTER TABLE ", "ALTER TABLE ONLY ", 1))
            .collect();
        if reached.not_null != desired.not_null {
            let verb = if desired.not_null { "SET" } else { "DROP" };
            sql.push(format!("{head} {verb} NOT NULL"));
        }
        sql
    }

    /// Returns what makes this inherited column differ from the parent's, which is what it is born as.
    pub fn override_sql(&self, parent: &Self, id: &ObjectId) -> Vec<String> {
        let born = Self {
            statistics: None,
            options: Vec::new(),
            root: None,
            relation_kind: self.relation_kind,
            ..parent.clone()
        };
        born.own_sql(self, id)
    }
}
