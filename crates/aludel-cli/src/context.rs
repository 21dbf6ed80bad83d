//! What every command is given: the options, the folder it runs in, and the project, read when first asked for.

use std::cell::OnceCell;
use std::path::PathBuf;

use aludel_revision::{Goal, History, HistoryError, Revision, RevisionId};

use crate::cli::GlobalArgs;
use crate::config::{FILE_NAME, Project};
use crate::ui::printer::Printer;
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

    /// The project's settings.
    pub(crate) fn project(&self) -> Result<&Project, Problem> {
        if let Some(project) = self.project.get() {
            return Ok(project);
        }
        let project = Project::find(&current_dir()?, &self.global)?;
        Ok(self.project.get_or_init(|| project))
    }

    /// Does something with the history. Where that leads into the middle of what a squash replaces, it is done with the
    /// old files beside it, if `squash --keep` has kept them.
    pub(crate) fn with_kept<T>(
        &self,
        history: &History,
        printer: &mut Printer,
        act: impl Fn(&History, &mut Printer) -> Result<T, Problem>,
    ) -> Result<T, Problem> {
        let mut outcome = act(history, printer);
        let mut folders = self.folders()?;
        loop {
            let problem = match outcome {
                Err(problem) if problem.kind() == INSIDE_SQUASH => problem,
                outcome => return outcome,
            };
            let [own, squash, ..] = problem.concerned() else {
                return Err(problem);
            };
            let kept = self
                .project()?
                .migrations_folder()
                .join(REPLACED)
                .join(squash);
            if !kept.is_dir() || folders.contains(&kept) {
                return Err(problem);
            }
            printer.say(&format!(
                "{own} is in the middle of what {squash} replaces: the files kept in {} are used",
                self.project()?.shown(&kept)
            ));
            folders.push(kept);
            outcome = act(&History::load_headers(&folders)?, printer);
        }
    }

    /// The history with the headers of its files; bodies are read when they are needed.
    pub(crate) fn headers(&self) -> Result<History, Problem> {
        History::load_headers(&self.folders()?).map_err(|error| match error {
            HistoryError::Folder { .. } => self.no_history(error),
            error => error.into(),
        })
    }

    /// A main history that is missing: where the settings know others alone, one of them is meant.
    fn no_history(&self, error: HistoryError) -> Problem {
        let problem = Problem::from(error);
        let further = self.project().map_or(&[][..], |project| &project.further);
        let mut commands = further
            .iter()
            .map(|name| format!("aludel -n {name} status"));
        match commands.next() {
            None => problem,
            Some(first) => problem
                .detail(format!(
                    "{FILE_NAME} has histories of other names: -n chooses one"
                ))
                .only_hint(first)
                .hints(commands),
        }
    }

    /// The version folders, relative to here: such paths are what people and editors click on.
    fn folders(&self) -> Result<Vec<PathBuf>, Problem> {
        let current_dir = current_dir()?;
        let relative = |folder: &PathBuf| {
            folder
                .strip_prefix(&current_dir)
                .map_or_else(|_| folder.clone(), PathBuf::from)
        };
        Ok(self.project()?.migrations.iter().map(relative).collect())
    }
}

/// The folder below the first version folder where a squash keeps the files it replaces.
pub(crate) const REPLACED: &str = "replaced";

/// The kind of problem with what stands in the middle of what a squash replaces.
const INSIDE_SQUASH: &str = "inside-squash";

/// The folder the command runs in.
pub(crate) fn current_dir() -> Result<PathBuf, Problem> {
    std::env::current_dir().map_err(|error| {
        Problem::new(
            "config",
            format!("the current folder cannot be read: {error}"),
        )
    })
}

/// The revisions that a target names; `current` is where the database stands, when the target says so.
pub(crate) fn find_revisions<'a>(
    history: &'a History,
    target: &str,
    current: &[RevisionId],
) -> Result<Vec<&'a Revision>, Problem> {
    let ids = match target {
        "current" => current.to_vec(),
        _ => match history.target(target, current)?.goal {
            Goal::Base => Vec::new(),
            Goal::Heads(ids) => ids,
        },
    };
    Ok(ids.iter().filter_map(|id| history.get(id)).collect())
}
