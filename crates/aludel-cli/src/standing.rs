//! What the database answers to `status`: where it stands, what is pending, what was changed, what is left alone.

use std::collections::BTreeMap;

use aludel_catalog::ObjectKind;
use aludel_postgres::{DatabaseUrl, LocalState};
use aludel_revision::{History, RevisionId};
use aludel_runner::{Runner, State};

use crate::catalogs::Catalogs;
use crate::config::Project;
use crate::config::database::UrlSource;
use crate::context::Context;
use crate::database::{self, Access, OpenDatabase};
use crate::running::settings;
use crate::ui::problem::Problem;

/// What the database answered.
pub(crate) struct Standing {
    pub(crate) url: DatabaseUrl,
    pub(crate) server_version_num: u32,
    pub(crate) current: Vec<RevisionId>,
    /// Rows that no file is.
    pub(crate) unknown: Vec<RevisionId>,
    pub(crate) pending: Vec<RevisionId>,
    /// Files that are not what was applied.
    pub(crate) changed: Vec<String>,
    /// What no source speaks for, by kind.
    pub(crate) unmanaged: BTreeMap<String, Vec<String>>,
}

/// Asks the database; `None` when it is the local one and nobody made it yet.
pub(crate) async fn ask(
    context: &Context,
    history: &History,
    source: &UrlSource,
) -> Result<Option<Standing>, Problem> {
    let project = context.project()?;
    if source.is_local() && database::local(project).status().await.state == LocalState::Absent {
        return Ok(None);
    }
    let opened = database::open(context, Access::Read).await?;
    let state = Runner::new(&opened.session, history, settings(project))
        .state()
        .await?;
    let current: Vec<RevisionId> = state
        .version_rows
        .iter()
        .map(RevisionId::from_database)
        .collect();
    let unknown: Vec<RevisionId> = current
        .iter()
        .filter(|id| history.standing_for(id).is_none())
        .cloned()
        .collect();
    let pending = if unknown.is_empty() {
        history.pending(&current)?
    } else {
        Vec::new()
    };
    let unmanaged = unmanaged(project, &opened).await?;
    Ok(Some(Standing {
        url: opened.url,
        server_version_num: opened.session.server_version_num(),
        changed: changed_files(history, &state)?,
        current,
        unknown,
        pending,
        unmanaged,
    }))
}

/// What the database holds and no source speaks for, told from the settings; nothing is loaded.
async fn unmanaged(
    project: &Project,
    opened: &OpenDatabase,
) -> Result<BTreeMap<String, Vec<String>>, Problem> {
    let catalogs = Catalogs::new(project, None)?;
    let Some(managed) = catalogs.managed_by_settings()? else {
        return Ok(BTreeMap::new());
    };
    let found = catalogs.left_alone(&opened.session, &managed).await?;
    let mut by_kind: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for object in found.objects.values() {
        // Every database has it, so it says nothing about this one.
        let is_public = object.id.kind == ObjectKind::Schema && object.id.name == "public";
        if !is_public && !managed.covers(&object.id, &object.definition) {
            let names = by_kind.entry(object.id.kind.name().to_owned()).or_default();
            names.push(object.id.path());
        }
    }
    Ok(by_kind)
}

/// Files whose checksum is not what the log says was applied.
fn changed_files(history: &History, state: &State) -> Result<Vec<String>, Problem> {
    let mut changed = Vec::new();
    for revision in history.iter_topological() {
        let Some(applied) = state.applied_checksum(revision.id().as_str()) else {
            continue;
        };
        if revision.checksum()? != applied {
            changed.push(revision.path.display().to_string());
        }
    }
    Ok(changed)
}
