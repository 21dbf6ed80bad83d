//! Foreign keys added to tables that are in use: not valid first.

use crate::kind::Kind;
use crate::kinds::foreign_key::ForeignKey;
use crate::kinds::{is_not_checked, validate_sql, validated_later};
use crate::object_id::ObjectId;
use crate::online::{Online, Scene, Task};

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
            return Some(Online::plain(
                self.create(id, &[]),
                "before PostgreSQL 18 a foreign key of a partitioned table has no online form: nobody writes to either table while both are scanned",
            ));
        }
        let add = format!(
            "ALTER TABLE {} ADD CONSTRAINT {} {} NOT VALID",
            id.relation(),
            id.quoted(),
            self.definition
        );
        Some(Online::validated(vec![add], validate_sql(id)))
    }
}
