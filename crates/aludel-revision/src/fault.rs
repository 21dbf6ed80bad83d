//! What can be wrong with a target and with the way to it, each fault with what to type instead.

use crate::id::{self, RevisionId};
use crate::path::Direction;

/// Why a target means nothing or too much, or why no way leads to it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TargetError {
    /// No revision has the id, or an id that begins so, and no label is called so.
    #[error("no revision is called \"{name}\"{}", nearest.as_ref().map(|id| format!("; did you mean {id}?")).unwrap_or_default())]
    NotFound {
        /// What was typed.
        name: String,
        /// The id, label or word that looks most like it.
        nearest: Option<RevisionId>,
    },
    /// Several ids begin so.
    #[error("\"{prefix}\" is the beginning of {} revisions: {}", candidates.len(), id::list(candidates))]
    Ambiguous {
        /// What was typed.
        prefix: String,
        /// The revisions whose ids begin so.
        candidates: Vec<RevisionId>,
    },
    /// One head is asked for, and there are several.
    #[error("{} has {} heads where one is needed: {}", branch.as_ref().map_or_else(|| "the history".to_owned(), |branch| format!("the branch \"{branch}\"")), heads.len(), id::list(heads))]
    MultipleHeads {
        /// What was typed.
        target: String,
        /// The branch as typed, if one was.
        branch: Option<String>,
        /// The heads.
        heads: Vec<RevisionId>,
    },
    /// The revision after the `@` is on another branch.
    #[error("revision {revision} is not on the branch \"{branch}\"")]
    NotOnBranch {
        /// The branch as typed.
        branch: String,
        /// The revision.
        revision: RevisionId,
        /// The heads of the branch.
        heads: Vec<RevisionId>,
    },
    /// Steps are counted from a database that stands at several revisions.
    #[error(
        "\"{target}\" could start at any of several revisions: {}",
        id::list(current)
    )]
    AmbiguousStart {
        /// What was typed.
        target: String,
        /// The revisions that it could start at.
        current: Vec<RevisionId>,
    },
    /// The way divides before the steps are walked.
    #[error("\"{target}\" is ambiguous: {} the way divides into {}", at.as_ref().map_or_else(|| "at the base".to_owned(), |id| format!("at {id}")), id::list(choices))]
    AmbiguousWalk {
        /// What was typed.
        target: String,
        /// Where the way divides; `None` is the base.
        at: Option<RevisionId>,
        /// Where it leads.
        choices: Vec<RevisionId>,
    },
    /// The way ends before the steps are walked.
    #[error("\"{target}\" walks too far: the history ends after {available} of {asked} steps")]
    WalkedTooFar {
        /// What was typed.
        target: String,
        /// The steps that were asked for.
        asked: u64,
        /// The steps that there are.
        available: u64,
    },
    /// The database stands at revisions that no file is.
    #[error("the database is at {}, which no file is", id::list(revisions))]
    UnknownCurrent {
        /// The ids that no file carries.
        revisions: Vec<RevisionId>,
    },
    /// The database stands inside of what a squash replaces.
    #[error("the database is at {row}, in the middle of what {squash} replaces")]
    InsideSquash {
        /// The version row.
        row: RevisionId,
        /// The squash.
        squash: RevisionId,
        /// The last revision that it replaces, where a database may stand.
        end: RevisionId,
    },
    /// The target stands inside of what a squash replaces.
    #[error("revision {revision} is in the middle of what {squash} replaces")]
    Replaced {
        /// The target.
        revision: RevisionId,
        /// The squash.
        squash: RevisionId,
        /// The last revision that it replaces, where a database may stand.
        end: RevisionId,
    },
    /// The version table holds a row that another row already implies.
    #[error("the version table holds {row}, which {covered_by} already contains")]
    CurrentNotHeads {
        /// The row too many.
        row: RevisionId,
        /// The row above it.
        covered_by: RevisionId,
    },
    /// The target of a downgrade is not applied.
    #[error("revision {target} is not applied, so a downgrade cannot end there")]
    NotApplied {
        /// The target.
        target: RevisionId,
    },
    /// The target of a downgrade is applied, no child of it is, and yet it is no row of the version table.
    #[error(
        "nothing on the way down to {target} is applied: of what stands on it, {} stays",
        id::list(covered_by)
    )]
    NothingAbove {
        /// The target.
        target: RevisionId,
        /// The rows of the version table that contain it.
        covered_by: Vec<RevisionId>,
    },
    /// The branch named before the `@` says nothing about which of the target's children are to go.
    #[error(
        "\"{target}\" does not say which of {} is to be taken back",
        id::list(choices)
    )]
    BranchUnclear {
        /// What was typed.
        target: String,
        /// The children of the target, or the bases.
        choices: Vec<RevisionId>,
    },
    /// `-N` on the way up or `+N` on the way down.
    #[error("\"{target}\" leads the other way than {}", direction.as_str())]
    WrongWay {
        /// What was typed.
        target: String,
        /// The way that was asked for.
        direction: Direction,
    },
    /// A stamp counts steps, and it must say where it ends.
    #[error("a stamp names the revision itself, and \"{target}\" counts steps")]
    StepsInStamp {
        /// What was typed.
        target: String,
        /// Where the steps lead.
        leads_to: Vec<RevisionId>,
    },
    /// Two places where one is wanted.
    #[error("\"{target}\" is a range, and one place is wanted")]
    Range {
        /// What was typed.
        target: String,
    },
    /// One place where two are wanted, or three.
    #[error("\"{target}\" is no range")]
    NotARange {
        /// What was typed.
        target: String,
    },
    /// The end of a range does not contain its start.
    #[error("revision {start} is not an ancestor of {}", if end.is_empty() { "the base".to_owned() } else { id::list(end) })]
    NotAnAncestor {
        /// The start.
        start: RevisionId,
        /// The end.
        end: Vec<RevisionId>,
    },
}

