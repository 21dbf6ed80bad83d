//! One history in the schemas of many tenants: which schemas, several at a time, and what came of each.
//!
//! Each schema has a version table and a lock of its own, so that a run which stopped half-way is gone on with by running it
//! again: what is done has nothing to do. `board.rs` is what a person watches meanwhile, `report.rs` the last words,
//! `unqualified.rs` takes the placeholder out of generated SQL.

mod board;
pub(crate) mod drift;
mod report;
pub(crate) mod standing;
mod unqualified;

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::num::NonZeroUsize;

use aludel_catalog::identifier::quote;
use aludel_postgres::Session;
use aludel_revision::History;
use aludel_runner::{Canceller, Events, MissingSchema, Outcome, RunError, Runner, RunnerSettings};
use clap::Args;
use futures_util::future::join_all;

pub(crate) use self::board::Board;
use self::report::report;
pub(crate) use self::report::tell_failures;
pub(crate) use self::unqualified::{take_out, unqualified};

use crate::config::tenancy::{self, PLACEHOLDER};
use crate::context::Context;
use crate::database::{self, Access};
use crate::running;
use crate::runtime::{block_on_to_the_end, stop_requested};
use crate::ui::exit::ExitStatus;
use crate::ui::printer::Printer;
use crate::ui::problem::Problem;

/// How many schemas at a time, and what a failure means for the others.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Options for the schemas of tenants")]
pub(crate) struct TenantArgs {
    /// Work on so many schemas at a time (default: jobs in [tenants], or 4)
    #[arg(long, value_name = "N")]
    jobs: Option<NonZeroUsize>,
    /// Go on with the other schemas when one fails
    #[arg(long)]
    keep_going: bool,
}

/// The schemas that a command works on.
pub(crate) struct Schemas {
    pub(crate) names: Vec<String>,
    jobs: NonZeroUsize,
    keep_going: bool,
}

/// What came of one schema.
pub(crate) struct Ended<T> {
    pub(crate) schema: String,
    /// `None` when it was not begun.
    pub(crate) result: Option<Result<T, Problem>>,
}

/// Does a command's work in the schemas of tenants, shows it and reports it; `None` when the history is run once.
pub(crate) fn in_each(
    context: &Context,
    args: &TenantArgs,
    history: &History,
    settings: RunnerSettings,
    printer: &mut Printer,
    done: &str,
    work: impl AsyncFn(&Runner<'_>, &mut Events<'_>) -> Result<Outcome, RunError>,
) -> Result<Option<ExitStatus>, Problem> {
    let ended = block_on_to_the_end(async {
        let Some(schemas) = several(context, args).await? else {
            return Ok(None);
        };
        let board = Board::new(schemas.names.len(), printer);
        let place = (Access::Write, &board);
        let ended = schemas.each(context, history, settings, place, work);
        Ok(Some(ended.await?))
    })?;
    ended.map(|ended| report(done, &ended, printer)).transpose()
}

/// The schemas that a command works on one by one; `None` when it works on the one database it is given.
pub(crate) async fn several(
    context: &Context,
    args: &TenantArgs,
) -> Result<Option<Schemas>, Problem> {
    let project = context.project()?;
    if !project.is_placeholder() {
        return Ok(None);
    }
    let tenancy = project.tenancy.as_ref();
    let jobs = tenancy.map_or_else(tenancy::default_jobs, |tenancy| tenancy.jobs);
    let query = tenancy.and_then(|tenancy| tenancy.query.as_deref());
    let mut names = match query {
        _ if !context.global.schema.is_empty() => context.global.schema.clone(),
        Some(query) => asked(context, query).await?,
        None => return Err(one_schema(context)),
    };
    let mut seen = std::collections::BTreeSet::new();
    names.retain(|name| seen.insert(name.clone()));
    Ok(Some(Schemas {
        names,
        jobs: args.jobs.unwrap_or(jobs),
        keep_going: args.keep_going,
    }))
}

/// The schemas that the database itself names.
async fn asked(context: &Context, query: &str) -> Result<Vec<String>, Problem> {
    let database = database::connect(context, Access::Read).await?;
    let rows = database.session.rows(query).await.map_err(|error| {
        Problem::server("tenants", "the query of [tenants] failed", &error)
            .hint("its first column names the schemas, as in: SELECT schema_name FROM public.tenants ORDER BY 1")
    })?;
    let names: Vec<String> = rows.iter().map(|row| row.text(0).to_owned()).collect();
    if names.iter().any(String::is_empty) {
        return Err(Problem::new(
            "tenants",
            "the query of [tenants] answers with a schema that has no name",
        )
        .hint("leave such rows out: WHERE schema_name <> ''"));
    }
    Ok(names)
}

/// What a command says that works in one schema when it is not told in which.
pub(crate) fn one_schema(context: &Context) -> Problem {
    if context.global.schema.len() > 1 {
        return Problem::new("tenants", "this works in one schema at a time")
            .hint("name one --schema");
    }
    Problem::new(
        "tenants",
        "the history is for the schemas of tenants, and none is named",
    )
    .hint("name one: --schema acme")
    .hint("or let the database name all of them: query = \"SELECT …\" in [tenants] of aludel.toml")
}

/// Refuses to write a script for no schema in particular.
pub(crate) fn refuse_script(context: &Context) -> Result<(), Problem> {
    if context.project()?.is_placeholder() {
        return Err(one_schema(context));
    }
    Ok(())
}

