//! `aludel adopt`: an Alembic project moves in.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::time::Duration;

use aludel_adopt::adopt::interpreter;
use aludel_adopt::{
    AdoptOptions, Adoption, AlembicProject, AlembicRevision, Baseline, Beginning, Downgrade, Event,
    InOneGo, Outcome, Packages, WalkOptions, Wanted, adopt, graph, report,
};
use clap::Args;

use crate::adopted_settings::FoundSettings;
use crate::adopting::{self, Destination, Further};
use crate::config::{Project, shown};
use crate::context::{Context, current_dir};
use crate::readopting::Adopted;
use crate::running::counted;
use crate::runtime::block_on;
use crate::scratch;
use crate::ui::exit::ExitStatus;
use crate::ui::json::adoption::AdoptJson;
use crate::ui::printer::Printer;
use crate::ui::problem::Problem;
use crate::ui::progress;
use crate::ui::theme::Role;

/// Take over an Alembic project: every revision is run, recorded, written as SQL and proven
///
/// The project's own Python runs Alembic's upgrade, revision by revision, on a scratch server; every connection
/// that it opens is led there. What reaches the server becomes one SQL file for each revision, with the same id,
/// parents, labels and message. After each file the catalog must be the one after Alembic's revision; at the head
/// the rows too. The version table stays Alembic's, so a database at Alembic's head is at Aludel's. Nothing is
/// written before all of it is done; Alembic's files are never changed.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  aludel adopt\n  aludel adopt --python .venv/bin/python --yes\n  aludel adopt --script-location app/db/migrations --until ae10\n  aludel adopt --through \"shopctl db upgrade\""
)]
pub(crate) struct AdoptArgs {
    /// Folder of the revision files that are written [default: migrations, or a folder `sql` in Alembic's migrations; with -n migrations-NAME]
    #[arg(value_name = "DIRECTORY")]
    directory: Option<PathBuf>,
    /// Do not ask
    #[arg(short, long)]
    yes: bool,
    /// The env.py, where no alembic.ini leads to it
    #[arg(long, value_name = "FILE", conflicts_with = "script_location")]
    env: Option<PathBuf>,
    /// The folder of env.py, where no alembic.ini leads to it
    #[arg(long, value_name = "DIRECTORY")]
    script_location: Option<PathBuf>,
    /// The command that runs the project's Python
    #[arg(long, value_name = "COMMAND")]
    python: Option<String>,
    /// The application's own command that runs Alembic, where `alembic` alone does not: it is run on scratch until it comes there
    #[arg(long, value_name = "COMMAND", conflicts_with_all = ["env", "script_location"])]
    through: Option<String>,
    /// Adopt up to this revision only
    #[arg(long, value_name = "REVISION")]
    until: Option<String>,
    /// What makes the tables that the first revision finds: a .sql file, or a command that finds the database in `DATABASE_URL`
    #[arg(long, value_name = "COMMAND", conflicts_with = "update")]
    baseline: Option<String>,
    /// Adopt the revisions that Alembic's folder got since
    #[arg(long, conflicts_with = "directory")]
    update: bool,
    /// Put Aludel's own way back where Alembic's downgrade fails or does not lead back
    #[arg(long)]
    repair_downgrades: bool,
    /// Seconds that one revision may take
    #[arg(long, value_name = "SECONDS", default_value_t = 300)]
    time_limit: u64,
}

pub(crate) fn run(
    args: &AdoptArgs,
    context: &Context,
    printer: &mut Printer,
) -> Result<ExitStatus, Problem> {
    let folder = current_dir()?;
    let (settings, further) = settings(&folder, context)?;
    let wanted = Wanted {
        folder: folder.clone(),
        env: args.env.clone(),
        script_location: args.script_location.clone(),
        name: further.name.map(str::to_owned),
        python: args.python.clone().or(settings.models.python.clone()),
        through: args.through.clone(),
    };
    let alembic = adopting::find(&wanted, &context.global.extra, &settings, printer)?;
    let destination = if args.update {
        Destination::of(&folder, &settings, further.name)?
    } else {
        let directory = args.directory.as_deref();
        Destination::choose(&folder, directory, &alembic, &settings, further)?
    };
    let packages = Packages::of(&folder, wanted.python.as_deref());
    let revisions = alembic.revisions(&packages)?;
    let read = revisions.iter().map(|one| one.id.to_string()).collect();
    let revisions = graph::order(until(revisions, args.until.as_deref())?)?;
    let (adopted, revisions) = if args.update {
        let (adopted, revisions) = Adopted::split(&settings, revisions)?;
        adopted.tell_changes(printer)?;
        (Some(adopted), revisions)
    } else {
        (None, revisions)
    };
    if revisions.is_empty() {
        printer.say("nothing to do: every revision of Alembic's is adopted");
        return Ok(ExitStatus::Done);
    }
    let beginning = match &adopted {
        Some(adopted) => adopted.beginning(&settings)?,
        None => beginning(args, &folder),
    };
    let options = AdoptOptions {
        read,
        ..options(args, context, &settings)?
    };
    announce(
        &alembic,
        &revisions,
        &options,
        &destination,
        &folder,
        printer,
    )?;
    agree(args, printer)?;
    destination.check()?;
    let (adoption, models) = block_on(async {
        let mut tell = |event: Event<'_>| tell(&event, printer);
        let adoption = adopt(&alembic, &revisions, &beginning, &options, &mut tell).await?;
        let cache_dir = scratch::cache_dir(&settings);
        let python = args.python.as_deref();
        let models =
            FoundSettings::ask(&destination, &alembic, python, cache_dir, &options).await?;
        Ok((adoption, models))
    })?;
    let written = adopting::write(&destination, &alembic, &adoption, &models)?;
    if printer.is_json() {
        printer.json(&AdoptJson::new(&adoption, &destination, &written, &folder))?;
    }
    conclude(&adoption, &destination, &options, &folder, printer);
    Ok(if adoption.is_proven() {
        ExitStatus::Done
    } else {
        ExitStatus::No
    })
}

