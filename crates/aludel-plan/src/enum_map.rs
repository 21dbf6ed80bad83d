//! Values that an enum loses: what becomes of rows that have them.
//!
//! An enum that loses a value is made again, and its columns move over. Rows with the value either get another one, as
//! somebody said ([`EnumMap`]), or the move must not begin: [`uses`] tells where to look, [`guard`] writes the look as SQL.

use std::collections::{BTreeMap, BTreeSet};

use aludel_catalog::identifier::{literal, quote};
use aludel_catalog::kinds::column::ValueMap;
use aludel_catalog::{Catalog, Comparison, Definition, Nature, Object, ObjectId, ObjectKind};
use aludel_sql::Hazard;

use crate::rename::Name;
use crate::step::Step;

/// `public.status.old=new`: rows with the one value get the other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnumMap {
    /// The type, its schema optional.
    pub type_name: Name,
    /// The value that goes.
    pub from: String,
    /// The value that takes its place.
    pub to: String,
}

/// A place where rows may have a value that goes and that nothing was said of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// The type.
    pub enum_type: ObjectId,
    /// The value.
    pub value: String,
    /// The column.
    pub column: ObjectId,
    /// What holds for a row that has the value.
    pub condition: String,
}

impl EnumMap {
    /// Reads `type.old=new`; the value may be quoted where it holds dots or signs of equality.
    pub fn parse(text: &str) -> Option<Self> {
        let (old, new) = text.split_once('=')?;
        let mut type_name = Name::parse(old);
        let from = type_name.parts.pop().filter(|from| !from.is_empty())?;
        let to = Name::parse(new).last().to_owned();
        (!type_name.parts.is_empty() && !to.is_empty()).then_some(Self {
            type_name,
            from,
            to,
        })
    }

    /// Returns the text that [`EnumMap::parse`] reads.
    pub fn text(&self) -> String {
        let (name, from, to) = (self.type_name.text(), quote(&self.from), quote(&self.to));
        format!("{name}.{from}={to}")
    }
}

/// Notes on the columns of `desired` what their values become on the way from `current`. Returns the maps that mean
/// something on this way.
pub fn apply<'a>(
    maps: &'a [EnumMap],
    current: &Catalog,
    desired: &mut Catalog,
    default_schema: &str,
) -> Vec<&'a EnumMap> {
    let mut applied = Vec::new();
    let mut noted: Vec<(ObjectId, ValueMap)> = Vec::new();
    for (id, gone, kept) in losing(current, desired) {
        let named = maps.iter().filter(|map| {
            map.type_name.is(&[&id.schema, &id.name], default_schema)
                && gone.contains(&map.from)
                && kept.contains(&map.to)
        });
        let named: Vec<&EnumMap> = named.collect();
        if named.is_empty() {
            continue;
        }
        let pair = |map: &&EnumMap| (map.from.clone(), map.to.clone());
        let pairs: Vec<(String, String)> = named.iter().map(pair).collect();
        for (column, mut map) in columns(desired, &id) {
            map.pairs.clone_from(&pairs);
            map.enum_type = id.path();
            noted.push((column, map));
        }
        applied.extend(named);
    }
    for (id, map) in noted {
        if let Some(Definition::Column(column)) = desired
            .objects
            .get_mut(&id)
            .map(|object| &mut object.definition)
        {
            column.value_maps.push(map);
        }
    }
    applied
}

/// Returns what the maps noted on `desired` lose, as the plan's steps have it, with the pair that was said.
pub fn replaced(current: &Catalog, desired: &Catalog) -> BTreeMap<(Hazard, String), String> {
    let mut told = BTreeMap::new();
    for object in desired.objects.values() {
        let Definition::Column(column) = &object.definition else {
            continue;
        };
        if current.get(&object.id).is_none() {
            continue;
        }
        for map in &column.value_maps {
            let pair = |(old, new): &(String, String)| format!("{old}={new}");
            let pairs: Vec<String> = map.pairs.iter().map(pair).collect();
            if !map.attributes.is_empty() {
                told.insert((Hazard::NarrowType, object.id.path()), pairs.join(", "));
            }
            for (value, pair) in map.gone().zip(pairs) {
                told.insert((Hazard::DropEnumValue, value), pair);
            }
        }
    }
    told
}

