//! Names that PostgreSQL made from other names (`users_pkey`, `users_id_seq`), and that follow them.
//!
//! Where the desired side has on a renamed table, or on one with a renamed column, the same thing under another name,
//! the thing is renamed too rather than dropped and made again. Where it keeps the old names, nothing follows.

use std::collections::{BTreeMap, BTreeSet};

use aludel_catalog::identifier::quote;
use aludel_catalog::{Catalog, Definition, Object, ObjectId, ObjectKind, Renaming};

use super::subject::{Rename, Subject};

/// Returns the further renames; `current` is the schema after `renames`.
pub fn following(renames: &[Rename], current: &Catalog, desired: &Catalog) -> Vec<Rename> {
    let relations = touched(renames, current);
    let goes = leaving(current, desired, &relations);
    let comes = leaving(desired, current, &relations);
    let mut found = Vec::new();
    for (traits, old) in goes {
        let new = comes.get(&traits).into_iter().flatten();
        found.extend(old.into_iter().zip(new).map(|(old, new)| Rename {
            old: Subject::object(old.clone()),
            new: Subject::object((*new).clone()),
        }));
    }
    let containers: BTreeSet<&ObjectId> = renames.iter().map(|one| &one.new.id).collect();
    found.extend(
        containers
            .into_iter()
            .flat_map(|id| members(id, current, desired)),
    );
    found
}

/// Returns the relations that have another name, or a column with one, and their heirs: schema and name.
fn touched<'a>(renames: &'a [Rename], current: &'a Catalog) -> BTreeSet<(&'a str, &'a str)> {
    let mut touched: BTreeSet<(&str, &str)> = renames
        .iter()
        .map(|one| &one.new.id)
        .filter_map(|id| {
            if id.kind.is_relation() {
                Some((id.schema.as_str(), id.name.as_str()))
            } else {
                id.is_part()
                    .then_some((id.schema.as_str(), id.relation.as_str()))
            }
        })
        .collect();
    loop {
        let before = touched.len();
        for object in current.objects.values() {
            if let Definition::Table(table) = &object.definition
                && table
                    .parents
                    .iter()
                    .any(|(schema, name)| touched.contains(&(schema.as_str(), name.as_str())))
            {
                touched.insert((&object.id.schema, &object.id.name));
            }
        }
        if touched.len() == before {
            return touched;
        }
    }
}

/// What a thing is, its own name left out.
type Traits = (ObjectKind, String, String, String);

/// Returns what hangs on the relations in one catalog and is not in the other.
fn leaving<'a>(
    catalog: &'a Catalog,
    other: &Catalog,
    relations: &BTreeSet<(&str, &str)>,
) -> BTreeMap<Traits, Vec<&'a ObjectId>> {
    let mut leaving: BTreeMap<Traits, Vec<&ObjectId>> = BTreeMap::new();
    for object in catalog.objects.values() {
        let id = &object.id;
        let holder = holder(object);
        let here = holder.is_some_and(|(schema, name)| relations.contains(&(schema, name)));
        let own = id.kind.renaming() != Renaming::Never && object.definition.has_own_name();
        if here && own && other.get(id).is_none() {
            leaving.entry(traits(object)).or_default().push(id);
        }
    }
    leaving
}

/// Returns the relation that something other than a column belongs to.
fn holder(object: &Object) -> Option<(&str, &str)> {
    let id = &object.id;
    match &object.definition {
        Definition::Column(_) => None,
        Definition::Sequence(own) => own
            .owned_by
            .as_ref()
            .map(|(schema, table, _)| (schema.as_str(), table.as_str())),
        Definition::Statistics(own) => Some((&own.table.0, &own.table.1)),
        _ => id.is_part().then_some((&id.schema, &id.relation)),
    }
}

fn traits(object: &Object) -> Traits {
    let id = &object.id;
    let own = format!("{:?}", quote(&id.name));
    let definition = without(&format!("{:?}", object.definition), own.trim_matches('"'));
    (id.kind, id.schema.clone(), id.relation.clone(), definition)
}

/// Returns the text without the name where it stands by itself.
fn without(text: &str, name: &str) -> String {
    let is_part = |character: char| character.is_alphanumeric() || character == '_';
    let (mut left, mut end) = (String::new(), 0);
    for (at, _) in text.match_indices(name) {
        let after = at + name.len();
        if !text[..at].ends_with(is_part) && !text[after..].starts_with(is_part) {
            left.push_str(&text[end..at]);
            end = after;
        }
    }
    left + &text[end..]
}

/// Returns the names inside of a renamed object that were made from its own.
fn members<'a>(
    id: &'a ObjectId,
    current: &'a Catalog,
    desired: &'a Catalog,
) -> impl Iterator<Item = Rename> + 'a {
    let pair = current.get(id).zip(desired.get(id));
    let pairs = pair.map(|(old, new)| old.definition.following_members(&new.definition));
    let subject = |member| Subject {
        id: id.clone(),
        member: Some(member),
    };
    pairs.into_iter().flatten().map(move |(old, new)| Rename {
        old: subject(old),
        new: subject(new),
    })
}
