//! Errors of planning and proving.

use aludel_plan::PlanError;
use aludel_prove::ProveError;

use crate::ui::problem::Problem;

impl From<PlanError> for Problem {
    fn from(error: PlanError) -> Self {
        Self::new("plan", error.to_string())
            .hint("make one of them in a revision of its own: aludel revision --empty -m \"…\"")
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
