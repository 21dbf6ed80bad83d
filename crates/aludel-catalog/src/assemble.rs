//! From the rows that PostgreSQL answered to a [`Catalog`].
//!
//! Every kind's query begins with the same columns: `class` (oid of the system catalog the object stands in), `oid`,
//! `sub` (column number or 0), `aliases` (other `class:oid` addresses that mean this object, e.g. a table's row type),
//! `schema`, `relation`, `name`, `arguments`, `owner`, `comment`, `acl`, `acl_default`. Behind them stand the kind's
//! own. Dependencies come as one more set from `pg_depend`, by address, and are turned into ids here.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use rustc_hash::{FxHashMap, FxHashSet};

use crate::catalog::Catalog;
use crate::grants::Grants;
use crate::kind::ObjectKind;
use crate::object::Object;
use crate::object_id::{ObjectId, ObjectName};
use crate::row::{DecodeError, Fields, RowRead};
use crate::unmodelled;

/// How many columns every kind's query has in common.
const COMMON_COLUMNS: usize = 12;

const DEPENDENCIES: &str = include_str!("dependencies.sql");

/// Security labels, those of the cluster's own objects too: roles and subscriptions.
const LABELS: &str = include_str!("labels.sql");

/// The query of a kind that is not asked for.
const NOTHING: &str = "SELECT WHERE false";

/// The answers do not make a catalog.
#[derive(Debug, thiserror::Error)]
pub enum AssembleError {
    /// A value is not what its query promises.
    #[error(transparent)]
    Decode(#[from] DecodeError),
    /// The server answered another number of result sets than queries were sent.
    #[error("{wanted} result sets were asked for and {found} came")]
    Sets {
        /// How many queries were sent.
        wanted: usize,
        /// How many answers came.
        found: usize,
    },
}

/// Returns the queries whose answers [`assemble`] takes, in order. They are meant for one snapshot with an empty
/// `search_path`.
pub fn queries(server_version: u32) -> Vec<String> {
    queries_of(server_version, |_| true)
}

/// The same, where the kinds that are not `wanted` are asked for nothing.
pub fn queries_of(server_version: u32, wanted: impl Fn(ObjectKind) -> bool) -> Vec<String> {
    let kinds = ObjectKind::ALL.iter().map(|&kind| {
        if wanted(kind) {
            kind.query(server_version)
        } else {
            NOTHING.to_owned()
        }
    });
    let head = "SELECT current_setting('server_version_num'), session_user".to_owned();
    std::iter::once(head)
        .chain(kinds)
        .chain([DEPENDENCIES, LABELS, unmodelled::QUERY].map(str::to_owned))
        .collect()
}

/// Returns a query that answers with one row: for each kind, in creation order, whether the database may have objects
/// of it. Most databases have none of most kinds, and planning their queries would take the longest.
pub fn presence_query() -> String {
    let columns: Vec<String> = ObjectKind::ALL
        .iter()
        .map(|kind| match kind.listed_in() {
            Some(rows) => format!("EXISTS (SELECT FROM pg_catalog.{rows})"),
            None => "true".to_owned(),
        })
        .collect();
    format!("SELECT {}", columns.join(", "))
}

/// An address in the system catalogs: class, oid, column number.
type Address = (u32, u32, i32);

/// Builds the catalog from the answers to [`queries`].
pub fn assemble<R: RowRead>(sets: &[Vec<R>]) -> Result<Catalog, AssembleError> {
    let mut assembler = Assembler::default();
    for (set, rows) in sets.iter().enumerate() {
        for row in rows {
            assembler.row(set, row)?;
        }
    }
    assembler.finish(sets.len())
}

/// Builds a catalog row by row, so that the answers of a large database need not be held.
#[derive(Default)]
pub struct Assembler {
    catalog: Catalog,
    objects: Vec<Object>,
    places: FxHashMap<Address, usize>,
    dependencies: Vec<(Address, Address, char)>,
    labels: Vec<(Address, String, String)>,
}

impl Assembler {
    /// Takes a row of the answer to the query of this number, counted from 0.
    pub fn row(&mut self, set: usize, row: &dyn RowRead) -> Result<(), AssembleError> {
        let behind = ObjectKind::ALL.len() + 1;
        if set == 0 {
            let fields = Fields::new(row, "session", 0);
            self.catalog.server_version = fields.number()?;
            self.catalog.session_user = fields.text()?;
        } else if let Some(&kind) = ObjectKind::ALL.get(set - 1) {
            let (addresses, object) = decode(kind, row)?;
            for address in addresses {
                self.places.insert(address, self.objects.len());
            }
            self.objects.push(object);
        } else if set == behind {
            let fields = Fields::new(row, "dependency", 0);
            let from = (fields.number()?, fields.number()?, fields.number()?);
            let to = (fields.number()?, fields.number()?, fields.number()?);
            self.dependencies.push((from, to, fields.letter()?));
        } else if set == behind + 1 {
            let fields = Fields::new(row, "security label", 0);
            let address = (fields.number()?, fields.number()?, fields.number()?);
            self.labels.push((address, fields.text()?, fields.text()?));
        } else {
            self.catalog.unmodelled.push(unmodelled::decode(row)?);
        }
        Ok(())
    }

