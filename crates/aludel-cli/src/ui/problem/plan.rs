//! Errors of planning and proving.

use aludel_plan::PlanError;
use aludel_prove::ProveError;

use crate::ui::problem::Problem;

impl From<PlanError> for Problem {
    fn from(error: PlanError) -> Self {
        let PlanError::Loop(reasons) = &error;
        let problem = reasons.iter().fold(
            Self::new(
                "plan-loop",
                "no order exists for objects that need each other",
            ),
            |problem, reason| problem.detail(reason.clone()),
        );
        problem
            .hint("break the loop at one of these: change that object in a revision of its own first: aludel revision -m \"…\"")
            .hint("a loop that PostgreSQL itself can hold is a fault of Aludel: please report it with both schemas")
    }
}

impl From<ProveError> for Problem {
    fn from(error: ProveError) -> Self {
        match error {
            ProveError::File(error) => error.into(),
            ProveError::Introspect(error) => error.into(),
            ProveError::Scratch(error) => error.into(),
            ProveError::Connect(error) => error.into(),
            ProveError::Prepare(error) => error.into(),
        }
    }
}
