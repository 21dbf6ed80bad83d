//! The history: every revision of the version folders and how they follow each other.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::OnceLock;

use crate::error::{HistoryError, Place, nearest};
use crate::folder::read_headers;
use crate::graph::{Cycle, Graph, Node};
use crate::id::RevisionId;
use crate::order::newest_first;
use crate::revision::Revision;
use crate::squash::{self, Replaced};

/// All revisions of a project, ordered.
#[derive(Debug)]
pub struct History {
    revisions: Vec<Revision>,
    index: HashMap<RevisionId, Node>,
    pub(crate) labels: HashMap<String, Node>,
    /// For each node the labels that hold for it; made when asked for.
    pub(crate) spread: OnceLock<Vec<Vec<String>>>,
    pub(crate) graph: Graph,
    pub(crate) replaced: Replaced,
}

impl History {
    /// Reads every `.sql` file of the folders, headers and bodies; a body's fault is an error here.
    pub fn load(folders: &[PathBuf]) -> Result<Self, HistoryError> {
        let history = Self::load_headers(folders)?;
        for revision in history.iter_topological() {
            revision.body()?;
        }
        Ok(history)
    }

    /// Reads only the headers; a body is read when it is asked for.
    pub fn load_headers(folders: &[PathBuf]) -> Result<Self, HistoryError> {
        Self::new(read_headers(folders)?)
    }

    /// Makes a history of revisions.
    pub fn new(revisions: Vec<Revision>) -> Result<Self, HistoryError> {
        let (revisions, squashes) = squash::in_force(revisions)?;
        let revisions = by_creation(revisions);
        let mut index = HashMap::with_capacity(revisions.len());
        for (node, revision) in revisions.iter().enumerate() {
            if let Some(first) = index.insert(revision.id().clone(), node) {
                return Err(HistoryError::DuplicateId {
                    revision: revision.id().clone(),
                    first: revisions[first].path.clone(),
                    second: revision.path.clone(),
                });
            }
        }
        let labels = collect_labels(&revisions, &index)?;
        let replaced = Replaced::new(&squashes, &index);
        let below = |revision: &Revision, ids: &[RevisionId], relation, labels: &HashMap<_, _>| {
            let mut nodes = Vec::with_capacity(ids.len());
            for id in ids {
                match index
                    .get(id)
                    .or_else(|| replaced.end(id))
                    .or_else(|| labels.get(id.as_str()))
                {
                    Some(node) if nodes.contains(node) => {}
                    Some(node) => nodes.push(*node),
                    None => return Err(missing(revision, id, relation, &revisions)),
                }
            }
            Ok(nodes)
        };
        let mut parents = Vec::with_capacity(revisions.len());
        let mut dependencies = Vec::with_capacity(revisions.len());
        let mut after = Vec::with_capacity(revisions.len());
        // A dependency may be a label; a parent is always one revision.
        let none = HashMap::new();
        for revision in &revisions {
            let header = &revision.header;
            parents.push(below(revision, &header.parents, "parent", &none)?);
            dependencies.push(below(revision, &header.depends_on, "dependency", &labels)?);
            let there = header.after.iter().filter_map(|id| index.get(id).copied());
            after.push(there.collect());
        }
        let graph = Graph::new(parents, dependencies, after).map_err(|Cycle(nodes)| {
            HistoryError::Cycle {
                members: nodes
                    .into_iter()
                    .map(|node| place(&revisions[node]))
                    .collect(),
            }
        })?;
        Ok(Self {
            revisions,
            index,
            labels,
            spread: OnceLock::new(),
            graph,
            replaced,
        })
    }

    /// Returns how many revisions there are.
    pub fn len(&self) -> usize {
        self.revisions.len()
    }

    /// Returns whether there is none.
    pub fn is_empty(&self) -> bool {
        self.revisions.is_empty()
    }

    /// Returns the revision with exactly this id.
    pub fn get(&self, id: &RevisionId) -> Option<&Revision> {
        self.index.get(id).map(|node| &self.revisions[*node])
    }

    /// Returns the revision that a version row stands for: the one of this id, or the squash that took its place.
    pub fn standing_for(&self, row: &RevisionId) -> Option<&Revision> {
        self.node(row).map(|node| &self.revisions[node])
    }

    /// Returns every revision in order of time of creation.
    pub fn revisions(&self) -> &[Revision] {
        &self.revisions
    }

    /// Returns every revision, parents and dependencies first; the order is the same on every run.
    pub fn iter_topological(
        &self,
    ) -> impl DoubleEndedIterator<Item = &Revision> + ExactSizeIterator {
        self.graph.order().iter().map(|node| &self.revisions[*node])
    }

    /// Returns every revision in the order in which `upgrade heads` runs them on an empty database, which is Alembic's:
    /// histories with branches may work in that order only.
    pub fn iter_as_run(&self) -> impl DoubleEndedIterator<Item = &Revision> + ExactSizeIterator {
        let heads = self.graph.heads().collect();
        let mut order = newest_first(&self.graph, vec![true; self.graph.len()], heads);
        order.reverse();
        order.into_iter().map(|node| &self.revisions[node])
    }

