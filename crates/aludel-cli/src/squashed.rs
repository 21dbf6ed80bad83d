//! What a squash is made of, as the text of a revision file: plans, and statements that stay between them.

use std::fmt;

use aludel_plan::Plan;
use aludel_prove::squash::{Part, Unit, Why};
use aludel_revision::{Allow, NewRevision, Revision, RevisionId, Squash};
use aludel_sql::{
    Effect, Hazard, Loss, Origin, Statement, covered, losses, object_matches, runs_alone,
    type_changes,
};
use serde::Serialize;

use crate::plan_text::section;
use crate::running::counted;
use crate::ui::problem::Problem;

/// The longest piece of a statement that is shown.
const STATEMENT_MAX: usize = 80;

/// How the old revisions were taken together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// One plan up, one plan down.
    Plan,
    /// Plans, and statements between them.
    Folded,
    /// All statements as they were.
    InOrder,
}

impl Form {
    /// The name in machine output.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Plan => "plan",
            Self::Folded => "folded",
            Self::InOrder => "in-order",
        }
    }
}

/// The two ways of the new revision.
pub(crate) struct Made {
    pub(crate) form: Form,
    /// The statements that stay, up and down.
    pub(crate) kept: Vec<Kept>,
    plans: usize,
    upgrade: String,
    downgrade: Option<String>,
}

/// A statement that stays.
pub(crate) struct Kept {
    revision: RevisionId,
    pub(crate) origin: Origin,
    sql: String,
    why: String,
}

impl Made {
    /// All statements as they are.
    pub(crate) fn in_order(squash: &Squash<'_>) -> Result<Self, Problem> {
        let (upgrade, downgrade) = squash.in_order()?;
        Ok(Self {
            form: Form::InOrder,
            kept: Vec::new(),
            plans: 0,
            upgrade,
            downgrade,
        })
    }

    /// Plans, and statements between them.
    pub(crate) fn folded(up: &[Part<'_>], down: Option<&[Part<'_>]>) -> Result<Self, Problem> {
        let all = || up.iter().chain(down.unwrap_or_default());
        let kept: Vec<Kept> = all().flat_map(Kept::of).collect();
        let plans = |parts: &[Part<'_>]| {
            let is_plan = |part: &&Part<'_>| matches!(part, Part::Plan { .. });
            parts.iter().filter(is_plan).count()
        };
        let is_plan = kept.is_empty() && plans(up) < 2 && plans(down.unwrap_or_default()) < 2;
        Ok(Self {
            form: if is_plan { Form::Plan } else { Form::Folded },
            kept,
            plans: plans(up),
            upgrade: text(up)?,
            downgrade: down.map(text).transpose()?,
        })
    }

    /// In words, after "squashed 3 revisions into".
    pub(crate) fn told(&self) -> String {
        match self.form {
            Form::Plan => "one plan to the same schema".to_owned(),
            Form::InOrder => "their statements in order".to_owned(),
            Form::Folded if self.plans == 0 => "the statements that stay".to_owned(),
            Form::Folded => format!(
                "{} and {} kept as written",
                counted(self.plans, "plan"),
                counted(self.kept.len(), "statement")
            ),
        }
    }

    /// Puts the ways into the new revision, and of the losses that the old ones allow those that are left. A loss that has
    /// another name now is allowed where everything that the old ones lose is.
    pub(crate) fn put_into(
        &self,
        new: &mut NewRevision,
        squash: &Squash<'_>,
        default_schema: &str,
    ) -> Result<(), Problem> {
        let all_meant = is_all_meant(squash, default_schema)?;
        new.upgrade.clone_from(&self.upgrade);
        new.downgrade.clone_from(&self.downgrade);
        new.irreversible = self
            .downgrade
            .is_none()
            .then(|| "one of the revisions it replaces has no way back".to_owned());
        let file = std::path::PathBuf::from(format!("{}.sql", new.id));
        let revision = Revision::from_bytes(file, new.render().as_bytes())?;
        let mut left: Vec<Allow> = Vec::new();
        for statement in revision.body()?.upgrade.statements() {
            for (hazard, object, is_certain) in hazards(statement) {
                let meant = new.allow.iter().find(|entry| match entry {
                    Allow::All => true,
                    Allow::One {
                        hazard: allowed,
                        object: name,
                        reason: _,
                    } => *allowed == hazard && object_matches(name, &object, default_schema),
                });
                let entry = match meant {
                    Some(entry) => entry.clone(),
                    None if is_certain && all_meant => Allow::One {
                        hazard,
                        object,
                        reason: "the revisions that this one replaces lose it too".to_owned(),
                    },
                    None => continue,
                };
                if !left.contains(&entry) {
                    left.push(entry);
                }
            }
        }
        new.allow = left;
        Ok(())
    }
}