/// Returns where rows may have values that go and that no map names.
pub fn uses(
    maps: &[EnumMap],
    current: &Catalog,
    desired: &Catalog,
    default_schema: &str,
) -> Vec<Use> {
    let mut found = Vec::new();
    for (id, gone, kept) in losing(current, desired) {
        let is_mapped = |value: &String| {
            maps.iter().any(|map| {
                map.type_name.is(&[&id.schema, &id.name], default_schema)
                    && map.from == *value
                    && kept.contains(&map.to)
            })
        };
        for value in &gone {
            let after = behind(desired, &id);
            for (column, reached) in behind(current, &id) {
                found.extend(after.contains_key(&column).then(|| Use {
                    enum_type: id.clone(),
                    value: value.clone(),
                    condition: condition_behind(&column, &reached, value),
                    column,
                }));
            }
        }
        for value in gone.iter().filter(|value| !is_mapped(value)) {
            for (column, map) in columns(current, &id) {
                // What leaves the type, or goes, is judged by what it becomes.
                let stays = columns(desired, &id)
                    .iter()
                    .any(|(other, _)| *other == column);
                if stays {
                    found.push(Use {
                        enum_type: id.clone(),
                        value: value.clone(),
                        condition: condition(&column, &map, value),
                        column,
                    });
                }
            }
        }
    }
    found
}

/// Returns the step that refuses to go on where a row has a value that goes; `None` where no row can.
pub fn guard(uses: &[Use]) -> Option<Step> {
    guard_with(uses, |one| {
        let (name, value) = (one.enum_type.qualified(), quote(&one.value));
        format!("say what they shall have instead: --enum-map '{name}.{value}=NEW'")
    })
}

/// The same with other words for what can be done about it.
pub fn guard_with(uses: &[Use], hint: impl Fn(&Use) -> String) -> Option<Step> {
    let first = uses.first()?;
    let mut body = String::new();
    for one in uses {
        let column = format!("{}.{}", one.column.relation(), one.column.quoted());
        let name = one.enum_type.qualified();
        let message = literal(
            &format!(
                "rows of {column} have the value {} of {name}, which goes",
                one.value
            )
            .replace('%', "%%"),
        );
        let hint = literal(&hint(one));
        body.push_str(&format!(
            "    IF EXISTS (SELECT FROM {} WHERE {}) THEN\n        RAISE EXCEPTION {message}\n            USING HINT = {hint};\n    END IF;\n",
            one.column.relation(),
            one.condition
        ));
    }
    let quote = if body.contains("$$") { "$guard$" } else { "$$" };
    let sql = format!("DO {quote}\nBEGIN\n{body}END\n{quote}");
    Some(Step::new(first.enum_type.clone(), sql))
}

/// Returns the columns that types made again cannot take along, each with its type: PostgreSQL changes no type of a
/// partition key.
pub fn stuck(current: &Catalog, desired: &Catalog) -> Vec<(ObjectId, ObjectId)> {
    let remade: BTreeSet<&ObjectId> = current
        .objects
        .values()
        .filter(|object| object.definition.nature() == Nature::Type)
        .filter(|object| {
            desired.get(&object.id).is_some_and(|after| {
                let comparison = object.definition.compare(&after.definition);
                matches!(comparison, Comparison::Recreate(_))
            })
        })
        .map(|object| &object.id)
        .collect();
    let mut found = Vec::new();
    for object in current.objects.values().filter(|_| !remade.is_empty()) {
        let id = &object.id;
        let Some(needed) = object
            .depends_on
            .iter()
            .find(|needed| remade.contains(needed))
        else {
            continue;
        };
        let table = ObjectId::new(ObjectKind::Table, &id.schema, &id.relation);
        if id.kind == ObjectKind::Column
            && let (Some(Definition::Table(before)), Some(Definition::Table(after))) = (
                current.get(&table).map(|object| &object.definition),
                desired.get(&table).map(|object| &object.definition),
            )
            && before.partition_key == after.partition_key
            && before
                .partition_key
                .as_ref()
                .is_some_and(|key| names(key, &id.name))
        {
            found.push((id.clone(), needed.clone()));
        }
    }
    found
}

