//! As much of Markdown as the documents use: fenced blocks, and links.

use std::ops::Range;

/// A fenced block.
pub(crate) struct Block<'a> {
    /// What stands behind the opening fence.
    pub(crate) language: &'a str,
    /// Where the lines between the fences are in the document.
    pub(crate) range: Range<usize>,
    /// These lines.
    pub(crate) text: &'a str,
}

/// The fenced blocks of a document, in order.
pub(crate) fn blocks(document: &str) -> Vec<Block<'_>> {
    let mut blocks = Vec::new();
    let mut open: Option<(&str, usize)> = None;
    let mut offset = 0;
    for line in document.split_inclusive('\n') {
        let end = offset + line.len();
        if let Some(language) = line.trim_end().strip_prefix("```") {
            open = match open {
                None => Some((language, end)),
                Some((language, start)) => {
                    let range = start..offset;
                    let text = &document[range.clone()];
                    blocks.push(Block {
                        language,
                        range,
                        text,
                    });
                    None
                }
            };
        }
        offset = end;
    }
    assert!(open.is_none(), "a block is not closed");
    blocks
}

/// The targets of a document's links, those in blocks left out.
pub(crate) fn links(document: &str) -> Vec<&str> {
    let mut links = Vec::new();
    let mut start = 0;
    let mut search = |text: &'_ str, offset: usize| {
        let mut rest = text;
        let mut at = offset;
        while let Some(found) = rest.find("](") {
            let from = found + 2;
            let Some(length) = rest[from..].find(')') else {
                break;
            };
            links.push(at + from..at + from + length);
            at += from + length;
            rest = &rest[from + length..];
        }
    };
    for block in blocks(document) {
        search(&document[start..block.range.start], start);
        start = block.range.end;
    }
    search(&document[start..], start);
    links.into_iter().map(|range| &document[range]).collect()
}
