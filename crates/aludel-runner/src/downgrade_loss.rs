//! What a downgrade would lose, counted on the live database.

use aludel_catalog::identifier::literal;
use aludel_postgres::{Session, StatementError};
use aludel_revision::RevisionId;
use aludel_sql::{Hazard, Origin, Statement, TypeChange, losses, type_changes};

use crate::error::RunError;
use crate::gate::column_object;
use crate::plan::PlannedMove;
use crate::settings::RunnerSettings;
use crate::type_gate::{ColumnTypes, Judgement};

/// How long one count may take before it is given up.
const COUNT_TIMEOUT: &str = "60s";

/// Something that a downgrade would lose.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DowngradeLoss {
    /// The revision.
    pub revision: RevisionId,
    /// Where its downgrade says so.
    pub origin: Origin,
    /// How it is lost.
    pub hazard: Hazard,
    /// What is lost.
    pub object: String,
    /// How much of it there is now.
    pub count: LossCount,
}

/// How much there is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LossCount {
    /// So many rows.
    Rows(u64),
    /// So many values that are not NULL.
    Values(u64),
    /// At most so many rows or values; which of them are touched is not known.
    AtMost(u64),
    /// It was not counted; the text says why.
    Uncounted(String),
}

impl DowngradeLoss {
    /// Returns whether anything is there to be lost, as far as is known.
    pub fn is_real(&self) -> bool {
        !matches!(
            self.count,
            LossCount::Rows(0) | LossCount::Values(0) | LossCount::AtMost(0)
        )
    }
}

/// What to do when a downgrade loses data.
pub enum LossPolicy<'p> {
    /// Do not run it.
    Refuse,
    /// Run it; nothing is counted.
    Allow,
    /// Show the losses to somebody; run it when the answer is yes.
    Ask(&'p mut dyn FnMut(&[DowngradeLoss]) -> bool),
}

