//! Where the checkout, its build products and the release build are.

use std::path::{Path, PathBuf};

use crate::Failure;

/// The checkout, and the folder of its build products.
pub(crate) fn places() -> Result<(PathBuf, PathBuf), Failure> {
    let checkout = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .canonicalize()?;
    let target = match std::env::var_os("CARGO_TARGET_DIR") {
        Some(target) => checkout.join(target),
        None => checkout.join("target"),
    };
    Ok((checkout, target))
}

/// The release build of the program, which has to be made before.
pub(crate) fn release_build(target: &Path) -> Result<PathBuf, Failure> {
    let tool = target.join("release/aludel");
    if tool.is_file() {
        return Ok(tool);
    }
    let tool = tool.display();
    Err(format!("{tool} is missing: cargo build --release --package aludel-cli").into())
}
