//! Tables whose common columns stand in another order: reported, because ALTER cannot change it.

use aludel_catalog::{Catalog, Definition, Object, ObjectId, ObjectKind};

/// A column's relation, and its place on both sides.
struct Placed<'a> {
    id: &'a ObjectId,
    places: (u32, u32),
}

/// The columns that both sides have, taken one by one in the order of their ids.
#[derive(Default)]
pub(crate) struct ColumnOrder<'a> {
    common: Vec<Placed<'a>>,
}

impl<'a> ColumnOrder<'a> {
    /// Notes an object that stands on both sides.
    pub(crate) fn see(&mut self, before: &Object, after: &'a Object) {
        if let (Definition::Column(was), Definition::Column(is)) =
            (&before.definition, &after.definition)
        {
            self.common.push(Placed {
                id: &after.id,
                places: (was.position, is.position),
            });
        }
    }

    /// Returns the tables whose columns, as far as both sides have them, are ordered otherwise.
    pub(crate) fn reordered(self, desired: &Catalog) -> Vec<ObjectId> {
        let mut tables = Vec::new();
        // The columns of one relation stand together, because objects are sorted by their ids.
        for columns in self.common.chunk_by(|one, other| {
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
}
