//! Steps along the lines of the history: `+N` along children, `-N` along parents.

use std::collections::BTreeSet;

use crate::fault::TargetError;
use crate::graph::Node;
use crate::history::History;
use crate::id::RevisionId;
use crate::resolve::Branch;

impl History {
    /// Finds the revision of the database that steps are counted from; `None` is the base.
    pub(crate) fn start(
        &self,
        target: &str,
        current: &[RevisionId],
        steps: i64,
        branch: Option<&Branch<'_>>,
    ) -> Result<Option<Node>, TargetError> {
        let mut rows: BTreeSet<Node> = self.known(current)?.into_iter().collect();
        if let Some(branch) = branch {
            let all = std::mem::take(&mut rows);
            rows.extend(all.iter().copied().filter(|node| branch.lineage[*node]));
            if rows.is_empty() {
                rows = self.applied_tips(all, steps > 0, branch);
            }
        }
        let mut rows = rows.into_iter();
        match (rows.next(), rows.next()) {
            (None, _) if steps < 0 => Err(TargetError::WalkedTooFar {
                target: target.to_owned(),
                asked: steps.unsigned_abs(),
                available: 0,
            }),
            (only, None) => Ok(only),
            (first, second) => Err(TargetError::AmbiguousStart {
                target: target.to_owned(),
                current: self.ids(first.into_iter().chain(second).chain(rows)),
            }),
        }
    }

    /// The last applied revisions of a branch that no version row is of, since the rows of other
    /// branches contain it.
    fn applied_tips(
        &self,
        rows: BTreeSet<Node>,
        going_up: bool,
        branch: &Branch<'_>,
    ) -> BTreeSet<Node> {
        let applied = self.graph.with_ancestors(rows);
        let on_branch = |node: &Node| applied[*node] && branch.lineage[*node];
        let mut covered = vec![false; self.len()];
        for node in (0..self.len()).filter(|node| applied[*node]) {
            let below = match going_up {
                true if branch.lineage[node] => self.graph.needs(node),
                true => &[],
                false => self.graph.parents(node),
            };
            for other in below {
                covered[*other] = true;
            }
        }
        (0..self.len())
            .filter(|node| on_branch(node) && !covered[*node])
            .collect()
    }

    /// Walks along parents, or along those children that are on the branch.
    pub(crate) fn walk(
        &self,
        target: &str,
        start: Option<Node>,
        steps: i64,
        branch: Option<&Branch<'_>>,
    ) -> Result<Option<Node>, TargetError> {
        let asked = steps.unsigned_abs();
        let mut at = start;
        for available in 0..asked {
            let too_far = TargetError::WalkedTooFar {
                target: target.to_owned(),
                asked,
                available,
            };
            let mut next: Vec<Node> = match at {
                None if steps < 0 => return Err(too_far),
                None => self.graph.bases().collect(),
                Some(node) if steps > 0 => self.graph.children(node).to_vec(),
                Some(node) => self.graph.parents(node).to_vec(),
            };
            if let Some(branch) = branch.filter(|_| steps > 0) {
                next.retain(|node| branch.lineage[*node]);
            }
            at = match next.as_slice() {
                [only] => Some(*only),
                [] if steps < 0 => None,
                [] => return Err(too_far),
                _ => {
                    return Err(TargetError::AmbiguousWalk {
                        target: target.to_owned(),
                        at: at.map(|node| self.id(node).clone()),
                        choices: self.ids(next),
                    });
                }
            };
        }
        Ok(at)
    }

    /// The merge that the last of the steps leads down from, if one does. Where the database stands after
    /// such a step is clear, for the merge alone is taken back; further down it is not.
    pub(crate) fn merge_above(&self, start: Option<Node>, steps: i64) -> Option<Node> {
        let mut at = start.filter(|_| steps < 0)?;
        for _ in 1..steps.unsigned_abs() {
            let [only] = self.graph.parents(at) else {
                return None;
            };
            at = *only;
        }
        (self.graph.parents(at).len() > 1).then_some(at)
    }
}
