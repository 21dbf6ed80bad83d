//! Tables and partitioned tables: everything but their columns and what hangs on them.

mod alter;
mod online;

use crate::comparison::{Alteration, Clause, Comparison, Follow, Nature};
use crate::grants::GrantTarget;
use crate::identifier::{qualified, quote};
use crate::kind::{Kind, ObjectKind};
use crate::kinds::foreign::options_sql;
use crate::kinds::{with_options, with_toast_options};
use crate::object_id::ObjectId;
use crate::online::{Online, Scene, Task};
use crate::row::{DecodeError, Fields};

/// A table.
#[derive(Clone, Debug)]
pub struct Table {
    /// `r` table, `p` partitioned table, `f` foreign table.
    pub sort: char,
    /// `p` permanent, `u` unlogged.
    pub persistence: char,
    /// `RANGE (created_at)`, for a partitioned table.
    pub partition_key: Option<String>,
    /// `FOR VALUES …` or `DEFAULT`, for a partition.
    pub bound: Option<String>,
    /// The tables it inherits from or is a partition of: schema and name.
    pub parents: Vec<(String, String)>,
    /// The composite type of a typed table.
    pub of_type: Option<String>,
    /// Storage parameters.
    pub options: Vec<String>,
    /// The access method, when not `heap`.
    pub access_method: Option<String>,
    /// The tablespace, when not the database's.
    pub tablespace: Option<String>,
    /// Replica identity: `d` default, `f` full, `n` nothing, `i` an index (which one is the index's own attribute).
    pub replica_identity: char,
    /// ENABLE ROW LEVEL SECURITY.
    pub row_security: bool,
    /// FORCE ROW LEVEL SECURITY.
    pub force_row_security: bool,
    /// The server of a foreign table.
    pub server: Option<String>,
    /// The options of a foreign table.
    pub foreign_options: Vec<String>,
    /// Whether it is a partition that foreign keys reach through its parent.
    pub referenced: bool,
    /// What holds for each row of a partition, as PostgreSQL writes it; not known of a default partition, nor of one by
    /// hash, for which it names numbers of the database.
    pub condition: Option<String>,
}

impl Table {
    fn word(&self) -> &'static str {
        if self.sort == 'f' { "FOREIGN " } else { "" }
    }
}

/// The order of parents is only that of their columns, and cannot be changed.
fn sorted(parents: &[(String, String)]) -> Vec<&(String, String)> {
    let mut sorted: Vec<_> = parents.iter().collect();
    sorted.sort();
    sorted
}

impl Kind for Table {
    fn query(_: u32) -> String {
        with_toast_options(include_str!("query.sql"))
    }