/// Counts what the moves of a downgrade would lose. Creates nothing and changes nothing.
pub(crate) async fn count(
    session: &Session,
    settings: &RunnerSettings,
    moves: &[PlannedMove<'_>],
) -> Result<Vec<DowngradeLoss>, RunError> {
    let statements = || {
        moves
            .iter()
            .flat_map(|planned| planned.section.statements())
    };
    let changes: Vec<_> = statements().flat_map(type_changes).collect();
    let mut types = ColumnTypes::read(session, &settings.search_path_sql(), &changes)
        .await
        .map_err(RunError::Reading)?;
    let mut found = Vec::new();
    for planned in moves {
        for statement in planned.section.statements() {
            for (hazard, object, line, query) in lost_by(statement, &mut types) {
                let count = match query {
                    Some(query) => count_by(session, settings, &query, LossCount::AtMost).await?,
                    None => count_one(session, settings, statement, hazard, &object).await?,
                };
                found.push(DowngradeLoss {
                    revision: planned.revision.id().clone(),
                    origin: Origin {
                        file: statement.origin.file.clone(),
                        line,
                    },
                    hazard,
                    object,
                    count,
                });
            }
        }
    }
    Ok(found)
}

/// A hazard, its object, the line, and the query that counts it where the object alone does not say what to count.
type Lost = (Hazard, String, u32, Option<String>);

fn lost_by(statement: &Statement, types: &mut ColumnTypes) -> Vec<Lost> {
    let mut found: Vec<Lost> = losses(statement)
        .into_iter()
        .map(|loss| (loss.hazard, loss.object, loss.line, None))
        .collect();
    let line = statement.origin.line;
    for change in type_changes(statement) {
        match types.judge(&change) {
            Judgement::Loses(_) => {
                found.push((Hazard::NarrowType, column_object(&change), line, None));
            }
            Judgement::Replaces(values) => {
                found.extend(values.into_iter().map(|(object, value)| {
                    let query = rows_with(&change, &value);
                    (Hazard::DropEnumValue, object, line, Some(query))
                }));
            }
            Judgement::Keeps | Judgement::Unknown => {}
        }
    }
    found
}

/// Returns the query that counts the rows with an enum's value in a column, or with a longer one that contains it.
fn rows_with(change: &TypeChange, value: &str) -> String {
    format!(
        "SELECT pg_catalog.count(*) FROM {} WHERE pg_catalog.strpos({}::text, {}) > 0",
        change.table,
        change.column,
        literal(value)
    )
}

async fn count_one(
    session: &Session,
    settings: &RunnerSettings,
    statement: &Statement,
    hazard: Hazard,
    object: &str,
) -> Result<LossCount, RunError> {
    let rows = |object: &str| format!("SELECT pg_catalog.count(*) FROM {object}");
    let values = |object: &str| {
        let (table, column) = split_column(object);
        format!("SELECT pg_catalog.count({column}) FROM {table}")
    };
    let (query, wrap): (String, fn(u64) -> LossCount) = match hazard {
        Hazard::DropTable | Hazard::Truncate | Hazard::DropMaterializedView => {
            (rows(object), LossCount::Rows)
        }
        Hazard::Delete => (rows(object), LossCount::AtMost),
        Hazard::DropColumn => (values(object), LossCount::Values),
        Hazard::NarrowType => (values(object), LossCount::AtMost),
        Hazard::DropSchema => match schema_query(session, settings, object).await? {
            Some(query) => (query, LossCount::Rows),
            None => return Ok(LossCount::Rows(0)),
        },
        Hazard::DropSequence => (
            format!("SELECT pg_catalog.count(*) FROM {object} WHERE is_called"),
            LossCount::Values,
        ),
        // Without CASCADE a type that a column uses cannot be dropped.
        Hazard::DropType if !has_cascade(statement) => return Ok(LossCount::Rows(0)),
        Hazard::DropType | Hazard::DropEnumValue => {
            return Ok(LossCount::Uncounted(
                "columns of this type lose values".to_owned(),
            ));
        }
        Hazard::Unclassified => {
            return Ok(LossCount::Uncounted("what it does is not known".to_owned()));
        }
    };
    count_by(session, settings, &query, wrap).await
}

async fn count_by(
    session: &Session,
    settings: &RunnerSettings,
    query: &str,
    wrap: fn(u64) -> LossCount,
) -> Result<LossCount, RunError> {
    match counted(session, settings, query).await {
        Ok(count) => Ok(wrap(count)),
        Err(error) if error.connection_lost => Err(RunError::Reading(error)),
        // It is not there now, so nothing that is in the database now is lost with it.
        Err(error)
            if ["42P01", "42703", "3F000"]
                .iter()
                .any(|code| error.is(code)) =>
        {
            Ok(wrap(0))
        }
        Err(error) => Ok(LossCount::Uncounted(error.message.clone())),
    }
}

async fn counted(
    session: &Session,
    settings: &RunnerSettings,
    query: &str,
) -> Result<u64, StatementError> {
    // In one message the settings last as long as the message. Row security must not hide rows from the count.
    let script = format!(
        "SELECT pg_catalog.set_config('statement_timeout', '{COUNT_TIMEOUT}', true), \
         pg_catalog.set_config('lock_timeout', '{}ms', true), \
         pg_catalog.set_config('row_security', 'off', true), \
         pg_catalog.set_config('search_path', {}, true); {query}",
        settings.lock_timeout.as_millis(),
        literal(&settings.search_path_sql()),
    );
    let sets = session.row_sets(&script).await?;
    let value = sets
        .last()
        .and_then(|set| set.first())
        .map(|row| row.text(0));
    Ok(value.and_then(|text| text.parse().ok()).unwrap_or(0))
}

/// Returns the query that counts the rows of every table of a schema; `None` when it has none.
async fn schema_query(
    session: &Session,
    settings: &RunnerSettings,
    schema: &str,
) -> Result<Option<String>, RunError> {
    let query = format!(
        "SELECT pg_catalog.format('SELECT pg_catalog.count(*) AS n FROM %s', class.oid::pg_catalog.regclass) \
         FROM pg_catalog.pg_class AS class \
         WHERE class.relnamespace = pg_catalog.to_regnamespace({}) \
         AND class.relkind IN ('r', 'p', 'm') AND NOT class.relispartition",
        literal(schema)
    );
    let script = format!(
        "SELECT pg_catalog.set_config('search_path', {}, true); {query}",
        literal(&settings.search_path_sql())
    );
    let sets = session.row_sets(&script).await.map_err(RunError::Reading)?;
    let rows = sets.last().map(Vec::as_slice).unwrap_or_default();
    let parts: Vec<&str> = rows.iter().map(|row| row.text(0)).collect();
    Ok((!parts.is_empty()).then(|| {
        format!(
            "SELECT pg_catalog.sum(n) FROM ({}) AS counts",
            parts.join(" UNION ALL ")
        )
    }))
}

fn has_cascade(statement: &Statement) -> bool {
    let text = statement.text.to_ascii_lowercase();
    text.split(|letter: char| !letter.is_ascii_alphanumeric())
        .any(|word| word == "cascade")
}

/// Cuts `public.users.name` into table and column, at the last dot outside quotes.
fn split_column(object: &str) -> (&str, &str) {
    let mut quoted = false;
    let mut last = None;
    for (index, letter) in object.char_indices() {
        match letter {
            '"' => quoted = !quoted,
            '.' if !quoted => last = Some(index),
            _ => {}
        }
    }
    last.map_or((object, "*"), |at| (&object[..at], &object[at + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_column_is_cut_from_its_table() {
        assert_eq!(split_column("public.users.name"), ("public.users", "name"));
        assert_eq!(split_column("t.\"a.b\""), ("t", "\"a.b\""));
        assert_eq!(
            split_column("\"x.y\".\"say \"\"hi\"\".\""),
            ("\"x.y\"", "\"say \"\"hi\"\".\"")
        );
    }
}
