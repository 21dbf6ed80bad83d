//! One revision in the place of many: what it is made of, and that both ways lead to the same schema and the same rows,
//! and back.
//!
//! Reading order: this file (the ground on which things are tried, and the proof), `cut` (which statements a plan may
//! take the place of), `fold` (the plans), `identity` (renames, as the server knows them).

mod cut;
mod fold;
mod identity;

use std::collections::BTreeSet;

use aludel_plan::PlanOptions;
use aludel_postgres::Scratch;
use aludel_revision::Revision;
use aludel_sql::Effect;

use crate::apply::ApplyError;
use crate::error::TrialError;
use crate::stairway::StairOptions;
use crate::world::rows::{self, Rows, TableName};
use crate::world::{Copy, Filled, State, Wish, World};

use cut::{Piece, Way, cut, section};
use fold::{Folder, rows_differ, schemas_differ, section_of};

pub use cut::Unit;
pub use fold::{Part, Why};

/// What is to be taken together.
#[derive(Clone, Debug)]
pub struct Question<'a> {
    /// What comes before, in order; with nothing before it, a database where the new revision runs is empty.
    pub before: Vec<&'a Revision>,
    /// The revisions, in order.
    pub old: Vec<&'a Revision>,
}

/// What was seen.
#[derive(Debug, Default)]
pub struct SquashProof {
    /// A statement of the new revision that fails.
    pub failure: Option<Box<ApplyError>>,
    /// What differs after the new revision, from what the old ones lead to.
    pub differs: Vec<String>,
    /// What differs after its way down, from what was there before and from what the old ways down lead to.
    pub left_behind: Vec<String>,
}

impl SquashProof {
    /// Returns whether both ways lead to the same.
    pub fn is_good(&self) -> bool {
        self.failure.is_none() && self.differs.is_empty() && self.left_behind.is_empty()
    }
}

/// The database from which the revisions start, with generated rows when there may be any, and where they lead.
pub struct Ground<'a> {
    world: World<'a>,
    question: &'a Question<'a>,
    /// Where they start.
    begin: State,
    /// Where they lead.
    end: State,
    /// Where their ways down lead; nothing when one has none or fails.
    back: Option<State>,
}

impl<'a> Ground<'a> {
    /// Makes the database and runs the revisions. Rows that they cannot stand by themselves are left out.
    pub async fn open(
        scratch: &'a Scratch,
        question: &'a Question<'a>,
        options: &'a StairOptions,
    ) -> Result<Self, TrialError> {
        let mut wish = Wish {
            none: question.before.is_empty() && options.beneath.is_empty(),
            ..Wish::default()
        };
        let who = "the range";
        loop {
            let ways = (question.before.as_slice(), question.old.as_slice());
            let mut world = World::open(scratch, ways, options, &wish).await?;
            let copy = world.copy().await?;
            let begin = copy.state(options).await?;
            let failed = run(&copy, &question.old, Way::Up, options).await?;
            if let Some(error) = failed {
                copy.close().await;
                world.close().await;
                if wish.none {
                    return Err(TrialError::Range(error));
                }
                wish.thin_out(who, &error);
                continue;
            }
            let end = copy.state(options).await?;
            let down: Vec<&Revision> = question.old.iter().rev().copied().collect();
            let is_there = |revision: &&Revision| Ok(section(revision, Way::Down)?.is_some());
            let mut back = None;
            if all(&down, is_there)? {
                match run(&copy, &down, Way::Down, options).await? {
                    None => back = Some(copy.state(options).await?),
                    Some(error) if !wish.none => {
                        copy.close().await;
                        world.close().await;
                        wish.thin_out(who, &error);
                        continue;
                    }
                    Some(_) => {}
                }
            }
            copy.close().await;
            world.filled.told = wish.told;
            return Ok(Self {
                world,
                question,
                begin,
                end,
                back,
            });
        }
    }

