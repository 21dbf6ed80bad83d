//! What a statement loses, as far as its text tells.

use crate::hazard::Hazard;
use crate::statement::Statement;

/// Data that a statement loses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Loss {
    /// The way it is lost.
    pub hazard: Hazard,
    /// What is lost, for example `public.users.legacy`: as written in the statement (an unqualified
    /// name stays so), identifiers quoted only where they must be.
    pub object: String,
    /// The line of the file on which the statement names it.
    pub line: u32,
}

/// A column whose type a statement changes: whether that narrows it depends on the old type, which
/// the server knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TypeChange {
    /// The table, as written.
    pub table: String,
    /// The column.
    pub column: String,
    /// The new type, as written.
    pub new_type: String,
    /// The expression after `USING`.
    pub using: Option<String>,
}

/// Returns what a statement loses.
pub fn losses(_statement: &Statement) -> Vec<Loss> {
    Vec::new()
}

/// Returns the columns whose type a statement changes.
pub fn type_changes(_statement: &Statement) -> Vec<TypeChange> {
    Vec::new()
}
