//! The settings of an adopted project: what `env.py` says of its models, and the text of `aludel.toml`.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use aludel_adopt::{AdoptOptions, Adoption, AlembicProject, native};
use aludel_postgres::{DatabaseUrl, Scratch, ScratchError};
use aludel_source::sqlalchemy::environment::{AlembicEnvironment, EnvironmentSetting, environment};
use aludel_source::sqlalchemy::url::url;
use aludel_source::{ConnectsTo, ForeignKeys, SourceContext, SourceError};

use crate::adopting::Destination;
use crate::config::shown;
use crate::init::toml_string;

/// What is known of the models and of the settings of `env.py`.
#[derive(Clone, Debug, Default)]
pub(crate) struct FoundSettings {
    /// The source; none when `env.py` knows no models.
    pub(crate) source: Option<String>,
    /// The command that runs Python, where it was named.
    pub(crate) python: Option<String>,
    /// What `env.py` gives to `context.configure`.
    pub(crate) environment: Option<AlembicEnvironment>,
    /// What is said where that is not known.
    pub(crate) unread: Option<String>,
    /// Whether `env.py` knows where the database is, and nothing that Aludel reads itself does.
    pub(crate) knows_database: bool,
}

impl FoundSettings {
    /// Asks `env.py`. What cannot be asked is a note, for the history is adopted without it.
    ///
    /// Loading the application may connect, and write: as in all of `adopt`, that leads to scratch.
    pub(crate) async fn ask(
        destination: &Destination,
        alembic: &AlembicProject,
        python: Option<&str>,
        cache_dir: PathBuf,
        options: &AdoptOptions,
    ) -> Result<Self, ScratchError> {
        let mut found = Self {
            python: python.map(str::to_owned),
            ..Self::default()
        };
        if alembic.through.is_some() && !alembic.env().is_file() {
            found.unread = Some(NO_ENV.to_owned());
        } else if has_models(alembic) {
            let scratch = Scratch::start(&native(&options.scratch)).await?;
            let database = scratch.database().await?;
            let context = SourceContext {
                project_dir: destination.root.clone(),
                python: found.python.clone(),
                cache_dir,
                entities: Vec::new(),
                arguments: options.walk.arguments.clone(),
                schema_translate_map: BTreeMap::new(),
                foreign_keys: ForeignKeys::Inside,
                ignore_cache: false,
                connects_to: Some(ConnectsTo::from(&database)),
            };
            found.read(alembic, &context).await;
            scratch.stop().await?;
        }
        Ok(found)
    }

    /// Takes what the `env.py` says that is loaded so.
    async fn read(&mut self, alembic: &AlembicProject, context: &SourceContext) {
        let source = shown(&context.project_dir, &alembic.env());
        // The file is the team's: no path of this machine stands in it.
        let inside = format!("{}/", context.project_dir.display());
        let without_root = |said: &str| said.replace(&inside, "");
        // One of several databases has models of its own, where env.py says which are whose.
        if let Some(name) = &alembic.database {
            let own = format!("{source}:{name}");
            if let Ok(environment) = environment(&own, context).await {
                self.environment = environment;
                self.source = Some(own);
                return;
            }
        }
        match environment(&source, context).await {
            Ok(environment) => self.environment = environment,
            // A history may do without models, for all that env.py has the variable.
            Err(SourceError::Models(error)) if error.kind == "no-metadata" => {
                self.unread = Some(without_root(&error.to_string()));
                return;
            }
            // It is known where they are, but no command could read them.
            Err(SourceError::Models(error)) if error.kind == "old-sqlalchemy" => {
                let then = format!(
                    "then: sources = [{{ sqlalchemy = {} }}]",
                    toml_string(&source)
                );
                self.unread = Some(format!("the models are not read: {error}; {then}"));
                return;
            }
            Err(error) => {
                let mut said = format!("env.py could not be asked for its settings: {error}");
                if let SourceError::Models(error) = &error
                    && let Some(exception) = &error.exception
                {
                    let first = exception.lines().next().unwrap_or_default();
                    let _ = write!(said, ": {first}");
                }
                self.unread = Some(without_root(&said));
                if alembic.through.is_some() {
                    // Only its application's command sets up what it wants: no other command could ask it either.
                    return;
                }
            }
        }
        if self.environment.is_some() {
            let url = url(&source, context).await.ok().flatten();
            let variable = std::env::var("DATABASE_URL").ok();
            let url = url.filter(|url| DatabaseUrl::parse(url).is_ok());
            self.knows_database = url.is_some() && variable.is_none();
        }
        self.source = Some(source);
    }

    /// The keys of `[models]`, with what was found as comments.
    fn text(&self, root: &Path) -> String {
        let mut text = String::new();
        for line in self.notes(root) {
            let _ = writeln!(text, "# {line}");
        }
        let entry = self.source.as_deref().map_or_else(String::new, |source| {
            format!("{{ sqlalchemy = {} }}", toml_string(source))
        });
        let _ = writeln!(text, "sources = [{entry}]");
        let environment = self.environment.as_ref();
        if let Some(environment) = environment.filter(|one| !one.entities.is_empty()) {
            let kinds = environment.entities.iter().map(|kind| toml_string(kind));
            let kinds = kinds.collect::<Vec<_>>().join(", ");
            let _ = writeln!(text, "entities = [{kinds}] # registered with alembic_utils");
        }
        if let Some(python) = &self.python {
            let _ = writeln!(text, "python = {}", toml_string(python));
        }
        text
    }

