//! Errors of revision files, their graph, targets and ways.

use aludel_revision::id::InvalidId;
use aludel_revision::{
    FileError, FileFault, HistoryError, MergeError, Place, PlacementError, RebaseError, RevisionId,
    SquashError, TargetError, WriteError,
};

use crate::ui::problem::Problem;

impl From<FileError> for Problem {
    fn from(error: FileError) -> Self {
        let place = error.path.display().to_string();
        let place = error
            .line
            .map_or(place.clone(), |line| format!("{place}:{line}"));
        let next = match &error.fault {
            FileFault::Unreadable { .. } => {
                format!("give yourself the right to read {place}, then run the command again")
            }
            FileFault::NotARevision => {
                format!("write the header into {place}, or move it out of the migrations folder")
            }
            _ => format!("correct {place}, then run the command again"),
        };
        Self::new("revision-file", error.to_string())
            .in_file(&error.path, error.line)
            .hint(next)
    }
}

impl From<InvalidId> for Problem {
    fn from(error: InvalidId) -> Self {
        Self::new("revision-id", error.to_string())
            .hint("take letters, digits, . and _, at most 32 of them; without --rev-id it is a random one")
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
                .in_file(&second, None)
                .hint(format!("give one of them a new id; if {} is a copy, delete it", second.display()))
                .revisions([revision.to_string()]),
            HistoryError::Missing { missing, path, .. } => Self::new("missing-parent", primary)
                .in_file(&path, None)
                .hint(format!(
                    "get the file of {missing} back (`git log --all -- '*{missing}*'`), or correct the header of {}",
                    path.display()
                ))
                .revisions([missing.to_string()]),
            HistoryError::PartlyReplaced { path, replaces, present, .. } => Self::new("partly-replaced", primary)
                .in_file(&path, None)
                .hint(format!(
                    "delete the files of {}, or get all of {} back and delete {}",
                    crate::listing::joined(&present),
                    crate::listing::joined(&replaces),
                    path.display()
                ))
                .revisions(strings(&present)),
            HistoryError::Cycle { members } => Self::new("cycle", primary)
                .hint("correct `parents` or `depends-on` in the header of one of these files")
                .revisions(members.iter().map(|Place { revision, .. }| revision.to_string())),
            HistoryError::DuplicateLabel { label, .. } => {
                Self::new("duplicate-label", primary).hint(format!("take \"{label}\" out of the header of one of them"))
            }
        }
    }
}

impl From<TargetError> for Problem {
    fn from(error: TargetError) -> Self {
        if let TargetError::UnknownCurrent { revisions } = &error {
            return unknown_rows(error.to_string(), strings(revisions));
        }
        Self::new(error.kind(), error.to_string())
            .hint(error.hint())
            .revisions(strings(&error.revisions()))
    }
}

impl From<PlacementError> for Problem {
    fn from(error: PlacementError) -> Self {
        let revisions = match &error {
            PlacementError::Target(error) => error.revisions(),
            PlacementError::NotAHead { revision, children } => {
                let mut all = vec![revision.clone()];
                all.extend_from_slice(children);
                all
            }
            PlacementError::Twice { revision } => vec![revision.clone()],
            PlacementError::NoRevision { .. } => Vec::new(),
        };
        Self::new(error.kind(), error.to_string())
            .hint(error.hint())
            .revisions(strings(&revisions))
    }
}

impl From<MergeError> for Problem {
    fn from(error: MergeError) -> Self {
        let primary = error.to_string();
        match error {
            MergeError::TooFew { heads } => Self::new("nothing-to-merge", primary)
                .hint("`aludel heads` lists the heads; a plain revision is `aludel revision -m \"…\"`")
                .revisions(strings(&heads)),
            MergeError::Placement(error) => error.into(),
        }
    }
}

impl From<SquashError> for Problem {
    fn from(error: SquashError) -> Self {
        match error {
            SquashError::Target(error) => error.into(),
            error => Self::new("squash", error.to_string()).hint(error.hint()),
        }
    }
}

impl From<RebaseError> for Problem {
    fn from(error: RebaseError) -> Self {
        let primary = error.to_string();
        match error {
            RebaseError::Unclear { choices, .. } => Self::new("onto", primary)
                .hint(format!("name it: aludel rebase --onto {}", choices.first().map_or("REVISION", RevisionId::as_str)))
                .revisions(strings(&choices)),
            RebaseError::Needed { onto, revision } => Self::new("cycle", primary)
                .hint("`aludel merge heads` joins them where they are, or take it out of `depends-on`")
                .revisions(strings(&[onto, revision])),
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

/// The version table names revisions that no file is.
pub(crate) fn unknown_rows(primary: String, revisions: Vec<String>) -> Problem {
    Problem::new("no-such-revision", primary)
        .detail("the files of another branch were applied, or a file was deleted")
        .hint("`aludel repair` says where git has the file; get it back, and run the command again")
        .hint("if the schema is as some revision has it: aludel stamp --purge REVISION")
        .revisions(revisions)
}

fn strings(ids: &[RevisionId]) -> Vec<String> {
    ids.iter().map(ToString::to_string).collect()
}
