//! What a plan is made of.

use aludel_catalog::ObjectId;
use aludel_sql::Hazard;

use crate::explain::Explanation;

/// One statement of a plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The statement, without a semicolon at its end.
    pub sql: String,
    /// The object it is for.
    pub object: ObjectId,
    /// What it loses: the hazard and the object, as an `allow` line names them.
    pub losses: Vec<(Hazard, String)>,
    /// Which transaction it runs in.
    pub transaction: Transaction,
    /// What a reader should know of it, a line each.
    pub notes: Vec<String>,
    /// Why it is there and stands where it stands; of an action of several steps, the first has it.
    pub explanation: Option<Box<Explanation>>,
}

/// Where a step stands among the transactions of its plan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Transaction {
    /// In that of the step before it; after one that runs outside, in a new one.
    #[default]
    Same,
    /// In a new one: what the steps before it did must be committed first (a new enum value is used here).
    New,
    /// In none: the statement commits by itself, or more than once.
    Outside,
}

impl Step {
    /// Returns a step that loses nothing and runs in the transaction of the one before it.
    pub fn new(object: ObjectId, sql: impl Into<String>) -> Self {
        Self {
            sql: sql.into(),
            object,
            losses: Vec::new(),
            transaction: Transaction::Same,
            notes: Vec::new(),
            explanation: None,
        }
    }
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

    /// Returns the steps in groups that commit together; one that runs outside any transaction is a group by itself.
    pub fn transactions(&self) -> impl Iterator<Item = &[Step]> {
        self.steps.chunk_by(|before, step| {
            before.transaction != Transaction::Outside && step.transaction == Transaction::Same
        })
    }
}
