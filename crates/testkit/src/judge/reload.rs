//! Dumps are stable: what `dump` prints, and the folder it writes, load and give the same schema and the same text again.

use std::path::Path;

use aludel_postgres::DatabaseUrl;

use super::dump;
use super::programs::Judge;
use super::side::AnyError;

/// How much is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    /// The text alone.
    Text,
    /// The folder too: it loads like the text, and is read as models.
    Folder,
}

impl Judge {
    /// Dumps the schema of one file, loads that and dumps again. Returns what is not the same, `None` when all is; a file that
    /// does not load on this server has nothing to say. `split` is the form of the folder.
    pub async fn reload(
        &self,
        file: &Path,
        split: &str,
        depth: Depth,
    ) -> Result<Option<String>, AnyError> {
        let verdict = match self.loaded(file).await? {
            Err(_) => None,
            Ok(original) => {
                let verdict = self.dumps_again(original.url(), split, depth).await;
                self.close(original).await?;
                verdict.err()
            }
        };
        self.drop_roles().await?;
        Ok(verdict)
    }

    async fn dumps_again(
        &self,
        original: &DatabaseUrl,
        split: &str,
        depth: Depth,
    ) -> Result<(), String> {
        let place = tempfile::tempdir().map_err(|error| error.to_string())?;
        let url = original.to_connection_string();
        let printed = self.aludel(["dump", "--from", &url])?;
        // A schema with nothing in it makes no statement, and so no folder that could be loaded.
        if printed.is_empty() {
            return Ok(());
        }
        let script = place.path().join("dump.sql");
        fs_err::write(&script, &printed).map_err(|error| error.to_string())?;
        self.loads(original, &script, &printed).await?;
        if depth == Depth::Text {
            return Ok(());
        }
        let files = place.path().join("dump");
        let folder = files.to_string_lossy();
        self.aludel([
            "dump", "--from", &url, "--split", split, "--output", &folder,
        ])?;
        self.loads(original, &files.join("index.sql"), &printed)
            .await?;
        // What is built on scratch has no owners that somebody stated.
        let unowned = |text: &str| -> String {
            let lines = text.lines().filter(|line| !line.contains(" OWNER TO "));
            lines.collect::<Vec<_>>().join("\n")
        };
        let read = self.aludel(["dump", "--from", &folder])?;
        same(&unowned(&printed), &unowned(&read), "read as models")
    }

    /// The script makes the same schema, whose dump is the same text.
    async fn loads(
        &self,
        original: &DatabaseUrl,
        script: &Path,
        printed: &str,
    ) -> Result<(), String> {
        let copy = self
            .loaded(script)
            .await
            .map_err(|error| error.to_string())?;
        let copy = copy.map_err(|why| {
            let script = script.display();
            format!("{script} does not load: {why}\n{printed}")
        })?;
        let verdict = self.is_copy(copy.url(), original, printed);
        self.close(copy).await.map_err(|error| error.to_string())?;
        verdict
    }

    fn is_copy(
        &self,
        copy: &DatabaseUrl,
        original: &DatabaseUrl,
        printed: &str,
    ) -> Result<(), String> {
        if let (Some(seen), Some(wanted)) = (self.dump(copy)?, self.dump(original)?)
            && let Some(difference) = dump::difference(&seen, &wanted)
        {
            return Err(format!("the schemas differ\n{difference}\n{printed}"));
        }
        let again = self.aludel(["dump", "--from", &copy.to_connection_string()])?;
        same(printed, &again, "dumped again")
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
