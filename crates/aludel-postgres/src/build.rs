//! The catalog that a script leads to, built on scratch once and remembered on disk.
//!
//! The key of a remembered catalog holds everything that can change it: the form of the file, the catalog queries, the
//! server, the extensions' versions, the search path and the ordered SQL. A hit is a file read and starts no server. What
//! PostgreSQL refuses of a script is remembered like the catalog.

mod refusal;

use std::path::PathBuf;

use aludel_catalog::{Catalog, ObjectId, ObjectKind, snapshot};
use aludel_sql::{Needs, Origin, Statement};
use fs_err as fs;
use sha2::{Digest, Sha256};
use tokio::sync::OnceCell;

use crate::cache::default_cache_dir;
use crate::error::StatementError;
use crate::introspect::{Hidden, IntrospectError, answers};
use crate::roles::{self, PrepareError};
use crate::scratch::{Scratch, ScratchError, ScratchOptions, ScratchPlan};
use crate::session::{ConnectOptions, Session};

/// How many statements go out in one message.
const BATCH: usize = 200;

/// What to build.
#[derive(Clone, Debug)]
pub struct Script<'a> {
    /// Statements in groups; session settings are put back between two groups (one group for each revision).
    pub groups: Vec<&'a [Statement]>,
    /// What must exist before.
    pub needs: Needs,
    /// The search path that each group begins with.
    pub search_path: &'a str,
    /// What is Aludel's own.
    pub hidden: &'a Hidden,
}

