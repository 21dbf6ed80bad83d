//! Privileges on an object, kept as what differs from PostgreSQL's defaults for its kind.

use std::collections::BTreeSet;

use crate::identifier::quote;
use crate::row::array;

/// Who holds a privilege.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grantee {
    /// The object's owner, whoever that is.
    Owner,
    /// Everybody.
    Public,
    /// A named role.
    Role(String),
}

/// One privilege of one grantee.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Grant {
    /// Who holds it.
    pub grantee: Grantee,
    /// The letter of `aclitem` (manual, table "ACL Privilege Abbreviations").
    pub privilege: char,
    /// Whether the grantee may pass it on.
    pub with_grant_option: bool,
}

/// All privileges on an object, relative to what PostgreSQL gives when nothing was said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grants {
    /// Held beyond the default.
    pub granted: BTreeSet<Grant>,
    /// Given by default and taken away.
    pub revoked: BTreeSet<Grant>,
}

impl Grants {
    /// Reads `acl` and the default it is measured against, both as `aclitem[]` text; NULL means the default.
    pub fn decode(acl: Option<&str>, default: Option<&str>, owner: &str) -> Self {
        let Some(acl) = acl else {
            return Self::default();
        };
        let held = parse(acl, owner);
        let given = default.map(|text| parse(text, owner)).unwrap_or_default();
        Self {
            granted: held.difference(&given).cloned().collect(),
            revoked: given.difference(&held).cloned().collect(),
        }
    }

    /// Returns whether nothing was granted or revoked.
    pub fn is_default(&self) -> bool {
        self.granted.is_empty() && self.revoked.is_empty()
    }

    /// Returns the privileges held, as far as they differ from `default`: (to grant, to revoke) to get from `self` to
    /// `desired`.
    pub fn changes_to<'a>(&'a self, desired: &'a Self) -> (Vec<&'a Grant>, Vec<&'a Grant>) {
        let grant = desired
            .granted
            .difference(&self.granted)
            .chain(self.revoked.difference(&desired.revoked));
        let revoke = self
            .granted
            .difference(&desired.granted)
            .chain(desired.revoked.difference(&self.revoked));
        (grant.collect(), revoke.collect())
    }
}

/// What the privileges stand on, as GRANT names it, and its letters' names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrantTarget {
    /// `TABLE public.users`, `FUNCTION public.f(integer)`.
    pub object: String,
    /// For a column: its quoted name, which stands in parentheses behind each privilege.
    pub column: Option<String>,
}

/// Returns the statements that take the privileges on `target` from `current` to `desired`.
pub fn statements(
    target: &GrantTarget,
    current: &Grants,
    desired: &Grants,
    owner: &str,
) -> Vec<String> {
    let (grant, revoke) = current.changes_to(desired);
    let mut sql = Vec::new();
    // A privilege that only loses its grant option shows as (revoke with option, grant without): the option alone goes.
    let loses_option = |gone: &Grant| {
        gone.with_grant_option
            && grant
                .iter()
                .any(|kept| kept.grantee == gone.grantee && kept.privilege == gone.privilege)
    };
    let gains_option = |gone: &Grant| {
        !gone.with_grant_option
            && grant.iter().any(|kept| {
                kept.with_grant_option
                    && kept.grantee == gone.grantee
                    && kept.privilege == gone.privilege
            })
    };
    for gone in &revoke {
        if gains_option(gone) {
            continue;
        }
        let option = if loses_option(gone) {
            "GRANT OPTION FOR "
        } else {
            ""
        };
        let (what, who) = (
            privilege(gone.privilege, target),
            grantee(&gone.grantee, owner),
        );
        sql.push(format!(
            "REVOKE {option}{what} ON {} FROM {who}",
            target.object
        ));
    }
    for new in &grant {
        let kept_without = revoke.iter().any(|gone| {
            gone.with_grant_option && gone.grantee == new.grantee && gone.privilege == new.privilege
        });
        if kept_without && !new.with_grant_option {
            continue;
        }
        let option = if new.with_grant_option {
            " WITH GRANT OPTION"
        } else {
            ""
        };
        let (what, who) = (
            privilege(new.privilege, target),
            grantee(&new.grantee, owner),
        );
        sql.push(format!(
            "GRANT {what} ON {} TO {who}{option}",
            target.object
        ));
    }
    merged(sql)
}

