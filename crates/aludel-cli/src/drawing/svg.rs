//! The lanes as a picture that any browser shows.

use std::fmt::Write;

use aludel_revision::Revision;

use crate::drawing::lanes::lay_out;
use crate::listing::{Line, Listing};
use crate::ui::theme::Theme;

/// Pixels between two lanes.
const LANE: usize = 18;
/// Pixels between two rows.
const ROW: usize = 26;
/// Pixels a letter takes at most.
const LETTER: usize = 8;
/// Colours of the lanes, readable on white and on black.
const COLORS: [&str; 6] = [
    "#2b7bba", "#c2572b", "#3a8f4d", "#8a56ac", "#b58900", "#c2337c",
];

/// A picture, newest above.
pub(crate) fn svg(listing: &Listing<'_>, revisions: &[&Revision]) -> String {
    let rows = lay_out(revisions);
    let plain = Theme::new(anstream::ColorChoice::Never);
    let texts: Vec<String> = revisions
        .iter()
        .map(|revision| listing.line(revision, Line::BranchMessage, plain))
        .collect();
    let lanes = rows
        .iter()
        .map(|row| row.above.len().max(row.lane + 1))
        .max();
    let left = x(lanes.unwrap_or(0));
    let letters = texts.iter().map(|text| text.chars().count()).max();
    let width = left + letters.unwrap_or(0) * LETTER;
    let height = y(rows.len());
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" \
         font-family=\"monospace\" font-size=\"13\" fill=\"none\" stroke-width=\"2\">\n"
    );
    for (number, row) in rows.iter().enumerate() {
        for (parent, run) in &row.parents {
            let (top, end) = (y(number), y(*parent));
            let (from, along, to) = (x(row.lane), x(*run), x(rows[*parent].lane));
            let mut path = format!("M{from} {top}");
            if from != along {
                let _ = write!(
                    path,
                    " C{from} {0} {along} {0} {along} {1}",
                    top + ROW / 2,
                    top + ROW
                );
            }
            if along == to {
                let _ = write!(path, " V{end}");
            } else {
                let (up, half) = (end - ROW, end - ROW / 2);
                let _ = write!(path, " V{up} C{along} {half} {to} {half} {to} {end}");
            }
            let _ = writeln!(out, "<path d=\"{path}\" stroke=\"{}\"/>", color(*run));
        }
    }
    for (number, (row, text)) in rows.iter().zip(&texts).enumerate() {
        let (cx, cy, color) = (x(row.lane), y(number), color(row.lane));
        let _ = writeln!(
            out,
            "<circle cx=\"{cx}\" cy=\"{cy}\" r=\"5\" fill=\"{color}\"/>"
        );
        let text = text.replace('&', "&amp;").replace('<', "&lt;");
        let _ = writeln!(
            out,
            "<text x=\"{left}\" y=\"{}\" fill=\"#808080\">{text}</text>",
            cy + 4
        );
    }
    out.push_str("</svg>\n");
    out
}

fn x(lane: usize) -> usize {
    LANE + lane * LANE
}

fn y(row: usize) -> usize {
    ROW + row * ROW
}

fn color(lane: usize) -> &'static str {
    COLORS[lane % COLORS.len()]
}
