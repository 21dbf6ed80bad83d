//! Indexes and foreign keys that PostgreSQL does not make as the models state them, or SQLAlchemy itself cannot write.
//!
//! Alembic compares an index by its name and columns and a foreign key by its columns, so that models may say something else
//! than the revision that made it: an index without its operator class, a column of another type than the one it refers to.
//! `create_all` fails on them; the history has them.

use std::fmt;

use aludel_catalog::identifier::quote;
use aludel_catalog::{Catalog, Definition, Object, ObjectId, ObjectKind};
use aludel_postgres::{BuildError, StatementError};
use aludel_source::{SetAside, SourceWarning};
use aludel_sql::{Origin, Statement};

/// The conditions under which a table is refused for a foreign key of it: other types, no key there.
const FOREIGN_KEY: [&str; 2] = ["42804", "42830"];

/// A part of the models that was refused, and all others that the history has too.
pub(super) struct Refused {
    statements: Vec<Statement>,
    parts: Vec<Part>,
    origin: Origin,
    error: StatementError,
}

/// What a statement makes, as the models name it.
#[derive(Debug, PartialEq, Eq)]
enum Part {
    Index { name: String },
    ForeignKey { table: String, columns: String },
}

/// Whether a table was refused for a foreign key of it, which could stand in a statement of its own.
pub(super) fn is_of_foreign_key(error: &BuildError) -> bool {
    let BuildError::Statement { error, .. } = error else {
        return false;
    };
    error.statement.starts_with("CREATE TABLE ") && FOREIGN_KEY.contains(&error.sqlstate.as_str())
}

impl Refused {
    /// Makes the statements, when what failed is a part that `current` has.
    pub(super) fn of(
        error: &BuildError,
        current: &Catalog,
        statements: &[Statement],
    ) -> Option<Self> {
        let BuildError::Statement { origin, error } = error else {
            return None;
        };
        // A foreign key that cannot be is often in no revision either; an index that fails is one somebody is adding.
        let is_known =
            |part: &Part| matches!(part, Part::ForeignKey { .. }) || part.find(current).is_some();
        Part::of(&error.statement).filter(is_known)?;
        let mut parts = Vec::new();
        let statements = statements.iter().map(|statement| {
            let Some(part) = Part::of(&statement.text).filter(is_known) else {
                return statement.clone();
            };
            parts.push(part);
            Statement {
                text: forgiving(&statement.text),
                origin: statement.origin.clone(),
            }
        });
        Some(Self {
            statements: statements.collect(),
            parts,
            origin: origin.clone(),
            error: error.clone(),
        })
    }

    /// The models' statements; one that makes a part of the history does nothing where it would fail.
    pub(super) fn statements(&self) -> Vec<Statement> {
        self.statements.clone()
    }

    /// Adds the parts that were not made, as `current` has them, and says which they are.
    pub(super) fn complete(&self, current: &Catalog, desired: &mut Catalog) -> SourceWarning {
        let mut missing = Vec::new();
        for part in &self.parts {
            if part.find(desired).is_some() {
                continue;
            }
            if let Some(object) = part.find(current) {
                missing.push(object.id.to_string());
                desired.objects.insert(object.id.clone(), object.clone());
            } else {
                missing.push(format!("{part} (in no revision, left out)"));
            }
        }
        SourceWarning {
            file: self.origin.file.clone(),
            line: self.origin.line,
            message: format!(
                "PostgreSQL does not make {} as the models state: {}; compared as the history has it",
                missing.join(", "),
                self.error.message
            ),
            hint: self.error.detail.clone().or(self.error.hint.clone()),
        }
    }
}

/// What SQLAlchemy cannot write is as `current` has it; a warning for each.
pub(super) fn complete_set_aside(
    set_aside: &[SetAside],
    current: &Catalog,
    desired: &mut Catalog,
) -> Vec<SourceWarning> {
    let warning = |aside: &SetAside| {
        let part = Part::set_aside(aside);
        let (what, outcome) = match part.find(current) {
            Some(object) => {
                desired.objects.insert(object.id.clone(), object.clone());
                (object.id.to_string(), "compared as the history has it")
            }
            None => (part.to_string(), "left out"),
        };
        SourceWarning {
            file: aside.file.clone(),
            line: aside.line.unwrap_or(1),
            message: format!(
                "SQLAlchemy cannot write {what}: {}; {outcome}",
                aside.message
            ),
            hint: None,
        }
    };
    set_aside.iter().map(warning).collect()
}

