//! `aludel status`: where am I, and what is the next command?

use std::collections::BTreeMap;

use aludel_catalog::ObjectKind;
use aludel_postgres::{DatabaseUrl, LocalState};
use aludel_revision::{History, RevisionId};
use aludel_runner::{LogOutcome, Runner, State};
use clap::Args;

use crate::catalogs::Catalogs;
use crate::commands::db::shown_version;
use crate::config::Project;
use crate::config::database::{self as choice, UrlSource};
use crate::context::Context;
use crate::database::{self, Access, OpenDatabase};
use crate::listing::joined;
use crate::running::{counted, settings};
use crate::runtime::block_on;
use crate::ui::exit::ExitStatus;
use crate::ui::json::{FORMAT, StatusJson, UnmanagedJson};
use crate::ui::printer::Printer;
use crate::ui::problem::Problem;
use crate::ui::theme::Role;

/// How many pending revisions are listed without `-v`.
const PENDING_MAX: usize = 5;

/// Show where the project and its database stand, and the next command
///
/// Reads files and the database; no model is loaded and nothing is changed.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  aludel status\n  aludel status -v\n  aludel status --format json"
)]
pub(crate) struct StatusArgs {}

/// What the database answered.
struct Standing {
    url: DatabaseUrl,
    server_version_num: u32,
    current: Vec<RevisionId>,
    /// Rows that no file is.
    unknown: Vec<RevisionId>,
    pending: Vec<RevisionId>,
    /// Files that are not what was applied.
    changed: Vec<String>,
    /// What no source speaks for, by kind.
    unmanaged: BTreeMap<String, Vec<String>>,
}

pub(crate) fn run(
    _args: &StatusArgs,
    context: &Context,
    printer: &mut Printer,
) -> Result<ExitStatus, Problem> {
    let project = context.project()?;
    let history = context.headers()?;
    let (_, source) = choice::choose(project, context.global.database_url.as_deref());
    if !printer.is_json() {
        print_project(project, &history, printer)?;
    }
    // What the files say is worth showing even when the database does not answer.
    printer.finish()?;
    let standing = block_on(ask(context, &history, &source))?;
    let next = next_command(project, &history, standing.as_ref());
    if printer.is_json() {
        printer.json(&json(project, &history, standing.as_ref(), &source, next))?;
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
    field("next", &printer.theme().paint(Role::Strong, &next), printer)?;
    Ok(ExitStatus::Done)
}

/// Asks the database; `None` when it is the local one and nobody made it yet.
async fn ask(
    context: &Context,
    history: &History,
    source: &UrlSource,
) -> Result<Option<Standing>, Problem> {
    let project = context.project()?;
    if *source == UrlSource::Local
        && database::local(project).status().await.state == LocalState::Absent
    {
        return Ok(None);
    }
    let opened = database::open(context, Access::Read).await?;
    let state = Runner::new(&opened.session, history, settings(project))
        .state()
        .await?;
    let current: Vec<RevisionId> = state
        .version_rows
        .iter()
        .map(RevisionId::from_database)
        .collect();
    let unknown: Vec<RevisionId> = current
        .iter()
        .filter(|id| history.get(id).is_none())
        .cloned()
        .collect();
    let pending = if unknown.is_empty() {
        history.pending(&current)?
    } else {
        Vec::new()
    };
    let unmanaged = unmanaged(project, &opened).await?;
    Ok(Some(Standing {
        url: opened.url,
        server_version_num: opened.session.server_version_num(),
        changed: changed_files(history, &state)?,
        current,
        unknown,
        pending,
        unmanaged,
    }))
}

/// What the database holds and no source speaks for, told from the settings; nothing is loaded.
async fn unmanaged(
    project: &Project,
    opened: &OpenDatabase,
) -> Result<BTreeMap<String, Vec<String>>, Problem> {
    let catalogs = Catalogs::new(project, None)?;
    let Some(managed) = catalogs.managed_by_settings()? else {
        return Ok(BTreeMap::new());
    };
    let found = catalogs.session(&opened.session).await?;
    let mut by_kind: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for object in found.objects.values() {
        // Every database has it, so it says nothing about this one.
        let is_public = object.id.kind == ObjectKind::Schema && object.id.name == "public";
        if !is_public && !managed.covers(&object.id, &object.definition) {
            let names = by_kind.entry(object.id.kind.name().to_owned()).or_default();
            names.push(object.id.path());
        }
    }
    Ok(by_kind)
}

/// Files whose checksum is not what the log says was applied.
fn changed_files(history: &History, state: &State) -> Result<Vec<String>, Problem> {
    let mut applied: BTreeMap<&str, &str> = BTreeMap::new();
    for entry in &state.log {
        let whole = entry.outcome == LogOutcome::Done && entry.segment == entry.segments;
        match entry.direction.as_str() {
            "upgrade" if whole => applied.insert(&entry.revision, &entry.checksum),
            "upgrade" => None,
            _ => applied.remove(entry.revision.as_str()),
        };
    }
    let mut changed = Vec::new();
    for (id, checksum) in applied
        .into_iter()
        .filter(|(_, checksum)| !checksum.is_empty())
    {
        let Some(revision) = history.get(&RevisionId::from_database(id)) else {
            continue;
        };
        if revision.checksum()? != checksum {
            changed.push(revision.path.display().to_string());
        }
    }
    Ok(changed)
}

fn next_command(project: &Project, history: &History, standing: Option<&Standing>) -> String {
    if standing.is_some_and(|standing| !standing.unknown.is_empty()) {
        return "git log --all -- migrations (find the files of the revisions the database has)"
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
        return "aludel merge heads -m \"merge\"".to_owned();
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
    for path in &standing.changed {
        field(
            "changed",
            &format!("{path} is not what was applied"),
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
    let line = format!("{name:<10}{text}");
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
        next,
    }
}
