//! `migrations/HEAD`: written whenever the heads change, and looked at by those who tell of them.

use aludel_revision::{HEAD_FILE, HeadFile, HeadFileState, History};

use crate::context::{Context, current_dir};
use crate::listing::joined;
use crate::ui::printer::Printer;
use crate::ui::problem::Problem;

/// The command that writes the file anew.
const WRITE: &str = "aludel heads --write-head";

/// The commands that make one head of two.
pub(crate) const ONE_HEAD: &str = "aludel rebase (yours on top of theirs), or: aludel merge heads";

/// How the file stands to the history.
pub(crate) fn state(context: &Context, history: &History) -> Result<HeadFileState, Problem> {
    let folder = context.project()?.migrations_folder();
    Ok(HeadFile::read(folder)?.state(history))
}

/// The file as a person finds it.
pub(crate) fn shown(context: &Context) -> Result<String, Problem> {
    let path = context.project()?.migrations_folder().join(HEAD_FILE);
    Ok(crate::config::shown(&current_dir()?, &path))
}

/// Writes the file after the heads have changed. A conflict that git left in it stays as long as there are two heads.
pub(crate) fn refresh(context: &Context) -> Result<(), Problem> {
    let history = context.headers()?;
    let conflict = matches!(state(context, &history)?, HeadFileState::Conflict(_));
    if !conflict || history.heads().len() < 2 {
        write(context, &history)?;
    }
    Ok(())
}

/// Writes the file, whatever stands in it.
pub(crate) fn write(context: &Context, history: &History) -> Result<(), Problem> {
    history.write_head_file(context.project()?.migrations_folder())?;
    Ok(())
}

/// What is wrong with the file, and the next command; nothing when it agrees.
pub(crate) fn fault(
    context: &Context,
    history: &History,
) -> Result<Option<(String, &'static str)>, Problem> {
    let state = state(context, history)?;
    let several = history.heads().len() > 1;
    let file = shown(context)?;
    Ok(match state {
        HeadFileState::Agrees => None,
        HeadFileState::Missing if history.is_empty() => None,
        HeadFileState::Missing => Some((
            format!("{file} is missing, so git does not see when two branches add a revision"),
            WRITE,
        )),
        HeadFileState::Stale(named) if named.is_empty() => {
            Some((format!("{file} names no head"), WRITE))
        }
        HeadFileState::Stale(named) => {
            let verb = if named.len() == 1 {
                "is not the head"
            } else {
                "are not the heads"
            };
            Some((
                format!("{file} names {}, which {verb} of the files", joined(&named)),
                WRITE,
            ))
        }
        HeadFileState::Conflict(line) => Some((
            format!("{file}:{line} holds a conflict of git: two branches added a revision"),
            if several { ONE_HEAD } else { WRITE },
        )),
    })
}

/// Tells of a fault of the file, on stderr.
pub(crate) fn tell(
    context: &Context,
    history: &History,
    printer: &mut Printer,
) -> Result<(), Problem> {
    if let Some((text, next)) = fault(context, history)? {
        printer.warn(&text, &[next.to_owned()]);
    }
    Ok(())
}

/// Stops a run on a database while git's conflict stands in the file: which files belong to the history is
/// not decided yet.
pub(crate) fn refuse_conflict(context: &Context, history: &History) -> Result<(), Problem> {
    let HeadFileState::Conflict(_) = state(context, history)? else {
        return Ok(());
    };
    let heads = history
        .heads()
        .into_iter()
        .map(|head| head.id().to_string());
    match fault(context, history)? {
        Some((text, next)) => Err(Problem::new("head-conflict", text)
            .hint(next)
            .revisions(heads)),
        None => Ok(()),
    }
}