/// Returns whether the column is named in a partition key.
fn names(key: &str, column: &str) -> bool {
    let column = quote(column);
    let is_part = |character: char| character.is_alphanumeric() || matches!(character, '_' | '"');
    key.match_indices(&*column).any(|(at, _)| {
        !key[..at].ends_with(is_part) && !key[at + column.len()..].starts_with(is_part)
    })
}

/// Returns the enums that lose values, with these and with those that they have afterwards.
fn losing(current: &Catalog, desired: &Catalog) -> Vec<(ObjectId, Vec<String>, Vec<String>)> {
    let pairs = current.objects.values().filter_map(|object| {
        let Definition::EnumType(old) = &object.definition else {
            return None;
        };
        let Definition::EnumType(new) = &desired.get(&object.id)?.definition else {
            return None;
        };
        let gone = old
            .labels
            .iter()
            .filter(|label| !new.labels.contains(label));
        let gone: Vec<String> = gone.cloned().collect();
        (!gone.is_empty()).then(|| (object.id.clone(), gone, new.labels.clone()))
    });
    pairs.collect()
}

/// Returns the columns of tables that hold values of the enum, and how.
fn columns(catalog: &Catalog, enum_type: &ObjectId) -> Vec<(ObjectId, ValueMap)> {
    let name = enum_type.qualified();
    let carriers = carriers(catalog, enum_type);
    let mut found = Vec::new();
    for object in catalog.objects.values() {
        let Definition::Column(column) = &object.definition else {
            continue;
        };
        let is_table = matches!(column.relation_kind, 'r' | 'p');
        let is_own = object.definition.nature() != Nature::Implicit;
        if !is_table || !is_own {
            continue;
        }
        let element = column.type_name.trim_end_matches("[]");
        let array = element.len() < column.type_name.len();
        let map = if element == name {
            Some(ValueMap::of(array))
        } else {
            let carrier = carriers.iter().find(|(carrier, _)| carrier == element);
            carrier
                .filter(|(_, map)| !array || map.attributes.is_empty())
                .map(|(_, map)| ValueMap {
                    array: map.array || array,
                    ..map.clone()
                })
        };
        found.extend(map.map(|map| (object.id.clone(), map)));
    }
    found
}

/// Returns the domains and composite types that hold values of the enum, by name.
fn carriers(catalog: &Catalog, enum_type: &ObjectId) -> Vec<(String, ValueMap)> {
    let name = enum_type.qualified();
    let users: BTreeSet<&ObjectId> = catalog
        .objects
        .values()
        .filter(|object| object.depends_on.contains(enum_type))
        .map(|object| &object.id)
        .collect();
    let carrier = |object: &Object| -> Option<ValueMap> {
        match &object.definition {
            Definition::Domain(own) => {
                let element = own.base.trim_end_matches("[]");
                (element == name).then(|| ValueMap::of(element.len() < own.base.len()))
            }
            Definition::CompositeType(own) => {
                let of_type = own.attributes.iter().filter(|one| one.type_name == name);
                let attributes: Vec<String> = of_type.map(|one| one.name.clone()).collect();
                (!attributes.is_empty()).then(|| ValueMap {
                    attributes,
                    ..ValueMap::of(false)
                })
            }
            _ => None,
        }
    };
    users
        .into_iter()
        .filter_map(|id| Some((id.qualified(), carrier(catalog.get(id)?)?)))
        .collect()
}

