//! Random edits of a schema.

use crate::draw::Draw;
use crate::generate::{Maker, comment, grants};
use crate::kinds::{Kind, Part as _};
use crate::name;
use crate::renames::rename;
use crate::schema::{Key, PUBLIC, ROLES, Schema};

/// Keys of items that edits add, far above those of the schema they are added to.
const ADDED: Key = 100_000;

/// The schema after so many edits.
pub fn edited(draw: &mut Draw, old: &Schema, edits: usize) -> Schema {
    let mut schema = old.clone();
    let mut next = ADDED;
    for _ in 0..edits {
        let keys: Vec<Key> = schema
            .items
            .keys()
            .copied()
            .filter(|key| *key != PUBLIC)
            .collect();
        let Some(key) = draw.pick(&keys) else {
            break;
        };
        match draw.below(20) {
            0..=7 => change(draw, &mut schema, key),
            8..=11 => drop(draw, &mut schema, key),
            place @ 12..=15 => {
                let mut maker = Maker::of(draw, schema, next);
                if place < 14 {
                    maker.add();
                } else {
                    maker.add_part();
                }
                schema = maker.schema;
                next += 100;
            }
            16 => moved(draw, &mut schema, key),
            17 | 18 if schema.wide => {
                let name = name::draw(draw, key);
                let namespaces = schema.keys(|kind| matches!(kind, Kind::Namespace(_)));
                let to = draw.pick(&namespaces).filter(|_| draw.chance(30));
                rename(&mut schema, key, name, to);
            }
            _ => around(draw, &mut schema, key),
        }
        schema.tidy();
    }
    schema
}

/// Changes what only the kind has.
fn change(draw: &mut Draw, schema: &mut Schema, key: Key) {
    let Some(mut kind) = schema.kind(key).cloned() else {
        return;
    };
    kind.change(draw, schema, key);
    if let Some(item) = schema.items.get_mut(&key) {
        item.kind = kind;
    }
}

/// Drops it; what needs it goes too or does without.
fn drop(draw: &mut Draw, schema: &mut Schema, key: Key) {
    let is_namespace = matches!(schema.kind(key), Some(Kind::Namespace(_)));
    if is_namespace && draw.chance(60) {
        for item in schema
            .items
            .values_mut()
            .filter(|item| item.schema == Some(key))
        {
            item.schema = Some(PUBLIC);
        }
    }
    schema.items.remove(&key);
}

/// Moves it to another schema, where it is another object.
fn moved(draw: &mut Draw, schema: &mut Schema, key: Key) {
    let namespaces = schema.keys(|kind| matches!(kind, Kind::Namespace(_)));
    let to = draw.one(&namespaces);
    if let Some(item) = schema.items.get_mut(&key)
        && item.schema.is_some()
    {
        item.schema = Some(to);
    }
}

/// Changes what every object has.
fn around(draw: &mut Draw, schema: &mut Schema, key: Key) {
    let Some(item) = schema.items.get_mut(&key) else {
        return;
    };
    match draw.below(4) {
        0 => item.comment = draw.maybe(70, comment),
        1 => item.owner = draw.maybe(70, |draw| draw.below(ROLES.len())),
        2 => item.grants = grants(draw, 80),
        _ => item.is_private = !item.is_private,
    }
}
