//! What the tests of this crate share: revisions and histories made of a few words.

use std::path::PathBuf;

use crate::error::{FileError, HistoryError};
use crate::history::History;
use crate::id::RevisionId;
use crate::revision::Revision;

pub(crate) fn id(text: &str) -> RevisionId {
    RevisionId::new(text).unwrap()
}

pub(crate) fn ids(text: &str) -> Vec<RevisionId> {
    text.split_whitespace().map(id).collect()
}

/// Reads a file of this text with its body; the file is called `r.sql`.
pub(crate) fn revision(text: &str) -> Result<Revision, FileError> {
    let revision = Revision::from_bytes(PathBuf::from("r.sql"), text.as_bytes())?;
    revision.body()?;
    Ok(revision)
}

/// Makes a history of lines such as `c: a b | d > e # shop`: revision, parents, dependencies, what it comes behind, labels.
pub(crate) fn history(lines: &str) -> Result<History, HistoryError> {
    let lines = lines.lines().map(str::trim).filter(|line| !line.is_empty());
    let list = |text: &str| crate::value::write_list(&text.split_whitespace().collect::<Vec<_>>());
    let revisions = lines.map(|line| {
        let (line, labels) = line.split_once('#').unwrap_or((line, ""));
        let labels = list(labels);
        let (line, after) = line.split_once('>').unwrap_or((line, ""));
        let after = list(after);
        let (name, rest) = line.split_once(':').unwrap();
        let (parents, dependencies) = rest.split_once('|').unwrap_or((rest, ""));
        let (parents, dependencies) = (list(parents), list(dependencies));
        let text = format!(
            "-- aludel: revision = \"{name}\"\n-- aludel: parents = {parents}\n\
             -- aludel: depends-on = {dependencies}\n-- aludel: after = {after}\n-- aludel: labels = {labels}\n\
             -- aludel: upgrade\n-- aludel: downgrade\n"
        );
        Revision::from_bytes(PathBuf::from(format!("{name}.sql")), text.as_bytes()).unwrap()
    });
    History::new(revisions.collect())
}

/// A small generator of numbers that are the same on every run.
pub(crate) struct Dice(pub(crate) u64);

impl Dice {
    pub(crate) fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % sides
    }
}
