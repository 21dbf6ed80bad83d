//! What routines use whose bodies PostgreSQL keeps as text: it tracks none of it, and still a body of SQL is read when the
//! routine is made, and every body when the routine is called (by a check, a default, a materialized view).
//!
//! These needs are soft: they order a plan where they can, and give way where they would close a loop.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use aludel_catalog::{Catalog, ObjectId};
use aludel_sql::{Mention, Mentions, Place, mentions};

use crate::graph::{Namespace, namespaces};

/// The routines with text bodies of one catalog.
#[derive(Debug, Default)]
pub(crate) struct Bodies<'a> {
    pub(crate) by_routine: BTreeMap<&'a ObjectId, Body<'a>>,
}

/// What one body uses.
#[derive(Debug, Default)]
pub(crate) struct Body<'a> {
    /// What is used in any way.
    pub(crate) uses: BTreeSet<&'a ObjectId>,
    /// Those of them that must stand when the routine is made, or PostgreSQL refuses it.
    pub(crate) read_at_once: BTreeSet<&'a ObjectId>,
    /// Whether PostgreSQL would refuse it whatever the order: a name is nobody's, or is found only with a search path
    /// that somebody set.
    pub(crate) unreadable: bool,
}

/// Objects by the namespace and the last part of their names.
type Named<'a> = HashMap<(Namespace, &'a str), Vec<&'a ObjectId>>;

impl<'a> Bodies<'a> {
    /// Reads every body of `catalog`.
    pub(crate) fn read(catalog: &'a Catalog) -> Self {
        let texts: Vec<(&ObjectId, &str)> = catalog
            .objects
            .values()
            .filter_map(|object| Some((&object.id, object.definition.untracked()?)))
            .collect();
        if texts.is_empty() {
            return Self::default();
        }
        let mut named: Named<'a> = HashMap::new();
        for id in catalog.objects.keys() {
            for (namespace, ..) in namespaces(id) {
                named.entry((namespace, &id.name)).or_default().push(id);
            }
        }
        let by_routine = texts
            .into_iter()
            .map(|(id, text)| (id, read(id, text, &named)))
            .collect();
        Self { by_routine }
    }

    /// Returns what the routine uses.
    pub(crate) fn uses(&self, id: &ObjectId) -> impl Iterator<Item = &'a ObjectId> + '_ {
        self.by_routine
            .get(id)
            .into_iter()
            .flat_map(|body| body.uses.iter().copied())
    }
}

fn read<'a>(id: &ObjectId, text: &str, named: &Named<'a>) -> Body<'a> {
    let found = mentions(text);
    let is_sql = found.language == "sql";
    let mut body = Body::default();
    for mention in &found.names {
        let (objects, in_path) = resolve(id, &found, mention, named);
        // PL/pgSQL reads its declarations at once and its statements when they run.
        let at_once = is_sql || mention.place == Place::Type;
        body.unreadable |= at_once && !in_path;
        for object in objects.into_iter().filter(|&object| object != id) {
            body.uses.insert(object);
            if at_once {
                body.read_at_once.insert(object);
            }
        }
    }
    body
}

/// Returns the objects that a name can mean, and whether it is found without a search path that nobody states.
fn resolve<'a>(
    id: &ObjectId,
    found: &Mentions,
    mention: &Mention,
    named: &Named<'a>,
) -> (Vec<&'a ObjectId>, bool) {
    let spaces: &[Namespace] = match mention.place {
        Place::Relation => &[Namespace::Relations],
        Place::Type => &[Namespace::Types],
        Place::Routine => &[Namespace::Routines],
        Place::Any => &[Namespace::Relations, Namespace::Routines, Namespace::Types],
    };
    let objects = |name: &str, schema: Option<&str>| -> Vec<&'a ObjectId> {
        let mut objects: Vec<&ObjectId> = spaces
            .iter()
            .filter_map(|&space| named.get(&(space, name)))
            .flatten()
            .copied()
            .filter(|object| schema.is_none_or(|schema| object.schema == schema))
            .collect();
        objects.dedup();
        objects
    };
    match mention.parts.as_slice() {
        [name] => {
            let (path, stated): (Vec<&str>, usize) = match &found.search_path {
                Some(path) => (path.iter().map(String::as_str).collect(), path.len()),
                None => (vec!["public", &id.schema], 1),
            };
            let at = path
                .iter()
                .position(|schema| !objects(name, Some(schema)).is_empty());
            if let Some(at) = at {
                return (objects(name, Some(path[at])), at < stated);
            }
            let anywhere = objects(name, None);
            // Whatever type or routine is nobody's may be PostgreSQL's or an extension's.
            let is_missing = mention.place == Place::Relation && !name.starts_with("pg_");
            let in_path = anywhere.is_empty() && !is_missing;
            let one_schema = anywhere
                .iter()
                .all(|object| object.schema == anywhere[0].schema);
            (if one_schema { anywhere } else { Vec::new() }, in_path)
        }
        [schema, name, ..] => (objects(name, Some(schema)), true),
        [] => (Vec::new(), true),
    }
}
