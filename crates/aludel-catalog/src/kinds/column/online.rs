//! Columns added to a table that is in use, and columns that become NOT NULL under it.

use crate::backfill::Backfill;
use crate::identifier::quote;
use crate::kind::{Definition, Kind, ObjectKind};
use crate::kinds::column::{Column, Generation, NotNull};
use crate::object_id::ObjectId;
use crate::online::{Online, Scene, Stage, Task, temporary_name};
use crate::type_change;

impl Column {
    pub(super) fn online_form(
        &self,
        id: &ObjectId,
        task: Task<'_, Self>,
        scene: &Scene<'_>,
    ) -> Option<Online> {
        if self.is_of_view() || self.is_inherited() || scene.is_foreign(id) {
            return None;
        }
        match task {
            Task::Create | Task::Replace(_) | Task::Remake => self.add_online(id, scene),
            Task::Alter(old) if !old.follows_parent(self) => self.alter_online(old, id, scene),
            Task::Alter(_) | Task::Drop => None,
        }
    }

    fn add_online(&self, id: &ObjectId, scene: &Scene<'_>) -> Option<Online> {
        let rewrites = |why: &str| Some(Online::plain(self.create(id, &[]), rewriting(why)));
        match &self.generation {
            Generation::Stored => return rewrites("a stored generated column"),
            Generation::Identity { .. } => return rewrites("a new identity column"),
            Generation::Virtual => return None,
            Generation::Plain => {}
        }
        if has_checks(&self.type_name, scene) {
            return rewrites("a column of a domain with a CHECK");
        }
        if !self.volatile_default {
            return None;
        }
        let bare = Self {
            expression: None,
            not_null: false,
            ..self.clone()
        };
        let default = self.expression.as_deref()?;
        let mut change = bare.create(id, &[]);
        change.push(format!("{} SET DEFAULT {default}", self.alter_head(id)));
        let mut after: Vec<Stage> = tables_with_rows(id, scene)
            .iter()
            .map(|table| Backfill::new(&table.schema, &table.name, id.quoted()))
            .map(|backfill| Stage::Outside(backfill.sql()))
            .collect();
        if self.not_null {
            let (begin, end) = self.not_null_stages(id, scene);
            after.push(Stage::Transaction(vec![begin]));
            after.extend(end);
        }
        Some(Online {
            change,
            after,
            notes: vec![
                "the rows that are there are filled batch by batch; triggers ON UPDATE fire"
                    .to_owned(),
            ],
            ..Online::default()
        })
    }

    fn alter_online(&self, old: &Self, id: &ObjectId, scene: &Scene<'_>) -> Option<Online> {
        let change = old.alteration(self, id).change;
        if old.is_retyped(self) {
            let free = type_change::keeps_rows(&old.type_name, &self.type_name)
                && old.collation == self.collation;
            return (!free).then(|| Online::plain(change, rewriting("a change of this type")));
        }
        if self.generation == Generation::Stored && old.expression != self.expression {
            return Some(Online::plain(change, rewriting("a new expression")));
        }
        let becomes = self.not_null && !old.not_null;
        if !becomes || is_proven(id, scene) {
            return None;
        }
        let late: Vec<String> = old
            .not_null_sql(self, id)
            .into_iter()
            .chain(old.identity_sql(self, id))
            .collect();
        let (begin, mut end) = self.not_null_stages(id, scene);
        let mut change: Vec<String> = change
            .into_iter()
            .filter(|sql| !late.contains(sql))
            .collect();
        change.push(begin);
        // An identity needs NOT NULL.
        let identity = old.identity_sql(self, id);
        if !identity.is_empty() {
            end.push(Stage::Transaction(identity));
        }
        Some(Online {
            change,
            after: end,
            notes: vec![
                "until it is validated, an UPDATE of a row with NULL there fails".to_owned(),
            ],
            ..Online::default()
        })
    }

    /// Returns the statement that keeps new NULLs out, and what makes that NOT NULL once the rows are looked at.
    fn not_null_stages(&self, id: &ObjectId, scene: &Scene<'_>) -> (String, Vec<Stage>) {
        let (table, column) = (id.relation(), id.quoted());
        let validate = |name: &str| {
            Stage::Transaction(vec![format!(
                "ALTER TABLE {table} VALIDATE CONSTRAINT {name}"
            )])
        };
        if scene.desired.server_version >= 180_000 {
            let constraint = self.not_null_constraint.clone();
            let constraint = constraint.unwrap_or_else(|| NotNull::usual(id));
            return constraint.add_online(id);
        }
        let name = temporary_name(&format!("{}_{}", id.relation, id.name), "__aludel_not_null");
        let name = quote(&name).into_owned();
        let add = format!(
            "ALTER TABLE {table} ADD CONSTRAINT {name} CHECK ({column} IS NOT NULL) NOT VALID"
        );
        let end = vec![
            validate(&name),
            Stage::Transaction(vec![
                format!("{} SET NOT NULL", self.alter_head(id)),
                format!("ALTER TABLE {table} DROP CONSTRAINT {name}"),
            ]),
        ];
        (add, end)
    }
}

fn rewriting(what: &str) -> String {
    format!("{what} has no online form: nobody reads or writes the table while it is rewritten")
}

/// Returns whether the type is a domain that refuses values, also one over such a domain.
fn has_checks(type_name: &str, scene: &Scene<'_>) -> bool {
    let domain = scene.desired.objects.values().find_map(|object| {
        let is_it = object.id.kind == ObjectKind::Domain && object.id.qualified() == type_name;
        match &object.definition {
            Definition::Domain(own) if is_it => Some(own),
            _ => None,
        }
    });
    domain.is_some_and(|own| {
        own.not_null || !own.constraints.is_empty() || has_checks(&own.base, scene)
    })
}

/// Returns whether a constraint that is there says already that the column has no NULL.
fn is_proven(id: &ObjectId, scene: &Scene<'_>) -> bool {
    let proof = format!("CHECK (({} IS NOT NULL))", id.quoted());
    scene.current.objects.values().any(|object| {
        let here = (&object.id.schema, &object.id.relation) == (&id.schema, &id.relation);
        here && !scene.moving.contains(&object.id)
            && matches!(&object.definition, Definition::Constraint(own) if own.definition == proof)
    })
}

/// Returns the tables that hold the rows of the column: its own, or those below.
fn tables_with_rows(id: &ObjectId, scene: &Scene<'_>) -> Vec<ObjectId> {
    let own = ObjectId::new(ObjectKind::Table, &id.schema, &id.relation);
    let below = scene.children(&id.schema, &id.relation);
    let holds_rows = |table: &ObjectId| {
        matches!(scene.desired.get(table).map(|object| &object.definition),
            Some(Definition::Table(table)) if table.sort == 'r')
    };
    std::iter::once(own)
        .chain(below)
        .filter(holds_rows)
        .collect()
}