/// What the workers share.
struct Shared<'a> {
    schemas: &'a Schemas,
    next: Cell<usize>,
    stop: Cell<bool>,
    running: RefCell<BTreeMap<usize, Canceller>>,
}

impl Schemas {
    /// Does the work in each schema, some at a time, in the order of their names as they were given. After a failure no
    /// other schema is begun, unless that was asked for; after Ctrl-C what runs is interrupted too.
    pub(crate) async fn each<T>(
        &self,
        context: &Context,
        history: &History,
        settings: RunnerSettings,
        (access, board): (Access, &Board<'_>),
        work: impl AsyncFn(&Runner<'_>, &mut Events<'_>) -> Result<T, RunError>,
    ) -> Result<Vec<Ended<T>>, Problem> {
        let shared = Shared {
            schemas: self,
            next: Cell::new(0),
            stop: Cell::new(false),
            running: RefCell::default(),
        };
        let mut ended: Vec<Ended<T>> = Vec::new();
        for name in &self.names {
            ended.push(Ended {
                schema: name.clone(),
                result: None,
            });
        }
        let ended = RefCell::new(ended);
        let worker = async || {
            let mut session = None;
            while let Some(index) = shared.take() {
                let name = &self.names[index];
                board.begin(name);
                let result = async {
                    let session = match session.take() {
                        Some(session) => session,
                        None => database::connect(context, access).await?.session,
                    };
                    let result = shared
                        .one(index, &session, history, &settings, board, &work)
                        .await;
                    Ok((session, result))
                };
                let result = match result.await {
                    Ok((open, result)) => {
                        session = Some(open).filter(|open: &Session| !open.is_closed());
                        result
                    }
                    Err(problem) => Err(problem),
                };
                if result.is_err() && !self.keep_going {
                    shared.stop.set(true);
                }
                board.end(name, result.as_ref().err());
                ended.borrow_mut()[index].result = Some(result);
            }
        };
        let count = self.jobs.get().min(self.names.len());
        let workers = join_all((0..count).map(|_| worker()));
        shared.until_interrupted(workers).await?;
        Ok(ended.into_inner())
    }
}

impl Shared<'_> {
    fn take(&self) -> Option<usize> {
        let index = self.next.get();
        if self.stop.get() || index >= self.schemas.names.len() {
            return None;
        }
        self.next.set(index + 1);
        Some(index)
    }

    async fn one<T>(
        &self,
        index: usize,
        session: &Session,
        history: &History,
        settings: &RunnerSettings,
        board: &Board<'_>,
        work: &impl AsyncFn(&Runner<'_>, &mut Events<'_>) -> Result<T, RunError>,
    ) -> Result<T, Problem> {
        let name = &self.schemas.names[index];
        let runner = Runner::new(session, history, settings_in(settings, name));
        self.running.borrow_mut().insert(index, runner.canceller());
        let mut events = |event: &_| board.event(name, event);
        let result = work(&runner, &mut events).await;
        self.running.borrow_mut().remove(&index);
        Ok(result?)
    }

    async fn until_interrupted<T>(&self, workers: impl Future<Output = T>) -> Result<(), Problem> {
        let mut workers = std::pin::pin!(workers);
        loop {
            tokio::select! {
                _ = &mut workers => return Ok(()),
                stopped = stop_requested() => {
                    stopped?;
                    self.stop.set(true);
                    let running: Vec<Canceller> = self.running.borrow().values().cloned().collect();
                    for canceller in running {
                        // A request that does not arrive can be made again.
                        let _ = canceller.cancel().await;
                    }
                }
            }
        }
    }
}

/// Refuses a schema where the work is for all of them.
pub(crate) fn refuse_schema(context: &Context) -> Result<(), Problem> {
    if context.global.schema.is_empty() {
        return Ok(());
    }
    Err(Problem::new("tenants", "a revision is for every schema that the history is run in")
        .hint("leave --schema out; schema = \"$tenant\" in aludel.toml has names written without their schema"))
}

/// The settings of the placeholder, for one schema.
fn settings_in(settings: &RunnerSettings, schema: &str) -> RunnerSettings {
    RunnerSettings {
        search_path: settings
            .search_path
            .replace(&*quote(PLACEHOLDER), &quote(schema)),
        version_schema: Some(schema.to_owned()),
        ..settings.clone()
    }
}

/// The runner's settings of a project; a tenant's schema that is missing is created only when that was asked for.
pub(crate) fn settings(context: &Context, create_schema: bool) -> Result<RunnerSettings, Problem> {
    let project = context.project()?;
    let missing_schema = match (&project.schema, create_schema) {
        (_, true) => MissingSchema::CreateFirst,
        (Some(_), false) => MissingSchema::Refuse,
        (None, false) => MissingSchema::CreateLast,
    };
    Ok(RunnerSettings {
        missing_schema,
        ..running::settings(project)
    })
}

/// How a command ends that worked on several schemas.
pub(crate) fn exit_status<T>(ended: &[Ended<T>]) -> ExitStatus {
    let failures = ended.iter().filter_map(|one| match &one.result {
        Some(Err(problem)) => Some(problem.exit_status()),
        _ => None,
    });
    failures
        .reduce(|one, other| {
            if other == ExitStatus::Interrupted {
                other
            } else {
                one
            }
        })
        .unwrap_or(ExitStatus::Done)
}
