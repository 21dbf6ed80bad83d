//! SQLAlchemy and SQLModel models, compiled to SQL by the project's own SQLAlchemy in the project's own Python.
//!
//! [`locate`] reads the configured name, [`script`] is what Python runs, [`run`] runs it, [`document`] is its answer,
//! [`cache`] keeps the answer as long as nothing it was made of has changed, [`forgotten`] names the model files that
//! no one imports.

mod cache;
mod document;
pub mod environment;
mod forgotten;
mod locate;
mod run;
mod script;
pub mod url;

use std::collections::{BTreeMap, BTreeSet};

use aludel_sql::{Origin, Statement};

pub(crate) use self::document::Document;
use self::document::TablePlace;
use self::locate::Located;
pub use self::locate::names_environment;
use crate::error::{ModelsError, SourceError};
use crate::source::{
    Intents, Loaded, ModelTable, Rename, SetAside, SourceContext, SourceWarning, SpeaksFor,
};
use crate::sql_files::shown;

/// The kinds that SQLAlchemy's metadata states in full, by the catalog's names.
const STATED_KINDS: &[&str] = &[
    "table",
    "column",
    "constraint",
    "foreign key",
    "index",
    "sequence",
    "sequence ownership",
    "enum",
    "comment",
];

/// Loads the models that `spec` names.
pub(crate) async fn load(spec: &str, context: &SourceContext) -> Result<Loaded, SourceError> {
    let located = locate::locate(spec, &context.project_dir)?;
    let request = located.request(context).to_string();
    let document = answer(&located, &request, context).await?;
    loaded(&document, &located, context)
}

/// Returns Python's answer to a request, kept or new.
async fn answer(
    located: &Located,
    request: &str,
    context: &SourceContext,
) -> Result<Document, SourceError> {
    let interpreter = located.interpreter(context)?;
    let key = cache::key(&interpreter, request, &context.project_dir);
    if !context.ignore_cache
        && let Some(document) = cache::look_up(&context.cache_dir, &key)
    {
        return Ok(document);
    }
    let document = run::run(&interpreter, request, context).await?;
    if let Some(error) = document.error {
        return Err(models_error(error, interpreter.shown(), context));
    }
    if context.connects_to.is_none() {
        cache::store(&context.cache_dir, &key, &document);
    }
    Ok(document)
}

/// Returns what the models said the last time, if they are as they were.
pub(crate) fn remembered(spec: &str, context: &SourceContext) -> Result<Intents, SourceError> {
    let located = locate::locate(spec, &context.project_dir)?;
    let interpreter = located.interpreter(context)?;
    let key = cache::key(
        &interpreter,
        &located.request(context).to_string(),
        &context.project_dir,
    );
    let document = cache::look_up(&context.cache_dir, &key);
    Ok(document.map_or_else(Intents::default, |document| intents(&document, context)))
}

fn intents(document: &Document, context: &SourceContext) -> Intents {
    Intents {
        renames: renames(document, context),
        enum_maps: document.enum_maps.clone(),
    }
}

fn models_error(
    mut error: ModelsError,
    interpreter: String,
    context: &SourceContext,
) -> SourceError {
    for frame in &mut error.frames {
        frame.file = shown(frame.file.as_ref(), &context.project_dir);
    }
    error.interpreter = interpreter;
    SourceError::Models(Box::new(error))
}

/// Returns what SQLAlchemy models state, with the entities that the project adds.
pub(crate) fn stated_kinds(entities: &[String]) -> BTreeSet<String> {
    let stated = STATED_KINDS.iter().map(|kind| (*kind).to_owned());
    stated
        .chain(entities.iter().map(|kind| kind_name(kind)))
        .collect()
}

/// Turns Python's answer into the source's.
fn loaded(
    document: &Document,
    located: &Located,
    context: &SourceContext,
) -> Result<Loaded, SourceError> {
    let kinds = stated_kinds(&context.entities);
    let mut statements = Vec::new();
    let mut stated_domains = BTreeSet::new();
    let mut left_out: BTreeMap<String, Vec<Origin>> = BTreeMap::new();
    for written in &document.statements {
        let file = written
            .file
            .as_ref()
            .map(|file| shown(file.as_ref(), &context.project_dir));
        let origin = Origin {
            file,
            line: written.line.unwrap_or(1),
        };
        for mut statement in aludel_sql::split(&written.sql, origin.file.as_deref())? {
            statement.origin = origin.clone();
            let kind = written.kind.clone().or_else(|| undeclared_kind(&statement));
            if let (Some("domain"), Some(name)) = (kind.as_deref(), &written.name) {
                stated_domains.insert((written.schema.clone(), name.clone()));
                statements.push(statement);
                continue;
            }
            match kind {
                Some(kind) if !kinds.contains(&kind) => {
                    left_out.entry(kind).or_default().push(origin.clone());
                }
                _ => statements.push(statement),
            }
        }
    }
    let mut warnings = left_out
        .iter()
        .map(|(kind, origins)| left_out_warning(kind, origins))
        .collect::<Vec<_>>();
    warnings.extend(document.warnings.iter().map(|written| {
        SourceWarning {
            file: written
                .file
                .as_ref()
                .map(|file| shown(file.as_ref(), &context.project_dir)),
            line: written.line.unwrap_or(1),
            message: written.message.clone(),
            hint: written.hint.clone(),
        }
    }));
    warnings.extend(forgotten::find(document, located, &context.project_dir));
    let needs = aludel_sql::needs(&statements);
    let placed = |aside: &SetAside| SetAside {
        file: aside
            .file
            .as_ref()
            .map(|file| shown(file.as_ref(), &context.project_dir)),
        ..aside.clone()
    };
    Ok(Loaded {
        statements,
        speaks_for: SpeaksFor::Kinds(kinds),
        needs,
        intents: intents(document, context),
        stated_domains,
        environment: document.environment.clone(),
        tables: document
            .tables
            .iter()
            .map(|table| table_of(table, context))
            .collect(),
        set_aside: document.set_aside.iter().map(placed).collect(),
        warnings,
    })
}

