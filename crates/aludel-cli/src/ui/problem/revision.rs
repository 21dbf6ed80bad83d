//! Errors of revision files, their graph, targets and ways.

use aludel_revision::id::InvalidId;
use aludel_revision::{
    FileError, HistoryError, MergeError, PathError, Place, ResolveError, RevisionId, WriteError,
};

use crate::ui::problem::Problem;

impl From<FileError> for Problem {
    fn from(error: FileError) -> Self {
        Self::new("revision-file", error.to_string())
    }
}

impl From<InvalidId> for Problem {
    fn from(error: InvalidId) -> Self {
        Self::new("revision-id", error.to_string())
    }
}

impl From<HistoryError> for Problem {
    fn from(error: HistoryError) -> Self {
        let primary = error.to_string();
        match error {
            HistoryError::Folder { path, .. } => Self::new("no-history", primary)
                .hint(format!("run `aludel init`, or set migrations in aludel.toml (now {})", path.display())),
            HistoryError::File(error) => error.into(),
            HistoryError::DuplicateId { revision, second, .. } => Self::new("duplicate-id", primary)
                .hint(format!("give one of them a new id; if {} is a copy, delete it", second.display()))
                .revisions([revision.to_string()]),
            HistoryError::Missing { missing, path, .. } => Self::new("missing-parent", primary)
                .hint(format!(
                    "get the file of {missing} back (`git log --all -- '*{missing}*'`), or correct the header of {}",
                    path.display()
                ))
                .revisions([missing.to_string()]),
            HistoryError::Cycle { members } => Self::new("cycle", primary)
                .hint("correct `parents` or `depends-on` in the header of one of these files")
                .revisions(members.iter().map(|Place { revision, .. }| revision.to_string())),
            HistoryError::DuplicateLabel { label, .. } => {
                Self::new("duplicate-label", primary).hint(format!("take \"{label}\" out of the header of one of them"))
            }
        }
    }
}

impl From<ResolveError> for Problem {
    fn from(error: ResolveError) -> Self {
        let primary = error.to_string();
        match error {
            ResolveError::NotFound { .. } => {
                Self::new("no-such-revision", primary).hint("`aludel history` lists the revisions")
            }
            ResolveError::Ambiguous { candidates, .. } => Self::new("ambiguous", primary)
                .hint("type more of the id")
                .revisions(strings(&candidates)),
            ResolveError::MultipleHeads { heads } => multiple_heads(primary, &heads),
            ResolveError::AmbiguousStart { current, .. } => Self::new("ambiguous", primary)
                .hint("name the revision itself")
                .revisions(strings(&current)),
            ResolveError::AmbiguousWalk { choices, .. } => Self::new("ambiguous", primary)
                .hint("name the revision itself")
                .revisions(strings(&choices)),
            ResolveError::WalkedTooFar { .. } => {
                Self::new("walked-too-far", primary).hint("use head or base to go to the end")
            }
            ResolveError::UnknownCurrent { revisions } => unknown_current(primary, &revisions),
            ResolveError::Unsupported { .. } => Self::new("unsupported", primary)
                .hint("use an id, a unique prefix, head, heads, base, +N or -N"),
        }
    }
}

impl From<PathError> for Problem {
    fn from(error: PathError) -> Self {
        let primary = error.to_string();
        match error {
            PathError::UnknownCurrent { revisions } => unknown_current(primary, &revisions),
            PathError::CurrentNotHeads { row, covered_by } => Self::new("rows-not-heads", primary)
                .hint(format!("aludel stamp --purge {covered_by}"))
                .revisions([row.to_string(), covered_by.to_string()]),
            PathError::NotApplied { target } => Self::new("not-applied", primary)
                .hint("`aludel current` says where the database is; `aludel upgrade` goes the other way")
                .revisions([target.to_string()]),
            PathError::StepsDiffer { .. } => {
                Self::new("ambiguous", primary).hint("name the revision itself; `aludel history` lists them")
            }
            PathError::WrongWay { target, direction } => {
                let other = if direction.as_str() == "upgrade" { "downgrade" } else { "upgrade" };
                Self::new("wrong-way", primary).hint(format!("aludel {other} {target}"))
            }
        }
    }
}

impl From<MergeError> for Problem {
    fn from(error: MergeError) -> Self {
        let primary = error.to_string();
        match error {
            MergeError::TooFew { heads } => Self::new("nothing-to-merge", primary)
                .hint("`aludel heads` lists the heads; a plain revision is `aludel revision -m \"…\"`")
                .revisions(strings(&heads)),
            MergeError::NotAHead { revision, children } => Self::new("not-a-head", primary)
                .hint("merge heads: `aludel heads` lists them")
                .revisions(strings(&children).into_iter().chain([revision.to_string()])),
            MergeError::Resolve(error) => error.into(),
        }
    }
}

impl From<WriteError> for Problem {
    fn from(error: WriteError) -> Self {
        let primary = error.to_string();
        match error {
            WriteError::Template { .. } => Self::new("config", primary)
                .hint("the tokens are {date}, {time}, {id}, {slug}, {year}, {month}, {day}, {hour}, {minute}, {second}, {epoch}"),
            WriteError::Exists { .. } => Self::new("exists", primary).hint("run the command again: the name has the time in it"),
            WriteError::Unwritable { path, .. } => {
                let folder = path.parent().unwrap_or(&path).display().to_string();
                Self::new("not-writable", primary)
                    .hint(format!("give yourself the right to write in {folder} (chmod u+w {folder}), or set migrations in aludel.toml"))
            }
            WriteError::Unreadable(error) => Self::from(error).detail("nothing was written"),
        }
    }
}

/// Several heads where one is needed.
pub(crate) fn multiple_heads(primary: String, heads: &[RevisionId]) -> Problem {
    let ids = strings(heads);
    Problem::new("multiple-heads", primary)
        .hint(format!(
            "join them: aludel merge {} -m \"merge\"",
            ids.join(" ")
        ))
        .hint("or name one of them, or `heads` for all")
        .revisions(ids)
}

fn unknown_current(primary: String, revisions: &[RevisionId]) -> Problem {
    Problem::new("no-such-revision", primary)
        .detail("the files of another branch were applied, or a file was deleted")
        .hint("get the missing file back from git (`git log --all -- migrations`), and run the command again")
        .hint("if the schema is as some revision has it: aludel stamp --purge REVISION")
        .revisions(strings(revisions))
}

fn strings(ids: &[RevisionId]) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}
