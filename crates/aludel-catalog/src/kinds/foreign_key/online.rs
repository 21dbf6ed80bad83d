//! Foreign keys added to tables that are in use: not valid first.

use crate::kind::{Definition, Kind};
use crate::kinds::foreign_key::ForeignKey;
use crate::kinds::{is_not_checked, validate_sql, validated_later};
use crate::object_id::ObjectId;
use crate::online::{Online, Scene, Stage, Task};

impl ForeignKey {
    pub(super) fn online_form(
        &self,
        id: &ObjectId,
        task: Task<'_, Self>,
        scene: &Scene<'_>,
    ) -> Option<Online> {
        if self.inherited {
            return None;
        }
        if let Task::Alter(old) = task {
            return validated_later(old.alter(self, id).change, id);
        }
        if matches!(task, Task::Drop) || is_not_checked(&self.definition) {
            return None;
        }
        if scene.is_partitioned(id) && scene.desired.server_version < 180_000 {
            return self.by_partition(id, scene);
        }
        Some(Online::validated(
            vec![self.add_not_valid(id)],
            validate_sql(id),
        ))
    }

    fn add_not_valid(&self, id: &ObjectId) -> String {
        let (table, name) = (id.relation(), id.quoted());
        let definition = &self.definition;
        format!("ALTER TABLE {table} ADD CONSTRAINT {name} {definition} NOT VALID")
    }

    /// Before 18 a partitioned table has no foreign key that is not valid, but each partition may, and the table's own takes
    /// over what is valid below without looking at a row.
    fn by_partition(&self, id: &ObjectId, scene: &Scene<'_>) -> Option<Online> {
        let Some(copies) = scene.new_copies(id) else {
            return Some(Online::plain(
                self.create(id, &[]),
                "this foreign key of a partitioned table has no online form: nobody writes to either table while both are scanned",
            ));
        };
        let mut form = Online {
            change: self.create(id, &[]),
            notes: vec!["nobody reads or writes the tables for a moment".to_owned()],
            ..Online::default()
        };
        for copy in copies {
            if let Definition::ForeignKey(below) = &copy.definition {
                for sql in [below.add_not_valid(&copy.id), validate_sql(&copy.id)] {
                    form.ahead.push(Stage::Transaction(vec![sql]));
                }
                form.copies.push(copy.id.clone());
            }
        }
        (!form.ahead.is_empty()).then_some(form)
    }
}
