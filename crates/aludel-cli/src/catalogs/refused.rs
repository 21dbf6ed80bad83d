//! Indexes that PostgreSQL does not make as the models state them.
//!
//! Alembic compares an index by its name and columns, so that models may say less than the revision that made it: an index
//! with an operator class or an expression that the models do not carry. `create_all` fails on them; the history has them.

use std::collections::BTreeMap;

use aludel_catalog::{Catalog, Object, ObjectKind};
use aludel_postgres::{BuildError, StatementError};
use aludel_source::SourceWarning;
use aludel_sql::{Origin, Statement};

/// An index of the models that was refused, and all others that the history has too.
pub(super) struct Refused {
    statements: Vec<Statement>,
    names: Vec<String>,
    origin: Origin,
    error: StatementError,
}

impl Refused {
    /// Makes the statements, when what failed is an index that `current` has.
    pub(super) fn of(
        error: &BuildError,
        current: &Catalog,
        statements: &[Statement],
    ) -> Option<Self> {
        let BuildError::Statement { origin, error } = error else {
            return None;
        };
        let known = indexes(current);
        let is_known = |name: &String| known.contains_key(name.as_str());
        index_name(&error.statement).filter(is_known)?;
        let mut names = Vec::new();
        let statements = statements.iter().map(|statement| {
            let Some(name) = index_name(&statement.text).filter(is_known) else {
                return statement.clone();
            };
            names.push(name);
            Statement {
                text: forgiving(&statement.text),
                origin: statement.origin.clone(),
            }
        });
        Some(Self {
            statements: statements.collect(),
            names,
            origin: origin.clone(),
            error: error.clone(),
        })
    }

    /// The models' statements; one that makes an index of the history does nothing where it would fail.
    pub(super) fn statements(&self) -> Vec<Statement> {
        self.statements.clone()
    }

    /// Adds the indexes that were not made, as `current` has them, and says which they are.
    pub(super) fn complete(&self, current: &Catalog, desired: &mut Catalog) -> SourceWarning {
        let known = indexes(current);
        let mut missing = Vec::new();
        for name in &self.names {
            let is_made = indexes(desired).contains_key(name.as_str());
            if let Some(index) = known.get(name.as_str()).filter(|_| !is_made) {
                missing.push(name.as_str());
                desired.objects.insert(index.id.clone(), (*index).clone());
            }
        }
        let noun = if missing.len() == 1 {
            "index"
        } else {
            "indexes"
        };
        SourceWarning {
            file: self.origin.file.clone(),
            line: self.origin.line,
            message: format!(
                "PostgreSQL does not make the {noun} {} as the models state: {}; compared as the history has them",
                missing.join(", "),
                self.error.message
            ),
            hint: self.error.hint.clone(),
        }
    }
}

/// The indexes by their names, which the models state without a schema.
fn indexes(catalog: &Catalog) -> BTreeMap<&str, &Object> {
    let indexes = catalog.objects.values();
    let indexes = indexes.filter(|object| object.id.kind == ObjectKind::Index);
    indexes
        .map(|index| (index.id.name.as_str(), index))
        .collect()
}

/// Returns the name of the index that a statement of SQLAlchemy's makes.
fn index_name(sql: &str) -> Option<String> {
    let rest = sql.strip_prefix("CREATE ")?;
    let rest = rest.strip_prefix("UNIQUE ").unwrap_or(rest);
    let (name, _) = rest.strip_prefix("INDEX ")?.split_once(" ON ")?;
    let name = name.strip_prefix("CONCURRENTLY ").unwrap_or(name);
    let name = name.strip_prefix("IF NOT EXISTS ").unwrap_or(name);
    let quoted = name
        .strip_prefix('"')
        .and_then(|name| name.strip_suffix('"'));
    Some(quoted.map_or_else(|| name.to_owned(), |name| name.replace("\"\"", "\"")))
}

/// The same statement, which does nothing where it would fail.
fn forgiving(sql: &str) -> String {
    format!(
        "DO $aludel$ BEGIN EXECUTE $aludel_index${sql}$aludel_index$; EXCEPTION WHEN OTHERS THEN NULL; END $aludel$"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_is_known_by_its_name() {
        for (sql, name) in [
            ("CREATE INDEX ix_a ON t (a)", Some("ix_a")),
            ("CREATE UNIQUE INDEX \"Ix \"\"a\" ON t (a)", Some("Ix \"a")),
            (
                "CREATE INDEX CONCURRENTLY IF NOT EXISTS x ON t (a)",
                Some("x"),
            ),
            ("CREATE TABLE t (a int)", None),
        ] {
            assert_eq!(index_name(sql).as_deref(), name);
        }
    }
}
