//! Columns of tables, and of views as far as they carry comments, grants and defaults.

mod alter;
mod cast;
mod identity;
mod inherited;
mod not_null;
mod online;
mod values;

pub use inherited::Root;
pub use not_null::NotNull;
pub use values::ValueMap;

use crate::comparison::{Alteration, Clause, Comparison, Follow, Nature};
use crate::grants::GrantTarget;
use crate::kind::{Kind, ObjectKind};
use crate::kinds::Standing;
use crate::object_id::ObjectId;
use crate::online::{Online, Scene, Task};
use crate::row::{DecodeError, Fields};

/// A column.
#[expect(
    clippy::struct_excessive_bools,
    reason = "a column has so many switches"
)]
#[derive(Clone, Debug)]
pub struct Column {
    /// The relation's `relkind`: `r`, `p`, `v` or `m`.
    pub relation_kind: char,
    /// Its number; only the order is meant.
    pub position: u32,
    /// Its type, as `format_type` writes it.
    pub type_name: String,
    /// Its collation, when not the type's own.
    pub collation: Option<String>,
    /// NOT NULL.
    pub not_null: bool,
    /// The default or the generation expression.
    pub expression: Option<String>,
    /// How it is made.
    pub generation: Generation,
    /// Its storage, when not the type's own.
    pub storage: Option<char>,
    /// The type's own storage.
    pub type_storage: char,
    /// `p` pglz, `l` lz4, a space for the default.
    pub compression: char,
    /// The statistics target, when set.
    pub statistics: Option<i32>,
    /// Attribute options such as `n_distinct`.
    pub options: Vec<String>,
    /// Whether it came from a parent table.
    pub standing: Standing,
    /// What its root says, when a parent table has it.
    pub root: Option<Box<Root>>,
    /// Options of a foreign table's column.
    pub foreign_options: Vec<String>,
    /// Whether the server can change the generation expression in place (17; 18 has restrictions for virtual columns).
    pub recomputable: bool,
    /// Whether it is an identity and child tables have it as a plain column.
    pub children_are_plain: bool,
    /// The constraint behind NOT NULL (18).
    pub not_null_constraint: Option<NotNull>,
    /// Whether the default gives each row a value of its own, so that a new column is written row by row.
    pub volatile_default: bool,
    /// What its values become when it moves to a type made again; said by somebody, never read from a database.
    pub value_maps: Vec<ValueMap>,
}

/// Where a column's value comes from when none is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Generation {
    /// The default, or NULL.
    Plain,
    /// Computed and stored.
    Stored,
    /// Computed when read (18).
    Virtual,
    /// A sequence of its own.
    Identity {
        /// GENERATED ALWAYS rather than BY DEFAULT.
        always: bool,
        /// Start, increment, minimum, maximum, cache, cycle and the sequence's name as PostgreSQL writes them.
        options: Vec<String>,
    },
}

impl Column {
    fn is_of_view(&self) -> bool {
        matches!(self.relation_kind, 'v' | 'm')
    }

    /// Returns whether it is there only because a parent table has it.
    pub fn is_inherited(&self) -> bool {
        self.standing == Standing::Inherited
    }

    fn is_computed(&self) -> bool {
        matches!(self.generation, Generation::Stored | Generation::Virtual)
    }

    fn is_identity(&self) -> bool {
        matches!(self.generation, Generation::Identity { .. })
    }

    fn is_retyped(&self, desired: &Self) -> bool {
        (&self.type_name, &self.collation) != (&desired.type_name, &desired.collation)
    }
}

