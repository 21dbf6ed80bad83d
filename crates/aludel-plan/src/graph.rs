//! One node for each action, one edge for each reason why an action must precede another.

mod edges;
mod fold;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use aludel_catalog::{Catalog, Nature, ObjectId};

use crate::expand::Expanded;

/// What a node does with its object; the order is the order in which one object's nodes run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Act {
    /// Lets go of something that is about to be dropped.
    LetGo,
    /// Drops it.
    Drop,
    /// Renames a type out of the way.
    SetAside,
    /// Builds ahead what the change needs, without holding anybody up.
    Build,
    /// Makes it.
    Create,
    /// Takes hold again of what was made again.
    TakeHold,
    /// Changes it in place.
    Alter,
    /// Completes a change that is committed, without holding anybody up.
    Settle,
    /// Ends a change that can end only when everything else stands.
    Finish,
    /// Drops the renamed type.
    Discard,
}

/// One action on one object, with the parts that are done with it in the same statements.
#[derive(Debug)]
pub(crate) struct Node {
    pub(crate) id: ObjectId,
    pub(crate) act: Act,
    pub(crate) phase: Phase,
    /// Parts made or dropped by this node's own statement.
    pub(crate) parts: Vec<ObjectId>,
    /// Whether another node does this one's work.
    pub(crate) folded: bool,
}

/// When an action is due, as far as no edge says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Phase {
    /// What is built before anything changes.
    Ahead,
    /// What clears the way.
    Clear,
    /// What makes and changes.
    Make,
    /// What drops holders of rows.
    Drop,
    /// What needs all else done.
    Finish,
    /// What takes long and can wait until the rest is committed.
    Later,
    /// What goes when everything stands, without holding anybody up.
    Last,
}

/// Why one node precedes another, for people.
pub(crate) type Reason = &'static str;

/// The actions and what orders them.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    pub(crate) nodes: Vec<Node>,
    /// Node → the nodes that must come after it, with the reason.
    pub(crate) after: Vec<BTreeMap<usize, Reason>>,
    places: HashMap<(ObjectId, Act), usize>,
    /// Where the work of a folded node is done.
    into: Vec<usize>,
}

impl Graph {
    fn add(&mut self, id: &ObjectId, act: Act, phase: Phase) {
        let place = self.nodes.len();
        self.nodes.push(Node {
            id: id.clone(),
            act,
            phase,
            parts: Vec::new(),
            folded: false,
        });
        self.after.push(BTreeMap::new());
        self.into.push(place);
        self.places.insert((id.clone(), act), place);
    }

    /// Returns the node that does this action, whichever node it was folded into.
    fn find(&self, id: &ObjectId, act: Act) -> Option<usize> {
        let mut place = *self.places.get(&(id.clone(), act))?;
        while self.into[place] != place {
            place = self.into[place];
        }
        Some(place)
    }

    fn fold(&mut self, part: &ObjectId, whole: &ObjectId, act: Act) {
        let (Some(from), Some(to)) = (
            self.places.get(&(part.clone(), act)).copied(),
            self.find(whole, act),
        ) else {
            return;
        };
        if from != to && self.into[from] == from {
            self.into[from] = to;
            self.nodes[from].folded = true;
            let parts = std::mem::take(&mut self.nodes[from].parts);
            self.nodes[to].parts.push(part.clone());
            self.nodes[to].parts.extend(parts);
        }
    }

    /// Lets the node that makes an object also do the work of the one that drops what it takes the place of.
    fn replace(&mut self, id: &ObjectId) {
        let places = |act| self.places.get(&(id.clone(), act)).copied();
        if let (Some(drop), Some(create)) = (places(Act::Drop), places(Act::Create)) {
            self.into[drop] = create;
            self.nodes[drop].folded = true;
        }
    }

    fn precede(&mut self, first: Option<usize>, second: Option<usize>, reason: Reason) {
        if let (Some(first), Some(second)) = (first, second)
            && first != second
        {
            self.after[first].entry(second).or_insert(reason);
        }
    }
}

/// Builds the graph of all actions.
pub(crate) fn build(current: &Catalog, desired: &Catalog, expanded: &Expanded) -> Graph {
    let mut graph = Graph::default();
    let nature =
        |catalog: &Catalog, id: &ObjectId| catalog.get(id).map(|object| object.definition.nature());
    for id in &expanded.drops {
        let holds = matches!(nature(current, id), Some(Nature::Container | Nature::Type));
        let phase = if online_drop(expanded, id) {
            Phase::Last
        } else if holds {
            Phase::Drop
        } else {
            Phase::Clear
        };
        graph.add(id, Act::Drop, phase);
    }
    for id in &expanded.set_aside {
        graph.add(id, Act::SetAside, Phase::Clear);
        graph.add(id, Act::Discard, Phase::Drop);
    }
    for (id, release) in &expanded.releases {
        graph.add(id, Act::LetGo, Phase::Clear);
        if !release.after.is_empty() {
            graph.add(id, Act::TakeHold, Phase::Make);
        }
        if !release.last.is_empty() {
            graph.add(id, Act::Finish, Phase::Finish);
        }
    }
    for id in &expanded.creates {
        graph.add(id, Act::Create, Phase::Make);
    }
    for id in &expanded.alters {
        graph.add(id, Act::Alter, Phase::Make);
    }
    for (id, form) in &expanded.online {
        if !form.ahead.is_empty() {
            graph.add(id, Act::Build, Phase::Later);
        }
        if !form.after.is_empty() && !online_drop(expanded, id) {
            graph.add(id, Act::Settle, Phase::Later);
        }
        if form.replaces {
            graph.replace(id);
        }
    }
    fold::drops(&mut graph, current, expanded);
    fold::creates(&mut graph, desired, expanded);
    edges::add(&mut graph, current, desired, expanded);
    build_ahead(&mut graph);
    graph
}

/// Returns whether the object is dropped for good in an online form.
fn online_drop(expanded: &Expanded, id: &ObjectId) -> bool {
    expanded.online.contains_key(id)
        && expanded.drops.contains(id)
        && !expanded.creates.contains(id)
}

/// What can be built before anything changes is; then the change that needs it is in one transaction with the others.
fn build_ahead(graph: &mut Graph) {
    let waiting: BTreeSet<usize> = graph
        .after
        .iter()
        .flat_map(BTreeMap::keys)
        .copied()
        .collect();
    for (place, node) in graph.nodes.iter_mut().enumerate() {
        if node.act == Act::Build && !waiting.contains(&place) {
            node.phase = Phase::Ahead;
        }
    }
}

/// Returns the relation that `part` belongs to, if it is among `among`.
fn relation_of<'a>(part: &ObjectId, among: &'a BTreeSet<ObjectId>) -> Option<&'a ObjectId> {
    part.relations().find_map(|relation| among.get(&relation))
}