/// The pattern of the table that a foreign key refers to although no model defines it: it is somebody else's.
pub(super) fn of_others(aside: &SetAside, home: &str) -> Option<String> {
    let referred = aside.refers_to.as_ref()?;
    let (schema, name) = referred.rsplit_once('.').unwrap_or((home, referred));
    Some(ObjectId::new(ObjectKind::Table, schema, name).to_string())
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Index { name } => write!(f, "index {name}"),
            Self::ForeignKey { table, columns } => write!(f, "foreign key {table} ({columns})"),
        }
    }
}

impl Part {
    fn set_aside(aside: &SetAside) -> Self {
        if let Some(name) = aside.name.clone() {
            return Self::Index { name };
        }
        let columns: Vec<_> = aside.columns.iter().map(|name| quote(name)).collect();
        Self::ForeignKey {
            table: aside.table.clone(),
            columns: columns.join(", "),
        }
    }

    /// Reads a statement as SQLAlchemy writes it.
    fn of(sql: &str) -> Option<Self> {
        if let Some(rest) = sql.strip_prefix("ALTER TABLE ") {
            let (table, rest) = rest.split_once(" ADD ")?;
            let (_, columns) = rest.split_once("FOREIGN KEY(")?;
            let (columns, _) = columns.split_once(") REFERENCES ")?;
            let table = unquoted(table.rsplit('.').next()?);
            let columns = columns.to_owned();
            return Some(Self::ForeignKey { table, columns });
        }
        let rest = sql.strip_prefix("CREATE ")?;
        let rest = rest.strip_prefix("UNIQUE ").unwrap_or(rest);
        let (name, _) = rest.strip_prefix("INDEX ")?.split_once(" ON ")?;
        let name = name.strip_prefix("CONCURRENTLY ").unwrap_or(name);
        let name = unquoted(name.strip_prefix("IF NOT EXISTS ").unwrap_or(name));
        Some(Self::Index { name })
    }

    fn find<'a>(&self, catalog: &'a Catalog) -> Option<&'a Object> {
        let is_it = |object: &&Object| match (self, &object.definition) {
            (Self::Index { name }, Definition::Index(_)) => *name == object.id.name,
            (Self::ForeignKey { table, columns }, Definition::ForeignKey(own)) => {
                let begin = format!("FOREIGN KEY ({columns}) REFERENCES ");
                *table == object.id.relation && own.definition.starts_with(&begin)
            }
            _ => false,
        };
        let kinds = [ObjectKind::Index, ObjectKind::ForeignKey];
        let parts = catalog.objects.values();
        let mut parts = parts.filter(|object| kinds.contains(&object.id.kind));
        parts.find(is_it)
    }
}

fn unquoted(name: &str) -> String {
    let quoted = name
        .strip_prefix('"')
        .and_then(|name| name.strip_suffix('"'));
    quoted.map_or_else(|| name.to_owned(), |name| name.replace("\"\"", "\""))
}

/// The same statement, which does nothing where it would fail.
fn forgiving(sql: &str) -> String {
    format!(
        "DO $aludel$ BEGIN EXECUTE $aludel_part${sql}$aludel_part$; EXCEPTION WHEN OTHERS THEN NULL; END $aludel$"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_known_by_what_the_models_say_of_it() {
        let index = |name: &str| {
            let name = name.to_owned();
            Some(Part::Index { name })
        };
        let foreign_key = |table: &str, columns: &str| {
            let (table, columns) = (table.to_owned(), columns.to_owned());
            Some(Part::ForeignKey { table, columns })
        };
        for (sql, part) in [
            ("CREATE INDEX ix_a ON t (a)", index("ix_a")),
            ("CREATE UNIQUE INDEX \"Ix \"\"a\" ON t (a)", index("Ix \"a")),
            (
                "CREATE INDEX CONCURRENTLY IF NOT EXISTS x ON t (a)",
                index("x"),
            ),
            (
                "ALTER TABLE a.\"T\" ADD FOREIGN KEY(b, c) REFERENCES d (e, f)",
                foreign_key("T", "b, c"),
            ),
            (
                "ALTER TABLE t ADD CONSTRAINT x FOREIGN KEY(b) REFERENCES d (e)",
                foreign_key("t", "b"),
            ),
            ("ALTER TABLE t ADD CONSTRAINT x UNIQUE (b)", None),
            ("CREATE TABLE t (a int)", None),
        ] {
            assert_eq!(Part::of(sql), part);
        }
    }
}