    /// Returns the catalog; `sets` is how many answers came.
    pub fn finish(self, sets: usize) -> Result<Catalog, AssembleError> {
        let wanted = ObjectKind::ALL.len() + 4;
        if sets != wanted {
            return Err(AssembleError::Sets {
                wanted,
                found: sets,
            });
        }
        let Self {
            mut catalog,
            mut objects,
            places,
            dependencies,
            labels,
        } = self;
        let owned = resolve(&mut objects, &places, &dependencies);
        for (address, provider, label) in labels {
            if let Some(&place) = places.get(&address) {
                objects[place].labels.insert(provider, label);
            }
        }
        let gone: HashSet<(String, String)> = owned
            .iter()
            .map(|&place| &objects[place].id)
            .filter(|id| id.kind.is_relation())
            .map(|id| (id.schema.clone(), id.name.clone()))
            .collect();
        let is_part_of_owned = |id: &ObjectId| {
            !gone.is_empty()
                && id.is_part()
                && gone.contains(&(id.schema.clone(), id.relation.clone()))
        };
        let kept: Vec<Object> = objects
            .into_iter()
            .enumerate()
            .filter(|(place, object)| !is_part_of_owned(&object.id) && !owned.contains(place))
            .map(|(_, object)| object)
            .collect();
        catalog.objects = in_order(kept)
            .map(|object| (object.id.clone(), object))
            .collect::<BTreeMap<_, _>>();
        catalog.unmodelled.sort();
        Ok(catalog)
    }
}

/// Returns the objects in the order of their ids. Most ids of a large database differ in their relation first, so the
/// relations are ranked once, and what is sorted are numbers and not the objects.
fn in_order(objects: Vec<Object>) -> impl Iterator<Item = Object> {
    fn container(object: &Object) -> (&str, &str) {
        (&object.id.schema, &object.id.relation)
    }
    let containers: FxHashSet<(&str, &str)> = objects.iter().map(container).collect();
    let mut containers: Vec<(&str, &str)> = containers.into_iter().collect();
    containers.sort_unstable();
    let ranks: FxHashMap<(&str, &str), usize> = containers.into_iter().zip(0..).collect();
    let keys: Vec<(ObjectKind, usize)> = objects
        .iter()
        .map(|object| (object.id.kind, ranks[&container(object)]))
        .collect();
    let mut order: Vec<usize> = (0..objects.len()).collect();
    order.sort_unstable_by(|&one, &other| {
        let names = || objects[one].id.cmp(&objects[other].id);
        keys[one].cmp(&keys[other]).then_with(names)
    });
    drop(ranks);
    let mut objects: Vec<Option<Object>> = objects.into_iter().map(Some).collect();
    order
        .into_iter()
        .filter_map(move |place| objects[place].take())
}

fn decode(kind: ObjectKind, row: &dyn RowRead) -> Result<(Vec<Address>, Object), DecodeError> {
    let fields = Fields::new(row, kind.name(), 0);
    let (class, oid, sub): (u32, u32, i32) = (fields.number()?, fields.number()?, fields.number()?);
    let mut addresses = vec![(class, oid, sub)];
    for alias in fields.optional().unwrap_or_default().split(' ') {
        if let Some((class, oid)) = alias.split_once(':')
            && let (Ok(class), Ok(oid)) = (class.parse(), oid.parse())
        {
            addresses.push((class, oid, 0));
        }
    }
    let id = ObjectId::from(ObjectName {
        kind,
        schema: fields.text()?,
        relation: fields.text()?,
        name: fields.text()?,
        arguments: fields.text()?,
    });
    let (owner, comment) = (fields.optional(), fields.optional());
    let (acl, default) = (fields.optional(), fields.optional());
    let grants = Grants::decode(
        acl.as_deref(),
        default.as_deref(),
        owner.as_deref().unwrap_or_default(),
    );
    let definition = kind.decode(&Fields::new(row, kind.name(), COMMON_COLUMNS))?;
    let depends_on = definition.depends_on(&id);
    // A part belongs to whoever owns its relation; the query names that role only to read the privileges.
    let owner = owner.filter(|_| !id.is_part());
    Ok((
        addresses,
        Object {
            id,
            owner,
            comment,
            grants,
            labels: BTreeMap::new(),
            extensions: BTreeSet::new(),
            definition,
            depends_on,
            merges_with: Vec::new(),
        },
    ))
}

/// Adds what `pg_depend` knows to the objects and returns the places of those that an extension owns.
fn resolve(
    objects: &mut [Object],
    places: &FxHashMap<Address, usize>,
    dependencies: &[(Address, Address, char)],
) -> HashSet<usize> {
    let find = |address: Address| {
        places
            .get(&address)
            .or_else(|| places.get(&(address.0, address.1, 0)))
            .copied()
    };
    let relations: FxHashMap<(&str, &str), usize> = objects
        .iter()
        .enumerate()
        .filter(|(_, object)| object.id.kind.is_relation())
        .map(|(place, object)| ((object.id.schema.as_str(), object.id.name.as_str()), place))
        .collect();
    let mut owned: HashMap<usize, usize> = HashMap::new();
    let mut edges: Vec<(usize, usize)> = objects
        .iter()
        .enumerate()
        .filter(|(_, object)| object.id.is_part())
        .filter_map(|(part, object)| {
            relations
                .get(&(object.id.schema.as_str(), object.id.relation.as_str()))
                .map(|&whole| (part, whole))
        })
        .collect();
    for &(from, to, sort) in dependencies {
        let Some(from) = find(from) else { continue };
        if sort == 'e' {
            owned.extend(find(to).map(|to| (from, to)));
        }
        if let Some(to) = find(to).filter(|_| sort == 'x') {
            let extension = objects[to].id.name.clone();
            objects[from].extensions.insert(extension);
        }
        // A sequence's OWNED BY is an object of its own, or every serial column would be a loop.
        let owned_by = |from: usize, to: usize| {
            objects[from].id.kind == ObjectKind::Sequence
                && objects[to].id.kind == ObjectKind::Column
        };
        if let Some(to) = find(to)
            && from != to
            && !owned_by(from, to)
        {
            edges.push((from, to));
        }
    }
    crate::shell::settle(objects, &mut edges);
    crate::kinds::cast::settle(objects, &mut edges);
    crate::inheritance::settle(objects);
    for (from, to) in edges {
        // What an extension owns comes with it.
        let to = owned.get(&to).copied().unwrap_or(to);
        if from == to {
            continue;
        }
        let needed = objects[to].id.clone();
        objects[from].depends_on.push(needed);
    }
    for object in objects.iter_mut() {
        object.depends_on.sort();
        object.depends_on.dedup();
        object.depends_on.shrink_to_fit();
    }
    owned.into_keys().collect()
}
