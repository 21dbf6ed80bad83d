//! Primary key, unique, check and exclusion constraints. Foreign keys are a kind of their own: they come later.

mod online;

use crate::comparison::{Alteration, Clause, Comparison, Follow, Nature};
use crate::grants::GrantTarget;
use crate::identifier::{literal, quote};
use crate::kind::Kind;
use crate::kinds::{Marks, option_changes, validate_sql, with_options};
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
    pub inherited: bool,
    /// What the table does with its index.
    pub marks: Marks,
    /// Storage parameters of its index.
    pub options: Vec<String>,
    /// The tablespace of its index, when not the database's.
    pub tablespace: Option<String>,
    /// The comment on its index, which is another than its own.
    pub index_comment: Option<String>,
}

impl Constraint {
    /// Returns the definition with what `pg_get_constraintdef` leaves out of it: the index's own attributes.
    fn written(&self) -> String {
        let mut attributes = String::new();
        if !self.options.is_empty() {
            attributes.push_str(&format!(" WITH ({})", with_options(&self.options)));
        }
        if let Some(tablespace) = &self.tablespace {
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
        include_str!("query.sql").to_owned()
    }

    fn decode(fields: &Fields<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            sort: fields.letter()?,
            definition: fields.text()?,
            inherited: fields.boolean()?,
            marks: Marks {
                clustered: fields.optional().as_deref() == Some("t"),
                replica_identity: fields.optional().as_deref() == Some("t"),
            },
            options: fields.list()?,
            tablespace: fields.optional(),
            index_comment: fields.optional(),
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
            definition,
            inherited,
            marks,
            options,
            tablespace,
            index_comment,
        } = self;
        if *inherited && desired.inherited {
            return Comparison::Same;
        }
        let mut attributes = Vec::new();
        if (sort, definition) != (&desired.sort, &desired.definition) {
            if *definition != format!("{} NOT VALID", desired.definition) {
                return Comparison::Recreate("the definition of a constraint cannot be changed");
            }
            attributes.push("validated");
        }
        attributes.extend(marks.differences(desired.marks));
        let mut differ = |differs: bool, name| {
            if differs {
                attributes.push(name);
            }
        };
        differ(*options != desired.options, "storage parameters");
        differ(*tablespace != desired.tablespace, "tablespace");
        differ(
            *index_comment != desired.index_comment,
            "comment on the index",
        );
        Comparison::of(attributes)
    }

    fn nature(&self) -> Nature {
        if self.inherited {
            Nature::Implicit
        } else {
            Nature::Hanger
        }
    }

    fn follow(&self, _: &ObjectId, _: &ObjectId, retyped: bool) -> Follow {
        // PostgreSQL makes the constraints on a column again by itself when the column's type changes.
        if retyped {
            Follow::Keep
        } else {
            Follow::Recreate
        }
    }

    fn clause(&self, id: &ObjectId) -> Option<Clause> {
        let plain = matches!(self.sort, 'p' | 'u' | 'c')
            && !self.inherited
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
        if self.definition != desired.definition {
            sql.push(validate_sql(id));
        }
        let index = format!("ALTER INDEX {}", id.qualified());
        sql.extend(
            option_changes(&self.options, &desired.options)
                .iter()
                .map(|clause| format!("{index} {clause}")),
        );
        if self.tablespace != desired.tablespace {
            let tablespace = desired.tablespace.as_deref().unwrap_or("pg_default");
            sql.push(format!("{index} SET TABLESPACE {}", quote(tablespace)));
        }
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