impl TargetError {
    /// Returns the fault's name in machine output, in kebab case.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::NotFound { .. } | Self::UnknownCurrent { .. } => "no-such-revision",
            Self::Ambiguous { .. }
            | Self::AmbiguousStart { .. }
            | Self::AmbiguousWalk { .. }
            | Self::BranchUnclear { .. } => "ambiguous",
            Self::InsideSquash { .. } | Self::Replaced { .. } => "inside-squash",
            Self::MultipleHeads { .. } => "multiple-heads",
            Self::NotOnBranch { .. } => "not-on-branch",
            Self::WalkedTooFar { .. } => "walked-too-far",
            Self::CurrentNotHeads { .. } => "rows-not-heads",
            Self::NotApplied { .. } | Self::NothingAbove { .. } | Self::NotAnAncestor { .. } => {
                "not-an-ancestor"
            }
            Self::WrongWay { .. } => "wrong-way",
            Self::StepsInStamp { .. } => "steps-in-stamp",
            Self::Range { .. } | Self::NotARange { .. } => "range",
        }
    }

    /// Returns the revisions that the fault is about.
    pub fn revisions(&self) -> Vec<RevisionId> {
        match self {
            Self::NotFound { nearest, .. } => nearest.iter().cloned().collect(),
            Self::Ambiguous {
                candidates: several,
                ..
            }
            | Self::MultipleHeads { heads: several, .. }
            | Self::AmbiguousStart {
                current: several, ..
            }
            | Self::AmbiguousWalk {
                choices: several, ..
            }
            | Self::BranchUnclear {
                choices: several, ..
            }
            | Self::StepsInStamp {
                leads_to: several, ..
            }
            | Self::UnknownCurrent { revisions: several } => several.clone(),
            Self::NotOnBranch { revision, .. } => vec![revision.clone()],
            Self::CurrentNotHeads { row, covered_by } => vec![row.clone(), covered_by.clone()],
            Self::InsideSquash {
                row: own,
                squash,
                end,
            }
            | Self::Replaced {
                revision: own,
                squash,
                end,
            } => {
                vec![own.clone(), squash.clone(), end.clone()]
            }
            Self::NotApplied { target } => vec![target.clone()],
            Self::NothingAbove { target, covered_by } => with_first(target, covered_by),
            Self::NotAnAncestor { start, end } => with_first(start, end),
            Self::WalkedTooFar { .. }
            | Self::WrongWay { .. }
            | Self::Range { .. }
            | Self::NotARange { .. } => Vec::new(),
        }
    }

    /// Returns what to type instead, a line.
    pub fn hint(&self) -> String {
        match self {
            Self::NotFound { .. } => "`aludel history` lists the revisions and their labels".to_owned(),
            Self::Ambiguous { candidates, .. } => format!("type more of the id: {}", each(candidates, ToString::to_string)),
            Self::MultipleHeads { target, branch, heads } => {
                let all = if branch.is_some() { format!("{target}s") } else { "heads".to_owned() };
                format!("name one of them, or join them with `aludel merge {}`; {all} means all of them", words(heads))
            }
            Self::NotOnBranch { branch, revision, heads } => format!(
                "type {revision} alone, or a revision of that branch, which leads to {}; {branch}@heads is its end",
                id::list(heads)
            ),
            Self::AmbiguousStart { target, current } => {
                let steps = target.rsplit('@').next().unwrap_or(target);
                format!("say which branch: {}", each(current, |id| format!("{id}@{steps}")))
            }
            Self::AmbiguousWalk { choices, .. } => format!("name the revision itself: {}", each(choices, ToString::to_string)),
            Self::WalkedTooFar { .. } => "use head or base to go to the end".to_owned(),
            Self::UnknownCurrent { .. } => {
                "get the missing file back, or say where the schema is with `aludel stamp --purge REVISION`".to_owned()
            }
            Self::InsideSquash { end, .. } => {
                format!("check out the files from before the squash and run `aludel upgrade {end}`, then come back")
            }
            Self::Replaced { squash, .. } => {
                format!("{squash} is all or nothing; for a step inside, check out the files from before the squash")
            }
            Self::CurrentNotHeads { covered_by, .. } => format!("aludel stamp --purge {covered_by}"),
            Self::NotApplied { target } => format!("the other way is `aludel upgrade {target}`; `aludel current` says where the database is"),
            Self::NothingAbove { .. } => "`aludel current` says where the database is; name a revision further down".to_owned(),
            Self::BranchUnclear { target, choices } => {
                let place = target.rsplit('@').next().unwrap_or(target);
                format!("name one of them as the branch: {}", each(choices, |id| format!("{id}@{place}")))
            }
            Self::WrongWay { target, direction } => format!("aludel {} {target}", direction.other().as_str()),
            Self::StepsInStamp { leads_to, .. } if leads_to.is_empty() => "aludel stamp base".to_owned(),
            Self::StepsInStamp { leads_to, .. } => format!("aludel stamp {}", words(leads_to)),
            Self::Range { .. } => "A:B is for `history -r` and for --sql".to_owned(),
            Self::NotARange { .. } => "write START:END, START: or :END".to_owned(),
            Self::NotAnAncestor { start, .. } => format!("write the older one first; {start}: leads to the heads"),
        }
    }
}

fn with_first(first: &RevisionId, rest: &[RevisionId]) -> Vec<RevisionId> {
    let mut all = vec![first.clone()];
    all.extend_from_slice(rest);
    all
}

fn words(ids: &[RevisionId]) -> String {
    let texts: Vec<&str> = ids.iter().map(RevisionId::as_str).collect();
    texts.join(" ")
}

fn each(ids: &[RevisionId], write: impl Fn(&RevisionId) -> String) -> String {
    let texts: Vec<String> = ids.iter().map(write).collect();
    texts.join(" or ")
}
