//! Earlier versions of files, out of every branch.

use std::path::Path;

use crate::git::Repository;

/// A commit that changed a file, and where the file then was.
pub(crate) struct Version {
    /// The commit's short name.
    pub(crate) commit: String,
    /// The file's path from the repository's root.
    pub(crate) path: String,
    /// The commit deleted the file.
    pub(crate) deleted: bool,
}

impl Repository {
    /// Returns the commits of any branch that changed files whose text holds a line, newest first.
    pub(crate) fn versions_with(&self, line: &str) -> Vec<Version> {
        let search = format!("-S{line}");
        self.log(&["--all", &search, "--", "*.sql"])
    }

    /// Returns the commits of any branch that changed a file, newest first.
    pub(crate) fn versions_of(&self, path: &Path) -> Vec<Version> {
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let path = path.display().to_string();
        self.log(&["--all", "--", &path])
    }

    /// Returns a file's text as a commit has it; `before` asks for what it was before the commit.
    pub(crate) fn text(&self, version: &Version, before: bool) -> Option<String> {
        let suffix = if before { "^" } else { "" };
        let object = format!("{}{suffix}:{}", version.commit, version.path);
        let output = self.command(&["cat-file", "blob", &object]).output().ok()?;
        output
            .status
            .success()
            .then(|| String::from_utf8(output.stdout).ok())?
    }

    /// Whether git has the file, exactly as it is now.
    pub(crate) fn has_as_it_is(&self, path: &Path) -> bool {
        let Ok(path) = path.canonicalize() else {
            return false;
        };
        let path = path.display().to_string();
        self.succeeds(&["ls-files", "--error-unmatch", "--", &path])
            && self.succeeds(&["diff", "--quiet", "HEAD", "--", &path])
    }

    fn log(&self, arguments: &[&str]) -> Vec<Version> {
        let format = "--format=%x01%h";
        let fixed = ["log", "--no-renames", "--name-status", "-m", "-z", format];
        let text = self.ask(&[&fixed, arguments].concat()).unwrap_or_default();
        let mut versions = Vec::new();
        for part in text.split('\u{1}').skip(1) {
            let mut fields = part.split('\0').map(str::trim);
            let heading = fields.next().unwrap_or_default();
            let fields: Vec<&str> = fields.filter(|field| !field.is_empty()).collect();
            for pair in fields.chunks_exact(2) {
                versions.push(Version {
                    commit: heading.to_owned(),
                    path: pair[1].to_owned(),
                    deleted: pair[0] == "D",
                });
            }
        }
        versions
    }
}
