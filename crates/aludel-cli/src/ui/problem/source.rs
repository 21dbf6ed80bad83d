//! Errors of loading models.

use aludel_source::SourceError;

use crate::ui::problem::Problem;

impl From<SourceError> for Problem {
    fn from(error: SourceError) -> Self {
        let kind = match &error {
            SourceError::Models(_) => "models",
            _ => "source",
        };
        let problem = Self::new(kind, error.to_string());
        let problem = error.details().into_iter().fold(problem, Self::detail);
        error.hint().into_iter().fold(problem, Self::hint)
    }
}
