//! The script that Python runs: parts that read as one file, so that nothing has to be installed.

/// Python 3.8 or newer; the request is its one argument, its answer goes to standard output behind [`MARKER`].
pub(crate) const SCRIPT: &str = concat!(
    include_str!("python/record.py"),
    include_str!("../redirect.py"),
    include_str!("python/find.py"),
    include_str!("python/environment.py"),
    include_str!("python/settings.py"),
    include_str!("python/ddl.py"),
    include_str!("python/emit.py"),
);

/// The line before the answer.
pub(crate) const MARKER: &[u8] = b"\n\x1ealudel-models\n";
