//! Statements of the schema folded into plans: tables made and dropped, columns added and altered, leave no trace.
//!
//! Neighbouring statements give way to one plan from the schema before them to the schema after them. It is run beside
//! them on the same rows; where schema or rows come out otherwise, the statements stay, as few revisions' as will do.

use std::collections::BTreeSet;

use aludel_catalog::Catalog;
use aludel_diff::diff;
use aludel_plan::rename::{following, resolve, steps};
use aludel_plan::{Plan, PlanError, PlanOptions, Step, Transaction, plan};
use aludel_postgres::ScratchDatabase;
use aludel_revision::{Section, Segment};
use aludel_sql::{Effect, Statement};

use crate::difference::differences;
use crate::error::TrialError;
use crate::merge::relation_of;
use crate::squash::cut::{Piece, Unit, halves, sections};
use crate::squash::identity::{self, renamed};
use crate::world::rows::{self, LeftOut, Rows, TableName, shown};
use crate::world::{Copy, State, World};

/// A part of the new revision.
#[derive(Debug)]
pub enum Part<'a> {
    /// A plan in the place of statements.
    Plan {
        /// The plan.
        plan: Plan,
        /// The first and the last of the statements.
        ends: [Unit<'a>; 2],
    },
    /// Statements that stay.
    Kept {
        /// The statements.
        units: Vec<Unit<'a>>,
        /// Why.
        why: Why,
    },
}

/// Why statements stay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// What they do is not to be seen in the schema.
    Effect(Effect),
    /// A plan in their place does not lead to the same: what was seen.
    NotTheSame(String),
}

impl Part<'_> {
    /// Returns its first and last statement.
    pub fn ends(&self) -> Option<[&Unit<'_>; 2]> {
        match self {
            Self::Plan {
                ends: [one, other], ..
            } => Some([one, other]),
            Self::Kept { units, .. } => Some([units.first()?, units.last()?]),
        }
    }
}

/// Folds statements, piece by piece.
pub(crate) struct Folder<'w> {
    pub(crate) world: &'w World<'w>,
    pub(crate) options: &'w PlanOptions,
    /// Tables that stand before the first revision and took no row: nothing about their rows can be seen.
    pub(crate) blind: BTreeSet<TableName>,
}

