//! The choice of an engine, before anything runs.

use std::path::{Path, PathBuf};

use crate::account::Account;
use crate::cache::default_cache_dir;
use crate::cluster::LOCALE;
use crate::programs::{self, Programs, Search};
use crate::session::Session;

use super::database::{Administration, Custody};
use super::{EngineChoice, Scratch, ScratchError, ScratchOptions, native, url};

/// An engine that was chosen and not yet started.
#[derive(Debug)]
pub struct ScratchPlan {
    chosen: Chosen,
}

#[derive(Debug)]
enum Chosen {
    Native {
        programs: Programs,
        account: Option<Account>,
        cache_dir: PathBuf,
        logs_statements: bool,
    },
    /// The server runs anyway, so the session that asked for its version is kept.
    Url { session: Session, locale: String },
}

/// Where these options look.
pub(super) fn search(options: &ScratchOptions) -> (Search, PathBuf, PathBuf) {
    let cache_dir = options.cache_dir.clone().unwrap_or_else(default_cache_dir);
    let project_dir = options
        .project_dir
        .clone()
        .unwrap_or_else(|| PathBuf::from("."));
    let project_dir = std::path::absolute(&project_dir).unwrap_or(project_dir);
    (
        Search::new(&project_dir, &cache_dir),
        cache_dir,
        project_dir,
    )
}

impl ScratchPlan {
    pub(super) async fn new(options: &ScratchOptions) -> Result<Self, ScratchError> {
        let url = match (options.engine, &options.url) {
            (EngineChoice::Embedded, _) => return Err(ScratchError::EmbeddedLater),
            (EngineChoice::Url, None) => return Err(ScratchError::NoUrl),
            (EngineChoice::Url | EngineChoice::Auto, Some(url)) => Some(url),
            (EngineChoice::Auto, None) | (EngineChoice::Native, _) => None,
        };
        let chosen = match url {
            Some(url) => {
                let session = url::connect(url).await?;
                let sql = "SELECT datcollate || ' ' || datctype FROM pg_catalog.pg_database
                           WHERE datname = 'template0'";
                let locale = session.scalar(sql).await?.unwrap_or_default();
                Chosen::Url { session, locale }
            }
            None => choose_native(options)?,
        };
        Ok(Self { chosen })
    }

    /// `native` or `url`.
    pub fn engine_name(&self) -> &'static str {
        match self.chosen {
            Chosen::Native { .. } => "native",
            Chosen::Url { .. } => "url",
        }
    }

    /// The server's version as `server_version_num` has it.
    pub fn server_version_num(&self) -> u32 {
        match &self.chosen {
            Chosen::Native { programs, .. } => programs.version_num,
            Chosen::Url { session, .. } => session.server_version_num(),
        }
    }

    /// The server's major version.
    pub fn major(&self) -> u32 {
        self.server_version_num() / 10_000
    }

    /// The programs of a native server: `psql` and `pg_dump` may be among them.
    pub fn programs(&self) -> Option<&Programs> {
        match &self.chosen {
            Chosen::Native { programs, .. } => Some(programs),
            Chosen::Url { .. } => None,
        }
    }

    /// All of the server that a catalog read from it depends on, for the key of a cache.
    pub fn identity(&self) -> String {
        match &self.chosen {
            Chosen::Native { programs, .. } => {
                format!("{} {LOCALE} native", programs.version_num)
            }
            Chosen::Url { session, locale } => {
                format!("{} {locale} url", session.server_version_num())
            }
        }
    }

    /// The version of an extension that this server would install; `None` when it lacks it.
    pub async fn extension_version(&self, extension: &str) -> Result<Option<String>, ScratchError> {
        match &self.chosen {
            Chosen::Native { programs, .. } => Ok(programs.extension_version(extension)),
            Chosen::Url { session, .. } => {
                let sql = format!(
                    "SELECT default_version FROM pg_catalog.pg_available_extensions WHERE name = {}",
                    crate::quote::literal(extension)
                );
                Ok(session.scalar(&sql).await?)
            }
        }
    }

    /// Starts what was chosen.
    pub async fn start(self) -> Result<Scratch, ScratchError> {
        match self.chosen {
            Chosen::Native {
                programs,
                account,
                cache_dir,
                logs_statements,
            } => {
                let (engine, session) =
                    native::start(&programs, account.as_ref(), &cache_dir, logs_statements).await?;
                Ok(Scratch {
                    statement_log: logs_statements.then(|| engine.log().to_owned()),
                    administration: Administration::new(session, Custody::Private),
                    engine: Box::new(engine),
                })
            }
            Chosen::Url { session, .. } => {
                let (engine, custody) = url::start(&session).await?;
                Ok(Scratch {
                    administration: Administration::new(session, custody),
                    engine: Box::new(engine),
                    statement_log: None,
                })
            }
        }
    }
}

fn choose_native(options: &ScratchOptions) -> Result<Chosen, ScratchError> {
    let (search, cache_dir, project_dir) = search(options);
    let Some(programs) = programs::choose_programs(&search, options.major) else {
        return Err(ScratchError::NoPrograms {
            major: options.major,
            unusable: programs::find_programs(&search).unusable,
        });
    };
    let account = account(&project_dir);
    Ok(Chosen::Native {
        programs,
        account,
        cache_dir,
        logs_statements: options.logs_statements,
    })
}

fn account(project_dir: &Path) -> Option<Account> {
    Account::for_servers(project_dir)
}
