//! Servers from Debian's package manager, for root on a machine without npm.
//!
//! Debian's server packages make and start a cluster of their own; here only the programs are
//! wanted, so that is switched off for the time of the installation.

use std::path::Path;

use rustix::process::geteuid;

use super::{InstallError, on_path, run};
use crate::programs::{FoundIn, Programs};

const SOURCE: &str = "the system's package list";

/// Read by the packages' scripts.
const SWITCH: &str = "/etc/postgresql-common/createcluster.d/aludel.conf";

/// True when this account may install packages.
pub(super) fn may_install() -> bool {
    geteuid().is_root() && on_path("apt-get") && on_path("apt-cache")
}

pub(super) fn install(major: u32, say: &mut dyn FnMut(&str)) -> Result<Programs, InstallError> {
    let mut known = majors()?;
    if !known.contains(&major) {
        say("reading the package lists with apt-get update");
        run("apt-get", &["update", "-qq"])?;
        known = majors()?;
    }
    if !known.contains(&major) {
        return Err(InstallError::UnknownMajor {
            major,
            source_name: SOURCE,
            known,
        });
    }
    let package = format!("postgresql-{major}");
    say(&format!(
        "installing {package} with apt-get, without a cluster or service of its own"
    ));
    let switch = Path::new(SWITCH);
    if let Some(directory) = switch.parent() {
        fs_err::create_dir_all(directory)?;
    }
    fs_err::write(switch, "create_main_cluster = false\n")?;
    let installed = run(
        "apt-get",
        &["install", "-y", "--no-install-recommends", &package],
    );
    fs_err::remove_file(switch)?;
    installed?;
    let bin_dir = format!("/usr/lib/postgresql/{major}/bin");
    Programs::at(Path::new(&bin_dir), FoundIn::System).map_err(|unusable| InstallError::Unusable {
        reason: unusable.reason,
    })
}

/// The major versions that the package lists have.
fn majors() -> Result<Vec<u32>, InstallError> {
    let listed = run(
        "apt-cache",
        &["search", "--names-only", "^postgresql-[0-9]+$"],
    )?;
    let mut majors: Vec<u32> = listed
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .filter_map(|package| package.strip_prefix("postgresql-")?.parse().ok())
        .collect();
    majors.sort_unstable();
    Ok(majors)
}
