//! The index of a folder of `.sql` files: `index.sql`, whose lines `\ir path` say in which order the others load.
//!
//! `psql -f index.sql` reads it too. `aludel dump --split` writes one.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::error::SourceError;
use crate::sql_files::shown;

/// The name of the index.
pub const INDEX: &str = "index.sql";

/// Returns the files of the folder in the order that its index says; `None` when it has no index. `files` are all that
/// are there: one that the index does not name is an error, for psql would not load it.
pub(crate) fn in_order(
    folder: &Path,
    files: &[PathBuf],
    project_dir: &Path,
) -> Result<Option<Vec<PathBuf>>, SourceError> {
    let index = folder.join(INDEX);
    if !files.contains(&index) {
        return Ok(None);
    }
    let Some(listed) = listed(&fs_err::read_to_string(&index)?) else {
        return Ok(None);
    };
    let ordered: Vec<PathBuf> = listed.iter().map(|path| folder.join(path)).collect();
    let known: BTreeSet<&PathBuf> = ordered.iter().chain([&index]).collect();
    match files.iter().find(|file| !known.contains(file)) {
        Some(file) => Err(SourceError::NotInIndex {
            index: shown(&index, project_dir),
            file: shown(file, project_dir),
            line: shown(file, folder),
        }),
        None => Ok(Some(ordered)),
    }
}

/// Returns the paths that an index lists; `None` when the text is no index but a script.
pub fn listed(text: &str) -> Option<Vec<String>> {
    let lines = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with("--"));
    let paths: Option<Vec<String>> = lines
        .map(|line| {
            line.strip_prefix("\\ir ")
                .map(|path| path.trim().to_owned())
        })
        .collect();
    paths.filter(|paths| !paths.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_lists_files_and_nothing_else() {
        assert_eq!(
            listed("-- a\n\n\\ir b/c.sql\n\\ir d.sql\n").unwrap(),
            ["b/c.sql", "d.sql"]
        );
        assert_eq!(listed("\\ir a.sql\nSELECT 1;"), None);
        assert_eq!(listed("-- nothing\n"), None);
    }

    #[test]
    fn a_file_that_the_index_forgets_is_named() {
        let project = tempfile::tempdir().unwrap();
        let folder = project.path().join("schema");
        fs_err::create_dir(&folder).unwrap();
        fs_err::write(folder.join(INDEX), "\\ir b.sql\n\\ir a.sql\n").unwrap();
        let mut files = vec![
            folder.join("a.sql"),
            folder.join("b.sql"),
            folder.join(INDEX),
        ];
        let ordered = in_order(&folder, &files, project.path()).unwrap().unwrap();
        assert_eq!(ordered, [folder.join("b.sql"), folder.join("a.sql")]);
        files.push(folder.join("c.sql"));
        let error = in_order(&folder, &files, project.path()).unwrap_err();
        assert_eq!(
            error.to_string(),
            "schema/c.sql is not listed in schema/index.sql"
        );
        assert!(error.hint().unwrap().contains("\\ir c.sql"));
    }
}