/// Whether the old revisions allow everything that they lose.
fn is_all_meant(squash: &Squash<'_>, default_schema: &str) -> Result<bool, Problem> {
    for revision in &squash.revisions {
        let mut lost = revision.body()?.upgrade.statements().flat_map(losses);
        let is_meant = |loss: &Loss| {
            revision
                .header
                .allows(loss.hazard, &loss.object, default_schema)
        };
        if !lost.all(|loss| is_meant(&loss)) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// What a statement loses, and whether its text alone tells.
fn hazards(statement: &Statement) -> Vec<(Hazard, String, bool)> {
    let certain = losses(statement)
        .into_iter()
        .map(|loss| (loss.hazard, loss.object, true));
    let perhaps = type_changes(statement).into_iter().map(|change| {
        let column = format!("{}.{}", change.table, change.column);
        (Hazard::NarrowType, column, false)
    });
    certain.chain(perhaps).collect()
}

impl Kept {
    fn of(part: &Part<'_>) -> Vec<Self> {
        let Part::Kept { units, why } = part else {
            return Vec::new();
        };
        let kept = |unit: &Unit<'_>| Self {
            revision: unit.revision.id().clone(),
            origin: unit.statement.origin.clone(),
            sql: covered(&unit.statement.text),
            why: match why {
                Why::Effect(Effect::Rows) => "may change rows".to_owned(),
                Why::Effect(Effect::Elsewhere) => {
                    "reaches beyond the schema of its database".to_owned()
                }
                Why::Effect(_) => "belongs to statements on rows of the same session".to_owned(),
                Why::NotTheSame(seen) => format!("a plan would not do the same: {seen}"),
            },
        };
        units.iter().map(kept).collect()
    }
}

impl fmt::Display for Kept {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sql = self.sql.split_whitespace().collect::<Vec<_>>().join(" ");
        let shown: String = sql.chars().take(STATEMENT_MAX).collect();
        let rest = if shown.len() < sql.len() { "…" } else { "" };
        write!(formatter, "{}: {shown}{rest} ({})", self.origin, self.why)
    }
}

/// A statement that stays, as a program reads it.
#[derive(Serialize)]
pub(crate) struct KeptJson {
    revision: String,
    file: Option<String>,
    line: u32,
    sql: String,
    why: String,
}

impl KeptJson {
    /// Makes the document.
    pub(crate) fn new(kept: &Kept) -> Self {
        Self {
            revision: kept.revision.to_string(),
            file: kept.origin.file.clone(),
            line: kept.origin.line,
            sql: kept.sql.clone(),
            why: kept.why.clone(),
        }
    }
}

/// One way as a section's text. What was committed apart is committed apart.
fn text(parts: &[Part<'_>]) -> Result<String, Problem> {
    let mut text = String::new();
    let mut last: Option<&Unit<'_>> = None;
    for part in parts {
        let Some([first, end]) = part.ends() else {
            continue;
        };
        if let Some(last) = last {
            text.push_str(if last.is_with(first) {
                "\n"
            } else {
                "\n-- aludel: commit\n\n"
            });
        }
        match part {
            Part::Plan { plan, .. } => text.push_str(&plan_text(plan)),
            Part::Kept { units, .. } => kept_text(units, &mut text)?,
        }
        last = Some(end);
    }
    Ok(text)
}

fn plan_text(plan: &Plan) -> String {
    section(plan).trim_start_matches('\n').to_owned()
}

fn kept_text(units: &[Unit<'_>], text: &mut String) -> Result<(), Problem> {
    for (place, unit) in units.iter().enumerate() {
        let before = place.checked_sub(1).map(|place| &units[place]);
        if let Some(before) = before.filter(|before| !before.is_with(unit)) {
            text.push_str(if before.alone || unit.alone {
                "\n"
            } else {
                "\n-- aludel: commit\n\n"
            });
        }
        let revision = unit.revision;
        if before.is_none_or(|before| before.revision.id() != revision.id()) {
            let message = revision.header.message.replace('\n', " ");
            text.push_str(&format!("-- {}: {message}\n", revision.id()));
        }
        for line in revision.comment_above(unit.statement.origin.line)? {
            text.push_str(&format!("{line}\n"));
        }
        if unit.alone && runs_alone(unit.statement).is_none() {
            text.push_str("-- aludel: no-transaction\n");
        }
        text.push_str(&format!("{};\n", unit.statement.text));
    }
    Ok(())
}
