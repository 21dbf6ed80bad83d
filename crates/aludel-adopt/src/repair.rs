//! The way back that takes the place of a downgrade that does not lead there: what the upgrade renamed is called as before,
//! and the rest is the plan from catalog to catalog.
//!
//! A plan sees two catalogs and would make anew what only has another name, without its rows; the upgrade says what was
//! renamed. Values that an enum loses on this way are looked for first: where a row has one, nothing is changed.

use aludel_catalog::{Catalog, Definition, Object};
use aludel_diff::diff;
use aludel_plan::enum_map::{Use, guard_with, uses};
use aludel_plan::{PlanOptions, plan};
use aludel_revision::NewRevision;
use aludel_sql::Statement;
use aludel_sql::token::{Lexer, TokenKind};

use crate::error::AdoptError;
use crate::recording::Transaction;
use crate::scratch::{connect, hidden, home_schema, look};
use crate::walk::Walk;
use crate::write;

/// What the line begins with that says that a way back is Aludel's.
const MADE: &str = "-- Made by Aludel from the catalogs before and after: Alembic's downgrade does not lead back.\n";

impl Walk<'_> {
    /// The plan from here back to the revision before, if it leads there; else why it does not.
    pub(crate) async fn repaired(
        &self,
        file: &NewRevision,
        after: &Catalog,
    ) -> Result<Result<String, String>, AdoptError> {
        let parsed = write::as_file(file)?;
        let (renames, from) = self
            .renamed_back(parsed.body()?.upgrade.statements(), after)
            .await?;
        let from = from.as_ref().unwrap_or(after);
        let lost = uses(&[], from, &self.catalog, &home_schema(&self.search_path));
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
    async fn renamed_back(
        &self,
        upgrade: impl Iterator<Item = &Statement>,
        after: &Catalog,
    ) -> Result<(Vec<String>, Option<Catalog>), AdoptError> {
        let mut wanted: Vec<String> = upgrade.filter_map(|one| turned_round(&one.text)).collect();
        if wanted.is_empty() {
            return Ok((wanted, None));
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
        for rename in wanted {
            // What an upgrade renames out of the way and drops is not there any more.
            if session.execute(&rename).await.is_err() {
                continue;
            }
            let catalog = look(&copy, &hidden).await?;
            let now = shared(&catalog, &self.catalog);
            if now >= found {
                found = now;
                reached = Some(catalog);
                renames.push(rename);
            } else if let Some(undone) = turned_round(&rename) {
                // A table that was made anew beside the old one and then took its name is the old one, changed.
                session.execute(&undone).await?;
            }
        }
        drop(session);
        copy.close().await;
        Ok((renames, reached))
    }
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
        format!("-- It stops where a row of {column} has the value {value}, which goes.\n")
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
    Some(format!(
        "{}{}{}{}",
        &text[..old.start],
        &text[new.clone()],
        &text[old.end..new.start],
        &text[old],
    ))
}

#[cfg(test)]
mod tests {
    use super::turned_round;

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