/// The settings that are there; of a history that they do not know yet, those of the main one.
fn settings<'a>(folder: &Path, context: &'a Context) -> Result<(Project, Further<'a>), Problem> {
    let mut global = context.global.clone();
    let further = Further {
        name: context.global.name.as_deref(),
        is_new: !Project::knows(folder, &global)?,
    };
    if further.is_new {
        global.name = None;
    }
    Ok((Project::find(folder, &global)?, further))
}

/// Nothing begins before somebody says yes.
fn agree(args: &AdoptArgs, printer: &mut Printer) -> Result<(), Problem> {
    if args.yes || printer.confirm("adopt it?") == Some(true) {
        return Ok(());
    }
    if printer.can_ask() {
        return Err(Problem::new("declined", "nothing was done").exit(ExitStatus::No));
    }
    Err(
        Problem::new("unanswered", "nobody is there to answer; nothing was done")
            .hint("run it with --yes"),
    )
}

/// How it is done: what was typed, else what the settings say.
fn options(
    args: &AdoptArgs,
    context: &Context,
    settings: &Project,
) -> Result<AdoptOptions, Problem> {
    Ok(AdoptOptions {
        read: BTreeSet::new(),
        python: args.python.clone().or(settings.models.python.clone()),
        walk: WalkOptions {
            arguments: context.global.extra.clone(),
            time_limit: Duration::from_secs(args.time_limit),
            repairs_downgrades: args.repair_downgrades,
            search_path: settings
                .database
                .search_path
                .clone()
                .unwrap_or_else(|| "public".to_owned()),
        },
        scratch: scratch::options(settings, None)?,
    })
}

/// Where the walk begins.
fn beginning(args: &AdoptArgs, folder: &Path) -> Beginning<'static> {
    let Some(baseline) = &args.baseline else {
        return Beginning::Empty;
    };
    let path = folder.join(baseline);
    let is_script = path.is_file() && path.extension().is_some_and(|extension| extension == "sql");
    Beginning::Baseline(if is_script {
        Baseline::File(path)
    } else {
        Baseline::Command(baseline.clone())
    })
}

/// The revisions up to one of them, with all that it needs.
fn until(
    revisions: Vec<AlembicRevision>,
    until: Option<&str>,
) -> Result<Vec<AlembicRevision>, Problem> {
    let Some(until) = until else {
        return Ok(revisions);
    };
    let found: Vec<usize> = (0..revisions.len())
        .filter(|place| revisions[*place].id.as_str().starts_with(until))
        .collect();
    let place = match found.as_slice() {
        [place] => *place,
        [] => {
            return Err(
                Problem::new("target", format!("there is no Alembic revision {until}"))
                    .hint("`alembic history` lists them"),
            );
        }
        _ => {
            return Err(Problem::new(
                "target",
                format!("several revisions begin with {until}"),
            ));
        }
    };
    let mut wanted = vec![revisions[place].id.clone()];
    let mut kept = Vec::new();
    for revision in revisions.into_iter().take(place + 1).rev() {
        let labelled = revision
            .labels
            .iter()
            .any(|label| wanted.iter().any(|one| one.as_str() == label));
        if labelled || wanted.contains(&revision.id) {
            wanted.extend(revision.parents.iter().chain(&revision.depends_on).cloned());
            kept.push(revision);
        }
    }
    kept.reverse();
    Ok(kept)
}

