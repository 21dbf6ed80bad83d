//! A history drawn: with characters, for Mermaid, for Graphviz, as a picture.
//!
//! [`lanes`] gives each revision a lane and each line of descent the lane it runs in; the text and the picture
//! show the same lanes. Mermaid and Graphviz lay out by themselves.

mod lanes;
mod svg;
mod text;

use std::fmt::Write;

use aludel_revision::{Revision, RevisionId};

pub(crate) use svg::svg;
pub(crate) use text::text;

use crate::listing::Listing;

/// A Mermaid flowchart, parents below.
pub(crate) fn mermaid(listing: &Listing<'_>, revisions: &[&Revision]) -> String {
    let mut out = String::from("flowchart BT\n");
    let node = |id: &RevisionId| revisions.iter().position(|one| one.id() == id);
    for (number, revision) in revisions.iter().enumerate() {
        let text = label(revision, "<br/>").replace('"', "#quot;");
        let _ = writeln!(out, "    n{number}[\"{text}\"]");
    }
    for (number, revision) in revisions.iter().enumerate() {
        for parent in revision.header.parents.iter().filter_map(node) {
            let _ = writeln!(out, "    n{number} --> n{parent}");
        }
        let needed = listing.history().dependencies(revision.id());
        for needed in needed.iter().filter_map(|needed| node(needed.id())) {
            let _ = writeln!(out, "    n{number} -. depends on .-> n{needed}");
        }
    }
    out
}

/// A graph for Graphviz, parents below.
pub(crate) fn dot(listing: &Listing<'_>, revisions: &[&Revision]) -> String {
    let mut out = String::from("digraph history {\n    rankdir = BT;\n    node [shape = box];\n");
    let is_shown = |id: &RevisionId| revisions.iter().any(|one| one.id() == id);
    let quoted = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
    for revision in revisions {
        let text = quoted(&label(revision, "\n")).replace('\n', "\\n");
        let _ = writeln!(
            out,
            "    {} [label = {text}];",
            quoted(revision.id().as_str())
        );
    }
    for revision in revisions {
        let from = quoted(revision.id().as_str());
        for parent in revision.header.parents.iter().filter(|id| is_shown(id)) {
            let _ = writeln!(out, "    {from} -> {};", quoted(parent.as_str()));
        }
        for needed in listing.history().dependencies(revision.id()) {
            if is_shown(needed.id()) {
                let to = quoted(needed.id().as_str());
                let _ = writeln!(
                    out,
                    "    {from} -> {to} [style = dashed, label = \"depends on\"];"
                );
            }
        }
    }
    out.push_str("}\n");
    out
}

/// Id, labels and the first line of the message.
fn label(revision: &Revision, line_end: &str) -> String {
    let header = &revision.header;
    let mut text = header.revision.to_string();
    if !header.labels.is_empty() {
        let _ = write!(text, " ({})", header.labels.join(", "));
    }
    let message = header.message.lines().next().unwrap_or_default();
    format!("{text}{line_end}{message}")
}

#[cfg(test)]
mod tests;
