//! The file form of a catalog: what PostgreSQL answered, word for word.
//!
//! A snapshot keeps the rows, not the structs, and is read through the same decoders as a live answer; so there is one
//! way to make a [`Catalog`](crate::Catalog), and a cached one cannot differ from a fresh one.

use crate::assemble::{AssembleError, assemble, queries};
use crate::catalog::Catalog;
use crate::row::RowRead;
use sha2::{Digest, Sha256};

/// The number of the file form; part of every cache key.
pub const FORMAT: u32 = 1;

/// The answers to [`queries`], owned.
pub type Rows = Vec<Vec<Vec<Option<String>>>>;

/// Returns the answers as JSON.
pub fn to_json<R: RowRead>(sets: &[Vec<R>]) -> String {
    let owned: Vec<Vec<Vec<Option<&str>>>> = sets
        .iter()
        .map(|set| {
            set.iter()
                .map(|row| (0..row.width()).map(|column| row.get(column)).collect())
                .collect()
        })
        .collect();
    serde_json::to_string(&owned).unwrap_or_default()
}

/// Reads what [`to_json`] wrote; `None` when it is not that.
pub fn from_json(text: &str) -> Option<Result<Catalog, AssembleError>> {
    let sets: Rows = serde_json::from_str(text).ok()?;
    Some(assemble(&sets))
}

/// Returns a fingerprint of the queries for a server version, so that a changed query never reads an old file.
pub fn queries_fingerprint(server_version: u32) -> String {
    let mut digest = Sha256::new();
    for query in queries(server_version) {
        digest.update(query.as_bytes());
        digest.update([0]);
    }
    let mut hex = String::new();
    for byte in digest.finalize() {
        hex.push_str(&format!("{byte:02x}"));
    }
    hex
}
