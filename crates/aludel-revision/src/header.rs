//! The header of a revision file: `-- aludel: key = value` lines above the first section.

use aludel_sql::directive::body_of;
use aludel_sql::token::{Lexer, TokenKind};
use aludel_sql::{Hazard, object_matches};

use crate::error::{FileFault, Located, nearest};
use crate::id::{self, RevisionId};
use crate::replaces::Replaces;
use crate::value::{self, Value};

/// The header of a revision.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// The revision's own id.
    pub revision: RevisionId,
    /// The revisions it follows: none at the beginning of a history, several in a merge.
    pub parents: Vec<RevisionId>,
    /// When it was written, as the header says it; may be empty.
    pub created: String,
    /// What it does, in words; may be empty.
    pub message: String,
    /// Names of the branch that begins here.
    pub labels: Vec<String>,
    /// Revisions of other branches that must come first, each by its id or a label;
    /// [`History::dependencies`](crate::History::dependencies) has the revisions themselves.
    pub depends_on: Vec<RevisionId>,
    /// Revisions of other branches that it comes behind where one run has both. It needs none of them, and they need not be there.
    pub after: Vec<RevisionId>,
    /// The data losses that are meant.
    pub allow: Vec<Allow>,
    /// The revisions whose place it takes.
    pub replaces: Replaces,
    /// What was recorded rather than run, and why.
    pub recorded: Option<String>,
    /// Why there is no way back.
    pub irreversible: Option<String>,
}

/// A data loss that is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Allow {
    /// Every loss, for generated test histories.
    All,
    /// One hazard on one object.
    One {
        /// The hazard.
        hazard: Hazard,
        /// The object, as a dotted name.
        object: String,
        /// Why it is fine.
        reason: String,
    },
}

/// Every header key, in the order in which they are written.
pub(crate) const KEYS: [&str; 11] = [
    "revision",
    "parents",
    "created",
    "message",
    "labels",
    "depends-on",
    "after",
    "allow",
    "replaces",
    "recorded",
    "irreversible",
];

/// The sections, and the directives inside them.
pub(crate) const DIRECTIVES: [&str; 4] = ["upgrade", "downgrade", "commit", "no-transaction"];

impl Header {
    /// Returns whether the header allows a hazard on an object as a statement names it.
    pub fn allows(&self, hazard: Hazard, object: &str, default_schema: &str) -> bool {
        self.allow.iter().any(|entry| match entry {
            Allow::All => true,
            Allow::One {
                hazard: allowed,
                object: name,
                reason: _,
            } => *allowed == hazard && object_matches(name, object, default_schema),
        })
    }
}

/// Reads the header at the beginning of a text; `partial` says that the file goes on after it, and then
/// `None` that the header may do so too.
pub(crate) fn read(text: &str, partial: bool) -> Result<Option<Header>, Located> {
    let mut lexer = Lexer::new(text);
    let mut draft = Draft::default();
    let mut any_key = false;
    let line_of =
        |at: usize| 1 + u32::try_from(text[..at].matches('\n').count()).unwrap_or(u32::MAX);
    loop {
        let token = match lexer.next_token() {
            Ok(Some(token)) if partial && token.range.end == text.len() => {
                return Ok(None);
            }
            Ok(Some(token)) => token,
            Ok(None) | Err(_) if partial => return Ok(None),
            Ok(None) if any_key => return Err((line_of(text.len()), FileFault::NoUpgrade)),
            Ok(None) => return Err((1, FileFault::NotARevision)),
            Err((unclosed, at)) => {
                return Err((
                    line_of(at),
                    aludel_sql::SplitFault::Unterminated(unclosed).into(),
                ));
            }
        };
        let at = token.range.start;
        match token.kind {
            TokenKind::BlockComment => {}
            TokenKind::LineComment => {
                let Some(body) = body_of(&text[token.range]) else {
                    continue;
                };
                if body == "upgrade" || body == "downgrade" {
                    return draft
                        .finish()
                        .map(Some)
                        .map_err(|fault| (line_of(at), fault));
                }
                draft.take(body).map_err(|fault| (line_of(at), fault))?;
                any_key = true;
            }
            _ if any_key => return Err((line_of(at), FileFault::SqlOutsideSection)),
            _ => return Err((1, FileFault::NotARevision)),
        }
    }
}

