//! What a schema is named by on the command line.

use std::path::{Path, PathBuf};

use aludel_postgres::DatabaseUrl;

use crate::ui::problem::Problem;

/// One side of a comparison.
#[derive(Clone, Debug)]
pub(crate) enum Spec {
    /// The project's models.
    Models,
    /// The head of the history.
    Head,
    /// Nothing.
    Empty,
    /// A database.
    Database(DatabaseUrl),
    /// A `.sql` file or a folder of them.
    Sql(PathBuf),
}

impl Spec {
    /// Reads `models`, `head`, `empty`, a path or a URL; a path that exists is never taken for a URL.
    pub(crate) fn parse(text: &str, current_dir: &Path) -> Result<Self, Problem> {
        match text {
            "models" => return Ok(Self::Models),
            "head" => return Ok(Self::Head),
            "empty" => return Ok(Self::Empty),
            _ => {}
        }
        let path = current_dir.join(text);
        if path.exists() {
            return Ok(Self::Sql(path));
        }
        let marks = ["://", "dbname=", "host=", "service="];
        if marks.iter().any(|mark| text.contains(mark)) {
            return Ok(Self::Database(DatabaseUrl::parse(text)?));
        }
        Err(
            Problem::new("source", format!("`{text}` is neither a file nor a URL"))
                .hint("give a URL, a .sql file or a folder of them, models, head or empty"),
        )
    }

    /// The URL, when it is a database.
    pub(crate) fn url(&self) -> Option<&DatabaseUrl> {
        match self {
            Self::Database(url) => Some(url),
            Self::Models | Self::Head | Self::Empty | Self::Sql(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_paths_and_urls_are_told_apart() {
        let parse = |text| Spec::parse(text, Path::new("/"));
        assert!(matches!(parse("models"), Ok(Spec::Models)));
        assert!(matches!(parse("tmp"), Ok(Spec::Sql(_))));
        assert!(matches!(parse("postgresql://h/d"), Ok(Spec::Database(_))));
        assert!(matches!(parse("host=h dbname=d"), Ok(Spec::Database(_))));
        assert!(parse("no-such-file.sql").is_err());
    }
}
