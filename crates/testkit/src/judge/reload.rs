//! Dumps are stable: what `dump` prints, and the folder it writes, load and give the same schema and the same text again.

use std::path::Path;
use std::process::Command;

use aludel_postgres::DatabaseUrl;

use super::case::{Judge, output};
use super::side::AnyError;

impl Judge<'_> {
    /// Dumps the schema of one file, as text and as a folder, loads both and dumps again. Returns what is not the same,
    /// `None` when all is; a file that does not load on this server has nothing to say.
    pub async fn reload(&self, file: &Path, split: &str) -> Result<Option<String>, AnyError> {
        let original = self.scratch.database().await?;
        let text = self.scratch.database().await?;
        let folder = self.scratch.database().await?;
        let verdict = match self.load(original.url(), file) {
            Ok(()) => self
                .compare(original.url(), [text.url(), folder.url()], split)
                .err(),
            Err(_) => None,
        };
        for database in [original, text, folder] {
            database.close().await;
        }
        self.drop_roles()?;
        Ok(verdict)
    }

    fn compare(
        &self,
        original: &DatabaseUrl,
        copies: [&DatabaseUrl; 2],
        split: &str,
    ) -> Result<(), String> {
        let said = |error: std::io::Error| error.to_string();
        let place = tempfile::tempdir().map_err(said)?;
        let (script, files) = (place.path().join("dump.sql"), place.path().join("dump"));
        let folder = files.to_string_lossy();
        let printed = self.dumped(&original.to_connection_string(), &[])?;
        // A schema with nothing in it makes no statement, and so no folder that could be loaded.
        if printed.is_empty() {
            return Ok(());
        }
        fs_err::write(&script, &printed).map_err(said)?;
        let in_folder = ["--split", split, "--output", &folder];
        self.dumped(&original.to_connection_string(), &in_folder)?;
        for (copy, from) in copies.into_iter().zip([script, files.join("index.sql")]) {
            self.load(copy, &from)
                .map_err(|error| format!("{} does not load: {error}\n{printed}", from.display()))?;
            if let Some(difference) = self.difference(copy, original)? {
                return Err(format!("the schemas differ\n{difference}\n{printed}"));
            }
            let again = self.dumped(&copy.to_connection_string(), &[])?;
            same(&printed, &again, "dumped again")?;
        }
        // What is built on scratch has no owners that somebody stated.
        let unowned = |text: &str| -> String {
            let lines = text.lines().filter(|line| !line.contains(" OWNER TO "));
            lines.collect::<Vec<_>>().join("\n")
        };
        let read = self.dumped(&folder, &[])?;
        same(&unowned(&printed), &unowned(&read), "read as models")
    }

    fn dumped(&self, from: &str, more: &[&str]) -> Result<String, String> {
        output(
            Command::new(&self.tool)
                .args(["dump", "--from", from])
                .args(more),
        )
    }
}

fn same(one: &str, other: &str, what: &str) -> Result<(), String> {
    if one == other {
        return Ok(());
    }
    let difference = similar::TextDiff::from_lines(one, other)
        .unified_diff()
        .header("dumped", what)
        .to_string();
    Err(format!("the dumps differ\n{difference}"))
}
