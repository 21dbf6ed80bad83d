//! Roles and their memberships. They are the cluster's, so they are compared only where that is asked for; passwords
//! are never read and never written.

use crate::comparison::{Alteration, Clause, Comparison, Follow, Nature};
use crate::grants::GrantTarget;
use crate::identifier::{literal, quote};
use crate::kind::{Kind, ObjectKind};
use crate::object_id::ObjectId;
use crate::online::{Online, Scene, Task};
use crate::row::{DecodeError, Fields};

/// A role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Role {
    /// The attributes that are on or off, in the order of [`ATTRIBUTES`].
    pub attributes: Vec<bool>,
    /// How many connections it may have; -1 is no limit.
    pub connection_limit: i32,
    /// When its password ends to be valid.
    pub valid_until: Option<String>,
    /// Its settings, each as `name=value`.
    pub settings: Vec<String>,
    /// The roles it is a member of.
    pub memberships: Vec<Membership>,
}

/// A membership in another role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    /// The role whose member it is.
    pub group: String,
    /// ADMIN OPTION.
    pub admin: bool,
    /// INHERIT OPTION and SET OPTION (16).
    pub inherit_and_set: Option<(bool, bool)>,
}

/// What a role may do: the words for and against.
const ATTRIBUTES: &[(&str, &str)] = &[
    ("SUPERUSER", "NOSUPERUSER"),
    ("INHERIT", "NOINHERIT"),
    ("CREATEROLE", "NOCREATEROLE"),
    ("CREATEDB", "NOCREATEDB"),
    ("LOGIN", "NOLOGIN"),
    ("REPLICATION", "NOREPLICATION"),
    ("BYPASSRLS", "NOBYPASSRLS"),
];

/// Settings whose value is a list of names, each quoted by itself.
const LISTS: &[&str] = &[
    "search_path",
    "local_preload_libraries",
    "session_preload_libraries",
    "temp_tablespaces",
];

impl Membership {
    fn grant_sql(&self, member: &str) -> String {
        let word = |on: bool| if on { "TRUE" } else { "FALSE" };
        let options = match self.inherit_and_set {
            Some((inherit, set)) => format!(
                " WITH ADMIN {}, INHERIT {}, SET {}",
                word(self.admin),
                word(inherit),
                word(set)
            ),
            None if self.admin => " WITH ADMIN OPTION".to_owned(),
            None => String::new(),
        };
        format!("GRANT {} TO {member}{options}", quote(&self.group))
    }
}

/// Writes a setting as ALTER ROLE … SET wants it.
fn setting_sql(name: &str, value: &str) -> String {
    if !LISTS.contains(&name) {
        return format!("SET {name} TO {}", literal(value));
    }
    let mut names = Vec::new();
    let mut rest = value.trim();
    while !rest.is_empty() {
        let quoted = rest
            .strip_prefix('"')
            .and_then(|inner| inner.split_once('"'));
        let (name, tail) = quoted.unwrap_or_else(|| {
            let end = rest.find(',').unwrap_or(rest.len());
            rest.split_at(end)
        });
        names.push(literal(name.trim()));
        rest = tail.trim_start_matches([',', ' ']);
    }
    if names.is_empty() {
        names.push("''".to_owned());
    }
    format!("SET {name} TO {}", names.join(", "))
}

impl Role {
    /// Returns the words for the attributes that `before` has otherwise.
    fn attributes_sql(&self, before: &Self) -> Vec<String> {
        let words = ATTRIBUTES
            .iter()
            .zip(&self.attributes)
            .zip(&before.attributes);
        let mut sql: Vec<String> = words
            .filter(|((_, after), before)| after != before)
            .map(|(((on, off), after), _)| (if *after { *on } else { *off }).to_owned())
            .collect();
        if self.connection_limit != before.connection_limit {
            sql.push(format!("CONNECTION LIMIT {}", self.connection_limit));
        }
        if self.valid_until != before.valid_until {
            let until = self.valid_until.as_deref().unwrap_or("infinity");
            sql.push(format!("VALID UNTIL {}", literal(until)));
        }
        sql
    }

    fn settings_sql(&self, before: &Self, role: &str) -> Vec<String> {
        let name = |setting: &String| setting.split('=').next().unwrap_or_default().to_owned();
        let stays = |gone: &&String| self.settings.iter().any(|kept| name(kept) == name(gone));
        let reset = before
            .settings
            .iter()
            .filter(|gone| !stays(gone))
            .map(|gone| format!("ALTER ROLE {role} RESET {}", name(gone)));
        let set = self
            .settings
            .iter()
            .filter(|setting| !before.settings.contains(setting))
            .filter_map(|setting| setting.split_once('='))
            .map(|(name, value)| format!("ALTER ROLE {role} {}", setting_sql(name, value)));
        reset.chain(set).collect()
    }

    fn memberships_sql(&self, before: &Self, role: &str) -> Vec<String> {
        let same = |one: &Membership, other: &Membership| one.group == other.group;
        let left = before
            .memberships
            .iter()
            .filter(|gone| !self.memberships.iter().any(|kept| same(kept, gone)))
            .map(|gone| format!("REVOKE {} FROM {role}", quote(&gone.group)));
        let joined = self
            .memberships
            .iter()
            .filter(|new| !before.memberships.contains(new))
            .flat_map(|new| {
                let old = before.memberships.iter().find(|old| same(old, new));
                let loses = old.is_some_and(|old| old.admin && new.inherit_and_set.is_none());
                if loses {
                    let group = quote(&new.group);
                    vec![format!("REVOKE ADMIN OPTION FOR {group} FROM {role}")]
                } else {
                    vec![new.grant_sql(role)]
                }
            });
        left.chain(joined).collect()
    }

