//! `aludel init`: a migrations folder, a settings file with what differs from the defaults, an entry for git.

use std::path::{Path, PathBuf};

use aludel_postgres::programs::{Search, choose_programs};
use clap::Args;

use crate::config::FILE_NAME;
use crate::context::{Context, current_dir};
use crate::init::{FoundModels, find_models, settings_text, source_of};
use crate::ui::exit::ExitStatus;
use crate::ui::printer::Printer;
use crate::ui::problem::Problem;

/// Set up a project: the migrations folder, aludel.toml and an entry in .gitignore
///
/// Models are looked for (an Alembic env.py, SQLAlchemy declarative bases, folders of .sql) and written
/// into aludel.toml; settings that have their default are left out. Files that exist are not changed,
/// but for .gitignore, to which one line is added.
#[derive(Args, Debug)]
#[command(
    after_help = "Examples:\n  aludel init\n  aludel init db/migrations --models app.models:Base"
)]
pub(crate) struct InitArgs {
    /// Folder of the revision files
    #[arg(default_value = "migrations", value_name = "DIRECTORY")]
    directory: PathBuf,
    /// Where the desired schema comes from: package.module:Base, or a .sql file or folder (can be repeated)
    #[arg(long, value_name = "MODELS")]
    models: Vec<String>,
    /// Accepted because Alembic takes it; there are no templates
    #[arg(short, long, hide = true)]
    template: Option<String>,
    /// Accepted because Alembic takes it; a folder of SQL is no Python package
    #[arg(long, hide = true)]
    package: bool,
}

pub(crate) fn run(
    args: &InitArgs,
    context: &Context,
    printer: &mut Printer,
) -> Result<ExitStatus, Problem> {
    let root = current_dir()?;
    let path = root.join(
        context
            .global
            .config
            .as_deref()
            .unwrap_or(Path::new(FILE_NAME)),
    );
    if path.exists() {
        return Err(
            Problem::new("config", format!("{} exists already", path.display()))
                .hint("edit it, or run `aludel status` to see where the project stands"),
        );
    }
    let sources = if args.models.is_empty() {
        find_models(&root).into_iter().collect()
    } else {
        args.models
            .iter()
            .map(|model| source_of(&root, model))
            .collect::<Vec<_>>()
    };
    let folder = root.join(&args.directory);
    create_folder(&folder)?;
    write(
        &path,
        &settings_text(&args.directory, &sources, scratch_major(&root, context)?),
    )?;
    ignore_private_folder(&root)?;
    report(&root, &folder, &path, &sources, printer);
    Ok(ExitStatus::Done)
}

/// The major version of the server programs that would be used, so that every machine uses the same.
fn scratch_major(root: &Path, context: &Context) -> Result<Option<u32>, Problem> {
    let cache_dir = crate::scratch::cache_dir(context.project()?);
    let search = Search::new(root, &cache_dir);
    Ok(choose_programs(&search, None).map(|programs| programs.major()))
}

fn create_folder(folder: &Path) -> Result<(), Problem> {
    fs_err::create_dir_all(folder).map_err(|error| Problem::not_writable(&error))?;
    let empty = fs_err::read_dir(folder).is_ok_and(|mut entries| entries.next().is_none());
    if empty {
        // Git keeps no empty folder, and a clone without it would look like a project without a history.
        write(&folder.join(".gitkeep"), "")?;
    }
    Ok(())
}

fn write(path: &Path, text: &str) -> Result<(), Problem> {
    fs_err::write(path, text).map_err(|error| Problem::not_writable(&error))
}

fn ignore_private_folder(root: &Path) -> Result<(), Problem> {
    let path = root.join(".gitignore");
    let text = fs_err::read_to_string(&path).unwrap_or_default();
    if text.lines().any(|line| {
        matches!(
            line.trim(),
            ".aludel" | ".aludel/" | "/.aludel" | "/.aludel/"
        )
    }) {
        return Ok(());
    }
    let newline = if text.is_empty() || text.ends_with('\n') {
        ""
    } else {
        "\n"
    };
    write(&path, &format!("{text}{newline}.aludel/\n"))
}

fn report(root: &Path, folder: &Path, path: &Path, sources: &[FoundModels], printer: &mut Printer) {
    let shown = |path: &Path| crate::config::shown(root, path);
    printer.say(&format!("created {}/ for the revisions", shown(folder)));
    printer.say(&format!("created {}", shown(path)));
    printer.say("added .aludel/ to .gitignore (the local database lives there)");
    for source in sources {
        printer.say(&format!("models: {} ({})", source.shown, source.because));
    }
    if sources.is_empty() {
        printer.warn(
            &format!(
                "no models were found; [models] sources in {} is empty",
                shown(path)
            ),
            &[
                "write sources = [{ sqlalchemy = \"app.models:Base\" }] or [{ sql = \"schema\" }]"
                    .to_owned(),
            ],
        );
    } else {
        printer.hint("aludel revision --autogenerate -m \"first revision\"");
    }
}