impl Folder<'_> {
    /// Folds the pieces, which begin at a database.
    pub(crate) async fn fold<'a>(
        &self,
        start: ScratchDatabase,
        pieces: &[Piece<'a>],
    ) -> Result<Vec<Part<'a>>, TrialError> {
        let (mut parts, mut here) = (Vec::new(), start);
        for piece in pieces {
            here = match piece {
                Piece::Kept(units, effect) => {
                    let copy = self.after(&here, units).await?;
                    here.close().await;
                    parts.push(Part::Kept {
                        units: units.clone(),
                        why: Why::Effect(*effect),
                    });
                    copy.left()
                }
                Piece::Schema(units) => self.fold_schema(here, units, &mut parts).await?,
            };
        }
        here.close().await;
        Ok(parts)
    }

    async fn fold_schema<'a>(
        &self,
        here: ScratchDatabase,
        units: &[Unit<'a>],
        parts: &mut Vec<Part<'a>>,
    ) -> Result<ScratchDatabase, TrialError> {
        let (there, tried) = self.try_plan(&here, units).await?;
        match (tried, halves(units), units) {
            // What cancels out leaves no trace.
            (Ok(plan), _, _) if plan.is_empty() => {}
            (Ok(plan), _, [first, .., last] | [first @ last]) => {
                let ends = [*first, *last];
                parts.push(Part::Plan { plan, ends });
            }
            (Ok(_), _, []) => {}
            (Err(_), Some((first, second)), _) => {
                there.close().await;
                let middle = Box::pin(self.fold_schema(here, first, parts)).await?;
                return Box::pin(self.fold_schema(middle, second, parts)).await;
            }
            (Err(seen), None, _) => parts.push(Part::Kept {
                units: units.to_vec(),
                why: Why::NotTheSame(seen),
            }),
        }
        here.close().await;
        Ok(there)
    }

    /// Runs statements, and a plan in their place beside them. Returns where the statements lead, and the plan if it
    /// leads to the same.
    async fn try_plan(
        &self,
        here: &ScratchDatabase,
        units: &[Unit<'_>],
    ) -> Result<(ScratchDatabase, Result<Plan, String>), TrialError> {
        let before = self.world.copy_of(here).await?;
        let begin = before.catalog(self.world.options).await?;
        let names = identity::read(&before.session).await?;
        run(&before, &sections(units), self.world).await?;
        let after = before;
        let end = after.state(self.world.options).await?;
        let intents = renamed(&names, &identity::read(&after.session).await?);
        let there = after.left();
        if let Some(table) = self.blind_change(&begin, &end.catalog) {
            let seen = format!("no row could be put into {table} to see what becomes of it");
            return Ok((there, Err(seen)));
        }
        let copy = self.world.copy_of(here).await?;
        let schema = &self.world.options.hidden.version_table.0;
        let renames = resolve(&begin, &end.catalog, &intents, schema).renames;
        let mut all = steps(&renames, &begin, &end.catalog);
        let mut middle = begin;
        if !renames.is_empty() {
            if let Err(seen) = try_steps(&copy, &all, self.world).await {
                copy.close().await;
                return Ok((there, Err(seen)));
            }
            middle = copy.catalog(self.world.options).await?;
            let more = steps(
                &following(&renames, &middle, &end.catalog),
                &middle,
                &end.catalog,
            );
            if !more.is_empty() && try_steps(&copy, &more, self.world).await.is_ok() {
                middle = copy.catalog(self.world.options).await?;
                all.extend(more);
            }
        }
        let changes = diff(&middle, &end.catalog);
        let tried = match plan(&middle, &end.catalog, &changes, self.options) {
            Ok(plan) => match try_steps(&copy, &plan.steps, self.world).await {
                Ok(()) => {
                    all.extend(plan.steps);
                    let found = copy.state(self.world.options).await?;
                    match self.unlike(here, units, &end, &found).await? {
                        None => Ok(Plan { steps: all }),
                        Some(seen) => Err(seen),
                    }
                }
                Err(seen) => Err(seen),
            },
            Err(error) => Err(error.to_string()),
        };
        copy.close().await;
        Ok((there, tried))
    }

    /// What differs after a plan from what the statements lead to.
    async fn unlike(
        &self,
        here: &ScratchDatabase,
        units: &[Unit<'_>],
        wanted: &State,
        found: &State,
    ) -> Result<Option<String>, TrialError> {
        if let Some(seen) = schemas_differ(&found.catalog, &wanted.catalog).first() {
            return Ok(Some(seen.clone()));
        }
        let first = rows::differences(&wanted.rows, &found.rows, &LeftOut::new());
        if first.is_empty() {
            return Ok(None);
        }
        let again = self.after(here, units).await?;
        let rows = rows::read(&again.session).await?;
        again.close().await;
        Ok(rows_differ(&wanted.rows, &rows, &found.rows)
            .into_iter()
            .next())
    }

    /// The plan between two schemas, from nothing or to it: there is nothing that could be renamed.
    pub(crate) fn whole(&self, from: &Catalog, to: &Catalog) -> Result<Plan, PlanError> {
        plan(from, to, &diff(from, to), self.options)
    }

    /// A copy of the database after these statements.
    async fn after(&self, here: &ScratchDatabase, units: &[Unit<'_>]) -> Result<Copy, TrialError> {
        let copy = self.world.copy_of(here).await?;
        run(&copy, &sections(units), self.world).await?;
        Ok(copy)
    }

    fn blind_change(&self, begin: &Catalog, end: &Catalog) -> Option<String> {
        let changes = diff(begin, end);
        let relations = changes.by_object.keys().filter_map(relation_of);
        relations
            .filter(|table| self.blind.contains(table))
            .map(|table| shown(&table))
            .next()
    }
}

/// What one schema has that the other has not, what no kind covers too.
pub(crate) fn schemas_differ(found: &Catalog, wanted: &Catalog) -> Vec<String> {
    let mut seen = differences(found, wanted);
    let only = |one: &Catalog, other: &Catalog, how: &str| -> Vec<String> {
        let missing = one
            .unmodelled
            .iter()
            .filter(|it| !other.unmodelled.contains(it));
        missing
            .map(|it| format!("{} {} {how}", it.kind, it.name))
            .collect()
    };
    seen.extend(only(wanted, found, "is missing"));
    seen.extend(only(found, wanted, "should not be there"));
    seen
}

/// Where rows differ from what they should be, leaving out what a second run does not give again.
pub(crate) fn rows_differ(wanted: &Rows, again: &Rows, found: &Rows) -> Vec<String> {
    let unstable = rows::unstable(wanted, again);
    let left = rows::differences(wanted, found, &unstable).into_iter();
    left.map(|one| format!("rows of {} differ: {}", shown(&one.table), one.message))
        .collect()
}

/// A plan as a section to run.
pub(crate) fn section_of(steps: &[Step]) -> Section {
    let plan = Plan {
        steps: steps.to_vec(),
    };
    let segment = |steps: &[Step]| Segment {
        statements: steps
            .iter()
            .map(|step| Statement::new(step.sql.clone()))
            .collect(),
        alone: steps
            .iter()
            .any(|step| step.transaction == Transaction::Outside),
    };
    Section {
        segments: plan.transactions().map(segment).collect(),
        line: 1,
    }
}

async fn try_steps(copy: &Copy, steps: &[Step], world: &World<'_>) -> Result<(), String> {
    let ran = copy.apply(&section_of(steps), world.options).await;
    ran.map_err(|error| {
        let statement: Vec<&str> = error.statement.text.split_whitespace().collect();
        format!("{} fails: {}", statement.join(" "), error.error.message)
    })
}

async fn run(copy: &Copy, sections: &[Section], world: &World<'_>) -> Result<(), TrialError> {
    for section in sections {
        copy.apply(section, world.options)
            .await
            .map_err(TrialError::Range)?;
    }
    Ok(())
}