/// Returns a table with its file as a person is shown it.
fn table_of(place: &TablePlace, context: &SourceContext) -> ModelTable {
    let file = place.file.as_ref();
    ModelTable {
        schema: place.schema.as_ref().map(|schema| {
            let meant = context.schema_translate_map.get(schema);
            meant.unwrap_or(schema).clone()
        }),
        name: place.name.clone(),
        constraints: place.constraints.clone(),
        file: file.map(|file| shown(file.as_ref(), &context.project_dir)),
        line: place.line,
    }
}

/// Returns the renames with their files as a person is shown them.
fn renames(document: &Document, context: &SourceContext) -> Vec<Rename> {
    let placed = |rename: &Rename| Rename {
        file: rename
            .file
            .as_ref()
            .map(|file| shown(file.as_ref(), &context.project_dir)),
        ..rename.clone()
    };
    document.renames.iter().map(placed).collect()
}

/// Returns the catalog's name of a kind as it may be written in the configuration.
fn kind_name(configured: &str) -> String {
    let name = configured.to_lowercase().replace(['-', '_'], " ");
    if name == "default privileges" {
        return name;
    }
    let singular = match name.strip_suffix("ies") {
        Some(stem) => format!("{stem}y"),
        None => name.trim_end_matches('s').to_owned(),
    };
    match singular.as_str() {
        "routine" | "procedure" => "function".to_owned(),
        _ => singular,
    }
}

/// Returns the kind that a statement makes when it is one that metadata does not state by itself: DDL in an event
/// listener may make anything.
fn undeclared_kind(statement: &Statement) -> Option<String> {
    const KINDS: &[(&str, &str)] = &[
        ("FUNCTION", "function"),
        ("PROCEDURE", "function"),
        ("AGGREGATE", "aggregate"),
        ("VIEW", "view"),
        ("MATERIALIZED", "materialized view"),
        ("TRIGGER", "trigger"),
        ("POLICY", "policy"),
    ];
    let words: Vec<String> = statement
        .text
        .split_whitespace()
        .take(6)
        .map(str::to_ascii_uppercase)
        .collect();
    match words.first()?.as_str() {
        "GRANT" | "REVOKE" => Some("grant".to_owned()),
        "CREATE" => words
            .iter()
            .skip(1)
            .find(|word| !matches!(word.as_str(), "OR" | "REPLACE" | "CONSTRAINT" | "RECURSIVE"))
            .and_then(|word| KINDS.iter().find(|(keyword, _)| keyword == word))
            .map(|(_, kind)| (*kind).to_owned()),
        _ => None,
    }
}

fn left_out_warning(kind: &str, origins: &[Origin]) -> SourceWarning {
    let first = origins.first();
    let count = origins.len();
    let plural = if count == 1 { "" } else { "s" };
    SourceWarning {
        file: first.and_then(|origin| origin.file.clone()),
        line: first.map_or(1, |origin| origin.line),
        message: format!(
            "the models declare kind \"{kind}\" ({count} statement{plural}), which is not listed: left out"
        ),
        hint: Some(format!(
            "add \"{kind}\" to entities under [models] to have it managed"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_may_be_written_in_several_ways() {
        assert_eq!(kind_name("policies"), "policy");
        assert_eq!(kind_name("materialized_views"), "materialized view");
        assert_eq!(kind_name("Functions"), "function");
        assert_eq!(kind_name("default-privileges"), "default privileges");
    }

    #[test]
    fn what_a_listener_makes_is_told_by_its_first_words() {
        let kind = |text: &str| undeclared_kind(&Statement::new(text));
        assert_eq!(
            kind("create or replace function f() …").as_deref(),
            Some("function")
        );
        assert_eq!(
            kind("CREATE CONSTRAINT TRIGGER t …").as_deref(),
            Some("trigger")
        );
        assert_eq!(
            kind("CREATE MATERIALIZED VIEW v …").as_deref(),
            Some("materialized view")
        );
        assert_eq!(kind("grant select on t to r").as_deref(), Some("grant"));
        assert_eq!(kind("CREATE TABLE t (view int)"), None);
        assert_eq!(kind("CREATE EXTENSION citext"), None);
    }
}