    /// Returns a role as CREATE ROLE makes it when nothing more is said.
    fn plain() -> Self {
        let mut attributes = vec![false; ATTRIBUTES.len()];
        attributes[1] = true;
        Self {
            attributes,
            connection_limit: -1,
            valid_until: None,
            settings: Vec::new(),
            memberships: Vec::new(),
        }
    }
}

impl Kind for Role {
    fn query(server_version: u32) -> String {
        // Memberships have options of their own from 16 on.
        let (inherit, set) = if server_version >= 160_000 {
            (
                "pg_catalog.bool_or(a.inherit_option)::text AS inherit",
                "pg_catalog.bool_or(a.set_option)::text AS set",
            )
        } else {
            ("NULL AS inherit", "NULL AS set")
        };
        include_str!("query.sql")
            .replace("/*inherit*/", inherit)
            .replace("/*set*/", set)
    }

    fn listed_in() -> Option<&'static str> {
        None
    }

    fn decode(fields: &Fields<'_>) -> Result<Self, DecodeError> {
        let attributes = ATTRIBUTES
            .iter()
            .map(|_| fields.boolean())
            .collect::<Result<Vec<bool>, DecodeError>>()?;
        Ok(Self {
            attributes,
            connection_limit: fields.number()?,
            valid_until: fields.optional(),
            settings: fields.list()?,
            memberships: fields
                .table()?
                .into_iter()
                .filter_map(|row| {
                    let mut values = row.into_iter();
                    let mut next = || values.next().flatten();
                    let (group, admin) = (next()?, next()? == "true");
                    let inherit_and_set = next().zip(next());
                    Some(Membership {
                        group,
                        admin,
                        inherit_and_set: inherit_and_set
                            .map(|(inherit, set)| (inherit == "true", set == "true")),
                    })
                })
                .collect(),
        })
    }

    fn depends_on(&self, _: &ObjectId) -> Vec<ObjectId> {
        let groups = self.memberships.iter();
        groups
            .map(|one| ObjectId::new(ObjectKind::Role, "", &one.group))
            .collect()
    }

    fn untracked(&self) -> Option<&str> {
        None
    }

    fn compare(&self, desired: &Self) -> Comparison {
        let Self {
            attributes,
            connection_limit,
            valid_until,
            settings,
            memberships,
        } = self;
        let mut changed = Vec::new();
        let mut differ = |differs: bool, name| {
            if differs {
                changed.push(name);
            }
        };
        differ(*attributes != desired.attributes, "attributes");
        differ(
            *connection_limit != desired.connection_limit,
            "connection limit",
        );
        differ(*valid_until != desired.valid_until, "valid until");
        differ(*settings != desired.settings, "settings");
        differ(*memberships != desired.memberships, "memberships");
        Comparison::of(changed)
    }

    fn nature(&self) -> Nature {
        Nature::Container
    }

    fn follow(&self, _: &ObjectId, _: &ObjectId, _: bool) -> Follow {
        Follow::Keep
    }

    fn clause(&self, _: &ObjectId) -> Option<Clause> {
        None
    }

    fn create(&self, id: &ObjectId, _: &[String]) -> Vec<String> {
        let (role, plain) = (id.quoted(), Self::plain());
        let mut attributes = self.attributes_sql(&plain);
        attributes.insert(0, String::new());
        let mut sql = vec![format!("CREATE ROLE {role}{}", attributes.join(" "))];
        sql.extend(self.settings_sql(&plain, &role));
        sql.extend(self.memberships_sql(&plain, &role));
        sql
    }

    fn alter(&self, desired: &Self, id: &ObjectId) -> Alteration {
        let role = id.quoted();
        let attributes = desired.attributes_sql(self);
        let mut sql = Vec::new();
        if !attributes.is_empty() {
            sql.push(format!("ALTER ROLE {role} {}", attributes.join(" ")));
        }
        sql.extend(desired.settings_sql(self, &role));
        sql.extend(desired.memberships_sql(self, &role));
        sql.into()
    }

    fn drop(&self, id: &ObjectId) -> Vec<String> {
        vec![format!("DROP ROLE {}", id.quoted())]
    }

    fn disturbs(&self, _: &Self) -> bool {
        false
    }

    fn target(&self, id: &ObjectId) -> Option<String> {
        Some(format!("ROLE {}", id.quoted()))
    }

    fn hosts(&self, _: &ObjectId) -> Vec<ObjectId> {
        Vec::new()
    }

    fn grant_target(&self, _: &ObjectId) -> Option<GrantTarget> {
        None
    }

    fn online(&self, _: &ObjectId, _: Task<'_, Self>, _: &Scene<'_>) -> Option<Online> {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::setting_sql;

    #[test]
    fn lists_of_names_are_quoted_one_by_one() {
        assert_eq!(
            setting_sql("search_path", "\"$user\", app, \"a, b\""),
            "SET search_path TO '$user', 'app', 'a, b'"
        );
        assert_eq!(setting_sql("search_path", "\"\""), "SET search_path TO ''");
        assert_eq!(
            setting_sql("datestyle", "ISO, MDY"),
            "SET datestyle TO 'ISO, MDY'"
        );
    }
}
