//! What a plan is made of.

use aludel_catalog::ObjectId;
use aludel_sql::{Alone, Hazard, LockMode, Statement, lock, runs_alone, works_long};

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

impl Transaction {
    /// Returns the name of it in machine output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Same => "same",
            Self::New => "new",
            Self::Outside => "none",
        }
    }
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

    /// Returns the strongest lock it takes on the relation it is about, if it takes one.
    pub fn lock(&self) -> Option<LockMode> {
        lock(&Statement::new(self.sql.clone()))
    }

    /// Returns how long the step may wait and run.
    pub fn timeouts(&self) -> Timeouts {
        let statement = Statement::new(self.sql.clone());
        let concurrent = self.transaction == Transaction::Outside
            && !matches!(runs_alone(&statement), None | Some(Alone::Backfill(_)));
        Timeouts {
            lock: if concurrent {
                Limit::None
            } else {
                Limit::Short
            },
            statement: if works_long(&statement) {
                Limit::Long
            } else {
                Limit::Short
            },
        }
    }
}

/// How long a step may wait for a lock, and how long it may run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timeouts {
    /// `lock_timeout`.
    pub lock: Limit,
    /// `statement_timeout`.
    pub statement: Limit,
}

/// A limit of the runner's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// None of the server's: a lock timeout would leave a half-built index, so the runner watches the waiting itself.
    None,
    /// The usual one.
    Short,
    /// That of work which holds nobody up.
    Long,
}

impl Limit {
    /// Returns the name of the limit in machine output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Short => "short",
            Self::Long => "long",
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