/// Joins neighbouring statements that differ in the privilege alone: `GRANT SELECT, INSERT ON …`.
fn merged(statements: Vec<String>) -> Vec<String> {
    let mut out: Vec<(String, String, String)> = Vec::new(); // verb, privileges, rest
    for statement in statements {
        let (verb, tail) = match statement.strip_prefix("REVOKE GRANT OPTION FOR ") {
            Some(tail) => ("REVOKE GRANT OPTION FOR", tail),
            None => statement.split_once(' ').unwrap_or((&statement, "")),
        };
        let (what, rest) = tail.split_once(" ON ").unwrap_or((tail, ""));
        match out.iter_mut().find(|(v, _, r)| v == verb && r == rest) {
            Some((_, privileges, _)) => {
                privileges.push_str(", ");
                privileges.push_str(what);
            }
            None => out.push((verb.to_owned(), what.to_owned(), rest.to_owned())),
        }
    }
    out.into_iter()
        .map(|(verb, what, rest)| format!("{verb} {what} ON {rest}"))
        .collect()
}

fn grantee(grantee: &Grantee, owner: &str) -> String {
    match grantee {
        Grantee::Owner => quote(owner).into_owned(),
        Grantee::Public => "PUBLIC".to_owned(),
        Grantee::Role(name) => quote(name).into_owned(),
    }
}

fn privilege(letter: char, target: &GrantTarget) -> String {
    let name = privilege_name(letter);
    target
        .column
        .as_ref()
        .map_or_else(|| name.to_owned(), |column| format!("{name} ({column})"))
}

/// Returns the SQL name of an `aclitem` letter.
pub fn privilege_name(letter: char) -> &'static str {
    match letter {
        'r' => "SELECT",
        'w' => "UPDATE",
        'a' => "INSERT",
        'd' => "DELETE",
        'D' => "TRUNCATE",
        'x' => "REFERENCES",
        't' => "TRIGGER",
        'm' => "MAINTAIN",
        'X' => "EXECUTE",
        'U' => "USAGE",
        'C' => "CREATE",
        'c' => "CONNECT",
        'T' => "TEMPORARY",
        's' => "SET",
        'A' => "ALTER SYSTEM",
        _ => "ALL",
    }
}

fn parse(acl: &str, owner: &str) -> BTreeSet<Grant> {
    array(acl)
        .unwrap_or_default()
        .iter()
        .flat_map(|item| parse_item(item, owner))
        .collect()
}

/// Reads one `aclitem`: `grantee=letters/grantor`, the names quoted when they are not plain.
fn parse_item(item: &str, owner: &str) -> Vec<Grant> {
    let mut name = String::new();
    let mut characters = item.chars().peekable();
    let mut quoted = false;
    while let Some(character) = characters.next() {
        match character {
            '"' if quoted && characters.next_if_eq(&'"').is_some() => name.push('"'),
            '"' => quoted = !quoted,
            '=' if !quoted => break,
            other => name.push(other),
        }
    }
    let grantee = match name.as_str() {
        "" => Grantee::Public,
        role if role == owner => Grantee::Owner,
        role => Grantee::Role(role.to_owned()),
    };
    let mut grants = Vec::new();
    while let Some(letter) = characters.next_if(|&character| character != '/') {
        let with_grant_option = characters.next_if_eq(&'*').is_some();
        grants.push(Grant {
            grantee: grantee.clone(),
            privilege: letter,
            with_grant_option,
        });
    }
    grants
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> GrantTarget {
        GrantTarget {
            object: "TABLE public.t".to_owned(),
            column: None,
        }
    }

    #[test]
    fn an_acl_is_kept_as_its_difference_from_the_default() {
        let grants = Grants::decode(
            Some("{own=arw/own,bob=r*/own,=r/own}"),
            Some("{own=arwd/own}"),
            "own",
        );
        assert_eq!(grants.granted.len(), 2);
        assert_eq!(
            grants
                .revoked
                .iter()
                .map(|grant| grant.privilege)
                .collect::<String>(),
            "d",
            "the owner lost DELETE"
        );
    }

    #[test]
    fn only_the_grant_option_goes_when_only_it_changes() {
        let with = Grants::decode(Some("{bob=r*/own}"), None, "own");
        let without = Grants::decode(Some("{bob=r/own}"), None, "own");
        assert_eq!(
            statements(&table(), &with, &without, "own"),
            ["REVOKE GRANT OPTION FOR SELECT ON TABLE public.t FROM bob"]
        );
        assert_eq!(
            statements(&table(), &without, &with, "own"),
            ["GRANT SELECT ON TABLE public.t TO bob WITH GRANT OPTION"]
        );
    }

    #[test]
    fn privileges_of_one_grantee_share_a_statement() {
        let some = Grants::decode(Some(r#"{"\"odd name\"=ra/own"}"#), None, "own");
        assert_eq!(
            statements(&table(), &Grants::default(), &some, "own"),
            ["GRANT INSERT, SELECT ON TABLE public.t TO \"odd name\""]
        );
    }
}