    /// Returns the rows that stood in the tables.
    pub fn filled(&self) -> &Filled {
        &self.world.filled
    }

    /// Returns what the way up is made of.
    pub async fn fold_up(&self, options: &PlanOptions) -> Result<Vec<Part<'a>>, TrialError> {
        let pieces = cut(&self.question.old, Way::Up)?;
        let folder = self.folder(options);
        if self.is_from_nothing()
            && let Some(parts) = self.schema_first(&folder, &pieces).await?
        {
            return Ok(parts);
        }
        let start = self.world.copy().await?.left();
        folder.fold(start, &pieces).await
    }

    /// Returns what the way down is made of; `None` when one of the revisions has none. Where nothing was before, nothing
    /// is left: rows that the way down would change go with their tables.
    pub async fn fold_down(
        &self,
        options: &PlanOptions,
    ) -> Result<Option<Vec<Part<'a>>>, TrialError> {
        let down: Vec<&'a Revision> = self.question.old.iter().rev().copied().collect();
        if !all(
            &down,
            |revision| Ok(section(revision, Way::Down)?.is_some()),
        )? {
            return Ok(None);
        }
        let pieces = cut(&down, Way::Down)?;
        let folder = self.folder(options);
        if self.is_from_nothing() {
            let plain = |piece: &Piece<'a>| !matches!(piece, Piece::Kept(_, Effect::Elsewhere));
            let units: Vec<Unit<'a>> = pieces.iter().flat_map(Piece::units).copied().collect();
            if let ([first, .., last] | [first @ last], true) =
                (units.as_slice(), pieces.iter().all(plain))
                && let Ok(plan) = folder.whole(&self.end.catalog, &self.begin.catalog)
            {
                let ends = [*first, *last];
                return Ok(Some(vec![Part::Plan { plan, ends }]));
            }
        }
        let copy = self.world.copy().await?;
        if let Some(error) = run(&copy, &self.question.old, Way::Up, self.world.options).await? {
            return Err(TrialError::Range(error));
        }
        Ok(Some(folder.fold(copy.left(), &pieces).await?))
    }

    /// Runs the new revision up and down.
    pub async fn prove(&self, new: &Revision) -> Result<SquashProof, TrialError> {
        let (body, options) = (new.body()?, self.world.options);
        let mut proof = SquashProof::default();
        let copy = self.world.copy().await?;
        if let Err(failure) = copy.apply(&body.upgrade, options).await {
            proof.failure = Some(failure);
            copy.close().await;
            return Ok(proof);
        }
        let found = copy.state(options).await?;
        proof.differs = schemas_differ(&found.catalog, &self.end.catalog);
        if !rows::differences(&self.end.rows, &found.rows, &rows::LeftOut::new()).is_empty() {
            let again = self.again().await?;
            proof
                .differs
                .extend(rows_differ(&self.end.rows, &again, &found.rows));
        }
        if let (Some(downgrade), true) = (&body.downgrade, proof.is_good()) {
            match copy.apply(downgrade, options).await {
                Ok(()) => {
                    let found = copy.state(options).await?;
                    proof.left_behind = self.unlike_before(&found);
                }
                Err(failure) => proof.failure = Some(failure),
            }
        }
        copy.close().await;
        Ok(proof)
    }

    /// Drops the database.
    pub async fn close(self) {
        self.world.close().await;
    }

    /// What differs from what was there before; nothing when the old ways down lead to the same.
    fn unlike_before(&self, found: &State) -> Vec<String> {
        let left = schemas_differ(&found.catalog, &self.begin.catalog);
        let is_as_ever = self
            .back
            .as_ref()
            .is_some_and(|back| schemas_differ(&found.catalog, &back.catalog).is_empty());
        if is_as_ever { Vec::new() } else { left }
    }

    async fn again(&self) -> Result<Rows, TrialError> {
        let copy = self.world.copy().await?;
        if let Some(error) = run(&copy, &self.question.old, Way::Up, self.world.options).await? {
            return Err(TrialError::Range(error));
        }
        let rows = rows::read(&copy.session).await?;
        copy.close().await;
        Ok(rows)
    }

    /// Whether a database where the new revision runs holds nothing before it: then scratch holds the same.
    fn is_from_nothing(&self) -> bool {
        self.question.before.is_empty() && self.world.options.beneath.is_empty()
    }

    fn folder<'w>(&'w self, options: &'w PlanOptions) -> Folder<'w> {
        let is_empty =
            |(table, rows): (&TableName, &rows::TableRows)| rows.is_empty().then(|| table.clone());
        let blind: BTreeSet<TableName> = self.begin.rows.iter().filter_map(is_empty).collect();
        Folder {
            world: &self.world,
            options,
            blind,
        }
    }

    /// The whole schema at once and then the statements on rows, in order, if that leads to the same.
    async fn schema_first(
        &self,
        folder: &Folder<'_>,
        pieces: &[Piece<'a>],
    ) -> Result<Option<Vec<Part<'a>>>, TrialError> {
        let units: Vec<Unit<'a>> = pieces.iter().flat_map(Piece::units).copied().collect();
        let (Some(first), Some(last)) = (units.first(), units.last()) else {
            return Ok(Some(Vec::new()));
        };
        let Ok(plan) = folder.whole(&self.begin.catalog, &self.end.catalog) else {
            return Ok(None);
        };
        let kept = |wanted: fn(Effect) -> bool| {
            pieces.iter().filter_map(move |piece| match piece {
                Piece::Kept(units, effect) if wanted(*effect) => Some(Part::Kept {
                    units: units.clone(),
                    why: Why::Effect(*effect),
                }),
                _ => None,
            })
        };
        // Roles come before what is granted to them.
        let mut parts: Vec<Part<'a>> = kept(|effect| effect == Effect::Elsewhere).collect();
        parts.push(Part::Plan {
            plan,
            ends: [*first, *last],
        });
        parts.extend(kept(|effect| effect != Effect::Elsewhere));
        let copy = self.world.copy().await?;
        let is_same = self.leads_to_the_end(&copy, &parts).await?;
        copy.close().await;
        Ok(is_same.then_some(parts))
    }

    async fn leads_to_the_end(&self, copy: &Copy, parts: &[Part<'a>]) -> Result<bool, TrialError> {
        let options = self.world.options;
        for part in parts {
            let sections = match part {
                Part::Plan { plan, .. } => vec![section_of(&plan.steps)],
                Part::Kept { units, .. } => cut::sections(units),
            };
            for section in &sections {
                if copy.apply(section, options).await.is_err() {
                    return Ok(false);
                }
            }
        }
        let found = copy.state(options).await?;
        if !schemas_differ(&found.catalog, &self.end.catalog).is_empty() {
            return Ok(false);
        }
        let none = rows::LeftOut::new();
        if rows::differences(&self.end.rows, &found.rows, &none).is_empty() {
            return Ok(true);
        }
        let again = self.again().await?;
        Ok(rows_differ(&self.end.rows, &again, &found.rows).is_empty())
    }
}

/// Runs one way of revisions, in the order given; returns the statement that failed.
async fn run(
    copy: &Copy,
    revisions: &[&Revision],
    way: Way,
    options: &StairOptions,
) -> Result<Option<Box<ApplyError>>, TrialError> {
    for revision in revisions {
        let Some(section) = section(revision, way)? else {
            continue;
        };
        if let Err(error) = copy.apply(section, options).await {
            return Ok(Some(error));
        }
    }
    Ok(None)
}

fn all(
    revisions: &[&Revision],
    wanted: impl Fn(&&Revision) -> Result<bool, TrialError>,
) -> Result<bool, TrialError> {
    for revision in revisions {
        if !wanted(revision)? {
            return Ok(false);
        }
    }
    Ok(true)
}
