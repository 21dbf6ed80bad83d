//! A fault in `aludel.toml`: its line, and the name that was probably meant.

use crate::ui::problem::Problem;
use crate::ui::snippet::Snippet;

/// Explains a TOML error with its line and, for an unknown name, the nearest known one.
pub(crate) fn explain(error: &toml::de::Error, text: &str, shown: &str) -> Problem {
    let message = error.message();
    let snippet = error.span().map(|span| line_at(text, span.start, shown));
    let (primary, hint) = match unknown_name(message) {
        Some((name, known)) => (
            format!("`{name}` is no setting here"),
            Some(suggestion(&name, &known)),
        ),
        None => (message.to_owned(), None),
    };
    let place = match &snippet {
        Some(snippet) => format!("{shown}:{}", snippet.line),
        None => shown.to_owned(),
    };
    let mut problem = Problem::new("config", format!("{place}: {primary}"));
    if let Some(snippet) = snippet {
        problem = problem.snippet(snippet);
    }
    match hint {
        Some(hint) => problem.hint(hint),
        None => problem,
    }
}

/// The nearest of the known names, when one is near enough to have been meant.
pub(crate) fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(name, candidate), candidate))
        .filter(|(score, _)| *score > 0.75)
        .max_by(|left, right| left.0.total_cmp(&right.0))
        .map(|(_, candidate)| candidate)
}

fn suggestion(name: &str, known: &[String]) -> String {
    match nearest(name, known.iter().map(String::as_str)) {
        Some(nearest) => format!("did you mean `{nearest}`?"),
        None => format!("the settings here are: {}", known.join(", ")),
    }
}

/// Takes serde's "unknown field `a`, expected one of `b`, `c`" (or "unknown variant") apart.
fn unknown_name(message: &str) -> Option<(String, Vec<String>)> {
    let rest = message
        .strip_prefix("unknown field ")
        .or_else(|| message.strip_prefix("unknown variant "))?;
    let mut names = rest.split('`').skip(1).step_by(2).map(ToOwned::to_owned);
    let name = names.next()?;
    Some((name, names.collect()))
}

fn line_at(text: &str, offset: usize, shown: &str) -> Snippet {
    let before = &text[..offset.min(text.len())];
    let start = before.rfind('\n').map_or(0, |newline| newline + 1);
    let line = before.matches('\n').count() + 1;
    let column = before[start..].chars().count() + 1;
    Snippet {
        file: Some(shown.to_owned()),
        line: u32::try_from(line).unwrap_or(u32::MAX),
        text: text[start..].lines().next().unwrap_or("").to_owned(),
        position: u32::try_from(column).ok(),
    }
}

#[cfg(test)]
mod tests {
    use crate::config::file::ConfigFile;
    use crate::ui::theme::Theme;

    #[test]
    fn a_mistyped_key_names_the_nearest_and_its_line() {
        let problem =
            ConfigFile::parse("[database]\nserach-path = \"app\"\n", "aludel.toml").unwrap_err();
        let text = problem.render(Theme::new(anstream::ColorChoice::Never));
        assert_eq!(
            text,
            "error: aludel.toml:2: `serach-path` is no setting here\n --> aludel.toml:2\n\
             2 | serach-path = \"app\"\n  | ^\nhint: did you mean `search-path`?\n"
        );
    }
}
