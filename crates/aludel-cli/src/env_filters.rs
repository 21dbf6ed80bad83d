//! What a project's Alembic `env.py` leaves out of a comparison: `include_object`, `include_name`, `include_schemas`,
//! `compare_type` and `compare_server_default` mean here what they mean there.

use std::collections::{BTreeMap, BTreeSet};

use aludel_catalog::kinds::column::Generation;
use aludel_catalog::{Catalog, Definition, ObjectId, ObjectKind};
use aludel_diff::Managed;
use aludel_source::sqlalchemy::environment::{
    AlembicEnvironment, CurrentTable, LeftOut, Named, left_out,
};
use aludel_source::{Loaded, SourceContext};

use crate::ui::problem::Problem;

/// What is taken from `current` although the models say something else.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    all_types: bool,
    all_defaults: bool,
    types: BTreeSet<ObjectId>,
    defaults: BTreeSet<ObjectId>,
}

/// Narrows `managed` to what `env.py` compares; `spec` is the source that names it. What it says of columns is returned.
pub(crate) async fn narrow(
    spec: &str,
    context: &SourceContext,
    default_schema: &str,
    current: &Catalog,
    loaded: &Loaded,
    managed: &mut Managed,
) -> Result<Kept, Problem> {
    let Some(environment) = &loaded.environment else {
        return Ok(Kept::default());
    };
    if !environment.include_schemas && managed.schemas.is_empty() {
        managed.schemas = schemas(loaded, default_schema);
    }
    let mut kept = Kept {
        all_types: !environment.compare_type,
        all_defaults: !environment.compare_server_default,
        ..Kept::default()
    };
    if environment.has_filters {
        let tables = tables(current);
        let LeftOut {
            objects,
            types,
            defaults,
        } = left_out(spec, context, default_schema, &tables).await?;
        managed.ignore.extend(objects.iter().flat_map(patterns));
        kept.types = types.iter().filter_map(column).collect();
        kept.defaults = defaults.iter().filter_map(column).collect();
    }
    Ok(kept)
}

/// The settings of `env.py` that the project's own ought to say too, as warnings.
pub(crate) fn version_table_warning(
    environment: &AlembicEnvironment,
    table: &str,
    schema: &str,
) -> Option<String> {
    let text = |name: &str| {
        let setting = environment.settings.iter().find(|one| one.name == name)?;
        setting.value.as_ref()?.as_str().map(str::to_owned)
    };
    let theirs = text("version_table").unwrap_or_else(|| "alembic_version".to_owned());
    let their_schema = text("version_table_schema");
    let differs = theirs != table || their_schema.as_ref().is_some_and(|theirs| theirs != schema);
    differs.then(|| {
        let shown = their_schema.map_or_else(String::new, |schema| format!("{schema}."));
        format!("env.py keeps the version in {shown}{theirs}, aludel.toml in {schema}.{table}")
    })
}

/// Alembic reflects the default schema alone unless it is told otherwise; the models may name others.
fn schemas(loaded: &Loaded, default_schema: &str) -> Vec<String> {
    let named = loaded
        .tables
        .iter()
        .filter_map(|table| table.schema.clone());
    let mut schemas: BTreeSet<String> = named.collect();
    schemas.insert(default_schema.to_owned());
    schemas.into_iter().collect()
}

/// The tables of a catalog, as Python is told of them.
fn tables(catalog: &Catalog) -> Vec<CurrentTable> {
    let mut tables: BTreeMap<(&str, &str), CurrentTable> = BTreeMap::new();
    for object in catalog.objects.values() {
        if object.id.kind == ObjectKind::Table {
            let table = CurrentTable {
                schema: object.id.schema.clone(),
                name: object.id.name.clone(),
                ..CurrentTable::default()
            };
            tables.insert((&object.id.schema, &object.id.name), table);
        }
    }
    for object in catalog.objects.values() {
        let id = &object.id;
        let Some(table) = tables.get_mut(&(id.schema.as_str(), id.relation.as_str())) else {
            continue;
        };
        let kind = match &object.definition {
            Definition::Column(column) => {
                let default = match column.generation {
                    Generation::Plain => column.expression.clone(),
                    _ => None,
                };
                let column = (id.name.clone(), column.type_name.clone(), default);
                table.columns.push(column);
                continue;
            }
            Definition::Index(_) => "index",
            Definition::ForeignKey(_) => "foreign key",
            Definition::Constraint(constraint) if constraint.sort == 'u' => "unique",
            Definition::Constraint(constraint) if constraint.sort == 'c' => "check",
            _ => continue,
        };
        let columns = object.depends_on.iter().filter(|needed| {
            needed.kind == ObjectKind::Column
                && needed.schema == id.schema
                && needed.relation == id.relation
        });
        let columns = columns.map(|column| column.name.clone()).collect();
        table
            .parts
            .push((kind.to_owned(), id.name.clone(), columns));
    }
    tables.into_values().collect()
}

/// The patterns that leave an object alone.
fn patterns(named: &Named) -> Vec<String> {
    let part = |kind: ObjectKind| {
        let name = named.name.as_deref().unwrap_or_default();
        let id = ObjectId::part(kind, &named.schema, &named.table, name);
        id.to_string()
    };
    match named.kind.as_str() {
        "table" => vec![ObjectId::new(ObjectKind::Table, &named.schema, &named.table).to_string()],
        "column" => vec![part(ObjectKind::Column)],
        "index" => vec![part(ObjectKind::Index)],
        "foreign_key_constraint" => vec![part(ObjectKind::ForeignKey)],
        // A unique constraint of the models may be a unique index in the database.
        "unique_constraint" => vec![part(ObjectKind::Constraint), part(ObjectKind::Index)],
        _ => vec![part(ObjectKind::Constraint)],
    }
}

fn column(named: &Named) -> Option<ObjectId> {
    let name = named.name.as_deref()?;
    let (schema, table) = (&named.schema, &named.table);
    Some(ObjectId::part(ObjectKind::Column, schema, table, name))
}

impl Kept {
    /// Takes from `current` what is not compared.
    pub(crate) fn apply(&self, current: &Catalog, desired: &mut Catalog) {
        for object in desired.objects.values_mut() {
            let Some(before) = current.get(&object.id) else {
                continue;
            };
            let (Definition::Column(column), Definition::Column(before)) =
                (&mut object.definition, &before.definition)
            else {
                continue;
            };
            if self.all_types || self.types.contains(&object.id) {
                column.type_name.clone_from(&before.type_name);
                column.collation.clone_from(&before.collation);
                column.storage = before.storage;
                column.type_storage = before.type_storage;
            }
            let plain = |generation: &Generation| *generation == Generation::Plain;
            let is_kept = self.all_defaults || self.defaults.contains(&object.id);
            if is_kept && plain(&column.generation) && plain(&before.generation) {
                column.expression.clone_from(&before.expression);
            }
        }
    }
}
