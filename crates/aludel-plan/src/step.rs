//! What a plan is made of.

use aludel_catalog::ObjectId;
use aludel_sql::Hazard;

/// One statement of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The statement, without a semicolon at its end.
    pub sql: String,
    /// The object it is for.
    pub object: ObjectId,
    /// What it loses: the hazard and the object, as an `allow` line names them.
    pub losses: Vec<(Hazard, String)>,
    /// Whether the steps before it must be committed first (a new enum value is used here).
    pub commit_before: bool,
}

/// Ordered steps that take one catalog to another.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The steps in the order in which they run.
    pub steps: Vec<Step>,
}

impl Plan {
    /// Returns whether nothing is to be done.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }
}
