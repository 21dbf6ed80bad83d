//! Where branches part: what heads share, and what each has of its own.

use crate::fault::TargetError;
use crate::history::History;
use crate::id::RevisionId;

/// What heads share, and what each has besides.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parting {
    /// What comes before every head, in order.
    pub shared: Vec<RevisionId>,
    /// For each head what leads from there to it, in order, itself last.
    pub branches: Vec<Vec<RevisionId>>,
}

impl History {
    /// Returns where these revisions part.
    pub fn parting(&self, heads: &[RevisionId]) -> Result<Parting, TargetError> {
        let mut lines = Vec::with_capacity(heads.len());
        for node in self.known(heads)? {
            lines.push(self.graph.with_ancestors([node]));
        }
        let in_all = |node: usize| lines.iter().all(|line| line[node]);
        let order = self.graph.order().iter().copied();
        let shared = order.clone().filter(|node| in_all(*node));
        let branches = lines.iter().map(|line| {
            let own = order.clone().filter(|node| line[*node] && !in_all(*node));
            self.ids(own)
        });
        Ok(Parting {
            shared: self.ids(shared),
            branches: branches.collect(),
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::testing::{history, ids};

    #[test]
    fn branches_part_where_all_have_been() {
        let history = history("a1:\n b1: a1\n c1: b1\n d1: b1\n d2: d1\n e1: d1").unwrap();
        let parting = history.parting(&ids("c1 d2")).unwrap();
        assert_eq!(parting.shared, ids("a1 b1"));
        assert_eq!(parting.branches, [ids("c1"), ids("d1 d2")]);
        let parting = history.parting(&ids("c1 d2 e1")).unwrap();
        assert_eq!(parting.branches[1..], [ids("d1 d2"), ids("d1 e1")]);
    }

    #[test]
    fn separate_bases_share_nothing() {
        let parting = history("a1:\n b1:")
            .unwrap()
            .parting(&ids("a1 b1"))
            .unwrap();
        assert_eq!(parting.shared, []);
        assert_eq!(parting.branches, [ids("a1"), ids("b1")]);
    }
}
