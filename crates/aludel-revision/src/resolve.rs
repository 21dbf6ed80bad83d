//! What a person types for a place in the history, and the revisions it means.
//!
//! Understood are a full id, a unique prefix, a label, `head`, `heads`, `base`, `+N` and `-N` counted
//! from the database's state, and `id+N`, `head-N`, `base+N` counted from a revision. The forms with
//! `@` and ranges have their error until they come.

use crate::error::nearest;
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
}

/// The revisions a target means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Goal {
    /// Nothing applied.
    Base,
    /// These, and everything before them.
    Heads(Vec<RevisionId>),
}

/// Why a target means nothing, or too much.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResolveError {
    /// No revision has the id, or an id that begins so.
    #[error("no revision is called \"{name}\"{}", nearest.as_ref().map(|id| format!("; did you mean {id}?")).unwrap_or_default())]
    NotFound {
        /// What was typed.
        name: String,
        /// The id that looks most like it.
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
    /// `head` is asked for, and there are several.
    #[error("the history has {} heads where one is needed: {}", heads.len(), id::list(heads))]
    MultipleHeads {
        /// The heads.
        heads: Vec<RevisionId>,
    },
    /// Steps are counted from a database that stands at several revisions.
    #[error(
        "\"{target}\" could start at any of the database's revisions: {}",
        id::list(current)
    )]
    AmbiguousStart {
        /// What was typed.
        target: String,
        /// The database's revisions.
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
    /// A form of Alembic's that is not understood yet.
    #[error("the target form \"{target}\" is not supported yet")]
    Unsupported {
        /// What was typed.
        target: String,
    },
}

impl History {
    /// Finds what a target means for a database at `current`.
    pub fn resolve(&self, target: &str, current: &[RevisionId]) -> Result<Target, ResolveError> {
        let text = target.trim();
        if text.contains(['@', ':']) {
            return Err(ResolveError::Unsupported {
                target: text.to_owned(),
            });
        }
        let (symbol, steps) = cut_steps(text);
        let (goal, from_database) = match (symbol, steps) {
            ("heads", None) => (self.goal(self.graph.heads()), false),
            (symbol, None) => (self.goal(self.one(symbol)?), false),
            ("", Some(steps)) => (self.walk(text, self.start(text, current)?, steps)?, true),
            (symbol, Some(steps)) => (self.walk(text, self.one(symbol)?, steps)?, false),
        };
        let steps = steps.filter(|_| from_database);
        Ok(Target {
            text: text.to_owned(),
            goal,
            steps,
        })
    }

    /// Finds the one revision that an id, the beginning of one, a label or `head` means.
    pub fn find(&self, name: &str) -> Result<&RevisionId, ResolveError> {
        let node = self.one(name.trim())?;
        node.map(|node| self.id(node))
            .ok_or_else(|| self.not_found(name))
    }

    /// `None` is the base; so is the head of a history without revisions.
    fn one(&self, name: &str) -> Result<Option<Node>, ResolveError> {
        if name == "base" {
            return Ok(None);
        }
        if name == "head" {
            let heads: Vec<Node> = self.graph.heads().collect();
            return match heads.as_slice() {
                [] => Ok(None),
                [head] => Ok(Some(*head)),
                _ => Err(ResolveError::MultipleHeads {
                    heads: self.ids(heads),
                }),
            };
        }
        let exact = self
            .node(&RevisionId::from_database(name))
            .or_else(|| self.labelled(name));
        if exact.is_some() {
            return Ok(exact);
        }
        let begins = |node: &Node| self.id(*node).as_str().starts_with(name);
        let candidates: Vec<Node> = (0..self.len()).filter(begins).collect();
        match candidates.as_slice() {
            // One letter is more likely a slip than the beginning of an id.
            [only] if name.len() > 1 => Ok(Some(*only)),
            [_, _, ..] if name.len() > 1 => {
                let mut candidates = self.ids(candidates);
                candidates.sort();
                Err(ResolveError::Ambiguous {
                    prefix: name.to_owned(),
                    candidates,
                })
            }
            _ => Err(self.not_found(name)),
        }
    }

    fn not_found(&self, name: &str) -> ResolveError {
        let ids = self
            .revisions()
            .iter()
            .map(|revision| revision.id().as_str());
        let words = id::RESERVED.into_iter().filter(|word| *word != "current");
        let nearest = nearest(name, words.chain(ids)).map(RevisionId::from_database);
        ResolveError::NotFound {
            name: name.to_owned(),
            nearest,
        }
    }

    fn goal(&self, nodes: impl IntoIterator<Item = Node>) -> Goal {
        let heads = self.ids(nodes);
        if heads.is_empty() {
            Goal::Base
        } else {
            Goal::Heads(heads)
        }
    }

    fn start(&self, target: &str, current: &[RevisionId]) -> Result<Option<Node>, ResolveError> {
        match current {
            [] => Ok(None),
            [only] => match self.node(only) {
                Some(node) => Ok(Some(node)),
                None => Err(ResolveError::UnknownCurrent {
                    revisions: vec![only.clone()],
                }),
            },
            _ => Err(ResolveError::AmbiguousStart {
                target: target.to_owned(),
                current: current.to_vec(),
            }),
        }
    }

    /// Walks along parents or children. The last step down may end at all parents of a merge, since
    /// undoing the merge leads to every one of them.
    fn walk(&self, target: &str, start: Option<Node>, steps: i64) -> Result<Goal, ResolveError> {
        let asked = steps.unsigned_abs();
        let mut at = start;
        for walked in 0..asked {
            let too_far = ResolveError::WalkedTooFar {
                target: target.to_owned(),
                asked,
                available: walked,
            };
            let next: Vec<Node> = match at {
                None if steps < 0 => return Err(too_far),
                None => self.graph.bases().collect(),
                Some(node) if steps > 0 => self.graph.children(node).to_vec(),
                Some(node) => self.graph.parents(node).to_vec(),
            };
            at = match next.as_slice() {
                [only] => Some(*only),
                [] if steps < 0 => None,
                [] => return Err(too_far),
                _ if steps < 0 && walked + 1 == asked => return Ok(self.goal(next)),
                _ => {
                    let at = at.map(|node| self.id(node).clone());
                    let choices = self.ids(next);
                    return Err(ResolveError::AmbiguousWalk {
                        target: target.to_owned(),
                        at,
                        choices,
                    });
                }
            };
        }
        Ok(self.goal(at))
    }
}

/// Cuts `head-2` into `head` and -2.
fn cut_steps(text: &str) -> (&str, Option<i64>) {
    let digits = text.bytes().rev().take_while(u8::is_ascii_digit).count();
    let sign = text.len() - digits;
    if digits == 0 || sign == 0 || !text[..sign].ends_with(['+', '-']) {
        return (text, None);
    }
    match text[sign - 1..].parse() {
        Ok(steps) => (&text[..sign - 1], Some(steps)),
        Err(_) => (text, None),
    }
}

#[cfg(test)]
mod tests;
