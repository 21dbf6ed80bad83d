//! What every command is given: the options, the folder it runs in, and the project, read when first asked for.

use std::cell::OnceCell;
use std::path::PathBuf;

use crate::cli::GlobalArgs;
use crate::config::Project;
use crate::ui::problem::Problem;

/// The options and the project of this run.
pub(crate) struct Context {
    /// The options every verb takes.
    pub(crate) global: GlobalArgs,
    project: OnceCell<Project>,
}

impl Context {
    /// A context that has read nothing yet.
    pub(crate) fn new(global: GlobalArgs) -> Self {
        Self {
            global,
            project: OnceCell::new(),
        }
    }

    /// The folder the command runs in.
    pub(crate) fn current_dir(&self) -> Result<PathBuf, Problem> {
        std::env::current_dir().map_err(|error| {
            Problem::new(
                "config",
                format!("the current folder cannot be read: {error}"),
            )
        })
    }

    /// The project's settings.
    pub(crate) fn project(&self) -> Result<&Project, Problem> {
        if let Some(project) = self.project.get() {
            return Ok(project);
        }
        let project = Project::find(&self.current_dir()?, &self.global)?;
        Ok(self.project.get_or_init(|| project))
    }
}