fn announce(
    alembic: &AlembicProject,
    revisions: &[AlembicRevision],
    options: &AdoptOptions,
    destination: &Destination,
    folder: &Path,
    printer: &mut Printer,
) -> Result<(), Problem> {
    let python = interpreter(alembic, options.python.as_deref())?;
    let settings = alembic
        .settings
        .as_deref()
        .unwrap_or(&alembic.script_location);
    let heads = revisions.iter().filter(|one| {
        !revisions
            .iter()
            .any(|other| other.parents.contains(&one.id))
    });
    let heads: Vec<&str> = heads.map(|one| one.id.as_str()).collect();
    printer.say(&format!(
        "found {} of Alembic's by {}, head {}",
        counted(revisions.len(), "revision"),
        shown(folder, settings),
        heads.join(", ")
    ));
    printer.say(&format!(
        "each will be run by {} on scratch, up and down, and recorded into {}/",
        python.shown(),
        shown(folder, &destination.migrations)
    ));
    let folders = alembic.folders();
    if folders.len() > 1 {
        printer.say(&format!(
            "the {} folders of revisions become one: {}",
            folders.len(),
            folders.join(", ")
        ));
    }
    printer.say("no other database is touched; what the revisions do besides SQL, they do here");
    Ok(())
}

fn tell(event: &Event<'_>, printer: &mut Printer) {
    match event {
        Event::Loaded([python, alembic, sqlalchemy]) => printer.say(&format!(
            "loaded with Alembic {alembic}, SQLAlchemy {sqlalchemy}, Python {python}"
        )),
        Event::Revision(..) => {}
        Event::Done(outcome) => done(outcome, printer),
        Event::NeedsLoading(revision, error) => {
            printer.say(&format!(
                "{revision} needs what the application makes while it is loaded: {error}"
            ));
            printer.say(
                "that becomes a revision of its own, `baseline`, and the history is run behind it",
            );
        }
        Event::Again => {
            printer.say("running it a second time, in one go, to see what depends on that, the clock or chance");
        }
        Event::Differs => {
            printer.say("in one go it does otherwise: running it once more, revision by revision");
        }
    }
}

fn done(outcome: &Outcome, printer: &mut Printer) {
    let theme = printer.talk_theme();
    let good = outcome.differs.is_empty();
    let word = if good {
        theme.paint(Role::Good, "ok  ")
    } else {
        theme.paint(Role::Error, "FAIL")
    };
    let mut notes = report::notes(outcome);
    match &outcome.downgrade {
        Downgrade::LeadsBack(_) | Downgrade::OfBaseline => {}
        Downgrade::Irreversible(_) => notes.push("irreversible"),
        Downgrade::Repaired(_) => notes.push("downgrade repaired"),
    }
    let notes: Vec<String> = notes.iter().map(|note| note.replace('*', "")).collect();
    let notes = if notes.is_empty() {
        String::new()
    } else {
        format!(": {}", notes.join(", "))
    };
    let time = theme.paint(
        Role::Dim,
        &format!("({})", progress::shown(outcome.elapsed)),
    );
    printer.say(&format!(
        "{word} {} {}{notes} {time}",
        outcome.revision.id, outcome.revision.message
    ));
    for line in &outcome.differs {
        printer.say(&format!("       {line}"));
    }
}

fn conclude(
    adoption: &Adoption,
    destination: &Destination,
    options: &AdoptOptions,
    folder: &Path,
    printer: &mut Printer,
) {
    let counts = adoption.counts();
    printer.say(&format!(
        "adopted {} in {}: {} data-dependent, {} irreversible{}",
        counted(counts.revisions, "revision"),
        progress::shown(adoption.elapsed),
        counts.dependent,
        counts.irreversible,
        if counts.repaired > 0 {
            format!(", {} repaired", counted(counts.repaired, "downgrade"))
        } else {
            String::new()
        }
    ));
    let in_one_go = report::in_one_go(adoption).replace("**", "");
    if adoption.is_proven() && adoption.in_one_go == InOneGo::Same {
        printer
            .say("proven: the catalog after every revision and the rows at the head are Alembic's");
    } else if adoption.is_proven() {
        printer.say("proven one by one: the catalog after every revision and the rows at the head are Alembic's");
    } else {
        printer.warn(
            &format!(
                "not proven: {} lead to another catalog, the rows of {} differ",
                counted(counts.differing, "revision"),
                counted(adoption.rows_differ.len(), "table")
            ),
            &[],
        );
        for line in &adoption.rows_differ {
            printer.say(&format!("       {line}"));
        }
    }
    if adoption.in_one_go != InOneGo::Same {
        printer.warn(&in_one_go, &[]);
        for line in report::of_one_go(adoption) {
            printer.say(&format!("       {line}"));
        }
    }
    printer.say(&format!("read {}", shown(folder, &destination.report)));
    if counts.irreversible > 0 && !options.walk.repairs_downgrades {
        printer.hint("--repair-downgrades writes a way back where Alembic has none that works");
    }
    if matches!(adoption.in_one_go, InOneGo::Elsewhere(_)) {
        printer.hint("where Alembic made a database in one go, `aludel check` says how it differs");
    }
    if matches!(adoption.in_one_go, InOneGo::Fails { .. }) {
        printer.hint("that is `alembic upgrade` alone; where the application's own command prepares it otherwise, name that: --through");
    }
    match &destination.further {
        None => printer.hint("aludel status"),
        Some(name) => printer.hint(&format!("aludel -n {name} status")),
    }
}