/// Returns the columns of tables that hold values of the enum where no map reaches them (in ranges, in attributes that are
/// lists or types themselves, in lists of composite values), each with the attributes that a map does reach.
fn behind(catalog: &Catalog, enum_type: &ObjectId) -> BTreeMap<ObjectId, Vec<String>> {
    let (mut types, mut next) = (BTreeSet::new(), vec![enum_type]);
    let dependents = catalog.dependents();
    while let Some(id) = next.pop() {
        let users = dependents.get(id).into_iter().flatten();
        next.extend(users.filter(|user| user.kind.is_type() && types.insert(**user)));
    }
    let names: BTreeSet<String> = types.iter().map(|id| id.qualified()).collect();
    let name = enum_type.qualified();
    let is_beside = |attribute: &str| {
        let element = attribute.trim_end_matches("[]");
        names.contains(element) || element == name && attribute != name
    };
    let reached: BTreeMap<ObjectId, ValueMap> = columns(catalog, enum_type).into_iter().collect();
    let mut found = BTreeMap::new();
    for object in catalog.objects.values() {
        let Definition::Column(column) = &object.definition else {
            continue;
        };
        let holds_rows = matches!(column.relation_kind, 'r' | 'p') && !column.is_inherited();
        let mut needed = object.depends_on.iter().filter(|id| types.contains(*id));
        let Some(of_type) = needed.next().filter(|_| holds_rows) else {
            continue;
        };
        match (reached.get(&object.id), catalog.get(of_type)) {
            (None, _) => {
                found.insert(object.id.clone(), Vec::new());
            }
            (Some(map), Some(of_type)) => {
                if let Definition::CompositeType(own) = &of_type.definition
                    && own.attributes.iter().any(|one| is_beside(&one.type_name))
                {
                    found.insert(object.id.clone(), map.attributes.clone());
                }
            }
            (Some(_), None) => {}
        }
    }
    found
}

/// As JSON composite values and lists are taken apart, and ranges are text whose ends are quoted where they must be.
fn condition_behind(column: &ObjectId, reached: &[String], value: &str) -> String {
    let (column, value) = (column.quoted(), literal(value));
    let reached: Vec<String> = reached.iter().map(|name| literal(name)).collect();
    let without = match reached.as_slice() {
        [] => String::new(),
        names => format!(" - ARRAY[{}]", names.join(", ")),
    };
    let strings = format!(
        "pg_catalog.jsonb_path_query(pg_catalog.to_jsonb({column}){without}, '$.** ? (@.type() == \"string\")')"
    );
    format!(
        "EXISTS (SELECT FROM (SELECT {strings} #>> '{{}}') AS each (text) WHERE text = {value} \
         OR {value} = ANY (pg_catalog.regexp_split_to_array(text, '[](){{}}\",[]+')))"
    )
}

fn condition(column: &ObjectId, map: &ValueMap, value: &str) -> String {
    let (column, value) = (column.quoted(), literal(value));
    if map.attributes.is_empty() {
        return if map.array {
            format!("{value} = ANY ({column}::text[])")
        } else {
            format!("{column}::text = {value}")
        };
    }
    let attribute = |name: &String| format!("({column}).{}::text = {value}", quote(name));
    map.attributes
        .iter()
        .map(attribute)
        .collect::<Vec<_>>()
        .join(" OR ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_names_a_type_and_two_values() {
        let map = EnumMap::parse("public.status.\"in progress\"=new").unwrap();
        assert_eq!(map.type_name.parts, ["public", "status"]);
        assert_eq!((map.from.as_str(), map.to.as_str()), ("in progress", "new"));
        assert_eq!(map.text(), "public.status.\"in progress\"=new");
        assert!(EnumMap::parse("status=new").is_none());
        assert!(EnumMap::parse("status.old").is_none());
    }
}