    /// Returns the revisions that no other follows as a child.
    pub fn heads(&self) -> Vec<&Revision> {
        self.graph
            .heads()
            .map(|node| &self.revisions[node])
            .collect()
    }

    /// Returns the revisions without parents.
    pub fn bases(&self) -> Vec<&Revision> {
        self.graph
            .bases()
            .map(|node| &self.revisions[node])
            .collect()
    }

    /// Returns the revisions that name this one as a parent.
    pub fn children(&self, id: &RevisionId) -> Vec<&Revision> {
        let node = self.index.get(id);
        let children = node
            .map(|node| self.graph.children(*node))
            .unwrap_or_default();
        children.iter().map(|node| &self.revisions[*node]).collect()
    }

    /// Returns the heads that nothing depends on either: the rows of a database that has everything.
    pub fn effective_heads(&self) -> Vec<&Revision> {
        self.graph
            .effective_heads()
            .map(|node| &self.revisions[node])
            .collect()
    }

    /// Returns the revisions that depend on this one, those that name it by a label too.
    pub fn dependents(&self, id: &RevisionId) -> Vec<&Revision> {
        let node = self.index.get(id);
        let found = node
            .map(|node| self.graph.dependents(*node))
            .unwrap_or_default();
        found.iter().map(|node| &self.revisions[*node]).collect()
    }

    /// Returns the revisions that this one depends on, those it names by a label too.
    pub fn dependencies(&self, id: &RevisionId) -> Vec<&Revision> {
        let node = self.index.get(id);
        let found = node
            .map(|node| self.graph.dependencies(*node))
            .unwrap_or_default();
        found.iter().map(|node| &self.revisions[*node]).collect()
    }

    /// Returns the revision that carries exactly this label.
    pub fn label(&self, label: &str) -> Option<&Revision> {
        self.labels.get(label).map(|node| &self.revisions[*node])
    }

    /// Returns a revision id that no revision has.
    pub fn new_id(&self) -> RevisionId {
        loop {
            let id = RevisionId::random();
            if !self.index.contains_key(&id) {
                return id;
            }
        }
    }

    pub(crate) fn node(&self, id: &RevisionId) -> Option<Node> {
        self.index
            .get(id)
            .or_else(|| self.replaced.end(id))
            .copied()
    }

    pub(crate) fn labelled(&self, label: &str) -> Option<Node> {
        self.labels.get(label).copied()
    }

    pub(crate) fn id(&self, node: Node) -> &RevisionId {
        self.revisions[node].id()
    }

    pub(crate) fn ids(&self, nodes: impl IntoIterator<Item = Node>) -> Vec<RevisionId> {
        nodes
            .into_iter()
            .map(|node| self.id(node).clone())
            .collect()
    }
}

/// Sorts by time of creation and id, not by file name: a file that is renamed must not change the order of anything.
fn by_creation(mut revisions: Vec<Revision>) -> Vec<Revision> {
    fn key(revision: &Revision) -> (&str, &RevisionId) {
        (&revision.header.created, &revision.header.revision)
    }
    // Revisions are large to move, and their files are nearly always in this order already.
    if !revisions.is_sorted_by(|one, other| key(one) <= key(other)) {
        revisions.sort_by_cached_key(|revision| {
            let (created, id) = key(revision);
            (created.to_owned(), id.clone())
        });
    }
    revisions
}

fn place(revision: &Revision) -> Place {
    Place {
        revision: revision.id().clone(),
        path: revision.path.clone(),
    }
}

fn missing(
    revision: &Revision,
    id: &RevisionId,
    relation: &'static str,
    all: &[Revision],
) -> HistoryError {
    let others = all
        .iter()
        .map(Revision::id)
        .filter(|other| *other != revision.id());
    HistoryError::Missing {
        revision: revision.id().clone(),
        path: revision.path.clone(),
        relation,
        missing: id.clone(),
        nearest: nearest(id.as_str(), others).cloned(),
    }
}

/// A label is a name beside the ids, so it cannot be one of them either.
fn collect_labels(
    revisions: &[Revision],
    index: &HashMap<RevisionId, Node>,
) -> Result<HashMap<String, Node>, HistoryError> {
    let mut labels = HashMap::new();
    for (node, revision) in revisions.iter().enumerate() {
        for label in &revision.header.labels {
            let id = index.get(&RevisionId::from_database(label.as_str()));
            if let Some(first) = labels.insert(label.clone(), node).or(id.copied()) {
                return Err(HistoryError::DuplicateLabel {
                    label: label.clone(),
                    first: revisions[first].path.clone(),
                    second: revision.path.clone(),
                });
            }
        }
    }
    Ok(labels)
}

#[cfg(test)]
mod tests;
