//! Foreign-data wrappers, servers, user mappings.

use crate::draw::Draw;
use crate::kinds::{Granted, Kind, Part};
use crate::name::quoted;
use crate::schema::{Key, ROLES, Schema};

const USAGE: &[&str] = &["USAGE"];

/// A foreign-data wrapper without a handler.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrapper {
    /// The value of an option.
    pub option: usize,
}

impl Part for Wrapper {
    fn needs(&self) -> Vec<Key> {
        Vec::new()
    }

    fn let_go(&mut self, _: Key) -> bool {
        false
    }

    fn create(&self, schema: &Schema, key: Key) -> Vec<String> {
        let option = self.option;
        vec![format!(
            "CREATE FOREIGN DATA WRAPPER {} OPTIONS (debug '{option}')",
            schema.name(key)
        )]
    }

    fn target(&self, schema: &Schema, key: Key) -> String {
        format!("FOREIGN DATA WRAPPER {}", schema.name(key))
    }

    fn privileges(&self, schema: &Schema, key: Key) -> Option<Granted> {
        Some((self.target(schema, key), None, USAGE))
    }

    /// Only superusers own one.
    fn is_owned(&self) -> bool {
        false
    }

    fn change(&mut self, _: &mut Draw, _: &Schema, _: Key) {
        self.option += 1;
    }
}

/// A foreign server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Server {
    /// Its wrapper.
    pub wrapper: Key,
    /// Its version.
    pub version: Option<usize>,
    /// The value of an option.
    pub option: usize,
}

impl Server {
    /// A server of some wrapper.
    pub fn draw(draw: &mut Draw, schema: &Schema) -> Option<Self> {
        let wrappers = schema.keys(|kind| matches!(kind, Kind::Wrapper(_)));
        Some(Self {
            wrapper: draw.pick(&wrappers)?,
            version: draw.maybe(40, |draw| draw.below(9)),
            option: draw.below(9),
        })
    }
}

impl Part for Server {
    fn needs(&self) -> Vec<Key> {
        vec![self.wrapper]
    }

    fn let_go(&mut self, _: Key) -> bool {
        false
    }

    fn create(&self, schema: &Schema, key: Key) -> Vec<String> {
        let version = self
            .version
            .map(|version| format!(" VERSION '{version}'"))
            .unwrap_or_default();
        vec![format!(
            "CREATE SERVER {} TYPE 'some'{version} FOREIGN DATA WRAPPER {} OPTIONS (host 'h{}')",
            schema.name(key),
            schema.name(self.wrapper),
            self.option
        )]
    }

    fn target(&self, schema: &Schema, key: Key) -> String {
        format!("SERVER {}", schema.name(key))
    }

    fn privileges(&self, schema: &Schema, key: Key) -> Option<Granted> {
        Some((format!("FOREIGN SERVER {}", schema.name(key)), None, USAGE))
    }

    fn is_owned(&self) -> bool {
        false
    }

    fn change(&mut self, draw: &mut Draw, _: &Schema, _: Key) {
        if draw.chance(50) {
            self.option += 1;
        } else {
            self.version = Some(self.version.map_or(1, |version| version + 1));
        }
    }
}

/// What a role is on a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserMapping {
    /// The server.
    pub server: Key,
    /// The role, by place; PUBLIC behind the last one.
    pub role: usize,
    /// The value of an option.
    pub option: usize,
}

impl Part for UserMapping {
    fn needs(&self) -> Vec<Key> {
        vec![self.server]
    }

    fn let_go(&mut self, _: Key) -> bool {
        false
    }

    fn create(&self, schema: &Schema, _: Key) -> Vec<String> {
        let role = ROLES
            .get(self.role)
            .map_or_else(|| "PUBLIC".to_owned(), |role| quoted(role));
        vec![format!(
            "CREATE USER MAPPING FOR {role} SERVER {} OPTIONS (\"user\" 'u{}')",
            schema.name(self.server),
            self.option
        )]
    }

    fn target(&self, _: &Schema, _: Key) -> String {
        String::new()
    }

    fn privileges(&self, _: &Schema, _: Key) -> Option<Granted> {
        None
    }

    fn is_owned(&self) -> bool {
        false
    }

    fn change(&mut self, _: &mut Draw, _: &Schema, _: Key) {
        self.option += 1;
    }
}
