//! Views. Columns added at the end are a CREATE OR REPLACE; any other change of columns makes the view again.

use crate::comparison::{Alteration, Clause, Comparison, Follow, Nature};
use crate::grants::GrantTarget;
use crate::kind::Kind;
use crate::kinds::{option_changes, with_options};
use crate::object_id::ObjectId;
use crate::online::{Online, Scene, Task};
use crate::row::{DecodeError, Fields};

/// A view.
#[derive(Clone, Debug)]
pub struct View {
    /// The query, as `pg_get_viewdef` writes it.
    pub definition: String,
    /// `security_barrier`, `security_invoker`, `check_option`.
    pub options: Vec<String>,
    /// Each column's name, type and collation: what CREATE OR REPLACE may not change.
    pub columns: Vec<String>,
}

impl View {
    fn create_sql(&self, verb: &str, id: &ObjectId) -> String {
        let options = if self.options.is_empty() {
            String::new()
        } else {
            format!(" WITH ({})", with_options(&self.options))
        };
        format!(
            "{verb} {}{options} AS\n{}",
            id.qualified(),
            self.definition.trim_end_matches(';')
        )
    }
}

impl Kind for View {
    fn query(_: u32) -> String {
        include_str!("query.sql").to_owned()
    }

    fn listed_in() -> Option<&'static str> {
        Some("pg_class WHERE relkind = 'v' AND oid >= 16384")
    }

    fn decode(fields: &Fields<'_>) -> Result<Self, DecodeError> {
        Ok(Self {
            definition: fields.text()?,
            options: fields.list()?,
            columns: fields.list()?,
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
            definition,
            options,
            columns,
        } = self;
        if !desired.columns.starts_with(columns) {
            return Comparison::Recreate("a column of the view changes or goes");
        }
        let mut attributes = Vec::new();
        if *definition != desired.definition {
            attributes.push("definition");
        }
        if *options != desired.options {
            attributes.push("options");
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
        vec![self.create_sql("CREATE VIEW", id)]
    }

    fn alter(&self, desired: &Self, id: &ObjectId) -> Alteration {
        if self.definition != desired.definition {
            return vec![desired.create_sql("CREATE OR REPLACE VIEW", id)].into();
        }
        option_changes(&self.options, &desired.options)
            .into_iter()
            .map(|clause| format!("ALTER VIEW {} {clause}", id.qualified()))
            .collect::<Vec<_>>()
            .into()
    }

    fn drop(&self, id: &ObjectId) -> Vec<String> {
        vec![format!("DROP VIEW {}", id.qualified())]
    }

    fn disturbs(&self, _: &Self) -> bool {
        false
    }

    fn target(&self, id: &ObjectId) -> Option<String> {
        Some(format!("VIEW {}", id.qualified()))
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
