//! The lock that a statement of a migration takes, and whether it works long under it.
//!
//! The answers are those of PostgreSQL 14 to 18, measured statement by statement: `lock/measured.tsv` holds them, and the
//! test compares. They hold for relations that were there before the statement.

use std::fmt;

use aludel_catalog::backfill::Backfill;

use crate::alone::{Alone, runs_alone};
use crate::cursor::Cursor;
use crate::statement::Statement;

/// A lock on a relation, from the weakest to the strongest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LockMode {
    /// That of a SELECT.
    AccessShare,
    /// That of SELECT FOR UPDATE.
    RowShare,
    /// That of INSERT, UPDATE and DELETE.
    RowExclusive,
    /// Holds up other changes of the schema and VACUUM; reads and writes go on.
    ShareUpdateExclusive,
    /// Holds up writes.
    Share,
    /// Holds up writes.
    ShareRowExclusive,
    /// Holds up writes.
    Exclusive,
    /// Holds up reads and writes.
    AccessExclusive,
}

impl LockMode {
    /// Returns whether others can read and write meanwhile.
    pub fn lets_writes_on(self) -> bool {
        self <= Self::ShareUpdateExclusive
    }
}

impl fmt::Display for LockMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::AccessShare => "ACCESS SHARE",
            Self::RowShare => "ROW SHARE",
            Self::RowExclusive => "ROW EXCLUSIVE",
            Self::ShareUpdateExclusive => "SHARE UPDATE EXCLUSIVE",
            Self::Share => "SHARE",
            Self::ShareRowExclusive => "SHARE ROW EXCLUSIVE",
            Self::Exclusive => "EXCLUSIVE",
            Self::AccessExclusive => "ACCESS EXCLUSIVE",
        })
    }
}

use LockMode as L;

/// Returns the strongest lock that the statement takes on the relation it is about; `None` when it takes none that is
/// known.
pub fn lock(statement: &Statement) -> Option<LockMode> {
    let mut cursor = Cursor::new(&statement.text);
    let cursor = &mut cursor;
    let first = cursor.word()?.to_ascii_lowercase();
    cursor.advance();
    match first.as_str() {
        "create" => create(cursor),
        "drop" => dropped(cursor),
        "alter" => alter(cursor),
        "comment" => comment(cursor),
        "do" => Backfill::parse(&statement.text).map(|_| L::RowExclusive),
        "insert" | "update" | "delete" | "merge" => Some(L::RowExclusive),
        "reindex" => Some(weak_if(cursor.holds("concurrently"), L::Share)),
        "vacuum" => Some(weak_if(!cursor.holds("full"), L::AccessExclusive)),
        "analyze" => Some(L::ShareUpdateExclusive),
        "refresh" if cursor.holds("concurrently") => Some(L::Exclusive),
        "refresh" | "truncate" | "cluster" | "lock" => Some(L::AccessExclusive),
        _ => None,
    }
}

/// Returns whether the statement is meant to work long while others go on: it builds, validates or fills.
pub fn works_long(statement: &Statement) -> bool {
    let is_validation = || {
        let mut cursor = Cursor::new(&statement.text);
        (cursor.eat_all("alter table") || cursor.eat_all("alter domain"))
            && cursor.holds_all("validate constraint")
    };
    match runs_alone(statement) {
        Some(
            Alone::CreateIndexConcurrently { .. } | Alone::Reindex { .. } | Alone::Backfill(_),
        ) => true,
        Some(_) => false,
        None => is_validation(),
    }
}

fn weak_if(weak: bool, otherwise: LockMode) -> LockMode {
    if weak {
        L::ShareUpdateExclusive
    } else {
        otherwise
    }
}

fn create(cursor: &mut Cursor<'_>) -> Option<LockMode> {
    let replaces = cursor.eat_all("or replace");
    cursor.eat_any(&["unlogged", "unique", "constraint", "recursive"]);
    let rest = |word: &str| cursor.holds(word);
    Some(if cursor.is("index") {
        weak_if(rest("concurrently"), L::Share)
    } else if cursor.is("table") {
        if cursor.holds_all("partition of") {
            L::AccessExclusive
        } else if rest("references") {
            L::ShareRowExclusive
        } else if rest("inherits") {
            L::ShareUpdateExclusive
        } else if rest("like") || cursor.holds_all("as select") {
            L::AccessShare
        } else {
            return None;
        }
    } else if cursor.is("trigger") {
        L::ShareRowExclusive
    } else if cursor.is("rule") || cursor.is("policy") || replaces && cursor.is("view") {
        L::AccessExclusive
    } else if cursor.is("statistics") || cursor.is("publication") && cursor.holds_all("for table") {
        L::ShareUpdateExclusive
    } else if cursor.is("view") || cursor.is("materialized") {
        L::AccessShare
    } else {
        return None;
    })
}

fn dropped(cursor: &mut Cursor<'_>) -> Option<LockMode> {
    let relations = [
        "table",
        "foreign table",
        "view",
        "materialized view",
        "sequence",
        "trigger",
        "rule",
        "policy",
    ];
    if cursor.eat("index") {
        return Some(weak_if(cursor.is("concurrently"), L::AccessExclusive));
    }
    if cursor.eat("statistics") {
        return Some(L::ShareUpdateExclusive);
    }
    let locks = relations.iter().any(|kind| cursor.eat_all(kind))
        || cursor.eat("type") && cursor.ends_with("cascade");
    locks.then_some(L::AccessExclusive)
}

