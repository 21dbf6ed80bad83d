//! The catalogs that commands compare: of the models, the history's head, a database, SQL, nothing.
//!
//! `current` and `desired` are built on scratch (remembered between runs) or read from a database. The
//! builder starts a scratch server only when something is not remembered.

mod desired;
mod refused;

use std::rc::Rc;

use aludel_catalog::{Catalog, ObjectKind};
use aludel_diff::{Managed, SpokenFor};
use aludel_postgres::{
    Asked, Builder, DatabaseUrl, Hidden, Script, Session, introspect, introspect_kinds,
};
use aludel_prove::StairOptions;
use aludel_revision::{FileError, History, Revision};
use aludel_runner::{LOG_SCHEMA, RunnerSettings, SIDE_LOG_TABLE};
use aludel_source::{Intents, SourceContext, SourceSpec, SpeaksFor};
use aludel_sql::{Needs, Statement, needs};

pub(crate) use self::desired::Desired;
use crate::config::Project;
use crate::config::file::Source;
use crate::database::{self, Access};
use crate::running;
use crate::scratch;
use crate::spec::Spec;
use crate::ui::problem::Problem;

/// Builds the catalogs of one project.
pub(crate) struct Catalogs<'a> {
    project: &'a Project,
    builder: Rc<Builder>,
    runner: RunnerSettings,
    hidden: Hidden,
    /// What stands in the database before the history begins: the history that it stands on, a group for each revision.
    beneath: Vec<Vec<Statement>>,
}

/// What is compared only where somebody asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum OnAsking {
    /// Roles and memberships.
    Roles,
    /// Subscriptions.
    Subscriptions,
}

fn asked(asked: bool) -> Asked {
    if asked { Asked::Yes } else { Asked::No }
}

impl<'a> Catalogs<'a> {
    /// Prepares; nothing is started. `target_major` is the major version of the database that is compared.
    pub(crate) fn new(project: &'a Project, target_major: Option<u32>) -> Result<Self, Problem> {
        let builder = Builder::new(scratch::options(project, target_major)?)
            .forgetting_refusals(project.ignore_cache);
        Self::with_builder(project, Rc::new(builder))
    }

