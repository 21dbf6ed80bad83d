//! `aludel status`: where am I, and what is the next command?

use std::collections::BTreeMap;

use aludel_revision::{History, RevisionId};
use clap::Args;

use crate::commands::db::shown_version;
use crate::config::Project;
use crate::config::database::{self as choice, UrlSource};
use crate::context::Context;
use crate::head_file;
use crate::listing::joined;
use crate::running::counted;
use crate::runtime::block_on;
use crate::spent::spent;
use crate::standing::{Standing, ask};
use crate::tenants::{TenantArgs, standing};
use crate::ui::exit::ExitStatus;
use crate::ui::json::{FORMAT, StatusJson, UnmanagedJson};
use crate::ui::printer::Printer;
use crate::ui::problem::Problem;
use crate::ui::theme::Role;

/// What `status` says of drift: to compare takes a scratch server, and the models' program.
const NOT_COMPARED: &str =
    "not looked at here; `aludel check` compares the database with the history";

/// How many pending revisions are listed without `-v`.
const PENDING_MAX: usize = 5;

/// Show where the project and its database stand, and the next command
///
/// Reads files and the database; no model is loaded and nothing is changed.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  aludel status\n  aludel status -v\n  aludel status --format json"
)]
pub(crate) struct StatusArgs {
    #[command(flatten)]
    tenants: TenantArgs,
}

pub(crate) fn run(
    args: &StatusArgs,
    context: &Context,
    printer: &mut Printer,
) -> Result<ExitStatus, Problem> {
    let project = context.project()?;
    let history = context.headers()?;
    let (_, source) = choice::choose(project, context.global.database_url.as_deref());
    if !printer.is_json() {
        print_project(project, &history, printer)?;
        if let Some((fault, next)) = head_file::fault(context, &history)? {
            field("head file", &format!("{fault}: {next}"), printer)?;
        }
    }
    // What the files say is worth showing even when the database does not answer.
    printer.finish()?;
    if let Some((places, status)) = standing::places(context, &args.tenants, &history, printer)? {
        print_places(&places, &source, printer)?;
        return Ok(status);
    }
    let standing = block_on(ask(context, &history, &source))?;
    let next = next_command(project, &history, standing.as_ref());
    // Nobody asked for the models: what is wrong with them is for others to say.
    let spent = block_on(spent(project, &history)).unwrap_or_default();
    if printer.is_json() {
        let mut answer = json(project, &history, standing.as_ref(), &source, next);
        answer.spent_renames = spent;
        printer.json(&answer)?;
        return Ok(ExitStatus::Done);
    }
    match &standing {
        Some(standing) => print_database(standing, &source, &history, printer)?,
        None => field(
            "database",
            &format!("{source}; it is not made yet"),
            printer,
        )?,
    }
    for line in &spent {
        field("spent", line, printer)?;
    }
    field("next", &printer.theme().paint(Role::Strong, &next), printer)?;
    Ok(ExitStatus::Done)
}

/// Where the schemas of tenants stand.
fn print_places(
    places: &[standing::Place],
    source: &UrlSource,
    printer: &mut Printer,
) -> Result<(), Problem> {
    if printer.is_json() {
        return standing::print_json(places, printer);
    }
    field("database", &source.to_string(), printer)?;
    for (name, text) in standing::summary(places, printer) {
        field(name, &text, printer)?;
    }
    let next = if standing::are_at_head(places) {
        "aludel check (are the models ahead?)"
    } else {
        "aludel upgrade"
    };
    field("next", &printer.theme().paint(Role::Strong, next), printer)
}

fn next_command(project: &Project, history: &History, standing: Option<&Standing>) -> String {
    if standing.is_some_and(|standing| !standing.unknown.is_empty()) {
        return "aludel repair (where the files of the revisions are that the database has)"
            .to_owned();
    }
    if history.is_empty() {
        let has_models = !project.models.sources.is_empty();
        let how = if has_models {
            "--autogenerate"
        } else {
            "--empty"
        };
        return format!("aludel revision {how} -m \"first revision\"");
    }
    if history.heads().len() > 1 {
        return head_file::ONE_HEAD.to_owned();
    }
    if standing.is_some_and(|standing| !standing.changed.is_empty()) {
        return "aludel repair (what was changed in files after they were applied)".to_owned();
    }
    if standing.is_some_and(|standing| standing.pending.is_empty()) {
        return "aludel check (are the models ahead, has the database drifted?)".to_owned();
    }
    "aludel upgrade".to_owned()
}

