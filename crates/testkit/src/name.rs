//! Names: mostly plain ones, and all that needs quoting.

use crate::draw::Draw;

const PLAIN: [&str; 16] = [
    "orders",
    "users",
    "price",
    "total",
    "note",
    "kind",
    "status",
    "created_at",
    "item",
    "owner_ref",
    "amount",
    "label",
    "address",
    "phase",
    "payload",
    "rank",
];

/// Reserved words, upper case, other scripts, dots, quotes, spaces, what looks like SQL or a parameter.
const ODD: [&str; 18] = [
    "order",
    "Select",
    "user",
    "naïve café",
    "a.b",
    "has \"quotes\"",
    "semi;colon",
    "日本語",
    "it's",
    "back\\slash",
    "100%",
    "$1",
    " leading space",
    "-- comment",
    "group",
    "UPPER",
    "/* x */",
    "tab\there",
];

/// PostgreSQL's longest identifier, in bytes.
const LONGEST: usize = 63;

/// A name that no other object has: `key` is part of it.
pub fn draw(draw: &mut Draw, key: u32) -> String {
    if draw.chance(3) {
        let mut name = format!("{}_{key}_", draw.one(&PLAIN));
        while name.len() < LONGEST {
            name.push('x');
        }
        return name;
    }
    let base = if draw.chance(15) {
        draw.one(&ODD)
    } else {
        draw.one(&PLAIN)
    };
    format!("{base}_{key}")
}

/// The name as SQL.
pub fn quoted(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A text as SQL.
pub fn literal(text: &str) -> String {
    if text.contains('\\') {
        format!("E'{}'", text.replace('\\', "\\\\").replace('\'', "''"))
    } else {
        format!("'{}'", text.replace('\'', "''"))
    }
}
