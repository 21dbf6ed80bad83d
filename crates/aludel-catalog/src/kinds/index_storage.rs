//! How and where an index is kept: its storage parameters and its tablespace, which an index of its own and the index of
//! a constraint have alike.

use crate::identifier::quote;
use crate::kinds::{option_changes, with_options};
use crate::object_id::ObjectId;
use crate::row::{DecodeError, Fields};

/// The part of a catalog query that [`IndexStorage::decode`] reads, of the index `ic`.
const QUERY: &str = include_str!("index_storage.sql");

/// The expression that gives a definition of the index `ic` without its storage parameters.
const WITHOUT_OPTIONS: &str = include_str!("index_without_options.sql");

/// Storage parameters that say how an index is built: only a new one follows them.
const BUILT: &[&str] = &["pages_per_range", "length"];

/// How an index is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct IndexStorage {
    /// Storage parameters.
    pub options: Vec<String>,
    /// The tablespace, when not the database's.
    pub tablespace: Option<String>,
    /// Whether the index has no storage of its own, only partitions that have.
    pub partitioned: bool,
}

/// Completes a query: `/*index_storage*/` becomes the columns that [`decode`] reads, `/*without_options(definition)*/`
/// the definition without storage parameters.
pub(crate) fn complete(query: &str, definition: &str) -> String {
    let without = WITHOUT_OPTIONS.trim().replace("/*definition*/", definition);
    query
        .replace("/*index_storage*/", QUERY.trim())
        .replace("/*without_options*/", &without)
}

/// Reads how an index is kept, and how its parent is when it is a partition's.
pub(crate) fn decode(
    fields: &Fields<'_>,
) -> Result<(IndexStorage, Option<IndexStorage>), DecodeError> {
    let own = IndexStorage {
        options: fields.list()?,
        tablespace: fields.optional(),
        partitioned: fields.optional().as_deref() == Some("I"),
    };
    let (options, tablespace) = (fields.list()?, fields.optional());
    let is_partition = fields.optional().as_deref() == Some("t");
    let parent = is_partition.then_some(IndexStorage {
        options,
        tablespace,
        partitioned: true,
    });
    Ok((own, parent))
}

impl IndexStorage {
    /// Returns why the index must be made again to be kept as `desired`; `None` when it can change in place.
    pub(crate) fn rebuild_reason(&self, desired: &Self) -> Option<&'static str> {
        if self.options == desired.options {
            return None;
        }
        if self.partitioned {
            return Some("the storage parameters of a partitioned index cannot be changed");
        }
        let is_built = |option: &&String| {
            let name = option.split('=').next().unwrap_or_default();
            BUILT.contains(&name) || name.starts_with("col")
        };
        let built = |storage: &Self| -> Vec<String> {
            storage.options.iter().filter(is_built).cloned().collect()
        };
        (built(self) != built(desired)).then_some("the index is built in another way")
    }

    /// Returns the names of what differs.
    pub(crate) fn differences(&self, desired: &Self) -> Vec<&'static str> {
        let Self {
            options,
            tablespace,
            partitioned: _,
        } = self;
        [
            (*options != desired.options, "storage parameters"),
            (*tablespace != desired.tablespace, "tablespace"),
        ]
        .into_iter()
        .filter_map(|(differs, name)| differs.then_some(name))
        .collect()
    }

    /// Returns the statements that keep the index as `desired`.
    pub(crate) fn change_sql(&self, desired: &Self, id: &ObjectId) -> Vec<String> {
        let index = format!("ALTER INDEX {}", id.qualified());
        let mut sql: Vec<String> = option_changes(&self.options, &desired.options)
            .iter()
            .map(|clause| format!("{index} {clause}"))
            .collect();
        if self.tablespace != desired.tablespace {
            let tablespace = desired.tablespace.as_deref().unwrap_or("pg_default");
            sql.push(format!("{index} SET TABLESPACE {}", quote(tablespace)));
        }
        sql
    }

    /// Returns ` WITH (…)`, or nothing.
    pub(crate) fn with_sql(&self) -> String {
        if self.options.is_empty() {
            String::new()
        } else {
            format!(" WITH ({})", with_options(&self.options))
        }
    }
}

/// Writes the tablespace into `CREATE INDEX …`: `pg_get_indexdef` leaves it out. It stands before the predicate.
pub(crate) fn with_tablespace(definition: &str, tablespace: &str) -> String {
    let (head, tail) = definition.split_at(predicate_start(definition));
    format!("{head} TABLESPACE {}{tail}", quote(tablespace))
}

/// Returns where ` WHERE ` begins outside of quotes and parentheses, else the end.
fn predicate_start(definition: &str) -> usize {
    let (mut depth, mut quoted) = (0_u32, None);
    for (at, character) in definition.char_indices() {
        match (quoted, character) {
            (Some(end), _) if end == character => quoted = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quoted = Some(character),
            (None, '(') => depth += 1,
            (None, ')') => depth = depth.saturating_sub(1),
            (None, ' ') if depth == 0 && definition[at..].starts_with(" WHERE ") => return at,
            (None, _) => {}
        }
    }
    definition.len()
}

#[cfg(test)]
mod tests {
    use super::with_tablespace;

    #[test]
    fn a_tablespace_stands_before_the_predicate() {
        assert_eq!(
            with_tablespace(
                "CREATE INDEX i ON t USING btree (((a || ' WHERE ')), \" WHERE \") WHERE (a > 0)",
                "T s"
            ),
            "CREATE INDEX i ON t USING btree (((a || ' WHERE ')), \" WHERE \") TABLESPACE \"T s\" WHERE (a > 0)"
        );
        assert_eq!(
            with_tablespace("CREATE INDEX i ON t (a)", "ts"),
            "CREATE INDEX i ON t (a) TABLESPACE ts"
        );
    }
}
