//! Which role has which colour. Output is understandable without any.

use anstyle::{AnsiColor, Style};

/// What a piece of text is; the theme says how it looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// The word `error`.
    Error,
    /// The word `warning`.
    Warning,
    /// The words `hint` and `note`.
    Hint,
    /// A success.
    Good,
    /// A revision id.
    Revision,
    /// A mark such as `(head)`.
    Mark,
    /// Of less weight: line numbers, times.
    Dim,
    /// Headings.
    Strong,
}

/// Paints text, or leaves it alone.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Theme {
    colored: bool,
}

impl Theme {
    /// A theme that paints when `choice` says so.
    pub(crate) fn new(choice: anstream::ColorChoice) -> Self {
        Self {
            colored: choice != anstream::ColorChoice::Never,
        }
    }

    /// Returns the text in the colour of its role.
    pub(crate) fn paint(self, role: Role, text: &str) -> String {
        if !self.colored {
            return text.to_owned();
        }
        let style = match role {
            Role::Error => AnsiColor::Red.on_default().bold(),
            Role::Warning => AnsiColor::Yellow.on_default().bold(),
            Role::Hint => AnsiColor::Cyan.on_default().bold(),
            Role::Good => AnsiColor::Green.on_default(),
            Role::Revision => AnsiColor::Yellow.on_default(),
            Role::Mark => AnsiColor::Cyan.on_default(),
            Role::Dim => Style::new().dimmed(),
            Role::Strong => Style::new().bold(),
        };
        format!("{style}{text}{style:#}")
    }
}
