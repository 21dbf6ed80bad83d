//! Links between the documents lead somewhere.

use std::path::{Path, PathBuf};

use crate::markdown::links;
use crate::project::checkout;

#[test]
fn links_lead_somewhere() {
    let mut dead = Vec::new();
    for document in documents() {
        let text = std::fs::read_to_string(&document).unwrap();
        for link in links(&text) {
            let target = link.split('#').next().unwrap();
            if target.is_empty() || target.contains("://") {
                continue;
            }
            if !document.parent().unwrap().join(target).exists() {
                dead.push(format!("{}: {link}", document.display()));
            }
        }
    }
    assert!(dead.is_empty(), "{}", dead.join("\n"));
}

/// Every Markdown file of the checkout that people read.
pub(crate) fn documents() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for name in ["README.md", "CHANGELOG.md"] {
        found.push(checkout().join(name));
    }
    for folder in ["docs", "examples"] {
        collect(&checkout().join(folder), &mut found);
    }
    assert!(found.len() > 10, "{found:?}");
    found
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && !path.file_name().unwrap().to_string_lossy().starts_with('.') {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push(path);
        }
    }
}
