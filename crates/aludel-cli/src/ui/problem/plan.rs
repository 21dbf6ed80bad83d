//! Errors of planning and proving.

use aludel_plan::PlanError;
use aludel_prove::TrialError;

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

impl From<TrialError> for Problem {
    fn from(error: TrialError) -> Self {
        let primary = error.to_string();
        match error {
            TrialError::Base(failure) | TrialError::Range(failure) => {
                Self::statement("sql", primary, &failure.statement, &failure.error)
                    .hint("mend it first; `aludel test` runs the history revision by revision")
            }
            TrialError::Branch {
                head,
                error: failure,
            } => Self::statement("sql", primary, &failure.statement, &failure.error)
                .hint(format!(
                    "mend the branch of {head} first, then: aludel merge heads"
                ))
                .revisions([head.to_string()]),
            TrialError::File(error) => error.into(),
            TrialError::Introspect(error) => error.into(),
            TrialError::Scratch(error) => error.into(),
            TrialError::Connect(error) => error.into(),
            TrialError::Ready(error) => Self::from_build(error, &[]),
            TrialError::Statement(error) => Self::server("scratch", primary, &error)
                .hint("this is a fault of Aludel: please report it; `aludel merge heads --no-run` merges without scratch"),
        }
    }
}
