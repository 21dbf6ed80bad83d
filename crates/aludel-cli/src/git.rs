//! What git knows of the project's files, asked of the program `git`; everything here has an answer without it.

mod history;

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

pub(crate) use history::Version;

/// The branches that others' work is taken to be on, the likeliest first.
const MAINLINES: [&str; 4] = ["origin/main", "origin/master", "main", "master"];

/// A repository of git.
pub(crate) struct Repository {
    root: PathBuf,
}

/// A commit, and what it is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Commit {
    /// Its name for git.
    pub(crate) id: String,
    /// Its name for people.
    pub(crate) name: String,
}

impl Repository {
    /// Finds the repository that a folder is in; none without git.
    pub(crate) fn of(folder: &Path) -> Option<Self> {
        let asked = Self {
            root: folder.to_owned(),
        };
        let root = asked.ask(&["rev-parse", "--show-toplevel"])?;
        Some(Self {
            root: PathBuf::from(root),
        })
    }

    /// Returns the commit whose files are others' work, where mine are the files that it does not have.
    ///
    /// Replaying commits (rebase, cherry-pick), git stands on theirs. In a merge theirs is what is merged,
    /// unless the mainline takes in a branch. Otherwise it is the mainline, or its upstream when this is it; without
    /// one, what is committed.
    pub(crate) fn theirs(&self) -> Option<Commit> {
        let head = || Commit {
            id: "HEAD".to_owned(),
            name: "the commit that git stands on".to_owned(),
        };
        let mainline = self.mainline();
        let on_mainline = match (self.branch(), &mainline) {
            (Some(branch), Some(mainline)) => mainline.rsplit('/').next() == Some(branch.as_str()),
            _ => false,
        };
        if self.is_replaying() {
            return Some(head());
        }
        let upstream = self.ask(&["rev-parse", "--abbrev-ref", "@{upstream}"]);
        if self.commit("MERGE_HEAD").is_some() {
            let published = [
                upstream.as_deref(),
                mainline.as_deref().filter(|_| !on_mainline),
            ];
            let is_published = published.into_iter().flatten().any(|branch| {
                self.succeeds(&["merge-base", "--is-ancestor", "MERGE_HEAD", branch])
            });
            if on_mainline && !is_published {
                return Some(head());
            }
            return Some(Commit {
                id: "MERGE_HEAD".to_owned(),
                name: "the branch that git merges".to_owned(),
            });
        }
        if on_mainline {
            let before_merge = || self.commit("HEAD^2").map(|_| "HEAD^1".to_owned());
            return Some(match upstream.or_else(before_merge) {
                Some(id) => Commit {
                    name: id.clone(),
                    id,
                },
                None => Commit {
                    id: "HEAD".to_owned(),
                    name: "the last commit".to_owned(),
                },
            });
        }
        mainline.map(|id| Commit {
            name: id.clone(),
            id,
        })
    }

    /// Returns the files below a folder in a commit.
    pub(crate) fn files(&self, commit: &Commit, folder: &Path) -> Option<BTreeSet<PathBuf>> {
        let folder = folder.canonicalize().ok()?;
        let inside = folder.strip_prefix(self.root.canonicalize().ok()?).ok()?;
        let tree = format!("{}:{}", commit.id, inside.display());
        if !self.succeeds(&["cat-file", "-e", &tree]) {
            // A folder that they do not have yet.
            return self.commit(&commit.id).map(|_| BTreeSet::new());
        }
        let listed = self.ask(&["ls-tree", "--name-only", "-z", &tree])?;
        let names = listed.split('\0').filter(|name| !name.is_empty());
        Some(names.map(|name| folder.join(name)).collect())
    }

    fn branch(&self) -> Option<String> {
        self.ask(&["symbolic-ref", "-q", "--short", "HEAD"])
    }

    fn mainline(&self) -> Option<String> {
        let remote = self.ask(&["symbolic-ref", "-q", "--short", "refs/remotes/origin/HEAD"]);
        let named = MAINLINES.into_iter().map(str::to_owned);
        let mut candidates = remote.into_iter().chain(named);
        candidates.find(|name| self.commit(name).is_some())
    }

    fn is_replaying(&self) -> bool {
        let exists = |name: &str| {
            let path = self.ask(&["rev-parse", "--git-path", name]);
            path.is_some_and(|path| self.root.join(path).exists())
        };
        ["rebase-merge", "rebase-apply", "CHERRY_PICK_HEAD"]
            .into_iter()
            .any(exists)
    }

    fn commit(&self, name: &str) -> Option<String> {
        self.ask(&["rev-parse", "-q", "--verify", &format!("{name}^{{commit}}")])
    }

    fn succeeds(&self, arguments: &[&str]) -> bool {
        let status = self.command(arguments).stdout(Stdio::null()).status();
        status.is_ok_and(|status| status.success())
    }

    /// What git answers, without the line's end; `None` when it fails or says nothing.
    fn ask(&self, arguments: &[&str]) -> Option<String> {
        let output = self.command(arguments).output().ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        let text = text.trim_end_matches('\n');
        (output.status.success() && !text.is_empty()).then(|| text.to_owned())
    }

    fn command<A: AsRef<OsStr>>(&self, arguments: &[A]) -> Command {
        let mut command = Command::new("git");
        command
            .arg("-C")
            .arg(&self.root)
            .args(arguments)
            .stdin(Stdio::null())
            .stderr(Stdio::null());
        command
    }
}
