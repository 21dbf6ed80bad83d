//! Indexes made, replaced and dropped with CONCURRENTLY.

use crate::kind::{Definition, Kind, ObjectKind};
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
        if self.inherited {
            return None;
        }
        if scene.is_partitioned(id) {
            return self.partitioned_online(id, task, scene);
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

    /// The parent's index is made without its partitions, theirs are built one by one and attached.
    fn partitioned_online(
        &self,
        id: &ObjectId,
        task: Task<'_, Self>,
        scene: &Scene<'_>,
    ) -> Option<Online> {
        let (mut after, mut copies) = (Vec::new(), Vec::new());
        match task {
            Task::Drop | Task::Alter(_) => None,
            Task::Create
                if attach_below(id, scene, &mut after, &mut copies) && !after.is_empty() =>
            {
                let mut change = vec![self.definition.clone()];
                change.extend(self.attributes(id));
                Some(Online {
                    change,
                    after,
                    copies,
                    ..Online::default()
                })
            }
            _ => Some(Online::plain(
                self.create(id, &[]),
                "this index of a partitioned table has no online form: nobody writes to the table while it is built",
            )),
        }
    }

    /// Returns whether nothing but the parent's index makes this one what it is.
    fn is_plain_copy(&self, id: &ObjectId) -> bool {
        self.clause(id).is_none()
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

/// Adds the stages that build the indexes below and attach them; returns whether each of them is new, on a partition that
/// is there all the time.
fn attach_below(
    parent: &ObjectId,
    scene: &Scene<'_>,
    stages: &mut Vec<Stage>,
    copies: &mut Vec<ObjectId>,
) -> bool {
    let below = scene.desired.objects.values().filter_map(|object| {
        let hangs = object.depends_on.contains(parent);
        match &object.definition {
            Definition::Index(index) if hangs && index.inherited => Some((object, index)),
            _ => None,
        }
    });
    for (object, index) in below {
        let id = &object.id;
        let partition = ObjectId::new(ObjectKind::Table, &id.schema, &id.relation);
        let is_new = scene.current.get(id).is_none() && scene.stands(&partition);
        if !is_new || object.comment.is_some() || !index.is_plain_copy(id) {
            return false;
        }
        copies.push(id.clone());
        if scene.is_partitioned(id) {
            stages.push(Stage::Transaction(vec![index.definition.clone()]));
            if !attach_below(id, scene, stages, copies) {
                return false;
            }
        } else {
            stages.push(index.concurrently(id, id));
        }
        stages.push(Stage::Transaction(vec![format!(
            "ALTER INDEX {} ATTACH PARTITION {}",
            parent.qualified(),
            id.qualified()
        )]));
    }
    true
}
