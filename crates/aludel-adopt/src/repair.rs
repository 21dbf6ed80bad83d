//! The way back that takes the place of a downgrade that does not lead there: what the upgrade renamed is called as before,
//! and the rest is the plan from catalog to catalog.
//!
//! A plan sees two catalogs and would make anew what only has another name, without its rows; the upgrade says what was
//! renamed. Values that an enum loses on this way are looked for first: where a row has one, nothing is changed.

use std::ops::Range;

use aludel_catalog::{Catalog, Definition, Object};
use aludel_diff::diff;
use aludel_plan::enum_map::{Use, guard_with, uses};
use aludel_plan::{PlanOptions, plan};
use aludel_postgres::Session;
use aludel_revision::NewRevision;
use aludel_runner::first_schema;
use aludel_sql::Statement;
use aludel_sql::token::{Lexer, TokenKind};

use crate::error::AdoptError;
use crate::recording::Transaction;
use crate::report::one_line;
use crate::scratch::{connect, hidden, look};
use crate::walk::Walk;
use crate::write;

/// What the line begins with that says that a way back is Aludel's.
const MADE: &str = "-- Made by Aludel from the catalogs before and after: Alembic's downgrade does not lead back.\n";

/// The conditions that say that what was renamed is not there any more: schemas, functions, tables, columns, other objects, and
/// values of enums.
const MISSING: [&str; 6] = ["3F000", "42883", "42P01", "42703", "42704", "22023"];

/// The conditions that say that something else has the name: columns, tables and indexes, other objects, functions, schemas.
const TAKEN: [&str; 5] = ["42701", "42P07", "42710", "42723", "42P06"];

impl Walk<'_> {
    /// The plan from here back to the revision before, if it leads there; else why it does not.
    pub(crate) async fn repaired(
        &self,
        file: &NewRevision,
        after: &Catalog,
    ) -> Result<Result<String, String>, AdoptError> {
        let parsed = write::as_file(file)?;
        let upgrade = parsed.body()?.upgrade.statements();
        let (renames, from) = match self.renamed_back(upgrade, after).await? {
            Ok(renamed) => renamed,
            Err(why) => return Ok(Err(why)),
        };
        let from = from.as_ref().unwrap_or(after);
        let lost = uses(&[], from, &self.catalog, &first_schema(&self.search_path));
        let changes = diff(from, &self.catalog);
        let plan = match plan(from, &self.catalog, &changes, &PlanOptions::default()) {
            Ok(plan) => plan,
            Err(error) => return Ok(Err(error.to_string())),
        };
        let looks = guard_with(&lost, advice).filter(|_| !plan.is_empty());
        let steps = looks.iter().chain(&plan.steps).map(|step| step.sql.clone());
        let statements = renames.into_iter().chain(steps).collect();
        let section = format!(
            "{MADE}{}{}",
            stops(&lost),
            write::section(&[Transaction {
                statements,
                is_autocommit: false,
            }])
        );
        let proven = self.proves(file, &section).await?;
        Ok(proven.map(|()| section))
    }

    /// Turns the renames of an upgrade round, on a copy: those that lead towards the catalog before, and the one behind them.
    /// Says why when the server does not take one of what is still there.
    async fn renamed_back(
        &self,
        upgrade: impl Iterator<Item = &Statement>,
        after: &Catalog,
    ) -> Result<Result<(Vec<String>, Option<Catalog>), String>, AdoptError> {
        let mut wanted: Vec<String> = upgrade.filter_map(|one| turned_round(&one.text)).collect();
        if wanted.is_empty() {
            return Ok(Ok((wanted, None)));
        }
        wanted.reverse();
        let copy = self.aludel.scratch.clone_of(&self.aludel.database).await?;
        let session = connect(&copy).await?;
        session
            .execute(&format!("SET search_path TO {}", self.search_path))
            .await?;
        let hidden = hidden(&self.alembic.version, &self.search_path);
        let mut renames = Vec::with_capacity(wanted.len());
        let mut reached = None;
        let mut found = shared(after, &self.catalog);
        let mut refused = None;
        for (place, rename) in wanted.into_iter().enumerate() {
            let steps = match run_back(&session, rename, place).await {
                Ok(steps) => steps,
                Err(why) => {
                    refused = Some(why);
                    break;
                }
            };
            if steps.is_empty() {
                continue;
            }
            let catalog = look(&copy, &hidden).await?;
            let now = shared(&catalog, &self.catalog);
            if now >= found {
                found = now;
                reached = Some(catalog);
                renames.extend(steps);
                continue;
            }
            // A table that was made anew beside the old one and then took its name is the old one, changed.
            for undone in steps.iter().rev().filter_map(|step| turned_round(step)) {
                session.execute(&undone).await?;
            }
        }
        drop(session);
        copy.close().await;
        Ok(refused.map_or(Ok((renames, reached)), Err))
    }
}

