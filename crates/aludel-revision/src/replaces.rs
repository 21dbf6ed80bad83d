//! Whose place a squash takes: ids in order, the last of them where a database may stand.

use crate::id::RevisionId;
use crate::value::{write_list, write_text};

/// The revisions whose place a squash takes.
///
/// The last id is the end of what is replaced: a database there is at the squash. Where the end was a squash itself,
/// several ids mean the same place; in the header they stand in a list of their own.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Replaces {
    ids: Vec<RevisionId>,
    /// How many of the last ids are ends.
    ends: usize,
}

impl Replaces {
    /// Makes the list of what comes before the end, and the ids of the end.
    pub fn new(inside: Vec<RevisionId>, ends: Vec<RevisionId>) -> Self {
        let count = ends.len();
        let mut ids = inside;
        ids.extend(ends);
        Self { ids, ends: count }
    }

    /// Returns whether nothing is replaced.
    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    /// Returns all ids in order.
    pub fn ids(&self) -> &[RevisionId] {
        &self.ids
    }

    /// Returns the ids that mean the end.
    pub fn ends(&self) -> &[RevisionId] {
        &self.ids[self.ids.len() - self.ends..]
    }

    /// Returns the ids before the end: a database there is in the middle.
    pub fn inside(&self) -> &[RevisionId] {
        &self.ids[..self.ids.len() - self.ends]
    }

    /// Returns the value of the header's `replaces`.
    pub(crate) fn write(&self) -> String {
        if self.ends < 2 {
            return write_list(&self.ids);
        }
        let inside = self.inside().iter().map(|id| write_text(id.as_str()));
        let items: Vec<String> = inside.chain([write_list(self.ends())]).collect();
        format!("[{}]", items.join(", "))
    }
}
