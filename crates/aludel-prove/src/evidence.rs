//! What was seen, in words: a line for each verdict and the lines that back it.

use aludel_sql::covered;

use crate::stairway::{Stage, Verdict};

impl Stage {
    /// Returns the stage in words: `on the way up`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Up => "on the way up",
            Self::Down => "on the way down",
            Self::UpAgain => "on the second way up",
        }
    }
}

impl Verdict {
    /// Returns the verdict on one line.
    pub fn summary(&self) -> String {
        match self {
            Self::Reversible => "goes up, down and up; the catalogs are equal".to_owned(),
            Self::Irreversible(Some(reason)) => format!("goes up; irreversible: {reason}"),
            Self::Irreversible(None) => "goes up; it has no downgrade".to_owned(),
            Self::Failed(stage, error) => {
                let message = &error.error.message;
                format!("failed {}: {message}", stage.as_str())
            }
            Self::Differs(Stage::UpAgain, lines) => {
                let objects = differing(lines.len());
                format!("the second way up leads elsewhere than the first: {objects}")
            }
            Self::Differs(_, lines) => {
                let objects = differing(lines.len());
                format!("the way down does not lead back: {objects}")
            }
            Self::NotReached => "not tried: a revision before it does not go up".to_owned(),
        }
    }

    /// Returns what backs the verdict, a line each: the objects that differ, or the statement and the server's words.
    pub fn evidence(&self) -> Vec<String> {
        match self {
            Self::Reversible | Self::Irreversible(_) | Self::NotReached => Vec::new(),
            Self::Differs(_, lines) => lines.clone(),
            Self::Failed(_, failure) => {
                let error = &failure.error;
                let mut lines = vec![
                    failure.statement.origin.to_string(),
                    covered(&failure.statement.text),
                    format!("{}: {} ({})", error.severity, error.message, error.sqlstate),
                ];
                let more = [("DETAIL", &error.detail), ("HINT", &error.hint)];
                for (name, text) in more {
                    lines.extend(text.iter().map(|text| format!("{name}: {text}")));
                }
                lines
            }
        }
    }
}

fn differing(count: usize) -> String {
    if count == 1 {
        "1 object differs".to_owned()
    } else {
        format!("{count} objects differ")
    }
}
