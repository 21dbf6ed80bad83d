//! The roles and extensions that a script needs.

use std::collections::BTreeSet;

use crate::statement::Statement;

/// What must exist before a script can run, beyond a database.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// Roles that are named and not created by the script itself; `PUBLIC`, `CURRENT_USER` and the
    /// like are left out.
    pub roles: BTreeSet<String>,
    /// Roles that the script creates.
    pub created_roles: BTreeSet<String>,
    /// Extensions that the script creates.
    pub extensions: BTreeSet<String>,
}

/// Returns what a script needs.
pub fn needs<'a>(_statements: impl IntoIterator<Item = &'a Statement>) -> Needs {
    Needs::default()
}