fn comment(cursor: &mut Cursor<'_>) -> Option<LockMode> {
    cursor.eat("on");
    if cursor.eat("constraint") {
        cursor.name()?;
        return (cursor.eat("on") && !cursor.is("domain")).then_some(L::AccessShare);
    }
    let relations = [
        "table",
        "column",
        "view",
        "materialized view",
        "foreign table",
        "sequence",
    ];
    let locks = relations.iter().any(|kind| cursor.eat_all(kind));
    locks.then_some(L::ShareUpdateExclusive)
}

fn alter(cursor: &mut Cursor<'_>) -> Option<LockMode> {
    if cursor.eat_all("foreign table") || cursor.eat("table") {
        return altered_table(cursor);
    }
    if cursor.eat("index") {
        let strong = cursor.holds_all("set tablespace");
        return Some(weak_if(!strong, L::AccessExclusive));
    }
    if cursor.eat("sequence") {
        // To whom it belongs is a matter of the table: its columns are read.
        let strong = [
            "owner to",
            "rename to",
            "set schema",
            "set logged",
            "set unlogged",
        ];
        return Some(if cursor.holds_all("owned by") {
            L::AccessShare
        } else if strong.iter().any(|words| cursor.holds_all(words)) {
            L::AccessExclusive
        } else {
            L::ShareRowExclusive
        });
    }
    if cursor.eat("domain") {
        let looks = ["validate constraint", "set not null"];
        let adds = cursor.holds("add") && !cursor.holds_all("not valid");
        let scans = adds || looks.iter().any(|words| cursor.holds_all(words));
        return scans.then_some(L::Share);
    }
    if cursor.eat("publication") {
        return cursor.holds("table").then_some(L::ShareUpdateExclusive);
    }
    let event = cursor.eat("event");
    let relations = ["view", "materialized view", "trigger", "policy", "rule"];
    let locks = !event && relations.iter().any(|kind| cursor.eat_all(kind))
        || cursor.eat("type") && cursor.ends_with("cascade");
    locks.then_some(L::AccessExclusive)
}

/// The strongest of its clauses.
fn altered_table(cursor: &mut Cursor<'_>) -> Option<LockMode> {
    cursor.eat_all("if exists");
    cursor.eat("only");
    cursor.name()?;
    cursor.eat_symbol(b'*');
    let mut strongest = L::AccessShare;
    loop {
        strongest = strongest.max(clause(&mut cursor.clone()));
        if !cursor.skip_item() {
            return Some(strongest);
        }
    }
}

fn clause(cursor: &mut Cursor<'_>) -> LockMode {
    let weak = [
        "validate constraint",
        "cluster on",
        "set without cluster",
        "attach partition",
    ];
    if weak.iter().any(|words| cursor.eat_all(words)) {
        return L::ShareUpdateExclusive;
    }
    if cursor.eat_all("detach partition") {
        let weak = cursor.holds("concurrently") || cursor.holds("finalize");
        return weak_if(weak, L::AccessExclusive);
    }
    if cursor.eat_any(&["enable", "disable"]) {
        cursor.eat_any(&["replica", "always"]);
        return if cursor.is("trigger") {
            L::ShareRowExclusive
        } else {
            L::AccessExclusive
        };
    }
    if cursor.eat("add") {
        if cursor.eat("constraint") {
            cursor.name();
        }
        return if cursor.eat_all("foreign key") {
            L::ShareRowExclusive
        } else {
            L::AccessExclusive
        };
    }
    if cursor.eat("alter") {
        cursor.eat("column");
        cursor.name();
        let weak = cursor.eat_all("set statistics") || options(cursor);
        return weak_if(weak, L::AccessExclusive);
    }
    let weak = options(cursor) && !cursor.holds("user_catalog_table");
    weak_if(weak, L::AccessExclusive)
}

/// Returns whether `SET (…)` or `RESET (…)` follows.
fn options(cursor: &mut Cursor<'_>) -> bool {
    cursor.eat_any(&["set", "reset"]) && cursor.is_symbol(b'(')
}

#[cfg(test)]
mod tests {
    use super::{lock, works_long};
    use crate::statement::Statement;

    #[test]
    fn locks_are_those_measured() {
        let mut wrong = Vec::new();
        for line in include_str!("lock/measured.tsv").lines().skip(1) {
            let [sql, relation, measured, _] = line.split('\t').collect::<Vec<_>>()[..] else {
                panic!("{line}");
            };
            let said = lock(&Statement::new(sql));
            let said = said.map_or("-".to_owned(), |lock| format!("{lock:?}"));
            if said != measured {
                wrong.push(format!("{sql}: on {relation} {measured}, said {said}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }

    #[test]
    fn what_builds_validates_or_fills_works_long() {
        for (sql, long) in [
            ("CREATE INDEX CONCURRENTLY i ON t (a)", true),
            ("ALTER TABLE t VALIDATE CONSTRAINT c", true),
            ("ALTER DOMAIN d VALIDATE CONSTRAINT c", true),
            ("CREATE INDEX i ON t (a)", false),
            ("DROP INDEX CONCURRENTLY i", false),
            ("ALTER TABLE t ADD CONSTRAINT c CHECK (a > 0)", false),
        ] {
            assert_eq!(works_long(&Statement::new(sql)), long, "{sql}");
        }
    }
}
