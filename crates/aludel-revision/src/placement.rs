//! Where a new revision stands: what it follows and what it depends on.

use crate::fault::TargetError;
use crate::history::History;
use crate::id::{self, RevisionId};
use crate::resolve::Goal;

/// Whether a new revision may follow a revision that another follows already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Splice {
    /// It may, and a new branch begins there.
    Allow,
    /// It follows heads only.
    Refuse,
}

/// Why a new revision cannot stand there.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlacementError {
    /// The target means nothing or too much.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// Another revision follows already.
    #[error(
        "revision {revision} is not a head: it is followed by {}",
        id::list(children)
    )]
    NotAHead {
        /// The revision.
        revision: RevisionId,
        /// The revisions that follow it.
        children: Vec<RevisionId>,
    },
    /// One revision is named twice.
    #[error("revision {revision} is named twice")]
    Twice {
        /// The revision.
        revision: RevisionId,
    },
    /// A place that is no revision.
    #[error("\"{target}\" is no revision, and a dependency must be one")]
    NoRevision {
        /// What was typed.
        target: String,
    },
}

impl PlacementError {
    /// Returns the fault's name in machine output, in kebab case.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Target(error) => error.kind(),
            Self::NotAHead { .. } => "not-a-head",
            Self::Twice { .. } => "named-twice",
            Self::NoRevision { .. } => "no-such-revision",
        }
    }

    /// Returns what to type instead, a line.
    pub fn hint(&self) -> String {
        match self {
            Self::Target(error @ TargetError::MultipleHeads { .. }) => {
                format!("say which one with --head; {}", error.hint())
            }
            Self::Target(error) => error.hint(),
            Self::NotAHead { revision, .. } => {
                format!(
                    "`aludel heads` lists the heads; with --splice a branch begins at {revision}"
                )
            }
            Self::Twice { .. } => "name it once".to_owned(),
            Self::NoRevision { .. } => "`aludel history` lists the revisions".to_owned(),
        }
    }
}

impl History {
    /// Returns the parents of a new revision that is to follow the targets (none named: the head).
    /// Nothing is returned for `base`, where a new line begins.
    pub fn parents_for(
        &self,
        targets: &[&str],
        splice: Splice,
    ) -> Result<Vec<RevisionId>, PlacementError> {
        let targets = if targets.is_empty() {
            &["head"]
        } else {
            targets
        };
        let mut parents: Vec<RevisionId> = Vec::new();
        for target in targets {
            let Goal::Heads(found) = self.target(target, &[])?.goal else {
                continue;
            };
            for revision in found {
                if parents.contains(&revision) {
                    return Err(PlacementError::Twice { revision });
                }
                let children = self.children(&revision);
                if splice == Splice::Refuse && !children.is_empty() {
                    let children = children.iter().map(|child| child.id().clone()).collect();
                    return Err(PlacementError::NotAHead { revision, children });
                }
                parents.push(revision);
            }
        }
        Ok(parents)
    }

    /// Returns what a header's `depends-on` is to say for a target: a label as it is, else the id.
    pub fn dependency_for(&self, target: &str) -> Result<RevisionId, PlacementError> {
        let target = target.trim();
        if self.labelled(target).is_some() {
            return Ok(RevisionId::from_database(target));
        }
        match self.target(target, &[])?.goal {
            Goal::Heads(found) if found.len() == 1 => Ok(found[0].clone()),
            _ => Err(PlacementError::NoRevision {
                target: target.to_owned(),
            }),
        }
    }
}

#[cfg(test)]
mod tests;
