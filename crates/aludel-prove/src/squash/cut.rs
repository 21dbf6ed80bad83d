//! The statements of revisions cut into those that a plan may take the place of and those that stay.

use aludel_revision::{FileError, Revision, Section, Segment};
use aludel_sql::{Effect, Statement, effect};

/// A statement and where it stands.
#[derive(Clone, Copy, Debug)]
pub struct Unit<'a> {
    /// Its revision.
    pub revision: &'a Revision,
    /// The place of its segment in the revision.
    pub segment: usize,
    /// Whether it runs outside a transaction.
    pub alone: bool,
    /// The statement.
    pub statement: &'a Statement,
}

impl Unit<'_> {
    /// Returns whether the two are committed together.
    pub fn is_with(&self, other: &Unit<'_>) -> bool {
        self.revision.id() == other.revision.id() && self.segment == other.segment
    }
}

/// The ways that a revision has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Up,
    Down,
}

/// Neighbours of one kind.
#[derive(Debug)]
pub(crate) enum Piece<'a> {
    /// A plan may take their place.
    Schema(Vec<Unit<'a>>),
    /// They stay, for what the first of them has an effect on.
    Kept(Vec<Unit<'a>>, Effect),
}

impl<'a> Piece<'a> {
    /// Its statements.
    pub(crate) fn units(&self) -> &[Unit<'a>] {
        match self {
            Self::Schema(units) | Self::Kept(units, _) => units,
        }
    }
}

/// Cuts one way of the revisions, which come in the order in which they run. A revision without a way is passed over.
pub(crate) fn cut<'a>(revisions: &[&'a Revision], way: Way) -> Result<Vec<Piece<'a>>, FileError> {
    let mut pieces: Vec<Piece<'a>> = Vec::new();
    for revision in revisions {
        let Some(section) = section(revision, way)? else {
            continue;
        };
        let of = |wanted: fn(Effect) -> bool| section.statements().any(|one| wanted(effect(one)));
        // What a session is set to holds for all that follows in it, so such a revision is not taken apart.
        let whole = of(|one| one == Effect::Session)
            && of(|one| matches!(one, Effect::Rows | Effect::Elsewhere));
        for (place, segment) in section.segments.iter().enumerate() {
            for statement in &segment.statements {
                let unit = Unit {
                    revision,
                    segment: place,
                    alone: segment.alone,
                    statement,
                };
                let is_kept = match effect(statement) {
                    effect @ (Effect::Rows | Effect::Elsewhere) => Some(effect),
                    Effect::Schema | Effect::Session => whole.then_some(Effect::Session),
                };
                match (pieces.last_mut(), is_kept) {
                    (Some(Piece::Schema(units)), None) => units.push(unit),
                    (Some(Piece::Kept(units, known)), Some(effect)) if *known == effect => {
                        units.push(unit);
                    }
                    (_, None) => pieces.push(Piece::Schema(vec![unit])),
                    (_, Some(effect)) => pieces.push(Piece::Kept(vec![unit], effect)),
                }
            }
        }
    }
    Ok(pieces)
}

/// The section of one way; `None` when the revision has no way back.
pub(crate) fn section(revision: &Revision, way: Way) -> Result<Option<&Section>, FileError> {
    let body = revision.body()?;
    Ok(match way {
        Way::Up => Some(&body.upgrade),
        Way::Down => body.downgrade.as_ref(),
    })
}

/// The statements as sections to run: one for each revision.
pub(crate) fn sections(units: &[Unit<'_>]) -> Vec<Section> {
    let of_one = |units: &[Unit<'_>]| Section {
        segments: units
            .chunk_by(|one, next| one.segment == next.segment)
            .map(|units| Segment {
                statements: units.iter().map(|unit| unit.statement.clone()).collect(),
                alone: units.iter().any(|unit| unit.alone),
            })
            .collect(),
        line: 1,
    };
    units
        .chunk_by(|one, next| one.revision.id() == next.revision.id())
        .map(of_one)
        .collect()
}

/// The statements in two halves of whole revisions; `None` when they are one revision's.
pub(crate) fn halves<'u, 'a>(units: &'u [Unit<'a>]) -> Option<(&'u [Unit<'a>], &'u [Unit<'a>])> {
    let begins: Vec<usize> = (1..units.len())
        .filter(|place| units[place - 1].revision.id() != units[*place].revision.id())
        .collect();
    let middle = begins.get(begins.len() / 2)?;
    Some(units.split_at(*middle))
}
