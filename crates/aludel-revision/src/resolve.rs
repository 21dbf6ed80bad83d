//! What a person types for a place in the history, and the revisions it means.
//!
//! A target is a symbol (an id, the unique beginning of one, a label, `head`, `heads` or `base`), steps
//! (`+N`, `-N`), or both (`head-2`). Steps alone are counted from the database's state. Before all that a
//! branch may stand, `label@…` or `id@…`, which leaves only what is of one line with that revision.
//! Ranges are in [`range`](crate::range), and [`walk`](crate::walk) takes the steps.

use crate::error::nearest;
use crate::fault::TargetError;
use crate::graph::Node;
use crate::history::History;
use crate::id::{self, RevisionId};

/// A place in the history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// What was typed.
    pub text: String,
    /// What it means.
    pub goal: Goal,
    /// For `+N` and `-N`: how many steps from the database's state were asked for.
    pub steps: Option<i64>,
    /// Whether it counts steps, from wherever.
    pub(crate) is_relative: bool,
    /// The branch that stands before the `@`.
    pub(crate) branch: Option<Node>,
    /// For `-N`: where the database stood on that branch.
    pub(crate) start: Option<Node>,
    /// For `-N` whose last step leads down from a merge: the merge, which alone is taken back.
    pub(crate) undone: Option<Node>,
}

/// The revisions a target means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Goal {
    /// Nothing applied.
    Base,
    /// These, and everything before them.
    Heads(Vec<RevisionId>),
}

/// A branch as it was typed before an `@`: what is of one line with a revision.
pub(crate) struct Branch<'a> {
    pub(crate) name: &'a str,
    pub(crate) node: Node,
    pub(crate) lineage: Vec<bool>,
}

impl History {
    /// Finds what a target means for a database at `current`.
    pub fn target(&self, target: &str, current: &[RevisionId]) -> Result<Target, TargetError> {
        let text = target.trim();
        if text.contains(':') {
            return Err(TargetError::Range {
                target: text.to_owned(),
            });
        }
        let (branch, place) = match text.split_once('@') {
            Some((name, place)) => (Some(self.branch(name)?), place),
            None => (None, text),
        };
        let branch = branch.as_ref();
        let (symbol, steps) = match self.exact(place) {
            Some(_) => (place, None),
            None => cut_steps(place),
        };
        let (mut start, mut undone) = (None, None);
        let goal = match (symbol, steps) {
            ("heads", None) => self.all_heads(branch),
            (symbol, None) => self.one(symbol, text, branch)?.into_iter().collect(),
            ("", Some(steps)) => {
                start = self.start(text, current, steps, branch)?;
                match self.walk(text, start, steps, branch) {
                    Ok(end) => end.into_iter().collect(),
                    Err(error) => {
                        undone = self.merge_above(start, steps);
                        let merge = undone.ok_or(error)?;
                        self.graph.parents(merge).to_vec()
                    }
                }
            }
            (symbol, Some(steps)) => {
                let from = self.one(symbol, text, branch)?;
                self.walk(text, from, steps, branch)?.into_iter().collect()
            }
        };
        Ok(Target {
            text: text.to_owned(),
            goal: self.goal(goal),
            steps: steps.filter(|_| symbol.is_empty()),
            is_relative: steps.is_some(),
            branch: branch.map(|branch| branch.node),
            start: start.filter(|_| steps.is_some_and(|steps| steps < 0)),
            undone,
        })
    }

    /// Finds the one revision that an id, the beginning of one, a label or `head` means.
    pub fn find(&self, name: &str) -> Result<&RevisionId, TargetError> {
        let name = name.trim();
        match self.one(name, name, None)? {
            Some(node) => Ok(self.id(node)),
            None => Err(self.not_found(name)),
        }
    }

