//! Where the schemas of tenants stand: a line each for `current`, the outliers for `status`.

use std::collections::BTreeMap;

use aludel_revision::{History, RevisionId};
use aludel_runner::{Events, Runner, State};
use serde::Serialize;

use super::{Board, Ended, TenantArgs, settings, several, tell_failures};
use crate::context::Context;
use crate::database::Access;
use crate::listing::{joined, strings};
use crate::running::counted;
use crate::runtime::block_on;
use crate::ui::exit::ExitStatus;
use crate::ui::json::FORMAT;
use crate::ui::printer::Printer;
use crate::ui::problem::Problem;

/// How many outliers are listed without `-v`.
const OUTLIERS_MAX: usize = 10;

/// Where one schema stands.
pub(crate) struct Place {
    schema: String,
    current: Vec<RevisionId>,
    /// Rows that no file is.
    unknown: Vec<RevisionId>,
    pending: usize,
}

/// Where the schemas stand, as `current` and `status` print it for programs.
#[derive(Serialize)]
struct PlacesJson {
    format: u32,
    schemas: Vec<PlaceJson>,
}

#[derive(Serialize)]
struct PlaceJson {
    schema: String,
    current: Vec<String>,
    no_such_revision: Vec<String>,
    pending: usize,
}

impl Place {
    fn of(schema: &str, state: &State, history: &History) -> Result<Self, Problem> {
        let rows = state.version_rows.iter().map(RevisionId::from_database);
        let (current, unknown): (Vec<_>, Vec<_>) =
            rows.partition(|row| history.standing_for(row).is_some());
        let pending = if unknown.is_empty() {
            history.pending(&current)?.len()
        } else {
            0
        };
        Ok(Self {
            schema: schema.to_owned(),
            current,
            unknown,
            pending,
        })
    }

    fn is_at_head(&self) -> bool {
        self.unknown.is_empty() && self.pending == 0
    }

    fn text(&self) -> String {
        let mut text = match self.current.as_slice() {
            [] if self.unknown.is_empty() => "base".to_owned(),
            current => joined(current),
        };
        if self.is_at_head() {
            text.push_str(" (head)");
        }
        if !self.unknown.is_empty() {
            let gap = if text.is_empty() { "" } else { ", " };
            text.push_str(&format!(
                "{gap}{} (no such revision)",
                joined(&self.unknown)
            ));
        }
        text
    }
}

/// Asks the schemas where they stand; `None` when the history is run once.
pub(crate) fn places(
    context: &Context,
    args: &TenantArgs,
    history: &History,
    printer: &mut Printer,
) -> Result<Option<(Vec<Place>, ExitStatus)>, Problem> {
    let ended = block_on(async {
        let Some(schemas) = several(context, args).await? else {
            return Ok(None);
        };
        let board = Board::new(schemas.names.len(), printer);
        let place = (Access::Read, &board);
        let work = async |runner: &Runner<'_>, _: &mut Events<'_>| runner.state().await;
        let ended = schemas.each(context, history, settings(context, false)?, place, work);
        Ok(Some(ended.await?))
    })?;
    let Some(ended) = ended else { return Ok(None) };
    let mut places = Vec::new();
    for Ended { schema, result } in &ended {
        if let Some(Ok(state)) = result {
            places.push(Place::of(schema, state, history)?);
        }
    }
    Ok(Some((places, tell_failures(&ended, printer))))
}

/// A line for each schema.
pub(crate) fn print_current(places: &[Place], printer: &mut Printer) -> Result<(), Problem> {
    if printer.is_json() {
        return print_json(places, printer);
    }
    let width = places.iter().map(|place| place.schema.len()).max();
    for place in places {
        let text = format!(
            "{:<width$}  {}",
            place.schema,
            place.text(),
            width = width.unwrap_or(0)
        );
        printer.line(&text)?;
    }
    Ok(())
}

/// For programs.
pub(crate) fn print_json(places: &[Place], printer: &mut Printer) -> Result<(), Problem> {
    let schemas = places.iter().map(|place| PlaceJson {
        schema: place.schema.clone(),
        current: strings(&place.current),
        no_such_revision: strings(&place.unknown),
        pending: place.pending,
    });
    printer.json(&PlacesJson {
        format: FORMAT,
        schemas: schemas.collect(),
    })
}

/// Whether every schema has every revision.
pub(crate) fn are_at_head(places: &[Place]) -> bool {
    places.iter().all(Place::is_at_head)
}

/// How many stand where; the few that are not at the head by name. Returns lines of a field's name and its text.
pub(crate) fn summary(places: &[Place], printer: &Printer) -> Vec<(&'static str, String)> {
    let mut by_place: BTreeMap<String, usize> = BTreeMap::new();
    for place in places {
        *by_place.entry(place.text()).or_default() += 1;
    }
    let mut lines = vec![("schemas", counted(places.len(), "schema"))];
    for (text, count) in by_place {
        lines.push(("", format!("{count} at {text}")));
    }
    let behind: Vec<&Place> = places.iter().filter(|place| !place.is_at_head()).collect();
    let shown = if printer.is_verbose() {
        behind.len()
    } else {
        OUTLIERS_MAX.min(behind.len())
    };
    for place in &behind[..shown] {
        let why = if place.unknown.is_empty() {
            format!("lacks {}", counted(place.pending, "revision"))
        } else {
            format!("no file is {}", joined(&place.unknown))
        };
        lines.push(("behind", format!("{}: {why}", place.schema)));
    }
    if shown < behind.len() {
        let rest = behind.len() - shown;
        lines.push(("", format!("and {rest} more (-v lists them)")));
    }
    lines
}
