//! The roles and extensions that a script needs.
//!
//! Roles are read wherever SQL names one: grants, owners, policies, default privileges, `SET ROLE`
//! and the statements about roles themselves. Inside function bodies and `DO` blocks nothing is
//! needed for certain, so only the roles that a `DO` block creates are looked for there.

use std::collections::BTreeSet;

use crate::cursor::Cursor;
use crate::statement::Statement;
use crate::token::TokenKind;

/// What must exist before a script can run, beyond a database.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// Roles that are named and not created by the script itself; `PUBLIC`, `CURRENT_USER` and the
    /// like and the server's own `pg_…` roles are left out.
    pub roles: BTreeSet<String>,
    /// Roles that the script creates.
    pub created_roles: BTreeSet<String>,
    /// Extensions that the script creates.
    pub extensions: BTreeSet<String>,
    /// Schemas that are there before a script runs; no script tells, the caller knows (a tenant's own).
    pub schemas: BTreeSet<String>,
}

/// How deep in strings a block's statements are looked for: the body, what it executes, what that does.
const STRINGS_IN_STRINGS_MAX: u8 = 3;

/// Returns what a script needs.
pub fn needs<'a>(statements: impl IntoIterator<Item = &'a Statement>) -> Needs {
    let mut needs = Needs::default();
    for statement in statements {
        needs.read(&statement.text);
    }
    let created = &needs.created_roles;
    needs.roles.retain(|role| !created.contains(role));
    needs
}

impl Needs {
    fn read(&mut self, text: &str) {
        let mut cursor = Cursor::new(text);
        let cursor = &mut cursor;
        let first = cursor.lower_word();
        cursor.advance();
        match first.as_str() {
            "create" => self.create(cursor),
            "alter" => self.alter(cursor),
            "drop" => self.drop(cursor),
            "grant" => self.grant(cursor, "to"),
            "revoke" => self.grant(cursor, "from"),
            "set" => self.set(cursor),
            "reassign" if cursor.eat_all("owned by") => {
                self.list(cursor);
                cursor.eat("to");
                self.role(cursor);
            }
            "comment" | "security" if cursor.skip_past("on") && cursor.eat("role") => {
                self.role(cursor);
            }
            "do" => self.created_in_block(text, 0),
            _ => {}
        }
    }

    fn create(&mut self, cursor: &mut Cursor<'_>) {
        if cursor.eat_all("user mapping") {
            cursor.eat_all("if not exists");
            cursor.eat("for");
            self.role(cursor);
        } else if cursor.eat_any(&["role", "user", "group"]) {
            self.created_roles.extend(cursor.identifier());
            self.membership(cursor);
        } else if cursor.eat("extension") {
            cursor.eat_all("if not exists");
            self.extensions.extend(cursor.identifier());
        } else if cursor.eat("policy") {
            self.policy(cursor);
        } else if cursor.eat("schema") {
            cursor.eat_all("if not exists");
            if !cursor.is("authorization") {
                cursor.name();
            }
            if cursor.eat("authorization") {
                self.role(cursor);
            }
        } else if cursor.eat_any(&["database", "tablespace"]) {
            cursor.name();
            cursor.eat("with");
            if cursor.eat("owner") {
                cursor.eat_symbol(b'=');
                self.role(cursor);
            }
        }
    }

    fn alter(&mut self, cursor: &mut Cursor<'_>) {
        if cursor.eat_all("default privileges") {
            if cursor.eat_all("for role") || cursor.eat_all("for user") {
                self.list(cursor);
            }
            while !cursor.at_end() {
                if cursor.eat("grant") {
                    return self.grant(cursor, "to");
                }
                if cursor.eat("revoke") {
                    return self.grant(cursor, "from");
                }
                cursor.skip_one();
            }
        } else if cursor.eat("policy") {
            self.policy(cursor);
        } else if cursor.eat_all("user mapping for") {
            self.role(cursor);
        } else if cursor.eat_any(&["role", "user", "group"]) {
            if !cursor.eat("all") {
                self.role(cursor);
            }
            if cursor.eat_all("rename to") {
                self.created_roles.extend(cursor.identifier());
            }
            self.membership(cursor);
        } else {
            self.owner(cursor);
        }
    }

    /// `OWNER TO role`, among the actions of any `ALTER`; what is renamed may be called `owner`.
    fn owner(&mut self, cursor: &mut Cursor<'_>) {
        while !cursor.at_end() && !cursor.is("rename") {
            if cursor.eat_all("owner to") {
                self.role(cursor);
            } else {
                cursor.skip_one();
            }
        }
    }