/// Runs a rename that goes back, and says what was run: nothing where an upgrade renames something out of the way and drops it;
/// what took the name meanwhile is called otherwise first, and goes with the plan.
async fn run_back(session: &Session, rename: String, place: usize) -> Result<Vec<String>, String> {
    let Err(error) = session.execute(&rename).await else {
        return Ok(vec![rename]);
    };
    let condition = error.sqlstate.as_str();
    if MISSING.contains(&condition) {
        return Ok(Vec::new());
    }
    let why = format!(
        "`{}` would keep the rows and fails: {error}",
        one_line(&rename)
    );
    let moved = moved_aside(&rename, &format!("aludel_aside_{place}"));
    let Some(aside) = moved.filter(|_| TAKEN.contains(&condition)) else {
        return Err(why);
    };
    for step in [&aside, &rename] {
        if session.execute(step).await.is_err() {
            return Err(why);
        }
    }
    Ok(vec![aside, rename])
}

/// How much of one catalog another has by its name: objects, and values of enums.
fn shared(catalog: &Catalog, before: &Catalog) -> usize {
    let count = |object: &Object| match (
        &object.definition,
        catalog.get(&object.id).map(|other| &other.definition),
    ) {
        (_, None) => 0,
        (Definition::EnumType(own), Some(Definition::EnumType(other))) => {
            let same = own.labels.iter().filter(|one| other.labels.contains(one));
            1 + same.count()
        }
        (_, Some(_)) => 1,
    };
    before.objects.values().map(count).sum()
}

/// What a reader should know of rows that stand in the way, a line each.
fn stops(lost: &[Use]) -> String {
    let line = |one: &Use| {
        let (value, column) = (&one.value, one.column.path());
        let text = format!("It stops where a row of {column} has the value {value}, which goes.");
        format!("-- {}\n", one_line(&text))
    };
    lost.iter().map(line).collect()
}

/// What can be done about rows that stand in the way.
fn advice(one: &Use) -> String {
    format!(
        "give such rows another value first, or write here which: UPDATE {} SET {} = '…' WHERE {}",
        one.column.relation(),
        one.column.quoted(),
        one.condition
    )
}

/// The statement that takes back a rename: of an object, or of a column, a constraint, an attribute or an enum's value.
fn turned_round(text: &str) -> Option<String> {
    let (old, new) = names(text)?;
    Some(format!(
        "{}{}{}{}",
        &text[..old.start],
        &text[new.clone()],
        &text[old.end..new.start],
        &text[old],
    ))
}

/// The statement that gives what has the new name of a rename yet another one; none for an enum's value, which rows would have
/// under a name that nobody knows.
fn moved_aside(rename: &str, name: &str) -> Option<String> {
    let (old, new) = names(rename)?;
    let is_value = rename[old.clone()].starts_with('\'');
    let taken = &rename[new.clone()];
    let between = &rename[old.end..new.start];
    (!is_value).then(|| format!("{}{taken}{between}{name}", &rename[..old.start]))
}

