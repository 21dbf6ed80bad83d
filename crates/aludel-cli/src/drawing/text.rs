//! The lanes as lines of characters.

use aludel_revision::Revision;

use crate::drawing::lanes::{Row, lay_out};
use crate::listing::{Line, Listing, joined};
use crate::ui::theme::{Role, Theme};

const UP: u8 = 1;
const DOWN: u8 = 2;
const LEFT: u8 = 4;
const RIGHT: u8 = 8;

/// The lines of the drawing, newest first.
pub(crate) fn text(listing: &Listing<'_>, revisions: &[&Revision], theme: Theme) -> Vec<String> {
    let mut lines = Vec::new();
    for (revision, row) in revisions.iter().zip(lay_out(revisions)) {
        if !row.closing.is_empty() {
            lines.push(closing(&row));
        }
        let mut node = String::new();
        let width = row.above.len().max(row.below.len()).max(row.lane + 1);
        for lane in 0..width {
            let passes = has(&row.above, lane) && !row.closing.contains(&lane);
            node.push_str(if lane == row.lane && revision.header.parents.is_empty() {
                // Nothing leads further down, whatever stands in the lane below.
                "○ "
            } else if lane == row.lane {
                "● "
            } else if passes {
                "│ "
            } else {
                "  "
            });
        }
        let mut text = listing.line(revision, Line::BranchMessage, theme);
        let needed = &revision.header.depends_on;
        if !needed.is_empty() {
            text.push_str(&theme.paint(Role::Dim, &format!(" (depends on {})", joined(needed))));
        }
        lines.push(format!("{} {text}", node.trim_end()));
        if !row.opening.is_empty() {
            lines.push(opening(&row));
        }
    }
    lines
}

/// The line above a revision in which lines from children come together.
fn closing(row: &Row) -> String {
    let cells = row
        .above
        .iter()
        .map(|live| if *live { UP | DOWN } else { 0 });
    let mut cells: Vec<u8> = cells.collect();
    for lane in &row.closing {
        cells[*lane] = UP;
    }
    reach(&mut cells, row.lane, &row.closing);
    drawn(&cells)
}

/// The line below a revision from which lines to parents part.
fn opening(row: &Row) -> String {
    let passes = |lane: usize| has(&row.above, lane) && !row.closing.contains(&lane);
    let cells = (0..row.below.len()).map(|lane| match (has(&row.below, lane), passes(lane)) {
        (true, true) => UP | DOWN,
        (true, false) => DOWN,
        (false, _) => 0,
    });
    let mut cells: Vec<u8> = cells.collect();
    cells[row.lane] |= UP;
    reach(&mut cells, row.lane, &row.opening);
    drawn(&cells)
}

/// Adds level lines from a lane to others.
fn reach(cells: &mut [u8], from: usize, to: &[usize]) {
    for lane in to {
        let (low, high) = (from.min(*lane), from.max(*lane));
        cells[low] |= RIGHT;
        cells[high] |= LEFT;
        for cell in &mut cells[low + 1..high] {
            *cell |= LEFT | RIGHT;
        }
    }
}

fn drawn(cells: &[u8]) -> String {
    let mut line = String::new();
    for cell in cells {
        line.push(match *cell {
            0 => ' ',
            cell if cell & (LEFT | RIGHT) == 0 => '│',
            cell if cell & (UP | DOWN) == 0 => '─',
            cell if cell == UP | DOWN | RIGHT => '├',
            cell if cell == UP | DOWN | LEFT => '┤',
            cell if cell == DOWN | LEFT | RIGHT => '┬',
            cell if cell == UP | LEFT | RIGHT => '┴',
            cell if cell == DOWN | LEFT => '╮',
            cell if cell == UP | LEFT => '╯',
            cell if cell == DOWN | RIGHT => '╭',
            cell if cell == UP | RIGHT => '╰',
            _ => '┼',
        });
        line.push(if cell & RIGHT == 0 { ' ' } else { '─' });
    }
    line.trim_end().to_owned()
}

fn has(lanes: &[bool], lane: usize) -> bool {
    lanes.get(lane).copied().unwrap_or(false)
}