    /// The same for other settings of one project, on the same scratch.
    pub(crate) fn beside<'b>(&self, project: &'b Project) -> Result<Catalogs<'b>, Problem> {
        Catalogs::with_builder(project, Rc::clone(&self.builder))
    }

    fn with_builder(project: &'a Project, builder: Rc<Builder>) -> Result<Self, Problem> {
        let runner = running::settings(project);
        let hidden = Hidden {
            version_table: (runner.home_schema(), runner.version_table.clone()),
            log_schema: LOG_SCHEMA.to_owned(),
            log_table: SIDE_LOG_TABLE.to_owned(),
            roles: asked(project.manage.roles),
            subscriptions: asked(project.manage.subscriptions),
        };
        Ok(Self {
            project,
            builder,
            runner,
            hidden,
            beneath: beneath(project)?,
        })
    }

    /// Compares roles and subscriptions too, where the command line asks for them.
    pub(crate) fn asking_for(mut self, kinds: &[OnAsking]) -> Self {
        if kinds.contains(&OnAsking::Roles) {
            self.hidden.roles = Asked::Yes;
        }
        if kinds.contains(&OnAsking::Subscriptions) {
            self.hidden.subscriptions = Asked::Yes;
        }
        self
    }

    /// Whether the schema on scratch stands for that of any tenant.
    pub(crate) fn is_for_tenants(&self) -> bool {
        self.project.is_placeholder()
    }

    /// The builder, for those who need its scratch server.
    pub(crate) fn builder(&self) -> &Builder {
        &self.builder
    }

    /// The settings that revisions are run with.
    pub(crate) fn runner(&self) -> &RunnerSettings {
        &self.runner
    }

    /// Ends scratch, if it was started.
    pub(crate) async fn stop(self) -> Result<(), Problem> {
        match Rc::into_inner(self.builder) {
            Some(builder) => Ok(builder.stop().await?),
            // Whoever else builds on it stops it.
            None => Ok(()),
        }
    }

    /// Nothing: what a new database holds.
    pub(crate) async fn empty(&self) -> Result<Catalog, Problem> {
        self.build(&[]).await
    }

    /// The catalog after these revisions, in this order.
    pub(crate) async fn revisions(&self, revisions: &[&Revision]) -> Result<Catalog, Problem> {
        self.revisions_then(revisions, &[]).await
    }

    /// The catalog after these revisions and then these statements.
    pub(crate) async fn revisions_then(
        &self,
        revisions: &[&Revision],
        then: &[Statement],
    ) -> Result<Catalog, Problem> {
        let mut groups = upgrade_groups(revisions)?;
        if !then.is_empty() {
            groups.push(then.to_vec());
        }
        self.build(&groups).await
    }

    /// The catalog at the heads of the history.
    pub(crate) async fn head(&self, history: &History) -> Result<Catalog, Problem> {
        let revisions: Vec<&Revision> = history.iter_as_run().collect();
        self.revisions(&revisions).await
    }

    /// The same if an earlier run remembers it.
    pub(crate) async fn remembered_head(
        &self,
        history: &History,
    ) -> Result<Option<Catalog>, Problem> {
        let revisions: Vec<&Revision> = history.iter_as_run().collect();
        let groups = upgrade_groups(&revisions)?;
        let script = self.script(&groups);
        Ok(self.builder.remembered(&script).await?)
    }

    /// The catalog of a database.
    pub(crate) async fn database(&self, url: &DatabaseUrl) -> Result<Catalog, Problem> {
        let session = Session::connect(url, &database::options(Access::Read)).await?;
        self.session(&session).await
    }

    /// Takes out of a catalog what is Aludel's own.
    pub(crate) fn hide_own(&self, catalog: &mut Catalog) {
        self.hidden.apply(catalog);
    }

    /// The catalog of the database of a session.
    pub(crate) async fn session(&self, session: &Session) -> Result<Catalog, Problem> {
        Ok(introspect(session, &self.hidden).await?)
    }

    /// What the database of a session has that `managed` may leave alone, among other things. Relations are always
    /// read: their parts belong to an extension as they do.
    pub(crate) async fn left_alone(
        &self,
        session: &Session,
        managed: &Managed,
    ) -> Result<Catalog, Problem> {
        let wanted = |kind: ObjectKind| {
            let is_hidden = kind == ObjectKind::Role && self.hidden.roles == Asked::No;
            let is_whole = kind.is_relation() || kind == ObjectKind::Extension;
            is_whole || !is_hidden && !managed.covers_all(kind)
        };
        Ok(introspect_kinds(session, &self.hidden, wanted).await?)
    }

    /// One side of a comparison that stands alone: anything but the models.
    pub(crate) async fn side(
        &self,
        spec: &Spec,
        history: Option<&History>,
    ) -> Result<Catalog, Problem> {
        Ok(self.stated(spec, history).await?.0)
    }

    /// The same, and what it states that SQL cannot carry.
    pub(crate) async fn stated(
        &self,
        spec: &Spec,
        history: Option<&History>,
    ) -> Result<(Catalog, Intents), Problem> {
        let catalog = match (spec, history) {
            (Spec::Empty, _) => self.empty().await?,
            (Spec::Database(url), _) => self.database(url).await?,
            (Spec::Sql(path), _) => {
                let loaded =
                    aludel_source::load(&SourceSpec::Sql(path.clone()), &self.source_context())
                        .await?;
                return Ok((self.build(&[loaded.statements]).await?, loaded.intents));
            }
            (Spec::Head, Some(history)) => self.head(history).await?,
            (Spec::Head, None) => return Err(Problem::internal("the history was not read")),
            (Spec::Models, _) => {
                let empty = self.empty().await?;
                let models = self.models(&empty).await?;
                return Ok((models.catalog, models.intents));
            }
        };
        Ok((catalog, Intents::default()))
    }

    /// What may be changed when everything is spoken for: `[manage]` alone narrows it.
    pub(crate) fn managed(&self, kinds: SpokenFor) -> Managed {
        Managed {
            kinds,
            schemas: self.project.manage.schemas.clone(),
            ignore: self.project.manage.ignore.clone(),
            ..Managed::default()
        }
    }

    /// What is managed as far as the settings tell, without loading a source; `None` when that is everything.
    pub(crate) fn managed_by_settings(&self) -> Result<Option<Managed>, Problem> {
        let models = &self.project.models;
        let mut all: Option<SpeaksFor> = None;
        for source in &models.sources {
            let one = match source.database {
                Some(_) => SpeaksFor::Everything,
                None => spec_of(source)?.speaks_for(&models.entities),
            };
            all = Some(all.map_or_else(|| one.clone(), |all| all.union(&one)));
        }
        let managed = self.managed(spoken_for(&all.unwrap_or(SpeaksFor::Everything)));
        let is_narrow = managed.kinds != SpokenFor::Everything
            || !managed.schemas.is_empty()
            || !managed.ignore.is_empty();
        Ok(is_narrow.then_some(managed))
    }

    /// The catalog that these statements lead to.
    pub(crate) async fn build(&self, groups: &[Vec<Statement>]) -> Result<Catalog, Problem> {
        let script = self.script(groups);
        self.builder
            .catalog(&script)
            .await
            .map_err(|error| Problem::from_build(error, groups))
    }

    /// What proofs on scratch depend on besides the history; `statements` are those that it may run.
    pub(crate) fn stair_options<'b>(
        &self,
        statements: impl IntoIterator<Item = &'b Statement>,
    ) -> StairOptions {
        StairOptions {
            search_path: self.runner.search_path.clone(),
            hidden: self.hidden.clone(),
            needs: self.needs(statements),
            beneath: self.beneath.clone(),
        }
    }

    /// What must be on scratch before these statements and what stands beneath them.
    fn needs<'b>(&self, statements: impl IntoIterator<Item = &'b Statement>) -> Needs {
        let statements: Vec<&Statement> = statements.into_iter().collect();
        let beneath = self.beneath.iter().flatten();
        Needs {
            schemas: self.project.schema.iter().cloned().collect(),
            ..needs(beneath.chain(statements))
        }
    }

    fn script<'b>(&'b self, groups: &'b [Vec<Statement>]) -> Script<'b> {
        Script {
            needs: self.needs(groups.iter().flatten()),
            groups: self
                .beneath
                .iter()
                .chain(groups)
                .map(Vec::as_slice)
                .collect(),
            search_path: &self.runner.search_path,
            hidden: &self.hidden,
        }
    }

    /// What loading a source depends on.
    pub(crate) fn source_context(&self) -> SourceContext {
        database::source_context(self.project)
    }
}

