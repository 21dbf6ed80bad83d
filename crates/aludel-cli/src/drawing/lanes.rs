//! Which lane each revision stands in, and in which the lines to its parents run.

use std::collections::HashMap;

use aludel_revision::{Revision, RevisionId};

/// One revision's row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Row {
    /// Its lane.
    pub(crate) lane: usize,
    /// Which lanes have a line above the row.
    pub(crate) above: Vec<bool>,
    /// Which lanes have a line below it.
    pub(crate) below: Vec<bool>,
    /// The lanes, beside its own, whose lines come from children and end here.
    pub(crate) closing: Vec<usize>,
    /// The lanes, beside its own, that lines to parents go to.
    pub(crate) opening: Vec<usize>,
    /// For each parent that is shown, its row and the lane its line runs in.
    pub(crate) parents: Vec<(usize, usize)>,
}

/// Lays out revisions, newest first; parents that are not among them have no line.
pub(crate) fn lay_out(revisions: &[&Revision]) -> Vec<Row> {
    let rows: HashMap<&RevisionId, usize> = revisions
        .iter()
        .enumerate()
        .map(|(row, revision)| (revision.id(), row))
        .collect();
    // For each lane the row that its line leads to.
    let mut lanes: Vec<Option<usize>> = Vec::new();
    let mut laid_out = Vec::with_capacity(revisions.len());
    for (number, revision) in revisions.iter().enumerate() {
        let above = live(&lanes);
        let leading =
            |lanes: &[Option<usize>], row: usize| lanes.iter().position(|lane| *lane == Some(row));
        let lane = leading(&lanes, number).unwrap_or_else(|| free(&mut lanes, 0));
        let mut closing = Vec::new();
        lanes[lane] = None;
        while let Some(other) = leading(&lanes, number) {
            closing.push(other);
            lanes[other] = None;
        }
        let mut opening = Vec::new();
        let mut parents = Vec::new();
        let shown = revision
            .header
            .parents
            .iter()
            .filter_map(|id| rows.get(id).copied());
        for (place, parent) in shown.enumerate() {
            let run = if place == 0 {
                lane
            } else {
                leading(&lanes, parent).unwrap_or_else(|| free(&mut lanes, lane + 1))
            };
            lanes[run] = Some(parent);
            parents.push((parent, run));
            if run != lane {
                opening.push(run);
            }
        }
        laid_out.push(Row {
            lane,
            above,
            below: live(&lanes),
            closing,
            opening,
            parents,
        });
        while lanes.last() == Some(&None) {
            lanes.pop();
        }
    }
    laid_out
}

/// The first free lane from `start` on.
fn free(lanes: &mut Vec<Option<usize>>, start: usize) -> usize {
    let found = (start..lanes.len()).find(|lane| lanes[*lane].is_none());
    found.unwrap_or_else(|| {
        lanes.resize(lanes.len().max(start) + 1, None);
        lanes.len() - 1
    })
}

fn live(lanes: &[Option<usize>]) -> Vec<bool> {
    lanes.iter().map(Option::is_some).collect()
}
