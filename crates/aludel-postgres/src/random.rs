//! Random names and passwords.

use std::io::Read as _;

/// `2 * bytes` hexadecimal digits from the system's generator.
pub(crate) fn hexadecimal(bytes: usize) -> std::io::Result<String> {
    let mut buffer = vec![0; bytes];
    fs_err::File::open("/dev/urandom")?.read_exact(&mut buffer)?;
    let digits = buffer.iter().map(|byte| format!("{byte:02x}"));
    Ok(digits.collect())
}
