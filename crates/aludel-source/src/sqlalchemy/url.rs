//! The database's URL as an `env.py` has it: asked from Python once, and kept without its password.
//!
//! What is kept says where the password stands (a variable, a line of `.env` or `alembic.ini`), so that the URL can be put
//! together again; a password that comes from elsewhere is not kept, and Python is asked each time.

use std::env;
use std::path::Path;

use serde::{Deserialize, Serialize};

use super::document::Document;
use super::{cache, locate, run};
use crate::error::SourceError;
use crate::source::SourceContext;

/// A URL without its secret.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub(crate) enum KeptUrl {
    /// It has none.
    Open(String),
    /// The whole URL stands somewhere.
    At(Place),
    /// The password does.
    PasswordAt {
        /// What comes before it.
        before: String,
        /// Where it stands.
        place: Place,
        /// What comes behind it.
        behind: String,
    },
}

/// Where a text stands.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
pub(crate) enum Place {
    /// In a variable of the environment.
    Variable(String),
    /// In a line `KEY=value` of a file.
    File(String, String),
}

/// Returns the URL that the `env.py` named by `spec` would connect to; `None` when it has none.
pub async fn url(spec: &str, context: &SourceContext) -> Result<Option<String>, SourceError> {
    let located = locate::locate(spec, &context.project_dir)?;
    let interpreter = located.interpreter(context)?;
    let mut request = located.request(context);
    request["url"] = true.into();
    let request = request.to_string();
    let key = cache::key(&interpreter, &request, &context.project_dir);
    if !context.ignore_cache
        && let Some(document) = cache::look_up(&context.cache_dir, &key)
        && let Some(kept) = &document.kept_url
        && let Some(url) = kept.restored()
    {
        return Ok(Some(url));
    }
    let mut document = run::run(&interpreter, &request, context).await?;
    if let Some(error) = document.error {
        return Err(super::models_error(error, interpreter.shown(), context));
    }
    let found = document.url.take().filter(|url| !url.trim().is_empty());
    document.kept_url = found.as_deref().and_then(|url| KeptUrl::of(url, &document));
    if document.kept_url.is_some() && context.connects_to.is_none() {
        cache::store(&context.cache_dir, &key, &document);
    }
    Ok(found)
}

impl KeptUrl {
    /// Takes the secret out of a URL; `None` when nothing that Python read holds it.
    fn of(url: &str, document: &Document) -> Option<Self> {
        let texts = texts(document);
        let place_of = |wanted: &str| {
            let mut places = texts.iter().filter(|(_, text)| text == wanted);
            places.next().map(|(place, _)| place.clone())
        };
        if let Some(place) = place_of(url) {
            return Some(Self::At(place));
        }
        let Some((before, password, behind)) = cut(url) else {
            return Some(Self::Open(url.to_owned()));
        };
        Some(Self::PasswordAt {
            before: before.to_owned(),
            place: place_of(password)?,
            behind: behind.to_owned(),
        })
    }

    fn restored(&self) -> Option<String> {
        match self {
            Self::Open(url) => Some(url.clone()),
            Self::At(place) => place.text(),
            Self::PasswordAt {
                before,
                place,
                behind,
            } => Some(format!("{before}{}{behind}", place.text()?)),
        }
    }
}

impl Place {
    fn text(&self) -> Option<String> {
        match self {
            Self::Variable(name) => env::var(name).ok(),
            Self::File(file, key) => {
                let lines = lines(Path::new(file));
                let found = lines.into_iter().find(|(known, _)| known == key);
                found.map(|(_, value)| value)
            }
        }
    }
}

/// Cuts a URL around its password; `None` when it has none.
fn cut(url: &str) -> Option<(&str, &str, &str)> {
    let start = url.find("://")? + 3;
    let authority = url[start..].split(['/', '?']).next()?;
    let end = start + authority.rfind('@')?;
    let colon = start + url[start..end].find(':')?;
    let password = &url[colon + 1..end];
    (!password.is_empty()).then(|| (&url[..=colon], password, &url[end..]))
}

/// The texts that Python looked at and that may hold a secret.
fn texts(document: &Document) -> Vec<(Place, String)> {
    let mut texts = Vec::new();
    for name in &document.inputs.environment {
        if let Ok(value) = env::var(name) {
            texts.push((Place::Variable(name.clone()), value));
        }
    }
    for file in &document.inputs.files {
        let path = Path::new(file);
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        let holds_settings = path.extension().is_some_and(|end| end == "ini");
        if name.starts_with(".env") || holds_settings {
            for (key, value) in lines(path) {
                texts.push((Place::File(file.clone(), key), value));
            }
        }
    }
    texts.retain(|(_, text)| !text.is_empty());
    texts
}

/// The lines `KEY=value` of a file, quotes taken off.
fn lines(path: &Path) -> Vec<(String, String)> {
    let text = fs_err::read_to_string(path).unwrap_or_default();
    let pair = |line: &str| {
        let line = line.trim();
        let line = line.strip_prefix("export ").unwrap_or(line);
        let (key, value) = line.split_once('=')?;
        let value = value.trim();
        let quoted = ['"', '\''].into_iter().find_map(|quote| {
            let inner = value.strip_prefix(quote)?.strip_suffix(quote)?;
            Some(inner.to_owned())
        });
        let value = quoted.unwrap_or_else(|| value.to_owned());
        Some((key.trim().to_owned(), value))
    };
    text.lines().filter_map(pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_is_cut_around_its_password() {
        let url = "postgresql+asyncpg://app:se:cret@h:5432/db?x=a@b";
        assert_eq!(
            cut(url),
            Some(("postgresql+asyncpg://app:", "se:cret", "@h:5432/db?x=a@b"))
        );
        assert_eq!(cut("postgresql://app@h/db"), None);
        assert_eq!(cut("postgresql:///db?host=/run"), None);
    }

    #[test]
    fn a_password_that_stands_nowhere_is_not_kept() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(".env");
        fs_err::write(&file, "OTHER=1\nexport PASSWORD=\"geheim\"\n").unwrap();
        let mut document = Document::default();
        let url = "postgresql://app:geheim@h/db";
        assert_eq!(KeptUrl::of(url, &document), None);
        document.inputs.files.push(file.display().to_string());
        let kept = KeptUrl::of(url, &document).unwrap();
        assert!(!serde_json::to_string(&kept).unwrap().contains("geheim"));
        assert_eq!(kept.restored().as_deref(), Some(url));
    }
}
