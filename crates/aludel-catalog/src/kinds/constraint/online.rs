//! Constraints added to a table that is in use: keys through an index, checks not valid first.

use crate::identifier::quote;
use crate::kind::{Definition, Kind};
use crate::kinds::Standing;
use crate::kinds::constraint::Constraint;
use crate::kinds::{is_not_checked, validate_sql, validated_later};
use crate::object_id::ObjectId;
use crate::online::{Online, Scene, Stage, Task, temporary_name};

/// A primary key or unique constraint taken apart.
struct Key<'a> {
    /// `PRIMARY KEY` or `UNIQUE`.
    word: &'static str,
    nulls_not_distinct: bool,
    /// `(a, b)`, with `INCLUDE (c)` behind it.
    columns: &'a str,
    /// `DEFERRABLE …`, or nothing.
    deferral: &'a str,
}

impl<'a> Key<'a> {
    /// Takes a definition apart; `None` when no plain index can carry the constraint.
    fn parse(definition: &'a str) -> Option<Self> {
        let (word, rest) = if let Some(rest) = definition.strip_prefix("PRIMARY KEY ") {
            ("PRIMARY KEY", rest)
        } else {
            ("UNIQUE", definition.strip_prefix("UNIQUE ")?)
        };
        let (nulls_not_distinct, rest) = match rest.strip_prefix("NULLS NOT DISTINCT ") {
            Some(rest) => (true, rest),
            None => (false, rest),
        };
        let end = rest.rfind(')')? + 1;
        let (columns, deferral) = rest.split_at(end);
        (!columns.contains(" WITHOUT OVERLAPS")).then_some(Self {
            word,
            nulls_not_distinct,
            columns,
            deferral,
        })
    }
}

impl Constraint {
    pub(super) fn online_form(
        &self,
        id: &ObjectId,
        task: Task<'_, Self>,
        scene: &Scene<'_>,
    ) -> Option<Online> {
        if self.standing == Standing::Inherited || scene.is_foreign(id) {
            return None;
        }
        match (self.sort, task) {
            (_, Task::Drop) => None,
            // The old key must be gone before its columns change.
            (_, Task::Replace(old)) if old.loses_not_null(self) => None,
            (_, Task::Alter(old)) => validated_later(old.alter(self, id).change, id),
            ('c', _) => self.check(id),
            ('p' | 'u', Task::Create) if scene.is_partitioned(id) => {
                self.key_by_partition(id, scene)
            }
            ('p' | 'u', _) if scene.is_partitioned(id) => Some(self.key_at_once(id)),
            ('p' | 'u', Task::Create) => Some(self.key(id, false)),
            ('p' | 'u', Task::Replace(old)) => Some(self.key(id, matches!(old.sort, 'p' | 'u'))),
            ('x', _) => Some(Online::plain(
                self.add(id, &self.written()),
                "an exclusion constraint has no online form: nobody reads or writes the table while its index is built",
            )),
            _ => None,
        }
    }

    fn add(&self, id: &ObjectId, definition: &str) -> Vec<String> {
        let mut sql = vec![format!(
            "ALTER TABLE {} ADD CONSTRAINT {} {definition}",
            id.relation(),
            id.quoted()
        )];
        sql.extend(self.index_sql(id));
        sql
    }

    fn check(&self, id: &ObjectId) -> Option<Online> {
        if is_not_checked(&self.definition) {
            return None;
        }
        let add = self.add(id, &format!("{} NOT VALID", self.definition));
        let mut form = Online::validated(add, validate_sql(id));
        form.notes.push(BEFORE_VALID.to_owned());
        Some(form)
    }

    fn key_at_once(&self, id: &ObjectId) -> Online {
        Online::plain(
            self.add(id, &self.written()),
            "this key of a partitioned table has no online form: nobody reads or writes the table while its indexes are built",
        )
    }

    /// Each partition gets its key as a table of its own does; the parent's takes them over without building anything.
    fn key_by_partition(&self, id: &ObjectId, scene: &Scene<'_>) -> Option<Online> {
        let Some(copies) = scene.new_copies(id) else {
            return Some(self.key_at_once(id));
        };
        let mut form = Online {
            change: self.add(id, &self.written()),
            ..Online::default()
        };
        for copy in copies {
            let Definition::Constraint(below) = &copy.definition else {
                continue;
            };
            let Some(key) = Key::parse(&below.definition) else {
                return Some(self.key_at_once(id));
            };
            let index = copy.id.quoted();
            form.ahead.push(below.build(&key, &index, &copy.id));
            let (table, word, deferral) = (copy.id.relation(), key.word, key.deferral);
            form.ahead.push(Stage::Transaction(vec![format!(
                "ALTER TABLE {table} ADD CONSTRAINT {index} {word} USING INDEX {index}{deferral}"
            )]));
            form.copies.push(copy.id.clone());
        }
        (!form.ahead.is_empty()).then_some(form)
    }

    /// Returns the stage that builds the unique index for a key.
    fn build(&self, key: &Key<'_>, index: &str, id: &ObjectId) -> Stage {
        let mut build = format!(
            "CREATE UNIQUE INDEX CONCURRENTLY {index} ON {} {}",
            id.relation(),
            key.columns
        );
        if key.nulls_not_distinct {
            build.push_str(" NULLS NOT DISTINCT");
        }
        build.push_str(&self.storage.with_sql());
        if let Some(tablespace) = &self.storage.tablespace {
            build.push_str(&format!(" TABLESPACE {}", quote(tablespace)));
        }
        Stage::Outside(build)
    }

    /// The index is built first, the constraint takes it over; with `replaces` in the place of the old one.
    fn key(&self, id: &ObjectId, replaces: bool) -> Online {
        let Some(key) = Key::parse(&self.definition) else {
            return Online::plain(
                self.add(id, &self.written()),
                "a constraint over periods has no online form: nobody reads or writes the table while its index is built",
            );
        };
        let index = if replaces {
            quote(&temporary_name(&id.name, "__aludel_new")).into_owned()
        } else {
            id.quoted()
        };
        let old = replaces.then(|| Kind::drop(self, id)).into_iter();
        let mut change: Vec<String> = old.flatten().collect();
        change.extend(self.add(
            id,
            &format!("{} USING INDEX {index}{}", key.word, key.deferral),
        ));
        Online {
            ahead: vec![self.build(&key, &index, id)],
            change,
            replaces,
            ..Online::default()
        }
    }
}

/// What a row that breaks a constraint not yet valid means.
const BEFORE_VALID: &str = "until it is validated, an UPDATE of a row that breaks it fails";

#[cfg(test)]
mod tests {
    use super::Key;

    #[test]
    fn keys_are_taken_apart() {
        let key = Key::parse(
            "UNIQUE NULLS NOT DISTINCT (a, \"b)\") INCLUDE (c) DEFERRABLE INITIALLY DEFERRED",
        );
        let key = key.unwrap();
        assert!(key.nulls_not_distinct);
        assert_eq!(
            (key.word, key.columns),
            ("UNIQUE", "(a, \"b)\") INCLUDE (c)")
        );
        assert_eq!(key.deferral, " DEFERRABLE INITIALLY DEFERRED");
        assert!(Key::parse("PRIMARY KEY (id, span WITHOUT OVERLAPS)").is_none());
    }
}
