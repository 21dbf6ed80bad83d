//! How a project's Python is run: the command, and why that one.

use std::env;
use std::path::{Path, PathBuf};

use crate::error::SourceError;

/// The command that runs the project's Python.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interpreter {
    /// The program and the arguments that come before the script.
    pub(crate) words: Vec<String>,
}

impl Interpreter {
    /// Returns the command as a person would type it.
    pub fn shown(&self) -> String {
        self.words.join(" ")
    }

    /// Returns the program, and the arguments that come before the script.
    pub fn command(&self) -> (&str, &[String]) {
        match self.words.split_first() {
            Some((program, words)) => (program, words),
            None => ("python3", &[]),
        }
    }
}

/// Finds the project's Python: what is configured, else `uv run python` in a project of uv, else a virtual environment
/// beside the project or above it (as far as the checkout reaches), else `python3`.
///
/// `below` is the folder that the models are in, when it is known; it is asked first.
pub fn find(
    project_dir: &Path,
    below: Option<&Path>,
    configured: Option<&str>,
) -> Result<Interpreter, SourceError> {
    if let Some(command) = configured {
        return Ok(Interpreter {
            words: configured_words(command, project_dir),
        });
    }
    for folder in folders(project_dir, below) {
        if is_uv_project(&folder) && on_path("uv").is_some() {
            let mut words = vec!["uv".to_owned(), "run".to_owned()];
            if folder != project_dir {
                words.extend(["--project".to_owned(), folder.display().to_string()]);
            }
            words.push("python".to_owned());
            return Ok(Interpreter { words });
        }
        for name in [".venv", "venv"] {
            let python = folder.join(name).join("bin/python");
            if python.exists() {
                return Ok(Interpreter {
                    words: vec![python.display().to_string()],
                });
            }
        }
    }
    let python = ["python3", "python"].into_iter().find_map(on_path);
    let python = python.ok_or_else(|| SourceError::NoPython {
        project_dir: project_dir.to_owned(),
    })?;
    Ok(Interpreter {
        words: vec![python.display().to_string()],
    })
}

/// The folders that may hold the project's environment, nearest first.
fn folders(project_dir: &Path, below: Option<&Path>) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = below.map(Path::to_owned).into_iter().collect();
    let absolute = fs_err::canonicalize(project_dir).unwrap_or_else(|_| project_dir.to_owned());
    for folder in absolute.ancestors() {
        let known = if folder == absolute {
            project_dir
        } else {
            folder
        };
        if !folders.iter().any(|one| one == known) {
            folders.push(known.to_owned());
        }
        if folder.join(".git").exists() {
            break;
        }
    }
    folders
}

fn is_uv_project(folder: &Path) -> bool {
    folder.join("uv.lock").exists()
        || fs_err::read_to_string(folder.join("pyproject.toml"))
            .ok()
            .and_then(|text| text.parse::<toml::Table>().ok())
            .is_some_and(|table| {
                table
                    .get("tool")
                    .is_some_and(|tool| tool.get("uv").is_some())
            })
}

fn on_path(program: &str) -> Option<PathBuf> {
    let path = env::var_os("PATH")?;
    env::split_paths(&path)
        .map(|folder| folder.join(program))
        .find(|candidate| candidate.is_file())
}

/// Splits a configured command at spaces outside quotes; a program given by a relative path is the project's.
fn configured_words(command: &str, project_dir: &Path) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut quote = None;
    for character in command.chars() {
        match (quote, character) {
            (None, '"' | '\'') => quote = Some(character),
            (Some(open), _) if open == character => quote = None,
            (None, _) if character.is_whitespace() => {
                if !word.is_empty() {
                    words.push(std::mem::take(&mut word));
                }
            }
            _ => word.push(character),
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    if let Some(program) = words.first_mut()
        && program.contains('/')
        && Path::new(program).is_relative()
    {
        *program = project_dir.join(&*program).display().to_string();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_configured_command_is_split_at_spaces_outside_quotes() {
        let words = configured_words("docker exec 'my app' python", Path::new("/p"));
        assert_eq!(words, ["docker", "exec", "my app", "python"]);
        assert_eq!(
            configured_words(".venv/bin/python", Path::new("/p")),
            ["/p/.venv/bin/python"]
        );
    }

    #[test]
    fn a_virtual_environment_above_the_project_is_found() {
        let root = tempfile::tempdir().unwrap();
        let project = root.path().join("services/shop");
        fs_err::create_dir_all(root.path().join(".git")).unwrap();
        fs_err::create_dir_all(root.path().join(".venv/bin")).unwrap();
        fs_err::create_dir_all(&project).unwrap();
        fs_err::write(root.path().join(".venv/bin/python"), "").unwrap();
        let found = find(&project, None, None).unwrap();
        let wanted = fs_err::canonicalize(root.path())
            .unwrap()
            .join(".venv/bin/python");
        assert_eq!(found.words, [wanted.display().to_string()]);
    }

    #[test]
    fn the_folder_of_the_models_is_asked_first() {
        let root = tempfile::tempdir().unwrap();
        for folder in ["venv/bin", "backend/.venv/bin"] {
            fs_err::create_dir_all(root.path().join(folder)).unwrap();
            fs_err::write(root.path().join(folder).join("python"), "").unwrap();
        }
        let below = root.path().join("backend");
        let found = find(root.path(), Some(&below), None).unwrap();
        assert_eq!(
            found.words,
            [below.join(".venv/bin/python").display().to_string()]
        );
    }
}
