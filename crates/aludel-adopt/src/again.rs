//! The history run once more, in one go: what that does otherwise is the clock's, chance's, or of the one go.
//!
//! The files are recorded revision by revision. `alembic upgrade head` runs all of them in one process, and in one
//! transaction unless `env.py` wants one for each; a revision that asks another connection what is there then sees nothing
//! of those before it. So the second run is that one. Where it leads elsewhere or fails, a third one goes revision by
//! revision again, and what that does as the first did is of the one go.

use std::collections::{BTreeMap, BTreeSet};

use aludel_catalog::Catalog;
use aludel_postgres::{Scratch, ScratchOptions};
use aludel_prove::rows::{self, LeftOut, Rows};
use aludel_revision::RevisionId;
use aludel_source::Interpreter;

use crate::adopt::{AdoptOptions, Event};
use crate::alembic_side::{AlembicSide, OneGo};
use crate::beginning::{BASELINE, Beginning};
use crate::error::AdoptError;
use crate::outcome::{Adoption, InOneGo, Outcome};
use crate::project::AlembicProject;
use crate::recorder::Direction;
use crate::scratch::connect;
use crate::statement::{in_fixed_order, shape};
use crate::write::{self, DATA_DEPENDENT};

/// The first run: how it was done, and where it led.
pub(crate) struct First<'a> {
    pub(crate) project: &'a AlembicProject,
    pub(crate) interpreter: &'a Interpreter,
    pub(crate) options: &'a AdoptOptions,
    pub(crate) with_log: &'a ScratchOptions,
    pub(crate) beginning: &'a Beginning<'a>,
    pub(crate) roles: BTreeSet<String>,
    pub(crate) volatile: BTreeSet<String>,
    pub(crate) search_path: String,
    /// The revisions that nothing of what was run follows.
    pub(crate) targets: Vec<RevisionId>,
    pub(crate) catalog: Catalog,
    pub(crate) rows: &'a Rows,
}

/// A further run: what each revision did, and where that led.
struct Further {
    did: BTreeMap<String, Vec<String>>,
    rows: Rows,
}

/// Runs the history once more, in a process and on a server of its own; marks the revisions that do something else each
/// time, and says what one go comes to. Returns the rows at the end.
pub(crate) async fn again(
    first: &First<'_>,
    adoption: &mut Adoption,
    tell: &mut dyn FnMut(Event<'_>),
) -> Result<Rows, AdoptError> {
    tell(Event::Again);
    let (second, in_one_go) = first.in_one_go(adoption).await?;
    let is_by_chance = in_one_go == InOneGo::Same && !second.differs_in_kind(first, adoption);
    if is_by_chance {
        mark(adoption, &second.did);
        return Ok(second.rows);
    }
    tell(Event::Differs);
    let third = first.one_by_one(adoption).await?;
    mark(adoption, &third.did);
    adoption.in_one_go = with_rows(in_one_go, first, &second, &third, &adoption.version.table);
    Ok(third.rows)
}

impl First<'_> {
    async fn open<'b>(&'b self, scratch: &'b Scratch) -> Result<AlembicSide<'b>, AdoptError> {
        let walk = &self.options.walk;
        let mut side = AlembicSide::open(self.project, self.interpreter, walk, scratch).await?;
        for role in &self.roles {
            side.make_role(role).await?;
        }
        side.begin(self.beginning, &walk.search_path).await?;
        Ok(side)
    }

    async fn in_one_go(&self, adoption: &Adoption) -> Result<(Further, InOneGo), AdoptError> {
        let scratch = Scratch::start(self.with_log).await?;
        let mut side = self.open(&scratch).await?;
        side.version = adoption.version.clone();
        let OneGo { did, error } = side
            .upgrade_in_one_go(&self.targets, &self.volatile)
            .await?;
        let found = side.look(&side.database, &self.search_path).await?;
        let rows = rows::read(&connect(&side.database).await?).await?;
        drop(side);
        scratch.stop().await?;
        let in_one_go = match error {
            Some((revision, mut error)) => {
                error.name_files_from(&self.project.folder);
                InOneGo::Fails {
                    revision,
                    error: Box::new(error),
                }
            }
            None => elsewhere(write::differences(&found, &self.catalog)),
        };
        Ok((Further { did, rows }, in_one_go))
    }

    async fn one_by_one(&self, adoption: &Adoption) -> Result<Further, AdoptError> {
        let scratch = Scratch::start(self.with_log).await?;
        let mut side = self.open(&scratch).await?;
        let mut did = BTreeMap::new();
        for outcome in of_alembic(&adoption.revisions) {
            let id = &outcome.revision.id;
            // What fails now says nothing, and what follows it neither.
            let Ok(step) = side.step(id, Direction::Upgrade, None).await? else {
                break;
            };
            let statements = step.recording.statements().cloned().collect();
            did.insert(id.to_string(), statements);
        }
        let rows = rows::read(&connect(&side.database).await?).await?;
        drop(side);
        scratch.stop().await?;
        Ok(Further { did, rows })
    }
}

