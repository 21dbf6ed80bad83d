//! A column's SQL: its definition, and what of it changes in place.

use crate::comparison::{Alteration, Follow};
use crate::kind::ObjectKind;
use crate::kinds::column::values::mapped;
use crate::kinds::column::{Column, Generation, cast};
use crate::kinds::foreign::options_change;
use crate::kinds::{option_changes, storage_word};
use crate::object_id::ObjectId;

impl Column {
    /// Returns the column as a clause of CREATE TABLE or ADD COLUMN.
    pub(super) fn definition_sql(&self, id: &ObjectId) -> String {
        let mut sql = format!("{} {}", id.quoted(), self.type_name);
        if let Some(collation) = &self.collation {
            sql.push_str(&format!(" COLLATE {collation}"));
        }
        match (&self.generation, &self.expression) {
            (Generation::Stored, Some(expression)) => {
                sql.push_str(&format!(" GENERATED ALWAYS AS ({expression}) STORED"));
            }
            (Generation::Virtual, Some(expression)) => {
                sql.push_str(&format!(" GENERATED ALWAYS AS ({expression}) VIRTUAL"));
            }
            (Generation::Identity { .. }, _) => sql.push_str(&self.identity_clause(id)),
            (_, Some(expression)) => sql.push_str(&format!(" DEFAULT {expression}")),
            (_, None) => {}
        }
        sql.push_str(&self.not_null_clause(id));
        sql
    }

    /// Returns the statements for what no column clause can say.
    pub(super) fn extras(&self, id: &ObjectId) -> Vec<String> {
        let plain = Self {
            storage: None,
            compression: ' ',
            statistics: None,
            options: Vec::new(),
            foreign_options: Vec::new(),
            ..self.clone()
        };
        let mut sql = plain.physical_sql(self, id);
        sql.extend(self.not_null_extras(id));
        sql
    }

    /// Returns `ALTER TABLE t ALTER COLUMN c`, whatever the relation.
    pub(super) fn alter_head(&self, id: &ObjectId) -> String {
        let word = if self.relation_kind == 'v' {
            "VIEW"
        } else {
            "TABLE"
        };
        format!(
            "ALTER {word} {} ALTER COLUMN {}",
            id.relation(),
            id.quoted()
        )
    }

    /// Returns how a computed column makes way for what its expression names: its values are computed again, so that
    /// nothing is lost where the server cannot take an expression away for a while.
    pub(super) fn recompute(&self, id: &ObjectId, dependency: &ObjectId) -> Follow {
        let Some(expression) = self
            .expression
            .as_ref()
            .filter(|_| self.recomputable && !dependency.kind.is_type())
        else {
            return Follow::Recreate;
        };
        let set = |expression: &str| {
            vec![format!(
                "{} SET EXPRESSION AS ({expression})",
                self.alter_head(id)
            )]
        };
        Follow::Release {
            before: set(&format!("NULL::{}", self.type_name)),
            after: set(expression),
        }
    }

    /// Returns the statement that sets the column's storage; only from 16 on is there a word for the type's own.
    pub(super) fn storage_sql(&self, id: &ObjectId) -> String {
        let word = storage_word(self.storage.unwrap_or(self.type_storage));
        format!("{} SET STORAGE {word}", self.alter_head(id))
    }

    /// Returns what the column does while a type that its values or its default have is made again.
    pub(super) fn follow_type(&self, id: &ObjectId, of: &ObjectId) -> Follow {
        let head = self.alter_head(id);
        let default = self.expression.iter();
        let set_default: Vec<String> = default
            .clone()
            .map(|expression| format!("{head} SET DEFAULT {expression}"))
            .collect();
        let moved = |sql: String| {
            let rest = set_default.clone().into_iter();
            let rest = rest.chain(self.stored_as_before(id));
            std::iter::once(sql).chain(rest).collect()
        };
        let element = self.type_name.trim_end_matches("[]");
        // A range's multirange is made again with it, under a name of its own.
        let has_it =
            element == of.qualified() || of.kind == ObjectKind::RangeType && element.contains('.');
        let (across, out, back) = if has_it {
            (
                moved(self.across_sql(id, of.kind)),
                vec![self.as_text_sql(id)],
                moved(self.to_type_sql(id)),
            )
        } else {
            (set_default.clone(), Vec::new(), set_default.clone())
        };
        Follow::Move {
            before: default.map(|_| format!("{head} DROP DEFAULT")).collect(),
            across,
            out,
            back,
        }
    }

