//! The user's cache: template data directories, fetched servers, run directories without `/dev/shm`.

use std::path::{Path, PathBuf};

use rustix::process::geteuid;

/// Where Aludel caches when nobody says otherwise.
///
/// Root's cache is the system's (`/var/cache/aludel`), because the account that the server runs as
/// cannot reach root's home.
pub fn default_cache_dir() -> PathBuf {
    if geteuid().is_root() {
        return PathBuf::from("/var/cache/aludel");
    }
    let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty());
    if let Some(directory) = variable("XDG_CACHE_HOME") {
        return Path::new(&directory).join("aludel");
    }
    let home = variable("HOME").map_or_else(std::env::temp_dir, PathBuf::from);
    if cfg!(target_os = "macos") {
        home.join("Library/Caches/aludel")
    } else {
        home.join(".cache/aludel")
    }
}
