//! What directives in SQL say: `-- aludel: renamed from=…` and `-- aludel: enum-map old=new`.

use aludel_catalog::identifier::quote;
use aludel_sql::{Annotation, Named, Origin, annotations};

use crate::error::SourceError;
use crate::source::{EnumMap, Intents, Rename};

const RENAMED: &str = "renamed from=";
const ENUM_MAP: &str = "enum-map ";

/// Reads the directives of a script; `shown` names it in origins and errors.
pub(crate) fn intents(text: &str, shown: &str) -> Result<Intents, SourceError> {
    let mut intents = Intents::default();
    for annotation in annotations(text)? {
        let origin = Origin {
            file: Some(shown.to_owned()),
            line: annotation.line,
        };
        let fault = |message: String| SourceError::Annotation {
            origin: origin.clone(),
            message,
        };
        let Annotation { body, of, .. } = &annotation;
        let nothing = || {
            fault(format!(
                "`-- aludel: {body}` stands above nothing that has a name"
            ))
        };
        if let Some(old) = body.strip_prefix(RENAMED) {
            let of = of.as_ref().ok_or_else(nothing)?;
            // A value between apostrophes may hold dots.
            let old = old.trim();
            let old = if old.starts_with('\'') {
                quote(&plain(old)).into_owned()
            } else {
                old.to_owned()
            };
            intents.renames.push(rename(of, old, &origin));
        } else if let Some(pair) = body.strip_prefix(ENUM_MAP) {
            let of = of.as_ref().filter(|of| of.kind == "enum").ok_or_else(|| {
                fault("an enum-map stands above no CREATE TYPE … AS ENUM".to_owned())
            })?;
            let (old, new) = pair
                .split_once('=')
                .ok_or_else(|| fault(format!("`{pair}` is no old=new")))?;
            intents.enum_maps.push(EnumMap {
                type_name: of.name.clone(),
                from: plain(old),
                to: plain(new),
            });
        } else {
            return Err(fault(format!("`-- aludel: {body}` is not known")));
        }
    }
    Ok(intents)
}

fn rename(of: &Named, from: String, origin: &Origin) -> Rename {
    Rename {
        kind: Some(of.kind.to_owned()),
        table: of.container.clone(),
        from,
        to: of.name.clone(),
        file: origin.file.clone(),
        line: Some(origin.line),
    }
}

/// Returns a value without the quotes that a string has.
fn plain(text: &str) -> String {
    let text = text.trim();
    let inner = text
        .strip_prefix('\'')
        .and_then(|text| text.strip_suffix('\''));
    inner.map_or_else(|| text.to_owned(), |inner| inner.replace("''", "'"))
}
