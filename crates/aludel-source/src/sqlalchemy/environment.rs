//! What an Alembic `env.py` says beyond its metadata: settings with their lines, and what its functions leave out.

use serde::{Deserialize, Serialize};

use super::document::Document;
use super::locate;
use crate::error::SourceError;
use crate::source::SourceContext;

/// The settings of an `env.py`.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is one independent argument of context.configure"
)]
pub struct AlembicEnvironment {
    /// Its path.
    pub file: String,
    /// What it gives to `context.configure`, by name.
    pub settings: Vec<EnvironmentSetting>,
    /// `module:name` of each metadata, as a source of Aludel would name it.
    pub metadata: Vec<String>,
    /// The kinds of what is registered with `alembic_utils`, which Alembic compares beyond tables; without policies.
    pub entities: Vec<String>,
    /// Whether functions of it must be asked what to leave out.
    pub has_filters: bool,
    /// Whether schemas that no model names are compared.
    pub include_schemas: bool,
    /// Whether types of columns are compared.
    pub compare_type: bool,
    /// Whether defaults are compared: only an explicit `False` says that they are not.
    pub compare_server_default: bool,
}

/// One argument of `context.configure`.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct EnvironmentSetting {
    /// Its name.
    pub name: String,
    /// Its value, when it is a text, a number or a truth value.
    pub value: Option<serde_json::Value>,
    /// How it is written there.
    pub text: String,
    /// The line it stands on, when it stands there itself.
    pub line: Option<u32>,
    /// Why its value is not known.
    pub unread: Option<String>,
    /// The setting of `aludel.toml` that is its equal, or `models.sources` for what is honoured because the source is the
    /// environment; `None` when it has none.
    pub setting: Option<String>,
}

/// A table or a part of one.
#[derive(Clone, Debug, Default, Deserialize, Serialize, PartialEq, Eq)]
#[serde(default)]
pub struct Named {
    /// `table`, `column`, `index`, `unique_constraint`, `foreign_key_constraint` or `check_constraint`.
    pub kind: String,
    /// Its schema.
    pub schema: String,
    /// The table.
    pub table: String,
    /// The part's name.
    pub name: Option<String>,
}

/// A table of the history, as the functions of `env.py` are told of it.
#[derive(Clone, Debug, Default, Serialize)]
pub struct CurrentTable {
    /// Its schema.
    pub schema: String,
    /// Its name.
    pub name: String,
    /// Its columns with their types and defaults.
    pub columns: Vec<(String, String, Option<String>)>,
    /// Its indexes and constraints: kind, name, columns.
    pub parts: Vec<(String, String, Vec<String>)>,
}

/// What the functions of an `env.py` leave alone.
#[derive(Clone, Debug, Default)]
pub struct LeftOut {
    /// Tables and parts that are not compared.
    pub objects: Vec<Named>,
    /// Columns whose types are called equal.
    pub types: Vec<Named>,
    /// Columns whose defaults are.
    pub defaults: Vec<Named>,
}

/// Asks the functions of the `env.py` that `spec` names about the models and about these tables of the history.
pub async fn left_out(
    spec: &str,
    context: &SourceContext,
    default_schema: &str,
    current: &[CurrentTable],
) -> Result<LeftOut, SourceError> {
    let located = locate::locate(spec, &context.project_dir)?;
    let mut request = located.request(context);
    request["current"] = serde_json::json!(current);
    request["default_schema"] = default_schema.into();
    let Document {
        left_out,
        types_kept,
        defaults_kept,
        ..
    } = super::answer(&located, &request.to_string(), context).await?;
    Ok(LeftOut {
        objects: left_out,
        types: types_kept,
        defaults: defaults_kept,
    })
}

/// Returns what the `env.py` that `spec` names says beyond its metadata; `None` when `spec` names no `env.py`.
pub async fn environment(
    spec: &str,
    context: &SourceContext,
) -> Result<Option<AlembicEnvironment>, SourceError> {
    let located = locate::locate(spec, &context.project_dir)?;
    let request = located.request(context).to_string();
    Ok(super::answer(&located, &request, context)
        .await?
        .environment)
}