    fn text_type(&self) -> &'static str {
        if self.type_name.ends_with("[]") {
            "text[]"
        } else {
            "text"
        }
    }

    /// Returns whether the rows are on another server: then there is nothing to convert, and PostgreSQL refuses USING.
    fn is_elsewhere(&self) -> bool {
        self.relation_kind == 'f'
    }

    /// Returns the statement that keeps the column's values as text while its type is away.
    fn as_text_sql(&self, id: &ObjectId) -> String {
        let (head, name, text) = (self.alter_head(id), id.quoted(), self.text_type());
        if self.is_elsewhere() {
            return format!("{head} TYPE {text}");
        }
        format!("{head} TYPE {text} USING {name}::{text}")
    }

    /// Returns the statement that makes values of the column's text again.
    fn to_type_sql(&self, id: &ObjectId) -> String {
        let (head, name) = (self.alter_head(id), id.quoted());
        let new = &self.type_name;
        if self.is_elsewhere() {
            return format!("{head} TYPE {new}");
        }
        let value = mapped(&self.value_maps, &name, new.ends_with("[]"));
        format!("{head} TYPE {new} USING {value}::{new}")
    }

    /// Returns the statement that moves the column to a type made again under its name.
    fn across_sql(&self, id: &ObjectId, kind: ObjectKind) -> String {
        let (head, name, new) = (self.alter_head(id), id.quoted(), &self.type_name);
        if kind == ObjectKind::CompositeType && !new.ends_with("[]") && !self.is_elsewhere() {
            // Attribute by attribute: the text form would put values under other names when the order changes.
            let json = format!("pg_catalog.to_jsonb({name})");
            let value = match self.value_maps.first() {
                Some(map) => map.json_sql(&json),
                None => json,
            };
            return format!(
                "{head} TYPE {new} USING pg_catalog.jsonb_populate_record(NULL::{new}, {value})"
            );
        }
        self.to_type_sql(id)
    }

    pub(super) fn alteration(&self, desired: &Self, id: &ObjectId) -> Alteration {
        if self.follows_parent(desired) {
            return self.own_sql(desired, id).into();
        }
        let mut first = Vec::new();
        let head = desired.alter_head(id);
        let mut sql = Vec::new();
        let retyped = self.is_retyped(desired) && !self.is_of_view();
        let default_goes = self.expression.is_some()
            && !self.is_computed()
            && (retyped || self.expression != desired.expression)
            && (retyped || desired.expression.is_none());
        if desired.is_computed() {
            if self.expression != desired.expression {
                let expression = desired.expression.as_deref().unwrap_or_default();
                sql.push(format!("{head} SET EXPRESSION AS ({expression})"));
            }
        } else if self.is_computed() {
            sql.push(format!("{head} DROP EXPRESSION"));
        }
        if self.is_identity() && !desired.is_identity() {
            first.push(format!("{head} DROP IDENTITY"));
        }
        if default_goes {
            sql.push(format!("{head} DROP DEFAULT"));
        }
        if retyped {
            let collation = desired
                .collation
                .as_ref()
                .map(|name| format!(" COLLATE {name}"))
                .unwrap_or_default();
            let using = if self.is_elsewhere() {
                String::new()
            } else {
                cast::using(&self.type_name, &desired.type_name, &id.quoted())
            };
            sql.push(format!(
                "{head} TYPE {}{collation}{using}",
                desired.type_name
            ));
        }
        if !desired.is_computed()
            && let Some(expression) = &desired.expression
            && (default_goes || self.is_computed() || self.expression != desired.expression)
        {
            sql.push(format!("{head} SET DEFAULT {expression}"));
        }
        sql.extend(self.not_null_sql(desired, id));
        sql.extend(self.identity_sql(desired, id));
        let physical = if retyped {
            self.as_retyped().physical_sql(desired, id)
        } else {
            self.physical_sql(desired, id)
        };
        sql.extend(physical);
        Alteration {
            first,
            change: sql,
            last: Vec::new(),
        }
    }

    /// Returns the column with what a change of its type takes from it: it is stored as its new type is.
    fn as_retyped(&self) -> Self {
        Self {
            storage: None,
            compression: ' ',
            ..self.clone()
        }
    }

    /// Returns the statements that store the column as it was before its type was changed.
    pub(super) fn stored_as_before(&self, id: &ObjectId) -> Vec<String> {
        self.as_retyped().physical_sql(self, id)
    }

    pub(super) fn physical_sql(&self, desired: &Self, id: &ObjectId) -> Vec<String> {
        let head = desired.alter_head(id);
        let mut sql = Vec::new();
        if self.storage != desired.storage {
            sql.push(desired.storage_sql(id));
        }
        if self.compression != desired.compression {
            let method = match desired.compression {
                'p' => "pglz",
                'l' => "lz4",
                _ => "default",
            };
            sql.push(format!("{head} SET COMPRESSION {method}"));
        }
        if self.statistics != desired.statistics {
            sql.push(format!(
                "{head} SET STATISTICS {}",
                desired.statistics.unwrap_or(-1)
            ));
        }
        let foreign = options_change(&self.foreign_options, &desired.foreign_options);
        sql.extend(foreign.map(|options| {
            let (table, column) = (id.relation(), id.quoted());
            format!("ALTER FOREIGN TABLE {table} ALTER COLUMN {column} {options}")
        }));
        sql.extend(
            option_changes(&self.options, &desired.options)
                .iter()
                .map(|clause| format!("{head} {clause}")),
        );
        sql
    }
}