impl Kind for Column {
    fn query(server_version: u32) -> String {
        let recomputable = if server_version >= 170_000 {
            include_str!("recomputable.sql").trim()
        } else {
            "false"
        };
        // From 17 on the partitions of a table take its identity over.
        let plain_children = if server_version >= 170_000 { "r" } else { "rp" };
        // From 18 on NOT NULL is a constraint with a name.
        let (constraint, join) = if server_version >= 180_000 {
            (
                "CASE WHEN nn.oid IS NOT NULL THEN pg_catalog.json_build_array(pg_catalog.json_build_array(
                    nn.conname, nn.connoinherit::text, nn.convalidated::text,
                    pg_catalog.obj_description(nn.oid, 'pg_constraint'))) END",
                "LEFT JOIN pg_catalog.pg_constraint nn ON nn.conrelid = a.attrelid AND nn.contype = 'n' \
                 AND nn.conkey[1] = a.attnum",
            )
        } else {
            ("NULL", "")
        };
        include_str!("query.sql")
            .replace("/*recomputable*/", recomputable)
            .replace("/*plain_children*/", plain_children)
            .replace("/*not_null*/", constraint)
            .replace("/*not_null_join*/", join)
    }

    fn listed_in() -> Option<&'static str> {
        None
    }

    fn decode(fields: &Fields<'_>) -> Result<Self, DecodeError> {
        let (relation_kind, position) = (fields.letter()?, fields.number()?);
        let (type_name, collation) = (fields.text()?, fields.optional());
        let (not_null, expression) = (fields.boolean()?, fields.optional());
        let (generated, identity) = (fields.letter()?, fields.letter()?);
        let options = fields
            .table()?
            .into_iter()
            .next()
            .unwrap_or_default()
            .into_iter()
            .flatten()
            .collect();
        let generation = match (generated, identity) {
            ('s', _) => Generation::Stored,
            ('v', _) => Generation::Virtual,
            (_, 'a') => Generation::Identity {
                always: true,
                options,
            },
            (_, 'd') => Generation::Identity {
                always: false,
                options,
            },
            _ => Generation::Plain,
        };
        Ok(Self {
            relation_kind,
            position,
            type_name,
            collation,
            not_null,
            expression,
            generation,
            storage: fields.optional().and_then(|text| text.chars().next()),
            type_storage: fields.letter()?,
            compression: fields.letter()?,
            statistics: fields.optional_number()?,
            options: fields.list()?,
            standing: Standing::of(fields.letter()?),
            root: None,
            foreign_options: fields.list()?,
            recomputable: fields.boolean()?,
            children_are_plain: fields.boolean()?,
            not_null_constraint: fields.table()?.into_iter().next().and_then(NotNull::read),
            volatile_default: fields.boolean()?,
            value_maps: Vec::new(),
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
            relation_kind,
            position: _,
            type_name: _,
            collation: _,
            not_null,
            expression,
            generation,
            storage,
            type_storage: _,
            compression,
            statistics,
            options,
            standing: _,
            root: _,
            foreign_options,
            recomputable,
            children_are_plain: _,
            not_null_constraint: _,
            volatile_default: _,
            value_maps: _,
        } = self;
        // A table in the place of a view: another column, whatever its name.
        if (self.is_of_view(), desired.is_of_view()) != (false, false)
            && *relation_kind != desired.relation_kind
        {
            return Comparison::Recreate("its relation becomes another");
        }
        if self.follows_parent(desired) {
            // The parent's change reaches it; what hangs on it still has to make way for a new type.
            let mut attributes = self.own_differences(desired);
            if self.is_retyped(desired) {
                attributes.push("type");
            }
            return Comparison::of(attributes);
        }
        if self.is_of_view() {
            return Comparison::of(self.own_differences(desired));
        }
        if *generation == Generation::Virtual && !desired.is_computed() {
            return Comparison::Recreate("a virtual column has no values to keep");
        }
        if desired.is_computed()
            && (*generation != desired.generation
                || *expression != desired.expression && !recomputable
                || self.is_retyped(desired))
        {
            return Comparison::Recreate("a generated column is computed again");
        }
        let mut attributes = Vec::new();
        let mut differ = |differs: bool, name| {
            if differs {
                attributes.push(name);
            }
        };
        differ(self.is_retyped(desired), "type");
        differ(*generation != desired.generation, "generation");
        differ(*expression != desired.expression, "default");
        differ(*not_null != desired.not_null, "not null");
        differ(
            self.constraint_differs(desired),
            "the constraint of not null",
        );
        differ(*storage != desired.storage, "storage");
        differ(*compression != desired.compression, "compression");
        differ(*statistics != desired.statistics, "statistics target");
        differ(*options != desired.options, "options");
        differ(
            *foreign_options != desired.foreign_options,
            "foreign options",
        );
        Comparison::of(attributes)
    }

    fn nature(&self) -> Nature {
        if self.is_inherited() || self.is_of_view() {
            Nature::Implicit
        } else {
            Nature::Container
        }
    }

    fn follow(&self, id: &ObjectId, dependency: &ObjectId, retyped: bool) -> Follow {
        let elsewhere = (&dependency.schema, &dependency.relation) != (&id.schema, &id.relation);
        if dependency.kind == ObjectKind::Column && elsewhere && self.root.is_some() {
            return Follow::Keep; // the parent's column, whose change reaches this one by itself
        }
        let own_relation = dependency.kind.is_relation()
            && (&dependency.schema, &dependency.name) == (&id.schema, &id.relation);
        if own_relation && retyped && !self.is_of_view() {
            return Follow::Keep; // the table lets go of its type, which the columns outlive
        }
        if own_relation || self.is_of_view() {
            return Follow::Recreate;
        }
        if self.is_computed() {
            return self.recompute(id, dependency);
        }
        if retyped && dependency.kind == ObjectKind::BaseType {
            // The type stores its values elsewhere now; PostgreSQL leaves the columns that are there as they are.
            return Follow::Release {
                before: Vec::new(),
                after: vec![self.storage_sql(id)],
            };
        }
        if retyped {
            return Follow::Keep;
        }
        if self.root.is_some() {
            return self.follow_with_parent(id, dependency);
        }
        let default = self.expression.as_ref();
        let drop_default = default.map(|_| self.alter_head(id) + " DROP DEFAULT");
        let set_default =
            default.map(|expression| format!("{} SET DEFAULT {expression}", self.alter_head(id)));
        match dependency.kind {
            kind if kind.is_type() => self.follow_type(id, dependency),
            ObjectKind::Collation => {
                let head = self.alter_head(id);
                let name = &self.type_name;
                let collation = self.collation.iter();
                Follow::Rebuild {
                    before: Vec::new(),
                    after: collation
                        .map(|collation| format!("{head} TYPE {name} COLLATE {collation}"))
                        .chain(self.stored_as_before(id))
                        .collect(),
                }
            }
            ObjectKind::Extension | ObjectKind::Schema => Follow::Keep,
            _ => Follow::Release {
                before: drop_default.into_iter().collect(),
                after: set_default.into_iter().collect(),
            },
        }
    }

    fn clause(&self, id: &ObjectId) -> Option<Clause> {
        let (sql, then) = if self.is_of_view() {
            let head = self.alter_head(id);
            let default = self.expression.iter();
            let mut then: Vec<String> = default
                .map(|default| format!("{head} SET DEFAULT {default}"))
                .collect();
            then.extend(self.extras(id));
            (String::new(), then)
        } else if self.is_inherited() {
            return None;
        } else {
            (self.definition_sql(id), self.extras(id))
        };
        Some(Clause {
            place: self.position,
            sql,
            then,
            merges: None,
        })
    }

    fn create(&self, id: &ObjectId, _: &[String]) -> Vec<String> {
        let mut sql = self.add_beside_children_sql(id).unwrap_or_else(|| {
            let (table, definition) = (id.relation(), self.definition_sql(id));
            vec![format!("ALTER TABLE {table} ADD COLUMN {definition}")]
        });
        // Children that have the column by now say for themselves how much of it is sampled.
        sql.extend(self.extras(id).into_iter().map(|one| {
            if one.contains(" SET STATISTICS ") {
                one.replacen("ALTER TABLE ", "ALTER TABLE ONLY ", 1)
            } else {
                one
            }
        }));
        sql
    }

    fn alter(&self, desired: &Self, id: &ObjectId) -> Alteration {
        self.alteration(desired, id)
    }

    fn drop(&self, id: &ObjectId) -> Vec<String> {
        vec![format!(
            "ALTER TABLE {} DROP COLUMN {}",
            id.relation(),
            id.quoted()
        )]
    }

    fn disturbs(&self, desired: &Self) -> bool {
        self.is_retyped(desired)
    }

    fn target(&self, id: &ObjectId) -> Option<String> {
        Some(format!("COLUMN {}.{}", id.relation(), id.quoted()))
    }

    fn hosts(&self, _: &ObjectId) -> Vec<ObjectId> {
        Vec::new()
    }

    fn grant_target(&self, id: &ObjectId) -> Option<GrantTarget> {
        Some(GrantTarget {
            object: format!("TABLE {}", id.relation()),
            column: Some(id.quoted()),
        })
    }

    fn online(&self, id: &ObjectId, task: Task<'_, Self>, scene: &Scene<'_>) -> Option<Online> {
        self.online_form(id, task, scene)
    }
}
