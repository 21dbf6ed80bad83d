//! Schemas and default privileges.

use crate::draw::Draw;
use crate::kinds::{Granted, Part, redraw};
use crate::name::quoted;
use crate::schema::{Key, PUBLIC, ROLES, Schema};

/// A schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Namespace;

impl Part for Namespace {
    fn needs(&self) -> Vec<Key> {
        Vec::new()
    }

    fn let_go(&mut self, _: Key) -> bool {
        false
    }

    fn create(&self, schema: &Schema, key: Key) -> Vec<String> {
        if key == PUBLIC {
            return Vec::new();
        }
        vec![format!("CREATE SCHEMA {}", schema.name(key))]
    }

    fn target(&self, schema: &Schema, key: Key) -> String {
        format!("SCHEMA {}", schema.name(key))
    }

    fn privileges(&self, schema: &Schema, key: Key) -> Option<Granted> {
        Some((self.target(schema, key), None, &["USAGE", "CREATE", "ALL"]))
    }

    fn is_owned(&self) -> bool {
        true
    }

    fn change(&mut self, _: &mut Draw, _: &Schema, _: Key) {}
}

const SORTS: [(&str, &[&str]); 4] = [
    ("TABLES", &["SELECT", "INSERT", "ALL"]),
    ("SEQUENCES", &["USAGE", "SELECT"]),
    ("FUNCTIONS", &["EXECUTE"]),
    ("TYPES", &["USAGE"]),
];

/// What new objects of a sort are granted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DefaultPrivileges {
    /// In this schema alone.
    pub within: Option<Key>,
    /// Of this role's objects; of the one that loads the schema otherwise.
    pub of_role: Option<usize>,
    /// Tables, sequences, functions, types.
    pub sort: usize,
    /// Which privilege.
    pub privilege: usize,
    /// To whom, by place in [`ROLES`].
    pub grantee: usize,
    /// Whether PUBLIC is deprived of what it has (not within a schema).
    pub takes_from_public: bool,
}

impl DefaultPrivileges {
    /// Any.
    pub fn draw(draw: &mut Draw, schema: &Schema) -> Self {
        let within = schema.keys(|kind| matches!(kind, crate::kinds::Kind::Namespace(_)));
        Self {
            within: draw.pick(&within).filter(|_| draw.chance(60)),
            of_role: draw.maybe(30, |draw| draw.below(ROLES.len())),
            sort: draw.below(SORTS.len()),
            privilege: draw.below(3),
            grantee: draw.below(ROLES.len()),
            takes_from_public: draw.chance(20),
        }
    }
}

impl Part for DefaultPrivileges {
    fn needs(&self) -> Vec<Key> {
        self.within.into_iter().collect()
    }

    fn let_go(&mut self, _: Key) -> bool {
        false
    }

    fn create(&self, schema: &Schema, _: Key) -> Vec<String> {
        let role = self
            .of_role
            .map(|role| format!(" FOR ROLE {}", quoted(ROLES[role])))
            .unwrap_or_default();
        let within = self
            .within
            .map(|key| format!(" IN SCHEMA {}", schema.name(key)))
            .unwrap_or_default();
        let (sort, privileges) = SORTS[self.sort];
        let privilege = privileges[self.privilege % privileges.len()];
        let mut sql = vec![format!(
            "ALTER DEFAULT PRIVILEGES{role}{within} GRANT {privilege} ON {sort} TO {}",
            quoted(ROLES[self.grantee])
        )];
        if self.takes_from_public && self.within.is_none() && self.sort >= 2 {
            sql.push(format!(
                "ALTER DEFAULT PRIVILEGES{role} REVOKE {privilege} ON {sort} FROM PUBLIC"
            ));
        }
        sql
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

    fn change(&mut self, draw: &mut Draw, schema: &Schema, _: Key) {
        redraw(self, || Self::draw(draw, schema));
    }
}
