//! Constraints added to a domain that columns have.

use crate::kind::Kind;
use crate::kinds::domain::Domain;
use crate::object_id::ObjectId;
use crate::online::{Online, Scene, Stage, Task};

impl Domain {
    pub(super) fn online_form(
        &self,
        id: &ObjectId,
        task: Task<'_, Self>,
        _: &Scene<'_>,
    ) -> Option<Online> {
        let Task::Alter(old) = task else {
            return None;
        };
        let mut form = Online {
            change: old.alter(self, id).change,
            ..Online::default()
        };
        for constraint in &self.constraints {
            let add = constraint.add_sql(id);
            let validate = constraint.validate_sql(id);
            let late = constraint.definition.ends_with(" NOT VALID");
            if let Some(sql) = form.change.iter_mut().find(|sql| **sql == add && !late) {
                sql.push_str(" NOT VALID");
            } else if let Some(at) = form.change.iter().position(|sql| *sql == validate) {
                form.change.remove(at);
            } else {
                continue;
            }
            form.after.push(Stage::Transaction(vec![validate]));
        }
        if self.not_null && !old.not_null {
            form.notes.push(
                "NOT NULL of a domain has no online form: nobody writes to the tables that have it while they are scanned"
                    .to_owned(),
            );
        }
        (!form.after.is_empty() || !form.notes.is_empty()).then_some(form)
    }
}
