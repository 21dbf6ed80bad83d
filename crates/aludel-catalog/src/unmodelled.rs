//! The names of what a database holds and Aludel does not model yet.

use crate::catalog::Unmodelled;
use crate::row::{DecodeError, Fields, RowRead};

/// Lists objects that no kind's query lists, with PostgreSQL's own words for kind and name.
pub(crate) const QUERY: &str = include_str!("unmodelled.sql");

pub(crate) fn decode(row: &dyn RowRead) -> Result<Unmodelled, DecodeError> {
    let fields = Fields::new(row, "unmodelled", 0);
    Ok(Unmodelled {
        kind: fields.text()?,
        name: fields.text()?,
    })
}
