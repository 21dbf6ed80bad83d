//! One revision in the place of many: which may be taken together, and databases that have the old ones applied.
//!
//! A squash says in `replaces` whose place it takes, in order. Where the files of all of them are there, they stand
//! and the squash is left out. Where none is, the last of them means the squash: a version row or a parent of that
//! id is understood, and files that follow need no change. A database in the middle has to go on with the old files.

use std::collections::{BTreeSet, HashMap};
use std::path::PathBuf;

use crate::error::{FileError, HistoryError};
use crate::fault::TargetError;
use crate::graph::Node;
use crate::header::Allow;
use crate::history::History;
use crate::id::{self, RevisionId};
use crate::revision::Revision;
use crate::rows::RowChange;

/// Ids whose place a squash took.
#[derive(Debug, Default)]
pub(crate) struct Replaced {
    /// The last ids of squashes.
    ends: HashMap<RevisionId, Node>,
    /// The others, with their squash and its end.
    inside: HashMap<RevisionId, (RevisionId, RevisionId)>,
}

impl Replaced {
    pub(crate) fn new(
        squashes: &[(RevisionId, Vec<RevisionId>)],
        index: &HashMap<RevisionId, Node>,
    ) -> Self {
        let mut all = Self::default();
        for (squash, replaces) in squashes {
            let (Some(node), Some((end, others))) = (index.get(squash), replaces.split_last())
            else {
                continue;
            };
            all.ends.insert(end.clone(), *node);
            for other in others {
                all.inside
                    .insert(other.clone(), (squash.clone(), end.clone()));
            }
        }
        all
    }

    /// The squash that an id means.
    pub(crate) fn end(&self, id: &RevisionId) -> Option<&Node> {
        self.ends.get(id)
    }
}

/// Leaves out the squashes whose old files are all there; returns the others' replaced ids beside the revisions.
#[expect(
    clippy::type_complexity,
    reason = "two lists that belong together, in one place"
)]
pub(crate) fn in_force(
    revisions: Vec<Revision>,
) -> Result<(Vec<Revision>, Vec<(RevisionId, Vec<RevisionId>)>), HistoryError> {
    if revisions
        .iter()
        .all(|revision| revision.header.replaces.is_empty())
    {
        return Ok((revisions, Vec::new()));
    }
    let there: BTreeSet<RevisionId> = revisions
        .iter()
        .map(|revision| revision.id().clone())
        .collect();
    let mut in_force = Vec::with_capacity(revisions.len());
    let mut squashes = Vec::new();
    for revision in revisions {
        let replaces = &revision.header.replaces;
        let present: Vec<RevisionId> = replaces
            .iter()
            .filter(|id| there.contains(*id))
            .cloned()
            .collect();
        if present.is_empty() {
            if !replaces.is_empty() {
                squashes.push((revision.id().clone(), replaces.clone()));
            }
            in_force.push(revision);
        } else if present.len() < replaces.len() {
            return Err(HistoryError::PartlyReplaced {
                revision: revision.id().clone(),
                path: revision.path.clone(),
                replaces: replaces.clone(),
                present,
            });
        }
    }
    Ok((in_force, squashes))
}

/// Revisions that may be taken together.
#[derive(Debug)]
pub struct Squash<'a> {
    /// The revisions, in order.
    pub revisions: Vec<&'a Revision>,
    /// What the first of them follow.
    pub parents: Vec<RevisionId>,
    /// What they need besides.
    pub depends_on: Vec<RevisionId>,
    /// Their labels.
    pub labels: Vec<String>,
    /// The data losses that they allow.
    pub allow: Vec<Allow>,
    /// The ids whose place is taken, also of squashes among them; the last is the end.
    pub replaces: Vec<RevisionId>,
}

/// Why revisions cannot be taken together.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SquashError {
    /// The range means nothing or too much.
    #[error(transparent)]
    Target(#[from] TargetError),
    /// There is nothing to take together.
    #[error("a squash needs two revisions or more, and \"{range}\" has {count}")]
    TooFew {
        /// The range.
        range: String,
        /// How many it has.
        count: usize,
    },
    /// Something else follows a revision in the middle.
    #[error("revision {revision} is followed by {by}, which is not part of the range")]
    Followed {
        /// The revision.
        revision: RevisionId,
        /// What follows it.
        by: RevisionId,
    },
    /// The range has more than one end.
    #[error("the range has several ends: {}", id::list(.0))]
    Ends(Vec<RevisionId>),
    /// The end is a squash itself: databases may stand at two ids.
    #[error("revision {end} ({}) is a squash itself and cannot be the end of another", path.display())]
    EndIsSquash {
        /// The end.
        end: RevisionId,
        /// Its file.
        path: PathBuf,
    },
}

impl SquashError {
    /// Returns what to type instead, a line.
    pub fn hint(&self) -> String {
        match self {
            Self::Target(error) => error.hint(),
            Self::TooFew { .. } => {
                "name the first and the last: aludel squash FIRST:LAST".to_owned()
            }
            Self::Followed { by, .. } => {
                format!("end the range there, or merge {by} first: aludel history --graph")
            }
            Self::Ends(_) => "merge them first: aludel merge heads".to_owned(),
            Self::EndIsSquash { .. } => "end the range before it or after it".to_owned(),
        }
    }
}

