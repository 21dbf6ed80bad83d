//! Renames that the models still state although they have been carried out.
//!
//! Asked by `status`, which loads no models and starts no server: only what files say and what earlier runs remember is
//! looked at.

use aludel_plan::rename::resolve;
use aludel_revision::History;

use crate::catalogs::{Catalogs, spec_of};
use crate::config::Project;
use crate::renames::{intents_of, place};
use crate::ui::problem::Problem;

/// Returns a line for each statement of a rename that can be deleted.
pub(crate) async fn spent(project: &Project, history: &History) -> Result<Vec<String>, Problem> {
    let catalogs = Catalogs::new(project, None)?;
    let mut intents = Vec::new();
    for source in project
        .models
        .sources
        .iter()
        .filter(|source| source.database.is_none())
    {
        let stated = aludel_source::stated(&spec_of(source)?, &catalogs.source_context())?;
        intents.extend(intents_of(&stated));
    }
    if intents.is_empty() {
        return Ok(Vec::new());
    }
    let Some(head) = catalogs.remembered_head(history).await? else {
        return Ok(Vec::new());
    };
    let schema = catalogs.runner().home_schema();
    let told = |intent: &aludel_plan::rename::Intent| {
        let place = intent.origin.as_ref().map_or_else(String::new, place);
        format!(
            "{place}{} has been carried out; the line can go",
            intent.text()
        )
    };
    // What the head has under the new name alone has been renamed.
    let spent = resolve(&head, &head, &intents, &schema).spent;
    Ok(spent.iter().map(told).collect())
}