    fn drop(&mut self, cursor: &mut Cursor<'_>) {
        if cursor.eat_all("user mapping") {
            cursor.eat_all("if exists");
            cursor.eat("for");
            self.role(cursor);
        } else if cursor.eat_all("owned by")
            || (cursor.eat_any(&["role", "user", "group"]) && !cursor.is("if"))
        {
            self.list(cursor);
        }
    }

    /// The roles of a policy stand after the first `TO`.
    fn policy(&mut self, cursor: &mut Cursor<'_>) {
        while !cursor.at_end() && !cursor.is("rename") && !cursor.is("using") && !cursor.is("with")
        {
            if cursor.eat("to") {
                return self.list(cursor);
            }
            cursor.skip_one();
        }
    }

    /// Reads from the privileges or roles that are granted to the end of the statement.
    fn grant(&mut self, cursor: &mut Cursor<'_>, direction: &str) {
        for option in [
            "grant option for",
            "admin option for",
            "inherit option for",
            "set option for",
        ] {
            cursor.eat_all(option);
        }
        let mut given = BTreeSet::new();
        let mut privileges = false;
        while !cursor.at_end() && !cursor.is(direction) {
            privileges |= cursor.is("on");
            match cursor.identifier() {
                Some(name) => {
                    given.insert(name);
                }
                None => cursor.skip_one(),
            }
        }
        if !privileges {
            self.roles
                .extend(given.into_iter().filter(|role| is_ordinary(role)));
        }
        cursor.advance();
        self.list(cursor);
        if cursor.skip_past("granted") && cursor.eat("by") {
            self.role(cursor);
        }
    }

    fn set(&mut self, cursor: &mut Cursor<'_>) {
        cursor.eat_any(&["session", "local"]);
        if cursor.eat("role") || cursor.eat("authorization") {
            cursor.eat("to");
            cursor.eat_symbol(b'=');
            self.role(cursor);
        }
    }

    /// `IN ROLE`, `ROLE`, `ADMIN` and `USER` of a role's definition.
    fn membership(&mut self, cursor: &mut Cursor<'_>) {
        while !cursor.at_end() {
            if cursor.eat_any(&["role", "group", "admin", "user"]) {
                self.list(cursor);
            } else {
                cursor.skip_one();
            }
        }
    }

    fn list(&mut self, cursor: &mut Cursor<'_>) {
        loop {
            cursor.eat("group");
            self.role(cursor);
            if !cursor.eat_symbol(b',') {
                return;
            }
        }
    }

    fn role(&mut self, cursor: &mut Cursor<'_>) {
        let quoted = cursor
            .peek()
            .is_some_and(|token| token.kind == TokenKind::QuotedIdentifier);
        let name = cursor.identifier().or_else(|| cursor.string());
        self.roles
            .extend(name.filter(|name| quoted || is_ordinary(name)));
    }

    /// Looks for `CREATE ROLE name` in the text of a block and in the strings it executes.
    fn created_in_block(&mut self, text: &str, depth: u8) {
        if depth > STRINGS_IN_STRINGS_MAX {
            return;
        }
        let mut cursor = Cursor::new(text);
        while !cursor.at_end() {
            if cursor.eat_all("create role")
                || cursor.eat_all("create user")
                || cursor.eat_all("create group")
            {
                if !cursor.is("mapping") {
                    self.created_roles.extend(cursor.identifier());
                }
                continue;
            }
            if let Some(inside) = cursor
                .peek()
                .and_then(|token| inside_string(cursor.token_text(token)))
            {
                self.created_in_block(inside, depth + 1);
            }
            cursor.advance();
        }
    }
}

/// Whether the word can be a role that somebody must make.
fn is_ordinary(name: &str) -> bool {
    let special = [
        "public",
        "current_user",
        "current_role",
        "session_user",
        "none",
        "default",
        "user",
    ];
    !special.contains(&name) && !name.starts_with("pg_")
}

/// Returns what stands between a string's quotes, doubled quotes left as they are.
pub(crate) fn inside_string(token: &str) -> Option<&str> {
    if let Some(rest) = token.strip_prefix('$') {
        let tag = rest.find('$')? + 2;
        return token.get(tag..token.len().checked_sub(tag)?);
    }
    let rest = token.strip_prefix(['E', 'e']).unwrap_or(token);
    rest.strip_prefix('\'')?.strip_suffix('\'')
}

#[cfg(test)]
mod tests;
