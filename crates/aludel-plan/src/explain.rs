//! Why each statement is there, and why it stands where it stands.

use std::collections::HashMap;
use std::fmt;

use aludel_catalog::ObjectId;
use aludel_diff::{Action, Changes};

use crate::expand::Expanded;
use crate::graph::{Act, Firmness, Graph, Sides, Why};
use crate::order::Sorted;

/// Why a step is there and stands where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// Why something happens to the object at all.
    pub cause: String,
    /// What it comes after, with the reason; the nearest first. Empty: its kind and name alone decide.
    pub after: Vec<String>,
    /// How a loop was undone here.
    pub repair: Option<Repair>,
}

impl Explanation {
    /// Explains why the check of bodies is switched off.
    pub(crate) fn of_unchecked() -> Self {
        Self {
            cause: "PostgreSQL would refuse a body that names what is made later or stands in no stated search path"
                .to_owned(),
            after: Vec::new(),
            repair: None,
        }
    }
}

/// A named way out of a loop of objects that need each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Repair {
    /// A routine is made before what its body uses; PostgreSQL does not check the body then, or only when it is called.
    BodyReadLater(ObjectId),
    /// A part of a relation is made by itself, after what it needs and what needs its relation.
    MadeApart,
    /// A part of a relation is dropped by itself, before the relations that need each other.
    DroppedApart,
    /// It is made again instead of changed, so that it is out of the way while others change.
    MadeAgain,
}

impl Repair {
    /// Returns the repair's name for programs.
    pub fn name(&self) -> &'static str {
        match self {
            Self::BodyReadLater(_) => "body-read-later",
            Self::MadeApart => "made-apart",
            Self::DroppedApart => "dropped-apart",
            Self::MadeAgain => "made-again",
        }
    }
}

impl fmt::Display for Repair {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BodyReadLater(used) => {
                write!(
                    f,
                    "its body uses {used}, which needs it in turn and is made after it"
                )
            }
            Self::MadeApart => {
                f.write_str("it is made by itself, because what it needs also needs its relation")
            }
            Self::DroppedApart => {
                f.write_str("it goes by itself, because its relation and others need each other")
            }
            Self::MadeAgain => f.write_str(
                "it is made again instead of changed, because it and others need each other",
            ),
        }
    }
}

/// What [`Action::Recreate`] says of an object that was taken out of a loop.
pub(crate) const UNTIED: &str = "others that it needs change at the same time";

/// Explains the nodes of a sorted graph.
pub(crate) struct Explainer<'a> {
    pub(crate) sides: Sides<'a>,
    pub(crate) changes: &'a Changes,
    pub(crate) expanded: &'a Expanded,
    pub(crate) graph: &'a Graph,
    /// Node → why others come before it.
    before: HashMap<usize, Vec<(usize, &'a Why)>>,
    places: Vec<usize>,
    sorted: &'a Sorted,
}

impl<'a> Explainer<'a> {
    pub(crate) fn new(
        sides: Sides<'a>,
        changes: &'a Changes,
        expanded: &'a Expanded,
        graph: &'a Graph,
        sorted: &'a Sorted,
    ) -> Self {
        let mut before: HashMap<usize, Vec<(usize, &Why)>> = HashMap::new();
        for (earlier, edges) in graph.after.iter().enumerate() {
            for edge in edges {
                before
                    .entry(edge.later)
                    .or_default()
                    .push((earlier, &edge.why));
            }
        }
        let mut places = vec![0; graph.nodes.len()];
        for (place, &node) in sorted.order.iter().enumerate() {
            places[node] = place;
        }
        Self {
            sides,
            changes,
            expanded,
            graph,
            before,
            places,
            sorted,
        }
    }

    /// Explains one node.
    pub(crate) fn explain(&self, node: usize) -> Explanation {
        let mut before = self.before.get(&node).cloned().unwrap_or_default();
        before.sort_by_key(|&(earlier, _)| std::cmp::Reverse(self.places[earlier]));
        Explanation {
            cause: self.cause(node),
            after: before.iter().map(|(_, why)| why.to_string()).collect(),
            repair: self.repair(node),
        }
    }

    fn cause(&self, node: usize) -> String {
        let node = &self.graph.nodes[node];
        let id = &node.id;
        match node.act {
            Act::LetGo => format!("{id} lets go of what changes under it"),
            Act::TakeHold => format!("{id} takes hold again"),
            Act::SetAside => format!("the old {id} makes room for the new one"),
            Act::Discard => format!("the old {id} is not used any more"),
            Act::Finish => format!("{id} ends its change"),
            Act::Build => format!("{id} is built ahead, so that nobody is held up"),
            Act::Settle => format!("{id} is completed, so that nobody is held up"),
            Act::Drop | Act::Create | Act::Alter => self.change(id),
        }
    }

    fn change(&self, id: &ObjectId) -> String {
        if let Some(way) = self.made_way_for(id) {
            return format!("{id} is made again: it made way for {way}");
        }
        match self.changes.by_object.get(id) {
            Some(change) => match &change.action {
                Action::Create => format!("{id} is wanted and not there"),
                Action::Drop => format!("{id} is there and not wanted"),
                Action::Recreate(reason) => format!("{id} is made again: {reason}"),
                Action::Alter(_) | Action::Keep => format!("{id} differs: {change}"),
            },
            None => format!("{id} goes along with others"),
        }
    }

    /// Returns what the object made way for in the end, when nothing of itself changed.
    fn made_way_for(&self, id: &ObjectId) -> Option<String> {
        let mut at = self.expanded.because.get(id)?;
        while let Some(next) = self.expanded.because.get(at) {
            at = next;
        }
        Some(match self.changes.by_object.get(at) {
            Some(change) => format!("{at} ({change})"),
            None => at.to_string(),
        })
    }

    fn repair(&self, node: usize) -> Option<Repair> {
        let node = &self.graph.nodes[node];
        let id = &node.id;
        let given_way = self.sorted.given_way.iter().find(|why| {
            why.later == *id && why.firmness != Firmness::Hard && node.act != Act::Drop
        });
        if let Some(why) = given_way {
            return Some(Repair::BodyReadLater(why.earlier.clone()));
        }
        let with_relation = |among: &std::collections::BTreeSet<ObjectId>| {
            id.relations().any(|relation| among.contains(&relation))
        };
        match node.act {
            Act::Create if with_relation(&self.expanded.creates) => {
                let object = self.sides.desired.get(id)?;
                let could = object.definition.clause(id).is_some();
                could.then_some(Repair::MadeApart)
            }
            Act::Drop if with_relation(&self.expanded.drops) => Some(Repair::DroppedApart),
            Act::Drop | Act::Create => {
                let change = self.changes.by_object.get(id)?;
                (change.action == Action::Recreate(UNTIED)).then_some(Repair::MadeAgain)
            }
            _ => None,
        }
    }
}