/// Refuses to compare what servers of two major versions said: what differs may be the servers.
pub(crate) fn same_major(one: &Catalog, other: &Catalog) -> Result<(), Problem> {
    let majors = [one, other].map(|catalog| catalog.server_version / 10_000);
    let [one, other] = majors;
    if one == other {
        return Ok(());
    }
    let primary =
        format!("one schema was read from PostgreSQL {one}, the other from PostgreSQL {other}");
    let [least, most] = [one.min(other), one.max(other)];
    Err(Problem::new("major", primary)
        .hint(format!("scratch takes the database's version when it is here: aludel db install --major {most} (or {least})"))
        .hint("two databases of different versions: dump one (aludel dump > schema.sql) and compare the file"))
}

/// What a project's sources speak for, told from the settings alone.
pub(crate) fn spoken_for(speaks_for: &SpeaksFor) -> SpokenFor {
    match speaks_for {
        SpeaksFor::Everything => SpokenFor::Everything,
        SpeaksFor::Kinds(kinds) => SpokenFor::Kinds(kinds.clone()),
    }
}

/// The history that this one stands on, with its own search path.
fn beneath(project: &Project) -> Result<Vec<Vec<Statement>>, Problem> {
    let Some(beneath) = &project.beneath else {
        return Ok(Vec::new());
    };
    let history = History::load_headers(&beneath.migrations)?;
    let revisions: Vec<&Revision> = history.iter_as_run().collect();
    let path = beneath.search_path.as_deref().unwrap_or("public");
    let mut groups = upgrade_groups(&revisions)?;
    for group in &mut groups {
        group.insert(0, Statement::new(format!("SET search_path = {path}")));
    }
    Ok(groups)
}

fn upgrade_groups(revisions: &[&Revision]) -> Result<Vec<Vec<Statement>>, FileError> {
    revisions
        .iter()
        .map(|revision| Ok(revision.body()?.upgrade.statements().cloned().collect()))
        .collect()
}

/// The source as the settings name it.
pub(crate) fn spec_of(source: &Source) -> Result<SourceSpec, Problem> {
    match source {
        Source {
            sqlalchemy: Some(spec),
            ..
        } => Ok(SourceSpec::Sqlalchemy(spec.clone())),
        Source {
            sql: Some(path), ..
        } => Ok(SourceSpec::Sql(path.clone())),
        Source {
            command: Some(command),
            ..
        } => Ok(SourceSpec::Command(command.clone())),
        _ => Err(Problem::new(
            "config",
            "a database is a source only when it is the only one",
        )
        .hint("dump it into a .sql file: aludel dump --from URL > schema.sql")),
    }
}
