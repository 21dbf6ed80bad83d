//! What differs between two catalogs, object by object.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::column_order::ColumnOrder;
use aludel_catalog::{Catalog, Comparison, Definition, Nature, Object, ObjectId, ObjectKind};

/// What has to happen to an object's definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Action {
    /// It is not there yet.
    Create,
    /// It is there and not wanted.
    Drop,
    /// These attributes change in place.
    Alter(Vec<&'static str>),
    /// It must be dropped and made again, for this reason.
    Recreate(&'static str),
    /// The definition stays; something of the rest changes.
    Keep,
}

/// All that changes about one object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// Its definition.
    pub action: Action,
    /// What changes besides: `owner`, `comment`, `privileges` and the like.
    pub besides: Vec<&'static str>,
}

/// Every difference, in creation order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// The changes by object.
    pub by_object: BTreeMap<ObjectId, Change>,
    /// Those of them that come or go with another object, without a statement of their own.
    pub implicit: BTreeSet<ObjectId>,
    /// The tables of the sequences whose owner comes or goes.
    pub owners: BTreeMap<ObjectId, ObjectId>,
    /// Tables that differ in the order of their columns alone, which ALTER cannot change.
    pub reordered: Vec<ObjectId>,
}

impl Changes {
    /// Returns whether the catalogs are equal, the order of columns aside.
    pub fn is_empty(&self) -> bool {
        self.by_object.is_empty()
    }

    /// Returns the changes without those of parts that come or go with another object, as a person is told them.
    pub fn told(&self) -> impl Iterator<Item = (&ObjectId, &Change)> {
        let is_whole = |action: &Action| matches!(action, Action::Create | Action::Drop);
        let whole: BTreeSet<(&str, &str)> = self
            .by_object
            .iter()
            .filter(|(id, change)| id.kind.is_relation() && is_whole(&change.action))
            .map(|(id, _)| (id.schema.as_str(), id.name.as_str()))
            .collect();
        self.by_object.iter().filter(move |(id, change)| {
            let goes_along = self.implicit.contains(*id)
                || id.is_part() && whole.contains(&(id.schema.as_str(), id.relation.as_str()));
            // A sequence that comes or goes says it all, and of one that does so with its table the table does.
            let sequence = id.with_kind(ObjectKind::Sequence);
            let said =
                id.kind == ObjectKind::SequenceOwner && self.by_object.contains_key(&sequence);
            let owned = self
                .owners
                .get(*id)
                .is_some_and(|table| whole.contains(&(table.schema.as_str(), table.name.as_str())));
            !((goes_along || said || owned) && is_whole(&change.action))
        })
    }
}

impl Change {
    fn of(action: Action) -> Self {
        Self {
            action,
            besides: Vec::new(),
        }
    }

    fn is_nothing(&self) -> bool {
        *self == Self::of(Action::Keep)
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.action {
            Action::Create => return f.write_str("create"),
            Action::Drop => return f.write_str("drop"),
            Action::Recreate(reason) => return write!(f, "make again: {reason}"),
            Action::Alter(_) | Action::Keep => {}
        }
        let mut what: Vec<&str> = Vec::new();
        if let Action::Alter(attributes) = &self.action {
            what.extend(attributes);
        }
        what.extend(&self.besides);
        write!(f, "change {}", what.join(", "))
    }
}

/// Returns what takes `current` to `desired`.
pub fn diff(current: &Catalog, desired: &Catalog) -> Changes {
    let mut changes = Changes::default();
    let mut column_order = ColumnOrder::default();
    let mut old = current.objects.values().peekable();
    let mut new = desired.objects.values().peekable();
    // Both maps are sorted by id, so one walk over the two is enough.
    loop {
        let order = match (old.peek(), new.peek()) {
            (None, None) => break,
            (Some(_), None) => std::cmp::Ordering::Less,
            (None, Some(_)) => std::cmp::Ordering::Greater,
            (Some(old), Some(new)) => old.id.cmp(&new.id),
        };
        let change = match order {
            std::cmp::Ordering::Less => old.next().map(|gone| (gone, Change::of(Action::Drop))),
            std::cmp::Ordering::Greater => {
                new.next().map(|made| (made, Change::of(Action::Create)))
            }
            std::cmp::Ordering::Equal => old.next().zip(new.next()).map(|(before, after)| {
                column_order.see(before, after);
                (after, compare(current, before, desired, after))
            }),
        };
        if let Some((object, change)) = change.filter(|(_, change)| !change.is_nothing()) {
            if object.definition.nature() == Nature::Implicit {
                changes.implicit.insert(object.id.clone());
            }
            if let Definition::SequenceOwner(owner) = &object.definition {
                let table = ObjectId::new(ObjectKind::Table, &owner.schema, &owner.table);
                let sequence = object.id.with_kind(ObjectKind::Sequence);
                changes.owners.insert(sequence, table);
            }
            changes.by_object.insert(object.id.clone(), change);
        }
    }
    changes.reordered = column_order.reordered(desired);
    changes
}

fn compare(current: &Catalog, before: &Object, desired: &Catalog, after: &Object) -> Change {
    let action = match before.definition.compare(&after.definition) {
        Comparison::Same => Action::Keep,
        Comparison::Alter(attributes) => Action::Alter(attributes),
        Comparison::Recreate(reason) => Action::Recreate(reason),
    };
    let owner = desired.new_owner(after, current, before).is_some();
    // What an inherited part is called in a comment is the user's; what it is granted follows its own relation.
    let implicit = after.definition.nature() == Nature::Implicit
        && after.definition.target(&after.id).is_none();
    let besides = [
        (owner, "owner"),
        (before.comment != after.comment && !implicit, "comment"),
        (before.grants != after.grants, "privileges"),
        (before.labels != after.labels, "security labels"),
        (
            before.extensions != after.extensions,
            "dependence on extensions",
        ),
    ];
    Change {
        action,
        besides: besides
            .into_iter()
            .filter_map(|(differs, name)| differs.then_some(name))
            .collect(),
    }
}
