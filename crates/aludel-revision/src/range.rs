//! Ranges, `A:B`: what `history -r` lists, and what a script with `--sql` leads from and to.

use crate::fault::TargetError;
use crate::graph::Node;
use crate::history::History;
use crate::id::RevisionId;
use crate::resolve::{Goal, Target};

impl History {
    /// Returns the revisions of `START:END`, both included, newest first: those on the lines up from the
    /// start that the end contains. A start left out is the base, an end left out is the heads.
    ///
    /// `+N:` and `:-N` count from the other side, `current` is the database's state, and steps end at the
    /// history's ends.
    pub fn range(
        &self,
        range: &str,
        current: &[RevisionId],
    ) -> Result<Vec<RevisionId>, TargetError> {
        let (start, end) = self.ends(range, current)?;
        let contained = self.graph.with_ancestors(end.iter().copied());
        if let Some(stranger) = start.iter().find(|node| !contained[**node]) {
            return Err(TargetError::NotAnAncestor {
                start: self.id(*stranger).clone(),
                end: self.ids(end),
            });
        }
        let above = self.graph.with_children(start.iter().copied());
        let order = self.graph.order().iter().rev().copied();
        let wanted = order.filter(|node| contained[*node] && (start.is_empty() || above[*node]));
        Ok(self.ids(wanted))
    }

    /// Returns where a script starts and what it leads to, of `START:END` or of the end alone, which
    /// starts at the base.
    pub fn script_range<'t>(
        &self,
        range: &'t str,
    ) -> Result<(Vec<RevisionId>, &'t str), TargetError> {
        let Some((start, end)) = range.split_once(':') else {
            return Ok((Vec::new(), range));
        };
        let start = match start.trim() {
            "" => Vec::new(),
            start => match self.target(start, &[])?.goal {
                Goal::Base => Vec::new(),
                Goal::Heads(heads) => heads,
            },
        };
        let end = if end.trim().is_empty() { "heads" } else { end };
        Ok((start, end))
    }

    fn ends(
        &self,
        range: &str,
        current: &[RevisionId],
    ) -> Result<(Vec<Node>, Vec<Node>), TargetError> {
        let not_a_range = || TargetError::NotARange {
            target: range.to_owned(),
        };
        let (start, end) = range.trim().split_once(':').ok_or_else(not_a_range)?;
        let (start, end) = (start.trim(), end.trim());
        if end.contains(':') || (is_relative(start) && is_relative(end)) {
            return Err(not_a_range());
        }
        let place = |text: &str, other: &[Node], left_out: &str| {
            if text == "current" {
                return self.known(current);
            }
            let text = if text.is_empty() { left_out } else { text };
            let target = self.target_within(text, &self.ids(other.iter().copied()))?;
            self.goal_nodes(&target)
        };
        if is_relative(start) {
            let end = place(end, &[], "heads")?;
            let start = place(start, &end, "base")?;
            return Ok((start, end));
        }
        let start = place(start, &[], "base")?;
        let end = place(end, &start, "heads")?;
        Ok((start, end))
    }

    /// Finds a target; steps that walk out of the history stop at its end.
    fn target_within(&self, text: &str, from: &[RevisionId]) -> Result<Target, TargetError> {
        let error = match self.target(text, from) {
            Err(error) => error,
            found => return found,
        };
        let TargetError::WalkedTooFar { available, .. } = error else {
            return Err(error);
        };
        let symbol = text.trim_end_matches(|letter: char| letter.is_ascii_digit());
        match (symbol.strip_suffix('+'), available) {
            (None, _) => self.target("base", from),
            (Some(start), 0) if !start.is_empty() && !start.ends_with('@') => {
                self.target(start, from)
            }
            (Some(_), 0) => match from {
                [only] => self.target(only.as_str(), from),
                _ => Err(error),
            },
            (Some(start), steps) => self.target(&format!("{start}+{steps}"), from),
        }
    }
}

/// Whether a place counts steps from somewhere else, on a branch or not.
fn is_relative(place: &str) -> bool {
    place
        .rsplit('@')
        .next()
        .is_some_and(|place| place.starts_with(['+', '-']))
}

#[cfg(test)]
mod tests;