impl History {
    /// Returns what a range of revisions is when taken together.
    pub fn squash(&self, range: &str) -> Result<Squash<'_>, SquashError> {
        let mut ids = self.range(range, &[])?;
        ids.reverse();
        if ids.len() < 2 {
            return Err(SquashError::TooFew {
                range: range.to_owned(),
                count: ids.len(),
            });
        }
        let nodes: Vec<Node> = ids.iter().filter_map(|id| self.node(id)).collect();
        let end = self.end_of(&nodes)?;
        let mut parents: BTreeSet<Node> = BTreeSet::new();
        let (mut depends_on, mut labels, mut allow, mut replaces) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let revisions: Vec<&Revision> = nodes.iter().map(|node| &self.revisions()[*node]).collect();
        for (node, revision) in nodes.iter().zip(&revisions) {
            parents.extend(
                self.graph
                    .parents(*node)
                    .iter()
                    .filter(|parent| !nodes.contains(parent)),
            );
            let header = &revision.header;
            let needed = header.depends_on.iter().zip(self.graph.dependencies(*node));
            let outside =
                needed.filter(|(id, node)| !nodes.contains(node) && !depends_on.contains(*id));
            depends_on.extend(outside.map(|(id, _)| id.clone()).collect::<Vec<_>>());
            labels.extend(header.labels.iter().cloned());
            allow.extend(
                header
                    .allow
                    .iter()
                    .filter(|entry| !allow.contains(*entry))
                    .cloned()
                    .collect::<Vec<_>>(),
            );
            replaces.extend(header.replaces.iter().cloned());
            replaces.push(revision.id().clone());
        }
        if !self.revisions()[end].header.replaces.is_empty() {
            return Err(SquashError::EndIsSquash {
                end: self.id(end).clone(),
                path: self.revisions()[end].path.clone(),
            });
        }
        // A parent below another says nothing.
        let below = self.graph.with_ancestors(
            parents
                .iter()
                .flat_map(|node| self.graph.parents(*node).to_vec()),
        );
        Ok(Squash {
            revisions,
            parents: self.ids(parents.into_iter().filter(|node| !below[*node])),
            depends_on,
            labels,
            allow,
            replaces,
        })
    }

    /// The one revision of a range that others may follow.
    fn end_of(&self, nodes: &[Node]) -> Result<Node, SquashError> {
        let is_end = |node: &Node| {
            !self
                .graph
                .children(*node)
                .iter()
                .any(|child| nodes.contains(child))
        };
        let ends: Vec<Node> = nodes.iter().copied().filter(is_end).collect();
        let [end] = ends.as_slice() else {
            return Err(SquashError::Ends(self.ids(ends)));
        };
        for &node in nodes.iter().filter(|node| *node != end) {
            if let Some(by) = self.graph.up(node).find(|above| !nodes.contains(above)) {
                return Err(SquashError::Followed {
                    revision: self.id(node).clone(),
                    by: self.id(by).clone(),
                });
            }
        }
        Ok(*end)
    }

    /// Returns the fault of a version row that stands in the middle of what a squash replaces; nothing for any other.
    pub fn inside(&self, row: &RevisionId) -> Option<TargetError> {
        let (squash, end) = self.replaced.inside.get(row)?;
        Some(TargetError::InsideSquash {
            row: row.clone(),
            squash: squash.clone(),
            end: end.clone(),
        })
    }

    /// Puts the ids that really stand in the version table into the rows that go.
    pub(crate) fn respelled<T>(
        &self,
        current: &[RevisionId],
        mut moves: Vec<T>,
        rows: impl Fn(&mut T) -> &mut RowChange,
    ) -> Vec<T> {
        let mut spelled: HashMap<&RevisionId, &RevisionId> = HashMap::new();
        for row in current {
            if let Some(node) = self.replaced.end(row) {
                spelled.insert(self.id(*node), row);
            }
        }
        if spelled.is_empty() {
            return moves;
        }
        for one in &mut moves {
            for gone in &mut rows(one).delete {
                if let Some(row) = spelled.remove(gone) {
                    gone.clone_from(row);
                }
            }
        }
        moves
    }
}

impl Squash<'_> {
    /// Returns the statements of all, in order, up and down; each revision commits by itself, as it did. The way down
    /// is `None` when one of them has none.
    pub fn in_order(&self) -> Result<(String, Option<String>), FileError> {
        let mut upgrades = Vec::new();
        let mut downgrades = Vec::new();
        let mut reversible = true;
        for revision in &self.revisions {
            let (upgrade, downgrade) = revision.section_texts()?;
            let body = revision.body()?;
            let heading = format!(
                "-- {}: {}",
                revision.id(),
                revision.header.message.replace('\n', " ")
            );
            if body.upgrade.statements().next().is_some() {
                upgrades.push(format!("{heading}\n{}\n", upgrade.trim()));
            }
            match (&body.downgrade, downgrade) {
                (Some(section), Some(text)) if section.statements().next().is_some() => {
                    downgrades.push(format!("{heading}\n{}\n", text.trim()));
                }
                (Some(_), _) => {}
                (None, _) => reversible = false,
            }
        }
        downgrades.reverse();
        let joined = |parts: Vec<String>| parts.join("\n-- aludel: commit\n\n");
        Ok((joined(upgrades), reversible.then(|| joined(downgrades))))
    }
}

impl Revision {
    /// Returns the text of its sections, comments and all.
    pub(crate) fn section_texts(&self) -> Result<(&str, Option<&str>), FileError> {
        let text = self.text()?;
        let found = aludel_sql::directives(text);
        let section = |name: &str| {
            let place = found.iter().position(|one| one.body == name)?;
            let is_section =
                |one: &&aludel_sql::Directive| matches!(one.body.as_str(), "upgrade" | "downgrade");
            let next = found[place + 1..].iter().find(is_section);
            Some(&text[found[place].range.end..next.map_or(text.len(), |one| one.range.start)])
        };
        Ok((section("upgrade").unwrap_or_default(), section("downgrade")))
    }
}

#[cfg(test)]
mod tests;
