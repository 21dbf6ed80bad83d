//! Materialized views. One that had rows is filled again when it is made again.

use crate::comparison::{Alteration, Clause, Comparison, Follow, Nature};
use crate::grants::GrantTarget;
use crate::identifier::quote;
use crate::kind::Kind;
use crate::kinds::{option_changes, with_options, with_toast_options};
use crate::object_id::ObjectId;
use crate::online::{Online, Scene, Task};
use crate::row::{DecodeError, Fields};

/// A materialized view.
#[derive(Clone, Debug)]
pub struct MaterializedView {
    /// The query, as `pg_get_viewdef` writes it.
    pub definition: String,
    /// Storage parameters.
    pub options: Vec<String>,
    /// The table access method, when not `heap`.
    pub access_method: Option<String>,
    /// The tablespace, when not the database's.
    pub tablespace: Option<String>,
    /// Whether it has been filled.
    pub populated: bool,
}

impl Kind for MaterializedView {
    fn query(_: u32) -> String {
        with_toast_options(include_str!("query.sql"))
    }

    fn listed_in() -> Option<&'static str> {
        Some("pg_class WHERE relkind = 'm'")
    }

    fn decode(fields: &Fields<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            definition: fields.text()?,
            options: fields.list()?,
            access_method: fields.optional(),
            tablespace: fields.optional(),
            populated: fields.boolean()?,
        })
    }

    fn depends_on(&self, _: &ObjectId) -> Vec<ObjectId> {
        Vec::new()
    }

    fn untracked(&self) -> Option<&str> {
        None
    }

    fn compare(&self, desired: &Self) -> Comparison {
        // Whether it is filled is a matter of rows, not of the schema.
        let Self {
            definition,
            options,
            access_method,
            tablespace,
            populated: _,
        } = self;
        if *definition != desired.definition {
            return Comparison::Recreate("the query of a materialized view cannot be changed");
        }
        if *access_method != desired.access_method {
            return Comparison::Recreate("the access method changes");
        }
        let mut attributes = Vec::new();
        if *options != desired.options {
            attributes.push("options");
        }
        if *tablespace != desired.tablespace {
            attributes.push("tablespace");
        }
        Comparison::of(attributes)
    }

    fn nature(&self) -> Nature {
        Nature::Hanger
    }

    fn follow(&self, _: &ObjectId, _: &ObjectId, _: bool) -> Follow {
        Follow::Recreate
    }

    fn clause(&self, _: &ObjectId) -> Option<Clause> {
        None
    }

    fn create(&self, id: &ObjectId, _: &[String]) -> Vec<String> {
        let method = self
            .access_method
            .as_ref()
            .map(|name| format!(" USING {name}"))
            .unwrap_or_default();
        let options = if self.options.is_empty() {
            String::new()
        } else {
            format!(" WITH ({})", with_options(&self.options))
        };
        let tablespace = self.tablespace.as_ref();
        let tablespace =
            tablespace.map_or_else(String::new, |name| format!(" TABLESPACE {}", quote(name)));
        let data = if self.populated {
            ""
        } else {
            "\n  WITH NO DATA"
        };
        let query = self.definition.trim_end_matches(';');
        vec![format!(
            "CREATE MATERIALIZED VIEW {}{method}{options}{tablespace} AS\n{query}{data}",
            id.qualified()
        )]
    }

    fn alter(&self, desired: &Self, id: &ObjectId) -> Alteration {
        let view = format!("ALTER MATERIALIZED VIEW {}", id.qualified());
        let mut sql: Vec<String> = option_changes(&self.options, &desired.options)
            .into_iter()
            .map(|clause| format!("{view} {clause}"))
            .collect();
        if self.tablespace != desired.tablespace {
            let tablespace = desired.tablespace.as_deref().unwrap_or("pg_default");
            sql.push(format!("{view} SET TABLESPACE {}", quote(tablespace)));
        }
        sql.into()
    }

    fn drop(&self, id: &ObjectId) -> Vec<String> {
        vec![format!("DROP MATERIALIZED VIEW {}", id.qualified())]
    }

    fn disturbs(&self, _: &Self) -> bool {
        false
    }

    fn target(&self, id: &ObjectId) -> Option<String> {
        Some(format!("MATERIALIZED VIEW {}", id.qualified()))
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

    fn online(&self, _: &ObjectId, _: Task<'_, Self>, _: &Scene<'_>) -> Option<Online> {
        None
    }
}
