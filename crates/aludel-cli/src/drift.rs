//! What a database has otherwise than its own revisions made it.

use aludel_catalog::Catalog;
use aludel_diff::{SpokenFor, complete, keep_wording};
use aludel_revision::{History, Revision, RevisionId};

use crate::catalogs::{Catalogs, same_major};
use crate::ui::problem::Problem;

/// What the database has otherwise than its own revisions made it.
pub(crate) async fn drift(
    catalogs: &Catalogs<'_>,
    found: &Catalog,
    history: &History,
    current: &[RevisionId],
) -> Result<Vec<String>, Problem> {
    let applied = history.applied(current)?;
    let revisions: Vec<&Revision> = applied.iter().filter_map(|id| history.get(id)).collect();
    let mut expected = catalogs.revisions(&revisions).await?;
    same_major(found, &expected)?;
    complete(
        found,
        &mut expected,
        &catalogs.managed(SpokenFor::Everything),
    );
    keep_unstated_grants(found, &mut expected);
    // What was restored from a dump says some things in other words.
    keep_wording(found, &mut expected);
    Ok(aludel_prove::differences(found, &expected))
}

/// Grants count only where the history states one.
fn keep_unstated_grants(found: &Catalog, expected: &mut Catalog) {
    for object in expected
        .objects
        .values_mut()
        .filter(|object| object.grants.is_default())
    {
        if let Some(found) = found.get(&object.id) {
            object.grants.clone_from(&found.grants);
        }
    }
}
