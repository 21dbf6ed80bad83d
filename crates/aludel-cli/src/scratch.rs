//! Which scratch engine a project uses.

use std::path::PathBuf;

use aludel_postgres::{DatabaseUrl, EngineChoice, ScratchOptions, default_cache_dir};

use crate::config::Project;
use crate::config::file::Engine;
use crate::ui::problem::Problem;

/// The variable that names a server for scratch databases.
const SCRATCH_URL: &str = "ALUDEL_SCRATCH_URL";

/// The variable that names another place for the cache.
const CACHE_DIR: &str = "ALUDEL_CACHE_DIR";

/// Where catalogs, loaded models and server templates are kept between runs.
pub(crate) fn cache_dir(project: &Project) -> PathBuf {
    project
        .environment
        .get(CACHE_DIR)
        .map_or_else(default_cache_dir, |(folder, _)| PathBuf::from(folder))
}

/// The options of scratch: the settings' engine, and the major version of the database that is compared, else
/// that of the settings.
pub(crate) fn options(
    project: &Project,
    target_major: Option<u32>,
) -> Result<ScratchOptions, Problem> {
    let url = match project.environment.get(SCRATCH_URL) {
        Some((url, _)) => Some(DatabaseUrl::parse(&url)?),
        None => None,
    };
    Ok(ScratchOptions {
        engine: match project.scratch.engine {
            Engine::Auto => EngineChoice::Auto,
            Engine::Native => EngineChoice::Native,
            Engine::Url => EngineChoice::Url,
            Engine::Embedded => EngineChoice::Embedded,
        },
        url,
        major: target_major.or(project.scratch.major),
        cache_dir: Some(cache_dir(project)),
        project_dir: Some(project.root.clone()),
        logs_statements: false,
    })
}