/// A script did not lead to a catalog.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// There is no scratch to build on.
    #[error(transparent)]
    Scratch(#[from] ScratchError),
    /// Scratch could not be reached.
    #[error(transparent)]
    Connect(#[from] crate::error::ConnectError),
    /// A role or an extension could not be made ready.
    #[error(transparent)]
    Prepare(#[from] PrepareError),
    /// The server refused a statement of the script.
    #[error("a statement failed on scratch")]
    Statement {
        /// Where the statement stands.
        origin: Origin,
        /// What the server said.
        #[source]
        error: StatementError,
    },
    /// What was built could not be read.
    #[error(transparent)]
    Introspect(#[from] IntrospectError),
}

/// Builds catalogs; starts one scratch server at the first need.
pub struct Builder {
    options: ScratchOptions,
    plan: OnceCell<ScratchPlan>,
    scratch: OnceCell<Scratch>,
    directory: PathBuf,
    forgets_refusals: bool,
}

impl Builder {
    /// Prepares to build; nothing is started yet.
    pub fn new(options: ScratchOptions) -> Self {
        let directory = options
            .cache_dir
            .clone()
            .unwrap_or_else(default_cache_dir)
            .join("catalogs");
        Self {
            options,
            plan: OnceCell::new(),
            scratch: OnceCell::new(),
            directory,
            forgets_refusals: false,
        }
    }

    /// The same, asking the server again about what it refused, whatever is remembered of that.
    #[must_use]
    pub fn forgetting_refusals(self, forgets_refusals: bool) -> Self {
        Self {
            forgets_refusals,
            ..self
        }
    }

    /// Returns what would be started.
    pub async fn plan(&self) -> Result<&ScratchPlan, ScratchError> {
        self.plan
            .get_or_try_init(|| Scratch::plan(&self.options))
            .await
    }

    /// Returns the scratch server, started at the first call.
    pub async fn scratch(&self) -> Result<&Scratch, ScratchError> {
        self.scratch
            .get_or_try_init(|| Scratch::start(&self.options))
            .await
    }

    /// Returns the catalog that `script` leads to, from the cache or built.
    pub async fn catalog(&self, script: &Script<'_>) -> Result<Catalog, BuildError> {
        let path = self.path(script).await?;
        if let Some(catalog) = read(&path) {
            return Ok(finish(catalog, script));
        }
        let refused = path.with_extension("refused.json");
        // A server of somebody else's may have meanwhile what it lacked.
        let is_own = self.options.url.is_none();
        let is_asked_again = !is_own || self.forgets_refusals;
        if let Some(error) = refusal::read(&refused, script).filter(|_| !is_asked_again) {
            return Err(error);
        }
        let sets = match self.build(script).await {
            Ok(sets) => sets,
            Err(error) => {
                if let Some(text) = refusal::text(&error, script).filter(|_| is_own) {
                    remember(&refused, &text);
                }
                return Err(error);
            }
        };
        remember(&path, &snapshot::to_json(&sets));
        let catalog = aludel_catalog::assemble(&sets).map_err(IntrospectError::from)?;
        Ok(finish(catalog, script))
    }

    /// Returns the catalog that `script` leads to if it is remembered; nothing is started.
    pub async fn remembered(&self, script: &Script<'_>) -> Result<Option<Catalog>, ScratchError> {
        let catalog = read(&self.path(script).await?);
        Ok(catalog.map(|catalog| finish(catalog, script)))
    }

    async fn path(&self, script: &Script<'_>) -> Result<PathBuf, ScratchError> {
        let key = self.key(script).await?;
        Ok(self.directory.join(format!("{key}.json")))
    }

    /// Stops scratch when it was started.
    pub async fn stop(self) -> Result<(), ScratchError> {
        match self.scratch.into_inner() {
            Some(scratch) => scratch.stop().await,
            None => Ok(()),
        }
    }

    async fn key(&self, script: &Script<'_>) -> Result<String, ScratchError> {
        let plan = self.plan().await?;
        let mut digest = Sha256::new();
        let mut add = |text: &str| {
            digest.update(text.len().to_le_bytes());
            digest.update(text.as_bytes());
        };
        add(&format!("format {}", snapshot::FORMAT));
        add(&snapshot::queries_fingerprint(plan.server_version_num()));
        add(&plan.identity());
        add(script.search_path);
        for role in &script.needs.roles {
            add(role);
        }
        for schema in &script.needs.schemas {
            add("schema");
            add(schema);
        }
        for extension in &script.needs.extensions {
            add(extension);
            add(plan
                .extension_version(extension)
                .await?
                .as_deref()
                .unwrap_or("none"));
        }
        for group in &script.groups {
            add("group");
            for statement in *group {
                add(&statement.text);
            }
        }
        Ok(digest
            .finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<Vec<_>>()
            .concat())
    }

    async fn build(
        &self,
        script: &Script<'_>,
    ) -> Result<Vec<Vec<crate::session::Row>>, BuildError> {
        // Roles are the cluster's: a script that makes some gets a cluster of its own.
        let own = if script.needs.created_roles.is_empty() {
            None
        } else {
            Some(Scratch::start(&self.options).await?)
        };
        let scratch = match &own {
            Some(own) => own,
            None => self.scratch().await?,
        };
        let database = scratch.database().await?;
        let session = Session::connect(database.url(), &ConnectOptions::default()).await?;
        let sets = run(&session, scratch, script).await;
        drop(session);
        database.close().await;
        if let Some(own) = own {
            own.stop().await?;
        }
        sets
    }
}

async fn run(
    session: &Session,
    scratch: &Scratch,
    script: &Script<'_>,
) -> Result<Vec<Vec<crate::session::Row>>, BuildError> {
    roles::prepare(session, &script.needs, scratch.may_create_roles()).await?;
    run_groups(session, &script.groups, script.search_path).await?;
    session
        .execute("RESET SESSION AUTHORIZATION; RESET ALL")
        .await
        .map_err(IntrospectError::from)?;
    Ok(answers(session).await.map_err(IntrospectError::from)?)
}

/// Runs the groups of statements, many in one message; transactions do not matter on scratch.
pub async fn run_groups(
    session: &Session,
    groups: &[&[Statement]],
    search_path: &str,
) -> Result<(), BuildError> {
    let reset = Statement {
        text: format!(
            "RESET SESSION AUTHORIZATION; RESET ALL; SET search_path = {search_path}; SET client_min_messages = warning"
        ),
        origin: Origin {
            file: None,
            line: 1,
        },
    };
    let mut batch: Vec<&Statement> = Vec::new();
    for group in groups {
        batch.push(&reset);
        for statement in *group {
            if aludel_sql::runs_alone(statement).is_some() {
                flush(session, &mut batch).await?;
                one(session, statement).await?;
                continue;
            }
            batch.push(statement);
            if batch.len() >= BATCH {
                flush(session, &mut batch).await?;
            }
        }
    }
    flush(session, &mut batch).await
}

/// Sends the batch as one message, which is one transaction; when that fails, statement by statement, because the
/// failure may be the transaction's own (a new enum value used), and else to know which one it is.
async fn flush(session: &Session, batch: &mut Vec<&Statement>) -> Result<(), BuildError> {
    let statements = std::mem::take(batch);
    let texts: Vec<&str> = statements
        .iter()
        .map(|statement| statement.text.as_str())
        .collect();
    // A comment may end a statement, so each semicolon stands on a line of its own.
    let message = texts.join("\n;\n");
    if statements.is_empty() || session.execute(&message).await.is_ok() {
        return Ok(());
    }
    for statement in statements {
        one(session, statement).await?;
    }
    Ok(())
}

async fn one(session: &Session, statement: &Statement) -> Result<(), BuildError> {
    session
        .execute(&statement.text)
        .await
        .map_err(|error| BuildError::Statement {
            origin: statement.origin.clone(),
            error,
        })
}

fn finish(mut catalog: Catalog, script: &Script<'_>) -> Catalog {
    catalog.owners_unstated = true;
    script.hidden.apply(&mut catalog);
    // The others are somebody else's, or were made beforehand only to be named.
    let created = &script.needs.created_roles;
    let is_other = |id: &ObjectId| id.kind == ObjectKind::Role && !created.contains(&id.name);
    catalog.objects.retain(|id, _| !is_other(id));
    catalog
}

fn read(path: &std::path::Path) -> Option<Catalog> {
    snapshot::from_json(&fs::read_to_string(path).ok()?)?.ok()
}

/// Writes the file beside its place first, so that nobody reads half of it. A cache that cannot be written costs time
/// and nothing else.
fn remember(path: &std::path::Path, text: &str) {
    let beside = path.with_extension(format!("{}.tmp", std::process::id()));
    let written = path
        .parent()
        .map_or(Ok(()), fs::create_dir_all)
        .and_then(|()| fs::write(&beside, text))
        .and_then(|()| fs::rename(&beside, path));
    if written.is_err() {
        fs::remove_file(&beside).ok();
    }
}
