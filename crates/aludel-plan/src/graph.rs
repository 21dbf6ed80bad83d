//! One node for each action, one edge for each reason why an action must precede another.

mod edges;
mod fold;
mod inherited;
mod loops;
mod namespace;
mod soft;

use std::collections::{BTreeSet, HashMap};
use std::fmt;

use aludel_catalog::{Catalog, Nature, ObjectId};

use crate::bodies::Bodies;
use crate::expand::Expanded;

pub(crate) use loops::give_way;
pub(crate) use namespace::{Namespace, namespaces};

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

/// How many acts there are.
const ACTS: usize = Act::Discard as usize + 1;

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

/// Why one action precedes another, for people; `{earlier}` and `{later}` stand for the objects.
pub(crate) type Reason = &'static str;

/// One node comes after another.
#[derive(Clone, Debug)]
pub(crate) struct Edge {
    pub(crate) later: usize,
    pub(crate) why: Why,
}

/// Why one node comes after another.
#[derive(Clone, Debug)]
pub(crate) struct Why {
    pub(crate) reason: Reason,
    /// The objects themselves; their nodes may do the work of others too.
    pub(crate) earlier: ObjectId,
    pub(crate) later: ObjectId,
    pub(crate) firmness: Firmness,
}

/// How firm a reason is; what is not hard gives way where it would close a loop, the least firm first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Firmness {
    /// PostgreSQL tracks it and refuses another order.
    Hard,
    /// PostgreSQL looks when the routine is made, unless it is told not to.
    Checked,
    /// It matters when the routine is called.
    Soft,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.reason.replace("{earlier}", &self.earlier.to_string());
        f.write_str(&text.replace("{later}", &self.later.to_string()))
    }
}

/// The nodes that act on one object.
#[derive(Clone, Copy, Debug)]
struct Ends<'a> {
    id: &'a ObjectId,
    nodes: [Option<usize>; ACTS],
}

impl Ends<'_> {
    fn at(&self, act: Act) -> Option<usize> {
        self.nodes[act as usize]
    }
}

/// The actions and what orders them.
#[derive(Debug, Default)]
pub(crate) struct Graph {
    pub(crate) nodes: Vec<Node>,
    /// Node → what must come after it.
    pub(crate) after: Vec<Vec<Edge>>,
    places: HashMap<ObjectId, [Option<usize>; ACTS]>,
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
        self.after.push(Vec::new());
        self.into.push(place);
        self.places.entry(id.clone()).or_default()[act as usize] = Some(place);
    }

    /// Returns the nodes that act on the object, whichever nodes they were folded into; `None` when nothing does.
    fn ends<'a>(&self, id: &'a ObjectId) -> Option<Ends<'a>> {
        let nodes = self.places.get(id)?;
        Some(Ends {
            id,
            nodes: nodes.map(|place| place.map(|place| self.work_of(place))),
        })
    }

    /// Returns the node that does this action.
    pub(crate) fn find(&self, id: &ObjectId, act: Act) -> Option<usize> {
        let place = self.places.get(id)?[act as usize]?;
        Some(self.work_of(place))
    }

    fn work_of(&self, mut place: usize) -> usize {
        while self.into[place] != place {
            place = self.into[place];
        }
        place
    }

    fn fold(&mut self, part: &ObjectId, whole: &ObjectId, act: Act) {
        let (Some(from), Some(to)) = (
            self.places
                .get(part)
                .and_then(|places| places[act as usize]),
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
        let Some(places) = self.places.get(id) else {
            return;
        };
        if let (Some(drop), Some(create)) =
            (places[Act::Drop as usize], places[Act::Create as usize])
        {
            self.into[drop] = create;
            self.nodes[drop].folded = true;
        }
    }

    fn precede(
        &mut self,
        (first, before): (&Ends<'_>, Act),
        (second, after): (&Ends<'_>, Act),
        reason: Reason,
    ) {
        self.edge((first, before), (second, after), reason, Firmness::Hard);
    }

    fn edge(
        &mut self,
        (first, before): (&Ends<'_>, Act),
        (second, after): (&Ends<'_>, Act),
        reason: Reason,
        firmness: Firmness,
    ) {
        if let (Some(earlier), Some(later)) = (first.at(before), second.at(after))
            && earlier != later
        {
            let why = Why {
                reason,
                earlier: first.id.clone(),
                later: second.id.clone(),
                firmness,
            };
            self.after[earlier].push(Edge { later, why });
        }
    }

    /// Keeps one edge between two nodes: the first of the firmest.
    fn settle(&mut self) {
        for edges in &mut self.after {
            edges.sort_by_key(|edge| (edge.later, edge.why.firmness));
            edges.dedup_by_key(|edge| edge.later);
        }
    }
}

/// The two catalogs between which a plan leads, with what their text bodies use.
#[derive(Clone, Copy)]
pub(crate) struct Sides<'a> {
    pub(crate) current: &'a Catalog,
    pub(crate) desired: &'a Catalog,
    pub(crate) current_bodies: &'a Bodies<'a>,
    pub(crate) desired_bodies: &'a Bodies<'a>,
}

/// Builds the graph of all actions.
pub(crate) fn build(sides: Sides<'_>, expanded: &Expanded) -> Graph {
    let mut graph = Graph::default();
    let nature =
        |catalog: &Catalog, id: &ObjectId| catalog.get(id).map(|object| object.definition.nature());
    for id in &expanded.drops {
        let holds = matches!(
            nature(sides.current, id),
            Some(Nature::Container | Nature::Type)
        );
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
    fold::drops(&mut graph, sides.current, expanded);
    fold::creates(&mut graph, sides, expanded);
    edges::add(&mut graph, sides.current, sides.desired, expanded);
    inherited::add(&mut graph, sides.current, sides.desired, expanded);
    soft::add(&mut graph, sides, expanded);
    graph.settle();
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
    let edges = graph.after.iter().flatten();
    let waiting: BTreeSet<usize> = edges.map(|edge| edge.later).collect();
    for (place, node) in graph.nodes.iter_mut().enumerate() {
        if node.act == Act::Build && !waiting.contains(&place) {
            node.phase = Phase::Ahead;
        }
    }
}

/// Relations by schema and name.
struct Relations<'a>(HashMap<(&'a str, &'a str), &'a ObjectId>);

impl<'a> Relations<'a> {
    fn among(ids: &'a BTreeSet<ObjectId>) -> Self {
        Self(
            ids.iter()
                .filter(|id| id.kind.is_relation())
                .map(|id| ((id.schema.as_str(), id.name.as_str()), id))
                .collect(),
        )
    }

    /// Returns the relation that `part` belongs to, if it is among them.
    fn of(&self, part: &ObjectId) -> Option<&'a ObjectId> {
        let relation = (part.schema.as_str(), part.relation.as_str());
        part.is_part().then(|| self.0.get(&relation).copied())?
    }
}
