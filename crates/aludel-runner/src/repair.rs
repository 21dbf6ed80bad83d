//! Recording a file's checksum anew: a row of the log says what the file is now, and nothing is run.

use aludel_revision::Revision;

use crate::error::RunError;
use crate::event::Events;
use crate::log::{LogOutcome, NewEntry};
use crate::place::Place;
use crate::runner::Runner;

/// What the rows of the log say about themselves.
const DETAIL: &str = "the file was changed after it was applied";

impl Runner<'_> {
    /// Adds a row to the log for each revision, with the checksum that its file has today.
    pub async fn record_checksums(
        &self,
        revisions: &[&Revision],
        events: &mut Events<'_>,
    ) -> Result<(), RunError> {
        let state = self.state().await?;
        self.check_writable(&state.facts)?;
        let locked = self.lock(events).await?;
        let place = Place::decide(&locked.facts, &self.version_table())?;
        let mut script = vec!["BEGIN".to_owned()];
        for revision in revisions {
            let entry = NewEntry {
                version_table: &self.version_table().qualified(),
                revision: revision.id().as_str(),
                direction: "stamp",
                segment: 0,
                segments: 0,
                outcome: LogOutcome::Done,
                checksum: &revision.checksum()?,
                segment_checksum: "",
                duration_ms: Some(0),
                tool: &self.settings.tool,
                detail: Some(DETAIL),
            };
            script.push(entry.insert_sql(&place.log));
        }
        script.push("COMMIT".to_owned());
        let written = self.session.execute(&script.join(";\n")).await;
        if written.is_err() {
            // Its own failure could only be a lost connection, which the first error tells already.
            let _ = self.session.execute("ROLLBACK").await;
        }
        self.unlock().await;
        written.map_err(RunError::Writing)
    }
}
