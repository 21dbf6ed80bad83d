//! Indexes made, replaced and dropped with CONCURRENTLY.

use crate::kinds::Marks;
use crate::kinds::index::Index;
use crate::object_id::ObjectId;
use crate::online::{Online, Scene, Stage, Task, temporary_name};

impl Index {
    pub(super) fn online_form(
        &self,
        id: &ObjectId,
        task: Task<'_, Self>,
        scene: &Scene<'_>,
    ) -> Option<Online> {
        if self.inherited || scene.is_partitioned(id) {
            return None;
        }
        match task {
            Task::Create => Some(self.build_online(id)),
            // Without a unique index rows may come in that it would not let in again.
            Task::Remake => (!self.is_unique()).then(|| self.build_online(id)),
            Task::Replace(_) => Some(self.replace_online(id)),
            Task::Drop => Some(Online {
                after: vec![Stage::Outside(format!(
                    "DROP INDEX CONCURRENTLY {}",
                    id.qualified()
                ))],
                ..Online::default()
            }),
            Task::Alter(_) => None,
        }
    }

    fn is_unique(&self) -> bool {
        self.definition.starts_with("CREATE UNIQUE ")
    }

    fn build_online(&self, id: &ObjectId) -> Online {
        Online {
            ahead: vec![self.concurrently(id, id)],
            change: self.attributes(id),
            ..Online::default()
        }
    }

    /// The new index is built under a temporary name and takes the old one's place in a moment.
    fn replace_online(&self, id: &ObjectId) -> Online {
        let temporary = id.with_name(&temporary_name(&id.name, "__aludel_new"));
        let mut change = vec![
            format!("DROP INDEX {}", id.qualified()),
            format!(
                "ALTER INDEX {} RENAME TO {}",
                temporary.qualified(),
                id.quoted()
            ),
        ];
        change.extend(self.attributes(id));
        Online {
            ahead: vec![self.concurrently(id, &temporary)],
            change,
            replaces: true,
            ..Online::default()
        }
    }

    fn attributes(&self, id: &ObjectId) -> Vec<String> {
        let mut sql = self.marks.set_sql(Marks::default(), id);
        sql.extend(self.statistics_sql(&[], id));
        sql
    }

    /// Returns the statement that builds the index under another name.
    fn concurrently(&self, id: &ObjectId, name: &ObjectId) -> Stage {
        let old = format!(" INDEX {} ON ", id.quoted());
        let new = format!(" INDEX CONCURRENTLY {} ON ", name.quoted());
        Stage::Outside(self.definition.replacen(&old, &new, 1))
    }
}