    pub(crate) fn branch<'a>(&self, name: &'a str) -> Result<Branch<'a>, TargetError> {
        let node = match self.exact(name) {
            Some(node) => node,
            None => self.by_beginning(name, None)?,
        };
        Ok(Branch {
            name,
            node,
            lineage: self.graph.lineage(node),
        })
    }

    /// The heads of a branch; without one, the revisions that nothing comes after at all.
    pub(crate) fn all_heads(&self, branch: Option<&Branch<'_>>) -> Vec<Node> {
        match branch {
            Some(branch) => self.heads_of(branch),
            None => self.graph.effective_heads().collect(),
        }
    }

    fn heads_of(&self, branch: &Branch<'_>) -> Vec<Node> {
        self.graph
            .heads()
            .filter(|node| branch.lineage[*node])
            .collect()
    }

    /// `None` is the base; so is the head of a history without revisions.
    fn one(
        &self,
        name: &str,
        target: &str,
        branch: Option<&Branch<'_>>,
    ) -> Result<Option<Node>, TargetError> {
        let heads = match name {
            "base" => return Ok(None),
            "head" => branch.map_or_else(|| self.graph.heads().collect(), |one| self.heads_of(one)),
            "heads" => self.all_heads(branch),
            _ => return self.named(name, branch).map(Some),
        };
        match heads.as_slice() {
            [] => Ok(None),
            [head] => Ok(Some(*head)),
            _ => Err(TargetError::MultipleHeads {
                target: target.to_owned(),
                branch: branch.map(|branch| branch.name.to_owned()),
                heads: self.ids(heads),
            }),
        }
    }

    fn named(&self, name: &str, branch: Option<&Branch<'_>>) -> Result<Node, TargetError> {
        let node = match self.exact(name) {
            Some(node) => node,
            None => self.by_beginning(name, branch)?,
        };
        match branch {
            Some(branch) if !branch.lineage[node] => Err(TargetError::NotOnBranch {
                branch: branch.name.to_owned(),
                revision: self.id(node).clone(),
                heads: self.ids(self.heads_of(branch)),
            }),
            _ => Ok(node),
        }
    }

    /// The revision whose id or label is exactly this.
    pub(crate) fn exact(&self, name: &str) -> Option<Node> {
        self.node(&RevisionId::from_database(name))
            .or_else(|| self.labelled(name))
    }

    fn by_beginning(&self, name: &str, branch: Option<&Branch<'_>>) -> Result<Node, TargetError> {
        let begins = |node: &Node| {
            let header = &self.revisions()[*node].header;
            branch.is_none_or(|branch| branch.lineage[*node])
                && (header.revision.as_str().starts_with(name)
                    || header.labels.iter().any(|label| label.starts_with(name)))
        };
        // One letter is more likely a slip than the beginning of an id.
        let candidates: Vec<Node> = match name.chars().nth(1) {
            Some(_) if !id::RESERVED.contains(&name) => (0..self.len()).filter(begins).collect(),
            _ => Vec::new(),
        };
        match candidates.as_slice() {
            [] => Err(self
                .replaced_target(name)
                .unwrap_or_else(|| self.not_found(name))),
            [only] => Ok(*only),
            _ => {
                let mut candidates = self.ids(candidates);
                candidates.sort();
                Err(TargetError::Ambiguous {
                    prefix: name.to_owned(),
                    candidates,
                })
            }
        }
    }

    fn not_found(&self, name: &str) -> TargetError {
        let headers = self.revisions().iter().map(|revision| &revision.header);
        let names = headers.flat_map(|header| {
            let labels = header.labels.iter().map(String::as_str);
            labels.chain([header.revision.as_str()])
        });
        let words = id::RESERVED.into_iter().filter(|word| *word != "current");
        let nearest = nearest(name, words.chain(names)).map(RevisionId::from_database);
        TargetError::NotFound {
            name: name.to_owned(),
            nearest,
        }
    }

    fn goal(&self, nodes: Vec<Node>) -> Goal {
        if nodes.is_empty() {
            Goal::Base
        } else {
            Goal::Heads(self.ids(nodes))
        }
    }
}

/// Cuts `head-2` into `head` and -2. No steps at all are not cut off.
fn cut_steps(text: &str) -> (&str, Option<i64>) {
    let digits = text.bytes().rev().take_while(u8::is_ascii_digit).count();
    let sign = text.len() - digits;
    if digits == 0 || sign == 0 || !text[..sign].ends_with(['+', '-']) {
        return (text, None);
    }
    match text[sign - 1..].parse() {
        Ok(0) if sign == 1 => (text, None),
        Ok(steps) => (&text[..sign - 1], Some(steps)),
        Err(_) => (text, None),
    }
}

#[cfg(test)]
mod tests;
