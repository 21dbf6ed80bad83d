//! Tables whose common columns stand in another order: reported, because ALTER cannot change it.

use aludel_catalog::{Catalog, Definition, ObjectId, ObjectKind};

/// A column's relation, and its place on both sides.
struct Placed<'a> {
    id: &'a ObjectId,
    places: (u32, u32),
}

/// Returns the tables whose columns, as far as both sides have them, are ordered otherwise.
pub(crate) fn reordered(current: &Catalog, desired: &Catalog) -> Vec<ObjectId> {
    let common: Vec<Placed<'_>> = desired
        .objects
        .values()
        .filter_map(|object| {
            let Definition::Column(after) = &object.definition else {
                return None;
            };
            let Definition::Column(before) = &current.get(&object.id)?.definition else {
                return None;
            };
            Some(Placed {
                id: &object.id,
                places: (before.position, after.position),
            })
        })
        .collect();
    let mut tables = Vec::new();
    // The columns of one relation stand together, because objects are sorted by their ids.
    for columns in common.chunk_by(|one, other| {
        (&one.id.schema, &one.id.relation) == (&other.id.schema, &other.id.relation)
    }) {
        let mut places: Vec<(u32, u32)> = columns.iter().map(|column| column.places).collect();
        places.sort_unstable();
        if !places.is_sorted_by_key(|&(_, after)| after) {
            let id = columns[0].id;
            tables.push(ObjectId::new(ObjectKind::Table, &id.schema, &id.relation));
        }
    }
    tables.retain(|table| desired.objects.contains_key(table));
    tables
}
