//! Privileges on an object, kept as what differs from PostgreSQL's defaults for its kind.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::iter::Peekable;
use std::str::Chars;

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
    /// Who gave it: the owner, or a holder of the grant option who passed it on.
    pub grantor: Grantee,
}

/// All privileges on an object, relative to what PostgreSQL gives when nothing was said.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Grants {
    /// Held beyond the default.
    pub granted: BTreeSet<Grant>,
    /// Given by default and taken away.
    pub revoked: BTreeSet<Grant>,
}

impl Grant {
    /// Returns whether both are the same privilege of the same role from the same hand, whatever the option.
    fn is_alike(&self, other: &Self) -> bool {
        (&self.grantee, self.privilege, &self.grantor)
            == (&other.grantee, other.privilege, &other.grantor)
    }

    /// Returns how many hands the privilege went through after the owner's.
    fn distance(&self, among: &Grants) -> usize {
        let (mut at, mut distance) = (self, 0);
        while at.grantor != Grantee::Owner && distance <= among.granted.len() {
            distance += 1;
            let giver = among.granted.iter().find(|one| {
                one.grantee == at.grantor && one.privilege == at.privilege && one.with_grant_option
            });
            let Some(giver) = giver else { break };
            at = giver;
        }
        distance
    }
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

    /// Returns the privileges as ALTER … OWNER TO leaves them: the new owner's own become an owner's, and what the old
    /// owner or the new one gave is given by the new one. A column's owner has nothing by default.
    #[must_use]
    pub fn handed_to(&self, owner: &str, is_column: bool) -> Self {
        let becomes_owner = |who: &Grantee| matches!(who, Grantee::Role(name) if name == owner);
        let mut handed = Self {
            granted: BTreeSet::new(),
            revoked: self.revoked.clone(),
        };
        for grant in &self.granted {
            let mut grant = grant.clone();
            if becomes_owner(&grant.grantor) {
                grant.grantor = Grantee::Owner;
            }
            if becomes_owner(&grant.grantee) {
                grant.grantee = Grantee::Owner;
                let plain = Grant {
                    with_grant_option: false,
                    ..grant.clone()
                };
                if grant.with_grant_option && !is_column {
                    handed.revoked.insert(plain);
                } else if !is_column {
                    handed.revoked.remove(&plain);
                    continue; // what an owner has anyway
                }
            }
            handed.granted.insert(grant);
        }
        handed
    }

    /// Returns the privileges without those that taking `revoked` from the whole takes from a part too.
    #[must_use]
    pub fn without(&self, revoked: &[&Grant]) -> Self {
        let taken = |one: &&Grant| revoked.iter().any(|gone| gone.is_alike(one));
        Self {
            granted: self
                .granted
                .iter()
                .filter(|one| !taken(one))
                .cloned()
                .collect(),
            revoked: self.revoked.clone(),
        }
    }

    /// Returns the privileges held, as far as they differ from `default`: (to grant, to revoke) to get from `self` to
    /// `desired`. What was passed on is given after and taken before what it was passed on from.
    pub fn changes_to<'a>(&'a self, desired: &'a Self) -> (Vec<&'a Grant>, Vec<&'a Grant>) {
        let mut grant: Vec<&Grant> = desired
            .granted
            .difference(&self.granted)
            .chain(self.revoked.difference(&desired.revoked))
            .collect();
        let mut revoke: Vec<&Grant> = self
            .granted
            .difference(&desired.granted)
            .chain(desired.revoked.difference(&self.revoked))
            .collect();
        grant.sort_by_key(|one| one.distance(desired));
        revoke.sort_by_key(|one| Reverse(one.distance(self)));
        (grant, revoke)
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

/// Adds a privilege to the statement that differs in nothing else, or begins one.
fn add<'a>(
    sql: &mut Vec<GrantStatement<'a>>,
    verb: &'static str,
    with_grant_option: bool,
    (distance, one): (usize, &'a Grant),
) {
    let Grant {
        grantee,
        privilege,
        grantor,
        with_grant_option: _,
    } = one;
    let same = |other: &&mut GrantStatement<'_>| {
        (other.verb, other.with_grant_option, other.distance) == (verb, with_grant_option, distance)
            && (other.grantee, other.grantor) == (grantee, grantor)
    };
    match sql.iter_mut().find(same) {
        Some(other) => other.privileges.push(*privilege),
        None => sql.push(GrantStatement {
            verb,
            privileges: vec![*privilege],
            distance,
            grantee,
            with_grant_option,
            grantor,
        }),
    }
}

/// One GRANT or REVOKE: privileges that share everything else share the statement.
struct GrantStatement<'a> {
    /// `GRANT`, `REVOKE` or `REVOKE GRANT OPTION FOR`.
    verb: &'static str,
    privileges: Vec<char>,
    /// How many hands they went through: what is given from hand to hand is given in that order.
    distance: usize,
    grantee: &'a Grantee,
    with_grant_option: bool,
    grantor: &'a Grantee,
}

