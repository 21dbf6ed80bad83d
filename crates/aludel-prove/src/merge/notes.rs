//! What deserves a look though every order leads to the same: where both sides touch one thing.

use std::collections::BTreeSet;

use aludel_catalog::{ObjectId, ObjectKind};

use crate::merge::trace::{Touch, Trace};
use crate::merge::verdict::{relation_of, relations, told};
use crate::merge::{Finding, FindingKind};
use crate::world::rows::shown;

/// Returns where branches meet without a conflict.
pub(crate) fn notes(traces: &[Trace], conflicts: &[Finding]) -> Vec<Finding> {
    let mut notes = Vec::new();
    for (place, one) in traces.iter().enumerate() {
        for other in &traces[place + 1..] {
            notes.extend(in_relations(one, other));
            notes.extend(on_objects(one, other));
        }
    }
    let told: BTreeSet<&String> = conflicts
        .iter()
        .flat_map(|conflict| &conflict.objects)
        .collect();
    notes.retain(|note| note.objects.iter().all(|object| !told.contains(object)));
    // A conflict has said more of the same statements already.
    let in_conflict = |note: &Finding| {
        conflicts.iter().any(|conflict| {
            note.statements.iter().all(|place| {
                conflict
                    .statements
                    .iter()
                    .any(|other| other.statement == place.statement)
            })
        })
    };
    notes.retain(|note| !in_conflict(note));
    notes
}

/// Relations of which both sides touch some part or rows.
fn in_relations(one: &Trace, other: &Trace) -> Vec<Finding> {
    let all = |trace: &Trace| -> BTreeSet<(String, String)> {
        trace
            .touches
            .iter()
            .flat_map(|touch| relations(&touch.objects, &touch.tables))
            .collect()
    };
    let mut notes = Vec::new();
    for relation in all(one).intersection(&all(other)) {
        let touches = |touch: &&Touch| relations(&touch.objects, &touch.tables).contains(relation);
        let statements: Vec<&Touch> = one
            .touches
            .iter()
            .chain(&other.touches)
            .filter(touches)
            .collect();
        let objects: BTreeSet<ObjectId> = statements
            .iter()
            .flat_map(|touch| &touch.objects)
            .filter(|id| relation_of(id).as_ref() == Some(relation))
            .cloned()
            .collect();
        let adds_policy = |trace: &Trace| {
            let mut touched = trace.touches.iter().flat_map(|touch| &touch.objects);
            touched.any(|id| {
                id.kind == ObjectKind::Policy && relation_of(id).as_ref() == Some(relation)
            })
        };
        let message = if adds_policy(one) && adds_policy(other) {
            format!(
                "both sides change policies of {}: permissive ones widen each other, so read them together",
                shown(relation)
            )
        } else {
            format!(
                "both sides touch {}; the order makes no difference",
                shown(relation)
            )
        };
        notes.push(Finding {
            kind: FindingKind::Meets,
            message,
            objects: told(&objects),
            statements: statements
                .into_iter()
                .map(|touch| touch.place.clone())
                .collect(),
        });
    }
    notes
}

/// Objects outside of relations that both sides touch.
fn on_objects(one: &Trace, other: &Trace) -> Vec<Finding> {
    let all = |trace: &Trace| -> BTreeSet<ObjectId> {
        let touched = trace.touches.iter().flat_map(|touch| &touch.objects);
        touched
            .filter(|id| relation_of(id).is_none())
            .cloned()
            .collect()
    };
    let shared: Vec<ObjectId> = all(one).intersection(&all(other)).cloned().collect();
    let note = |id: ObjectId| {
        let touches = one.touches.iter().chain(&other.touches);
        let statements = touches.filter(|touch| touch.objects.contains(&id));
        Finding {
            kind: FindingKind::Meets,
            message: format!("both sides touch {id}; the order makes no difference"),
            objects: BTreeSet::from([id.to_string()]),
            statements: statements.map(|touch| touch.place.clone()).collect(),
        }
    };
    shared.into_iter().map(note).collect()
}
