//! Primary key, unique, check and exclusion constraints. Foreign keys are a kind of their own: they come later.

mod online;

use crate::comparison::{Alteration, Clause, Comparison, Follow, Nature};
use crate::expression::is_stable;
use crate::grants::GrantTarget;
use crate::identifier::{literal, quote};
use crate::kind::{Kind, ObjectKind};
use crate::kinds::index_storage::{self, IndexStorage};
use crate::kinds::{Marks, Standing, validate_sql};
use crate::object_id::ObjectId;
use crate::online::{Online, Scene, Task};
use crate::row::{DecodeError, Fields};

/// A constraint of a table that stands by itself.
#[derive(Clone, Debug)]
pub struct Constraint {
    /// `p` primary key, `u` unique, `c` check, `x` exclusion.
    pub sort: char,
    /// The definition as `pg_get_constraintdef` writes it.
    pub definition: String,
    /// Whether it came from a parent table.
    pub standing: Standing,
    /// What the table does with its index.
    pub marks: Marks,
    /// Storage parameters and tablespace of its index.
    pub storage: IndexStorage,
    /// Those of the partitioned index that its index belongs to.
    pub parent_storage: Option<IndexStorage>,
    /// The comment on its index, which is another than its own.
    pub index_comment: Option<String>,
    /// The names of its index's own columns, where it is a copy.
    pub columns: Vec<String>,
    /// For a primary key: the columns of parent tables that the key's columns come from.
    pub origins: Vec<Origin>,
}

/// A column that a column of a primary key comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin {
    /// The column.
    pub column: ObjectId,
    /// Whether it is NOT NULL.
    pub not_null: bool,
}

impl Origin {
    /// Reads schema, table, column and NOT NULL.
    fn read(row: Vec<Option<String>>) -> Option<Self> {
        let mut values = row.into_iter().flatten();
        let (schema, table, column) = (values.next()?, values.next()?, values.next()?);
        Some(Self {
            column: ObjectId::part(ObjectKind::Column, &schema, &table, &column),
            not_null: values.next()? == "true",
        })
    }
}

impl Constraint {
    fn is_inherited(&self) -> bool {
        self.standing == Standing::Inherited
    }

    /// Returns the definition with what `pg_get_constraintdef` leaves out of it: the index's own attributes.
    fn written(&self) -> String {
        let mut attributes = self.storage.with_sql();
        if let Some(tablespace) = &self.storage.tablespace {
            attributes.push_str(&format!(" USING INDEX TABLESPACE {}", quote(tablespace)));
        }
        if attributes.is_empty() {
            return self.definition.clone();
        }
        // They stand before WHERE and before the words about deferring.
        let end = [" WHERE (", " DEFERRABLE"]
            .iter()
            .filter_map(|word| self.definition.rfind(word))
            .min()
            .unwrap_or(self.definition.len());
        let (head, tail) = self.definition.split_at(end);
        format!("{head}{attributes}{tail}")
    }

    /// Returns whether a parent's column stops being NOT NULL under the key, which PostgreSQL refuses while there is a key.
    fn loses_not_null(&self, desired: &Self) -> bool {
        let becomes_nullable = |was: &Origin| {
            let is = |new: &Origin| new.column == was.column && !new.not_null;
            was.not_null && desired.origins.iter().any(is)
        };
        self.standing == Standing::Own && self.origins.iter().any(becomes_nullable)
    }

    /// Returns what is wanted of its index; a key and a unique constraint may want the same.
    fn index_wanted(&self) -> Option<&str> {
        ["PRIMARY KEY ", "UNIQUE "]
            .iter()
            .find_map(|word| self.definition.strip_prefix(word))
    }

    fn index_comment_sql(&self, id: &ObjectId) -> String {
        let comment = self
            .index_comment
            .as_ref()
            .map_or_else(|| "NULL".to_owned(), |text| literal(text));
        format!("COMMENT ON INDEX {} IS {comment}", id.qualified())
    }

    /// Returns the statements for what no clause can say of the index.
    fn index_sql(&self, id: &ObjectId) -> Vec<String> {
        let mut sql = self.marks.set_sql(Marks::default(), id);
        if self.index_comment.is_some() {
            sql.push(self.index_comment_sql(id));
        }
        sql
    }
}

impl Kind for Constraint {
    fn query(_: u32) -> String {
        let definition = "pg_catalog.pg_get_constraintdef(k.oid)";
        index_storage::complete(include_str!("query.sql"), definition)
    }

