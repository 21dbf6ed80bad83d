//! Parts that come from a parent table: what they stand on, and what a change of the parent's part makes of them.
//!
//! `pg_depend` ties a child table to its parent but not a child's column to the parent's, and PostgreSQL passes some
//! changes of a parent's column on to every child, also to a child that had said something of its own.

use std::collections::HashMap;

use crate::kind::{Definition, ObjectKind};
use crate::kinds::Standing;
use crate::kinds::column::Root;
use crate::object::Object;
use crate::object_id::ObjectId;

/// Table (schema, name) → its parents, and its bound as a partition.
type Parents = HashMap<(String, String), (Vec<(String, String)>, Option<String>)>;

/// Adds to inherited columns and checks that they depend on the parent's, and to columns what their root says.
pub(crate) fn settle(objects: &mut [Object]) {
    let parents = parents(objects);
    if parents.is_empty() {
        return;
    }
    let places: HashMap<ObjectId, usize> = objects
        .iter()
        .enumerate()
        .filter(|(_, object)| matches!(object.id.kind, ObjectKind::Column | ObjectKind::Constraint))
        .map(|(place, object)| (object.id.clone(), place))
        .collect();
    let mut found = Vec::new();
    for (place, object) in objects.iter().enumerate() {
        let inherits = match &object.definition {
            Definition::Column(column) => column.standing != Standing::Own,
            Definition::Constraint(constraint) => {
                constraint.standing != Standing::Own && constraint.sort == 'c'
            }
            _ => false,
        };
        if !inherits {
            continue;
        }
        let ups = up(&object.id, &parents, &places);
        let root = root(&object.id, &parents, &places).map(|(root, ties)| {
            match &objects[root].definition {
                Definition::Column(column) => Some(Box::new(Root::of(column, ties))),
                _ => None,
            }
        });
        let needed: Vec<ObjectId> = ups.iter().map(|&up| objects[up].id.clone()).collect();
        found.push((place, needed, root.flatten()));
    }
    for (place, needed, root) in found {
        let object = &mut objects[place];
        match &mut object.definition {
            Definition::Column(column) => {
                column.root = root;
                if column.standing == Standing::Merged {
                    object.merges_with = needed;
                    continue;
                }
            }
            Definition::Constraint(constraint) if constraint.standing == Standing::Merged => {
                object.merges_with = needed;
                continue;
            }
            _ => {}
        }
        object.depends_on.extend(needed);
    }
}

fn parents(objects: &[Object]) -> Parents {
    objects
        .iter()
        .filter_map(|object| match &object.definition {
            Definition::Table(table) if !table.parents.is_empty() => Some((
                (object.id.schema.clone(), object.id.name.clone()),
                (table.parents.clone(), table.bound.clone()),
            )),
            _ => None,
        })
        .collect()
}

/// Returns the parts of the same name in the parent tables.
fn up(id: &ObjectId, parents: &Parents, places: &HashMap<ObjectId, usize>) -> Vec<usize> {
    parents
        .get(&(id.schema.clone(), id.relation.clone()))
        .into_iter()
        .flat_map(|(parents, _)| parents)
        .filter_map(|(schema, relation)| places.get(&id.in_relation(schema, relation)).copied())
        .collect()
}

/// Returns the part at the top, from which changes are passed down, and the tables on the way there.
fn root(
    id: &ObjectId,
    parents: &Parents,
    places: &HashMap<ObjectId, usize>,
) -> Option<(usize, Vec<String>)> {
    let (mut at, mut top, mut ties) = (id.clone(), None, Vec::new());
    loop {
        let above = parents.get(&(at.schema.clone(), at.relation.clone()));
        let next = above
            .into_iter()
            .flat_map(|(parents, bound)| parents.iter().map(move |parent| (parent, bound)))
            .map(|((schema, relation), bound)| (id.in_relation(schema, relation), bound))
            .find_map(|(above, bound)| places.get(&above).map(|&place| (above, place, bound)));
        let Some((above, place, bound)) = next else {
            return top.map(|top| (top, ties));
        };
        ties.push(format!(
            "{} {}",
            above.relation(),
            bound.as_deref().unwrap_or_default()
        ));
        (at, top) = (above, Some(place));
    }
}