/// A header as far as it is read.
#[derive(Default)]
struct Draft {
    revision: Option<RevisionId>,
    parents: Option<Vec<RevisionId>>,
    created: Option<String>,
    message: Option<String>,
    labels: Option<Vec<String>>,
    depends_on: Option<Vec<RevisionId>>,
    after: Option<Vec<RevisionId>>,
    allow: Option<Vec<Allow>>,
    replaces: Option<Replaces>,
    recorded: Option<String>,
    irreversible: Option<String>,
}

impl Draft {
    fn take(&mut self, body: &str) -> Result<(), FileFault> {
        let Some((key, raw)) = body.split_once('=') else {
            return Err(unknown_directive(body));
        };
        let key = key.trim();
        let Some(key) = KEYS.into_iter().find(|known| *known == key) else {
            return Err(FileFault::UnknownKey {
                key: key.to_owned(),
                nearest: nearest(key, KEYS),
            });
        };
        let value = value::parse(key, raw)?;
        let fresh = match key {
            "revision" => put(&mut self.revision, RevisionId::new(text(key, value)?)?),
            "parents" => put(&mut self.parents, ids(key, value)?),
            "created" => put(&mut self.created, time(key, value)?),
            "message" => put(&mut self.message, text(key, value)?),
            "labels" => put(&mut self.labels, labels(texts(key, value)?)?),
            "depends-on" => put(&mut self.depends_on, dependencies(key, value)?),
            "after" => put(&mut self.after, dependencies(key, value)?),
            "allow" => put(&mut self.allow, allow(value)?),
            "replaces" => put(&mut self.replaces, replaces(value)?),
            "recorded" => put(&mut self.recorded, text(key, value)?),
            _ => put(&mut self.irreversible, text(key, value)?),
        };
        if fresh {
            Ok(())
        } else {
            Err(FileFault::DuplicateKey { key })
        }
    }

    fn finish(self) -> Result<Header, FileFault> {
        Ok(Header {
            revision: self
                .revision
                .ok_or(FileFault::MissingKey { key: "revision" })?,
            parents: self
                .parents
                .ok_or(FileFault::MissingKey { key: "parents" })?,
            created: self.created.unwrap_or_default(),
            message: self.message.unwrap_or_default(),
            labels: self.labels.unwrap_or_default(),
            depends_on: self.depends_on.unwrap_or_default(),
            after: self.after.unwrap_or_default(),
            allow: self.allow.unwrap_or_default(),
            replaces: self.replaces.unwrap_or_default(),
            recorded: self.recorded,
            irreversible: self.irreversible,
        })
    }
}

fn unknown_directive(body: &str) -> FileFault {
    let name = body.to_owned();
    if DIRECTIVES.contains(&body) {
        return FileFault::DirectiveOutsideSection { name };
    }
    let first = body.split_whitespace().next().unwrap_or_default();
    match nearest(first, DIRECTIVES) {
        Some(found) => FileFault::UnknownDirective {
            name,
            nearest: Some(found),
        },
        None => FileFault::UnknownDirective {
            name,
            nearest: nearest(first, KEYS),
        },
    }
}

fn put<T>(slot: &mut Option<T>, value: T) -> bool {
    slot.replace(value).is_none()
}

fn wrong(key: &str, wanted: &'static str) -> FileFault {
    FileFault::WrongValue {
        key: key.to_owned(),
        wanted,
    }
}

fn text(key: &str, value: Value) -> Result<String, FileFault> {
    match value {
        Value::Text(text) => Ok(text),
        _ => Err(wrong(key, "a string, such as \"…\"")),
    }
}

fn texts(key: &str, value: Value) -> Result<Vec<String>, FileFault> {
    match value {
        Value::List(texts) => Ok(texts),
        _ => Err(wrong(key, "a list of strings, such as [\"…\"]")),
    }
}