    /// A line for each setting of `env.py`, with the line it comes from and what becomes of it.
    pub(crate) fn notes(&self, root: &Path) -> Vec<String> {
        if let Some(unread) = &self.unread {
            return vec![unread.clone()];
        }
        let Some(environment) = &self.environment else {
            return Vec::new();
        };
        let file = shown(root, Path::new(&environment.file));
        let note = |setting: &EnvironmentSetting| {
            let place = setting
                .line
                .map_or_else(|| file.clone(), |line| format!("{file}:{line}"));
            let text: Vec<&str> = setting.text.split_whitespace().collect();
            let becomes = match setting.setting.as_deref() {
                Some("models.sources") => "honoured from there".to_owned(),
                Some(setting) => format!("is {setting} here"),
                None => "has no equal here".to_owned(),
            };
            format!("{place}: {} = {}: {becomes}", setting.name, text.join(" "))
        };
        environment.settings.iter().map(note).collect()
    }
}

/// Said of an application that runs Alembic without an `env.py`.
const NO_ENV: &str = "no env.py says which models there are; name them, as in [{ sqlalchemy = \"app.models:Base\" }], or a module \
                      of yours that makes the application and has its `metadata`";

/// Whether `env.py` knows models: a history may do without.
fn has_models(alembic: &AlembicProject) -> bool {
    let text = fs_err::read_to_string(alembic.env()).unwrap_or_default();
    text.lines().map(str::trim).any(states_metadata)
}

/// Whether a line of `env.py` gives Alembic a metadata: in an assignment, or among the arguments of a call.
fn states_metadata(line: &str) -> bool {
    if let Some(value) = line.strip_prefix("target_metadata") {
        let value = value.trim_start_matches([' ', '=']);
        return !value.is_empty() && value != "None";
    }
    let code = line.split('#').next().unwrap_or_default();
    let mut arguments = code.match_indices("target_metadata=");
    arguments.any(|(place, name)| {
        let value = code[place + name.len()..].trim_start();
        // A variable of that name is assigned on a line of its own.
        !["None", "target_metadata"]
            .iter()
            .any(|none| value.starts_with(none))
    })
}

/// The text of `aludel.toml`, or what a further history adds to the one that is there: what differs from the defaults.
pub(crate) fn settings_text(
    destination: &Destination,
    adoption: &Adoption,
    models: &FoundSettings,
) -> String {
    let mut text = String::new();
    let place = shown(&destination.root, &destination.migrations);
    let history = database_text(adoption, models);
    let is_new = !destination.adds_to_settings;
    if is_new {
        text.push_str("# Settings of Aludel, written by `aludel adopt`. Everything left out has its default.\n");
    }
    if let Some(name) = &destination.further {
        let section = format!("databases.{}", toml_key(name));
        let _ = writeln!(text, "\n[{section}]\nmigrations = {}", toml_string(&place));
        let _ = write!(text, "{history}\n[{section}.models]\n");
        text.push_str(&models.text(&destination.root));
    } else {
        if place != "migrations" {
            let _ = writeln!(text, "migrations = {}", toml_string(&place));
        }
        let _ = write!(text, "\n[models]\n{}", models.text(&destination.root));
        if !history.is_empty() {
            let _ = write!(text, "\n[database]\n{history}");
        }
    }
    if is_new {
        let _ = write!(
            text,
            "\n[scratch]\nmajor = {} # the major version of PostgreSQL that the history was recorded on\n",
            adoption.server_version_num / 10_000
        );
    }
    text
}

/// Where the database is, where it keeps its versions, and where names are looked for.
fn database_text(adoption: &Adoption, models: &FoundSettings) -> String {
    let mut text = String::new();
    if models.knows_database {
        text.push_str("url = \"env\" # where env.py connects to; DATABASE_URL goes first\n");
    }
    if adoption.search_path != "public" {
        let path = toml_string(&adoption.search_path);
        let _ = writeln!(text, "search-path = {path} # set by env.py");
    }
    if adoption.version.table != "alembic_version" {
        let table = toml_string(&adoption.version.table);
        let _ = writeln!(text, "version-table = {table}");
    }
    if let Some(schema) = &adoption.version.schema {
        let _ = writeln!(text, "version-schema = {}", toml_string(schema));
    }
    if let Some(length) = adoption.version_length {
        let _ = writeln!(
            text,
            "version-length = {length} # of version_num, as env.py makes it"
        );
    }
    text
}

/// A key, quoted where TOML asks for it.
fn toml_key(key: &str) -> String {
    let is_bare = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
    if !key.is_empty() && key.chars().all(is_bare) {
        key.to_owned()
    } else {
        toml_string(key)
    }
}

#[cfg(test)]
mod tests {
    use super::states_metadata;

    #[test]
    fn a_metadata_may_stand_in_a_call_alone() {
        for line in [
            "target_metadata = Base.metadata",
            "target_metadata=target_metadata,",
            "context.configure(connection=connection, target_metadata=Base.metadata)",
        ] {
            assert!(states_metadata(line), "{line}");
        }
        for line in [
            "target_metadata = None",
            "# target_metadata = mymodel.Base.metadata",
            "context.configure(url=url, target_metadata=None)",
            "context.configure(url=url, target_metadata=target_metadata)",
        ] {
            assert!(!states_metadata(line), "{line}");
        }
    }
}
