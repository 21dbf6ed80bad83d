//! Publications, table by table and schema by schema.

use crate::comparison::{Alteration, Clause, Comparison, Follow, Nature};
use crate::grants::GrantTarget;
use crate::identifier::{qualified, quote};
use crate::kind::{Kind, ObjectKind};
use crate::object_id::ObjectId;
use crate::online::{Online, Scene, Task};
use crate::row::{DecodeError, Fields};

/// A publication.
#[derive(Clone, Debug)]
pub struct Publication {
    /// FOR ALL TABLES.
    pub all_tables: bool,
    /// What it publishes and how: `publish = '…'` and the like.
    pub options: Vec<String>,
    /// Its tables.
    pub tables: Vec<Published>,
    /// Its schemas (15).
    pub schemas: Vec<String>,
}

/// One table of a publication.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// The table's schema.
    pub schema: String,
    /// The table.
    pub table: String,
    /// Column list and row filter, as SQL behind the table's name (15).
    pub narrowed: String,
}

impl Published {
    /// ONLY: the children of a table are listed themselves.
    fn sql(&self) -> String {
        let table = qualified(&self.schema, &self.table);
        format!("ONLY {table}{}", self.narrowed)
    }

    fn add_sql(&self, head: &str) -> String {
        format!("{head} ADD TABLE {}", self.sql())
    }

    fn drop_sql(&self, head: &str) -> String {
        let table = qualified(&self.schema, &self.table);
        format!("{head} DROP TABLE ONLY {table}")
    }
}

impl Kind for Publication {
    fn query(server_version: u32) -> String {
        // Column lists, row filters and schemas came with 15, generated columns with 18.
        let query = include_str!("query.sql");
        let (schemas, aliases, narrowed) = if server_version >= 150_000 {
            (
                include_str!("schemas.sql"),
                include_str!("schema_aliases.sql"),
                include_str!("narrowed.sql"),
            )
        } else {
            ("NULL", "NULL", "NULL, NULL")
        };
        let generated = if server_version >= 180_000 {
            "'publish_generated_columns = ' || CASE p.pubgencols WHEN 's' THEN 'stored' ELSE 'none' END"
        } else {
            "NULL"
        };
        query
            .replace("/*schemas*/", schemas)
            .replace("/*schema_aliases*/", aliases)
            .replace("/*narrowed*/", narrowed)
            .replace("/*generated*/", generated)
    }

    fn listed_in() -> Option<&'static str> {
        Some("pg_publication")
    }

    fn decode(fields: &Fields<'_>) -> Result<Self, DecodeError> {
        let (all_tables, options) = (fields.boolean()?, fields.list()?);
        let tables = fields
            .table()?
            .into_iter()
            .map(|row| {
                let mut values = row.into_iter();
                let mut next = || values.next().flatten().unwrap_or_default();
                let (schema, table) = (next(), next());
                let columns = Some(next()).filter(|list| !list.is_empty());
                let filter = Some(next()).filter(|filter| !filter.is_empty());
                let columns = columns.map(|list| format!(" ({list})"));
                let filter = filter.map(|filter| format!(" WHERE {filter}"));
                Published {
                    schema,
                    table,
                    narrowed: columns.unwrap_or_default() + &filter.unwrap_or_default(),
                }
            })
            .collect();
        Ok(Self {
            all_tables,
            options,
            tables,
            schemas: fields.list()?,
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
            all_tables,
            options,
            tables,
            schemas,
        } = self;
        if *all_tables != desired.all_tables {
            return Comparison::Recreate("FOR ALL TABLES cannot be changed");
        }
        let mut attributes = Vec::new();
        if *options != desired.options {
            attributes.push("options");
        }
        if *tables != desired.tables {
            attributes.push("tables");
        }
        if *schemas != desired.schemas {
            attributes.push("schemas");
        }
        Comparison::of(attributes)
    }

    fn nature(&self) -> Nature {
        Nature::Hanger
    }

    fn follow(&self, id: &ObjectId, dependency: &ObjectId, _: bool) -> Follow {
        let touched = |one: &&Published| match dependency.kind {
            ObjectKind::Schema => false,
            ObjectKind::Table => {
                (&one.schema, &one.table) == (&dependency.schema, &dependency.name)
            }
            ObjectKind::Column => {
                (&one.schema, &one.table) == (&dependency.schema, &dependency.relation)
            }
            _ => !one.narrowed.is_empty(),
        };
        let head = format!("ALTER PUBLICATION {}", id.quoted());
        let touched: Vec<&Published> = self.tables.iter().filter(touched).collect();
        Follow::Release {
            before: touched.iter().map(|one| one.drop_sql(&head)).collect(),
            after: touched.iter().map(|one| one.add_sql(&head)).collect(),
        }
    }

    fn clause(&self, _: &ObjectId) -> Option<Clause> {
        None
    }

    fn create(&self, id: &ObjectId, _: &[String]) -> Vec<String> {
        let mut what = Vec::new();
        if self.all_tables {
            what.push("ALL TABLES".to_owned());
        }
        // One list: 14 does not know the word a second time.
        let tables: Vec<String> = self.tables.iter().map(Published::sql).collect();
        if !tables.is_empty() {
            what.push(format!("TABLE {}", tables.join(", ")));
        }
        what.extend(
            self.schemas
                .iter()
                .map(|schema| format!("TABLES IN SCHEMA {}", quote(schema))),
        );
        let what = if what.is_empty() {
            String::new()
        } else {
            format!(" FOR {}", what.join(", "))
        };
        vec![format!(
            "CREATE PUBLICATION {}{what} WITH ({})",
            id.quoted(),
            self.options.join(", ")
        )]
    }

    fn alter(&self, desired: &Self, id: &ObjectId) -> Alteration {
        let head = format!("ALTER PUBLICATION {}", id.quoted());
        let mut sql = Vec::new();
        for old in self
            .tables
            .iter()
            .filter(|old| !desired.tables.contains(old))
        {
            sql.push(old.drop_sql(&head));
        }
        for old in self
            .schemas
            .iter()
            .filter(|old| !desired.schemas.contains(old))
        {
            sql.push(format!("{head} DROP TABLES IN SCHEMA {}", quote(old)));
        }
        for new in desired
            .tables
            .iter()
            .filter(|new| !self.tables.contains(new))
        {
            sql.push(new.add_sql(&head));
        }
        for new in desired
            .schemas
            .iter()
            .filter(|new| !self.schemas.contains(new))
        {
            sql.push(format!("{head} ADD TABLES IN SCHEMA {}", quote(new)));
        }
        if self.options != desired.options {
            sql.push(format!("{head} SET ({})", desired.options.join(", ")));
        }
        sql.into()
    }

    fn drop(&self, id: &ObjectId) -> Vec<String> {
        vec![format!("DROP PUBLICATION {}", id.quoted())]
    }

    fn disturbs(&self, _: &Self) -> bool {
        false
    }

    fn target(&self, id: &ObjectId) -> Option<String> {
        Some(format!("PUBLICATION {}", id.quoted()))
    }

    fn hosts(&self, _: &ObjectId) -> Vec<ObjectId> {
        Vec::new()
    }

    fn grant_target(&self, _: &ObjectId) -> Option<GrantTarget> {
        None
    }

    fn online(&self, _: &ObjectId, _: Task<'_, Self>, _: &Scene<'_>) -> Option<Online> {
        None
    }
}