/// Where the old and the new name of a rename stand.
fn names(text: &str) -> Option<(Range<usize>, Range<usize>)> {
    let mut tokens = Vec::new();
    let mut lexer = Lexer::new(text);
    while let Ok(Some(token)) = lexer.next_token() {
        if !matches!(token.kind, TokenKind::LineComment | TokenKind::BlockComment) {
            tokens.push(token);
        }
    }
    let is = |place: usize, word: &str| {
        let token = tokens.get(place)?;
        (token.kind == TokenKind::Word && text[token.range.clone()].eq_ignore_ascii_case(word))
            .then_some(())
    };
    let name = |place: usize| {
        let token = tokens.get(place)?;
        let is_name = matches!(
            token.kind,
            TokenKind::Word | TokenKind::QuotedIdentifier | TokenKind::String
        );
        is_name.then(|| token.range.clone())
    };
    is(0, "alter")?;
    let rename = (1..tokens.len()).find(|place| is(*place, "rename").is_some())?;
    let to = tokens.len().checked_sub(2)?;
    is(to, "to")?;
    let new = name(to + 1)?;
    let old = match to.checked_sub(rename + 1)? {
        // Triggers, policies and rules are named before their table.
        0 if ["trigger", "policy", "rule"]
            .iter()
            .any(|kind| is(1, kind).is_some()) =>
        {
            name(2)?
        }
        0 => name(rename - 1)?,
        1 | 2 => name(to - 1)?,
        _ => return None,
    };
    Some((old, new))
}

#[cfg(test)]
mod tests {
    use aludel_catalog::{ObjectId, ObjectKind};

    use super::*;

    #[test]
    fn what_has_the_name_is_moved_aside_but_no_value() {
        assert_eq!(
            moved_aside("ALTER TABLE app.t RENAME a_old TO a", "x").as_deref(),
            Some("ALTER TABLE app.t RENAME a TO x")
        );
        let value = "ALTER TYPE mood RENAME VALUE 'LOW' TO 'low'";
        assert_eq!(moved_aside(value, "x"), None);
    }

    #[test]
    fn a_value_of_several_lines_stays_in_its_comment() {
        let one = Use {
            enum_type: ObjectId::new(ObjectKind::EnumType, "public", "mood"),
            value: "two\nDROP TABLE t;".to_owned(),
            column: ObjectId::part(ObjectKind::Column, "public", "t", "m"),
            condition: String::new(),
        };
        assert_eq!(stops(&[one]).lines().count(), 1);
    }

    #[test]
    fn renames_are_turned_round() {
        for (forth, back) in [
            (
                "ALTER TYPE app.mood RENAME VALUE 'low' TO 'it''s'",
                "ALTER TYPE app.mood RENAME VALUE 'it''s' TO 'low'",
            ),
            (
                "ALTER TABLE a RENAME b TO \"c d\"",
                "ALTER TABLE a RENAME \"c d\" TO b",
            ),
            (
                "alter table only app.a rename constraint b to c",
                "alter table only app.a rename constraint c to b",
            ),
            (
                "ALTER INDEX IF EXISTS app.i RENAME TO j -- so",
                "ALTER INDEX IF EXISTS app.j RENAME TO i",
            ),
            (
                "ALTER POLICY p ON t RENAME TO q",
                "ALTER POLICY q ON t RENAME TO p",
            ),
        ] {
            assert_eq!(turned_round(forth).as_deref(), Some(back));
        }
        for other in [
            "ALTER FUNCTION f(int) RENAME TO g",
            "ALTER TYPE t RENAME ATTRIBUTE a TO b CASCADE",
            "ALTER TABLE rename ADD x int",
            "CREATE TABLE a ()",
        ] {
            assert_eq!(turned_round(other), None);
        }
    }
}