impl Further {
    /// Whether it did more, less or other things than the first run, and not the same with other values.
    fn differs_in_kind(&self, first: &First<'_>, adoption: &Adoption) -> bool {
        // The same in another order comes from a set of Python's: chance, which is marked as such.
        let shapes = |statements: Vec<&String>| -> Vec<String> {
            let mut shapes: Vec<String> = statements.into_iter().map(|one| shape(one)).collect();
            shapes.sort();
            shapes
        };
        let has_other_statements = of_alembic(&adoption.revisions).any(|outcome| {
            let again = self.did.get(outcome.revision.id.as_str());
            let again = in_fixed_order(again.into_iter().flatten());
            shapes(in_fixed_order(outcome.recording.statements())) != shapes(again)
        });
        // Other values come from the clock; other numbers of rows need not.
        let differing = rows::differences(first.rows, &self.rows, &LeftOut::new());
        has_other_statements || differing.iter().any(|one| one.columns.is_empty())
    }
}

fn of_alembic(revisions: &[Outcome]) -> impl Iterator<Item = &Outcome> {
    revisions
        .iter()
        .filter(|outcome| outcome.revision.id.as_str() != BASELINE)
}

fn elsewhere(differs: Vec<String>) -> InOneGo {
    if differs.is_empty() {
        InOneGo::Same
    } else {
        InOneGo::Elsewhere(differs)
    }
}

/// Adds the rows that differ in one go, those aside that differ anyway.
fn with_rows(
    in_one_go: InOneGo,
    first: &First<'_>,
    second: &Further,
    third: &Further,
    version_table: &str,
) -> InOneGo {
    let mut differs = match in_one_go {
        InOneGo::Fails { .. } => return in_one_go,
        InOneGo::Same => Vec::new(),
        InOneGo::Elsewhere(differs) => differs,
    };
    let unstable = rows::unstable(first.rows, &third.rows);
    let differing = rows::differences(&second.rows, first.rows, &unstable).into_iter();
    differs.extend(
        differing
            .filter(|one| one.table.1 != version_table)
            .map(|one| format!("{}: {}", rows::shown(&one.table), one.message)),
    );
    elsewhere(differs)
}

/// Marks the revisions that did something else.
fn mark(adoption: &mut Adoption, again: &BTreeMap<String, Vec<String>>) {
    let revisions = adoption.revisions.iter_mut();
    for outcome in revisions.filter(|outcome| outcome.revision.id.as_str() != BASELINE) {
        let found = match again.get(outcome.revision.id.as_str()) {
            None => Some("a second run of it fails".to_owned()),
            Some(second) => {
                let first = in_fixed_order(outcome.recording.statements());
                difference(&first, &in_fixed_order(second))
            }
        };
        let Some(found) = found else { continue };
        outcome.dependent.push(found);
        outcome.file.recorded = Some(DATA_DEPENDENT.to_owned());
        if !again.contains_key(outcome.revision.id.as_str()) {
            break;
        }
    }
}

/// The first statement that a second run has otherwise.
fn difference(first: &[&String], second: &[&String]) -> Option<String> {
    if first == second {
        return None;
    }
    let mut pairs = first.iter().zip(second);
    let place = pairs.position(|(one, other)| one != other);
    let shown = place.map_or("a statement more or less", |place| first[place].as_str());
    let line: Vec<&str> = shown.split_whitespace().collect();
    let line: String = line.join(" ").chars().take(300).collect();
    Some(format!("two runs differ (clock or chance) at: {line}"))
}