fn ids(key: &str, value: Value) -> Result<Vec<RevisionId>, FileFault> {
    let ids = texts(key, value)?.into_iter().map(RevisionId::new);
    Ok(ids.collect::<Result<_, _>>()?)
}

fn replaces(value: Value) -> Result<Replaces, FileFault> {
    const WANTED: &str = "a list of revision ids, the last of which may be a list of its own";
    let mut items = match value {
        Value::List(texts) => texts.into_iter().map(toml::Value::String).collect(),
        Value::Other(toml::Value::Array(items)) => items,
        _ => return Err(wrong("replaces", WANTED)),
    };
    let id = |item| match item {
        toml::Value::String(text) => Ok(RevisionId::new(text)?),
        _ => Err(wrong("replaces", WANTED)),
    };
    let ends = match items.pop() {
        Some(toml::Value::Array(ends)) => ends,
        last => last.into_iter().collect(),
    };
    let ids = |items: Vec<toml::Value>| items.into_iter().map(id).collect::<Result<_, FileFault>>();
    Ok(Replaces::new(ids(items)?, ids(ends)?))
}

fn labels(labels: Vec<String>) -> Result<Vec<String>, FileFault> {
    match labels.iter().find(|label| !id::is_label(label)) {
        Some(label) => Err(FileFault::InvalidLabel {
            label: label.clone(),
        }),
        None => Ok(labels),
    }
}

fn dependencies(key: &str, value: Value) -> Result<Vec<RevisionId>, FileFault> {
    let names = texts(key, value)?.into_iter();
    let read = |name: String| {
        if id::is_label(&name) {
            Ok(RevisionId::from_database(name))
        } else {
            RevisionId::new(name)
        }
    };
    Ok(names.map(read).collect::<Result<_, _>>()?)
}

fn time(key: &str, value: Value) -> Result<String, FileFault> {
    match value {
        Value::Text(text) => Ok(text),
        Value::Other(toml::Value::Datetime(time)) => Ok(time.to_string()),
        _ => Err(wrong(key, "a time, such as \"2026-11-22T18:30:00Z\"")),
    }
}

fn allow(value: Value) -> Result<Vec<Allow>, FileFault> {
    const WANTED: &str = "a list of { hazard = \"…\", object = \"…\", reason = \"…\" }";
    let items = match value {
        Value::List(texts) => texts.into_iter().map(toml::Value::String).collect(),
        Value::Other(toml::Value::Array(items)) => items,
        _ => return Err(wrong("allow", WANTED)),
    };
    let entry = |item| match item {
        toml::Value::String(text) if text == "all" => Ok(Allow::All),
        toml::Value::Table(table) => allow_one(&table),
        _ => Err(wrong("allow", WANTED)),
    };
    items.into_iter().map(entry).collect()
}

fn allow_one(table: &toml::Table) -> Result<Allow, FileFault> {
    const FIELDS: [&str; 3] = ["hazard", "object", "reason"];
    if let Some(key) = table.keys().find(|key| !FIELDS.contains(&key.as_str())) {
        return Err(FileFault::UnknownKey {
            key: key.clone(),
            nearest: nearest(key, FIELDS),
        });
    }
    let field = |key: &str, wanted| {
        let text = table.get(key).and_then(toml::Value::as_str).map(str::trim);
        text.filter(|text| !text.is_empty())
            .ok_or_else(|| wrong("allow", wanted))
    };
    let name = field(
        "hazard",
        "a hazard in each entry, such as hazard = \"drop-column\"",
    )?;
    let hazard = name.parse().map_err(|_| FileFault::UnknownHazard {
        name: name.to_owned(),
        nearest: nearest(name, Hazard::ALL.map(Hazard::as_str)),
    })?;
    let object = field(
        "object",
        "an object in each entry, such as object = \"public.users.legacy\"",
    )?
    .to_owned();
    let reason = field(
        "reason",
        "a reason in each entry, such as reason = \"unused since 2025\"",
    )?
    .to_owned();
    Ok(Allow::One {
        hazard,
        object,
        reason,
    })
}
