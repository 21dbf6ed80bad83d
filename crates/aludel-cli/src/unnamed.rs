//! Constraints that the models give no name: what the history calls them is what they are called.
//!
//! PostgreSQL names a constraint that nobody named, by the names that table and columns have at that moment. A history
//! that names it, or that renamed the table since, has the same constraint under another name; to the models, which say
//! nothing of it, each is as good.

use std::collections::BTreeMap;

use aludel_catalog::identifier::{qualified, quote};
use aludel_catalog::kinds::Standing;
use aludel_catalog::{Catalog, Definition, Object};
use aludel_source::ModelTable;
use aludel_sql::Statement;

/// The constraints of a table, by its schema and name.
type Constraints<'a> = BTreeMap<(&'a str, &'a str), Vec<&'a Object>>;

/// Returns the statements that give the models' unnamed constraints the names they have in `current`; `home` is the schema
/// of tables that name none.
pub(crate) fn named_as_found(
    current: &Catalog,
    desired: &Catalog,
    tables: &[ModelTable],
    home: &str,
) -> Vec<Statement> {
    let (found, wanted) = (constraints(current), constraints(desired));
    let mut statements = Vec::new();
    for table in tables {
        let key = (table.schema.as_deref().unwrap_or(home), table.name.as_str());
        let (Some(found), Some(wanted)) = (found.get(&key), wanted.get(&key)) else {
            continue;
        };
        let has_same = |among: &[&Object], one: &Object| {
            let is_it = |other: &&Object| other.id == one.id && is_same(one, other);
            among.iter().any(is_it)
        };
        let mut unnamed: Vec<&Object> = wanted.clone();
        unnamed.retain(|one| !table.constraints.contains(&one.id.name) && !has_same(found, one));
        let is_wanted = |one: &Object| wanted.iter().any(|other| other.id.name == one.id.name);
        let mut free: Vec<&Object> = found.clone();
        free.retain(|one| !is_wanted(one));
        for is_it in [is_same, is_alike] {
            unnamed.retain(|one| {
                let Some(place) = free.iter().position(|other| is_it(one, other)) else {
                    return true;
                };
                statements.push(rename(one, &free.remove(place).id.name));
                false
            });
        }
    }
    statements
}

fn constraints(catalog: &Catalog) -> Constraints<'_> {
    let mut constraints = Constraints::new();
    for object in catalog.objects.values() {
        let is_own = match &object.definition {
            Definition::Constraint(own) => own.standing == Standing::Own,
            Definition::ForeignKey(own) => !own.inherited,
            _ => false,
        };
        if is_own {
            let table = (object.id.schema.as_str(), object.id.relation.as_str());
            constraints.entry(table).or_default().push(object);
        }
    }
    constraints
}

fn definition(object: &Object) -> &str {
    match &object.definition {
        Definition::Constraint(own) => &own.definition,
        Definition::ForeignKey(own) => &own.definition,
        _ => "",
    }
}

fn is_same(one: &Object, other: &Object) -> bool {
    one.id.kind == other.id.kind && definition(one) == definition(other)
}

/// Whether it is the same constraint although something else of it changes: a table has one primary key, and a foreign key
/// is known by the columns on both sides.
fn is_alike(one: &Object, other: &Object) -> bool {
    match (&one.definition, &other.definition) {
        (Definition::Constraint(one), Definition::Constraint(other)) => {
            one.sort == 'p' && other.sort == 'p'
        }
        (Definition::ForeignKey(one), Definition::ForeignKey(other)) => {
            columns(&one.definition) == columns(&other.definition)
        }
        _ => false,
    }
}

/// The part of a foreign key's definition that names columns: what stands behind is not quoted.
fn columns(definition: &str) -> &str {
    let end = definition
        .rfind(')')
        .map_or(definition.len(), |end| end + 1);
    &definition[..end]
}

fn rename(object: &Object, name: &str) -> Statement {
    let table = qualified(&object.id.schema, &object.id.relation);
    let (from, to) = (quote(&object.id.name), quote(name));
    Statement::new(format!(
        "ALTER TABLE {table} RENAME CONSTRAINT {from} TO {to}"
    ))
}
