//! One revision in the place of many: which may be taken together, and databases that have the old ones applied.
//!
//! A squash says in `replaces` whose place it takes, in order. Where the files of all of them are there, they stand
//! and the squash is left out: a database that ran it is at the last of them. Where none is, the last of them means the
//! squash: a version row or a parent of that id is understood, and files that follow need no change. A database in the
//! middle has to go on with the old files.

use std::collections::{BTreeSet, HashMap};

use crate::error::{FileError, HistoryError};
use crate::fault::TargetError;
use crate::graph::Node;
use crate::header::Allow;
use crate::history::History;
use crate::id::{self, RevisionId};
use crate::replaces::Replaces;
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

/// The squashes of a history.
#[derive(Debug, Default)]
pub(crate) struct Squashes {
    /// Those that stand for what they replace.
    standing: Vec<(RevisionId, Replaces)>,
    /// Those that are left out, because the old files are there.
    left_out: Vec<(RevisionId, Replaces)>,
}

impl Replaced {
    pub(crate) fn new(squashes: &Squashes, index: &HashMap<RevisionId, Node>) -> Self {
        let mut all = Self::default();
        for (squash, replaces) in &squashes.standing {
            let (Some(node), Some(end)) = (index.get(squash), replaces.ends().first()) else {
                continue;
            };
            let ends = replaces.ends().iter();
            all.ends.extend(ends.map(|end| (end.clone(), *node)));
            for inside in replaces.inside() {
                all.inside
                    .insert(inside.clone(), (squash.clone(), end.clone()));
            }
        }
        // A database may have run the squash. What it replaces may be such a squash in turn.
        for _ in &squashes.left_out {
            for (squash, replaces) in &squashes.left_out {
                let node = |id| index.get(id).or_else(|| all.ends.get(id)).copied();
                if let Some(node) = replaces.ends().iter().find_map(node) {
                    all.ends.insert(squash.clone(), node);
                }
            }
        }
        all
    }

    /// The squash that an id means.
    pub(crate) fn end(&self, id: &RevisionId) -> Option<&Node> {
        self.ends.get(id)
    }
}

/// Leaves out the squashes whose old files are all there.
pub(crate) fn in_force(
    revisions: Vec<Revision>,
) -> Result<(Vec<Revision>, Squashes), HistoryError> {
    let mut squashes = Squashes::default();
    let all: HashMap<RevisionId, Replaces> = revisions
        .iter()
        .filter(|revision| !revision.header.replaces.is_empty())
        .map(|revision| (revision.id().clone(), revision.header.replaces.clone()))
        .collect();
    if all.is_empty() {
        return Ok((revisions, squashes));
    }
    let files: BTreeSet<RevisionId> = revisions
        .iter()
        .map(|revision| revision.id().clone())
        .collect();
    let mut in_force = Vec::with_capacity(revisions.len());
    for revision in revisions {
        let Some(replaces) = all.get(revision.id()) else {
            in_force.push(revision);
            continue;
        };
        // What another squash among the old files stands for is there with it.
        let others = || replaces.ids().iter().filter_map(|id| all.get(id));
        let stands =
            |id: &&RevisionId| files.contains(*id) || others().any(|it| it.ids().contains(*id));
        let present: Vec<RevisionId> = replaces.ids().iter().filter(stands).cloned().collect();
        if present.is_empty() {
            squashes
                .standing
                .push((revision.id().clone(), replaces.clone()));
            in_force.push(revision);
        } else if present.len() == replaces.ids().len() {
            squashes
                .left_out
                .push((revision.id().clone(), replaces.clone()));
        } else {
            return Err(HistoryError::PartlyReplaced {
                revision: revision.id().clone(),
                path: revision.path.clone(),
                replaces: replaces.ids().to_vec(),
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
    /// The ids whose place is taken, also those that squashes among them stand for.
    pub replaces: Replaces,
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
            Self::Ends(ends) => {
                let names: Vec<&str> = ends.iter().map(RevisionId::as_str).collect();
                format!(
                    "end the range at one of them, or merge them first: aludel merge {}",
                    names.join(" ")
                )
            }
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
        let (mut depends_on, mut labels, mut allow, mut inside) =
            (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let mut ends = Vec::new();
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
            let own = revision.id().clone();
            if *node == end {
                inside.extend_from_slice(header.replaces.inside());
                ends = header.replaces.ends().to_vec();
                ends.push(own);
            } else {
                inside.extend_from_slice(header.replaces.ids());
                inside.push(own);
            }
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
            replaces: Replaces::new(inside, ends),
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

    /// The fault of a target that stands in the middle of what a squash replaces; a beginning will do.
    pub(crate) fn replaced_target(&self, name: &str) -> Option<TargetError> {
        let inside = &self.replaced.inside;
        let exact = inside.get_key_value(&RevisionId::from_database(name));
        let is_beginning = |(id, _): &(&RevisionId, _)| id.as_str().starts_with(name);
        let mut found = inside.iter().filter(is_beginning);
        let only = found
            .next()
            .filter(|_| found.next().is_none() && name.chars().nth(1).is_some());
        let (revision, (squash, end)) = exact.or(only)?;
        Some(TargetError::Replaced {
            revision: revision.clone(),
            squash: squash.clone(),
            end: end.clone(),
        })
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
