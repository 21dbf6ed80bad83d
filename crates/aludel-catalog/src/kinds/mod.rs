//! One folder per kind of object: its struct, catalog query, decoding, comparison and SQL.
//!
//! The list with their order is in `kind.rs`. What several kinds need to write stands here.

pub mod aggregate;
pub mod collation;
pub mod column;
pub mod composite_type;
pub mod constraint;
pub mod default_privileges;
pub mod domain;
pub mod enum_type;
pub mod event_trigger;
pub mod extension;
pub(crate) mod foreign;
pub mod foreign_data_wrapper;
pub mod foreign_key;
pub mod foreign_server;
pub mod index;
pub mod index_storage;
pub mod materialized_view;
pub mod policy;
pub mod publication;
pub mod range_type;
pub mod role;
pub mod routine;
pub mod rule;
pub mod schema;
pub mod sequence;
pub mod sequence_owner;
pub mod statistics;
pub mod subscription;
pub mod table;
pub mod trigger;
pub mod user_mapping;
pub mod view;

use crate::identifier::quote;
use crate::object_id::ObjectId;
use crate::online::Online;

/// Completes a query: `/*options*/` becomes the storage parameters of the relation `c` with those of its TOAST table.
pub(crate) fn with_toast_options(query: &str) -> String {
    query.replace("/*options*/", include_str!("toast_options.sql").trim())
}

/// Writes storage parameters (`name=value`) as a WITH list.
pub(crate) fn with_options(options: &[String]) -> String {
    let written: Vec<String> = options.iter().map(|option| write_option(option)).collect();
    written.join(", ")
}

fn write_option(option: &str) -> String {
    match option.split_once('=') {
        Some((name, value)) => format!("{name}={}", option_value(value)),
        None => option.to_owned(),
    }
}

/// Quotes an option's value unless it is a plain word or number.
fn option_value(value: &str) -> String {
    let plain = !value.is_empty()
        && value.chars().all(|character| {
            character.is_ascii_alphanumeric() || matches!(character, '_' | '.' | '-')
        });
    if plain {
        value.to_owned()
    } else {
        crate::identifier::literal(value)
    }
}

/// Returns the SET and RESET clauses that take storage parameters from `current` to `desired`.
pub(crate) fn option_changes(current: &[String], desired: &[String]) -> Vec<String> {
    let name = |option: &String| option.split('=').next().unwrap_or_default().to_owned();
    let set: Vec<String> = desired
        .iter()
        .filter(|option| !current.contains(option))
        .cloned()
        .collect();
    let wanted: Vec<String> = desired.iter().map(name).collect();
    let reset: Vec<String> = current
        .iter()
        .map(name)
        .filter(|option| !wanted.contains(option))
        .collect();
    let mut clauses = Vec::new();
    if !set.is_empty() {
        clauses.push(format!("SET ({})", with_options(&set)));
    }
    if !reset.is_empty() {
        clauses.push(format!("RESET ({})", reset.join(", ")));
    }
    clauses
}

/// Whether a part of a table is the table's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It is.
    Own,
    /// It came from a parent table and is there for no other reason.
    Inherited,
    /// A parent table has it too.
    Merged,
}

impl Standing {
    /// Reads the letter that the queries write.
    pub(crate) fn of(letter: char) -> Self {
        match letter {
            'i' => Self::Inherited,
            'm' => Self::Merged,
            _ => Self::Own,
        }
    }
}

/// What a table does with one of its indexes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Marks {
    /// CLUSTER uses it.
    pub clustered: bool,
    /// It is the replica identity.
    pub replica_identity: bool,
}

impl Marks {
    /// Returns the names of the marks that differ.
    pub(crate) fn differences(self, desired: Self) -> Vec<&'static str> {
        let mut names = Vec::new();
        if self.clustered != desired.clustered {
            names.push("clustered");
        }
        if self.replica_identity != desired.replica_identity {
            names.push("replica identity");
        }
        names
    }

    /// Returns the statements that set the marks which `before` has not. A mark that goes is taken over by another
    /// index, or the table says what it is instead.
    pub(crate) fn set_sql(self, before: Self, id: &ObjectId) -> Vec<String> {
        let (table, name) = (id.relation(), id.quoted());
        let mut sql = Vec::new();
        if self.clustered && !before.clustered {
            sql.push(format!("ALTER TABLE {table} CLUSTER ON {name}"));
        }
        if self.replica_identity && !before.replica_identity {
            sql.push(format!(
                "ALTER TABLE {table} REPLICA IDENTITY USING INDEX {name}"
            ));
        }
        sql
    }

    /// Returns the statement that takes the cluster mark away: first, for another index may take it.
    pub(crate) fn clear_sql(self, desired: Self, id: &ObjectId) -> Vec<String> {
        let sql = format!("ALTER TABLE {} SET WITHOUT CLUSTER", id.relation());
        (self.clustered && !desired.clustered)
            .then_some(sql)
            .into_iter()
            .collect()
    }
}

/// Returns the statement that validates a table's constraint.
pub(crate) fn validate_sql(id: &ObjectId) -> String {
    format!(
        "ALTER TABLE {} VALIDATE CONSTRAINT {}",
        id.relation(),
        id.quoted()
    )
}

/// Returns the form of a change that validates a constraint among other things; `None` when it does not.
pub(crate) fn validated_later(mut change: Vec<String>, id: &ObjectId) -> Option<Online> {
    let validate = validate_sql(id);
    let at = change.iter().position(|sql| *sql == validate)?;
    change.remove(at);
    Some(Online::validated(change, validate))
}

/// Returns whether rows that are there are not looked at when the constraint of that definition is added.
pub(crate) fn is_not_checked(definition: &str) -> bool {
    [" NOT VALID", " NOT ENFORCED"]
        .iter()
        .any(|word| definition.ends_with(word))
}

/// Writes a role, PUBLIC for the empty name.
pub(crate) fn role(name: &str) -> String {
    if name.is_empty() {
        "PUBLIC".to_owned()
    } else {
        quote(name).into_owned()
    }
}
