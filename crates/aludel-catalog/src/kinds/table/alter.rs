//! What of a table changes in place.

use crate::comparison::Alteration;
use crate::identifier::{qualified, quote};
use crate::kinds::foreign::options_change;
use crate::kinds::option_changes;
use crate::kinds::table::Table;
use crate::object_id::ObjectId;

impl Table {
    pub(super) fn alteration(&self, desired: &Self, id: &ObjectId) -> Alteration {
        let (mut first, mut last) = (Vec::new(), Vec::new());
        let table = format!("ALTER TABLE {}", id.qualified());
        let mut sql = Vec::new();
        if (&self.bound, &self.parents) != (&desired.bound, &desired.parents) {
            let moved = self.bound != desired.bound;
            for parent in self
                .parents
                .iter()
                .filter(|parent| moved || !desired.parents.contains(parent))
            {
                first.push(self.leave_sql(id, parent));
            }
            for parent in desired
                .parents
                .iter()
                .filter(|parent| moved || !self.parents.contains(parent))
            {
                last.push(desired.join_sql(id, parent));
            }
        }
        if self.of_type != desired.of_type {
            if self.of_type.is_some() {
                first.push(format!("{table} NOT OF"));
            }
            last.extend(desired.typed_sql(id));
        }
        if self.persistence != desired.persistence {
            sql.push(format!(
                "{table} SET {}",
                if desired.persistence == 'u' {
                    "UNLOGGED"
                } else {
                    "LOGGED"
                }
            ));
        }
        if self.access_method != desired.access_method {
            let method = desired.access_method.as_deref().unwrap_or("heap");
            sql.push(format!("{table} SET ACCESS METHOD {}", quote(method)));
        }
        if self.tablespace != desired.tablespace {
            let tablespace = desired.tablespace.as_deref().unwrap_or("pg_default");
            sql.push(format!("{table} SET TABLESPACE {}", quote(tablespace)));
        }
        let (toast, options) = toasted(&desired.options);
        let (old_toast, old_options) = toasted(&self.options);
        let clause = |clause: String| format!("{table} {clause}");
        sql.extend(
            option_changes(&old_options, &options)
                .into_iter()
                .map(clause),
        );
        // A TOAST table may come with the columns that change.
        last.extend(option_changes(&old_toast, &toast).into_iter().map(clause));
        let foreign = options_change(&self.foreign_options, &desired.foreign_options);
        sql.extend(
            foreign.map(|options| format!("ALTER FOREIGN TABLE {} {options}", id.qualified())),
        );
        sql.extend(self.security_and_identity(desired, id));
        Alteration {
            first,
            change: sql,
            last,
        }
    }

    pub(super) fn security_and_identity(&self, desired: &Self, id: &ObjectId) -> Vec<String> {
        let table = format!("ALTER TABLE {}", id.qualified());
        let mut sql = Vec::new();
        // An index takes the identity over when it stands.
        if self.replica_identity != desired.replica_identity && desired.replica_identity != 'i' {
            let identity = match desired.replica_identity {
                'f' => "FULL",
                'n' => "NOTHING",
                _ => "DEFAULT",
            };
            sql.push(format!("{table} REPLICA IDENTITY {identity}"));
        }
        if self.row_security != desired.row_security {
            let verb = if desired.row_security {
                "ENABLE"
            } else {
                "DISABLE"
            };
            sql.push(format!("{table} {verb} ROW LEVEL SECURITY"));
        }
        if self.force_row_security != desired.force_row_security {
            let verb = if desired.force_row_security {
                "FORCE"
            } else {
                "NO FORCE"
            };
            sql.push(format!("{table} {verb} ROW LEVEL SECURITY"));
        }
        sql
    }

    /// Returns the statement that ties the table to its type; its columns must be the type's by then.
    pub(super) fn typed_sql(&self, id: &ObjectId) -> Option<String> {
        let of_type = self.of_type.as_ref()?;
        Some(format!("ALTER TABLE {} OF {of_type}", id.qualified()))
    }

    pub(super) fn leave_sql(&self, id: &ObjectId, (schema, parent): &(String, String)) -> String {
        match self.bound {
            Some(_) => format!(
                "ALTER TABLE {} DETACH PARTITION {}",
                qualified(schema, parent),
                id.qualified()
            ),
            None => format!(
                "ALTER TABLE {} NO INHERIT {}",
                id.qualified(),
                qualified(schema, parent)
            ),
        }
    }

    pub(super) fn join_sql(&self, id: &ObjectId, (schema, parent): &(String, String)) -> String {
        match &self.bound {
            Some(bound) => {
                format!(
                    "ALTER TABLE {} ATTACH PARTITION {} {bound}",
                    qualified(schema, parent),
                    id.qualified()
                )
            }
            None => format!(
                "ALTER TABLE {} INHERIT {}",
                id.qualified(),
                qualified(schema, parent)
            ),
        }
    }
}

/// Returns the parameters of the TOAST table, and the others.
fn toasted(options: &[String]) -> (Vec<String>, Vec<String>) {
    let options = options.iter().cloned();
    options.partition(|option| option.starts_with("toast."))
}