/// Returns the statements that take the privileges on `target` from `current` to `desired`; the owner is written as
/// `owner_sql`. PostgreSQL records as the grantor of a privilege the role that runs the statement, so what a role passed
/// on is written in that role.
pub fn statements<'a>(
    target: &GrantTarget,
    current: &'a Grants,
    desired: &'a Grants,
    owner_sql: &str,
) -> Vec<String> {
    let (grant, revoke) = current.changes_to(desired);
    let mut sql: Vec<GrantStatement<'_>> = Vec::new();
    let (held, wanted) = (
        |one: &'a Grant| (one.distance(current), one),
        |one: &'a Grant| (one.distance(desired), one),
    );
    // A privilege that only loses its grant option shows as (revoke with option, grant without): the option alone goes.
    for gone in &revoke {
        let twin = grant.iter().find(|kept| kept.is_alike(gone));
        match twin {
            Some(kept) if kept.with_grant_option && !gone.with_grant_option => {}
            Some(_) if gone.with_grant_option => {
                add(&mut sql, "REVOKE GRANT OPTION FOR", false, held(gone));
            }
            _ => add(&mut sql, "REVOKE", false, held(gone)),
        }
    }
    for new in &grant {
        let keeps = |gone: &&&Grant| gone.with_grant_option && gone.is_alike(new);
        if new.with_grant_option || !revoke.iter().any(|gone| keeps(&gone)) {
            add(&mut sql, "GRANT", new.with_grant_option, wanted(new));
        }
    }
    sql.iter()
        .flat_map(|statement| statement.write(target, owner_sql))
        .collect()
}

impl GrantStatement<'_> {
    fn write(&self, target: &GrantTarget, owner_sql: &str) -> Vec<String> {
        let preposition = if self.verb == "GRANT" { "TO" } else { "FROM" };
        let option = if self.with_grant_option {
            " WITH GRANT OPTION"
        } else {
            ""
        };
        let privileges: Vec<String> = self
            .privileges
            .iter()
            .map(|&letter| privilege(letter, target))
            .collect();
        let sql = format!(
            "{} {} ON {} {preposition} {}{option}",
            self.verb,
            privileges.join(", "),
            target.object,
            grantee(self.grantee, owner_sql)
        );
        match self.grantor {
            Grantee::Role(role) => vec![
                format!("SET ROLE {}", quote(role)),
                sql,
                "RESET ROLE".to_owned(),
            ],
            Grantee::Owner | Grantee::Public => vec![sql],
        }
    }
}

fn grantee(grantee: &Grantee, owner_sql: &str) -> String {
    match grantee {
        Grantee::Owner => owner_sql.to_owned(),
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
    let mut characters = item.chars().peekable();
    let role = |name: String| match name.as_str() {
        "" => Grantee::Public,
        role if role == owner => Grantee::Owner,
        role => Grantee::Role(role.to_owned()),
    };
    let grantee = role(parse_name(&mut characters, '='));
    let mut letters = Vec::new();
    while let Some(letter) = characters.next_if(|&character| character != '/') {
        letters.push((letter, characters.next_if_eq(&'*').is_some()));
    }
    characters.next();
    let grantor = role(parse_name(&mut characters, '\0'));
    letters
        .into_iter()
        .map(|(privilege, with_grant_option)| Grant {
            grantee: grantee.clone(),
            privilege,
            with_grant_option,
            grantor: grantor.clone(),
        })
        .collect()
}

/// Reads a role's name up to `end`, which is read too.
fn parse_name(characters: &mut Peekable<Chars<'_>>, end: char) -> String {
    let (mut name, mut quoted) = (String::new(), false);
    while let Some(character) = characters.next() {
        match character {
            '"' if quoted && characters.next_if_eq(&'"').is_some() => name.push('"'),
            '"' => quoted = !quoted,
            other if other == end && !quoted => break,
            other => name.push(other),
        }
    }
    name
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

    #[test]
    fn what_was_passed_on_is_given_by_the_hand_that_gave_it() {
        let chain = Grants::decode(
            Some(r#"{bob=r*/own,carol=r*/bob,"\"d d\"=r/carol"}"#),
            None,
            "own",
        );
        assert_eq!(
            statements(&table(), &Grants::default(), &chain, "own"),
            [
                "GRANT SELECT ON TABLE public.t TO bob WITH GRANT OPTION",
                "SET ROLE bob",
                "GRANT SELECT ON TABLE public.t TO carol WITH GRANT OPTION",
                "RESET ROLE",
                "SET ROLE carol",
                "GRANT SELECT ON TABLE public.t TO \"d d\"",
                "RESET ROLE",
            ]
        );
        let back = statements(&table(), &chain, &Grants::default(), "own");
        assert_eq!(back[0], "SET ROLE carol");
        assert_eq!(
            back.last().unwrap(),
            "REVOKE SELECT ON TABLE public.t FROM bob"
        );
    }

    #[test]
    fn a_new_owner_holds_as_owner_what_it_held_as_a_role() {
        let grants = Grants::decode(Some("{own=ar/own,bob=r/own}"), Some("{own=ar/own}"), "own");
        assert!(grants.handed_to("bob", false).is_default());
        let column = Grants::decode(Some("{bob=r/own}"), None, "own").handed_to("bob", true);
        assert_eq!(column.granted.first().unwrap().grantee, Grantee::Owner);
    }
}
