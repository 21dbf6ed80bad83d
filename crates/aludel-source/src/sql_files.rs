//! A `.sql` file, or every `.sql` file under a folder in the order of their paths, or of the folder's index.

use std::path::{Path, PathBuf};

use aludel_sql::Statement;

use crate::annotated;
use crate::error::SourceError;
use crate::source::{Intents, Loaded, SourceContext};
use crate::sql_index;

/// Folders nested deeper than this are a loop of links.
const DEPTH_LIMIT: u32 = 64;

/// Loads a file or a folder; `path` is relative to the project folder.
pub(crate) fn load(path: &Path, context: &SourceContext) -> Result<Loaded, SourceError> {
    let path = context.project_dir.join(path);
    let mut files = Vec::new();
    if fs_err::metadata(&path)?.is_dir() {
        collect(&path, DEPTH_LIMIT, &mut files)?;
        files.sort();
        if files.is_empty() {
            return Err(SourceError::NoSqlFiles { path });
        }
        if let Some(ordered) = sql_index::in_order(&path, &files, &context.project_dir)? {
            files = ordered;
        }
    } else {
        files.push(path);
    }
    let (mut statements, mut intents) = (Vec::new(), Intents::default());
    for file in files {
        let shown = shown(&file, &context.project_dir);
        let (more, stated) = read(&fs_err::read(&file)?, &shown)?;
        statements.extend(more);
        intents.extend(stated);
    }
    Ok(Loaded {
        intents,
        ..Loaded::everything(statements)
    })
}

/// Splits the bytes of a script and reads what its directives say; `shown` names it in origins and errors.
pub(crate) fn read(bytes: &[u8], shown: &str) -> Result<(Vec<Statement>, Intents), SourceError> {
    let text = std::str::from_utf8(bytes).map_err(|error| SourceError::NotUtf8 {
        file: shown.to_owned(),
        line: line_at(bytes, error.valid_up_to()),
    })?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let statements = aludel_sql::split(text, Some(shown))?;
    Ok((statements, annotated::intents(text, shown)?))
}

/// Returns a path as it is shown to a person: relative to the project where it lies in it.
pub(crate) fn shown(path: &Path, project_dir: &Path) -> String {
    let relative = path.strip_prefix(project_dir).unwrap_or(path);
    let relative = relative.strip_prefix(".").unwrap_or(relative);
    relative.display().to_string()
}

fn line_at(bytes: &[u8], position: usize) -> u32 {
    let newlines = bytes
        .iter()
        .take(position)
        .filter(|byte| **byte == b'\n')
        .count();
    u32::try_from(newlines)
        .unwrap_or(u32::MAX)
        .saturating_add(1)
}

fn collect(folder: &Path, depth: u32, files: &mut Vec<PathBuf>) -> Result<(), SourceError> {
    for entry in fs_err::read_dir(folder)? {
        let path = entry?.path();
        let hidden = path
            .file_name()
            .is_some_and(|name| name.as_encoded_bytes().starts_with(b"."));
        if hidden {
            continue;
        }
        if fs_err::metadata(&path)?.is_dir() {
            if depth > 0 {
                collect(&path, depth - 1, files)?;
            }
        } else if path.extension().is_some_and(|extension| extension == "sql") {
            files.push(path);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context(project: &Path) -> SourceContext {
        SourceContext {
            project_dir: project.to_owned(),
            python: None,
            cache_dir: project.join("cache"),
            entities: Vec::new(),
            arguments: Vec::new(),
            schema_translate_map: std::collections::BTreeMap::new(),
            foreign_keys: crate::source::ForeignKeys::Inside,
            ignore_cache: false,
            connects_to: None,
        }
    }

    #[test]
    fn a_folder_is_read_in_the_order_of_paths() {
        let project = tempfile::tempdir().unwrap();
        let schema = project.path().join("schema");
        fs_err::create_dir_all(schema.join("b")).unwrap();
        fs_err::write(schema.join("c.sql"), "select 3;").unwrap();
        fs_err::write(
            schema.join("b/x.sql"),
            "\u{feff}-- two\r\n\r\nselect 2;\r\n",
        )
        .unwrap();
        fs_err::write(schema.join("a.sql"), "select 0; select 1").unwrap();
        fs_err::write(schema.join(".d.sql"), "select 4;").unwrap();
        fs_err::write(schema.join("notes.txt"), "no").unwrap();
        let loaded = load(Path::new("schema"), &context(project.path())).unwrap();
        let found: Vec<String> = loaded
            .statements
            .iter()
            .map(|statement| format!("{} {}", statement.origin, statement.text))
            .collect();
        assert_eq!(
            found,
            [
                "schema/a.sql:1 select 0",
                "schema/a.sql:1 select 1",
                "schema/b/x.sql:3 select 2",
                "schema/c.sql:1 select 3"
            ]
        );
    }

    #[test]
    fn bytes_that_are_not_utf8_are_an_error_with_their_line() {
        let project = tempfile::tempdir().unwrap();
        fs_err::write(project.path().join("a.sql"), b"select 1;\n-- caf\xe9\n").unwrap();
        let error = load(Path::new("a.sql"), &context(project.path())).unwrap_err();
        assert_eq!(error.to_string(), "a.sql:2: not UTF-8");
    }

    #[test]
    fn directives_say_what_was_renamed() {
        let project = tempfile::tempdir().unwrap();
        let text = "-- aludel: renamed from=public.people\nCREATE TABLE users (\n  -- aludel: renamed from=nick\n  \
                    name text);\n-- aludel: enum-map 'on hold'=new\nCREATE TYPE s AS ENUM ('new');\n";
        let path = project.path().join("a.sql");
        fs_err::write(&path, text).unwrap();
        let intents = load(Path::new("a.sql"), &context(project.path()))
            .unwrap()
            .intents;
        let told = |one: &crate::Rename| {
            let table = one.table.clone().unwrap_or_default();
            format!(
                "{:?} {table} {} {} {:?}",
                one.kind, one.from, one.to, one.line
            )
        };
        let renames: Vec<String> = intents.renames.iter().map(told).collect();
        assert_eq!(
            renames,
            [
                "Some(\"table\")  public.people users Some(1)",
                "Some(\"column\") users nick name Some(3)"
            ]
        );
        assert_eq!(intents.enum_maps[0].from, "on hold");
        for (text, message) in [
            (
                "\n-- aludel: renamed from=x\nSELECT 1;",
                "a.sql:2: `-- aludel: renamed from=x` stands above nothing",
            ),
            (
                "-- aludel: rename from=x\nSELECT 1;",
                "a.sql:1: `-- aludel: rename from=x` is not known",
            ),
        ] {
            fs_err::write(&path, text).unwrap();
            let error = load(Path::new("a.sql"), &context(project.path())).unwrap_err();
            assert!(error.to_string().starts_with(message), "{error}");
        }
    }

    #[test]
    fn an_empty_folder_is_not_an_empty_schema() {
        let project = tempfile::tempdir().unwrap();
        fs_err::create_dir(project.path().join("schema")).unwrap();
        let error = load(Path::new("schema"), &context(project.path())).unwrap_err();
        assert!(matches!(error, SourceError::NoSqlFiles { .. }), "{error}");
    }

    #[test]
    fn a_missing_file_is_named() {
        let project = tempfile::tempdir().unwrap();
        let error = load(Path::new("nowhere.sql"), &context(project.path())).unwrap_err();
        assert!(error.to_string().contains("nowhere.sql"), "{error}");
    }
}
