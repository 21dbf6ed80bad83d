//! Accounts of the operating system: who runs a server, and what that account can reach.
//!
//! PostgreSQL refuses to run as root, so root hands its servers to another account.

use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use rustix::process::geteuid;

/// One account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) name: String,
    pub(crate) uid: u32,
    pub(crate) gid: u32,
}

impl Account {
    /// The account with this number.
    pub(crate) fn by_uid(uid: u32) -> Option<Self> {
        all().into_iter().find(|account| account.uid == uid)
    }

    /// The account that servers run as; `None` when they run as the caller.
    ///
    /// For root: `postgres`, else the owner of the project, else `nobody`.
    pub(crate) fn for_servers(project_dir: &Path) -> Option<Self> {
        if !geteuid().is_root() {
            return None;
        }
        let accounts = all();
        let named = |name: &str| {
            accounts
                .iter()
                .find(|account| account.name == name)
                .cloned()
        };
        let owner = || {
            let metadata = fs_err::metadata(project_dir).ok()?;
            (metadata.uid() != 0).then(|| Self {
                name: format!("uid {}", metadata.uid()),
                uid: metadata.uid(),
                gid: metadata.gid(),
            })
        };
        named("postgres")
            .or_else(owner)
            .or_else(|| named("nobody"))
            .or(Some(Self {
                name: "nobody".to_owned(),
                uid: 65534,
                gid: 65534,
            }))
    }

    /// The first directory on the way to `path` that this account may not pass through.
    pub(crate) fn first_unreachable(&self, path: &Path) -> Option<PathBuf> {
        let mut ancestors: Vec<_> = path.ancestors().collect();
        ancestors.reverse();
        ancestors
            .into_iter()
            .find(|directory| !self.may_pass(directory))
            .map(Path::to_owned)
    }

    fn may_pass(&self, directory: &Path) -> bool {
        let Ok(metadata) = std::fs::metadata(directory) else {
            // What is not there yet will be made for this account.
            return true;
        };
        let bit = if metadata.uid() == self.uid {
            0o100
        } else if metadata.gid() == self.gid {
            0o010
        } else {
            0o001
        };
        metadata.mode() & bit != 0
    }
}

fn all() -> Vec<Account> {
    let text = fs_err::read_to_string("/etc/passwd").unwrap_or_default();
    text.lines().filter_map(parse).collect()
}

fn parse(line: &str) -> Option<Account> {
    let mut fields = line.split(':');
    let name = fields.next()?.to_owned();
    let _password = fields.next()?;
    let uid = fields.next()?.parse().ok()?;
    let gid = fields.next()?.parse().ok()?;
    Some(Account { name, uid, gid })
}
