//! What an update of an adopted project finds: which of Alembic's revisions are adopted, and where new ones begin.

use std::collections::BTreeSet;

use aludel_adopt::{AlembicRevision, Beginning, VersionTable, changed_from, graph};
use aludel_revision::{History, Revision};

use crate::config::{Project, shown};
use crate::context::current_dir;
use crate::running;
use crate::ui::printer::Printer;
use crate::ui::problem::Problem;

/// The files that are there, and those of Alembic's revisions that they stand for.
pub(crate) struct Adopted {
    history: History,
    known: Vec<AlembicRevision>,
}

impl Adopted {
    /// Tells the revisions that are adopted from those that are not.
    pub(crate) fn split(
        settings: &Project,
        revisions: Vec<AlembicRevision>,
    ) -> Result<(Self, Vec<AlembicRevision>), Problem> {
        let history = History::load(&settings.migrations)?;
        let is_known = |one: &AlembicRevision| {
            let replaces = |file: &Revision| file.header.replaces.ids().contains(&one.id);
            history.get(&one.id).is_some() || history.revisions().iter().any(replaces)
        };
        let (known, new) = revisions.into_iter().partition(is_known);
        Ok((Self { history, known }, new))
    }

    /// Names the files of Alembic's that were changed since they were recorded.
    pub(crate) fn tell_changes(&self, printer: &mut Printer) -> Result<(), Problem> {
        let folder = current_dir()?;
        for revision in &self.known {
            let Some(file) = self.history.get(&revision.id) else {
                continue;
            };
            if let Some(recorded) = changed_from(file.text()?, revision) {
                printer.warn(
                    &format!(
                        "{} was changed since it was adopted; {} stays as it was recorded",
                        shown(&folder, &revision.path),
                        revision.id
                    ),
                    &[
                        format!(
                            "sha256 {recorded} was recorded, it is {} now",
                            revision.checksum
                        ),
                        format!(
                            "where databases are to follow, change {} by hand",
                            shown(&folder, &file.path)
                        ),
                    ],
                );
            }
        }
        Ok(())
    }

    /// Where the walk goes on: behind what both tools have. What was written with Aludel alone stays out.
    pub(crate) fn beginning(&self, settings: &Project) -> Result<Beginning<'_>, Problem> {
        let standing = |one: &AlembicRevision| self.history.standing_for(&one.id);
        let mut applied = BTreeSet::new();
        for file in self.known.iter().filter_map(standing) {
            applied.extend(self.history.applied(std::slice::from_ref(file.id()))?);
        }
        let runner = running::settings(settings);
        Ok(Beginning::Adopted {
            revisions: self
                .history
                .iter_as_run()
                .filter(|file| applied.contains(file.id()))
                .collect(),
            rows: graph::tips(&self.known),
            version: VersionTable {
                table: runner.version_table,
                schema: runner.version_schema,
            },
        })
    }
}