fn print_project(
    project: &Project,
    history: &History,
    printer: &mut Printer,
) -> Result<(), Problem> {
    let config = project.config_path.as_ref().map_or_else(
        || "none, defaults hold".to_owned(),
        |path| project.shown(path),
    );
    field("settings", &config, printer)?;
    let folders: Vec<String> = project
        .migrations
        .iter()
        .map(|folder| project.shown(folder))
        .collect();
    let heads = history.heads();
    let head = match heads.as_slice() {
        [] => "no head".to_owned(),
        [head] => format!("head {}, {}", head.id(), head.header.message),
        _ => format!(
            "{} heads: {}",
            heads.len(),
            joined(heads.iter().map(|head| head.id()))
        ),
    };
    field(
        "history",
        &format!(
            "{} in {}; {head}",
            counted(history.len(), "revision"),
            folders.join(", ")
        ),
        printer,
    )
}

fn print_database(
    standing: &Standing,
    source: &UrlSource,
    history: &History,
    printer: &mut Printer,
) -> Result<(), Problem> {
    let version = shown_version(standing.server_version_num);
    field(
        "database",
        &format!("{} (PostgreSQL {version}; {source})", standing.url),
        printer,
    )?;
    match standing.current.as_slice() {
        [] => field("current", "base: nothing is applied", printer)?,
        [only] => field("current", &named(only, history), printer)?,
        several => {
            field("current", &counted(several.len(), "revision"), printer)?;
            for id in several {
                printer.line(&format!("  {}", named(id, history)))?;
            }
        }
    }
    print_pending(standing, history, printer)?;
    if !standing.current.is_empty() {
        field("drift", NOT_COMPARED, printer)?;
    }
    for path in &standing.changed {
        field(
            "changed",
            &format!("{path} is not what was applied: aludel repair"),
            printer,
        )?;
    }
    print_unmanaged(&standing.unmanaged, printer)
}

/// What no source speaks for is never passed over in silence: counted, and listed with `-v`.
fn print_unmanaged(
    unmanaged: &BTreeMap<String, Vec<String>>,
    printer: &mut Printer,
) -> Result<(), Problem> {
    if unmanaged.is_empty() {
        return Ok(());
    }
    let counts: Vec<String> = unmanaged
        .iter()
        .map(|(kind, names)| counted(names.len(), kind))
        .collect();
    let text = format!(
        "{} (no source speaks for them; left alone)",
        counts.join(", ")
    );
    field("unmanaged", &text, printer)?;
    if printer.is_verbose() {
        for (kind, names) in unmanaged {
            for name in names {
                printer.line(&format!("  {kind} {name}"))?;
            }
        }
    }
    Ok(())
}

fn print_pending(
    standing: &Standing,
    history: &History,
    printer: &mut Printer,
) -> Result<(), Problem> {
    let pending = &standing.pending;
    if !standing.unknown.is_empty() {
        return field(
            "unknown",
            &format!("no file is {}", joined(&standing.unknown)),
            printer,
        );
    }
    if pending.is_empty() {
        return field("pending", "none", printer);
    }
    field("pending", &counted(pending.len(), "revision"), printer)?;
    let shown = if printer.is_verbose() {
        pending.len()
    } else {
        PENDING_MAX
    };
    for id in pending.iter().take(shown) {
        printer.line(&format!("  {}", named(id, history)))?;
    }
    if pending.len() > shown {
        printer.line(&format!(
            "  and {} more (-v lists them)",
            pending.len() - shown
        ))?;
    }
    Ok(())
}

/// A revision's id with its message.
fn named(id: &RevisionId, history: &History) -> String {
    match history.get(id) {
        Some(revision) => format!("{id}, {}", revision.header.message),
        None => id.to_string(),
    }
}

fn field(name: &str, text: &str, printer: &mut Printer) -> Result<(), Problem> {
    let line = format!("{name:<9} {text}");
    printer.line(line.trim_end())
}

fn json(
    project: &Project,
    history: &History,
    standing: Option<&Standing>,
    source: &UrlSource,
    next: String,
) -> StatusJson {
    let strings = |ids: &[RevisionId]| ids.iter().map(ToString::to_string).collect::<Vec<_>>();
    let unmanaged = standing
        .into_iter()
        .flat_map(|standing| &standing.unmanaged);
    StatusJson {
        format: FORMAT,
        config: project
            .config_path
            .as_ref()
            .map(|path| path.display().to_string()),
        migrations: project
            .migrations
            .iter()
            .map(|folder| folder.display().to_string())
            .collect(),
        revisions: history.len(),
        heads: history
            .heads()
            .iter()
            .map(|head| head.id().to_string())
            .collect(),
        database: standing.map(|standing| standing.url.to_string()),
        url_source: source.to_string(),
        server_version_num: standing.map(|standing| standing.server_version_num),
        current: standing.map(|standing| strings(&standing.current)),
        no_such_revision: standing.map_or_else(Vec::new, |standing| strings(&standing.unknown)),
        pending: standing.map(|standing| strings(&standing.pending)),
        changed_files: standing.map_or_else(Vec::new, |standing| standing.changed.clone()),
        unmanaged: unmanaged
            .map(|(kind, names)| UnmanagedJson {
                kind: kind.clone(),
                names: names.clone(),
            })
            .collect(),
        spent_renames: Vec::new(),
        next,
    }
}