    fn listed_in() -> Option<&'static str> {
        None
    }

    fn decode(fields: &Fields<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            sort: fields.letter()?,
            persistence: fields.letter()?,
            partition_key: fields.optional(),
            bound: fields.optional(),
            parents: fields
                .table()?
                .into_iter()
                .filter_map(|row| {
                    let mut names = row.into_iter().flatten();
                    Some((names.next()?, names.next()?))
                })
                .collect(),
            of_type: fields.optional(),
            options: fields.list()?,
            access_method: fields.optional(),
            tablespace: fields.optional(),
            replica_identity: fields.letter()?,
            row_security: fields.boolean()?,
            force_row_security: fields.boolean()?,
            server: fields.optional(),
            foreign_options: fields.list()?,
            referenced: fields.boolean()?,
            condition: fields
                .optional()
                .filter(|condition| !condition.contains("satisfies_hash_partition(")),
        })
    }

    fn depends_on(&self, _: &ObjectId) -> Vec<ObjectId> {
        Vec::new()
    }

    fn untracked(&self) -> Option<&str> {
        None
    }

    fn compare(&self, desired: &Self) -> Comparison {
        let Self {
            sort,
            persistence,
            partition_key,
            bound,
            parents,
            of_type,
            options,
            access_method,
            tablespace,
            replica_identity,
            row_security,
            force_row_security,
            server,
            foreign_options,
            referenced: _,
            condition: _,
        } = self;
        if *sort != desired.sort {
            return Comparison::Recreate(
                "a table becomes partitioned or foreign, or is so no more",
            );
        }
        if *server != desired.server {
            return Comparison::Recreate("the server of a foreign table cannot be changed");
        }
        if *partition_key != desired.partition_key {
            return Comparison::Recreate("the partition key cannot be changed");
        }
        let mut attributes = Vec::new();
        let mut differ = |differs: bool, name| {
            if differs {
                attributes.push(name);
            }
        };
        differ(*persistence != desired.persistence, "logging");
        differ(
            *bound != desired.bound || sorted(parents) != sorted(&desired.parents),
            "parents",
        );
        differ(*of_type != desired.of_type, "type");
        differ(*options != desired.options, "storage parameters");
        differ(*access_method != desired.access_method, "access method");
        differ(*tablespace != desired.tablespace, "tablespace");
        differ(
            *replica_identity != desired.replica_identity && desired.replica_identity != 'i',
            "replica identity",
        );
        differ(*foreign_options != desired.foreign_options, "options");
        differ(*row_security != desired.row_security, "row security");
        differ(
            *force_row_security != desired.force_row_security,
            "forced row security",
        );
        Comparison::of(attributes)
    }

    fn nature(&self) -> Nature {
        Nature::Container
    }

    fn follow(&self, id: &ObjectId, dependency: &ObjectId, retyped: bool) -> Follow {
        if dependency.kind == ObjectKind::CompositeType {
            let not_of = format!("ALTER TABLE {} NOT OF", id.qualified());
            return Follow::Release {
                before: self.of_type.iter().map(|_| not_of.clone()).collect(),
                after: self.typed_sql(id).into_iter().collect(),
            };
        }
        if dependency.kind == ObjectKind::AccessMethod {
            // The rows wait in PostgreSQL's own.
            let set =
                |name: &str| format!("ALTER TABLE {} SET ACCESS METHOD {name}", id.qualified());
            return Follow::Release {
                before: vec![set("heap")],
                after: self
                    .access_method
                    .iter()
                    .map(|own| set(&quote(own)))
                    .collect(),
            };
        }
        let parent = (dependency.schema.clone(), dependency.name.clone());
        if retyped || !dependency.kind.is_relation() || !self.parents.contains(&parent) {
            return Follow::Keep;
        }
        Follow::Release {
            before: vec![self.leave_sql(id, &parent)],
            after: vec![self.join_sql(id, &parent)],
        }
    }

    fn clause(&self, _: &ObjectId) -> Option<Clause> {
        None
    }

    fn create(&self, id: &ObjectId, clauses: &[String]) -> Vec<String> {
        let mut sql = format!(
            "CREATE {}TABLE {}",
            match (self.sort, self.persistence) {
                ('f', _) => "FOREIGN ",
                (_, 'u') => "UNLOGGED ",
                _ => "",
            },
            id.qualified()
        );
        let body = if clauses.is_empty() {
            String::new()
        } else {
            format!("\n    {}\n", clauses.join(",\n    "))
        };
        if let (Some(bound), Some((schema, parent))) = (&self.bound, self.parents.first()) {
            let body = if body.is_empty() {
                body
            } else {
                format!(" ({body})")
            };
            sql.push_str(&format!(
                " PARTITION OF {}{body} {bound}",
                qualified(schema, parent)
            ));
        } else {
            sql.push_str(&format!(" ({body})"));
            if !self.parents.is_empty() {
                let parents: Vec<String> = self
                    .parents
                    .iter()
                    .map(|(schema, name)| qualified(schema, name))
                    .collect();
                sql.push_str(&format!(" INHERITS ({})", parents.join(", ")));
            }
        }
        if let Some(key) = &self.partition_key {
            sql.push_str(&format!(" PARTITION BY {key}"));
        }
        if let Some(server) = &self.server {
            let options = options_sql(&self.foreign_options);
            sql.push_str(&format!(" SERVER {}{options}", quote(server)));
        }
        if let Some(method) = &self.access_method {
            sql.push_str(&format!(" USING {}", quote(method)));
        }
        if !self.options.is_empty() {
            sql.push_str(&format!(" WITH ({})", with_options(&self.options)));
        }
        if let Some(tablespace) = &self.tablespace {
            sql.push_str(&format!(" TABLESPACE {}", quote(tablespace)));
        }
        let mut statements = vec![sql];
        statements.extend(self.typed_sql(id));
        let plain = Self {
            replica_identity: 'd',
            row_security: false,
            force_row_security: false,
            ..self.clone()
        };
        statements.extend(plain.security_and_identity(self, id));
        statements
    }

    fn alter(&self, desired: &Self, id: &ObjectId) -> Alteration {
        self.alteration(desired, id)
    }

    fn drop(&self, id: &ObjectId) -> Vec<String> {
        // A foreign key to the parent holds each partition fast until it leaves.
        let parent = self.parents.first().filter(|_| self.referenced);
        let leave = parent.map(|parent| self.leave_sql(id, parent));
        let drop = format!("DROP {}TABLE {}", self.word(), id.qualified());
        leave.into_iter().chain([drop]).collect()
    }

    fn disturbs(&self, _: &Self) -> bool {
        false
    }

    fn target(&self, id: &ObjectId) -> Option<String> {
        Some(format!("{}TABLE {}", self.word(), id.qualified()))
    }

    fn hosts(&self, _: &ObjectId) -> Vec<ObjectId> {
        Vec::new()
    }

    fn grant_target(&self, id: &ObjectId) -> Option<GrantTarget> {
        Some(GrantTarget {
            object: format!("TABLE {}", id.qualified()),
            column: None,
        })
    }

    fn online(&self, id: &ObjectId, task: Task<'_, Self>, scene: &Scene<'_>) -> Option<Online> {
        self.online_form(id, task, scene)
    }
}