    fn listed_in() -> Option<&'static str> {
        None
    }

    fn decode(fields: &Fields<'_>) -> Result<Self, DecodeError> {
        let (sort, definition) = (fields.letter()?, fields.text()?);
        let standing = Standing::of(fields.letter()?);
        let marks = Marks {
            clustered: fields.optional().as_deref() == Some("t"),
            replica_identity: fields.optional().as_deref() == Some("t"),
        };
        let (index_comment, columns) = (fields.optional(), fields.list()?);
        let origins = fields
            .table()?
            .into_iter()
            .filter_map(Origin::read)
            .collect();
        let (storage, parent_storage) = index_storage::decode(fields)?;
        Ok(Self {
            sort,
            definition,
            standing,
            marks,
            storage,
            parent_storage,
            index_comment,
            columns,
            origins,
        })
    }

    fn depends_on(&self, _: &ObjectId) -> Vec<ObjectId> {
        // The change of theirs that reaches the key's columns waits for it.
        let origins = self.origins.iter().map(|origin| origin.column.clone());
        origins.filter(|_| !self.is_inherited()).collect()
    }

    fn untracked(&self) -> Option<&str> {
        None
    }

    fn compare(&self, desired: &Self) -> Comparison {
        let Self {
            sort,
            definition,
            standing,
            marks,
            storage,
            parent_storage: _,
            index_comment,
            columns: _,
            origins: _,
        } = self;
        let mut attributes = Vec::new();
        if self.loses_not_null(desired) {
            return Comparison::Recreate("a parent's column under the key is NOT NULL no more");
        }
        // What an inherited constraint is, its parent says; how its index is kept is its own.
        let follows = [*standing, desired.standing] == [Standing::Inherited; 2];
        if !follows && (sort, definition) != (&desired.sort, &desired.definition) {
            if *definition != format!("{} NOT VALID", desired.definition) {
                return Comparison::Recreate("the definition of a constraint cannot be changed");
            }
            attributes.push("validated");
        }
        if let Some(reason) = storage
            .rebuild_reason(&desired.storage)
            .filter(|_| !follows)
        {
            return Comparison::Recreate(reason);
        }
        attributes.extend(marks.differences(desired.marks));
        attributes.extend(storage.differences(&desired.storage));
        if *index_comment != desired.index_comment {
            attributes.push("comment on the index");
        }
        Comparison::of(attributes)
    }

    fn nature(&self) -> Nature {
        if self.is_inherited() {
            Nature::Implicit
        } else {
            Nature::Hanger
        }
    }

    fn follow(&self, _: &ObjectId, dependency: &ObjectId, retyped: bool) -> Follow {
        let is_origin = self
            .origins
            .iter()
            .any(|origin| origin.column == *dependency);
        // PostgreSQL makes the constraints on a column again by itself when the column's type changes, out of their text.
        if is_origin || retyped && is_stable(&self.definition) {
            Follow::Keep
        } else {
            Follow::Recreate
        }
    }

    fn clause(&self, id: &ObjectId) -> Option<Clause> {
        if let Some(born) = self.parent_storage.as_ref().filter(|_| self.is_inherited()) {
            let mut then = born.change_sql(&self.storage, id);
            then.extend(self.index_sql(id));
            return (!then.is_empty()).then_some(Clause {
                place: u32::MAX,
                sql: String::new(),
                then,
                merges: None,
            });
        }
        let plain = matches!(self.sort, 'p' | 'u' | 'c')
            && !self.is_inherited()
            && !self.definition.ends_with(" NOT VALID");
        let place = match self.sort {
            'p' => 1 << 20,
            'u' => 2 << 20,
            _ => 3 << 20,
        };
        plain.then(|| Clause {
            place,
            sql: format!("CONSTRAINT {} {}", id.quoted(), self.written()),
            then: self.index_sql(id),
            merges: self.index_wanted().map(str::to_owned),
        })
    }

    fn create(&self, id: &ObjectId, _: &[String]) -> Vec<String> {
        let mut sql = vec![format!(
            "ALTER TABLE {} ADD CONSTRAINT {} {}",
            id.relation(),
            id.quoted(),
            self.written()
        )];
        sql.extend(self.index_sql(id));
        sql
    }

    fn alter(&self, desired: &Self, id: &ObjectId) -> Alteration {
        let mut sql = Vec::new();
        let follows = self.is_inherited() && desired.is_inherited();
        if self.definition != desired.definition && !follows {
            sql.push(validate_sql(id));
        }
        sql.extend(self.storage.change_sql(&desired.storage, id));
        sql.extend(desired.marks.set_sql(self.marks, id));
        if self.index_comment != desired.index_comment {
            sql.push(desired.index_comment_sql(id));
        }
        Alteration {
            first: self.marks.clear_sql(desired.marks, id),
            change: sql,
            last: Vec::new(),
        }
    }

    fn drop(&self, id: &ObjectId) -> Vec<String> {
        vec![format!(
            "ALTER TABLE {} DROP CONSTRAINT {}",
            id.relation(),
            id.quoted()
        )]
    }

    fn disturbs(&self, _: &Self) -> bool {
        false
    }

    fn target(&self, id: &ObjectId) -> Option<String> {
        Some(format!("CONSTRAINT {} ON {}", id.quoted(), id.relation()))
    }

    fn hosts(&self, _: &ObjectId) -> Vec<ObjectId> {
        Vec::new()
    }

    fn grant_target(&self, _: &ObjectId) -> Option<GrantTarget> {
        None
    }

    fn online(&self, id: &ObjectId, task: Task<'_, Self>, scene: &Scene<'_>) -> Option<Online> {
        self.online_form(id, task, scene)
    }
}
